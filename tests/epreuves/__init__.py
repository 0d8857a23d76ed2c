"""The heavy proofs, one module a name: `script/epreuve NAME` calls its `figures()`."""

"""Pages of the annuaire."""

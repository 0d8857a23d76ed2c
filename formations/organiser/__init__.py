"""The side of the responsables: sessions made, followed and decided, in the site itself."""

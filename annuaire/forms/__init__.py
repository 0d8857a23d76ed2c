"""Forms of the annuaire."""

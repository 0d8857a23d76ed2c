"""Taking the annuaire away: printed papers, spreadsheets, contact cards, addresses, as the list is filtered."""

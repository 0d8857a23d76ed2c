"""Finding a training: list, filters, calendar, sheet, feeds."""

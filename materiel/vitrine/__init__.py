"""Finding a thing: the board, the map, the sheet, the calendar."""

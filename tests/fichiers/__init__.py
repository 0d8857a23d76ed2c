"""Files as town halls send them, good, bad and trapped: made by script, none is kept as a binary."""

"""States of things: handing over, taking back, what is broken, what it is worth, the end."""

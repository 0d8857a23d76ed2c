"""Tags of the lending."""

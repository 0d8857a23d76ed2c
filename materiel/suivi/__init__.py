"""What the pages of a loan and the inbox of a commune tell."""

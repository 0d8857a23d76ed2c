"""Questions put to who knows, under a document or a theme, and what becomes of their answers."""

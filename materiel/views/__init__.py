"""Views of the lending, by what people come for."""

"""Views of the resources, by what people come for."""

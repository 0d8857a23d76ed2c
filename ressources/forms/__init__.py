"""Forms of the resources; the settings name those of Wagtail’s documents and images here."""

from ressources.forms.documents import DocumentForm, ImageForm

__all__ = ["DocumentForm", "ImageForm"]

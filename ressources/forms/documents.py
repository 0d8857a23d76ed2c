"""Forms of the files in the admin: what is sent is looked into, cleaned, and compared with what is already there.

Named by WAGTAILDOCS_DOCUMENT_FORM_BASE and WAGTAILIMAGES_IMAGE_FORM_BASE.
"""

from pathlib import Path
from typing import TYPE_CHECKING, Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files import File
from wagtail.documents.fields import WagtailDocumentField
from wagtail.documents.forms import BaseDocumentForm
from wagtail.images.fields import WagtailImageField
from wagtail.images.forms import BaseImageForm
from wagtail.permissions import policy_registry
from wagtail.utils.file import hash_filelike

from extranet.lib.uploads import FichierRefuse, check_document, clean_picture
from ressources.models import DocumentPrive, ImagePrivee

if TYPE_CHECKING:
    from collectivites.models import Agent

MO = 1024 * 1024
GARDER = "garder_doublon"


def formats(extensions: list[str]) -> str:
    """« PDF, DOCX, XLSX »."""
    return ", ".join(extension.upper() for extension in extensions if extension != "jpeg")


class ChampDocument(WagtailDocumentField):
    """A document whose name, size and content agree."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        size = f"{self.max_upload_size // MO} Mo"
        self.help_text = f"{formats(settings.WAGTAILDOCS_EXTENSIONS)}, {size} au plus."
        self.error_messages["file_too_large_unknown_size"] = f"Ce fichier pèse plus de {size} : allégez-le."

    def to_python(self, data: File | None) -> File | None:
        if data in self.empty_values:
            return None
        accepted = frozenset(settings.WAGTAILDOCS_EXTENSIONS)
        try:
            data.name = check_document(data, accepted=accepted, max_bytes=self.max_upload_size)
        except FichierRefuse as refusal:
            raise ValidationError(str(refusal), code="refuse") from refusal
        return data


class ChampImage(WagtailImageField):
    """A picture, encoded again: no place, no device, nothing hidden behind it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        size = f"{self.max_upload_size // MO} Mo"
        kinds = formats(settings.WAGTAILIMAGES_EXTENSIONS)
        self.help_text = f"{kinds}, {size} au plus. Le lieu et la date de prise de vue sont retirés."
        self.error_messages["file_too_large_unknown_size"] = f"Cette image pèse plus de {size} : réduisez-la."
        self.error_messages["invalid_image_extension"] = f"Formats acceptés : {kinds}."

    def to_python(self, data: File | None) -> File | None:
        if data in self.empty_values:
            return None
        try:
            return clean_picture(data, max_bytes=self.max_upload_size, max_pixels=self.max_image_pixels)
        except FichierRefuse as refusal:
            raise ValidationError(str(refusal), code="refuse") from refusal


class DocumentForm(BaseDocumentForm):
    """A document; sent a second time, it asks before keeping both."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = kwargs.get("user")
        if "file" in self.fields:
            self.fields["file"] = _in_place_of(self.fields["file"], ChampDocument)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        sent = cleaned.get("file")
        if sent and "file" in self.changed_data and not self.data.get(self.add_prefix(GARDER)):
            twin = twin_of(sent, self.user, self.instance)
            if twin is not None:
                self.fields[GARDER] = forms.BooleanField(label="Garder les deux", required=False)
                self.add_error(
                    "file",
                    f"Ce fichier est déjà là sous le titre « {twin.title} », dans « {twin.collection} ». Servez-vous "
                    "de celui-là, ou envoyez-le de nouveau en cochant « Garder les deux ».",
                )
        return cleaned


class ImageForm(BaseImageForm):
    """An image; Wagtail itself asks before keeping two that are the same."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "file" in self.fields:
            self.fields["file"] = _in_place_of(self.fields["file"], ChampImage)

    def save(self, commit: bool = True) -> ImagePrivee:
        if self.instance.pk is None and "file" not in self.fields:
            self._clean_kept_upload()
        return super().save(commit=commit)

    def _clean_kept_upload(self) -> None:
        """The upload of several images puts aside, as it was sent, the one whose text alternative is still missing."""
        raw = self.instance.file
        name, storage = raw.name, raw.storage
        with raw.open("rb") as sent:
            cleaned = clean_picture(File(sent, name=Path(name).name))
        storage.delete(name)
        raw.save(cleaned.name, cleaned, save=False)
        self.instance._set_image_file_metadata()
        self.instance.file.close()


def twin_of(sent: File, user: "Agent | None", instance: DocumentPrive) -> DocumentPrive | None:
    """A document with the same content among those that `user` manages: a stranger must not learn what others hold."""
    if user is None:
        return None
    mine = policy_registry.get_by_type(DocumentPrive).instances_user_has_any_permission_for(user, ["change", "choose"])
    sent.seek(0)
    found = mine.filter(file_hash=hash_filelike(sent)).exclude(pk=instance.pk).select_related("collection").first()
    sent.seek(0)
    return found


def _in_place_of(field: forms.FileField, kind: type[forms.FileField]) -> forms.FileField:
    return kind(label=field.label, required=field.required, widget=field.widget, max_length=field.max_length)

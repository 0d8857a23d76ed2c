"""The name of who is erased, out of the sheets, of their drafts and of their history in the administration."""

import json
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import Q, TextField
from django.db.models.functions import Cast
from wagtail.blocks import StreamValue
from wagtail.models import PageLogEntry, Revision

from collectivites.effacement import NOM
from extranet.lib.cherchable import reindex
from formations.models import FormationPage

MOTS = ("title", "draft_title", "accroche", "prerequis", "objectifs", "organisme", "a_apporter")


def blank_pages(name: str) -> None:
    """Old drafts too: publishing one must not bring back who is gone."""
    _blank_revisions(name)
    pages, touched = FormationPage.objects.annotate(texte=Cast("corps", TextField())), []
    for page in pages.filter(_mentions(name, *MOTS, "texte")):
        for field in MOTS:
            longest = FormationPage._meta.get_field(field).max_length
            setattr(page, field, getattr(page, field).replace(name, NOM)[:longest])
        raw = _without(list(page.corps.raw_data), name)
        page.corps = StreamValue(page.corps.stream_block, raw, is_lazy=True)
        page.save(clean=False)
        touched.append(page.pk)
    sheets = FormationPage.objects.order_by().values("pk")
    for line in PageLogEntry.objects.filter(page__in=sheets, label__contains=name):
        PageLogEntry.objects.filter(pk=line.pk).update(label=line.label.replace(name, NOM))
    reindex(FormationPage.to_index().filter(pk__in=touched))


def _mentions(name: str, *columns: str) -> Q:
    """Rows whose text or JSON holds the name: SQLite keeps its accents escaped."""
    asked = Q()
    for column in columns:
        asked |= Q(**{f"{column}__contains": name}) | Q(**{f"{column}__contains": json.dumps(name)[1:-1]})
    return asked


def _without(value: object, name: str) -> Any:
    match value:
        case str():
            return value.replace(name, NOM)
        case list():
            return [_without(item, name) for item in value]
        case dict():
            return {key: _without(item, name) for key, item in value.items()}
    return value


def _blank_revisions(name: str) -> None:
    """The text of a page is JSON inside the JSON of its revision."""
    kind = ContentType.objects.get_for_model(FormationPage)
    revisions = Revision.objects.filter(content_type=kind).annotate(texte=Cast("content", TextField()))
    once = json.dumps(name)[1:-1]
    twice = json.dumps(once)[1:-1]
    for revision in revisions.filter(_mentions(name, "texte") | Q(texte__contains=twice)):
        content = {
            key: value.replace(once, NOM) if isinstance(value, str) else value
            for key, value in _without(revision.content, name).items()
        }
        Revision.objects.filter(pk=revision.pk).update(
            content=content, object_str=revision.object_str.replace(name, NOM)
        )

"""The Atom feed of a theme: what is new in it for whoever holds its address (RFC 4287).

It names documents and collectivités, never a person, and leads to sheets, which ask who reads.
"""

import re
from datetime import datetime
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from django.conf import settings
from django.db.models import OuterRef, Subquery
from django.db.models.functions import Coalesce, Greatest
from django.utils.feedgenerator import Atom1Feed

from extranet.lib.francais import NBSP
from ressources.enums import Fiabilite
from ressources.models import LienFlux, RessourcePage, VersionFichier

if TYPE_CHECKING:
    from collections.abc import Iterable

MIME = "application/atom+xml; charset=utf-8"
MONTRES = 50
# XML 1.0 has no other control character than these three; nor lone surrogates.
_REFUSES = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def pages_of(lien: LienFlux) -> "Iterable[RessourcePage]":
    """The sheets of the theme that its holder may read now, the last to change first: shared, or a new version."""
    published = VersionFichier.objects.published().filter(fichier__page=OuterRef("pk")).order_by("-publiee_le")
    pages = RessourcePage.objects.visible_to(lien.agent).filter(theme=lien.theme, first_published_at__isnull=False)
    dated = pages.annotate(
        change_le=Greatest(
            "first_published_at", Coalesce(Subquery(published.values("publiee_le")[:1]), "first_published_at")
        )
    )
    return dated.select_related("collectivite", "type").defer_streamfields().order_by("-change_le", "-pk")[:MONTRES]


def content(lien: LienFlux) -> bytes:
    """The same bytes as long as nothing changes. Four queries."""
    site = settings.SITE_URL.rstrip("/")
    theme = lien.theme
    feed = Dated(
        title=_plain(f"{theme.nom}{NBSP}: les documents des communes"),
        link=f"{site}/ressources/themes/{theme.slug}/",
        description=_plain(theme.description),
        language="fr",
        feed_guid=_tag(f"theme-{theme.pk}", lien.created_at),
        depuis=lien.created_at,
    )
    for page in pages_of(lien):
        feed.add_item(
            title=_plain(page.title),
            link=f"{site}{page.adresse}",
            description=_plain(_words(page)),
            unique_id=_tag(f"ressource-{page.pk}", page.first_published_at),
            author_name=_plain(page.collectivite.nom),
            pubdate=page.first_published_at,
            updateddate=page.change_le,
            categories=[_plain(page.type.nom)],
        )
    return feed.writeString("utf-8").encode()


class Dated(Atom1Feed):
    """An empty feed has changed when its address was made, and not at each reading."""

    def latest_post_date(self) -> datetime:
        return super().latest_post_date() if self.items else self.feed["depuis"]


def _words(page: RessourcePage) -> str:
    """What it is for, and what must be known before it is used."""
    told = "" if page.fiabilite == Fiabilite.A_JOUR else f" ({page.fiabilite.label})"
    return f"{page.resume or page.type.nom}{told}"


def _tag(what: str, since: datetime) -> str:
    """An identifier that stays when the title, the address or the server changes (RFC 4151)."""
    host = urlsplit(settings.SITE_URL).hostname or "extranet"
    return f"tag:{host},{since:%Y-%m-%d}:{what}"


def _plain(text: str) -> str:
    return _REFUSES.sub("", text)

"""News of the demo: what an intercommunalité and its communes tell one another, around the day of the demo.

The texts are those of `home/data/actualites/`. Their head says who writes, for whom and how many days ago;
« {j+9} » in a text is the working day nine days after that of the demo.
"""

import re
from collections.abc import Iterator
from datetime import datetime
from itertools import cycle
from pathlib import Path
from typing import TYPE_CHECKING

from django.utils import timezone

from collectivites.journal import record
from collectivites.models import Theme
from extranet.lib.francais import date_longue
from extranet.lib.textes import Texte, parse
from home.annonces import ACTE, FRESH, announce
from home.models import ActualitePage, ActualitesPage
from notifications.models import Notification

if TYPE_CHECKING:
    from collectivites.demo import Monde

DATA = Path(__file__).parent / "data" / "actualites"
DAY = re.compile(r"\{j\+(\d+)\}")
# In the large size, each text is told again by communes in turn, up to a year ago: a list worth measuring.
GRANDE = 200


def tell_news(monde: "Monde") -> None:
    index = ActualitesPage.objects.get()
    themes = {theme.slug: theme for theme in Theme.objects.all()}
    for texte, place, days in _texts(monde):
        page = _page(monde, texte, place, days)
        index.add_child(instance=page)
        page.themes.set([themes[slug] for slug in texte.entete.get("themes", "").split() if slug in themes])
        page.save()
        if page.is_online():
            _told(monde, page)


def _texts(monde: "Monde") -> Iterator[tuple[Texte, str, int]]:
    """Each text, the collectivité that tells it, and how many days ago."""
    texts = [_read(monde, path) for path in sorted(DATA.glob("*.txt"))]
    for texte in texts:
        yield texte, texte.entete["de"], int(texte.entete["il y a"])
    if monde.grande:
        told_to_all = [texte for texte in texts if texte.entete["pour"] == "toutes" and "expire" not in texte.entete]
        places = [one.slug for one in monde.collectivites.values() if one.is_commune]
        for rank, texte, place in zip(range(GRANDE - len(texts)), cycle(told_to_all), cycle(places), strict=False):
            again = Texte(texte.entete | {"adresse": f"{texte.entete['adresse']}-{rank}"}, texte.corps)
            yield again, place, 40 + rank * 325 // GRANDE


def _read(monde: "Monde", path: Path) -> Texte:
    text = path.read_text(encoding="utf-8")
    texte = parse(DAY.sub(lambda match: date_longue(monde.ouvre(int(match[1]))), text))
    texte.entete["adresse"] = path.stem.partition("-")[2]
    return texte


def _page(monde: "Monde", texte: Texte, place: str, days: int) -> ActualitePage:
    """Published that many days ago; scheduled, when it is in the future."""
    head, moment = texte.entete, monde.instant(-days, "9:15")
    past = days >= 0
    if past:
        moment = min(moment, timezone.now())  # early in the morning, nothing has appeared at a quarter past nine yet
    return ActualitePage(
        title=head["titre"],
        slug=head["adresse"],
        chapeau=head["chapeau"],
        corps=texte.corps,
        collectivite=monde.collectivite(place),
        owner=monde.agent(head["par"]),
        diffusion=monde.codes(head["pour"]),
        epinglee=head.get("epinglee") == "oui",
        live=past,
        go_live_at=None if past else moment,
        expire_at=_expiry(monde, head),
        first_published_at=moment if past else None,
        last_published_at=moment if past else None,
    )


def _expiry(monde: "Monde", head: dict[str, str]) -> datetime | None:
    return monde.instant(int(head["expire"]), "18:00") if "expire" in head else None


def _told(monde: "Monde", page: ActualitePage) -> None:
    """The recent ones are in the inboxes since they appeared; the large size only says so, for lack of readers."""
    if monde.grande or page.first_published_at < monde.instant(0) - FRESH:
        record(ACTE, page, agent=None, collectivite=page.collectivite, personnes=0)
        return
    announce(page)
    Notification.objects.filter(objet=page._meta.label_lower, objet_id=str(page.pk)).update(
        created_at=page.first_published_at
    )

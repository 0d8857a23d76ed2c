"""A photo that people no longer agree to is on none of the ways out of the library, nor on those of the photos."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.utils import timezone

from collectivites.diffusion import TOUTES
from extranet.lib.cherchable import reindex
from ressources.enums import Personnes
from ressources.models import Favori, Photo, RessourcePage
from tests.distribution import Distribution
from tests.ressources.photos import agreed
from tests.ressources.sorties import MOT
from tests.ressources.test_fuites import EDITEURS, WAYS, Cachee, _hidden, _of, _text, shows
from tests.sessions import open_session

pytestmark = pytest.mark.django_db

PHOTOS: dict[str, Callable[[Client, Cachee], str]] = {
    "photothèque": _text("/ressources/photos/"),
    "photothèque par mot": _text("/ressources/photos/?q=proces"),
    "photo en grand": _of("/ressources/photos/{page}/"),
    "vignette": _of("/ressources/versions/{version}/vignette/"),
    "taille web": _of("/ressources/versions/{version}/web/"),
}
FINIS = {
    "finie": agreed(-1),
    "retirée": {"personnes": Personnes.PUBLIC, "retiree_le": timezone.now()},
}


@pytest.mark.parametrize("fini", FINIS)
def test_a_photo_without_agreement_is_on_no_way_out(fini: str, distribution: Distribution) -> None:
    hidden = _hidden(distribution, diffusion=[TOUTES])
    for agent in distribution.roles().values():
        if agent is not None:
            Favori.objects.create(page=hidden.page, agent=agent)
    shown = {way for way, get in WAYS.items() if shows(way, get(open_session(distribution.agent_a), hidden))}
    assert {"liste", "fiche", "fichier", "recherche", "favoris"} <= shown
    Photo.objects.create(page=hidden.page, description=f"On y voit {MOT}", **FINIS[fini])
    reindex(RessourcePage.to_index().filter(pk=hidden.page.pk))
    leaks = []
    for role, agent in distribution.roles().items():
        if role not in EDITEURS:
            client = open_session(agent) if agent else Client()
            leaks += [(role, way) for way, get in (WAYS | PHOTOS).items() if shows(way, get(client, hidden))]
    assert leaks == []

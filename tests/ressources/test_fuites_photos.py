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
from tests.ressources.questions.fabriques import make_question
from tests.ressources.questions.test_fuites_questions import REPONDUE
from tests.ressources.questions.test_fuites_questions import WAYS as QUESTIONS
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


@pytest.mark.parametrize("fini", FINIS)
def test_what_was_answered_under_it_goes_with_it(fini: str, distribution: Distribution) -> None:
    """From the search and what is drawn from it too; it comes back with the agreement, until the end of that one."""
    hidden = _hidden(distribution, diffusion=[TOUTES])
    entry = make_question(
        f"Faut-il un {MOT} ?", reponse=f"Oui, un {REPONDUE}.", page=hidden.page, theme=hidden.page.theme
    )

    def seen(client: Client) -> set[str]:
        shown = {way: get(client, hidden, entry) for way, get in QUESTIONS.items()}
        return {way for way, html in shown.items() if MOT in html or f"un {REPONDUE}" in html}

    found = {"questions", "question", "recherche", "suggestions"}
    assert found <= seen(open_session(distribution.agent_a))
    photo = Photo.objects.create(page=hidden.page, description="Une fête", **FINIS[fini])
    leaks = {}
    for role, agent in distribution.roles().items():
        if role not in EDITEURS:
            leaks |= {role: ways} if (ways := seen(open_session(agent) if agent else Client())) else {}
    assert leaks == {}
    for name, value in agreed(30).items():
        setattr(photo, name, value)
    photo.retiree_le = None
    photo.save()
    assert found <= seen(open_session(distribution.agent_a))
    assert entry.entree().fin == photo.fin

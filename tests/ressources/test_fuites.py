"""What is not for a reader is on no way out: list, counts, sheet, files, previews, themes, search.

Each part of the library adds its ways out to `WAYS`: a function that gives what a reader receives there.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta

import pytest
from django.contrib.auth.models import Group
from django.test import Client
from django.utils import timezone

from collectivites.diffusion import ELUS, TOUTES, code_collectivite, code_reseau
from collectivites.enums import Domaine
from collectivites.models import Agent, Theme
from extranet.lib.cherchable import reindex
from ressources import apercus
from ressources.enums import Examen, Source, StatutVersion
from ressources.models import DemandeDocument, Favori, Fichier, Reprise, RessourcePage, VersionFichier
from tests.collectivites.factories import AdhesionFactory, AgentFactory, PosteFactory, ReseauFactory
from tests.distribution import Distribution
from tests.fichiers import documents
from tests.ressources.deposes import Deposant, bytes_of
from tests.ressources.factories import fetch, make_ressource, make_version
from tests.ressources.sorties import ADMIN, MOT
from tests.sessions import open_session

THEME, PROPOSE = "elus", 1998


@dataclass
class Cachee:
    """A sheet that is hidden from somebody, and the roles of the cast that may read it."""

    page: RessourcePage
    version: VersionFichier
    lecteurs: frozenset[str] = field(default_factory=frozenset)


# Who edits what the cast made: its owner, and those who answer for the resources.
EDITEURS = frozenset({"responsable", "administrateur"})


def _hidden(distribution: Distribution, **fields: object) -> Cachee:
    page = make_ressource(
        f"Procès-verbal {MOT}",
        fichiers=0,
        collectivite=distribution.epci,
        owner=distribution.responsable,
        theme=Theme.objects.get(slug=THEME),
        source=Source.CDG,
        date_effet=date(PROPOSE, 1, 1),
        resume=f"Résumé {MOT}",
        **fields,
    )
    fichier = Fichier.objects.create(page=page)
    version = make_version(fichier, f"texte {MOT}", contenu=documents.pdf(f"= Le texte {MOT}"), nom=f"{MOT}.pdf")
    apercus.draw(version)
    reindex(RessourcePage.to_index().filter(pk=page.pk))
    return Cachee(page, version)


def _elus(cast: Distribution) -> Cachee:
    return _with(_hidden(cast, diffusion=[ELUS]), "elue_b")


def _reseau(cast: Distribution) -> Cachee:
    reseau = ReseauFactory()
    AdhesionFactory(reseau=reseau, agent=cast.secretaire_a)
    return _with(_hidden(cast, diffusion=[code_reseau(reseau.pk)]), "secretaire_a")


def _commune(cast: Distribution) -> Cachee:
    found = _hidden(cast, diffusion=[code_collectivite(cast.b.pk)])
    return _with(found, "secretaire_b", "elue_b", "partage_ab")


def _brouillon(cast: Distribution) -> Cachee:
    return _hidden(cast, diffusion=[TOUTES], live=False)


def _archivee(cast: Distribution) -> Cachee:
    return _hidden(cast, diffusion=[TOUTES], live=False, archivee_le=timezone.now())


def _a_venir(cast: Distribution) -> Cachee:
    return _hidden(cast, diffusion=[TOUTES], go_live_at=timezone.now() + timedelta(days=1))


def _finie(cast: Distribution) -> Cachee:
    return _hidden(cast, diffusion=[TOUTES], expire_at=timezone.now() - timedelta(minutes=1))


def _sans_lecteur(cast: Distribution) -> Cachee:
    found = _hidden(cast, diffusion=[TOUTES])
    RessourcePage.objects.filter(pk=found.page.pk).update(diffusion=[])
    reindex(RessourcePage.to_index().filter(pk=found.page.pk))
    return found


def _with(found: Cachee, *roles: str) -> Cachee:
    found.lecteurs = frozenset(roles)
    return found


CACHEES = [_elus, _reseau, _commune, _brouillon, _archivee, _a_venir, _finie, _sans_lecteur]


def _text(address: str) -> Callable[[Client, Cachee], str]:
    return lambda client, hidden: client.get(address).content.decode()


def _of(address: str) -> Callable[[Client, Cachee], str]:
    """An address that names the sheet or its version: what is served, or nothing when it is refused."""

    def got(client: Client, hidden: Cachee) -> str:
        here = address.format(page=hidden.page.pk, slug=hidden.page.slug, version=hidden.version.pk, nom=f"{MOT}.pdf")
        response = fetch(client, here)
        if response.status_code == 200:
            return MOT  # a file or a picture: its bytes are those that nobody else may have
        return response.data.decode().replace(f"{MOT}.pdf", "")  # the address that was typed is shown again

    return got


def _twin(client: Client, hidden: Cachee) -> str:
    """What is answered to whoever deposits the very same file."""
    return Deposant(client).drop("essai.pdf", bytes_of(hidden.version.file)).content.decode()


WAYS: dict[str, Callable[[Client, Cachee], str]] = {
    "liste": _text("/ressources/"),
    "liste par thème": _text(f"/ressources/?theme={THEME}"),
    "liste par mot": _text(f"/ressources/?q={MOT}"),
    "liste par utilité": _text("/ressources/?tri=utilite"),
    "page de thème": _text(f"/ressources/themes/{THEME}/"),
    "favoris": _text("/ressources/favoris/"),
    "demandes": _text("/ressources/demandes/?vue=repondues"),
    "recherche": _text(f"/recherche/?q={MOT}"),
    "suggestions": _text(f"/recherche/suggestions/?q={MOT}"),
    "accueil": _text("/"),
    "à vérifier": _text("/ressources/a-verifier/"),
    "fiche de l’auteur": _text("/annuaire/agents/rachel-agglo/"),
    "page de la collectivité": _text("/annuaire/collectivites/grand-val/"),
    "notifications": _text("/notifications/"),
    "qui a lu": _of("/ressources/versions/{version}/lectures/"),
    "fiche": _of("/ressources/{slug}/"),
    "fichier": _of("/ressources/fichiers/{version}/{nom}"),
    "image de page": _of("/ressources/versions/{version}/page-1/"),
    "aperçu": _of("/ressources/versions/{version}/apercu/"),
    "téléchargements": _of("/ressources/{page}/telechargements/"),
    "dépôt d’un jumeau": _twin,
    **ADMIN,
}
# The words that one has typed are shown again.
ECHO = {"liste par mot", "recherche", "suggestions", "dépôt d’un jumeau", "choix par mot"}


def shows(way: str, html: str) -> bool:
    """Whether the hidden word is there, beyond what the reader typed."""
    if way in ECHO:
        return "Procès-verbal" in html or f"texte <mark>{MOT}" in html
    return MOT in html


def _editor(cast: Distribution) -> Agent:
    """In the admin, for other pages than these."""
    agent = PosteFactory(agent=AgentFactory(notice_vue_le=timezone.now()), collectivite=cast.epci).agent
    agent.groups.add(Group.objects.get(name=Domaine.FORMATIONS.label))
    return agent


def _asked_for(cast: Distribution, hidden: Cachee) -> None:
    DemandeDocument.objects.create(
        objet="Un procès verbal",
        auteur=cast.agent_a,
        collectivite=cast.a,
        statut="pourvue",
        page=hidden.page,
        repondu_le=timezone.now(),
        repondu_par=cast.elue_b,
    )


@pytest.mark.parametrize("make", CACHEES)
def test_what_is_hidden_is_on_no_way_out(make: Callable[[Distribution], Cachee], distribution: Distribution) -> None:
    hidden = make(distribution)
    for agent in distribution.roles().values():
        if agent is not None:
            Favori.objects.create(page=hidden.page, agent=agent)
    Reprise.objects.create(page=hidden.page, collectivite=distribution.a, agent=distribution.agent_a)
    _asked_for(distribution, hidden)
    leaks = []
    for role, agent in [*distribution.roles().items(), ("admin d’autre chose", _editor(distribution))]:
        if role in hidden.lecteurs or role in EDITEURS:
            continue
        client = open_session(agent) if agent else Client()
        leaks += [(role, way) for way, get in WAYS.items() if shows(way, get(client, hidden))]
    assert leaks == []


@pytest.mark.parametrize("make", [_elus, _reseau, _commune])
def test_its_readers_find_it_everywhere(make: Callable[[Distribution], Cachee], distribution: Distribution) -> None:
    """Else the test above would prove nothing."""
    hidden = make(distribution)
    closed = {"favoris", "demandes", "téléchargements", "accueil", "suggestions"}
    closed |= {"à vérifier", "notifications", "qui a lu", *ADMIN}
    for role in hidden.lecteurs:
        client = open_session(distribution.roles()[role])
        unseen = [way for way, get in WAYS.items() if way not in closed and not shows(way, get(client, hidden))]
        assert unseen == []


def test_those_who_answer_for_it_find_it_in_the_admin(distribution: Distribution) -> None:
    """Else what its choosers and its workbooks do not tell to others would prove nothing."""
    hidden = _elus(distribution)
    _asked_for(distribution, hidden)
    client = open_session(distribution.responsable)
    assert [way for way, get in ADMIN.items() if not shows(way, get(client, hidden))] == []
    assert open_session(_editor(distribution)).get("/admin/").status_code == 200


@pytest.mark.parametrize("make", CACHEES)
def test_no_count_tells_of_it(make: Callable[[Distribution], Cachee], distribution: Distribution) -> None:
    """One document is shown beside the hidden one: no facet, no total and no theme counts two."""
    make_ressource("Visible", collectivite=distribution.a, theme=Theme.objects.get(slug=THEME), source=Source.CDG)
    hidden = make(distribution)
    for role, agent in distribution.roles().items():
        if agent is None or role in hidden.lecteurs or role in EDITEURS or role == "sans_poste":
            continue
        client = open_session(agent)
        for address in ("/ressources/", f"/ressources/?theme={THEME}", "/ressources/?source=cdg"):
            html = client.get(address).content.decode()
            assert "1 document<" in html, (role, address)
            assert "2<span" not in html, (role, address)
            assert str(PROPOSE) not in html, (role, address)
        assert "1 document<" in client.get(f"/ressources/themes/{THEME}/").content.decode()


@pytest.mark.parametrize("statut", [StatutVersion.RETIREE, StatutVersion.A_RELIRE])
def test_a_version_that_is_not_published_is_for_those_who_edit(
    statut: StatutVersion, distribution: Distribution
) -> None:
    page = make_ressource("Règlement", "ancien texte", owner=distribution.secretaire_a)
    old = page.fichiers.get().versions.get()
    version = make_version(
        page.fichiers.get(), f"nouveau {MOT}", contenu=documents.pdf(f"= {MOT}"), nom=f"{MOT}.pdf", statut=statut
    )
    apercus.draw(version)
    reindex(RessourcePage.to_index().filter(pk=page.pk))
    hidden = Cachee(page, version)
    leaks = []
    for role, agent in distribution.roles().items():
        if role in EDITEURS or role == "secretaire_a":
            continue
        client = open_session(agent) if agent else Client()
        leaks += [(role, way) for way, get in WAYS.items() if way != "fiche" and shows(way, get(client, hidden))]
        leaks += [(role, "fiche")] if MOT in client.get(page.url).content.decode() else []
    assert leaks == []
    assert fetch(open_session(distribution.agent_a), old.get_absolute_url()).status_code == 200
    assert fetch(open_session(distribution.secretaire_a), version.get_absolute_url()).status_code == 200


def test_the_old_address_of_a_withdrawn_file_is_not_found(distribution: Distribution) -> None:
    page = make_ressource()
    version = page.fichiers.get().versions.get()
    client = open_session(distribution.agent_a)
    assert fetch(client, version.get_absolute_url()).status_code == 200
    version.statut, version.retiree_le = StatutVersion.RETIREE, timezone.now()
    version.save()
    assert client.get(version.get_absolute_url()).status_code == 404
    assert client.get(f"/ressources/fichiers/{version.pk}/autre.pdf").status_code == 404
    assert client.get("/ressources/fichiers/999999/autre.pdf").status_code == 404


def test_what_waits_for_the_antivirus_has_no_preview(distribution: Distribution) -> None:
    page = make_ressource()
    version = page.fichiers.get().versions.get()
    version.examen = Examen.INFECTE
    version.save()
    for role in ("agent_a", "responsable", "administrateur"):
        client = open_session(distribution.roles()[role])
        assert client.get(version.get_absolute_url()).status_code == 404
        assert client.get(f"/ressources/versions/{version.pk}/apercu/").status_code == 404
        assert "Télécharger <span" not in client.get(page.url).content.decode()


def test_publishing_an_old_draft_changes_no_version(distribution: Distribution) -> None:
    page = make_ressource("Avant")
    draft = page.save_revision(user=distribution.responsable)
    second = make_version(page.fichiers.get())
    page.title = "Après"
    page.save_revision(user=distribution.responsable).publish()
    draft.publish()
    current = list(VersionFichier.objects.current().filter(fichier__page=page))
    assert current == [second]
    assert VersionFichier.objects.filter(fichier__page=page).count() == 2

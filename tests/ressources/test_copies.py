"""« Votre copie est périmée »: who holds a replaced or withdrawn version is told once, if they may still see it."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from collectivites.diffusion import ELUS, code_collectivite
from collectivites.models import Agent
from notifications.composition import compose
from notifications.models import Courriel, Notification
from notifications.resumes import write_digests
from ressources.copies import stale, tell_holders
from ressources.enums import Examen, StatutVersion
from ressources.models import Fichier, RessourcePage, Telechargement, VersionFichier
from ressources.versions import publish_version, withdraw_version
from tests.distribution import Distribution
from tests.ressources.factories import make_ressource, make_version

pytestmark = pytest.mark.django_db


@pytest.fixture
def page(distribution: Distribution) -> RessourcePage:
    return make_ressource("Règlement du cimetière", collectivite=distribution.a, owner=distribution.gestionnaire_a)


@pytest.fixture
def fichier(page: RessourcePage) -> Fichier:
    return page.fichiers.get()


def take(agent: Agent, version: VersionFichier, cast: Distribution, **fields: object) -> Telechargement:
    fields.setdefault("collectivite", cast.b)
    return Telechargement.objects.create(version=version, agent=agent, **fields)


def lines(agent: Agent) -> list[Notification]:
    return list(Notification.objects.filter(destinataire=agent, sorte="copie_perimee").order_by("pk"))


def test_replaced(distribution: Distribution, fichier: Fichier):
    take(distribution.elue_b, fichier.versions.get(), distribution)
    make_version(fichier, changements="Article 18 sur le site cinéraire.")
    current = make_version(fichier, changements="Tarifs renvoyés à la délibération")
    assert tell_holders() == 1
    (line,) = lines(distribution.elue_b)
    assert line.titre == "Votre copie de «\u00a0Règlement du cimetière\u00a0» est remplacée"
    assert line.texte == (
        "Vous avez la version\u00a01, la version\u00a03 la remplace. Ce qui change\u00a0: Article 18 sur le site "
        "cinéraire (version\u00a02)\u00a0; Tarifs renvoyés à la délibération (version\u00a03)."
    )
    assert line.url == current.get_absolute_url()
    assert line.action == "Prendre la version\u00a03"


def test_once(distribution: Distribution, fichier: Fichier):
    """Taken twice, for two collectivités, and a third version later: one line."""
    first = fichier.versions.get()
    yesterday = timezone.localdate() - timedelta(days=1)
    take(distribution.partage_ab, first, distribution, jour=yesterday)
    take(distribution.partage_ab, first, distribution, collectivite=distribution.a)
    make_version(fichier)
    assert tell_holders() == 1
    assert tell_holders() == 0
    make_version(fichier)
    assert tell_holders() == 0
    assert len(lines(distribution.partage_ab)) == 1
    assert not Telechargement.objects.filter(prevenu_le=None).exists()


def test_taken_again_then_replaced_again(distribution: Distribution, fichier: Fichier):
    """What counts is what was taken last, and what changed since."""
    take(distribution.elue_b, fichier.versions.get(), distribution)
    second = make_version(fichier, changements="Deux")
    take(distribution.elue_b, second, distribution)
    assert tell_holders() == 0
    make_version(fichier, changements="Trois")
    assert tell_holders() == 1
    (line,) = lines(distribution.elue_b)
    assert line.texte.endswith("Ce qui change\u00a0: Trois.")


def test_withdrawn_says_why(distribution: Distribution, fichier: Fichier):
    version = fichier.versions.get()
    take(distribution.elue_b, version, distribution)
    withdraw_version(version, par=distribution.responsable, motif="Le modèle citait un texte abrogé.")
    assert tell_holders() == 1
    (line,) = lines(distribution.elue_b)
    assert line.titre.endswith("a été retirée")
    assert "\u00a0: Le modèle citait un texte abrogé. Ne l’utilisez plus." in line.texte
    assert line.url == fichier.page.url


def test_withdrawn_with_the_one_before(distribution: Distribution, fichier: Fichier):
    first, second = fichier.versions.get(), make_version(fichier)
    take(distribution.elue_b, first, distribution)
    take(distribution.elue_b, second, distribution)
    withdraw_version(second, par=distribution.responsable, motif="Erreur de tarif")
    assert tell_holders() == 1
    (line,) = lines(distribution.elue_b)
    assert line.texte.endswith("La version\u00a01 est de nouveau celle à utiliser.")
    assert line.url == first.get_absolute_url()


@pytest.mark.parametrize(
    "fields",
    [
        {"statut": StatutVersion.A_RELIRE},
        {"examen": Examen.EN_ATTENTE},
        {"examen": Examen.INFECTE},
    ],
    ids=["awaiting its review", "in quarantine", "infected"],
)
def test_a_version_that_nobody_is_given_replaces_nothing(fields: dict, distribution: Distribution, fichier: Fichier):
    take(distribution.elue_b, fichier.versions.get(), distribution)
    version = make_version(fichier, **fields)
    assert tell_holders() == 0
    if version.statut == StatutVersion.A_RELIRE:
        publish_version(version, par=distribution.responsable)
        assert tell_holders() == 1


def test_only_who_may_still_see_it(distribution: Distribution, page: RessourcePage, fichier: Fichier):
    """Reserved since to the élus: the agent who holds a copy learns nothing, not even that there is one."""
    for agent in (distribution.elue_b, distribution.agent_a, distribution.sans_poste):
        take(agent, fichier.versions.get(), distribution)
    RessourcePage.objects.filter(pk=page.pk).update(diffusion=[ELUS])
    make_version(fichier, changements="Un secret d’élus")
    assert tell_holders() == 1
    assert lines(distribution.elue_b)
    assert not lines(distribution.agent_a)
    assert not lines(distribution.sans_poste)
    assert not Telechargement.objects.exclude(agent=distribution.elue_b).exclude(prevenu_le=None).exists()


@pytest.mark.parametrize(
    "fields",
    [{"live": False}, {"expire_at": timezone.now() - timedelta(hours=1)}],
    ids=["withdrawn", "expired"],
)
def test_nothing_of_a_sheet_out_of_line(
    fields: dict, distribution: Distribution, page: RessourcePage, fichier: Fichier
):
    take(distribution.elue_b, fichier.versions.get(), distribution)
    make_version(fichier)
    RessourcePage.objects.filter(pk=page.pk).update(**fields)
    assert tell_holders() == 0
    assert not lines(distribution.elue_b)


def test_by_the_digest_and_no_longer_when_access_is_lost_meanwhile(distribution: Distribution, fichier: Fichier):
    """The mail is composed hours later: it asks again who may read."""
    for agent in (distribution.elue_b, distribution.agent_a):
        take(agent, fichier.versions.get(), distribution)
    make_version(fichier, changements="Nouveaux tarifs")
    tell_holders()
    assert not Courriel.objects.exists()
    RessourcePage.objects.update(diffusion=[code_collectivite(distribution.b.pk)])
    Notification.objects.update(created_at=timezone.now() - timedelta(days=8))
    today = timezone.localtime()  # of France: an hour before midnight, UTC is still on the day before
    monday = today + timedelta(days=(7 - today.weekday()) % 7)
    write_digests(monday.replace(hour=12))
    mail = Courriel.objects.get()
    assert mail.agent == distribution.elue_b
    assert "Nouveaux tarifs" in compose(mail).body


def test_a_very_long_name_leads_to_the_sheet(distribution: Distribution, fichier: Fichier):
    take(distribution.elue_b, fichier.versions.get(), distribution)
    version = make_version(fichier)
    VersionFichier.objects.filter(pk=version.pk).update(nom="é" * 190 + ".pdf")
    assert tell_holders() == 1
    (line,) = lines(distribution.elue_b)
    assert line.url == fichier.page.url


def test_many_holders_cost_the_same(distribution: Distribution, fichier: Fichier):
    counts = []
    for agents in ([distribution.elue_b], [distribution.agent_a, distribution.secretaire_a, distribution.secretaire_b]):
        last = fichier.versions.first()
        for agent in agents:
            take(agent, last, distribution)
        make_version(fichier)
        with CaptureQueriesContext(connection) as queries:
            assert tell_holders() == len(agents)
        counts.append(len(queries))
    assert counts[0] == counts[1]
    assert not stale().exists()

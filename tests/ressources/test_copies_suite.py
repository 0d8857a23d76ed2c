"""What is told of a copy later: the sheet is replaced, the replacement of what was withdrawn comes."""

from datetime import timedelta

import pytest
from django.utils import timezone

from collectivites.diffusion import code_collectivite
from extranet.lib.francais import jour
from notifications.models import Notification
from ressources.copies import stale, tell_holders
from ressources.edition import archive, bring_back
from ressources.enums import StatutVersion
from ressources.models import Fichier, RessourcePage, Telechargement
from ressources.usages import log_copy
from ressources.versions import publish_version, withdraw_version
from tests.distribution import Distribution
from tests.ressources.factories import make_ressource, make_version
from tests.ressources.test_copies import lines, take
from tests.sessions import open_session

pytestmark = pytest.mark.django_db


@pytest.fixture
def page(distribution: Distribution) -> RessourcePage:
    return make_ressource("Règlement du cimetière", collectivite=distribution.a, owner=distribution.gestionnaire_a)


@pytest.fixture
def fichier(page: RessourcePage) -> Fichier:
    return page.fichiers.get()


def replace(page: RessourcePage, by: RessourcePage) -> None:
    now = timezone.now() + timedelta(seconds=1)
    RessourcePage.objects.filter(pk=page.pk).update(remplacee_par=by, last_published_at=now)


def withdraw(fichier: Fichier, cast: Distribution) -> None:
    withdraw_version(fichier.versions.get(), par=cast.responsable, motif="Un texte abrogé")


def test_a_sheet_replaced_by_another_is_told_once(distribution: Distribution, page: RessourcePage, fichier: Fichier):
    """Its title is not told: who holds the old one may not be among the readers of the new one."""
    secret = make_ressource("Règlement réservé à Aval", diffusion=[code_collectivite(distribution.a.pk)])
    take(distribution.elue_b, fichier.versions.get(), distribution)
    replace(page, secret)
    assert tell_holders() == 1
    (line,) = lines(distribution.elue_b)
    assert line.titre == "Votre copie de «\u00a0Règlement du cimetière\u00a0» est remplacée"
    assert (line.url, line.action) == (page.url, "Voir ce qui le remplace")
    assert "Aval" not in f"{line.titre} {line.texte}"
    RessourcePage.objects.filter(pk=page.pk).update(last_published_at=timezone.now() + timedelta(hours=1))
    assert tell_holders() == 0
    assert not stale().exists()


def test_who_took_it_from_a_replaced_sheet_knew(distribution: Distribution, page: RessourcePage, fichier: Fichier):
    replace(page, make_ressource())
    version = Fichier.objects.get(pk=fichier.pk).versions.get()
    log_copy(version, distribution.elue_b, distribution.b)
    assert Telechargement.objects.count() == 1
    assert tell_holders() == 0


def test_the_replacement_of_what_was_withdrawn_is_told(distribution: Distribution, fichier: Fichier):
    take(distribution.elue_b, fichier.versions.get(), distribution)
    withdraw(fichier, distribution)
    assert tell_holders() == 1
    waiting = make_version(fichier, changements="Sans le texte abrogé", statut=StatutVersion.A_RELIRE)
    assert tell_holders() == 0
    publish_version(waiting, par=distribution.responsable)
    assert tell_holders() == 1
    gone, come = lines(distribution.elue_b)
    assert "Aucune autre version ne la remplace" in gone.texte
    assert "Sans le texte abrogé" in come.texte
    assert come.url == waiting.get_absolute_url()
    make_version(fichier)
    assert tell_holders() == 0
    assert not stale().exists()


def test_another_sheet_may_be_the_replacement(distribution: Distribution, page: RessourcePage, fichier: Fichier):
    take(distribution.elue_b, fichier.versions.get(), distribution)
    withdraw(fichier, distribution)
    assert tell_holders() == 1
    replace(page, make_ressource())
    assert tell_holders() == 1
    assert lines(distribution.elue_b)[1].action == "Voir ce qui le remplace"


def test_what_came_before_the_withdrawal_is_not_told_twice(distribution: Distribution, fichier: Fichier):
    """Replaced, told, then withdrawn: they were told of the second version and left it."""
    first = fichier.versions.get()
    take(distribution.elue_b, first, distribution)
    make_version(fichier)
    assert tell_holders() == 1
    withdraw_version(first, par=distribution.responsable, motif="Un texte abrogé")
    make_version(fichier)
    assert tell_holders() == 0


def test_an_archived_sheet_is_told_to_those_who_hold_it(
    distribution: Distribution, page: RessourcePage, fichier: Fichier
):
    """With the reason, and without the way to what they can no longer open; in their digest."""
    take(distribution.elue_b, fichier.versions.get(), distribution)
    second = make_version(fichier)
    assert tell_holders() == 1
    take(distribution.agent_a, second, distribution)
    archive(page, distribution.gestionnaire_a, "Le cimetière est fermé.")
    for holder in (distribution.elue_b, distribution.agent_a):
        (line,) = lines(holder)
        assert line.titre == "Votre copie de «\u00a0Règlement du cimetière\u00a0» n’est plus tenue à jour"
        assert line.texte == f"Ce document a été archivé le {jour(timezone.localdate())}\u00a0: Le cimetière est fermé."
        assert (line.url, line.action, line.envoi) == ("", "", "resume")
        assert line in Notification.objects.visible_to(holder).awaiting_digest()
        assert line.titre in open_session(holder).get("/notifications/").content.decode()
    assert lines(distribution.secretaire_b) == []
    archive(page, distribution.gestionnaire_a, "Encore")
    assert tell_holders() == 0
    assert len(lines(distribution.agent_a)) == 1


def test_an_archived_sheet_is_told_to_those_who_might_read_it(
    distribution: Distribution, page: RessourcePage, fichier: Fichier
):
    take(distribution.elue_b, fichier.versions.get(), distribution)
    RessourcePage.objects.filter(pk=page.pk).update(diffusion=[code_collectivite(distribution.a.pk)])
    archive(RessourcePage.objects.get(pk=page.pk), distribution.gestionnaire_a, "Abrogé")
    assert lines(distribution.elue_b) == []


def test_an_archived_sheet_brought_back_tells_again_of_its_files(
    distribution: Distribution, page: RessourcePage, fichier: Fichier
):
    take(distribution.elue_b, fichier.versions.get(), distribution)
    archive(page, distribution.gestionnaire_a, "Par erreur")
    bring_back(page, distribution.gestionnaire_a)
    RessourcePage.objects.get(pk=page.pk).save_revision().publish()
    make_version(fichier)
    assert tell_holders() == 1
    assert [line.url == "" for line in lines(distribution.elue_b)] == [True, False]

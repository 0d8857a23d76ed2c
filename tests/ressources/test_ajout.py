"""A file more for a sheet, and the remarks of a review that were taken into account."""

import pytest
from django.urls import reverse

from collectivites.models import Agent
from ressources import relecture
from ressources.enums import StatutVersion
from ressources.models import Depot, Fichier, RessourcePage, VersionFichier
from tests.distribution import Distribution
from tests.ressources.deposes import Deposant, reglement
from tests.ressources.factories import make_ressource
from tests.ressources.formulaires import key_for
from tests.sessions import open_session

pytestmark = pytest.mark.django_db


@pytest.fixture
def page(distribution: Distribution) -> RessourcePage:
    page = make_ressource("Règlement de la salle", "texte", owner=distribution.agent_a, collectivite=distribution.a)
    page.save_revision(user=distribution.agent_a)
    return page


def begin(agent: Agent, page: RessourcePage) -> Deposant:
    """« Ajouter un fichier », on the sheet."""
    client = open_session(agent)
    asked = {"cle_unique": key_for(agent), "ajout": "1"}
    assert client.post(reverse("ressources:version_create", args=[page.pk]), asked).status_code == 302
    return Deposant(client, Depot.objects.get().pk)


def send(deposant: Deposant, **answers: str) -> None:
    line = deposant.lines[0]
    found = deposant.answers(**{f"f{line.pk}-{name}": value for name, value in answers.items()})
    response = deposant.client.post(deposant.page, found)
    assert response.status_code == 302, response.context["fautes"]


def test_a_file_is_added_and_read_once_reviewed(distribution: Distribution, page: RessourcePage) -> None:
    deposant = begin(distribution.agent_a, page)
    deposant.drop("etat-des-lieux.pdf", reglement(title="État des lieux"))
    html = deposant.client.get(deposant.page).content.decode()
    assert "Un fichier de plus dans" in html
    assert "Ce que c’est" in html
    assert f'name="f{deposant.lines[0].pk}-theme"' not in html
    send(deposant, titre="L’état des lieux")
    added = page.fichiers.get(nom="L’état des lieux")
    assert (added.ordre, added.versions.get().statut) == (1, StatutVersion.A_RELIRE)
    assert RessourcePage.objects.count() == 1
    reader = open_session(distribution.secretaire_b)
    assert "L’état des lieux" not in reader.get(page.url).content.decode()
    relecture.publish(page, distribution.responsable)
    assert "L’état des lieux" in reader.get(page.url).content.decode()
    assert VersionFichier.objects.current().filter(fichier__page=page).count() == 2


def test_it_says_what_it_is(distribution: Distribution, page: RessourcePage) -> None:
    deposant = begin(distribution.responsable, page)
    deposant.drop("scan.pdf", reglement())
    line = deposant.lines[0]
    response = deposant.client.post(deposant.page, deposant.answers(**{f"f{line.pk}-titre": ""}))
    assert "Donnez un titre à «\u00a0scan.pdf\u00a0»." in response.content.decode()
    assert Fichier.objects.count() == 1


def test_who_may_no_longer_change_the_sheet_adds_nothing(distribution: Distribution, page: RessourcePage) -> None:
    deposant = begin(distribution.agent_a, page)
    deposant.drop("etat.pdf", reglement())
    RessourcePage.objects.filter(pk=page.pk).update(owner=distribution.gestionnaire_a)
    response = deposant.client.post(deposant.page, deposant.answers())
    assert "ne peut plus recevoir de fichier de votre part" in response.content.decode()
    assert Fichier.objects.count() == 1


def test_a_remark_is_treated_by_who_changes_the_sheet(distribution: Distribution, page: RessourcePage) -> None:
    remark = relecture.note(page, distribution.responsable, None, endroit="Page 1", texte="Retirez le mobile.")
    url = reverse("ressources:remarque_traiter", args=[page.pk, remark.pk])

    def treat(agent: Agent) -> int:
        return open_session(agent).post(url, {"cle_unique": key_for(agent)}).status_code

    assert treat(distribution.secretaire_b) == 403
    assert list(relecture.remarks_of(page)) == [remark]
    assert treat(distribution.agent_a) == 302
    remark.refresh_from_db()
    assert remark.traite_par == distribution.agent_a
    form = open_session(distribution.agent_a).get(reverse("ressources:ressource_update", args=[page.pk]))
    assert "Retirez le mobile." not in form.content.decode()

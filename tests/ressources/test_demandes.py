"""Documents that nobody has shared: asked for, asked for too, answered."""

import re

import pytest
from django.db import connection
from django.http import HttpRequest
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from collectivites.models import Expertise, Theme
from extranet.lib.cherchable import reindex
from notifications.models import Notification
from ressources import demandes
from ressources.enums import StatutDemande
from ressources.models import DemandeDocument, RessourcePage, Soutien
from ressources.versions import RessourceRefusee
from ressources.views import demandes as views
from tests.distribution import Distribution
from tests.ressources.actes import send
from tests.ressources.factories import make_ressource
from tests.sessions import open_session

LIST, NEW = "/ressources/demandes/", "/ressources/demandes/nouvelle/"


@pytest.fixture
def client(distribution: Distribution) -> Client:
    return open_session(distribution.agent_a)


@pytest.fixture
def demande(distribution: Distribution) -> DemandeDocument:
    return demandes.ask(distribution.agent_a, distribution.a, objet="Règlement de la salle des fêtes")


def told() -> set[str]:
    return {row.destinataire.prenom for row in Notification.objects.filter(sorte=demandes.SORTE)}


def test_the_responsables_and_those_who_might_have_it_are_told(client: Client, distribution: Distribution) -> None:
    theme = Theme.objects.first()
    Expertise.objects.create(agent=distribution.elue_b, theme=theme, libelle="Salles")
    make_ressource(theme=theme, owner=distribution.secretaire_b)
    make_ressource(theme=theme, owner=distribution.gestionnaire_a, diffusion=["elus"])
    response = send(client, NEW, NEW, objet="Règlement de la salle", precision="Pour l’été", theme=theme.pk)
    assert response["Location"] == LIST
    assert told() == {"Rachel", "Elise", "Simone"}
    assert "Règlement de la salle" in client.get(LIST).content.decode()


def test_the_words_searched_are_kept(client: Client) -> None:
    assert 'value="licorne municipale"' in client.get(f"{NEW}?objet=licorne municipale").content.decode()


def test_an_empty_request_is_refused(client: Client) -> None:
    assert send(client, NEW, NEW, objet=" ").status_code == 422
    assert not DemandeDocument.objects.exists()


def test_without_a_poste_one_asks_nothing(distribution: Distribution, demande: DemandeDocument) -> None:
    client = open_session(distribution.sans_poste)
    assert client.get(NEW).status_code == 403
    assert "salle des fêtes" not in client.get(LIST).content.decode()


def test_the_answer_closes_it_for_all_who_asked(distribution: Distribution, demande: DemandeDocument) -> None:
    other = open_session(distribution.secretaire_b)
    for _ in range(2):
        send(other, NEW, f"{LIST}{demande.pk}/moi-aussi/")
    assert Soutien.objects.count() == 1
    page = make_ressource("Règlement de la salle des fêtes de Bourg")
    reindex(RessourcePage.to_index().filter(pk=page.pk))
    Notification.objects.all().delete()
    giver = open_session(distribution.elue_b)
    url = f"{LIST}{demande.pk}/repondre/"
    assert "Règlement de la salle des fêtes de Bourg" in giver.get(url).content.decode()
    assert send(giver, url, url, proposee=page.pk, reponse="Voté en mai").status_code == 302
    demande.refresh_from_db()
    assert (demande.statut, demande.page, demande.repondu_par) == (StatutDemande.POURVUE, page, distribution.elue_b)
    assert told() == {"Alain", "Simone"}
    assert page.url in open_session(distribution.agent_a).get(f"{LIST}?vue=repondues").content.decode()
    assert giver.get(url).status_code == 404


def test_the_address_of_a_sheet_answers_too(distribution: Distribution, demande: DemandeDocument) -> None:
    page = make_ressource("Tout autre titre")
    giver = open_session(distribution.elue_b)
    url = f"{LIST}{demande.pk}/repondre/"
    for wrong in ("", "n’importe", "https://ailleurs.example/x/", "/ressources/licorne/"):
        assert send(giver, url, url, adresse=wrong).status_code == 422
    assert send(giver, url, url, adresse=f"https://testserver{page.url}?fichier=1").status_code == 302


def test_a_sheet_that_the_asker_cannot_open_is_no_answer(distribution: Distribution, demande: DemandeDocument) -> None:
    page = make_ressource("Pour les élus", diffusion=["elus"])
    with pytest.raises(RessourceRefusee, match="Alain Aval ne peut pas ouvrir"):
        demandes.answer(demande, page, distribution.elue_b)
    url = f"{LIST}{demande.pk}/repondre/"
    response = send(open_session(distribution.secretaire_b), url, url, adresse=page.url)
    assert response.status_code == 422
    assert "Pour les élus" not in response.content.decode()


def test_a_sheet_that_one_of_the_askers_cannot_open_is_no_answer(
    distribution: Distribution, demande: DemandeDocument
) -> None:
    """« Moi aussi » was told that the answer would come: it does not close on them."""
    demandes.second(demande, distribution.secretaire_b, distribution.b)
    page = make_ressource("Seulement pour Aval", diffusion=[f"c:{distribution.a.pk}"], collectivite=distribution.a)
    url = f"{LIST}{demande.pk}/repondre/"
    response = send(open_session(distribution.gestionnaire_a), url, url, adresse=page.url)
    assert response.status_code == 422
    assert "1 des 2\u00a0personnes qui cherchent ne pourra pas lire ce document" in response.content.decode()
    demande.refresh_from_db()
    assert demande.statut == StatutDemande.OUVERTE
    page.diffusion = [f"c:{distribution.a.pk}", f"c:{distribution.b.pk}"]
    page.save()
    Notification.objects.all().delete()
    demandes.answer(demande, page, distribution.gestionnaire_a)
    assert told() == {"Alain", "Simone"}


def test_who_asked_and_left_holds_nobody_back(distribution: Distribution, demande: DemandeDocument) -> None:
    demandes.second(demande, distribution.secretaire_b, distribution.b)
    distribution.secretaire_b.postes.get().end(timezone.localdate())
    page = make_ressource("Seulement pour Aval", diffusion=[f"c:{distribution.a.pk}"], collectivite=distribution.a)
    demandes.answer(demande, page, distribution.gestionnaire_a)
    demande.refresh_from_db()
    assert demande.statut == StatutDemande.POURVUE


def test_who_asked_and_can_no_longer_open_the_answer_is_told_whom_to_ask(
    distribution: Distribution, demande: DemandeDocument
) -> None:
    demandes.second(demande, distribution.secretaire_b, distribution.b)
    page = make_ressource("Règlement")
    demandes.answer(demande, page, distribution.gestionnaire_a)
    RessourcePage.objects.filter(pk=page.pk).update(diffusion=[f"c:{distribution.a.pk}"])
    whom = f"ne vous est pas ouverte aujourd’hui. Demandez-la à {distribution.gestionnaire_a}."
    assert whom in open_session(distribution.secretaire_b).get(f"{LIST}?vue=repondues").content.decode()
    assert whom not in open_session(distribution.elue_b).get(f"{LIST}?vue=repondues").content.decode()


def test_an_answer_is_named_to_those_who_may_open_it(distribution: Distribution, demande: DemandeDocument) -> None:
    page = make_ressource("Seulement pour Aval", diffusion=[f"c:{distribution.a.pk}"], collectivite=distribution.a)
    demandes.answer(demande, page, distribution.gestionnaire_a, reponse="Voici celui d’Aval")
    html = open_session(distribution.secretaire_b).get(f"{LIST}?vue=repondues").content.decode()
    assert "Seulement pour Aval" not in html
    assert "Voici celui d’Aval" not in html


def test_it_is_answered_while_another_closes_it(
    distribution: Distribution, demande: DemandeDocument, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The answer comes between the reading of the request and the act."""
    page = make_ressource("Règlement de la salle des fêtes de Bourg")
    find = views._open

    def answered_meanwhile(request: HttpRequest, pk: int) -> DemandeDocument:
        found = find(request, pk)
        demandes.answer(found, page, distribution.secretaire_b)
        return found

    owner, shown = open_session(distribution.agent_a), f"{LIST}{demande.pk}/repondre/"
    key = re.search(r'name="cle_unique" value="([^"]+)"', owner.get(shown).content.decode())[1]
    monkeypatch.setattr(views, "_open", answered_meanwhile)
    response = owner.post(f"{LIST}{demande.pk}/clore/", {"cle_unique": key, "reponse": "Nous l’avons écrit"})
    assert response.status_code == 422
    html = response.content.decode()
    assert "Cette demande a déjà reçu sa réponse." in html
    assert "Nous l’avons écrit" in html
    demande.refresh_from_db()
    assert demande.statut == StatutDemande.POURVUE


def test_it_closes_without_a_document(distribution: Distribution, demande: DemandeDocument) -> None:
    url = f"{LIST}{demande.pk}/clore/"
    shown = f"{LIST}{demande.pk}/repondre/"
    stranger = open_session(distribution.secretaire_b)
    assert send(stranger, shown, url, reponse="Je ferme").status_code == 403
    owner = open_session(distribution.agent_a)
    assert send(owner, shown, url, reponse="").status_code == 422
    assert send(owner, shown, url, reponse="Nous l’avons écrit nous-mêmes").status_code == 302
    demande.refresh_from_db()
    assert demande.statut == StatutDemande.CLOSE


def test_as_many_queries_for_one_request_as_for_twenty(
    client: Client, distribution: Distribution, demande: DemandeDocument
) -> None:
    client.get(LIST)
    before = _queries(client)
    for number in range(19):
        demandes.ask(distribution.secretaire_b, distribution.b, objet=f"Document {number}")
    assert _queries(client) == before


def _queries(client: Client) -> int:
    with CaptureQueriesContext(connection) as found:
        client.get(LIST)
    return len(found)

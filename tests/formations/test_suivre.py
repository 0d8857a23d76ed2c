"""What a responsable does for those of a session: each act with its reason, kept in the journal."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from django.utils.text import slugify

from collectivites.effacement import NOM, erase
from formations.enums import Acte, Origine, StatutInscription, Visa
from formations.models import Inscription, Mouvement
from formations.prevenir.mouvements import Annonceur
from notifications.models import Courriel, Notification
from tests.collectivites.factories import CollectiviteFactory
from tests.distribution import Distribution
from tests.formations.factories import book, make_session, monday, reread, worker
from tests.formations.formulaires import manage, post, said
from tests.sessions import open_session

pytestmark = pytest.mark.django_db
S = StatutInscription
LONG = "9" * 5000


@pytest.fixture
def client(distribution: Distribution) -> Client:
    return open_session(distribution.responsable)


def test_somebody_is_booked_outside_of_the_rules_with_a_reason(client: Client) -> None:
    place = CollectiviteFactory()
    session = make_session(cloture=timezone.now() - timedelta(days=1))
    one, stranger = worker(place), worker()
    url = manage(session, f"inscrire/?commune={place.pk}")
    assert post(client, url, agents=[one.pk], motif="").status_code == 422
    assert post(client, url, agents=[stranger.pk], motif="Oubli").status_code == 422
    assert post(client, url, agents=[one.pk], motif="Oubli du service").status_code == 302
    seat = Inscription.objects.get(session=session)
    assert (seat.statut, seat.visa, seat.origine) == (S.CONFIRMEE, Visa.ACCORDE, Origine.DEMANDE)
    assert Mouvement.objects.get(inscription=seat).motif == "Oubli du service"
    again = post(client, url, agents=[one.pk], motif="Encore")
    assert again.status_code == 422
    assert "A déjà une place." in said(again)


def test_a_commune_is_asked_for_by_its_name(client: Client) -> None:
    sorted_names = ["Châtenois", "Choisey", "Éclans", "Foucherans"]
    for nom in reversed(sorted_names):
        CollectiviteFactory(nom=nom, slug=slugify(nom))
    page = client.get(manage(make_session(), "inscrire/?commune="))
    assert "Choisissez d’abord une commune" in said(page)
    assert [one.nom for one in page.context["communes"] if one.nom in sorted_names] == sorted_names


def test_priority_with_a_reason_then_none(client: Client) -> None:
    session = make_session(capacite=1)
    held = book(session, worker())
    first, second = book(session, worker()), book(session, worker())
    url = manage(session, f"inscrits/{second.pk}/priorite/")
    assert post(client, url, motif="").status_code == 422
    assert post(client, url, motif="Habilitation échue").status_code == 302
    assert "Passe avant : Habilitation échue" in said(client.get(manage(session)))
    assert reread(second).rang == 2
    post(client, manage(session, f"inscrits/{held.pk}/retirer/"), motif="Arrêt")
    assert (reread(second).statut, reread(first).statut) == (S.CONFIRMEE, S.ATTENTE)
    post(client, manage(session, f"inscrits/{first.pk}/priorite/"), motif="Urgent")
    post(client, manage(session, f"inscrits/{first.pk}/priorite/"), motif="Finalement non")
    lines = Mouvement.objects.filter(acte=Acte.PRIORITE).order_by("pk").values_list("motif", "donnees")
    assert [motif for motif, _ in lines] == ["Habilitation échue", "Urgent", "Finalement non"]
    assert reread(first).priorite == 0


def test_taken_off_with_a_reason(client: Client) -> None:
    session = make_session(capacite=1)
    one, waiting = book(session, worker()), book(session, worker())
    url = manage(session, f"inscrits/{one.pk}/retirer/")
    assert post(client, url, motif=" ").status_code == 422
    assert waiting.agent.nom_complet in said(client.get(url))
    post(client, url, motif="Arrêt de travail annoncé")
    assert (reread(one).statut, reread(waiting).statut) == (S.DESISTEE, S.CONFIRMEE)
    assert client.get(url).status_code == 404
    other = book(make_session(session.formation, on=monday(9)), worker())
    assert client.get(manage(session, f"inscrits/{other.pk}/retirer/")).status_code == 404


def test_writing_to_those_who_are_in_it(client: Client) -> None:
    session = make_session(capacite=1)
    seat, waiting = book(session, worker()), book(session, worker())
    Annonceur().tell_due()
    Notification.objects.all().delete()
    url = manage(session, "ecrire/")
    page = said(client.get(url))
    assert "1 personne a une place, 1 attend." in page
    assert "À qui (facultatif)" not in page
    assert post(client, url, objet="", texte="Bonjour", a_qui="places").status_code == 422
    post(client, url, objet="Chaussures", texte="Venez en chaussures fermées.", a_qui="places")
    assert list(Notification.objects.values_list("destinataire", "titre")) == [(seat.agent_id, "Chaussures")]
    post(client, f"{url}?inscription={waiting.pk}", objet="Votre rang", texte="Bientôt.")
    assert Notification.objects.latest("pk").destinataire == waiting.agent
    told = said(client.get(manage(session, "courriels/")))
    assert "Chaussures" in told
    assert "Votre rang" in told
    assert Annonceur().tell_due() == 2, "the lines of the journal have nobody else to tell"
    assert Notification.objects.count() == 2


def test_a_mairie_is_reminded_once_a_day(client: Client) -> None:
    place = CollectiviteFactory(nom="Champvans")
    keeper = worker(place, gestionnaire=True)
    session = make_session()
    book(session, worker(place), visa=Visa.ATTENDU)
    Annonceur().tell_due()
    Notification.objects.all().delete()
    for _ in range(2):
        post(client, manage(session, "relancer/"))
    assert Notification.objects.filter(destinataire=keeper).count() == 1
    assert "Déjà relancé aujourd’hui" in said(client.get(manage(session)))
    assert Mouvement.objects.filter(acte=Acte.RELANCEE, collectivite=place).count() == 1
    for key in ("999999", LONG):
        assert post(client, manage(session, "relancer/"), commune=key).status_code == 302


def test_another_may_not_do_it(distribution: Distribution) -> None:
    session = make_session()
    one = book(session, worker())
    other = open_session(distribution.gestionnaire_a)
    for rest in ("ouvrir/", "maintenir/", "annuler/", "relancer/", "ecrire/", f"inscrits/{one.pk}/retirer/"):
        assert post(other, manage(session, rest), motif="x").status_code == 403
    assert post(other, "/formations/organiser/nouvelle/", capacite=3).status_code == 403
    assert reread(one).statut == S.CONFIRMEE


@pytest.mark.parametrize(
    "path",
    [
        *("inscrire/?commune=abc", f"inscrire/?commune={LONG}", "inscrits/999999/priorite/"),
        *("ecrire/?inscription=999999", "ecrire/?inscription=²", f"ecrire/?inscription={LONG}"),
    ],
)
def test_tampered_ids(client: Client, path: str) -> None:
    assert client.get(manage(make_session(), path)).status_code in (200, 404)


def test_the_subject_of_a_message_is_one_line(client: Client) -> None:
    """A line feed would end the header of the mail, and begin another."""
    session = make_session()
    book(session, worker())
    post(client, manage(session, "ecrire/"), objet="Bonjour\r\nBcc: un@exemple.fr", texte="…", a_qui="places")
    assert Courriel.objects.latest("pk").sujet == "Bonjour Bcc: un@exemple.fr"


def test_the_subject_of_a_message_forgets_whom_it_names(client: Client, distribution: Distribution) -> None:
    session, gone = make_session(), worker()
    book(session, worker())
    post(client, manage(session, "ecrire/"), objet=f"Absence de {gone.nom_complet}", texte="…", a_qui="places")
    assert gone.nom_complet in said(client.get(manage(session, "courriels/")))
    gone.postes.update(date_fin=timezone.localdate() - timedelta(days=1))
    erase(type(gone).objects.get(pk=gone.pk), distribution.administrateur)
    for page in ("courriels/", "journal/"):
        assert gone.nom_complet not in said(client.get(manage(session, page)))
    assert Mouvement.objects.filter(acte=Acte.MESSAGE).get().donnees["objet"] == f"Absence de {NOM}"

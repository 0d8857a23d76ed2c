"""The états des lieux by their pages: who fills them in, what they refuse, what bad input gets."""

import json
from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from collectivites.models import Poste, TypeHabilitation
from materiel.constats.passation import hand_over, take_back
from materiel.enums import EtatElement, StatutPret, TypeConstat
from materiel.models import Accessoire, Constat, Incident, Pret
from tests.materiel.contrats import fleet, give_roles, granted, out, seen, signed, today
from tests.materiel.factories import make_materiel
from tests.materiel.formulaires_contrat import answers, photo, plain, send
from tests.sessions import open_session

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast(distribution):
    give_roles(distribution)
    return distribution


@pytest.fixture
def thing(cast):
    thing = make_materiel("Mini-pelle", collectivite=cast.a, compteur=True, carburant="plein")
    Accessoire.objects.create(materiel=thing, nom="Godets", nombre=3)
    return thing


@pytest.fixture
def pret(cast, thing):
    pret = granted(thing, cast.b)
    signed(pret, cast.elue_b)
    return pret


def test_a_hand_over_with_its_photos_is_read_by_both(cast, pret):
    client = open_session(cast.agent_a)
    found = client.get(reverse("materiel:remise", args=[pret.numero])).context["form"]
    rank = next(line.prefix for line in found.lignes if line["nom"].value() == "Godets")
    response = send(
        client,
        pret,
        **{f"{rank}-etat": "manque", f"{rank}-vu": "2", f"{rank}-note": "Un seul grand.", f"{rank}-photos": photo()},
        photos=[photo("a.jpg"), photo("b.jpg")],
    )
    constat = Constat.objects.get()
    assert response["Location"] == constat.get_absolute_url()
    assert constat.compteur == Decimal("1482.5")
    assert (constat.agent_preteur, constat.nom_preteur) == (cast.agent_a, "Alain Aval")
    godets = constat.elements.get(nom="Godets")
    assert (godets.etat, godets.vu, godets.prevu) == (EtatElement.MANQUE, 2, 3)
    assert (godets.photos.count(), constat.photos.count()) == (1, 3)
    reader = open_session(cast.secretaire_b)
    page = plain(reader.get(constat.get_absolute_url()))
    for words in ("Manque 1 sur 3", "Un seul grand.", "1 482,5 h".replace(" 4", "\u202f4"), "Alain Aval"):
        assert words in page, words
    picture = reader.get(reverse("materiel:photo_constat", args=[godets.photos.get().pk]))
    assert picture["Content-Type"] == "image/jpeg"
    assert b"".join(picture)[:2] == b"\xff\xd8"


def test_a_device_is_answered_in_json_and_twice_is_once(cast, pret):
    client = open_session(cast.agent_a)
    data = answers(client, pret)
    url = reverse("materiel:remise", args=[pret.numero])
    first = client.post(url, data, headers={"Accept": "application/json"})
    again = client.post(url, data, headers={"Accept": "application/json"})
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json() == again.json()
    assert Constat.objects.count() == 1
    other = open_session(cast.secretaire_b).post(url, data, headers={"Accept": "application/json"})
    assert other.status_code == 201  # the same key for the same loan, whoever sends it again
    assert Constat.objects.count() == 1


def test_a_device_is_told_what_to_correct(cast, pret):
    client = open_session(cast.agent_a)
    data = answers(client, pret, **{"e0-etat": "abime", "vu_emprunteur": ""})
    response = client.post(reverse("materiel:remise", args=[pret.numero]), data, headers={"Accept": "application/json"})
    assert response.status_code == 422
    errors = dict(response.json()["erreurs"])
    assert "Écrivez ce que vous voyez" in errors["id_e0-note"]
    assert "Bourg" in errors["id_vu_emprunteur"]
    assert not Constat.objects.exists()


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"e0-etat": ""}, "Dites dans quel état il est."),
        ({"e0-etat": "parfait"}, "e0-etat"),
        ({"e0-etat": "manque"}, "Écrivez ce qui manque"),
        ({"compteur": "beaucoup"}, "Écrivez des heures"),
        ({"compteur": "-3"}, "compteur"),
        ({"vu_preteur": ""}, "Cochez le nom de qui est venu pour Aval"),
        ({"nom_emprunteur": " "}, "Écrivez qui est venu pour Bourg"),
        ({"cle": "pas-une-cle"}, "cle"),
        ({"nombre": "0"}, "nombre"),
        ({"nombre": "99999999"}, "nombre"),
        ({"e0-photos": SimpleUploadedFile("note.jpg", b"du texte", "image/jpeg")}, "note.jpg"),
        ({"photos": [photo(f"{n}.jpg") for n in range(9)]}, "8 photos au plus"),
    ],
)
def test_bad_input_gets_a_sentence_and_loses_nothing(cast, pret, changes, words):
    client = open_session(cast.agent_a)
    response = send(client, pret, remarque="Rien à dire.", **changes)
    assert response.status_code == 422
    page = plain(response)
    assert words in page
    assert "Rien à dire." in page
    assert not Constat.objects.exists()
    assert Pret.objects.get().statut == StatutPret.ACCEPTE


def test_counted_less_than_expected_is_not_in_good_state(cast, pret):
    client = open_session(cast.agent_a)
    lines = client.get(reverse("materiel:remise", args=[pret.numero])).context["form"].lignes
    rank = next(line.prefix for line in lines if line["nom"].value() == "Godets")
    response = send(client, pret, **{f"{rank}-vu": "2"})
    assert "Vous en comptez 2 sur 3 : choisissez « Manque »" in plain(response)


def test_when_it_was_done_is_believed_within_a_week_and_never_to_come(cast, pret):
    client = open_session(cast.agent_a)
    send(client, pret, fait_le=f"{today() + timedelta(days=3)}T08:00:00Z")
    assert Constat.objects.get().fait_le.date() <= today()


def test_what_keeps_it_from_leaving_is_told_before_the_form(cast, thing):
    pret = granted(thing, cast.b)
    client = open_session(cast.agent_a)
    page = plain(client.get(reverse("materiel:remise", args=[pret.numero])))
    assert "Aucune convention signée ne couvre" in page
    assert "data-element" not in page
    response = client.post(reverse("materiel:remise", args=[pret.numero]), {"cle": str(uuid4()), "nombre": "1"})
    assert response.status_code == 422


@pytest.mark.parametrize("genre", ["remise", "retour"])
def test_whoever_has_not_the_right_is_told_the_rule(cast, pret, genre):
    for role in (cast.gestionnaire_a, cast.elue_b, cast.responsable, cast.administrateur):
        response = open_session(role).get(reverse(f"materiel:{genre}", args=[pret.numero]))
        assert response.status_code == 403
        assert "états des lieux" in plain(response) or "Le retour est constaté" in plain(response)


def test_only_the_owner_says_that_it_is_back(cast, pret):
    assert open_session(cast.secretaire_b).get(reverse("materiel:retour", args=[pret.numero])).status_code == 403


def test_the_contract_of_others_does_not_exist(cast, pret, distribution):
    taken = out(make_materiel("Autre", collectivite=cast.a), cast.b, cast.agent_a)
    take_back(taken, cast.agent_a, seen(0, perdue=1))
    constat = taken.constats.first()
    convention = pret.conventions.get()
    stranger = distribution.sans_poste
    addresses = [
        reverse("materiel:remise", args=[pret.numero]),
        reverse("materiel:retour", args=[pret.numero]),
        reverse("materiel:fiche_pret", args=[pret.numero]),
        constat.get_absolute_url(),
        convention.get_absolute_url(),
        reverse("materiel:convention_pdf", args=[convention.pk]),
        Incident.objects.get().get_absolute_url(),
    ]
    Poste.objects.filter(agent=cast.partage_ab).update(date_fin=today() - timedelta(days=1))
    for person in (stranger, cast.partage_ab):
        client = open_session(person)
        assert {client.get(url).status_code for url in addresses} == {404}


def test_a_return_in_parts_then_a_loss_by_the_pages(cast):
    lot = make_materiel("Barrières", collectivite=cast.a, stock=80, unite="barrières")
    pret = out(lot, cast.b, cast.agent_a, quantite=40)
    client = open_session(cast.agent_a)
    for changes, words in (
        ({"rendus": "0", "perdus": "0"}, "Rien n’est rendu ni perdu"),
        ({"rendus": "41", "perdus": ""}, "Il n’en restait que 40"),
        ({"rendus": "39", "perdus": "2"}, "Il n’en restait que 40"),
        ({"rendus": "-1"}, "rendus"),
    ):
        response = send(client, pret, "retour", **changes)
        assert response.status_code == 422
        assert words in plain(response)
    send(client, pret, "retour", rendus="30", perdus="0")
    assert Pret.objects.get(pk=pret.pk).reste == 10
    response = send(client, pret, "retour", rendus="8", perdus="2", remarque="Volées.")
    assert Pret.objects.get(pk=pret.pk).statut == StatutPret.RESTITUE
    page = plain(client.get(response["Location"]))
    assert "8 sur 40" in page
    assert "À suivre" in page
    lot.refresh_from_db()
    assert lot.stock == 78


def test_the_borrower_may_not_have_come(cast):
    pret = out(make_materiel("Broyeur", collectivite=cast.a), cast.b, cast.agent_a)
    send(open_session(cast.agent_a), pret, "retour", vu_emprunteur="")
    constat = Constat.objects.get(type=TypeConstat.RESTITUTION)
    assert (constat.nom_emprunteur, constat.agent_emprunteur) == ("absent au rendez-vous", None)


def test_units_are_chosen_by_their_number(cast):
    park = fleet(3, collectivite=cast.a)
    pret = granted(park, cast.b, quantite=2)
    signed(pret, cast.elue_b)
    client = open_session(cast.agent_a)
    one, two, three = park.numeros.all()
    assert "Lesquelles partent" in plain(send(client, pret))
    assert send(client, pret, unites=[9999]).status_code == 422
    send(client, pret, unites=[one.pk, two.pk])
    response = send(client, pret, "retour", **{f"unite_{one.pk}": "rendue", f"unite_{two.pk}": "dehors"})
    assert "Numéros" in plain(client.get(response["Location"]))
    assert Pret.objects.get(pk=pret.pk).reste == 1


def test_a_loan_already_out_leads_to_what_was_seen(cast, pret):
    client = open_session(cast.agent_a)
    send(client, pret)
    response = client.get(reverse("materiel:remise", args=[pret.numero]))
    assert response["Location"] == Constat.objects.get().get_absolute_url()


def test_the_label_leads_to_the_form_or_says_what_goes_on(cast, thing, pret):
    url = reverse("materiel:constat_du_materiel", args=[thing.pk])
    client = open_session(cast.agent_a)
    assert client.get(url)["Location"] == reverse("materiel:remise", args=[pret.numero])
    send(client, pret)
    assert client.get(url)["Location"] == reverse("materiel:retour", args=[pret.numero])
    borrower = open_session(cast.secretaire_b).get(url)
    assert borrower.status_code == 200
    assert "Prêté en ce moment" in plain(borrower)
    assert open_session(cast.sans_poste).get(url).status_code == 404
    assert open_session(cast.responsable).get(url).status_code == 200


def test_json_is_json(cast, pret):
    client = open_session(cast.agent_a)
    url = reverse("materiel:remise", args=[pret.numero])
    response = client.post(url, answers(client, pret), headers={"Accept": "application/json"})
    assert json.loads(response.content)["url"].startswith("/materiel/constats/")


def test_the_hand_over_asks_for_the_title_of_whoever_drives(cast, pret):
    pret.materiel.habilitations.set([TypeHabilitation.objects.create(code="r482-a", libelle="CACES R482 A")])
    client = open_session(cast.agent_a)
    assert "J’ai vu son titre : CACES R482 A" in plain(client.get(reverse("materiel:remise", args=[pret.numero])))
    refused = send(client, pret, nom_conducteur="Mickaël Prost")
    assert refused.status_code == 422
    assert "Vérifiez le titre de qui conduira" in plain(refused)
    assert 'value="Mickaël Prost"' in plain(refused)
    send(client, pret, nom_conducteur="Mickaël Prost", habilitation_vue="on")
    page = plain(client.get(Constat.objects.get().get_absolute_url()))
    assert "Mickaël Prost, titre vu : CACES R482 A" in page


def test_a_return_sent_with_the_key_of_the_hand_over_is_not_told_as_done(cast, pret):
    told = seen()
    hand_over(pret, cast.agent_a, told)
    client = open_session(cast.agent_a)
    data = answers(client, pret, "retour", cle=str(told.cle))
    answer = client.post(reverse("materiel:retour", args=[pret.numero]), data, headers={"Accept": "application/json"})
    assert answer.status_code == 422
    assert "a déjà servi pour un autre état des lieux" in str(answer.json()["erreurs"])
    assert (Constat.objects.count(), Pret.objects.get(pk=pret.pk).statut) == (1, StatutPret.REMIS)
    assert send(client, pret, "retour").status_code == 302
    page = plain(client.get(pret.get_absolute_url()))
    assert "Valeur dans l’entraide : 0 €. Sans prix, ni valeur d’un jour d’usage." in page

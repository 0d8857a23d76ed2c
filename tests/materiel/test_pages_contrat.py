"""The pages of the contract: who opens them, what they refuse, what bad input gets."""

import io
import json
from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from collectivites import cles
from collectivites.models import Poste
from materiel.constats import take_back
from materiel.conventions import prepare
from materiel.enums import Cote, EtatElement, StatutPret, TypeConstat
from materiel.models import Accessoire, Constat, Convention, Incident, Pret
from materiel.signatures import sign
from tests.materiel.contrats import fleet, frame, give_roles, granted, out, seen, signed, today
from tests.materiel.factories import make_materiel
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


def plain(response):
    return response.content.decode().replace("\u00a0", " ").replace("&nbsp;", " ")


def photo(name="vue.jpg", size=(40, 30)):
    buffer = io.BytesIO()
    Image.new("RGB", size, "orange").save(buffer, "JPEG")
    return SimpleUploadedFile(name, buffer.getvalue(), "image/jpeg")


def key(client, url):
    """The one-use key of a form that this person has just opened."""
    response = client.get(url)
    return next(
        part.split('value="')[1].split('"')[0]
        for part in response.content.decode().split("<input")
        if f'name="{cles.CHAMP}"' in part
    )


def answers(client, pret, genre="remise", **changes):
    """What the form holds once everything is seen in good state and both names are ticked."""
    form = client.get(reverse(f"materiel:{genre}", args=[pret.numero])).context["form"]
    data = {"cle": str(uuid4()), "nombre": len(form.lignes), "compteur": "1482,5", "carburant": "plein"}
    for line in form.lignes:
        data |= {f"{line.prefix}-nom": line["nom"].value(), f"{line.prefix}-prevu": line["prevu"].value()}
        data[f"{line.prefix}-etat"] = "bon"
    for cote in Cote:
        data |= {f"vu_{cote}": "on", f"nom_{cote}": form[f"nom_{cote}"].value() or "Quelqu’un"}
    return data | changes


def send(client, pret, genre="remise", **changes):
    url = reverse(f"materiel:{genre}", args=[pret.numero])
    return client.post(url, answers(client, pret, genre, **changes))


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
    for words in ("Manque, 2 sur 3", "Un seul grand.", "1 482,5 h".replace(" 4", "\u202f4"), "Alain Aval"):
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


def test_an_incident_is_followed_then_settled_and_the_loan_closes(cast):
    pret = out(make_materiel("Sono", collectivite=cast.a), cast.b, cast.agent_a)
    take_back(pret, cast.agent_a, seen(0, perdue=1))
    url = Incident.objects.get().get_absolute_url()
    assert "dira ici comment" in plain(open_session(cast.secretaire_b).get(url))
    assert open_session(cast.secretaire_b).post(url, {}).status_code == 302  # no key: back to the page, nothing is done
    client = open_session(cast.gestionnaire_a)
    empty = client.post(url, {cles.CHAMP: key(client, url), "suite": "", "action": "regler"})
    assert "Dites comment il a été réglé" in plain(empty)
    wrong = client.post(url, {cles.CHAMP: key(client, url), "suite": "Payé.", "cout": "cher", "action": "regler"})
    assert "Écrivez un montant" in plain(wrong)
    client.post(url, {cles.CHAMP: key(client, url), "suite": "On attend.", "action": "noter"})
    assert Incident.objects.get().clos_le is None
    client.post(url, {cles.CHAMP: key(client, url), "suite": "Payé.", "cout": "147,60", "action": "regler"})
    assert Incident.objects.get().cout == Decimal("147.60")
    assert Pret.objects.get(pk=pret.pk).statut == StatutPret.CLOS


def test_the_convention_is_prepared_read_and_signed(cast, thing):
    pret = granted(thing, cast.b)
    manager = open_session(cast.gestionnaire_a)
    page = reverse("materiel:remise", args=[pret.numero])
    prepare_url = reverse("materiel:convention_prepare", args=[pret.numero])
    technician = open_session(cast.agent_a)
    refused = technician.post(prepare_url, {cles.CHAMP: key(technician, page)})
    assert refused.status_code == 403
    convention = prepare(pret, cast.gestionnaire_a)
    text = plain(manager.get(convention.get_absolute_url()))
    for words in ("Article 16. Litiges", "La commune d’Aval", convention.sha256, "Il manque le SIREN d’Aval"):
        assert words in text, words
    assert "Signer la convention" not in text
    mayor = open_session(cast.elue_b)
    assert "je la signe pour Bourg" in plain(mayor.get(convention.get_absolute_url()))
    url = reverse("materiel:convention_signer", args=[convention.pk])
    here = convention.get_absolute_url()
    data = {"cote": "emprunteur", "lu": convention.sha256, "accord": "on"}
    unticked = mayor.post(url, data | {"accord": "", cles.CHAMP: key(mayor, here)})
    assert "Cochez cette case pour signer." in plain(unticked)
    stale = mayor.post(url, data | {"lu": "f" * 64, cles.CHAMP: key(mayor, here)})
    assert "plus le texte que vous avez lu" in plain(stale)
    for cote in ("preteur", "personne", ""):
        assert mayor.post(url, data | {"cote": cote, cles.CHAMP: key(mayor, here)}).status_code == 403
    once = data | {cles.CHAMP: key(mayor, here)}
    assert mayor.post(url, once)["Location"] == here
    assert mayor.post(url, once)["Location"] == here
    assert convention.signatures.get().preuve == "code reçu par courriel"
    assert b"%PDF" in b"".join(mayor.get(reverse("materiel:convention_pdf", args=[convention.pk])))


def test_the_scan_of_the_paper_is_checked_then_kept(cast, thing):
    convention = prepare(granted(thing, cast.b), cast.gestionnaire_a)
    client, here = open_session(cast.secretaire_b), convention.get_absolute_url()
    url = reverse("materiel:convention_scan", args=[convention.pk])
    data = {}
    for cote, nom in (("preteur", "Sylvie Aval"), ("emprunteur", "Elise Bourg")):
        data |= {f"nom_{cote}": nom, f"qualite_{cote}": "maire", f"le_{cote}": str(today())}

    def post(name, content, **changes):
        sent = {"fichier": SimpleUploadedFile(name, content), cles.CHAMP: key(client, here)}
        return client.post(url, data | changes | sent)

    assert "macro" in plain(post("contrat.docm", b"PK")) or post("contrat.docm", b"PK").status_code == 422
    assert post("faux.pdf", b"MZ rien").status_code == 422
    late = post("signee.pdf", b"%PDF-1.7\n%%EOF", le_preteur=str(today() + timedelta(days=1)))
    assert "ne peut pas être à venir" in plain(late)
    assert Convention.objects.get().signee_le is None
    assert post("signee.pdf", b"%PDF-1.7\n%%EOF")["Location"] == here
    assert Convention.objects.get().signee_le
    scan = client.get(reverse("materiel:convention_pdf", args=[convention.pk]) + "?copie=scan")
    assert b"".join(scan).startswith(b"%PDF")
    assert "signee.pdf" in scan["Content-Disposition"]
    assert open_session(cast.agent_a).get(here).status_code == 200


def test_a_frame_is_made_listed_and_ended(cast):
    client = open_session(cast.gestionnaire_a)
    url = reverse("materiel:cadre_create")
    past = {"sens": "preteur", "autre": cast.b.pk, "du": str(today() - timedelta(days=90))}
    assert "Choisissez une date" in plain(client.post(url, past | {cles.CHAMP: key(client, url)}))
    data = {"sens": "preteur", "autre": cast.b.pk, "du": str(today())}
    made = client.post(url, data | {cles.CHAMP: key(client, url)})
    convention = Convention.objects.get()
    assert made["Location"] == convention.get_absolute_url()
    assert "couvre déjà une partie" in plain(client.post(url, data | {cles.CHAMP: key(client, url)}))
    listing = reverse("materiel:convention_list")
    assert "Attend Aval et Bourg" in plain(open_session(cast.agent_a).get(listing))
    assert "Lire et signer" in plain(open_session(cast.elue_b).get(listing))
    assert open_session(cast.agent_a).get(url).status_code == 403
    end = reverse("materiel:cadre_resilier", args=[convention.pk])
    client.post(end, {cles.CHAMP: key(client, end)})
    assert Convention.objects.get().resiliee_le == today()
    assert client.get(end)["Location"] == convention.get_absolute_url()


def test_the_sheet_of_the_loan_is_a_pdf(cast, pret):
    response = open_session(cast.secretaire_b).get(reverse("materiel:fiche_pret", args=[pret.numero]))
    assert response["Content-Type"] == "application/pdf"
    assert response.content[:5] == b"%PDF-"


def test_each_page_asks_few_questions(cast, django_assert_max_num_queries):
    lot = make_materiel("Barrières", collectivite=cast.a, stock=80)
    for number in range(12):
        Accessoire.objects.create(materiel=lot, nom=f"Accessoire {number}")
    pret = granted(lot, cast.b, quantite=10)
    convention = prepare(pret, cast.gestionnaire_a)
    sign(convention, cast.secretaire_a, Cote.PRETEUR)
    sign(convention, cast.elue_b, Cote.EMPRUNTEUR)
    client = open_session(cast.agent_a)
    addresses = [convention.get_absolute_url(), reverse("materiel:remise", args=[pret.numero])]
    for url in addresses:
        with django_assert_max_num_queries(25):
            assert client.get(url).status_code == 200
    send(client, pret, quantite="10")
    for number in range(15):
        frame(cast.a, cast.b, cast.elue_b, numero=f"{today().year}-C-{number + 50}")
    addresses = [reverse("materiel:retour", args=[pret.numero]), Constat.objects.get().get_absolute_url()]
    for url in [*addresses, reverse("materiel:convention_list") + "?vue=cadres"]:
        with django_assert_max_num_queries(25):
            assert client.get(url).status_code == 200


def test_the_texts_are_read_where_they_are(cast):
    client = open_session(cast.agent_a)
    assert "Qui emprunte" in plain(client.get("/materiel/reglement/"))
    page = plain(client.get("/materiel/convention-commune-commune/"))
    assert "{preteur}" in page
    assert "Article 16" in page


def test_json_is_json(cast, pret):
    client = open_session(cast.agent_a)
    url = reverse("materiel:remise", args=[pret.numero])
    response = client.post(url, answers(client, pret), headers={"Accept": "application/json"})
    assert json.loads(response.content)["url"].startswith("/materiel/constats/")

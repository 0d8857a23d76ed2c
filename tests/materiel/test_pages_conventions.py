"""Conventions and incidents by their pages: who signs, who files the paper, who follows."""

import io
from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader

from collectivites import cles
from materiel.constats.passation import take_back
from materiel.contrats import copies
from materiel.contrats.conventions import prepare
from materiel.contrats.signatures import sign
from materiel.enums import Cote, StatutPret
from materiel.models import Accessoire, Constat, Convention, Incident, Materiel, Papier, Pret
from materiel.suivi.fiche_de_pret import draw_sheet
from tests.materiel.contrats import frame, give_roles, granted, out, seen, signed, today
from tests.materiel.factories import make_materiel
from tests.materiel.formulaires_contrat import key, plain, send
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
    assert "n’existait pas encore" in plain(post("signee.pdf", b"%PDF-1.7\n%%EOF", le_preteur="1950-01-01"))
    assert post("signee.pdf", b"%PDF-1.7\n%%EOF")["Location"] == here
    assert Convention.objects.get().signee_le is None
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
    assert timezone.localdate(Convention.objects.get().resiliee_le) == today()
    assert client.get(end)["Location"] == convention.get_absolute_url()


def test_the_sheet_of_the_loan_is_a_pdf(cast, pret):
    response = open_session(cast.secretaire_b).get(reverse("materiel:fiche_pret", args=[pret.numero]))
    assert response["Content-Type"] == "application/pdf"
    assert response.content[:5] == b"%PDF-"


def test_the_sheet_of_a_thing_with_a_dozen_accessories_is_one_page(cast, thing, pret):
    Materiel.objects.filter(pk=thing.pk).update(compteur=True, carburant="à rendre plein", valeur_remplacement=18500)
    for rank in range(12):
        Accessoire.objects.create(materiel=thing, nom=f"Godet de curage orientable n° {rank}", nombre=2)
    Papier.objects.create(materiel=thing, type="notice", libelle="Notice")
    sheet = PdfReader(io.BytesIO(draw_sheet(Pret.objects.get(pk=pret.pk))))
    assert len(sheet.pages) == 1
    text = sheet.pages[0].extract_text()
    assert text.count("Manque") == 2
    assert text.count("Godet de curage") == 12
    assert "Retour, " in text


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


def test_the_lender_says_on_the_page_whether_the_copy_is_theirs(cast, thing):
    pret = granted(thing, cast.b)
    convention = prepare(pret, cast.gestionnaire_a)
    here = convention.get_absolute_url()
    scan = ContentFile(b"%PDF-1.7 scan", "signee.pdf")
    papers = [copies.Papier(cote, "Elise Bourg", "maire", today()) for cote in Cote]

    def file():
        copies.sign_on_paper(convention, cast.secretaire_b, scan, "signee.pdf", papers)
        return Convention.objects.get().scan.name

    name = file()
    owner, borrower = open_session(cast.gestionnaire_a), open_session(cast.secretaire_b)
    url = reverse("materiel:convention_copie", args=[convention.pk])
    assert "Est-ce bien votre convention ?" in plain(owner.get(here))
    assert "Voir la copie et répondre" in plain(owner.get(pret.get_absolute_url()))
    assert "Copies de convention à reconnaître" in plain(owner.get(reverse("materiel:demande_list")))
    assert "Copie à reconnaître par Aval" in plain(owner.get(reverse("materiel:convention_list")))
    assert "Rien n’est remis d’ici là" in plain(borrower.get(here))
    assert "doit dire si c’est bien elle avant la remise" in plain(borrower.get(pret.get_absolute_url()))
    sent = {cles.CHAMP: key(borrower, reverse("materiel:besoin_list")), "lue": name, "choix": "oui"}
    assert borrower.post(url, sent).status_code == 403
    answer = {"lue": name, "choix": "non", cles.CHAMP: key(owner, here)}
    mute = owner.post(url, answer)
    assert mute.status_code == 422
    assert "Dites pourquoi" in plain(mute)
    answer |= {"motif": "Ce n’est pas ma signature.", cles.CHAMP: key(owner, here)}
    assert owner.post(url, answer)["Location"] == here
    assert "Ce n’est pas ma signature." in plain(borrower.get(here))
    assert "Ce n’est pas ma signature." in plain(borrower.get(pret.get_absolute_url()))
    answer = {"lue": file(), "choix": "oui", cles.CHAMP: key(owner, here)}
    assert owner.post(url, answer)["Location"] == here
    assert Convention.objects.get().signee_le
    assert "La copie papier" in plain(borrower.get(pret.get_absolute_url()))

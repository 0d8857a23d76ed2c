"""Preparing a convention: its basis, its words, its PDF, and what replaces it."""

import hashlib
import io
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from pypdf import PdfReader

from collectivites.enums import TypeCollectivite
from collectivites.models import Territoire
from extranet.lib.demi_journees import DemiJournee, Moment
from materiel.constats.passation import hand_over
from materiel.contrats.conventions import basis_of_loan, current_of, lacking, prepare, prepare_frame
from materiel.contrats.donnees_convention import period, print_of_loan
from materiel.contrats.signatures import sign
from materiel.enums import BaseLegale, Conducteur, Cote, StatutPret, Transport
from materiel.models import Accessoire, Convention, ModeleConventionPage, Pret, ReglementPretPage
from materiel.prets.modifications import change_loan
from materiel.prets.reponses import accept, answer_proposal, propose
from materiel.refus import PretRefuse
from materiel.suivi.etapes import with_convention
from notifications.models import Notification
from tests.collectivites.factories import CollectiviteFactory
from tests.materiel.contrats import frame, give_roles, granted, seen, set_rules, today
from tests.materiel.factories import make_materiel
from tests.materiel.prets import ask

pytestmark = pytest.mark.django_db


def words(convention):
    with convention.file.open("rb") as kept:
        pages = PdfReader(io.BytesIO(kept.read())).pages
    text = " ".join(page.extract_text() for page in pages)
    return " ".join(text.replace("\u00a0", " ").replace("\u202f", " ").split())


@pytest.fixture
def cast(distribution):
    give_roles(distribution)
    for place, siren in ((distribution.a, "213905268"), (distribution.b, "213902331")):
        place.siren, place.adresse, place.code_postal, place.ville = siren, "1 place Haute", "39500", place.nom
        place.save()
    territoire = Territoire.load()
    territoire.designation = "la communauté d’agglomération du Grand Val"
    territoire.dpo_courriel = "dpo@grand-val.example"
    territoire.save()
    return distribution


@pytest.fixture
def pret(cast):
    thing = make_materiel(
        "Barnum 5 × 8 m",
        collectivite=cast.a,
        inventaire="AVA-014",
        valeur_remplacement=Decimal("2450"),
        lieu="centre technique",
        tarif_jour=Decimal("60"),
    )
    Accessoire.objects.create(materiel=thing, nom="Rideaux de côté", nombre=4, valeur=Decimal("85"))
    return granted(thing, cast.b, usage="Foire d’automne")


def test_the_installer_plants_a_model_for_each_case_and_the_rules():
    assert set(ModeleConventionPage.objects.values_list("base_legale", "cadre")) == {
        (base, cadre) for base in BaseLegale for cadre in (False, True)
    }
    for page in ModeleConventionPage.objects.all():
        page.full_clean()
        assert len(page.textes) == 16
    rules = ReglementPretPage.objects.get()
    assert rules.corps[0].value["texte"] == "1. Qui emprunte"


def test_a_model_with_a_word_that_means_nothing_is_refused():
    page = ModeleConventionPage.objects.first()
    page.articles[0].value["texte"] = "Prêt {prêteur}."
    with pytest.raises(ValidationError, match="Article 1.*ne désigne rien"):
        page.full_clean()


def test_the_convention_says_the_loan(cast, pret):
    convention = prepare(pret, cast.gestionnaire_a)
    text = words(convention)
    for part in (
        "Convention n° " + pret.numero,
        "La commune d’Aval, qui prête",
        "213 905 268",
        "Représentée par Sylvie Aval",
        "l’arrêté n° 2026-31 du 3 avril 2026 portant délégation",
        "Représentée par Elise Bourg",
        "article L. 2122-21 du code général",
        "la communauté d’agglomération du Grand Val",
        "le matériel « Barnum 5 × 8 m », pour « Foire d’automne »",
        "Rideaux de côté",
        "2 790 €",
        "à Aval, centre technique",
        "au prix de 60 € par jour, soit 180 €",
        "Article 16. Litiges",
        "Signature et cachet",
    ):
        assert part in text, part
    assert "à compléter" not in text
    assert lacking(convention) == []
    with convention.file.open("rb") as kept:
        assert hashlib.sha256(kept.read()).hexdigest() == convention.sha256
    assert convention.base_legale == BaseLegale.COMMUNE_COMMUNE
    assert Notification.objects.filter(destinataire__in=[cast.secretaire_a, cast.elue_b]).count() == 2


def test_what_is_not_known_is_told_before_one_signs(distribution):
    convention = prepare(granted(make_materiel(collectivite=distribution.a), distribution.b), None)
    assert "le SIREN d’Aval" in lacking(convention)
    assert "qui signe d’Aval" in lacking(convention)


@pytest.mark.parametrize(
    ("preteur", "emprunteur", "fields", "price", "basis"),
    [
        ("commune", "commune", {}, None, BaseLegale.COMMUNE_COMMUNE),
        ("epci", "commune", {}, None, BaseLegale.EPCI_COMMUNE),
        ("epci", "commune", {"avec_conducteur": True}, None, BaseLegale.AVEC_CONDUCTEUR),
        ("commune", "commune", {"avec_conducteur": True}, None, BaseLegale.AVEC_CONDUCTEUR),
        ("commune", "ccas", {}, None, BaseLegale.PRET_USAGE),
        ("commune", "epci", {}, None, BaseLegale.PRET_USAGE),
        ("commune", "ccas", {}, Decimal("10"), BaseLegale.COMMUNE_COMMUNE),
    ],
)
def test_the_basis_follows_who_owns_and_who_drives(cast, preteur, emprunteur, fields, price, basis):
    places = {
        "commune": lambda: CollectiviteFactory(),
        "epci": lambda: cast.epci,
        "ccas": lambda: CollectiviteFactory(type=TypeCollectivite.CCAS, insee=None, nom="CCAS", article="le"),
    }
    thing = make_materiel(collectivite=places[preteur](), tarif_jour=price)
    pret = granted(thing, places[emprunteur](), **fields)
    assert basis_of_loan(pret) == basis
    assert prepare(pret, None).base_legale == basis


def test_prepared_twice_it_is_one_until_the_loan_grows(cast, pret):
    one = prepare(pret, cast.gestionnaire_a)
    assert prepare(pret, cast.secretaire_b) == one
    Pret.objects.filter(pk=pret.pk).update(date_fin=pret.date_fin + timedelta(days=1))
    two = prepare(pret, cast.gestionnaire_a)
    one.refresh_from_db()
    assert (one.remplacee_par, two.numero) == (two, f"{pret.numero}-2")
    assert not one.is_current()
    assert Convention.objects.filter(pret=pret, remplacee_par=None).get() == two


def test_under_a_frame_there_is_nothing_to_prepare(cast, pret):
    frame(cast.a, cast.b, cast.secretaire_a)
    with pytest.raises(PretRefuse, match="convention-cadre.*couvre déjà ce prêt"):
        prepare(pret, cast.gestionnaire_a)


def test_only_a_granted_loan_has_a_convention(cast, pret):
    Pret.objects.filter(pk=pret.pk).update(statut=StatutPret.DEMANDE)
    with pytest.raises(PretRefuse, match="une fois le prêt accordé"):
        prepare(pret, cast.gestionnaire_a)


def test_without_model_it_says_whom_to_ask(cast, pret):
    ModeleConventionPage.objects.filter(base_legale=BaseLegale.COMMUNE_COMMUNE, cadre=False).update(live=False)
    with pytest.raises(PretRefuse, match="Aucun modèle.*entre communes"):
        prepare(pret, cast.gestionnaire_a)
    assert not Convention.objects.exists()


def test_the_model_that_the_territory_wrote_is_the_one_printed(cast, pret):
    page = ModeleConventionPage.objects.get(base_legale=BaseLegale.COMMUNE_COMMUNE, cadre=False)
    page.articles[0].value["texte"] = "Le matériel est prêté {a_emprunteur} par {preteur}, à notre façon."
    page.save_revision().publish()
    assert "Le matériel est prêté à la commune de Bourg par la commune d’Aval, à notre façon." in words(
        prepare(pret, None)
    )


def test_a_frame_for_a_year_in_one_direction(cast):
    du, au = today(), today() + timedelta(days=364)
    one = prepare_frame(cast.gestionnaire_a, cast.a, cast.b, du, au, avec_conducteur=False)
    assert one.numero == f"{du.year}-C-01"
    text = words(one)
    assert "Convention-cadre de mise à disposition" in text
    assert "tout matériel que la commune d’Aval inscrit" in text
    assert "à compléter" not in text
    with pytest.raises(PretRefuse, match="couvre déjà une partie"):
        prepare_frame(cast.gestionnaire_a, cast.a, cast.b, au, au + timedelta(days=9), avec_conducteur=False)
    back = prepare_frame(cast.gestionnaire_a, cast.b, cast.a, du, au, avec_conducteur=False)
    driven = prepare_frame(cast.gestionnaire_a, cast.a, cast.b, du, au, avec_conducteur=True)
    assert [back.numero[-2:], driven.numero[-2:]] == ["02", "03"]
    assert driven.base_legale == BaseLegale.AVEC_CONDUCTEUR
    with pytest.raises(PretRefuse, match="entre deux collectivités"):
        prepare_frame(cast.gestionnaire_a, cast.a, cast.a, du, au, avec_conducteur=False)


def test_a_long_loan_has_a_short_table(cast):
    thing = make_materiel(collectivite=cast.a, duree_max_jours=90)
    pret = granted(thing, cast.b, date_fin=today() + timedelta(days=59))
    jours = print_of_loan(pret, "1", ModeleConventionPage.objects.get(base_legale="commune_commune", cadre=False))[
        "jours"
    ]
    assert len(jours) == 3
    assert jours[1]["jour"].startswith("du ")


@pytest.mark.parametrize(
    ("debut", "fin", "text"),
    [
        ((16, Moment.MATIN), (18, Moment.APRES_MIDI), "du 16 octobre 2026, matin, au 18 octobre 2026, après-midi"),
        ((1, Moment.MATIN), (1, Moment.APRES_MIDI), "le 1er octobre 2026"),
        ((2, Moment.APRES_MIDI), (2, Moment.APRES_MIDI), "le 2 octobre 2026, après-midi"),
    ],
)
def test_the_period_of_a_convention_leaves_nothing_to_guess(debut, fin, text):
    first, last = (DemiJournee(date(2026, 10, day), moment) for day, moment in (debut, fin))
    assert period(first, last) == text


def test_each_party_is_asked_once(cast, pret):
    prepare(pret, cast.elue_b)
    asked = Notification.objects.filter(sorte="materiel_convention")
    assert [one.destinataire for one in asked] == [cast.secretaire_a]
    assert Cote.PRETEUR in asked.get().cle


@pytest.fixture
def accord(cast, django_capture_on_commit_callbacks):
    """Grants a request as its owner does, up to the writing of the transaction."""

    def done() -> Pret:
        pret = ask(make_materiel("Nacelle", collectivite=cast.a), cast.b)
        with django_capture_on_commit_callbacks(execute=True):
            return accept(pret, cast.gestionnaire_a)

    return done


def test_a_granted_loan_has_its_convention_at_once(cast, accord, django_capture_on_commit_callbacks):
    pret = accord()
    first = pret.conventions.get()
    assert first.preparee_par == cast.gestionnaire_a
    assert Notification.objects.filter(destinataire=cast.secretaire_a, titre__icontains="convention").exists()
    with django_capture_on_commit_callbacks(execute=True):
        change_loan(pret, cast.gestionnaire_a, debut=pret.debut, fin=pret.fin.shift(4), quantite=1)
    second = pret.conventions.get(remplacee_par=None)
    assert second != first
    assert second.valable_au == pret.fin.shift(4).date


def test_none_where_none_is_asked_for(cast, accord):
    set_rules(convention_exigee=False)
    assert not accord().conventions.exists()


def test_none_under_a_frame(cast, accord):
    frame(cast.a, cast.b, cast.gestionnaire_a)
    assert not accord().conventions.exists()


def test_a_loan_is_granted_without_any_model(cast, accord, caplog):
    ModeleConventionPage.objects.all().update(live=False)
    with caplog.at_level("INFO", logger="materiel.contrats.conventions"):
        pret = accord()
    assert pret.statut == StatutPret.ACCEPTE
    assert "Aucun modèle de convention" in caplog.text
    assert not pret.conventions.exists()


def test_another_thing_asks_for_another_convention(cast, pret, django_capture_on_commit_callbacks):
    """Signed for the barnum, it does not let the nacelle leave, whose driver comes with it."""
    before = prepare(pret, cast.gestionnaire_a)
    sign(before, cast.secretaire_a, Cote.PRETEUR)
    sign(before, cast.elue_b, Cote.EMPRUNTEUR)
    other = make_materiel(
        "Nacelle 12 m", collectivite=cast.a, conducteur=Conducteur.OBLIGATOIRE, transport=Transport.LIVRE
    )
    offer = propose(pret, cast.gestionnaire_a, debut=pret.debut, fin=pret.fin, quantite=1, materiel=other)
    with django_capture_on_commit_callbacks(execute=True):
        answer_proposal(pret, cast.secretaire_b, True, lue=offer.pk)
    changed = Pret.objects.get(pk=pret.pk)
    assert (changed.materiel, changed.avec_conducteur, changed.transport) == (other, True, Transport.LIVRAISON)
    after = current_of(changed)
    assert (after.materiel, after.remplace.get(), after.base_legale) == (other, before, BaseLegale.AVEC_CONDUCTEUR)
    assert "Nacelle 12 m" in words(after)
    assert not with_convention(Pret.objects.all()).get(pk=pret.pk).convention_signee
    with pytest.raises(PretRefuse, match="pas signée par Aval et par Bourg"):
        hand_over(changed, cast.agent_a, seen())

"""What an état des lieux asks: what the thing has, once, and what left when it comes back."""

import pytest

from materiel.constats.elements import PAPIERS, expected
from materiel.enums import EtatElement, TypeConstat
from materiel.models import Accessoire, Categorie, Constat, Papier, Pret
from tests.materiel.contrats import fleet, give_roles, granted, out, signed
from tests.materiel.factories import make_materiel
from tests.materiel.formulaires_contrat import plain, send
from tests.sessions import open_session

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast(distribution):
    give_roles(distribution)
    return distribution


def asked(pret, genre=TypeConstat.REMISE):
    return [one.nom for one in expected(pret, genre)]


@pytest.mark.parametrize(
    ("nom", "categorie"), [("Sono", "fetes"), ("Podium", "fetes"), ("Chaises", "salles"), ("Sonomètre", "mesure")]
)
def test_nothing_is_asked_that_the_thing_has_not(cast, nom, categorie):
    thing = make_materiel(nom, collectivite=cast.a, categorie_code=categorie)
    Accessoire.objects.create(materiel=thing, nom="enrouleur", nombre=2)
    found = asked(granted(thing, cast.b))
    assert found[0] == "État général"
    assert set(found) - {"Propreté"} == {"État général", "Enrouleur"}


def test_what_the_accessories_say_is_not_asked_twice(cast):
    Categorie.objects.filter(code="fetes").update(
        elements="État général\nLests et sangles\nNotice\nPlein fait\nCompteur relevé\nToile et rideaux"
    )
    tent = make_materiel("Barnum", collectivite=cast.a, categorie_code="fetes")
    for nom in ("lest", "Sangles et piquets"):
        Accessoire.objects.create(materiel=tent, nom=nom, nombre=8)
    Papier.objects.create(materiel=tent, type="notice", libelle="Notice de montage")
    found = asked(granted(tent, cast.b))
    assert found == ["État général", "Toile et rideaux", "Lest", "Sangles et piquets", PAPIERS]


def test_what_is_of_no_use_is_not_written_and_what_left_is_asked_back(cast):
    thing = make_materiel("Broyeur", collectivite=cast.a, categorie_code="espaces-verts")
    Accessoire.objects.create(materiel=thing, nom="casques", nombre=2)
    pret = granted(thing, cast.b)
    signed(pret, cast.elue_b)
    client = open_session(cast.agent_a)
    lines = {name: f"e{rank}-etat" for rank, name in enumerate(asked(pret))}
    send(client, pret, **{lines["Propreté"]: "sans"})
    constat = Constat.objects.get()
    assert [(one.nom, one.etat) for one in constat.elements.all()] == [
        ("État général", EtatElement.BON),
        ("Casques", EtatElement.BON),
    ]
    thing.accessoires.all().delete()
    Accessoire.objects.create(materiel=thing, nom="Gants")
    pret = Pret.objects.get()
    assert asked(pret, TypeConstat.RESTITUTION) == ["État général", "Casques"]
    refused = send(client, pret, "retour", **{"e0-etat": "sans"})
    assert refused.status_code == 422
    sentences = plain(send(client, pret, "retour", **{"e1-etat": "manque"}))
    assert "Casques : Écrivez ce qui manque" in sentences


@pytest.mark.parametrize("quantite", ["", "0", "41"])
def test_the_sentences_of_the_device_are_those_of_the_server(cast, quantite):
    lot = make_materiel("Barrières", collectivite=cast.a, stock=80, unite="barrières")
    pret = granted(lot, cast.b, quantite=40)
    signed(pret, cast.elue_b)
    response = send(open_session(cast.agent_a), pret, quantite=quantite)
    form = response.context["form"]
    rule = next(one for one in form.rules() if one["champs"] == ["quantite"])
    assert form.errors["quantite"] == [rule["phrase"]]
    assert rule["phrase"] == "Le prêt porte sur 40\u00a0: on en remet entre 1 et 40."


def test_units_are_ticked_and_no_more_than_lent(cast):
    park = fleet(3, collectivite=cast.a)
    pret = granted(park, cast.b, quantite=2)
    signed(pret, cast.elue_b)
    client = open_session(cast.agent_a)
    none = send(client, pret).context["form"]
    many = send(client, pret, unites=[one.pk for one in park.numeros.all()]).context["form"]
    known = [one["phrase"] for one in none.rules() if one["champs"] == ["unites"]]
    assert [none.errors["unites"], many.errors["unites"]] == [[known[0]], [known[1]]]


def test_a_meter_out_of_bounds_gets_an_example(cast):
    thing = make_materiel("Tondeuse", collectivite=cast.a, compteur=True)
    pret = out(thing, cast.b, cast.agent_a)
    for wrong in ("-3", "12,55", "1234567890", "beaucoup"):
        form = send(open_session(cast.agent_a), pret, "retour", compteur=wrong).context["form"]
        assert form.errors["compteur"] == ["Écrivez des heures, par exemple 1482,5."]

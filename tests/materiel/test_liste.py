"""The board: filters, counts, order, badges, words, fragments."""

from datetime import timedelta

import pytest
from django.db import connection
from django.http import QueryDict
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from collectivites.diffusion import code_collectivite
from extranet.lib.cherchable import reindex
from materiel.enums import Nature, StatutMateriel, StatutPret, Transport, TypePapier
from materiel.models import MaterielPage, Papier
from materiel.registre import close_expired
from materiel.vitrine.filtres import PAR_PAGE, Choix, Tri
from materiel.vitrine.liste import Liste, lister
from tests.collectivites.factories import CollectiviteFactory
from tests.distribution import Distribution
from tests.materiel.factories import EngagementFactory, PretFactory, half, make_materiel, monday
from tests.sessions import open_session

LUNDI, MARDI = monday(), monday() + timedelta(days=1)
DATES = f"du={LUNDI}&au={MARDI}"


@pytest.fixture
def client(distribution: Distribution) -> Client:
    return open_session(distribution.gestionnaire_a)


@pytest.fixture
def places(distribution: Distribution) -> Distribution:
    """Aval in Dole, Bourg at 7 km, and a commune far away."""
    for place, at in [(distribution.a, (47.09, 5.49)), (distribution.b, (47.04, 5.43))]:
        place.latitude, place.longitude = at
        place.save()
    return distribution


def listed(distribution: Distribution, address: str = "", qui: str = "gestionnaire_a") -> Liste:
    agent = getattr(distribution, qui)
    poste = agent.postes_en_cours[0] if agent.postes_en_cours else None
    return lister(Choix.of(QueryDict(address)), agent, poste.collectivite if poste else None)


def names(found: Liste) -> list[str]:
    return [carte.materiel.nom for carte in found.cartes]


def badge(distribution: Distribution, address: str = DATES) -> tuple[str, str]:
    (carte,) = listed(distribution, address).cartes
    return carte.etat.ton, carte.etat.mots.replace("\u00a0", " ")


def test_the_sentence_counts_what_is_free_on_the_dates(distribution: Distribution) -> None:
    taken = make_materiel("Nacelle", collectivite=distribution.b)
    make_materiel("Sono", collectivite=distribution.b)
    make_materiel("Barnum", collectivite=distribution.b)
    EngagementFactory(materiel=taken, debut=half(LUNDI), fin=half(LUNDI))
    assert listed(distribution).titre == "3 matériels"
    assert listed(distribution, DATES).titre.startswith("3 matériels, dont 2 libres les ")
    only = listed(distribution, f"{DATES}&libres=1")
    assert only.titre.startswith("2 matériels libres les ")
    assert sorted(names(only)) == ["Barnum", "Sono"]


def test_a_lot_says_how_many_are_left(distribution: Distribution) -> None:
    lot = make_materiel("Barrières", stock=80, unite="barrières", collectivite=distribution.b)
    assert badge(distribution) == ("ok", "80 barrières libres sur 80")
    EngagementFactory(materiel=lot, quantite=35, debut=half(LUNDI), fin=half(LUNDI))
    assert badge(distribution) == ("wait", "45 barrières libres sur 80")
    assert badge(distribution, f"{DATES}&combien=60") == ("wait", "45 barrières libres sur 80")
    assert listed(distribution, f"{DATES}&combien=60").selection.libres == 0
    assert badge(distribution, f"{DATES}&combien=90") == ("neutral", "80 au plus par prêt")


def test_why_a_thing_is_not_free(distribution: Distribution) -> None:
    thing = make_materiel("Nacelle", collectivite=distribution.b)
    kept = EngagementFactory(materiel=thing, debut=half(LUNDI), fin=half(MARDI) + 1)
    assert badge(distribution) == ("info", "Gardé par la mairie")
    kept.nature = Nature.ENTRETIEN
    kept.save()
    assert badge(distribution)[1].startswith("En entretien, libre dès le ")
    pret = PretFactory(materiel=thing)
    kept.nature, kept.pret = Nature.PRET, pret
    kept.save()
    ton, words = badge(distribution)
    assert (ton, words.startswith("Pris, libre dès le ")) == ("neutral", True)


def test_ones_own_thing_that_is_kept_is_kept_for_us(distribution: Distribution) -> None:
    thing = make_materiel("Balayeuse", collectivite=distribution.a)
    EngagementFactory(materiel=thing, debut=half(LUNDI), fin=half(MARDI) + 1)
    (carte,) = listed(distribution, DATES).cartes
    assert (carte.etat.mots, carte.km) == ("Gardé pour votre commune", "chez vous")
    PretFactory(materiel=thing, emprunteur=distribution.b, statut=StatutPret.DEMANDE)
    assert listed(distribution, DATES).cartes[0].detail == "Demandé par Bourg"


def test_part_of_the_period_is_offered(distribution: Distribution) -> None:
    thing = make_materiel("Mini-pelle", collectivite=distribution.b)
    pret = PretFactory(materiel=thing)
    EngagementFactory(materiel=thing, nature=Nature.PRET, pret=pret, debut=half(LUNDI) + 1, fin=half(MARDI) + 1)
    ton, words = badge(distribution)
    assert ton == "wait"
    assert words.startswith("Libre lundi")
    assert words.endswith("matin")


def test_notice_length_paper_and_withdrawal_are_told(distribution: Distribution) -> None:
    thing = make_materiel("Nacelle", collectivite=distribution.b, preavis_jours=60)
    assert badge(distribution)[1].startswith("Préavis : dès le ")
    thing.preavis_jours, thing.duree_max_jours = 0, 1
    thing.save()
    assert badge(distribution) == ("neutral", "Un jour au plus")
    thing.duree_max_jours = 30
    thing.save()
    Papier.objects.create(materiel=thing, type=TypePapier.VGP, bloquant=True, valable_jusqu_au=LUNDI)
    close_expired(thing)
    ton, words = badge(distribution)
    assert ton == "wait"
    assert words.lower().startswith("vérification périodique")
    thing.statut = StatutMateriel.RETIRE
    thing.save()
    assert badge(distribution) == ("neutral", "Retiré du prêt")
    assert listed(distribution, DATES).selection.libres == 0


def test_without_dates_the_badge_says_the_first_day(distribution: Distribution) -> None:
    thing = make_materiel("Nacelle", collectivite=distribution.b)
    assert badge(distribution, "") == ("ok", "Libre aujourd’hui")
    today = half(timezone.localdate())
    EngagementFactory(materiel=thing, debut=today, fin=today + 3)
    ton, words = badge(distribution, "")
    assert ton == "ok"
    assert words.startswith("Libre dès ")
    EngagementFactory(materiel=thing, debut=today + 4, fin=today + 400)
    assert badge(distribution, "") == ("neutral", "Rien de libre avant deux mois")


def test_nearest_first_and_no_further_than_asked(places: Distribution) -> None:
    far = CollectiviteFactory(nom="Loin", slug="loin", latitude=46.6, longitude=6.0)
    unknown = CollectiviteFactory(nom="Nulle part", slug="nulle-part")
    for nom, place in [("Au loin", far), ("Sans lieu", unknown), ("À côté", places.b), ("Chez nous", places.a)]:
        make_materiel(nom, collectivite=place)
    found = listed(places)
    assert names(found) == ["Chez nous", "À côté", "Au loin", "Sans lieu"]
    assert [carte.km for carte in found.cartes][:2] == ["chez vous", "7\u00a0km"]
    assert found.cartes[3].km == ""
    assert names(listed(places, "km=10")) == ["Chez nous", "À côté"]
    assert listed(places, "km=7000").total == 4
    assert names(listed(places, "tri=nom")) == ["À côté", "Au loin", "Chez nous", "Sans lieu"]
    assert names(listed(places, "tri=nouveautes"))[0] == "Chez nous"


def test_category_delivery_and_commune_narrow(distribution: Distribution) -> None:
    make_materiel("Barnum", categorie_code="fetes", collectivite=distribution.b, transport=Transport.LIVRAISON)
    make_materiel("Sono", categorie_code="fetes", collectivite=distribution.a)
    make_materiel("Balayeuse", collectivite=distribution.a)
    assert sorted(names(listed(distribution, "categorie=fetes"))) == ["Barnum", "Sono"]
    assert names(listed(distribution, "livraison=1")) == ["Barnum"]
    assert sorted(names(listed(distribution, "commune=aval"))) == ["Balayeuse", "Sono"]
    chips = [(un.libelle, un.actif) for un in listed(distribution, "categorie=fetes").rayons]
    assert chips == [("Tout", False), ("Fêtes et cérémonies", True), ("Voirie", False)]


def test_words_find_by_name_category_and_accents(distribution: Distribution) -> None:
    for nom, code in [("Épareuse Rousseau", "espaces-verts"), ("Barnum de fête", "fetes")]:
        make_materiel(nom, categorie_code=code, collectivite=distribution.b)
    reindex(MaterielPage.to_index())
    assert names(listed(distribution, "quoi=epareuse")) == ["Épareuse Rousseau"]
    assert names(listed(distribution, "quoi=barnums")) == ["Barnum de fête"]
    assert names(listed(distribution, "quoi=fetes")) == ["Barnum de fête"]
    assert listed(distribution, "quoi=epareuse").choix.tri == Tri.PERTINENCE
    assert listed(distribution, "quoi=paratonnerre").total == 0


def test_what_is_for_others_is_neither_shown_nor_counted(distribution: Distribution) -> None:
    make_materiel("Pour Bourg", collectivite=distribution.b, diffusion=[code_collectivite(distribution.b.pk)])
    make_materiel("Brouillon", collectivite=distribution.a, publie=False)
    archived = make_materiel("Archivé", collectivite=distribution.b)
    archived.statut = StatutMateriel.ARCHIVE
    archived.save()
    reindex(MaterielPage.to_index())
    for address in ("", DATES, "quoi=bourg"):
        found = listed(distribution, address)
        assert (found.total, found.selection.rayons) == (0, [])
    assert names(listed(distribution, qui="secretaire_b")) == ["Pour Bourg"]
    assert listed(distribution, qui="sans_poste").total == 0


@pytest.mark.parametrize(
    ("address", "said"),
    [
        (f"du={MARDI}&au={LUNDI}", "Le retour vient avant le départ"),
        ("du=2020-01-01", "Cette date est passée"),
        ("du=2999-01-01", "On réserve jusqu’au"),
        ("du=31/02/2026", "Cette date ne se lit pas"),
        ("combien=-3", "Un nombre entier, à partir de 1."),
        ("combien=beaucoup", "Un nombre entier, à partir de 1."),
    ],
)
def test_wrong_dates_are_told_and_everything_is_shown(
    client: Client, distribution: Distribution, address: str, said: str
) -> None:
    make_materiel("Nacelle", collectivite=distribution.b)
    page = client.get(f"/materiel/?{address}").content.decode()
    assert said in page
    assert "Nacelle" in page


def test_anything_may_be_written_in_an_address(client: Client, distribution: Distribution) -> None:
    make_materiel("Nacelle", collectivite=distribution.b)
    for address in ("page=0", "page=99999", "page=x", "tri=zzz", "km=12", "categorie=%00", "libres=1", "quoi=%22%27"):
        assert client.get(f"/materiel/?{address}").status_code == 200, address


def test_the_rest_is_added_to_what_is_shown(client: Client, distribution: Distribution) -> None:
    for rank in range(PAR_PAGE + 5):
        make_materiel(f"Matériel {rank:02}", collectivite=distribution.b)
    first = client.get("/materiel/?tri=nom")
    assert "Voir 5 matériels de plus" in first.content.decode()
    more = client.get("/materiel/?tri=nom&page=2", headers={"HX-Request": "true", "HX-Target": "suite"})
    page = more.content.decode()
    assert page.count("<article") == 5
    assert "<html" not in page
    assert "Matériel 00" not in page
    whole = client.get("/materiel/?tri=nom&page=2").content.decode()
    assert whole.count("<article") == PAR_PAGE + 5


def test_the_fragment_is_the_results_alone_and_names_its_address(client: Client, distribution: Distribution) -> None:
    make_materiel("Nacelle", collectivite=distribution.b)
    answer = client.get(
        f"/materiel/?quoi=&{DATES}&combien=1&km=", headers={"HX-Request": "true", "HX-Target": "resultats"}
    )
    assert "<html" not in answer.content.decode()
    assert answer["HX-Push-Url"] == f"/materiel/?{DATES}"
    assert "HX-Request" in answer["Vary"]
    assert "HX-Target" in answer["Vary"]


def test_who_has_no_poste_is_told_why_there_is_nothing(distribution: Distribution) -> None:
    make_materiel("Nacelle", collectivite=distribution.b)
    page = open_session(distribution.sans_poste).get("/materiel/").content.decode()
    assert "Vous n’avez pas de poste en cours" in page
    assert "Nacelle" not in page


def test_a_board_of_two_hundred_costs_few_queries(client: Client, places: Distribution) -> None:
    for rank in range(200):
        thing = make_materiel(f"Nacelle {rank}", collectivite=(places.a, places.b)[rank % 2], tampon_apres=rank % 2)
        if rank % 3 == 0:
            EngagementFactory(materiel=thing, debut=half(LUNDI), fin=half(MARDI))
    reindex(MaterielPage.to_index())
    client.get("/materiel/?quoi=nacelle")  # a process reads the words of the dictionary once
    for address in ("", f"?{DATES}", f"?{DATES}&libres=1&km=20", f"?quoi=nacelle&{DATES}", f"?{DATES}&page=9"):
        with CaptureQueriesContext(connection) as seen:
            assert client.get(f"/materiel/{address}").status_code == 200
        assert len(seen) <= 25, (address, len(seen))


def test_the_map_says_the_same_as_the_board(client: Client, places: Distribution) -> None:
    thing = make_materiel("Nacelle", collectivite=places.b)
    make_materiel("Sono", collectivite=places.b)
    EngagementFactory(materiel=thing, debut=half(LUNDI), fin=half(LUNDI))
    page = client.get(f"/materiel/carte/?{DATES}").content.decode()
    assert "2 matériels, 1 libre" in page
    assert 'class="ec-map ec-map--l"' in page
    assert f"/materiel/?{DATES.replace('&', '&amp;')}&amp;commune=bourg" in page


def test_what_is_withdrawn_is_not_to_borrow(client: Client, places: Distribution) -> None:
    make_materiel("Nacelle", collectivite=places.b)
    make_materiel("Sono", collectivite=places.b, statut=StatutMateriel.RETIRE)
    board = client.get("/materiel/")
    assert board.context["recherche"].entourage.materiels == 1
    assert "2 matériels, dont 1 retiré du prêt" in board.content.decode()


def test_the_map_needs_positions(client: Client, distribution: Distribution) -> None:
    make_materiel("Nacelle", collectivite=distribution.b)
    assert "Aucune position n’est connue" in client.get("/materiel/carte/").content.decode()


def test_ones_own_list_shows_drafts_to_those_who_manage(client: Client, distribution: Distribution) -> None:
    make_materiel("Balayeuse", collectivite=distribution.a)
    draft = make_materiel("Brouillon de broyeur", collectivite=distribution.a, publie=False)
    make_materiel("De Bourg", collectivite=distribution.b)
    soon = timezone.localdate() + timedelta(days=10)
    Papier.objects.create(materiel=draft, type=TypePapier.VGP, bloquant=True, valable_jusqu_au=soon)
    page = client.get("/materiel/nos-materiels/").content.decode()
    assert "Balayeuse" in page
    assert "Brouillon de broyeur" in page
    assert "Vérification périodique, jusqu’au" in page
    assert "De Bourg" not in page
    reader = open_session(distribution.agent_a).get("/materiel/nos-materiels/").content.decode()
    assert "Balayeuse" in reader
    assert "Brouillon de broyeur" not in reader
    assert "Garder des dates" not in reader


def test_long_words_stay_whole(client: Client, distribution: Distribution) -> None:
    name = "Tondeuse autoportée à éjection arrière avec bac de ramassage à vidage en hauteur et kit de mulching"
    make_materiel(name, collectivite=distribution.b, accroche="A" * 120)
    assert name in client.get("/materiel/").content.decode()

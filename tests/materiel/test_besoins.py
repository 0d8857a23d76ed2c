"""Needs: posted, told to the owners of that category with a free one, answered by a thing or a word, counted."""

from io import BytesIO

import pytest
from openpyxl import load_workbook

from collectivites.models import Collectivite
from materiel.entraide import besoins
from materiel.enums import Nature, StatutBesoin, StatutPret
from materiel.models import Besoin, Categorie, Engagement, Pret
from materiel.prets import reponses
from materiel.prets.modifications import cancel
from materiel.refus import PlusAssez, PretRefuse
from materiel.registre.verification import differences
from notifications.models import Notification
from tests.materiel.besoins import DOLE, PRES, nacelle, post, tell
from tests.materiel.factories import EngagementFactory, half, make_materiel, monday
from tests.materiel.prets import commune, days, keeper
from tests.sessions import open_session

pytestmark = pytest.mark.django_db
LOIN = 47.6, 6.2


@pytest.fixture
def sampans() -> Collectivite:
    return commune("Sampans", latitude=DOLE[0], longitude=DOLE[1])


@pytest.fixture
def authume() -> Collectivite:
    return commune("Authume", latitude=PRES[0], longitude=PRES[1])


def asked() -> dict[str, str]:
    """Who was told, and of what."""
    rows = Notification.objects.filter(sorte="besoin_a_aider").select_related("collectivite")
    return {one.collectivite.nom: one.texte for one in rows}


def test_owners_of_that_category_with_a_free_one_nearby_are_told_once(sampans, authume):
    """The others are not: another category, taken, too far, overdue, a draft, one's own."""
    nacelle(authume)
    make_materiel("Barnum", collectivite=commune("Foucherans"), categorie_code="fetes")
    taken = nacelle(commune("Damparis", latitude=PRES[0], longitude=PRES[1]), "Nacelle prise")
    EngagementFactory(materiel=taken, debut=half(monday()) + 2, fin=half(monday()) + 2)
    nacelle(commune("Vesoul", latitude=LOIN[0], longitude=LOIN[1]))
    nacelle(commune("Choisey"), publie=False)
    nacelle(sampans)
    nacelle(commune("Tavaux"), "Nacelle sans coordonnées")
    post(sampans, occasion="Guirlandes de Noël.")
    assert besoins.announce_pending() == 0  # five minutes to think again
    assert tell() == 1
    assert asked().keys() == {"Authume", "Tavaux"}
    assert "Guirlandes de Noël." in asked()["Authume"]
    assert "«\u00a0Nacelle 12\u00a0m\u00a0»" in asked()["Authume"]
    assert tell() == 0
    assert Notification.objects.filter(sorte="besoin_a_aider").count() == 2


def test_a_need_closed_before_is_told_to_nobody(sampans, authume):
    nacelle(authume)
    besoins.close(post(sampans), keeper(sampans))
    assert tell() == 0
    assert asked() == {}


def test_we_may_help_makes_a_loan_to_be_confirmed_and_holds_it(sampans, authume):
    thing, besoin = nacelle(authume), post(sampans)
    pret = besoins.offer(besoin, keeper(authume), authume, thing, 1, "Avec le harnais.")
    assert (pret.statut, pret.emprunteur, pret.preteur) == (StatutPret.PROPOSE, sampans, authume)
    assert (pret.demandeur, pret.usage, pret.besoin) == (keeper(sampans), "Une nacelle", besoin)
    option = Engagement.objects.get()
    assert (option.nature, option.pret, option.debut) == (Nature.OPTION, pret, half(monday()))
    told = Notification.objects.get(sorte="pret_a_repondre")
    assert told.destinataire == keeper(sampans)
    assert "Avec le harnais." in told.texte
    assert differences() == []
    reponses.answer_proposal(pret, keeper(sampans), accepte=True)
    besoin.refresh_from_db()
    assert besoin.statut == StatutBesoin.POURVU
    assert Engagement.objects.get().nature == Nature.PRET
    assert differences() == []


def test_a_need_is_met_when_enough_is_granted_and_sought_again_when_it_is_taken_back(sampans, authume):
    tables = {"categorie_code": "salles", "stock": 40}
    first = make_materiel("Chaises", collectivite=authume, **tables)
    second = make_materiel("Chaises rouges", collectivite=commune("Tavaux"), **tables)
    besoin = post(sampans, "60 chaises", "salles", quantite=60)
    loans = [besoins.offer(besoin, keeper(one.collectivite), one.collectivite, one, 30) for one in (first, second)]
    for pret, statut in zip(loans, (StatutBesoin.OUVERT, StatutBesoin.POURVU), strict=True):
        reponses.answer_proposal(pret, keeper(sampans), accepte=True)
        besoin.refresh_from_db()
        assert besoin.statut == statut
    cancel(loans[0], keeper(sampans), "Moins de monde")
    besoin.refresh_from_db()
    assert (besoin.statut, besoin.clos_le) == (StatutBesoin.OUVERT, None)


@pytest.mark.parametrize(
    ("quantite", "said"), [(0, "proposez-en de 1 à 1"), (2, "proposez-en de 1 à 1")], ids=["aucun", "trop"]
)
def test_what_cannot_be_offered_is_refused(sampans, authume, quantite, said):
    thing, besoin = nacelle(authume), post(sampans)
    with pytest.raises(PretRefuse, match=said):
        besoins.offer(besoin, keeper(authume), authume, thing, quantite)


def test_offers_are_of_ones_own_free_things_once(sampans, authume):
    thing, besoin = nacelle(authume), post(sampans)
    with pytest.raises(PretRefuse, match="les autres y répondent"):
        besoins.offer(besoin, keeper(sampans), sampans, nacelle(sampans), 1)
    with pytest.raises(PretRefuse, match="de votre commune"):
        besoins.offer(besoin, keeper(authume), authume, nacelle(sampans), 1)
    besoins.offer(besoin, keeper(authume), authume, thing, 1)
    with pytest.raises(PretRefuse, match="déjà proposé"):
        besoins.offer(besoin, keeper(authume), authume, thing, 1)
    other = nacelle(authume, "Nacelle prise")
    EngagementFactory(materiel=other, debut=half(monday()), fin=half(monday()))
    with pytest.raises(PlusAssez):
        besoins.offer(besoin, keeper(authume), authume, other, 1)
    assert Pret.objects.count() == 1
    besoins.close(besoin, keeper(sampans))
    with pytest.raises(PretRefuse, match="n’attend plus"):
        besoins.write(besoin, keeper(authume), authume, "Trop tard")


@pytest.mark.parametrize(
    ("debut", "fin", "said"),
    [(3, 1, "avant le départ"), (-60, 1, "passée"), (0, 3000, "au plus tard")],
    ids=["ordre", "passe", "loin"],
)
def test_days_that_cannot_be_are_refused(sampans, debut, fin, said):
    with pytest.raises(PretRefuse, match=said):
        post(sampans, first=debut, last=fin)


def test_what_nobody_could_lend_is_counted_for_the_intercommunalite(distribution):
    a, b = distribution.a, distribution.b
    asker = distribution.gestionnaire_a
    levage, salles = (Categorie.objects.get(code=code) for code in ("levage", "salles"))
    for n, (category, place) in enumerate([(levage, a), (levage, b), (salles, a)]):
        besoin = besoins.publish(asker, place, objet=f"Besoin {n}", categorie=category, quantite=n + 1, **days())
        besoins.close(besoin, asker)
    gone = besoins.publish(asker, a, objet="Jours passés", categorie=levage, **days())
    Besoin.objects.filter(pk=gone.pk).update(date_debut="2020-01-01", date_fin="2020-01-02")
    besoins.publish(asker, a, objet="Encore cherché", categorie=levage, **days())
    client = open_session(distribution.responsable)
    page = client.get("/materiel/besoins/bilan/").content.decode()
    assert "Encore cherché" not in page
    assert page.index("Levage") < page.index("Salles")
    assert "Jours passés" in client.get("/materiel/besoins/bilan/?annee=2020").content.decode()
    assert "Besoin 1" not in client.get("/materiel/besoins/bilan/?annee=2020").content.decode()
    assert client.get("/materiel/besoins/bilan/?annee=deux&page=x").status_code == 200
    book = load_workbook(BytesIO(client.get("/materiel/besoins/bilan/?format=xlsx").content))
    rows = list(book.active.values)
    assert rows[0][0] == "Besoin"
    assert {row[0] for row in rows[1:]} == {"Besoin 0", "Besoin 1", "Besoin 2", "Jours passés"}
    assert open_session(distribution.gestionnaire_a).get("/materiel/besoins/bilan/").status_code == 403

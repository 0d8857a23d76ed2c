"""The sheet: what it shows to whom, its calendar, and what it answers about dates."""

import re
from datetime import date, timedelta
from io import BytesIO

import pytest
from django.core.files.base import ContentFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from PIL import Image
from wagtail.images import get_image_model
from wagtail.images.models import AbstractImage

from collectivites.diffusion import code_collectivite
from collectivites.models import Habilitation, TypeHabilitation
from extranet.lib.demi_journees import DemiJournee, Moment
from materiel.enums import Conducteur, Nature, StatutMateriel, StatutPret, Transport, TypePapier
from materiel.models import Accessoire, Materiel, Papier, ReglagesMateriel
from materiel.registre import close_expired
from materiel.registre.disponibilite import read
from materiel.suivi.etat_demande import EtatDemande, state_of
from materiel.vitrine.fiche import conditions, contacts
from tests.distribution import Distribution
from tests.materiel.factories import EngagementFactory, PretFactory, half, make_materiel, monday
from tests.sessions import open_session

LUNDI, MARDI = monday(), monday() + timedelta(days=1)
MATIN, SOIR = Moment.MATIN, Moment.APRES_MIDI


def make_image(name: str) -> AbstractImage:
    drawn = BytesIO()
    Image.new("RGB", (1600, 1200), "olive").save(drawn, "JPEG")
    return get_image_model().objects.create(
        title=name, description=name, file=ContentFile(drawn.getvalue(), name), width=1600, height=1200
    )


def said(text: str) -> str:
    return text.replace("\u00a0", " ")


@pytest.fixture
def client(distribution: Distribution) -> Client:
    return open_session(distribution.gestionnaire_a)


def whole(first: date, last: date) -> tuple[DemiJournee, DemiJournee]:
    return DemiJournee(first, MATIN), DemiJournee(last, SOIR)


def state(materiel: Materiel, debut: DemiJournee, fin: DemiJournee, quantite: int) -> EtatDemande:
    """For a reader who borrows for nobody: no other thing is looked for."""
    return state_of(read(materiel), None, None, debut, fin, quantite)


def test_free_dates_are_said_in_words(distribution: Distribution) -> None:
    thing = make_materiel("Mini-pelle", collectivite=distribution.b)
    answer = state(thing, *whole(LUNDI, MARDI), 1)
    assert answer.acquis
    assert said(answer.phrase).startswith("Libre les lundi ")
    assert said(state(thing, *whole(LUNDI, LUNDI), 1).phrase).startswith("Libre le lundi ")
    lot = make_materiel("Barrières", collectivite=distribution.b, stock=80)
    EngagementFactory(materiel=lot, quantite=35, debut=half(LUNDI), fin=half(LUNDI))
    assert said(state(lot, *whole(LUNDI, MARDI), 40).phrase).startswith("45 libres sur 80 les lundi ")


def test_taken_dates_give_the_nearest_ones(distribution: Distribution) -> None:
    thing = make_materiel("Mini-pelle", collectivite=distribution.b)
    pret = PretFactory(materiel=thing)
    EngagementFactory(materiel=thing, nature=Nature.PRET, pret=pret, debut=half(LUNDI), fin=half(MARDI, SOIR))
    answer = state(thing, *whole(LUNDI, MARDI), 1)
    assert not answer.acquis
    assert said(answer.phrase).startswith("Déjà pris les lundi ")
    assert len(answer.jours) == 3
    for proche in answer.jours:
        assert state(thing, proche.debut, proche.fin, 1).acquis
        assert proche.requete.startswith("du=")
    assert any(proche.debut.date == MARDI + timedelta(days=1) for proche in answer.jours)


def test_the_nearest_dates_of_a_lot_are_those_that_hold_the_number(distribution: Distribution) -> None:
    lot = make_materiel("Barrières", collectivite=distribution.b, stock=200, tampon_apres=1)
    EngagementFactory(materiel=lot, quantite=160, debut=half(LUNDI), fin=half(LUNDI + timedelta(days=4), SOIR))
    answer = state(lot, *whole(LUNDI, MARDI), 80)
    assert said(answer.phrase).startswith("40 libres sur 200 les lundi ")
    assert [state(lot, proche.debut, proche.fin, 80).acquis for proche in answer.jours] == [True] * 3


@pytest.mark.parametrize(
    ("fields", "quantite", "phrase"),
    [
        ({"duree_max_jours": 1}, 1, "Un jour au plus pour ce matériel, et vous en demandez 2."),
        ({"preavis_jours": 60}, 1, "Demandez-le 60 jours ouvrés à l’avance"),
        ({"stock": 80, "part_max": 50}, 60, "40 au plus par prêt, sur 80."),
        ({}, 3, "Il n’y en a qu’un."),
    ],
)
def test_conditions_come_before_the_ledger(
    distribution: Distribution, fields: dict, quantite: int, phrase: str
) -> None:
    thing = make_materiel("Mini-pelle", collectivite=distribution.b, **fields)
    answer = state(thing, *whole(LUNDI, MARDI), quantite)
    assert not answer.acquis
    assert said(answer.phrase).startswith(phrase)


def test_an_overdue_paper_is_told(distribution: Distribution) -> None:
    thing = make_materiel("Nacelle", collectivite=distribution.b)
    Papier.objects.create(materiel=thing, type=TypePapier.VGP, bloquant=True, valable_jusqu_au=LUNDI)
    close_expired(thing)
    answer = state(thing, *whole(LUNDI, MARDI), 1)
    assert said(answer.phrase).startswith("Vérification périodique : valable jusqu’au lundi ")
    assert all(proche.fin.date <= LUNDI for proche in answer.jours)


def test_who_asked_before_is_told(client: Client, distribution: Distribution) -> None:
    thing = make_materiel("Mini-pelle", collectivite=distribution.b)
    PretFactory(materiel=thing, emprunteur=distribution.epci, statut=StatutPret.DEMANDE)
    url = f"{thing.page.adresse}?du={LUNDI}&au={LUNDI}"
    answer = client.get(url, headers={"HX-Request": "true", "HX-Target": "demande-etat"}).content.decode()
    assert "Demandé avant vous par Grand Val" in answer
    later = client.get(f"{thing.page.adresse}?du={LUNDI + timedelta(days=5)}").content.decode()
    assert "Demandé avant vous" not in later


def test_the_fragment_of_the_dates_says_why_they_cannot_be_asked(client: Client, distribution: Distribution) -> None:
    thing = make_materiel("Mini-pelle", collectivite=distribution.b)
    ask = {"HX-Request": "true", "HX-Target": "demande-etat"}

    def answer(query: str) -> str:
        return client.get(f"{thing.page.adresse}?{query}", headers=ask).content.decode()

    assert "Le retour vient avant le départ" in answer(f"du={MARDI}&au={LUNDI}")
    assert "Cette date est passée" in answer("du=2020-01-01")
    assert "Cette date ne se lit pas" in answer("du=demain")
    assert "Un nombre entier" in answer(f"du={LUNDI}&quantite=zero")
    assert "<html" not in answer(f"du={LUNDI}")
    same = answer(f"du={LUNDI}&au={LUNDI}&de=apres_midi&a=matin")
    assert "Le retour vient avant le départ" in same


def test_the_sheet_is_whole_for_who_may_ask(client: Client, distribution: Distribution) -> None:
    kind = TypeHabilitation.objects.first()
    thing = make_materiel(
        "Mini-pelle",
        collectivite=distribution.b,
        accroche="Sur remorque",
        transport=Transport.LIVRAISON,
        prix_livraison=35,
        conducteur=Conducteur.POSSIBLE,
        duree_max_jours=4,
        preavis_jours=3,
        consignes="Casque.\nGilet.",
        caution=500,
        lieu="Centre technique",
    )
    thing.habilitations.add(kind)
    Accessoire.objects.create(materiel=thing, nom="Godets", nombre=3)
    Papier.objects.create(materiel=thing, type=TypePapier.VGP, valable_jusqu_au=timezone.localdate())
    done = dict.fromkeys(("accepte_le", "remis_le", "restitue_le", "clos_le"), timezone.now())
    days = {"date_debut": date(2022, 3, 1), "date_fin": date(2022, 3, 2)}
    PretFactory(materiel=thing, statut=StatutPret.CLOS, quantite_rendue=1, valeur=0, **days, **done)
    Habilitation.objects.create(
        agent=distribution.agent_a, type=kind, obtenue_le=date(2025, 1, 1), valable_jusqu_au=date(2031, 5, 1)
    )
    page = said(client.get(thing.page.adresse).content.decode())
    for words in (
        *("Sur remorque", "3 × Godets", "Casque.", "Centre technique", "Caution de 500 €", "Quatre jours au plus"),
        *("trois jours ouvrés", "35 €", "À renouveler avant le", "1 prêt depuis 2022", "Envoyer la demande"),
        *(kind.libelle, "Alain Aval", "1er mai 2031", "Simone Bourg"),
    ):
        assert words in page, words
    assert f'action="/materiel/{thing.pk}/demander/"' in page
    assert "Godets" in page


def test_habilitations_of_others_are_not_told(distribution: Distribution) -> None:
    kind = TypeHabilitation.objects.first()
    thing = make_materiel("Mini-pelle", collectivite=distribution.b)
    thing.habilitations.add(kind)
    Habilitation.objects.create(agent=distribution.agent_a, type=kind, obtenue_le=date(2025, 1, 1))
    page = open_session(distribution.agent_a).get(thing.page.adresse).content.decode()
    assert "Envoyer la demande" not in page
    assert "La demande revient aux gestionnaires" in page
    assert "Gisele Aval" in page
    assert 'name="conducteur"' not in page


def test_ones_own_thing_is_kept_not_asked_for(client: Client, distribution: Distribution) -> None:
    thing = make_materiel("Balayeuse", collectivite=distribution.a)
    page = client.get(thing.page.adresse).content.decode()
    assert f"/materiel/{thing.pk}/garder/" in page
    assert "Envoyer la demande" not in page
    reader = open_session(distribution.agent_a).get(thing.page.adresse).content.decode()
    assert f"/materiel/{thing.pk}/garder/" not in reader


def test_withdrawn_and_archived(client: Client, distribution: Distribution) -> None:
    thing = make_materiel("Balayeuse", collectivite=distribution.b)
    thing.statut = StatutMateriel.RETIRE
    thing.save()
    page = client.get(thing.page.adresse).content.decode()
    assert "Ce matériel est retiré du prêt." in page
    assert "Envoyer la demande" not in page
    assert not state(thing, *whole(LUNDI, MARDI), 1).acquis
    thing.statut = StatutMateriel.ARCHIVE
    thing.save()
    assert client.get(thing.page.adresse).status_code == 404
    assert open_session(distribution.secretaire_b).get(thing.page.adresse).status_code == 200


def test_a_sheet_for_others_is_not_read(client: Client, distribution: Distribution) -> None:
    thing = make_materiel("Pour Bourg", collectivite=distribution.b, diffusion=[code_collectivite(distribution.b.pk)])
    assert client.get(thing.page.adresse).status_code == 403
    answer = client.get(f"{thing.page.adresse}?du={LUNDI}", headers={"HX-Request": "true", "HX-Target": "demande-etat"})
    assert answer.status_code == 403


def test_the_contact_is_who_looks_after_it_while_in_office(distribution: Distribution) -> None:
    thing = make_materiel("Nacelle", collectivite=distribution.b, contact=distribution.elue_b)
    assert [one.agent for one in contacts(thing)] == [distribution.elue_b]
    distribution.elue_b.postes.update(date_fin=timezone.localdate() - timedelta(days=1))
    assert [one.agent for one in contacts(thing)] == [distribution.secretaire_b]


def test_the_insurance_is_told_when_it_is_asked(client: Client, distribution: Distribution) -> None:
    thing = make_materiel("Nacelle", collectivite=distribution.b)
    reglages = ReglagesMateriel.load()
    assert "Assurance" not in [one.terme for one in conditions(thing, reglages)]
    reglages.assurance_exigee = True
    reglages.save()
    assert "La vôtre est à donner" in client.get(thing.page.adresse).content.decode()
    Papier.objects.create(
        collectivite=distribution.a,
        type=TypePapier.ASSURANCE,
        valable_jusqu_au=timezone.localdate() + timedelta(days=90),
    )
    assert "La vôtre est à jour" in client.get(thing.page.adresse).content.decode()


QUERIES = 25


def counted(client: Client, url: str) -> str:
    """The page, read in as few queries as a page may cost."""
    client.get(url)
    with CaptureQueriesContext(connection) as seen:
        response = client.get(url)
    assert response.status_code == 200
    assert len(seen) <= QUERIES, (url, len(seen), [query["sql"][:110] for query in seen.captured_queries])
    return said(response.content.decode())


def test_sheet_and_request_cost_few_queries(client: Client, distribution: Distribution) -> None:
    """With all that a sheet may have to read, and nine things around it."""
    ReglagesMateriel.objects.update_or_create(defaults={"assurance_exigee": True})
    fields = {"stock": 5, "tampon_apres": 1, "conducteur": Conducteur.POSSIBLE, "transport": Transport.LIVRAISON}
    thing = make_materiel("Nacelle", collectivite=distribution.b, contact=distribution.elue_b, **fields)
    thing.habilitations.add(TypeHabilitation.objects.first())
    Accessoire.objects.create(materiel=thing, nom="Godets", nombre=3)
    Papier.objects.create(materiel=thing, type=TypePapier.VGP, bloquant=True, valable_jusqu_au=monday(40))
    thing.page.photos = [("photo", {"image": make_image(f"{n}.jpg"), "legende": ""}) for n in range(3)]
    thing.page.save()
    for week in range(2, 5):
        EngagementFactory(materiel=thing, debut=half(monday(week)), fin=half(monday(week)) + 3)
    for n in range(3):
        PretFactory(materiel=thing, emprunteur=distribution.epci, statut=StatutPret.DEMANDE)
        for m in range(3):
            make_materiel(f"Nacelle {n} {m}", collectivite=distribution.epci, stock=5)
    free, taken = LUNDI + timedelta(days=4), f"du={LUNDI}&au={MARDI}&quantite=5"
    for address in (thing.page.adresse, f"/materiel/{thing.pk}/demander/"):
        assert "Choisissez vos dates" in counted(client, address)
        assert "4 libres sur 5 le vendredi" in counted(client, f"{address}?du={free}&au={free}&quantite=2")
        answer = counted(client, f"{address}?{taken}")
        for words in ("Demandé avant vous par", "ou au plus près", "Ailleurs, ces jours-là", "liste d’attente"):
            assert words in answer, words
    assert "C’est à votre commune" in counted(open_session(distribution.secretaire_b), f"{thing.page.adresse}?{taken}")
    assert "La demande revient" in counted(open_session(distribution.agent_a), f"{thing.page.adresse}?{taken}")


def test_photos_are_shown_small_on_the_board_and_large_on_the_sheet(client: Client, distribution: Distribution) -> None:
    """A drawing stands in for a thing without any; a picture is for the readers of its sheet."""
    thing = make_materiel("Nacelle", collectivite=distribution.b)
    assert "#pic-nacelle" in client.get(thing.page.adresse).content.decode()
    photos = [make_image(f"{name}.jpg") for name in ("devant", "derriere")]
    thing.page.photos = [("photo", {"image": photo, "legende": photo.title}) for photo in photos]
    thing.page.save()
    board = client.get("/materiel/").content.decode()
    small = re.search(r'<img src="(/images/\d+/)" width="480" height="300"', board)
    assert small
    assert "#pic-nacelle" not in board
    sheet = client.get(thing.page.adresse).content.decode()
    assert sheet.count("data-vignettes") == 1
    assert "derriere.jpg" in sheet
    picture = client.get(small[1])
    assert picture.status_code == 200
    assert b"".join(picture)
    assert open_session(distribution.sans_poste).get(small[1]).status_code == 404


def test_a_photo_whose_file_is_gone_leaves_its_place_to_the_drawing(
    client: Client, distribution: Distribution, caplog: pytest.LogCaptureFixture
) -> None:
    thing = make_materiel("Nacelle", collectivite=distribution.b)
    photo = make_image("perdue.jpg")
    thing.page.photos = [("photo", {"image": photo, "legende": ""})]
    thing.page.save()
    photo.file.storage.delete(photo.file.name)
    assert "#pic-nacelle" in client.get("/materiel/").content.decode()
    assert "#pic-nacelle" in client.get(thing.page.adresse).content.decode()
    assert "n’a pas pu être réduite" in caplog.text

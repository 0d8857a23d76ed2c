"""What is printed: accessible, whole, and true to the session."""

import io
from datetime import timedelta

import pytest
from django.urls import reverse
from PIL import Image
from pypdf import PdfReader
from wagtail.images import get_image_model

from collectivites.models import Territoire
from extranet.lib.demi_journees import Moment
from formations import mots
from formations.models import FeuilleSignee, Inscription, ReglagesFormation, SessionFormation
from formations.seances import attestations, papiers
from formations.seances.organisme import fonctions_of, organisme
from tests.distribution import Distribution
from tests.formations.factories import book, day, fresh, make_formation, make_session, monday, worker
from tests.formations.seances import ABSENT, finish, held, there
from tests.lib.test_pdf import text_of
from tests.materiel.envois import photo
from tests.sessions import open_session

pytestmark = pytest.mark.django_db


def accessible(content: bytes) -> PdfReader:
    reader = PdfReader(io.BytesIO(content))
    catalogue = reader.root_object
    assert catalogue["/MarkInfo"]["/Marked"]
    assert catalogue["/Lang"] == "fr-FR"
    assert "pdfuaid" in str(catalogue["/Metadata"].get_data())
    return reader


def words(content: bytes) -> str:
    return text_of(content).replace("\u00a0", " ").replace("\u202f", " ").replace("\u2011", "-")


def long_days(count: int) -> list:
    return [half for rank in range(count) for half in day(monday() + timedelta(days=rank))]


def test_the_sheet_of_a_half_day_has_its_people_and_blank_rows(distribution: Distribution):
    session, (one, other) = held(lieu_nom="Salle Doubs", formateur="Sylvie Marchal")
    content = papiers.emargement(session, papiers.creneaux_of(session)[:1])
    accessible(content)
    text = words(content)
    for said in (one.agent.nom_complet, other.agent.nom_complet, "Sylvie Marchal", session.numero, "Salle Doubs"):
        assert said in text
    assert "matin" in text
    assert "après-midi" not in text
    data = papiers.emargement_data(session, papiers.creneaux_of(session), [one, other], organisme())
    assert data["vierges"] == papiers.VIERGES_MAX
    full = make_session(capacite=1)
    book(full, worker())
    sheet = papiers.emargement_data(fresh(full), papiers.creneaux_of(full), papiers.inscrits_of(full), organisme())
    assert sheet["vierges"] == papiers.VIERGES_MIN


def test_a_long_list_runs_on_several_pages_with_its_heading():
    session, seats = held(34, capacite=40)
    pages = accessible(papiers.emargement(session, papiers.creneaux_of(session))).pages
    assert len(pages) > 2
    texts = [" ".join(page.extract_text().split()) for page in pages]
    assert all("Stagiaire" in text and "Signature de qui anime" in text for text in texts)
    assert all(any(one.agent.nom_complet in text for text in texts) for one in seats)


def test_more_than_four_half_days_make_several_sheets():
    session = make_session(horaires=long_days(3))
    one = book(session, worker())
    pages = accessible(papiers.emargement(session, papiers.creneaux_of(session))).pages
    assert len(pages) == 2
    assert all(one.agent.nom_complet in page.extract_text() for page in pages)


def test_the_letter_says_where_when_and_what_to_bring():
    formation = make_formation("Habilitation électrique", a_apporter="Chaussures de sécurité\nLunettes")
    session = make_session(
        formation, horaires=[*day(monday(), Moment.MATIN)], lieu_nom="Salle Doubs", acces="Portail vert", repas="offert"
    )
    one = book(session, worker())
    known = fonctions_of([one.agent_id], [one.collectivite_id])
    content = papiers.convocation(
        one, papiers.creneaux_of(session), known[one.agent_id, one.collectivite_id], organisme()
    )
    assert len(accessible(content).pages) == 1
    text = words(content)
    for said in ("Chaussures de sécurité", "Portail vert", "9 h – 12 h", "offert", one.agent.nom_complet, "3 heures"):
        assert said in text
    remote = make_session(distanciel=True, lien="https://visio.example/abc")
    seat = book(remote, worker())
    assert "visio.example/abc" in words(papiers.convocation(seat, papiers.creneaux_of(remote), "", organisme()))


def test_the_attestation_says_the_hours_attended(distribution: Distribution):
    formation = make_formation(
        "Habilitation", objectifs="Consigner un circuit.\nAlerter.", organisme="Électro-Prévention"
    )
    session, (whole, part) = held(formation=formation)
    given = finish(
        session, distribution.responsable, {whole: [there(), there()], part: [there(90), ABSENT]}
    ).attestations
    by = {one.inscription_id: one for one in attestations.visible_to(distribution.responsable)}
    first, second = attestations.pdf(by[whole.pk]), attestations.pdf(by[part.pk])
    accessible(first), accessible(second)
    assert "Certificat de formation" in words(first)
    assert "Consigner un circuit." in words(first)
    assert "Total 6 h 6 h" in words(first)
    assert "Attestation de formation" in words(second)
    assert "Total 6 h 1 h 30" in words(second)
    assert all(one.numero in words(attestations.pdf(by[one.inscription_id])) for one in given)


def test_the_attestation_claims_a_signed_sheet_only_when_there_is_one(distribution: Distribution):
    boss = distribution.responsable
    session, (one, part) = held()
    finish(session, boss, {one: [there(), there()], part: [there(), ABSENT]})
    first = session.creneaux.order_by("demi_journee").first()

    def proof(seat: Inscription) -> str:
        row = attestations.visible_to(boss).get(inscription=seat)
        return attestations.data(row, organisme())["preuve"].replace("\u00a0", " ")

    assert proof(one) == "Heures de présence notées par l’organisateur, demi-journée par demi-journée."
    FeuilleSignee.objects.create(creneau=first, file="emargements/a.pdf", nom="a.pdf", sha256="0", deposee_par=boss)
    assert proof(one).endswith(f"signée conservée sous le numéro {session.numero} pour 1 demi-journée sur 2.")
    assert proof(part).endswith(f"signée conservée sous le numéro {session.numero}.")


def test_a_remote_letter_asks_for_no_card_and_no_meal():
    remote = make_session(distanciel=True, lien="https://visio.example/abc", repas="offert")
    text = words(papiers.convocation(book(remote, worker()), papiers.creneaux_of(remote), "", organisme()))
    assert "identité" not in text
    assert "repas" not in text.casefold()


def test_what_the_sheet_asks_is_asked_once():
    session = make_session(make_formation("SST", a_apporter="Une pièce d'identité"))
    data = papiers.convocation_data(book(session, worker()), papiers.creneaux_of(session), "", organisme())
    assert data["apporter"] == ["Cette convocation.", "Une pièce d'identité"]


def test_the_organiser_and_the_logo_are_those_of_the_settings_else_of_the_territory():
    Territoire.objects.filter(pk=Territoire.load().pk).update(nom="Essai", designation="la communauté d’Essai")
    assert organisme().complet == "La communauté d’Essai, service formation"
    assert organisme().logo is None
    image = get_image_model().objects.create(title="Logo", file=photo("logo.jpg"))
    ReglagesFormation.objects.update_or_create(
        pk=ReglagesFormation.load().pk, defaults={"organisateur": "Centre d’Essai", "service": "", "logo": image}
    )
    body = organisme()
    assert body.complet == "Centre d’Essai"
    assert Image.open(io.BytesIO(body.logo)).format == "PNG"
    session, _ = held(1)
    assert "Centre d’Essai" in words(papiers.emargement(session, papiers.creneaux_of(session)))


def test_the_organiser_prints_the_sheets(distribution: Distribution):
    session, _ = held()
    address = reverse("formations:emargement_pdf", args=[session.numero])
    index = papiers.creneaux_of(session)[0].demi_journee
    client = open_session(distribution.responsable)
    for path in (address, f"{address}?demi={index}"):
        assert client.get(path)["Content-Type"] == "application/pdf"
    assert client.get(f"{address}?demi=12").status_code == 404
    assert open_session(distribution.agent_a).get(address).status_code == 403
    assert SessionFormation.objects.count() == 1


def test_words_of_days_and_durations():
    session = make_session(horaires=long_days(2))
    creneaux = papiers.creneaux_of(session)
    first, second = creneaux[0].date, creneaux[-1].date
    assert mots.etendue(creneaux).replace("\xa0", " ") == "2 jours, 12 heures"
    said = mots.jours_de(creneaux)
    assert str(second.year) in said
    assert said.count(str(second.year)) == (1 if first.year == second.year else 2)
    assert [mots.duree(n).replace("\xa0", " ") for n in (0, 45, 210, 840)] == ["0 h", "45 min", "3 h 30", "14 h"]

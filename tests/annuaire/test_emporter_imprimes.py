"""The trombinoscope and the phone list: what they say, of whom, in which order, however many they are."""

import io

import pytest
from django.test import Client
from django.utils import dateformat, timezone
from pypdf import PdfReader
from pypdfium2 import PdfDocument

from annuaire.emporter import imprimes
from annuaire.emporter.imprimes import span, volumes
from annuaire.models import Astreinte
from collectivites.models import EntreeJournal, Secteur, Territoire
from extranet.lib.demi_journees import Moment, Semaine
from extranet.lib.pdf import RenduImpossible
from extranet.lib.pdf_apart import _PLACE, RenduOccupe, render_apart
from tests.annuaire.faux_portraits import give_photo
from tests.collectivites.factories import AgentFactory, FonctionFactory, PosteFactory
from tests.distribution import Distribution
from tests.lib.test_pdf import NOON, PORTRAITS, example, render_example
from tests.sessions import open_session

pytestmark = pytest.mark.django_db
TROMBI, TELEPHONES, PAGE = (
    "/annuaire/emporter/trombinoscope.pdf",
    "/annuaire/emporter/telephones.pdf",
    "/annuaire/emporter/",
)


@pytest.fixture
def client(distribution: Distribution) -> Client:
    return open_session(distribution.secretaire_b)


def opened(client: Client, address: str, **asked: object) -> PdfReader:
    response = client.get(address, asked)
    assert response.status_code == 200, response.get("Location")
    assert response["Content-Type"] == "application/pdf"
    assert response["Cache-Control"] == "private, no-store"
    return PdfReader(io.BytesIO(response.content))


def words_of(reader: PdfReader) -> str:
    return " ".join(" ".join(page.extract_text() for page in reader.pages).split()).replace("\u2011", "-")


def test_the_trombinoscope_says_who_where_and_when(client: Client, distribution: Distribution) -> None:
    poste = distribution.agent_a.postes.get()
    poste.intitule, poste.telephone = "Responsable du stade", "0353010241"
    poste.save()
    for day in (1, 2, 3):
        for moment in Moment:
            poste.presences.create(jour=day, moment=moment)
    poste.presences.create(jour=5, moment=Moment.APRES_MIDI, semaine=Semaine.PAIRES)
    reader = opened(client, TROMBI)
    text = words_of(reader)
    assert "8 personnes, 2 communes et le Grand Val" in text.replace("\u00a0", " ")
    assert "Alain Aval Responsable du stade 03 53 01 02 41 lun. à mer., ven. après-midi (sem. paires)" in text
    today = dateformat.format(timezone.localdate(), "Y")
    assert f"{today}. Usage interne." in text
    assert reader.metadata.title == "Qui est qui dans nos mairies"


def test_it_is_an_accessible_document(client: Client, distribution: Distribution) -> None:
    give_photo(distribution.agent_a)
    for address in (TROMBI, TELEPHONES):
        reader = opened(client, address)
        catalogue = reader.root_object
        assert catalogue["/MarkInfo"]["/Marked"]
        assert catalogue["/Lang"] == "fr-FR"
        assert "pdfuaid" in str(catalogue["/Metadata"].get_data())


def test_filters_are_those_of_the_list(client: Client, distribution: Distribution) -> None:
    """A person of two communes stands in the one that is asked for, and is counted once without it."""
    text = words_of(opened(client, TROMBI, collectivite="aval"))
    assert "Qui est qui à Aval" in text
    assert "4 personnes, 1 commune" in text
    assert "Paul Deux" in text
    assert "Bourg" not in text
    everybody = words_of(opened(client, TROMBI))
    assert everybody.count("Paul Deux") == 2


def test_by_secteur(client: Client, distribution: Distribution) -> None:
    plaine = Secteur.objects.create(nom="La plaine")
    distribution.b.secteur = plaine
    distribution.b.save()
    text = words_of(opened(client, TROMBI, secteur=plaine.pk)).replace("\u00a0", " ")
    assert "Secteur : La plaine" in text
    assert "3 personnes, 1 commune" in text
    assert "Aval" not in text.replace("Gisele Aval", "")


@pytest.mark.parametrize(("papier", "width"), [("a4", 595), ("a3", 842), ("a0", 595)])
def test_papers(client: Client, papier: str, width: int) -> None:
    for address in (TROMBI, TELEPHONES):
        assert round(opened(client, address, papier=papier).pages[0].mediabox.width) == width


def test_by_name_tells_the_commune_of_each(client: Client, distribution: Distribution) -> None:
    PosteFactory(agent=AgentFactory(prenom="Zoé", nom="Étienne", slug="zoe-etienne"), collectivite=distribution.b)
    text = words_of(opened(client, TELEPHONES, ordre="nom"))
    assert text.index("Aval Alain") < text.index("Bourg Elise") < text.index("Étienne Zoé")
    assert "Étienne Zoé, " in text
    faces = words_of(opened(client, TROMBI, ordre="nom"))
    assert "Zoé Étienne" in faces


def test_by_name_somebody_of_two_communes_is_told_once(client: Client, distribution: Distribution) -> None:
    """Unless each has its own number."""
    for poste in distribution.partage_ab.postes.all():
        poste.presences.create(jour=1 if poste.collectivite == distribution.a else 2, moment=Moment.MATIN)
    text = words_of(opened(client, TROMBI, ordre="nom")).replace("\u00a0", " ").replace("\u202f", " ")
    assert "Paul Deux Essai technique Aval, Bourg Aval : lun. matin ; Bourg : mar. matin" in text
    assert text.count("Paul Deux") == 1
    distribution.partage_ab.postes.filter(collectivite=distribution.b).update(telephone="0353010299")
    phones = words_of(opened(client, TELEPHONES, ordre="nom")).replace("\u00a0", " ")
    assert phones.count("Deux Paul") == 2
    assert "Deux Paul, essai technique, Bourg 03 53 01 02 99" in phones


def test_one_s_own_title(client: Client) -> None:
    reader = opened(client, TROMBI, titre="  Le réseau\n des   ATSEM ")
    assert reader.metadata.title == "Le réseau des ATSEM"


def test_a_photo_or_initials(client: Client, distribution: Distribution) -> None:
    photo = give_photo(distribution.agent_a)
    reader = opened(client, TROMBI)
    assert [image.image.size for page in reader.pages for image in page.images] == [(236, 236)]
    assert "SA" in words_of(reader)
    photo.imprimable.storage.delete(photo.imprimable.name)
    assert "AA" in words_of(opened(client, TROMBI))  # its file is gone, the paper is not


def test_a_photo_that_is_torn_leaves_its_place_to_initials(client: Client, distribution: Distribution) -> None:
    photo = give_photo(distribution.agent_a)
    with photo.imprimable.open("rb") as written:
        half = written.read()[:2000]
    with photo.imprimable.storage.open(photo.imprimable.name, "wb") as torn:
        torn.write(half)
    reader = opened(client, TROMBI)
    assert not [image for page in reader.pages for image in page.images]


def test_phones_begin_with_those_that_answer_at_night(client: Client, distribution: Distribution) -> None:
    Astreinte.objects.create(collectivite=distribution.a, libelle="Élu d’astreinte", telephone="0353010188")
    Astreinte.objects.create(
        collectivite=distribution.epci, libelle="Eau potable", telephone="0353010199", horaires="nuits et week-ends"
    )
    territoire = Territoire.load()
    territoire.telephone = "0353010000"
    territoire.save()
    text = words_of(opened(client, TELEPHONES))
    assert text.index("Eau potable, nuits et week-ends") < text.index("Aide sur l’extranet") < text.index("Aval")
    assert "Élu d’astreinte 03 53 01 01 88" in text


def test_a_long_name_keeps_inside_its_column(client: Client, distribution: Distribution) -> None:
    """Nothing is hyphenated: a word longer than the column is smaller, and stays in it."""
    name = "Razafindrakotomananarivony"
    work = FonctionFactory(code="longue", libelle="Administrateur·rice des infrastructures géographiques")
    agent = AgentFactory(prenom="Marie-Antoinette de La Rochefoucauld", nom=name, slug="longue")
    PosteFactory(agent=agent, collectivite=distribution.a, fonction=work)
    response = client.get(TROMBI, {"collectivite": "aval"})
    document = PdfDocument(response.content)
    words = document[0].get_textpage()
    start, count = words.search(name).get_next()
    boxes = [words.get_charbox(start + rank) for rank in range(count)]
    document.close()
    column = column_of(boxes[0][0])
    assert max(right for _, _, right, _ in boxes) <= (25 + 58 * column + 52) * 72 / 25.4


def column_of(left: float) -> int:
    """0, 1, 2 across an A4: a margin of 25 mm, columns of 52 mm, 6 mm between them."""
    return int((left * 25.4 / 72 - 25) / 58)


@pytest.mark.parametrize("ordre", ["commune", "nom"])
def test_a_few_people_fill_the_width(client: Client, distribution: Distribution, ordre: str) -> None:
    """One commune alone, or a few names: not a column at the left of an empty sheet."""
    people = [PosteFactory(collectivite=distribution.a).agent for _ in range(3)]
    document = PdfDocument(client.get(TROMBI, {"collectivite": "aval", "ordre": ordre}).content)
    words = document[0].get_textpage()
    starts = [words.search(one.nom_complet).get_next()[0] for one in people]
    columns = {column_of(words.get_charbox(start)[0]) for start in starts}
    document.close()
    assert columns == {0, 1, 2}


def test_whoever_takes_the_list_away_is_in_the_journal(client: Client, distribution: Distribution) -> None:
    opened(client, TROMBI, collectivite="aval")
    entry = EntreeJournal.objects.get(acte="agent.emporte")
    assert (entry.agent, entry.donnees) == (distribution.secretaire_b, {"personnes": 4, "forme": "pdf"})
    assert "trombinoscope" in entry.libelle


@pytest.mark.parametrize("asked", [{"q": "zzz"}, {"collectivite": "ailleurs"}, {"secteur": "999"}, {"fonction": "x"}])
def test_nothing_to_print_says_so(client: Client, asked: dict) -> None:
    for address in (TROMBI, TELEPHONES):
        response = client.get(address, asked, follow=True)
        assert response.redirect_chain[0][0].startswith(PAGE)
        assert "Personne ne répond" in response.content.decode() or "n’existe plus" in response.content.decode()
    assert not EntreeJournal.objects.filter(acte="agent.emporte").exists()


def test_volumes_hold_every_group_once() -> None:
    groups = [(f"g{n}", None, list(range(size))) for n, size in enumerate([3, 4, 9, 1, 2, 25])]
    cut = volumes(groups, 8)
    assert [sum(len(lines) for *_, lines in one) for one in cut] == [7, 8, 4, 8, 8, 8, 1]
    assert sum((lines for one in cut for *_, lines in one), []) == sum((lines for *_, lines in groups), [])
    assert volumes([], 8) == [[]]


def test_a_volume_says_what_it_holds(distribution: Distribution) -> None:
    groups = [("Aval", distribution.a, [1]), ("Bourg", distribution.b, [2])]
    assert span(groups) == "d’Aval à Bourg"
    assert span([("A", None, [1]), ("D", None, [1])]) == "de A à D"


def test_a_long_list_comes_in_volumes(
    client: Client, distribution: Distribution, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(imprimes, "TOME", 4)
    page = client.get(PAGE)
    assert page.context["tomes"] == ["Aval", "Bourg", "Grand Val"]
    second = words_of(opened(client, TROMBI, tome=2))
    assert "tome 2 sur 3" in second.replace("\u00a0", " ")
    assert "Simone Bourg" in second
    assert "Sylvie Aval" not in second
    assert "tome 3 sur 3" in words_of(opened(client, TROMBI, tome=99)).replace("\u00a0", " ")
    assert "tome 1 sur 3" in words_of(opened(client, TROMBI, tome="-1")).replace("\u00a0", " ")


def test_a_process_apart_gives_the_same_paper() -> None:
    apart = render_apart("trombinoscope", example("trombinoscope"), images=PORTRAITS, date=NOON)
    assert apart == render_example("trombinoscope")


def test_what_a_process_apart_refuses_is_said() -> None:
    with pytest.raises(RenduImpossible, match="No such file"):
        render_apart("inconnu", {})


def test_one_long_paper_at_a_time(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("extranet.lib.pdf_apart.PATIENCE", 0.01)
    monkeypatch.setattr(imprimes, "APART", 0)
    with _PLACE:
        with pytest.raises(RenduOccupe, match="Réessayez dans une minute"):
            render_apart("trombinoscope", {})
        response = client.get(TROMBI, follow=True)
    assert "Un autre grand document se prépare" in response.content.decode()
    assert "Sylvie Aval" in words_of(opened(client, TROMBI))

"""Depositing photos: few questions, nothing lost, what the camera wrote forgotten; and changing what they say."""

import io
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from PIL import ExifTags, Image

from extranet.lib.uploads import taken_on
from extranet.lib.uploads.images import clean_picture
from ressources.enums import Licence, Personnes
from ressources.models import Photo, RessourcePage
from tests.distribution import Distribution
from tests.fichiers import documents
from tests.lib.envois import sent
from tests.ressources.actes import send
from tests.ressources.deposes import Deposant, bytes_of
from tests.ressources.factories import fetch, make_ressource, picture
from tests.ressources.photos import agreed, make_photo
from tests.sessions import open_session

pytestmark = pytest.mark.django_db


def camera(day: str = "2025:07:14 10:30:00", color: str = "teal") -> bytes:
    """As a phone writes it: the day of the shot, and where it was."""
    exif = Image.Exif()
    exif.get_ifd(ExifTags.IFD.Exif)[ExifTags.Base.DateTimeOriginal] = day
    exif.get_ifd(ExifTags.IFD.GPSInfo)[ExifTags.GPS.GPSLatitude] = (47.0, 5.0, 0.0)
    return picture(color, (640, 480), exif=exif)


@pytest.fixture
def alain(distribution: Distribution) -> Deposant:
    return Deposant(open_session(distribution.agent_a))


def plain(html: bytes) -> str:
    return html.decode().replace("\u00a0", " ")


def shared(**more: object) -> dict[str, object]:
    """What is answered once, as the page proposes it."""
    return {
        "photos-credit": "Mairie d’Aval",
        "photos-licence": "interne",
        "photos-commune": "",
        "photos-lieu": "",
    } | more


def said(pk: int, titre: str = "Le lavoir", **more: object) -> dict[str, object]:
    found = {"titre": titre, "description": "Un lavoir de pierre", "personnes": "aucune"} | more
    return {f"f{pk}-{name}": value for name, value in found.items()}


def test_two_photos_are_sent_with_three_answers_each(distribution: Distribution, alain: Deposant) -> None:
    """Title, what is seen, who is on it: the theme, the type, the day, the credit and the commune are proposed."""
    alain.drop("IMG_2041.jpg", camera())
    alain.drop("IMG_2042.jpg", camera(color="red"))
    one, two = alain.lines
    assert (one.theme_propose.slug, one.type_propose.slug) == ("communication", "photo")
    html = plain(alain.client.get(alain.page).content)
    assert 'value="2025-07-14"' in html
    assert 'name="photos-credit" value="Aval"' in html
    assert f'<option value="{distribution.a.pk}" selected>Aval</option>' in html
    answers = shared(**{"photos-commune": distribution.a.pk, "photos-lieu": "Place basse"})
    answers |= said(one.pk) | said(two.pk, "Le pont", lieu="Rive gauche", prise_le="2024-01-02")
    answers[f"f{one.pk}-prise_le"] = "2025-07-14"
    assert alain.send(**answers).status_code == 302
    lavoir, pont = Photo.objects.order_by("pk")
    assert (lavoir.lieu, pont.lieu) == ("Place basse", "Rive gauche")
    assert (lavoir.prise_le.isoformat(), pont.prise_le.isoformat()) == ("2025-07-14", "2024-01-02")
    assert {photo.collectivite for photo in (lavoir, pont)} == {distribution.a}
    assert {(page.credit, page.licence) for page in RessourcePage.objects.all()} == {("Mairie d’Aval", "interne")}
    version = lavoir.page.fichiers.get().versions.get()
    assert Image.open(io.BytesIO(bytes_of(version.file))).getexif() == {}


def test_who_must_agree_says_how_and_until_when_and_nothing_is_lost(alain: Deposant) -> None:
    alain.drop("IMG_2041.jpg", camera())
    line = alain.lines[0]
    answers = shared() | said(line.pk, description="", personnes="mineurs", accord="", lieu="La cour")
    html = plain(alain.send(**answers).content)
    for phrase in ("Dites ce qu’on voit sur « IMG_2041.jpg »", "Dites qui est d’accord", "Donnez le dernier jour"):
        assert phrase in html, phrase
    assert 'value="Le lavoir"' in html
    assert 'value="La cour"' in html
    assert not RessourcePage.objects.exists()
    fin = timezone.localdate() + timedelta(days=300)
    answers |= said(line.pk, personnes="mineurs", accord="Les parents, par écrit", accord_fin=fin.isoformat())
    assert alain.send(**answers).status_code == 302
    photo = Photo.objects.get()
    assert (photo.personnes, photo.accord, photo.accord_fin) == (Personnes.MINEURS, "Les parents, par écrit", fin)


@pytest.mark.parametrize(
    ("answers", "phrase"),
    [
        ({"personnes": ""}, "Dites qui se reconnaît"),
        ({"description": "m" * 1_500}, "Dites ce qu’on y voit en quatre cents caractères au plus : il y en a 1500"),
        ({"personnes": "tous"}, "Choisissez une de ces réponses"),
        ({"prise_le": "2199-01-01"}, "« IMG_2041.jpg » : cette date est à venir"),
        ({"prise_le": "0001-01-01"}, "« IMG_2041.jpg » : la photographie date de 1826"),
        ({"personnes": "accord", "accord": "Eux", "accord_fin": "2020-01-01"}, "Donnez le dernier jour, à venir"),
    ],
)
def test_a_bad_answer_gets_a_sentence(alain: Deposant, answers: dict, phrase: str) -> None:
    alain.drop("IMG_2041.jpg", camera())
    pk = alain.lines[0].pk
    assert phrase in plain(alain.send(**(shared() | said(pk, **answers))).content)


def test_the_credit_is_asked_once(alain: Deposant) -> None:
    alain.drop("IMG_2041.jpg", camera())
    html = plain(alain.send(**(shared(**{"photos-credit": " "}) | said(alain.lines[0].pk))).content)
    assert html.count("Donnez le crédit : qui a pris ces photos.") == 2  # the summary, and the field


def test_a_picture_filed_as_a_document_is_asked_nothing_more(alain: Deposant) -> None:
    alain.drop("plan.png", picture(kind="PNG"))
    line = alain.lines[0]
    answers = {f"f{line.pk}-titre": "Le plan de la salle", f"f{line.pk}-type": "1"}
    assert alain.send(**answers).status_code == 302
    assert not Photo.objects.exists()


def test_one_sees_the_photo_that_one_describes(distribution: Distribution, alain: Deposant) -> None:
    alain.drop("IMG_2041.jpg", camera())
    line = alain.lines[0]
    url = reverse("ressources:fichier_image", args=[alain.key, line.pk])
    assert fetch(alain.client, url)["Content-Type"] == "image/webp"
    assert fetch(open_session(distribution.responsable), url).status_code == 404
    html = plain(alain.client.get(alain.page).content)
    assert f'src="{url}"' in html


def test_its_reviewer_sees_it_with_all_that_it_says(distribution: Distribution, alain: Deposant) -> None:
    alain.drop("IMG_2041.jpg", camera())
    line = alain.lines[0]
    more = {name: value for name, value in agreed().items() if name != "personnes"}
    answers = shared() | said(line.pk, personnes="accord", lieu="Place basse", prise_le="2024-01-02", **more)
    assert alain.send(**answers).status_code == 302
    page = RessourcePage.objects.get()
    reviewer = open_session(distribution.responsable)
    html = plain(reviewer.get(reverse("ressources:relecture_detail", args=[page.pk])).content)
    shown = reverse("ressources:photo_ecran", args=[page.fichiers.get().versions.get().pk])
    assert f'<img src="{shown}" alt="Un lavoir de pierre" width="640" height="480">' in html
    for words in ("Place basse", "2 janvier 2024", "Les deux agents, par courriel, jusqu’au", "Aucun autre document"):
        assert words in html, words
    for words in ("dans le texte", "Sans texte", "Le texte lu"):
        assert words not in html, words
    assert fetch(reviewer, shown).status_code == 200
    for agent in (distribution.secretaire_b, distribution.elue_b, distribution.sans_poste):
        assert fetch(open_session(agent), shown).status_code in (403, 404), agent


def test_a_new_version_of_a_photo_asks_again_who_is_on_it(distribution: Distribution, alain: Deposant) -> None:
    photo = make_photo(owner=distribution.agent_a, collectivite=distribution.a, **agreed())
    update = reverse("ressources:ressource_update", args=[photo.page_id])
    response = send(alain.client, update, reverse("ressources:version_create", args=[photo.page_id]))
    again = Deposant(alain.client, response.url.rstrip("/").rpartition("/")[2])
    again.drop("mieux.jpg", camera())
    html = plain(alain.client.get(again.page).content)
    assert "-personnes" not in html
    assert "Pour toutes les photos" not in html
    assert "Il manque la réponse sur les personnes de « mieux.jpg »" in html
    assert "des adultes, qui sont d’accord (Les deux agents, par courriel), jusqu’au" in html
    refused = plain(again.send().content)
    assert "Dites si ces réponses valent pour « mieux.jpg »." in refused
    assert photo.page.fichiers.get().versions.count() == 1
    assert again.send(**{f"f{again.lines[0].pk}-memes_personnes": "on"}).status_code == 302
    assert photo.page.fichiers.get().versions.count() == 2
    assert Photo.objects.count() == 1


# The day of the camera


@pytest.mark.parametrize(
    ("written", "day"),
    [("2025:07:14 10:30:00", "2025-07-14"), ("2199:01:01 00:00:00", None), ("1970:01:01 00:00:00", None)]
    + [("0000:00:00 00:00:00", None), ("bientôt", None)],
)
def test_the_day_of_the_shot_is_kept_when_it_makes_sense(written: str, day: str | None) -> None:
    found = taken_on(sent("img.jpg", camera(written)))
    assert (found.isoformat() if found else None) == day


def test_a_picture_without_a_day_has_none() -> None:
    assert taken_on(sent("img.png", picture(kind="PNG"))) is None
    assert taken_on(sent("img.heic", documents.heic())) is None


def test_the_day_is_read_before_the_picture_is_cleaned() -> None:
    file = sent("img.jpg", camera())
    clean_picture(file)
    assert taken_on(file).isoformat() == "2025-07-14"


# Changing it afterwards


def _fiche(client: object, url: str) -> dict[str, object]:
    """The form as the page shows it."""
    response = client.get(url)
    form, photo = response.context["form"], response.context["photo"]
    values = {}
    for one in (form, photo):
        for field in one:
            value = field.value()
            if value not in (None, False):
                values[field.html_name] = value
    return values


def test_what_a_photo_says_is_changed_with_its_sheet(distribution: Distribution) -> None:
    photo = make_photo(owner=distribution.responsable, collectivite=distribution.a, **agreed())
    photo.page.save_revision(user=distribution.responsable)
    client = open_session(distribution.responsable)
    url = reverse("ressources:ressource_update", args=[photo.page_id])
    values = _fiche(client, url) | {"photo-description": "Un lavoir couvert", "photo-personnes": "aucune"}
    assert send(client, url, url, **values).status_code == 302
    photo.refresh_from_db()
    assert (photo.description, photo.personnes, photo.accord, photo.accord_fin) == (
        "Un lavoir couvert", Personnes.AUCUNE, "", None
    )  # fmt: skip
    html = plain(send(client, url, url, **(_fiche(client, url) | {"photo-personnes": "accord"})).content)
    assert "Dites qui est d’accord pour « Le lavoir »" in html


def test_a_photo_deposited_before_is_described_on_its_sheet(distribution: Distribution) -> None:
    photo = make_photo(owner=distribution.responsable, collectivite=distribution.a, licence=Licence.CC_BY)
    photo.delete()
    page = RessourcePage.objects.get()
    page.save_revision(user=distribution.responsable)
    client = open_session(distribution.responsable)
    url = reverse("ressources:ressource_update", args=[page.pk])
    assert "Le lavoir" not in plain(client.get("/ressources/photos/").content)
    values = _fiche(client, url) | {"photo-description": "Un lavoir", "photo-personnes": "aucune"}
    assert send(client, url, url, **values).status_code == 302
    assert "Le lavoir" in plain(client.get("/ressources/photos/").content)


def test_a_document_is_asked_nothing_of_a_photo(distribution: Distribution) -> None:
    page = make_ressource(owner=distribution.agent_a, collectivite=distribution.a)
    html = plain(open_session(distribution.agent_a).get(reverse("ressources:ressource_update", args=[page.pk])).content)
    assert "photo-description" not in html

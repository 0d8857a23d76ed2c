"""The thread of a loan, with its photos; « Nos prêts »."""

from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from PIL import Image

from collectivites.models import Collectivite
from materiel.enums import Cote
from materiel.prets import modifications
from tests.materiel.factories import make_materiel
from tests.materiel.formulaires import send, text
from tests.materiel.prets import ask, commune, keeper, lend
from tests.sessions import open_session

pytestmark = pytest.mark.django_db


@pytest.fixture
def tavaux() -> Collectivite:
    return commune("Tavaux", latitude=47.03, longitude=5.40, telephone="0353010061")


@pytest.fixture
def foucherans() -> Collectivite:
    return commune("Foucherans", latitude=47.08, longitude=5.46)


@pytest.fixture
def owner(tavaux) -> Client:
    return open_session(keeper(tavaux))


@pytest.fixture
def borrower(foucherans) -> Client:
    return open_session(keeper(foucherans))


class TestThread:
    def test_the_thread_takes_words_and_photos(self, tavaux, foucherans, owner, borrower, distribution):
        pret = lend(make_materiel(collectivite=tavaux), foucherans)
        url = pret.get_absolute_url()
        buffer = BytesIO()
        Image.new("RGB", (40, 30), "red").save(buffer, "JPEG", exif=_gps())
        photo = SimpleUploadedFile("coin.jpg", buffer.getvalue(), "image/jpeg")
        send(borrower, url, f"{url}message/", texte="Le coin est venté.", photo=photo)
        page = text(owner.get(url))
        assert "Le coin est venté." in page
        message = pret.messages.get()
        assert (message.cote, message.auteur) == (Cote.EMPRUNTEUR, keeper(foucherans))
        served = owner.get(f"{url}messages/{message.pk}/photo/")
        assert served["Content-Type"] == "image/jpeg"
        assert b"Exif" not in b"".join(served)
        stranger = open_session(distribution.gestionnaire_a)
        assert stranger.get(f"{url}messages/{message.pk}/photo/").status_code == 404

    @pytest.mark.parametrize(
        ("name", "content", "said"),
        [
            ("grande.jpg", b"\xff\xd8\xff" + b"0" * (25 * 1024 * 1024), "25"),
            ("note.pdf", b"%PDF-1.7", "pas une photo"),
            ("cassee.jpg", b"\xff\xd8\xff\xe0 rien", "abîmée"),
            ("vide.jpg", b"", "vide"),
        ],
        ids=["25MB", "pdf", "broken", "empty"],
    )
    def test_a_bad_photo_is_told_and_the_words_stay(self, tavaux, foucherans, borrower, name, content, said):
        pret = lend(make_materiel(collectivite=tavaux), foucherans)
        url = pret.get_absolute_url()
        photo = SimpleUploadedFile(name, content)
        response = send(borrower, url, f"{url}message/", texte="Voici le coin.", photo=photo)
        assert response.status_code == 422
        assert said in text(response)
        assert "Voici le coin." in text(response)
        assert not pret.messages.exists()

    def test_a_heic_photo_is_converted(self, tavaux, foucherans, borrower):
        pret = lend(make_materiel(collectivite=tavaux), foucherans)
        url, buffer = pret.get_absolute_url(), BytesIO()
        Image.new("RGB", (64, 64), "blue").save(buffer, "HEIF")
        send(borrower, url, f"{url}message/", texte="", photo=SimpleUploadedFile("a.heic", buffer.getvalue()))
        assert pret.messages.get().photo.name.endswith(".jpg")

    def test_an_empty_message_is_told(self, tavaux, foucherans, borrower):
        pret = lend(make_materiel(collectivite=tavaux), foucherans)
        url = pret.get_absolute_url()
        response = send(borrower, url, f"{url}message/", texte=" ")
        assert response.status_code == 422
        assert "Écrivez votre message" in text(response)


def _gps() -> Image.Exif:
    exif = Image.Exif()
    exif[0x010F] = "Telephone"
    return exif


class TestList:
    def test_lent_and_borrowed(self, tavaux, foucherans, owner):
        lend(make_materiel("Podium", collectivite=tavaux), foucherans)
        ask(make_materiel("Balayeuse", collectivite=foucherans), tavaux)
        gone = ask(make_materiel("Sono", collectivite=tavaux), foucherans)
        modifications.cancel(gone, keeper(foucherans), "Reporté")
        page = text(owner.get("/materiel/prets/"))
        assert "prêté à Foucherans" in page
        assert "demandé à Foucherans" in page
        assert "Sono" not in page
        assert "Sono" in text(owner.get("/materiel/prets/?vue=termines"))
        assert "Balayeuse" not in text(owner.get("/materiel/prets/?sens=preteur"))
        assert "Podium" not in text(owner.get("/materiel/prets/?q=balay"))

    def test_the_same_number_of_queries_whatever_the_loans(self, tavaux, foucherans, owner):
        def queries() -> int:
            with CaptureQueriesContext(connection) as found:
                owner.get("/materiel/prets/")
            return len(found)

        ask(make_materiel(collectivite=tavaux), foucherans)
        owner.get("/materiel/prets/")
        one = queries()
        for _ in range(4):
            lend(make_materiel(collectivite=tavaux), foucherans)
        assert queries() == one <= 25

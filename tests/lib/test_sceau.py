import io
import logging
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, Encoding, pkcs12
from cryptography.x509.oid import NameOID
from django.core import checks
from pyhanko.keys import load_certs_from_pemder_data
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.sign.validation.status import PdfSignatureStatus
from pyhanko_certvalidator import ValidationContext
from pypdf import PdfReader

from extranet.lib.sceau import SceauImpossible, check_certificat, is_configured, seal
from tests.lib.test_pdf import render_example, text_of

MOT_DE_PASSE = "tilleuls et platanes"
CLE = rsa.generate_private_key(public_exponent=65537, key_size=2048)
NOM = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Communauté d’agglomération du Grand Dole")])


def certificate(days: tuple[int, int]) -> x509.Certificate:
    now = datetime.now(UTC)
    usage = dict.fromkeys(
        (
            *("key_encipherment", "data_encipherment", "key_agreement", "key_cert_sign"),
            *("crl_sign", "encipher_only", "decipher_only"),
        ),
        False,
    )
    return (
        x509.CertificateBuilder()
        .subject_name(NOM)
        .issuer_name(NOM)
        .public_key(CLE.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now + timedelta(days=days[0]))
        .not_valid_after(now + timedelta(days=days[1]))
        .add_extension(x509.KeyUsage(digital_signature=True, content_commitment=True, **usage), critical=True)
        .sign(CLE, hashes.SHA256())
    )


@pytest.fixture
def configured(tmp_path: Path, settings) -> Callable:
    def configure(days: tuple[int, int] = (-1, 400), password: str = MOT_DE_PASSE) -> x509.Certificate:
        made, path = certificate(days), tmp_path / "sceau.p12"
        lock = BestAvailableEncryption(MOT_DE_PASSE.encode())
        path.write_bytes(pkcs12.serialize_key_and_certificates(b"sceau", CLE, made, None, lock))
        settings.SCEAU_CERTIFICAT, settings.SCEAU_MOT_DE_PASSE = str(path), password
        return made

    return configure


@pytest.fixture(scope="module")
def convention() -> bytes:
    return render_example("convention")


def sealed(pdf: bytes) -> bytes:
    return seal(pdf, motif="Convention n° 2026-107 signée par les deux communes", lieu="Dole")


def status(pdf: bytes, made: x509.Certificate) -> PdfSignatureStatus:
    roots = list(load_certs_from_pemder_data(made.public_bytes(Encoding.DER)))
    (signature,) = PdfFileReader(io.BytesIO(pdf)).embedded_signatures
    return validate_pdf_signature(signature, ValidationContext(trust_roots=roots, allow_fetching=False))


def test_nothing_configured_changes_nothing(convention: bytes):
    assert not is_configured()
    assert sealed(convention) is convention
    assert check_certificat() == []


def test_seal_is_valid_and_covers_the_whole_document(configured: Callable, convention: bytes):
    made = configured()
    verdict = status(sealed(convention), made)
    assert is_configured()
    assert verdict.bottom_line
    assert verdict.coverage.name == "ENTIRE_FILE"
    assert verdict.signing_cert.subject.native["common_name"] == "Communauté d’agglomération du Grand Dole"


def test_seal_says_why_and_where(configured: Callable, convention: bytes):
    configured()
    (signature,) = PdfFileReader(io.BytesIO(sealed(convention))).embedded_signatures
    assert signature.sig_object["/Reason"] == "Convention n° 2026-107 signée par les deux communes"
    assert signature.sig_object["/Location"] == "Dole"
    assert signature.docmdp_level.name == "NO_CHANGES"


def test_what_was_there_stays_as_it_was(configured: Callable, convention: bytes):
    configured()
    made = sealed(convention)
    assert made.startswith(convention)
    assert text_of(made) == text_of(convention)
    catalogue = PdfReader(io.BytesIO(made)).root_object
    assert catalogue["/MarkInfo"]["/Marked"]
    assert catalogue["/Lang"] == "fr-FR"
    assert "pdfuaid" in str(catalogue["/Metadata"].get_data())
    assert catalogue["/StructTreeRoot"]["/K"]


def test_the_field_is_off_the_page_and_named_for_a_screen_reader(configured: Callable, convention: bytes):
    configured()
    reader = PdfReader(io.BytesIO(sealed(convention)))
    page = reader.pages[0]
    (widget,) = [item.get_object() for item in page["/Annots"] if item.get_object()["/Subtype"] == "/Widget"]
    assert page["/Tabs"] == "/S"
    assert all(coordinate < 0 for coordinate in widget["/Rect"])
    assert widget["/TU"].startswith("Sceau électronique, Convention n° 2026-107")


@pytest.mark.parametrize("share", [0.1, 0.5, 0.95])
def test_one_changed_byte_breaks_the_seal(configured: Callable, convention: bytes, share: float):
    made = configured()
    content = bytearray(sealed(convention))
    # Inside a stream: elsewhere the file might no longer be read at all.
    place = content.index(b"stream\n", int(len(convention) * share)) + 40
    content[place] ^= 1
    logging.disable(logging.CRITICAL)
    try:
        verdict = status(bytes(content), made)
    finally:
        logging.disable(logging.NOTSET)
    assert not verdict.intact
    assert not verdict.bottom_line


def test_words_added_after_the_seal_are_seen(configured: Callable, convention: bytes):
    made = configured()
    verdict = status(sealed(convention) + b"\n% ajout\n", made)
    assert verdict.coverage.name != "ENTIRE_FILE"


def test_a_sealed_document_is_not_sealed_again(configured: Callable, convention: bytes):
    configured()
    with pytest.raises(SceauImpossible, match="il l’est déjà"):
        sealed(sealed(convention))


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7\n", b"pas un PDF"])
def test_what_is_no_pdf_is_refused(configured: Callable, content: bytes):
    configured()
    with pytest.raises(SceauImpossible, match="abîmé"):
        sealed(content)


def test_a_wrong_password_is_an_error_of_the_checks(configured: Callable, convention: bytes):
    configured(password="platanes")
    (message,) = check_certificat()
    assert (message.id, message.level) == ("extranet.E001", checks.ERROR)
    assert "SCEAU_MOT_DE_PASSE n’est pas son mot de passe" in message.msg
    assert "platanes" not in message.msg
    with pytest.raises(SceauImpossible):
        sealed(convention)


def test_a_missing_file_is_an_error_of_the_checks(settings, tmp_path: Path):
    settings.SCEAU_CERTIFICAT = str(tmp_path / "absent.p12")
    (message,) = check_certificat()
    assert message.id == "extranet.E001"
    assert "ne se lit pas" in message.msg


def test_a_file_that_is_no_certificate_is_an_error_of_the_checks(settings, tmp_path: Path):
    path = tmp_path / "lettre.p12"
    path.write_text("Bonjour")
    settings.SCEAU_CERTIFICAT = str(path)
    assert [message.id for message in check_certificat()] == ["extranet.E001"]


def test_a_certificate_without_its_key_is_an_error_of_the_checks(settings, tmp_path: Path):
    path, lock = tmp_path / "sans-cle.p12", BestAvailableEncryption(MOT_DE_PASSE.encode())
    path.write_bytes(pkcs12.serialize_key_and_certificates(b"sceau", None, certificate((-1, 400)), None, lock))
    settings.SCEAU_CERTIFICAT, settings.SCEAU_MOT_DE_PASSE = str(path), MOT_DE_PASSE
    assert [message.id for message in check_certificat()] == ["extranet.E001"]


@pytest.mark.parametrize(
    ("days", "expected", "sentence"),
    [
        ((-400, -1), "extranet.W001", "n’est plus valable depuis le"),
        ((2, 400), "extranet.W001", "n’est valable qu’à partir du"),
        ((-400, 20), "extranet.W002", "finit le"),
    ],
)
def test_dates_of_the_certificate_are_watched(configured: Callable, days: tuple, expected: str, sentence: str):
    configured(days)
    (message,) = check_certificat()
    assert (message.id, message.level) == (expected, checks.WARNING)
    assert sentence in message.msg


def test_a_certificate_out_of_date_seals_nothing(configured: Callable, convention: bytes):
    configured((-400, -1))
    with pytest.raises(SceauImpossible, match="n’est plus valable"):
        sealed(convention)


def test_a_renewed_certificate_serves_without_restart(configured: Callable, convention: bytes):
    configured()
    sealed(convention)
    renewed = configured((-1, 800))
    assert status(sealed(convention), renewed).bottom_line


def test_the_checks_of_the_site_look_at_the_certificate(configured: Callable):
    configured(password="platanes")
    assert "extranet.E001" in [message.id for message in checks.run_checks()]

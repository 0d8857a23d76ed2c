"""The seal of the organisation on a PDF: an electronic seal (PAdES B-B) made with its own certificate, if it has one.

Added at the end of the file: what came before keeps its bytes, its tags (PDF/UA) and its archive form (PDF/A). No
time server is asked: the date is that of this machine, and the journal of the application says it too.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from pathlib import Path

from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509 import Certificate
from django.conf import settings
from django.core import checks
from django.utils.module_loading import import_string

from extranet.lib.typographie import Montrable

PREAVIS = timedelta(days=30)


class SceauImpossible(Montrable):
    """The document could not be sealed; it is unchanged."""


@dataclass(frozen=True)
class Certificat:
    """The file of the certificate with its key, as it was read."""

    contenu: bytes
    mot_de_passe: bytes | None
    certificat: Certificate


def is_configured() -> bool:
    return bool(settings.SCEAU_CERTIFICAT)


def seal(pdf: bytes, *, motif: str, lieu: str) -> bytes:
    """The same PDF with the organisation's seal, after which any change shows; unchanged when there is no certificate.

    `motif` and `lieu` are what readers of PDF show as reason and place. Raises SceauImpossible when the certificate
    cannot be read or is out of date, or the PDF is already sealed, encrypted or damaged.
    """
    if not is_configured():
        return pdf
    certificat = _read()
    _check_dates(certificat.certificat)
    # What signs takes 17 MB and a third of a second to load: not for each process that serves pages.
    sign = import_string("extranet.lib.scellement.sign")
    return sign(pdf, certificat.contenu, certificat.mot_de_passe, motif=motif, lieu=lieu)


def _read() -> Certificat:
    """Raises SceauImpossible; the file is read again when it has changed."""
    path = Path(settings.SCEAU_CERTIFICAT)
    try:
        return _loaded(path, path.stat().st_mtime_ns, settings.SCEAU_MOT_DE_PASSE)
    except OSError as error:
        raise SceauImpossible(
            f"Le certificat de SCEAU_CERTIFICAT ({path}) ne se lit pas : {error.strerror}."
        ) from error
    except (ValueError, TypeError) as error:
        raise SceauImpossible(
            f"Le certificat de SCEAU_CERTIFICAT ({path}) n’est pas un fichier PKCS#12 avec sa clé, ou "
            "SCEAU_MOT_DE_PASSE n’est pas son mot de passe."
        ) from error


@lru_cache(maxsize=1)
def _loaded(path: Path, mtime_ns: int, password: str) -> Certificat:
    content, secret = path.read_bytes(), password.encode() or None
    key, certificate, _ = pkcs12.load_key_and_certificates(content, secret)
    if key is None or certificate is None:
        raise ValueError("no key or no certificate in this file")
    return Certificat(content, secret, certificate)


def _check_dates(certificate: Certificate) -> None:
    now = datetime.now(UTC)
    if now > certificate.not_valid_after_utc:
        ended = _day(certificate.not_valid_after_utc)
        raise SceauImpossible(f"Le certificat de sceau n’est plus valable depuis le {ended}.")
    if now < certificate.not_valid_before_utc:
        begins = _day(certificate.not_valid_before_utc)
        raise SceauImpossible(f"Le certificat de sceau n’est valable qu’à partir du {begins}.")


def _day(moment: datetime) -> str:
    return f"{moment:%d/%m/%Y}"


def check_certificat(app_configs: object = None, **kwargs: object) -> list[checks.CheckMessage]:
    """A certificate that cannot be read is an error; out of date, or soon, a warning: the site runs without it."""
    if not is_configured():
        return []
    try:
        certificate = _read().certificat
    except SceauImpossible as refusal:
        return [checks.Error(str(refusal), id="extranet.E001")]
    try:
        _check_dates(certificate)
    except SceauImpossible as refusal:
        return [checks.Warning(str(refusal), hint="Les documents ne sont plus scellés.", id="extranet.W001")]
    end = certificate.not_valid_after_utc
    if datetime.now(UTC) + PREAVIS > end:
        until = f"Le certificat de sceau finit le {_day(end)}."
        return [checks.Warning(until, hint="Demandez le suivant à votre prestataire de confiance.", id="extranet.W002")]
    return []

"""The seal of the organisation on a PDF: an electronic seal (PAdES B-B) made with its own certificate, if it has one.

Added at the end of the file: what came before keeps its bytes, its tags (PDF/UA) and its archive form (PDF/A). No
time server is asked: the date is that of this machine, and the journal of the application says it too.
"""

import io
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.core import checks
from pyhanko.pdf_utils.generic import pdf_name
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.sign import PdfSignatureMetadata, PdfSigner, SimpleSigner
from pyhanko.sign.fields import InvisSigSettings, MDPPerm, SigFieldSpec, SigSeedSubFilter

from extranet.lib.typographie import Montrable

CHAMP = "Sceau"
PREAVIS = timedelta(days=30)


class SceauImpossible(Montrable):
    """The document could not be sealed; it is unchanged."""


def is_configured() -> bool:
    return bool(settings.SCEAU_CERTIFICAT)


def seal(pdf: bytes, *, motif: str, lieu: str) -> bytes:
    """The same PDF with the organisation's seal, after which any change shows; unchanged when there is no certificate.

    `motif` and `lieu` are what readers of PDF show as reason and place. Raises SceauImpossible when the certificate
    cannot be read or is out of date, or the PDF is already sealed, encrypted or damaged.
    """
    if not is_configured():
        return pdf
    signer = _signer()
    _check_dates(signer)
    metadata = PdfSignatureMetadata(
        field_name=CHAMP,
        reason=motif,
        location=lieu,
        md_algorithm="sha256",
        subfilter=SigSeedSubFilter.PADES,
        certify=True,
        docmdp_permissions=MDPPerm.NO_CHANGES,
    )
    field = SigFieldSpec(
        CHAMP,
        # Outside the page: a field on it would have to be tagged (ISO 14289-1, 7.18.4).
        invis_sig_settings=InvisSigSettings(box_out_of_bounds=True),
        readable_field_name=f"Sceau électronique, {motif}",
    )
    try:
        writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
        _order_tabs(writer)
        return PdfSigner(metadata, signer, new_field_spec=field).sign_pdf(writer).getvalue()
    except (PdfError, ValueError, KeyError) as error:
        raise SceauImpossible("Le PDF n’a pas pu être scellé : il l’est déjà, ou il est abîmé.") from error


def _order_tabs(writer: IncrementalPdfFileWriter) -> None:
    """A page with a field is read in the order of its tags (ISO 14289-1, 7.18.3)."""
    page = writer.root["/Pages"]["/Kids"][0]
    while "/Kids" in page:
        page = page["/Kids"][0]
    if page.get("/Tabs") != "/S":
        page[pdf_name("/Tabs")] = pdf_name("/S")
        writer.update_container(page)


def _signer() -> SimpleSigner:
    """Raises SceauImpossible; the file is read again when it has changed."""
    path = Path(settings.SCEAU_CERTIFICAT)
    try:
        return _loaded(path, path.stat().st_mtime_ns, settings.SCEAU_MOT_DE_PASSE)
    except OSError as error:
        raise SceauImpossible(
            f"Le certificat de SCEAU_CERTIFICAT ({path}) ne se lit pas : {error.strerror}."
        ) from error
    except (ValueError, TypeError, AttributeError) as error:
        raise SceauImpossible(
            f"Le certificat de SCEAU_CERTIFICAT ({path}) n’est pas un fichier PKCS#12 avec sa clé, ou "
            "SCEAU_MOT_DE_PASSE n’est pas son mot de passe."
        ) from error


@lru_cache(maxsize=1)
def _loaded(path: Path, mtime_ns: int, password: str) -> SimpleSigner:
    return SimpleSigner.load_pkcs12_data(path.read_bytes(), other_certs=[], passphrase=password.encode() or None)


def _check_dates(signer: SimpleSigner) -> None:
    now, certificat = datetime.now(UTC), signer.signing_cert
    if now > certificat.not_valid_after:
        ended = _day(certificat.not_valid_after)
        raise SceauImpossible(f"Le certificat de sceau n’est plus valable depuis le {ended}.")
    if now < certificat.not_valid_before:
        begins = _day(certificat.not_valid_before)
        raise SceauImpossible(f"Le certificat de sceau n’est valable qu’à partir du {begins}.")


def _day(moment: datetime) -> str:
    return f"{moment:%d/%m/%Y}"


def check_certificat(app_configs: object = None, **kwargs: object) -> list[checks.CheckMessage]:
    """A certificate that cannot be read is an error; out of date, or soon, a warning: the site runs without it."""
    if not is_configured():
        return []
    try:
        signer = _signer()
    except SceauImpossible as refusal:
        return [checks.Error(str(refusal), id="extranet.E001")]
    try:
        _check_dates(signer)
    except SceauImpossible as refusal:
        return [checks.Warning(str(refusal), hint="Les documents ne sont plus scellés.", id="extranet.W001")]
    end = signer.signing_cert.not_valid_after
    if datetime.now(UTC) + PREAVIS > end:
        until = f"Le certificat de sceau finit le {_day(end)}."
        return [checks.Warning(until, hint="Demandez le suivant à votre prestataire de confiance.", id="extranet.W002")]
    return []

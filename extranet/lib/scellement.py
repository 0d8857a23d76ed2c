"""The act of sealing, by pyHanko: loaded by `extranet.lib.sceau` when there is something to seal."""

import io

from pyhanko.pdf_utils.generic import pdf_name
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.sign import PdfSignatureMetadata, PdfSigner, SimpleSigner
from pyhanko.sign.fields import InvisSigSettings, MDPPerm, SigFieldSpec, SigSeedSubFilter

from extranet.lib.sceau import SceauImpossible

CHAMP = "Sceau"


def sign(pdf: bytes, certificat: bytes, mot_de_passe: bytes | None, *, motif: str, lieu: str) -> bytes:
    """The PDF with its seal, written after its own bytes. Raises SceauImpossible."""
    signer = SimpleSigner.load_pkcs12_data(certificat, other_certs=[], passphrase=mot_de_passe)
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

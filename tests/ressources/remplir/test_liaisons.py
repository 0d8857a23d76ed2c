"""A model goes to every commune: it fetches nothing elsewhere, and no address holds a field that nobody would fill."""

import pytest
from django.core.files.base import ContentFile

from ressources.remplir.controle import controle_of
from tests.ressources.remplir.modeles import control, open_text, opened_word, phrases, saved, with_body, word


def linked(*links: tuple[str, str]) -> bytes:
    """A model with these addresses, each of a kind that Word knows."""
    document = opened_word(word("{{ commune }}"))
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/{}"
    for name, target in links:
        document.part.relate_to(target, kind.format(name), is_external=True)
    return saved(document)


HREF = '<text:p xmlns:xlink="http://www.w3.org/1999/xlink">{{{{ commune }}}}{}</text:p>'


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (linked(("attachedTemplate", "http://x.example/t.dotm")), "« http://x.example/t.dotm », modèle attaché : "),
        (linked(("attachedTemplate", r"file:///\\x\t.dotm")), r"« file:///\\x\t.dotm », modèle attaché : "),
        (linked(("image", "file:///C:/logo.png")), "« file:///C:/logo.png », image liée : elle est liée au lieu"),
        (linked(("oleObject", "http://x.example/a.xlsx")), "« http://x.example/a.xlsx », élément lié : "),
        (
            with_body(
                word("{{ commune }}"),
                '<w:p><w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText> INCLUDE</w:instrText></w:r>'
                '<w:r><w:instrText>PICTURE "http://x.example/a.png"</w:instrText></w:r></w:p>',
            ),
            '« INCLUDEPICTURE "http://x.example/a.png" », élément lié : ',
        ),
        (
            open_text(HREF.format('<draw:image xlink:href="http://x.example/a.png"/>')),
            "« http://x.example/a.png », image liée : ",
        ),
        (open_text(HREF.format('<draw:object xlink:href="../a.ods"/>')), "« ../a.ods », élément lié : "),
    ],
    ids=["modele", "reseau", "image", "objet", "code", "image odt", "objet odt"],
)
def test_a_model_fetches_nothing_elsewhere(content: bytes, said: str) -> None:
    extension = "odt" if b"mimetype" in content[:60] else "docx"
    assert phrases(content, extension)[0].startswith(said)
    assert not control(content, extension).is_modele


def test_links_and_what_is_inside_may_stay() -> None:
    own = r"file:///C:\Users\mairie\Mairie.dotm"
    assert control(linked(("hyperlink", "https://www.example.fr/"), ("attachedTemplate", own))).is_modele
    link = '<text:a xlink:href="https://www.example.fr/">ici</text:a><draw:image xlink:href="Pictures/1.png"/>'
    assert control(open_text(HREF.format(link)), "odt").is_modele
    # A document like another is asked nothing.
    plain = open_text(HREF.replace("{{{{ commune }}}}", "").format('<draw:image xlink:href="http://x.example/"/>'))
    assert controle_of(ContentFile(plain), "odt").is_vide


@pytest.mark.parametrize("cible", ["mailto:{{ courriel }}", "mailto:%7B%7B%20courriel%20%7D%7D"])
def test_a_field_in_the_address_of_a_link_is_named(cible: str) -> None:
    said = ["« {{ courriel }} », adresse d’un lien : un champ ne se remplit pas dans l’adresse d’un lien : "]
    for content, extension in (
        (linked(("hyperlink", cible)), "docx"),
        (open_text(HREF.format(f'<text:a xlink:href="{cible}">ici</text:a>')), "odt"),
    ):
        assert [phrase.partition("écrivez")[0] for phrase in phrases(content, extension)] == said

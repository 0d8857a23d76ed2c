"""The blocks of a page: what each refuses, and what each draws."""

import re

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db import models
from wagtail.blocks import StreamValue
from wagtail.images.tests.utils import get_test_image_file

from extranet.lib.blocs import CorpsBlock, CorpsField, contents, plain_text
from home.models import PageStandard
from ressources.models import DocumentPrive, ImagePrivee

TONS = ("info", "ok", "wait", "alert")
BLOCS = [
    ("texte", "<p>Bonjour <b>à tous</b></p>"),
    ("titre", {"texte": "Une partie", "niveau": "2"}),
    ("titre", {"texte": "Une sous-partie", "niveau": "3"}),
    ("etapes", [{"titre": "Ouvrir", "texte": "<p>Comment</p>"}, {"titre": "Lire", "texte": ""}]),
    *(("encadre", {"ton": ton, "titre": "À savoir", "texte": "<p>Ceci</p>"}) for ton in TONS),
    ("citation", {"texte": "Bien dit", "auteur": "Quelqu’un"}),
    ("question", {"question": "Pourquoi ?", "reponse": "<p>Parce que</p>"}),
    (
        "tableau",
        {
            "caption": "Horaires",
            "columns": [{"type": "texte", "heading": "Jour"}, {"type": "nombre", "heading": "Heures"}],
            "rows": [{"values": ["Lundi", 3]}],
        },
    ),
    ("lien", {"libelle": "Lire la loi", "page": None, "adresse": "https://www.legifrance.gouv.fr/"}),
]


def value_of(*blocs: tuple[str, object]) -> StreamValue:
    return CorpsBlock().normalize(list(blocs))


@pytest.mark.django_db
def test_what_each_draws():
    value = value_of(*BLOCS)
    CorpsBlock().clean(value)
    html = value.render_as_block()
    for words in (
        "Bonjour <b>à tous</b>",
        '<h2 id="une-partie">Une partie</h2>',
        '<h3 id="une-sous-partie">',
        "<strong>Ouvrir</strong>",
        "alert-warning",
        "<blockquote>",
        "<summary>Pourquoi ?</summary>",
        'data-label="Heures">3<',
        'href="https://www.legifrance.gouv.fr/"',
    ):
        assert words in html
    assert not re.search(r"\sstyle=|<script|\son[a-z]+=", html)
    assert html.count("</h2>") == 1


@pytest.mark.parametrize(
    ("bloc", "message"),
    [
        (("lien", {"libelle": "Lire", "page": None, "adresse": ""}), "l’une des deux"),
        (("tableau", {**BLOCS[-2][1], "caption": ""}), "légende"),
        (("titre", {"texte": "", "niveau": "2"}), ""),
        (("titre", {"texte": "x", "niveau": "1"}), ""),
        (("encadre", {"ton": "rose", "titre": "", "texte": "<p>x</p>"}), ""),
    ],
)
def test_what_each_refuses(bloc: tuple[str, object], message: str):
    with pytest.raises(ValidationError) as refusal:
        CorpsBlock().clean(value_of(bloc))
    assert message in str(refusal.value.as_json_data())


@pytest.mark.django_db
def test_a_link_to_a_page_follows_it():
    page = PageStandard.objects.get(slug="questions-frequentes")
    html = value_of(("lien", {"libelle": "Lire", "page": page, "adresse": ""})).render_as_block()
    assert 'href="/aide/questions-frequentes/"' in html
    with pytest.raises(ValidationError):
        CorpsBlock().clean(value_of(("lien", {"libelle": "Lire", "page": page, "adresse": "https://a.example/"})))


@pytest.mark.django_db
class TestFichiers:
    def illustration(self, **choices: object) -> tuple[str, object]:
        image = ImagePrivee.objects.create(
            title="Nacelle", description="La nacelle à Authume", file=get_test_image_file()
        )
        inner = {"image": image.pk, "decorative": False, "alt_text": "La nacelle", **choices}
        return "image", {"image": inner, "legende": "Devant la mairie"}

    def test_an_image_has_its_words(self):
        value = CorpsBlock().to_python([dict(zip(("type", "value"), self.illustration(), strict=True))])
        CorpsBlock().clean(value)
        html = value.render_as_block()
        assert 'alt="La nacelle"' in html
        assert "Devant la mairie" in html
        assert re.search(r'width="\d+" height="\d+"', html)

    def test_an_image_without_words_is_refused(self):
        bloc = self.illustration(alt_text="")
        value = CorpsBlock().to_python([dict(zip(("type", "value"), bloc, strict=True))])
        with pytest.raises(ValidationError):
            CorpsBlock().clean(value)

    def test_a_decorative_image_has_an_empty_alternative(self):
        bloc = self.illustration(alt_text="", decorative=True)
        value = CorpsBlock().to_python([dict(zip(("type", "value"), bloc, strict=True))])
        CorpsBlock().clean(value)
        assert 'alt=""' in value.render_as_block()

    def test_a_document_says_its_kind_and_size(self):
        document = DocumentPrive.objects.create(title="Règlement", file=ContentFile(b"%PDF-1.7", "reglement.pdf"))
        html = value_of(("document", {"document": document, "titre": "", "detail": "À signer"})).render_as_block()
        assert "Règlement" in html
        assert "PDF" in html
        assert document.url in html

    def test_a_document_gone_leaves_no_hole(self):
        html = value_of(("document", {"document": None, "titre": "", "detail": ""})).render_as_block()
        assert "<a" not in html


def test_contents_and_plain_text():
    value = value_of(*BLOCS)
    assert [title.ancre for title in contents(value)] == ["une-partie"]
    text = plain_text(value)
    for words in ("Bonjour à tous", "Ouvrir", "Bien dit", "Pourquoi", "Horaires"):
        assert words in text
    assert "<" not in text


def test_blocks_make_no_migration():
    field = PageStandard._meta.get_field("corps")
    assert isinstance(field, CorpsField)
    assert "block_lookup" not in models.Field.deconstruct(field)[3]
    assert field.deconstruct()[2] == []

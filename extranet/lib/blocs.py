"""The blocks that a page's body is made of, each with its template in the look of the site.

Ten blocks and no raw HTML: what editors write cannot break the page, its accessibility nor the CSP.
"""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.text import slugify
from wagtail import blocks
from wagtail.blocks.struct_block import StructBlockValidationError
from wagtail.contrib.typed_table_block.blocks import TypedTable, TypedTableBlock
from wagtail.documents.blocks import DocumentChooserBlock
from wagtail.fields import StreamField
from wagtail.images.blocks import ImageBlock

RICHE = ["bold", "italic", "ol", "ul", "link", "document-link"]
TONS = [("info", "Information"), ("ok", "Bonne nouvelle"), ("wait", "Attention"), ("alert", "Alerte")]


class TexteBlock(blocks.RichTextBlock):
    """Paragraphs and lists."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"features": RICHE, **kwargs})

    class Meta:
        label = "Texte"
        icon = "pilcrow"
        template = "blocs/texte.html"


class TitreValue(blocks.StructValue):
    @property
    def ancre(self) -> str:
        """Id of the title, so that a part of the page has its address."""
        return slugify(self["texte"]) or "partie"


class TitreBlock(blocks.StructBlock):
    texte = blocks.CharBlock(label="Titre", max_length=120)
    niveau = blocks.ChoiceBlock(label="Niveau", choices=[("2", "partie"), ("3", "sous-partie")], default="2")

    class Meta:
        label = "Titre"
        icon = "title"
        template = "blocs/titre.html"
        value_class = TitreValue


class EtapeBlock(blocks.StructBlock):
    titre = blocks.CharBlock(label="Ce que l’on fait", max_length=120, help_text="Un verbe : « Ouvrez le courriel ».")
    texte = TexteBlock(label="Comment", required=False)

    class Meta:
        label = "Étape"


class EncadreBlock(blocks.StructBlock):
    ton = blocks.ChoiceBlock(label="Ton", choices=TONS, default="info")
    titre = blocks.CharBlock(label="Titre", required=False, max_length=120)
    texte = TexteBlock(label="Texte")

    class Meta:
        label = "Encadré"
        icon = "warning"
        template = "blocs/encadre.html"


class IllustrationBlock(blocks.StructBlock):
    image = ImageBlock(label="Image")
    legende = blocks.CharBlock(label="Légende", required=False, max_length=250)

    class Meta:
        label = "Image"
        icon = "image"
        template = "blocs/image.html"


class DocumentBlock(blocks.StructBlock):
    document = DocumentChooserBlock(label="Document")
    titre = blocks.CharBlock(label="Titre", required=False, max_length=150, help_text="Celui du document par défaut.")
    detail = blocks.CharBlock(label="Ce qu’il contient", required=False, max_length=250)

    class Meta:
        label = "Document"
        icon = "doc-full"
        template = "blocs/document.html"


class CitationBlock(blocks.StructBlock):
    texte = blocks.TextBlock(label="Citation", max_length=600)
    auteur = blocks.CharBlock(label="De qui", required=False, max_length=120)

    class Meta:
        label = "Citation"
        icon = "openquote"
        template = "blocs/citation.html"


class QuestionBlock(blocks.StructBlock):
    question = blocks.CharBlock(label="Question", max_length=160)
    reponse = TexteBlock(label="Réponse")

    class Meta:
        label = "Question et réponse"
        icon = "help"
        template = "blocs/question.html"


class TableauBlock(TypedTableBlock):
    """A table whose caption is read aloud; on a phone each row becomes a card, hence the headings in `lignes`."""

    def clean(self, value: TypedTable) -> TypedTable:
        value = super().clean(value)
        if value and not value.caption:
            raise ValidationError("Donnez une légende : elle dit ce que contient le tableau à qui ne le voit pas.")
        return value

    def get_context(self, value: TypedTable, parent_context: dict | None = None) -> dict:
        context = super().get_context(value, parent_context)
        headings = [column["heading"] for column in value.columns]
        context["titres"] = headings
        context["lignes"] = [list(zip(headings, row, strict=True)) for row in value.rows]
        return context

    class Meta:
        label = "Tableau"
        icon = "table"
        template = "blocs/tableau.html"


class LienValue(blocks.StructValue):
    @property
    def url(self) -> str:
        page = self["page"]
        return page.url if page else self["adresse"]


class LienBlock(blocks.StructBlock):
    """A link as a button: to a page of the site, or to an address elsewhere."""

    libelle = blocks.CharBlock(label="Mots du bouton", max_length=60, help_text="Un verbe : « Lire le règlement ».")
    page = blocks.PageChooserBlock(label="Page de l’extranet", required=False)
    adresse = blocks.URLBlock(label="Ou adresse ailleurs", required=False)

    def clean(self, value: blocks.StructValue) -> blocks.StructValue:
        value = super().clean(value)
        if bool(value["page"]) == bool(value["adresse"]):
            refusal = ValidationError("Choisissez une page de l’extranet, ou une adresse ailleurs : l’une des deux.")
            raise StructBlockValidationError(block_errors={"adresse": refusal})
        return value

    class Meta:
        label = "Bouton"
        icon = "link"
        template = "blocs/lien.html"
        value_class = LienValue


class CorpsBlock(blocks.StreamBlock):
    """The body of a page."""

    texte = TexteBlock()
    titre = TitreBlock()
    etapes = blocks.ListBlock(EtapeBlock(), label="Liste d’étapes", icon="list-ol", template="blocs/etapes.html")
    encadre = EncadreBlock()
    image = IllustrationBlock()
    document = DocumentBlock()
    citation = CitationBlock()
    question = QuestionBlock()
    tableau = TableauBlock(
        [
            ("texte", blocks.CharBlock(label="Texte", required=False)),
            ("nombre", blocks.DecimalBlock(label="Nombre", required=False)),
            ("date", blocks.DateBlock(label="Date", required=False)),
        ]
    )
    lien = LienBlock()


class CorpsField(StreamField):
    """The body of a page. Its blocks are code, not schema: a new block or a new word makes no migration."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(CorpsBlock, **{"verbose_name": "texte", "blank": True, **kwargs})

    def deconstruct(self) -> tuple[str, str, list, dict]:
        return models.Field.deconstruct(self)


def contents(value: blocks.StreamValue) -> list[TitreValue]:
    """The titles of its parts, for « Sur cette page »."""
    titles = [bloc.value for bloc in value if bloc.block_type == "titre"]
    return [title for title in titles if title["niveau"] == "2"]


def plain_text(value: blocks.StreamValue) -> str:
    """The words of a body, for the search and the mails."""
    return " ".join(value.stream_block.get_searchable_content(value))

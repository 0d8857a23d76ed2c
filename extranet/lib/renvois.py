"""What a body refers to — documents, images, pages — and the same body without some of it."""

import re
from collections.abc import Iterator
from typing import Any

from django.db import models
from wagtail.blocks import Block, ChooserBlock, ListBlock, RichTextBlock, StreamBlock, StreamValue, StructBlock
from wagtail.blocks.list_block import ListValue
from wagtail.documents import get_document_model
from wagtail.images.blocks import ImageBlock
from wagtail.models import Page
from wagtail.rich_text import RichText

# A thing referred to: its kind, and its number as it was written.
Renvoi = tuple[type[models.Model], str]

_LIEN = re.compile(r'<a\b(?=[^>]*\blinktype="(page|document)")(?=[^>]*\bid="([^"]*)")[^>]*>(.*?)</a>', re.DOTALL)


def references(block: Block, value: Any) -> set[Renvoi]:
    """Everything that `value` refers to, links of the texts included."""
    return {(model, str(pk)) for model, pk, *_ in block.extract_references(value)}


def in_each_block(corps: StreamValue) -> Iterator[tuple[str, set[Renvoi]]]:
    """« Bloc 2, « Document » », and what that block refers to."""
    for rank, child in enumerate(corps, 1):
        yield f"Bloc {rank}, «\u00a0{child.block.label}\u00a0»", references(child.block, child.value)


def without(block: Block, value: Any, refused: set[Renvoi]) -> Any:
    """`value` without these references: a chooser is emptied, a link of a text leaves its words."""
    if value is None or not references(block, value) & refused:
        return value
    if isinstance(block, ChooserBlock | ImageBlock):
        return None
    if isinstance(block, RichTextBlock):
        return RichText(_LIEN.sub(lambda link: link[3] if _target(link) in refused else link[0], value.source))
    if isinstance(block, StreamBlock):
        return StreamValue(block, [(c.block_type, without(c.block, c.value, refused), c.id) for c in value])
    if isinstance(block, ListBlock):
        return ListValue(block, values=[without(block.child_block, item, refused) for item in value])
    if isinstance(block, StructBlock):
        kept = {name: without(child, value.get(name), refused) for name, child in block.child_blocks.items()}
        return block.normalize(kept)
    return block.get_default()


def _target(link: re.Match[str]) -> Renvoi:
    return (Page if link[1] == "page" else get_document_model()), link[2]

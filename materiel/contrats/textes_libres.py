"""A description typed as plain lines on the site, kept as the rich text that the admin edits."""

import html
import re

from wagtail.blocks import StreamValue

_PARAGRAPH = re.compile(r"<p(?: data-block-key=\"\w*\")?>([^<]*(?:<br ?/?>[^<]*)*)</p>")


def rich(text: str) -> list[tuple[str, str]]:
    """The body: a block of text, a paragraph for each run of lines. Empty without words."""
    paragraphs = [one.strip() for one in re.split(r"\n\s*\n", text.replace("\r\n", "\n")) if one.strip()]
    if not paragraphs:
        return []
    return [
        ("texte", "".join(f"<p>{html.escape(one, quote=False).replace(chr(10), '<br/>')}</p>" for one in paragraphs))
    ]


def editable_text(corps: StreamValue) -> str | None:
    """The same, back as lines; None when the admin gave it more than paragraphs: it is changed there."""
    if not corps:
        return ""
    if len(corps) > 1 or corps[0].block_type != "texte":
        return None
    source = corps[0].value.source
    if _PARAGRAPH.sub("", source).strip():
        return None
    found = [re.sub(r"<br ?/?>", "\n", one) for one in _PARAGRAPH.findall(source)]
    return html.unescape("\n\n".join(found))

"""Pages of a PDF as pictures. Answers the number of pages, then a name a line as each is written."""

from pathlib import Path

import pypdfium2 as pdfium

from extranet.lib.extraction.lecteurs.commun import answer_value

# A page may be a poster, or a ribbon of ten metres.
_MAX_POINTS = 6_000_000
_OPTIONS = {"webp": {"quality": 80, "method": 4}, "png": {"optimize": False}}


def main(path: str, folder: str, first: str, count: str, width: str, kind: str) -> None:
    document = pdfium.PdfDocument(path)
    answer_value(len(document))
    for number in range(int(first), min(int(first) + int(count), len(document) + 1)):
        page = document[number - 1]
        across, down = (max(1.0, side) for side in page.get_size())
        scale = min(int(width) / across, (_MAX_POINTS / (across * down)) ** 0.5)
        image = page.render(scale=scale, draw_annots=True).to_pil()
        name = f"page-{number:04}.{kind}"
        # Written under another name first: a crash leaves no half picture under the right one.
        draft = Path(folder, f".{name}")
        image.convert("RGB").save(draft, kind, **_OPTIONS[kind])
        draft.rename(Path(folder, name))
        answer_value(name)
        page.close()

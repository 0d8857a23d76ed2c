"""A long paper composed in a process of its own: what typst remembers of a thousand photos ends with it."""

import json
import pickle
import subprocess
import sys
from datetime import datetime
from pathlib import Path
from threading import BoundedSemaphore

from extranet.lib.pdf import RenduImpossible, render
from extranet.lib.typographie import Montrable

_ROOT = str(Path(__file__).resolve().parents[2])
_PROGRAM = f"import sys; sys.path.insert(0, {_ROOT!r}); from extranet.lib.pdf_apart import main; sys.exit(main())"
SECONDS = 60
# One at a time takes up to three hundred megabytes: the others wait, not for ever.
PATIENCE = 20
_PLACE = BoundedSemaphore(1)
_REFUSED = 3


class RenduOccupe(Montrable):
    """Another long paper is being composed; the text may be shown."""

    def __init__(self) -> None:
        super().__init__("Un autre grand document se prépare en ce moment. Réessayez dans une minute.")


def render_apart(
    template: str, data: dict, *, images: dict[str, bytes] | None = None, date: datetime | None = None
) -> bytes:
    """As `render`. Raises RenduImpossible, or RenduOccupe when its turn does not come in time."""
    if not _PLACE.acquire(timeout=PATIENCE):
        raise RenduOccupe
    try:
        done = subprocess.run(  # noqa: S603 our own program
            [sys.executable, "-I", "-c", _PROGRAM],
            input=pickle.dumps((template, data, images, date)),
            capture_output=True,
            timeout=SECONDS,
            check=False,
            cwd="/",
            env={"LANG": "C.UTF-8"},
        )
    except subprocess.TimeoutExpired:
        raise RenduImpossible(template, [f"plus de {SECONDS} secondes"]) from None
    finally:
        _PLACE.release()
    if done.returncode == _REFUSED:
        raise RenduImpossible(template, json.loads(done.stderr))
    if done.returncode:
        raise RenduImpossible(template, [f"le processus s’est arrêté, code {done.returncode}"])
    return done.stdout


def main() -> int:
    """The other process: an order on its input, the PDF on its output, or why not on its errors."""
    template, data, images, date = pickle.load(sys.stdin.buffer)  # noqa: S301 what its parent has just written
    try:
        sys.stdout.buffer.write(render(template, data, images=images, date=date))
    except RenduImpossible as error:
        sys.stderr.write(json.dumps(error.causes))
        return _REFUSED
    return 0

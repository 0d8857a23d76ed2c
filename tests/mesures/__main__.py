"""`python -m tests.mesures bench|epreuve NAME [--json FILE]`: runs the module of that name, prints what it found.

`bench pages` is `tests/mesures/bench_pages.py`, `epreuve courriels` is `tests/epreuves/courriels.py`; each has
`figures() -> Iterable[Figure]`. `bench NAME --qualite` runs `qualite_NAME.py` in its place. Exit status 1 when a target
is missed.
"""

import argparse
import sys
from importlib import import_module
from pathlib import Path

import django

from tests.mesures import Figure, table, write_json

HERE = Path(__file__).parent
KINDS = {
    "bench": (HERE, "bench_", "tests.mesures"),
    "qualite": (HERE, "qualite_", "tests.mesures"),
    "epreuve": (HERE.parent / "epreuves", "", "tests.epreuves"),
}


def available(kind: str) -> list[str]:
    folder, prefix, _ = KINDS[kind]
    names = [path.stem for path in folder.glob(f"{prefix}*.py") if not path.stem.startswith("_")]
    return sorted(name.removeprefix(prefix) for name in names)


def run(kind: str, name: str) -> list[Figure]:
    _, prefix, package = KINDS[kind]
    return list(import_module(f"{package}.{prefix}{name}").figures())


def main() -> None:
    parser = argparse.ArgumentParser(prog="script/…", usage="script/%(prog)s NOM [--json FICHIER]")
    parser.add_argument("kind", choices=KINDS)
    parser.add_argument("name")
    parser.add_argument("--json", type=Path)
    parser.add_argument("--qualite", action="store_true")
    args = parser.parse_args()
    if args.qualite:
        args.kind = "qualite"
    if args.name not in available(args.kind):
        sys.exit(f"« {args.name} » n’existe pas. Il y a : {', '.join(available(args.kind)) or 'rien encore'}.")
    django.setup()
    figures = run(args.kind, args.name)
    print(table(figures))
    if args.json:
        write_json(figures, args.json)
    sys.exit(any(figure.ok is False for figure in figures))


if __name__ == "__main__":
    main()

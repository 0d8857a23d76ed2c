"""One engine in a process of its own, with its own database: reads orders, one JSON a line, and answers the same way.

Its environment says which engine it is (DATABASE_URL, DATA_DIR, SEARCH_URL); with « nu » it is FTS5 and nothing else.
"""

import json
import sys
from importlib import import_module
from pathlib import Path

import django
from django.conf import settings


def main() -> None:
    django.setup()
    answers, sys.stdout = sys.stdout, sys.stderr
    orders = bare() if sys.argv[1:] == ["nu"] else complete()
    for line in sys.stdin:
        order, args = json.loads(line)
        print(json.dumps(orders[order](*args)), file=answers, flush=True)


def bare() -> dict:
    probe = import_module("tests.mesures.recherche.nu").Nu(Path(settings.DATA_DIR) / "nu.sqlite3")
    return {"prepare": probe.prepare, "search": probe.search}


def complete() -> dict:
    """Models may be imported only now."""
    modules = [import_module(f"tests.mesures.recherche.{name}") for name in ("complete", "qualite", "wagtail")]
    return {name: act for module in modules for name, act in vars(module).items() if callable(act)}


if __name__ == "__main__":
    main()

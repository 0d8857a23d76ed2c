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
    bare = sys.argv[1:] == ["nu"]
    module = import_module(f"tests.mesures.recherche.{'nu' if bare else 'complete'}")
    orders = module.Nu(Path(settings.DATA_DIR) / "nu.sqlite3") if bare else module
    answers, sys.stdout = sys.stdout, sys.stderr
    for line in sys.stdin:
        order, args = json.loads(line)
        print(json.dumps(getattr(orders, order)(*args)), file=answers, flush=True)


if __name__ == "__main__":
    main()

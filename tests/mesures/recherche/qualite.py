"""Does the right answer come first? Asked in the process of each engine: answers planted, and the real fiches.

A query is good when one of the answers that suit it stands among the first five. `plantees.csv` gives titles that are
added to the generated corpus, each with the query it is looked for by; `requetes.csv` gives queries as secretaries type
them, with the fiches that suit, chosen by their titles before anything was run.
"""

import csv
from collections.abc import Iterator
from datetime import date, timedelta

from django.conf import settings
from django.core.management import call_command
from django.utils import timezone

from extranet.lib.apports import Entree
from search.chercher import chercher
from search.engines import est_reparti
from search.envoi import Envoi
from search.indexation import forget, write
from search.models import SearchEntry, Synonyme, SynonymeLivre
from search.synonymes import deliver
from search.vocabulaire import learn, recount
from tests.mesures.recherche.complete import reader
from tests.mesures.recherche.corpus import Corpus, fiches

DATA = settings.BASE_DIR / "tests" / "search" / "data"
PLANTED = 10**7


# With and without synonyms, for each query: its family, itself, the place of the first answer that suits it, from 1, or
# 0 when none of the first twenty does.
Rangs = dict[str, list[tuple[str, str, int]]]


def planted() -> Rangs:
    """Adds the planted answers to what the process holds, asks for them with and without synonyms, removes them."""
    start, lines = timezone.now(), list(_lines("plantees.csv"))
    texts = [entree.texte for entree in Corpus(len(lines)).entrees()]
    write(
        [
            Entree(
                kind="plantee",
                pk=PLANTED + n,
                titre=line["titre"],
                url=f"/plantee/{n}/",
                texte=texts[n],
                theme="Divers",
                codes=("toutes",),
                date=date(2020, 1, 1) + timedelta(days=n),
            )
            for n, line in enumerate(lines)
        ]
    )
    _send()
    learn(start)
    expected = {line["requete"]: {PLANTED + n} for n, line in enumerate(lines)}
    found = _with_and_without(lines, expected, "plantee")
    forget(list(SearchEntry.objects.filter(kind="plantee").values_list("pk", flat=True)))
    _send()
    return found


def real() -> Rangs:
    """The real fiches alone, in a database that was empty."""
    call_command("migrate", verbosity=0)
    keys = {fiche.id: n for n, fiche in enumerate(fiches(), 1)}
    if not SearchEntry.objects.exists():
        write(
            [
                Entree(
                    kind="fiche",
                    pk=keys[fiche.id],
                    titre=fiche.titre,
                    url=f"/fiche/{fiche.id}/",
                    texte=fiche.texte,
                    theme=fiche.theme,
                    type=fiche.type,
                    annee=fiche.publie_le.year,
                    codes=("toutes",),
                    date=fiche.publie_le,
                )
                for fiche in fiches()
            ]
        )
        _send()
        recount()
    lines = list(_lines("requetes.csv"))
    expected = {line["requete"]: {keys[one] for one in line["fiches"].split()} for line in lines}
    return _with_and_without(lines, expected, "fiche")


def _with_and_without(lines: list[dict], expected: dict[str, set[int]], kind: str) -> Rangs:
    deliver()
    with_synonyms = [_rank(line, expected[line["requete"]], kind) for line in lines]
    Synonyme.objects.all().delete()
    SynonymeLivre.objects.all().delete()
    without = [_rank(line, expected[line["requete"]], kind) for line in lines]
    deliver()
    return {"avec": with_synonyms, "sans": without}


def _rank(line: dict, expected: set[int], kind: str) -> tuple[str, str, int]:
    keys = chercher(line["requete"], reader()).rangs[:20]
    objects = dict(SearchEntry.objects.filter(pk__in=keys, kind=kind).values_list("pk", "objet"))
    rank = next((n for n, key in enumerate(keys, 1) if objects.get(key) in expected), 0)
    return line["famille"], line["requete"], rank


def _lines(name: str) -> Iterator[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file, delimiter=";")


def _send() -> None:
    if est_reparti():
        Envoi().send_due()

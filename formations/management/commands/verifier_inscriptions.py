"""`manage.py verifier_inscriptions`: tells the seats again, reads only; exit status 2 when a promise is broken."""

import sys
from collections import Counter

from django.core.management.base import BaseCommand

from formations.places.verification import INVARIANTS, REVEIL, check


class Command(BaseCommand):
    help = (
        "Recompte les places, les quotas, les rangs et l’historique des formations. N’écrit rien ; sort avec le code 2 "
        "s’il y a un écart."
    )

    def handle(self, **options: object) -> None:
        found = check(reveil=REVEIL)
        wrong = Counter(one.invariant for one in found.ecarts)
        width = max(map(len, INVARIANTS.values()))
        for code, words in INVARIANTS.items():
            self.stdout.write(f"{code}  {words:<{width}}  {f'{wrong[code]} écart(s)' if wrong[code] else 'tenu'}")
        self.stdout.write(
            f"{found.sessions} sessions, {found.inscriptions} inscriptions, {found.mouvements} lignes d’historique."
        )
        for one in found.ecarts:
            self.stdout.write(str(one))
        if found.ecarts:
            self.stdout.write(f"{len(found.ecarts)} écart(s).")
            sys.exit(2)
        self.stdout.write("Tout est tenu.")

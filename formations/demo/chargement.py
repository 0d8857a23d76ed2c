"""The training of the demo, in order: rules of visa, sheets, the year that has passed, what is to come.

The same date gives the same rows; `annonce_le` is written everywhere, so that `veille` sends nothing of it.
"""

from collections import Counter
from typing import TYPE_CHECKING

from django.utils import timezone

from collectivites.models import Poste
from extranet.lib.cherchable import reindex
from formations.demo import annee, sessions
from formations.demo.fiches import write_sheets
from formations.demo.grande import widen
from formations.demo.outils import Annales, Gens, Salle
from formations.enums import PolitiqueVisa
from formations.models import FormationPage, Numerotation, RegleVisa

if TYPE_CHECKING:
    from collectivites.demo import Monde
    from formations.demo.sessions import Seance

# Tavaux wants the agreement of its mayor, Choisey asks for none.
REGLES = (
    ("tavaux", PolitiqueVisa.SIGNATAIRE, "anne-lise-marchal", "bernard-roussey"),
    ("choisey", PolitiqueVisa.SANS, "", ""),
)


def load(monde: "Monde") -> None:
    gens = Gens.of(monde)
    for place, politique, viseur, suppleant in REGLES:
        RegleVisa.objects.create(
            collectivite=monde.collectivite(place),
            politique=politique,
            viseur=monde.agent(viseur) if viseur else None,
            suppleant=monde.agent(suppleant) if suppleant else None,
        )
    pages = write_sheets(monde, gens.responsable)
    salle = Salle(monde, gens, pages, Annales())
    salle.publics = {page.slug: [one.pk for one in page.publics.all()] for page in pages.values()}
    over, coming = annee.prepare(salle), sessions.prepare(salle)
    number([*over, *coming])
    for one in over:
        annee.write(salle, one)
    for one in coming:
        sessions.write(salle, one)
    salle.annales.write()
    if monde.grande:
        widen(list(pages.values()), list(Poste.objects.in_force().order_by("pk")), monde.date)
    reindex(FormationPage.to_index().filter(pk__in=[page.pk for page in pages.values()]))


def number(seances: "list[Seance]") -> None:
    """All of them, in the order in which they were made, year by year."""
    last: Counter[int] = Counter()
    for one in sorted(seances, key=lambda one: (one.session.created_at, one.session.formation_id)):
        year = timezone.localtime(one.session.created_at).year
        last[year] += 1
        one.session.numero = f"{year}-F-{last[year]}"
    Numerotation.objects.bulk_create(Numerotation(annee=year, dernier=count) for year, count in last.items())

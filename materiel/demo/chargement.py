"""The lending of the demo, in order: things, papers, a year of loans, those under way, needs.

What acts refuse since it is past is written by the models; the ledger is only ever written by `registre`.
"""

from typing import TYPE_CHECKING

from extranet.lib.cherchable import reindex
from materiel import registre
from materiel.demo.annee import Annee
from materiel.demo.besoins import look_for
from materiel.demo.contrats import Contrats
from materiel.demo.materiels import join_papers, keep_days, post_all
from materiel.demo.outils import Carnet, Gens
from materiel.demo.prets import Prets
from materiel.models import MaterielPage, ReglementPretPage
from materiel.prets import retards

if TYPE_CHECKING:
    from collectivites.demo import Monde


def load(monde: "Monde") -> None:
    gens, carnet = Gens.of(monde), Carnet()
    # The rules that last year's conventions quote were there before them.
    since = monde.instant(-400, "9:00")
    ReglementPretPage.objects.update(first_published_at=since, last_published_at=since)
    things = post_all(monde, gens, carnet)
    annee, prets = Annee(monde, gens, things), Prets(monde, gens, things)
    annee.draw()
    prets.read()
    annee.number(prets.all)
    contrats = Contrats(monde, gens, carnet)
    annee.write(contrats, carnet)
    prets.write(contrats, carnet)
    keep_days(monde, gens, things)
    join_papers(monde, gens, things)
    contrats.write_constats()
    look_for(monde, gens)
    carnet.write()
    registre.purge()
    retards.watch()
    reindex(MaterielPage.to_index().filter(materiel__in=things.values()))

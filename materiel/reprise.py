"""What a collectivité lends, borrows and looks for, when another takes it in."""

from typing import TYPE_CHECKING

from django.db.models import Q

from materiel.enums import EN_COURS
from materiel.models import Besoin, Convention, LienAgenda, Materiel, Papier, Pret, ReponseBesoin

if TYPE_CHECKING:
    from collectivites.models import Collectivite


def take_over(garde: "Collectivite", retiree: "Collectivite") -> None:
    """Things, loans under way with their conventions, open needs. A convention keeps its words, names included.

    A loan between the two stays as it is: nobody lends to themself.
    """
    Materiel.objects.filter(collectivite=retiree).update(collectivite=garde)
    Papier.objects.filter(collectivite=retiree).update(collectivite=garde)
    Besoin.objects.open().filter(collectivite=retiree).update(collectivite=garde)
    elsewhere = Besoin.objects.open().exclude(collectivite=garde).values("pk")
    ReponseBesoin.objects.filter(collectivite=retiree, besoin__in=elsewhere).update(collectivite=garde)
    kept = LienAgenda.objects.filter(collectivite=garde, revoque_le=None).values_list("agent", flat=True)
    agendas = LienAgenda.objects.filter(collectivite=retiree, revoque_le=None)
    agendas.exclude(agent__in=list(kept)).update(collectivite=garde)
    frames = Q(pret=None, signee_le__isnull=False, resiliee_le=None)
    for side, other in (("preteur", "emprunteur"), ("emprunteur", "preteur")):
        mine = Q(**{side: retiree}) & ~Q(**{other: garde})
        moving = Pret.objects.filter(mine, statut__in=EN_COURS)
        Convention.objects.filter(mine, frames | Q(pret__in=moving.values("pk"))).update(**{side: garde})
        moving.update(**{side: garde})

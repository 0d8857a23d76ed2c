"""What a loan stands on, each read once: its conventions, its papers, its états des lieux, who works on both sides."""

from datetime import date
from functools import cached_property

from django.db.models import Q

from collectivites.enums import Signature as Pouvoir
from collectivites.models import Poste
from materiel.enums import TENUS, TypeConstat, TypeConvention, TypePapier
from materiel.models import Constat, Convention, Papier, Pret, ReglagesMateriel
from materiel.registre.regles import Obstacle, obstacle_of_paper


class Dossier:
    """Each part costs its queries when first asked for; none when the loan was never granted and cannot have it."""

    def __init__(self, pret: Pret) -> None:
        self.pret = pret

    @cached_property
    def regles(self) -> ReglagesMateriel:
        return ReglagesMateriel.load()

    @cached_property
    def conventions(self) -> list[Convention]:
        """All those of the loan, replaced ones too, and the frames that cover it."""
        if self.pret.accepte_le is None:
            return []
        found = list(Convention.objects.around(self.pret))
        places = {place.pk: place for place in (self.pret.preteur, self.pret.emprunteur)}
        for one in found:
            one.preteur = places.get(one.preteur_id, self.pret.preteur)
            one.emprunteur = places.get(one.emprunteur_id, self.pret.emprunteur)
        return found

    @property
    def cadre(self) -> Convention | None:
        """The frame that covers it."""
        return next((one for one in self.conventions if one.couvre and one.type == TypeConvention.CADRE), None)

    @property
    def propre(self) -> Convention | None:
        """Its own, signed or not."""
        return next((one for one in self.conventions if one.pret_id == self.pret.pk and one.is_current()), None)

    def is_covered(self) -> bool:
        return any(one.couvre for one in self.conventions)

    @cached_property
    def papiers(self) -> list[Papier]:
        """In force: those of the thing, and the insurances of the borrower, the one that ends last first."""
        insurance = Q(collectivite=self.pret.emprunteur_id, type=TypePapier.ASSURANCE)
        found = Papier.objects.filter(Q(materiel=self.pret.materiel_id) | insurance, remplace_par=None)
        return list(found.order_by("type", "-valable_jusqu_au", "pk"))

    @property
    def papiers_du_materiel(self) -> list[Papier]:
        return [one for one in self.papiers if one.materiel_id]

    @property
    def assurances(self) -> list[Papier]:
        return [one for one in self.papiers if not one.materiel_id]

    def obstacle_of_papers(self, fin: date) -> Obstacle | None:
        """As `regles.obstacle_of_papers`."""
        ended = [one for one in self.papiers_du_materiel if one.bloquant and not one.is_valid(fin)]
        return obstacle_of_paper(min(ended, key=lambda one: (one.valable_jusqu_au, one.pk), default=None))

    @cached_property
    def _vus(self) -> list[Constat]:
        """Those of the loan, and the last return of its thing from another."""
        returns = Constat.objects.filter(pret__materiel=self.pret.materiel_id, type=TypeConstat.RESTITUTION)
        last = returns.exclude(pret=self.pret).order_by("-fait_le", "-pk").values("pk")[:1]
        found = Constat.objects.filter(Q(pret=self.pret) | Q(pk__in=last))
        return list(found.prefetch_related("elements"))

    @property
    def constats(self) -> list[Constat]:
        return [one for one in self._vus if one.pret_id == self.pret.pk]

    @property
    def remise(self) -> Constat | None:
        return next((one for one in self.constats if one.type == TypeConstat.REMISE), None)

    @property
    def retours(self) -> list[Constat]:
        return [one for one in self.constats if one.type == TypeConstat.RESTITUTION]

    def reference(self, genre: TypeConstat) -> Constat | None:
        """What is compared with: the hand-over of this loan, or, at the hand-over, the last return of the thing."""
        if genre == TypeConstat.RESTITUTION:
            return self.remise
        return next((one for one in self._vus if one.pret_id != self.pret.pk), None)

    @cached_property
    def postes(self) -> list[Poste]:
        """Of both sides: who is named by the loan, who manages, who signs."""
        pret = self.pret
        named = [pk for pk in (pret.materiel.contact_id, pret.conducteur_id, pret.demandeur_id) if pk]
        useful = Q(agent__in=named) | Q(gestionnaire=True)
        if pret.statut in TENUS:
            useful |= ~Q(signataire=Pouvoir.NON)
        found = Poste.objects.in_force().for_list().filter(useful, agent__efface_le=None)
        return list(found.filter(collectivite__in=[pret.preteur_id, pret.emprunteur_id]))

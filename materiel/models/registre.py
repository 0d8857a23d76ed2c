"""The ledger: what takes a thing, and how much of it is taken half-day by half-day."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from collectivites.champs import NomField
from extranet.lib.demi_journees import DemiJournee, periode
from materiel.enums import Nature
from materiel.models.materiel import Materiel


class EngagementQuerySet(models.QuerySet):
    def held(self) -> Self:
        """Those that weigh on the ledger."""
        return self.filter(tenu=True)

    def between(self, debut: int, fin: int) -> Self:
        """Those that touch these half-days, both included."""
        return self.filter(debut__lte=fin, fin__gte=debut)


class Engagement(models.Model):
    """Units of a thing taken from a half-day to another, both included, buffers inside.

    A loan, a use of the owner, a repair, an overdue paper weigh the same: one rule, no special case. `debut` and `fin`
    are indexes of half-days (`DemiJournee.index`). While `tenu`, its units are in `Occupation.pris`; a loan returned in
    two times has two engagements, one after the other. `retard_*` are the half-days that an unreturned loan is feared
    to take beyond: they are in `Occupation.retard`, which no acceptance is refused for.
    """

    materiel = models.ForeignKey(Materiel, on_delete=models.PROTECT, related_name="engagements")
    nature = models.CharField(max_length=14, choices=Nature)
    quantite = models.PositiveIntegerField("quantité")
    debut = models.PositiveIntegerField("première demi-journée")
    fin = models.PositiveIntegerField("dernière demi-journée")
    tenu = models.BooleanField(default=True)
    pret = models.ForeignKey(
        "materiel.Pret", on_delete=models.PROTECT, null=True, blank=True, related_name="engagements"
    )
    papier = models.ForeignKey(
        "materiel.Papier", on_delete=models.PROTECT, null=True, blank=True, related_name="engagements"
    )
    motif = NomField(max_length=200, blank=True)
    sans_fin = models.BooleanField(
        "jusqu’à nouvel ordre", default=False, help_text="Prolongé chaque nuit jusqu’au bout de ce qui se réserve."
    )
    expire_le = models.DateTimeField("tenu jusqu’au", null=True, blank=True)
    auteur = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField("noté le", auto_now_add=True)

    retard_quantite = models.PositiveIntegerField(default=0)
    retard_debut = models.PositiveIntegerField(null=True, blank=True)
    retard_fin = models.PositiveIntegerField(null=True, blank=True)

    objects = EngagementQuerySet.as_manager()

    class Meta:
        ordering = ["debut", "pk"]
        indexes = [
            models.Index(fields=["materiel", "fin"], condition=Q(tenu=True), name="engagement_tenu"),
            models.Index(fields=["nature", "expire_le"], condition=Q(tenu=True), name="engagement_expire"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(quantite__gte=1), name="engagement_d_une_unite"),
            models.CheckConstraint(condition=Q(fin__gte=F("debut")), name="engagement_dans_l_ordre"),
            models.CheckConstraint(
                condition=Q(nature__in=[Nature.PRET, Nature.OPTION], pret__isnull=False)
                | ~Q(nature__in=[Nature.PRET, Nature.OPTION]) & Q(pret=None),
                name="engagement_d_un_pret",
            ),
            models.CheckConstraint(
                condition=Q(nature=Nature.PAPIER, papier__isnull=False) | ~Q(nature=Nature.PAPIER) & Q(papier=None),
                name="engagement_d_un_papier",
            ),
            models.CheckConstraint(
                condition=~Q(nature=Nature.OPTION) | Q(tenu=False) | Q(expire_le__isnull=False),
                name="engagement_option_expire",
            ),
            models.CheckConstraint(
                condition=Q(retard_quantite=0, retard_debut=None, retard_fin=None)
                | Q(retard_quantite__gte=1, retard_debut__isnull=False, retard_fin__gte=F("retard_debut"), tenu=True),
                name="engagement_retard_complet",
            ),
            # Granted twice, a loan would weigh twice. In parts, each begins where the other ends.
            models.UniqueConstraint(
                fields=["pret", "debut"],
                condition=Q(nature=Nature.PRET, tenu=True),
                name="engagement_accorde_une_fois",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.materiel}, {self.get_nature_display()} {self.periode}"

    @property
    def premiere(self) -> DemiJournee:
        return DemiJournee.at(self.debut)

    @property
    def derniere(self) -> DemiJournee:
        return DemiJournee.at(self.fin)

    @property
    def periode(self) -> str:
        return periode(self.premiere, self.derniere)


class OccupationQuerySet(models.QuerySet):
    def between(self, debut: int, fin: int) -> Self:
        return self.filter(creneau__range=(debut, fin))

    def short_of(self, quantite: int) -> Self:
        """Half-days that leave fewer than so many units."""
        return self.filter(stock__lt=F("pris") + F("retard") + quantite)


class Occupation(models.Model):
    """A half-day of a thing of which something is taken: no row, everything is free.

    The CHECK is the guard of the whole lending: whatever path writes it, no half-day is promised beyond the stock.
    Present and future only; `veille` forgets the past.
    """

    materiel = models.ForeignKey(Materiel, on_delete=models.PROTECT, related_name="occupations", db_index=False)
    creneau = models.PositiveIntegerField("demi-journée")
    pris = models.IntegerField(default=0)
    retard = models.IntegerField(default=0)
    stock = models.IntegerField()

    objects = OccupationQuerySet.as_manager()

    class Meta:
        ordering = ["creneau"]
        # All that a search reads, in the order in which it reads it.
        indexes = [
            models.Index(fields=["creneau", "materiel", "pris", "retard", "stock"], name="occupation_du_creneau")
        ]
        constraints = [
            models.UniqueConstraint(fields=["materiel", "creneau"], name="occupation_unique"),
            models.CheckConstraint(
                condition=Q(pris__gte=0, pris__lte=F("stock")), name="occupation_jamais_au_dela_du_stock"
            ),
            models.CheckConstraint(condition=Q(retard__gte=0), name="occupation_retard_positif"),
        ]

    def __str__(self) -> str:
        return f"{self.materiel}, {DemiJournee.at(self.creneau)} : {self.pris} sur {self.stock}"

    @property
    def libre(self) -> int:
        return max(0, self.stock - self.pris - self.retard)

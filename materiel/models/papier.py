"""Papers of a thing (verification, register, notice) and of a borrower (insurance), with the day they end."""

from datetime import date, timedelta
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from collectivites.champs import NomField
from collectivites.enums import Domaine
from collectivites.models import Collectivite
from extranet.lib.stockage import stockage_prive
from materiel.enums import TypePapier
from materiel.models.materiel import Materiel

if TYPE_CHECKING:
    from collectivites.models import Agent

# « À renouveler »: the delay in which a verification is booked.
ANNONCE = timedelta(days=30)


class PapierQuerySet(models.QuerySet):
    def valid(self, on: date | None = None) -> Self:
        return self.filter(Q(valable_jusqu_au=None) | Q(valable_jusqu_au__gte=on or timezone.localdate()))

    def ending(self, within: timedelta = ANNONCE) -> Self:
        """Ended, or ending before `within` has passed."""
        return self.filter(valable_jusqu_au__lte=timezone.localdate() + within, remplace_par=None)

    def blocking(self) -> Self:
        """Those whose end stops new loans of their thing."""
        return self.filter(bloquant=True, remplace_par=None, valable_jusqu_au__isnull=False)

    def visible_to(self, agent: "Agent | None") -> Self:
        """The papers of the things one reads; insurances, those of one’s collectivités and of their lenders."""
        if agent is None or not agent.is_authenticated or not agent.codes_lecture:
            return self.none()
        if agent.answers_for(Domaine.MATERIEL):
            return self
        mine = [poste.collectivite_id for poste in agent.postes_en_cours]
        lent = Q(collectivite__prets_recus__preteur__in=mine)
        of_things = Q(materiel__in=Materiel.objects.visible_to(agent).order_by().values("pk"))
        kept = Q(materiel__collectivite__in=mine)
        ids = self.filter(of_things | kept | Q(collectivite__in=mine) | lent).values("pk")
        return self.filter(pk__in=ids)


class Papier(models.Model):
    """A paper of a thing, or of a collectivité that borrows; `bloquant`, its end stops new loans of the thing.

    A renewed paper is kept, with the one that replaces it.
    """

    materiel = models.ForeignKey(Materiel, on_delete=models.PROTECT, null=True, blank=True, related_name="papiers")
    collectivite = models.ForeignKey(
        Collectivite, on_delete=models.PROTECT, null=True, blank=True, related_name="papiers_de_pret"
    )
    type = models.CharField(max_length=20, choices=TypePapier)
    libelle = NomField("précision", max_length=120, blank=True)
    valable_jusqu_au = models.DateField("valable jusqu’au", null=True, blank=True)
    bloquant = models.BooleanField("suspend les prêts quand il est échu", default=False)
    file = models.FileField("fichier", upload_to="papiers/%Y", storage=stockage_prive, max_length=255, blank=True)
    nom = models.CharField("nom du fichier", max_length=200, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    remplace_par = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="remplace", editable=False
    )
    depose_par = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField("déposé le", auto_now_add=True)

    objects = PapierQuerySet.as_manager()

    class Meta:
        ordering = ["type", "-valable_jusqu_au", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(materiel=None, collectivite__isnull=False) | Q(materiel__isnull=False, collectivite=None),
                name="papier_d_un_materiel_ou_d_une_collectivite",
            ),
            models.CheckConstraint(
                condition=Q(file="", nom="") | ~Q(file="") & ~Q(nom=""), name="papier_fichier_nomme"
            ),
            models.CheckConstraint(
                condition=Q(bloquant=False) | Q(materiel__isnull=False), name="papier_bloquant_d_un_materiel"
            ),
        ]

    def __str__(self) -> str:
        return self.libelle or self.get_type_display()

    def is_valid(self, on: date | None = None) -> bool:
        return self.valable_jusqu_au is None or self.valable_jusqu_au >= (on or timezone.localdate())

    def is_ending(self) -> bool:
        return self.valable_jusqu_au is not None and self.valable_jusqu_au <= timezone.localdate() + ANNONCE

"""Conventions: the paper without which nothing is handed over, and its signatures."""

from collections.abc import Collection
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.urls import reverse

from collectivites.champs import NomField
from collectivites.enums import Domaine
from collectivites.models import Collectivite
from extranet.lib.stockage import stockage_prive
from materiel.enums import TENUS, BaseLegale, Cote, ModeSignature, TypeConvention
from materiel.models.materiel import Materiel
from materiel.models.pret import Pret

if TYPE_CHECKING:
    from collectivites.models import Agent


class ConventionQuerySet(models.QuerySet):
    def visible_to(self, agent: "Agent | None") -> Self:
        """Those of the collectivités where one has a poste in force, either side; all for the responsables."""
        if agent is None or not agent.is_authenticated or not agent.codes_lecture:
            return self.none()
        if agent.answers_for(Domaine.MATERIEL):
            return self
        mine = [poste.collectivite_id for poste in agent.postes_en_cours]
        return self.filter(Q(preteur__in=mine) | Q(emprunteur__in=mine))

    def awaiting(self, places: Collection[int]) -> Self:
        """Those that one of these collectivités has still to sign, for loans that still stand."""
        done = Signature.objects.filter(convention=OuterRef("pk"))
        lends = Q(preteur__in=places) & ~Q(Exists(done.filter(cote=Cote.PRETEUR)))
        borrows = Q(emprunteur__in=places) & ~Q(Exists(done.filter(cote=Cote.EMPRUNTEUR)))
        wanted = Q(pret=None) | Q(pret__statut__in=TENUS)
        found = self.filter(lends | borrows, wanted, signee_le=None, resiliee_le=None, remplacee_par=None)
        return found.filter(copie_attend=False)

    def with_copy(self, places: Collection[int]) -> Self:
        """Those of which one of these lenders has still to say whether the copy filed by the borrower is theirs."""
        wanted = Q(pret=None) | Q(pret__statut__in=TENUS)
        found = self.filter(wanted, preteur__in=places, copie_attend=True)
        return found.filter(signee_le=None, resiliee_le=None, remplacee_par=None)

    def covering(self, pret: Pret) -> Self:
        """Signed ones that cover this loan as it stands: its own, or the frame of the two parties on all its days."""
        return self.filter(covers(pret))

    def around(self, pret: Pret) -> Self:
        """All those of this loan and the frames that cover it, with `couvre`: whether they do. Two queries."""
        found = self.annotate(couvre=models.ExpressionWrapper(covers(pret), models.BooleanField()))
        return found.filter(Q(pret=pret) | Q(couvre=True)).prefetch_related("signatures")


def covers(pret: Pret | None = None) -> Q:
    """What a signed convention must be to cover `pret`, or in a subquery the loan of the outer query (None).

    What is signed for a thing covers no other. For equipment alone, it does not cover a loan with a driver, nor the
    other way round. Loans granted before a frame was ended go on under it, even on the same day.
    """
    of = OuterRef if pret is None else lambda name: getattr(pret, name)
    days = {"valable_du__lte": of("date_debut"), "valable_au__gte": of("date_fin")}
    same = days | {"avec_conducteur": of("avec_conducteur")}
    own = Q(pret=of("pk"), materiel=of("materiel_id"), quantite__gte=of("quantite"), resiliee_le=None, **same)
    stands = Q(resiliee_le=None)
    if pret is None or pret.accepte_le is not None:
        stands |= Q(resiliee_le__gt=of("accepte_le"))
    parties = {name: of(name) for name in ("preteur_id", "emprunteur_id")}
    frame = Q(type=TypeConvention.CADRE, **parties, **same) & stands
    return Q(signee_le__isnull=False, remplacee_par=None) & (own | frame)


class Convention(models.Model):
    """A convention as it was prepared: its PDF never changes, another text is another convention.

    `donnees` are what the PDF was made from; `sha256` is that of the exact PDF that both sign. `file` is that PDF,
    `signe` the one that bears the signatures (sealed when the territory has a certificate), `scan` the signed paper.
    `materiel` is the thing that the convention of a loan is about, whatever the loan becomes.

    A paper filed by the borrower signs nothing before the lender has said that it is theirs: meanwhile `copie_attend`,
    and `copie_dit` keeps who signed it; `copie_refus` says why the last one was not theirs.
    """

    type = models.CharField(max_length=10, choices=TypeConvention, default=TypeConvention.PRET)
    numero = models.CharField("numéro", max_length=20, unique=True)
    base_legale = models.CharField("base légale", max_length=20, choices=BaseLegale)
    avec_conducteur = models.BooleanField("avec le conducteur du propriétaire", default=False)
    preteur = models.ForeignKey(Collectivite, on_delete=models.PROTECT, related_name="conventions_preteur")
    emprunteur = models.ForeignKey(Collectivite, on_delete=models.PROTECT, related_name="conventions_emprunteur")
    pret = models.ForeignKey(Pret, on_delete=models.PROTECT, null=True, blank=True, related_name="conventions")
    materiel = models.ForeignKey(Materiel, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    quantite = models.PositiveIntegerField("quantité", default=1)
    valable_du = models.DateField("valable du")
    valable_au = models.DateField("valable au")
    donnees = models.JSONField(default=dict)
    sha256 = models.CharField("empreinte", max_length=64)
    file = models.FileField("PDF", upload_to="conventions/%Y", storage=stockage_prive, max_length=255)
    signe = models.FileField(
        "PDF signé", upload_to="conventions/%Y", storage=stockage_prive, max_length=255, blank=True
    )
    scan = models.FileField(
        "copie signée", upload_to="conventions/%Y", storage=stockage_prive, max_length=255, blank=True
    )
    scan_nom = models.CharField(max_length=200, blank=True)
    copie_par = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    copie_attend = models.BooleanField("copie à reconnaître", default=False)
    copie_dit = models.JSONField(default=list, blank=True)
    copie_refus = NomField("pourquoi la copie est refusée", max_length=300, blank=True)
    preparee_par = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    signee_le = models.DateTimeField("signée par les deux le", null=True, blank=True)
    resiliee_le = models.DateTimeField("résiliée le", null=True, blank=True)
    remplacee_par = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="remplace", editable=False
    )
    created_at = models.DateTimeField("préparée le", auto_now_add=True)

    objects = ConventionQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(type=TypeConvention.PRET, pret__isnull=False, materiel__isnull=False)
                | Q(type=TypeConvention.CADRE, pret=None, materiel=None),
                name="convention_d_un_pret_ou_cadre",
            ),
            models.CheckConstraint(condition=Q(valable_au__gte=F("valable_du")), name="convention_dates_dans_l_ordre"),
            models.CheckConstraint(condition=~Q(preteur=F("emprunteur")), name="convention_entre_deux"),
            models.UniqueConstraint(
                fields=["pret"], condition=Q(remplacee_par=None, resiliee_le=None), name="convention_une_par_pret"
            ),
        ]

    def __str__(self) -> str:
        return f"Convention n° {self.numero}"

    def get_absolute_url(self) -> str:
        return reverse("materiel:convention_detail", args=[self.pk])

    @property
    def is_cadre(self) -> bool:
        return self.type == TypeConvention.CADRE

    def is_current(self) -> bool:
        """Neither replaced by another text nor ended."""
        return self.remplacee_par_id is None and self.resiliee_le is None

    def suits(self, pret: Pret) -> bool:
        """What it says is what its loan says now, or more; whether it is signed is another matter (`covers`)."""
        same = (self.materiel_id, self.avec_conducteur) == (pret.materiel_id, pret.avec_conducteur)
        days = self.valable_du <= pret.date_debut and pret.date_fin <= self.valable_au
        return same and days and self.quantite >= pret.quantite


class Signature(models.Model):
    """Somebody signed for a party: who, by which power, when, and the fingerprint of the exact PDF."""

    convention = models.ForeignKey(Convention, on_delete=models.PROTECT, related_name="signatures")
    cote = models.CharField("pour", max_length=10, choices=Cote)
    mode = models.CharField(max_length=10, choices=ModeSignature, default=ModeSignature.SITE)
    agent = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    nom = NomField("signataire", max_length=170)
    qualite = NomField("qualité", max_length=120)
    delegation = NomField("délégation", max_length=200, blank=True)
    preuve = models.CharField("preuve d’identité", max_length=80, blank=True)
    sha256 = models.CharField("empreinte du PDF", max_length=64)
    signee_le = models.DateTimeField("signée le")

    class Meta:
        ordering = ["signee_le", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["convention", "cote"],
                name="signature_une_par_partie",
                violation_error_message="Cette partie a déjà signé.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.nom}, {self.convention}"

"""Loans: a thing of a collectivité, to another, between two half-days."""

from datetime import date
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from collectivites.champs import NomField
from collectivites.enums import Domaine
from collectivites.models import Collectivite
from extranet.lib.demi_journees import DemiJournee, Moment, periode
from materiel.enums import (
    EN_ATTENTE,
    EN_COURS,
    FINIS,
    TENUS,
    Cote,
    StatutPret,
    StatutProposition,
    Transport,
)
from materiel.models.materiel import Materiel, Unite

if TYPE_CHECKING:
    from collectivites.models import Agent


class Numerotation(models.Model):
    """The last number given in a year: locked, so that two loans asked at once have two numbers."""

    annee = models.PositiveSmallIntegerField("année", primary_key=True)
    dernier = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.annee}-{self.dernier}"


class Periode(models.Model):
    """Base of what goes from a half-day to another, both included."""

    date_debut = models.DateField("du")
    moment_debut = models.CharField("à partir du", max_length=10, choices=Moment, default=Moment.MATIN)
    date_fin = models.DateField("au")
    moment_fin = models.CharField("jusqu’au", max_length=10, choices=Moment, default=Moment.APRES_MIDI)

    class Meta:
        abstract = True

    @staticmethod
    def between(debut: DemiJournee, fin: DemiJournee) -> dict[str, object]:
        """Its four fields, by name."""
        return {"date_debut": debut.date, "moment_debut": debut.moment, "date_fin": fin.date, "moment_fin": fin.moment}

    @property
    def debut(self) -> DemiJournee:
        return DemiJournee(self.date_debut, Moment(self.moment_debut))

    @property
    def fin(self) -> DemiJournee:
        return DemiJournee(self.date_fin, Moment(self.moment_fin))

    @property
    def periode(self) -> str:
        """« du 16 au 18 octobre », « samedi 17 octobre, matin »."""
        return periode(self.debut, self.fin)

    @property
    def nb_jours(self) -> int:
        """Days that the loan touches."""
        return (self.date_fin - self.date_debut).days + 1


ORDRE = Q(date_fin__gt=F("date_debut")) | Q(date_fin=F("date_debut")) & ~Q(
    moment_debut=Moment.APRES_MIDI, moment_fin=Moment.MATIN
)
HORS_DELAI = "Le prêt finit après avoir commencé."


class PretQuerySet(models.QuerySet):
    def visible_to(self, agent: "Agent | None") -> Self:
        """Those of the collectivités where one has a poste in force, either side; all for the responsables."""
        if agent is None or not agent.is_authenticated or not agent.codes_lecture:
            return self.none()
        if agent.answers_for(Domaine.MATERIEL):
            return self
        return self.of([poste.collectivite_id for poste in agent.postes_en_cours])

    def of(self, collectivites: list[int | Collectivite]) -> Self:
        """Lent or borrowed by these."""
        return self.filter(Q(preteur__in=collectivites) | Q(emprunteur__in=collectivites))

    def waiting(self) -> Self:
        return self.filter(statut__in=EN_ATTENTE)

    def open(self) -> Self:
        return self.filter(statut__in=EN_COURS)

    def late(self, now: DemiJournee | None = None) -> Self:
        """Handed over, and not back at the end of its last half-day (13 h, midnight): derived, so never missed."""
        today = timezone.localdate()
        passed = Q(date_fin__lt=today)
        if timezone.localtime().hour >= 13:
            passed |= Q(date_fin=today, moment_fin=Moment.MATIN)
        return self.filter(passed, statut=StatutPret.REMIS)

    def for_list(self) -> Self:
        return self.select_related(
            "materiel__page", "materiel__categorie", "materiel__collectivite", "preteur", "emprunteur"
        )


class Pret(Periode):
    """A loan, from its request to its end.

    `preteur` is who owned the thing when it was asked: a transfer does not rewrite the past. `quantite` is what is
    asked, then what is granted; `quantite_demandee` stays. What it takes is in its engagements.
    """

    numero = models.CharField("numéro", max_length=12, unique=True, help_text="« 2026-107 »")
    materiel = models.ForeignKey(Materiel, on_delete=models.PROTECT, related_name="prets")
    preteur = models.ForeignKey(
        Collectivite, verbose_name="prêteur", on_delete=models.PROTECT, related_name="prets_accordes"
    )
    emprunteur = models.ForeignKey(Collectivite, on_delete=models.PROTECT, related_name="prets_recus")
    demandeur = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="prets_demandes", verbose_name="demandé par"
    )
    quantite = models.PositiveIntegerField("quantité", default=1)
    quantite_demandee = models.PositiveIntegerField("quantité demandée", default=1)
    quantite_rendue = models.PositiveIntegerField("quantité rendue", default=0)
    quantite_perdue = models.PositiveIntegerField("quantité perdue", default=0)

    usage = NomField("pour quels travaux, quelle occasion", max_length=200)
    lieu_usage = NomField("où", max_length=200, blank=True)
    avec_conducteur = models.BooleanField("avec le conducteur du propriétaire", default=False)
    conducteur = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="qui conduira",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    heures_conducteur = models.DecimalField(
        "heures du conducteur", max_digits=6, decimal_places=2, null=True, blank=True
    )
    transport = models.CharField(max_length=10, choices=Transport, default=Transport.RETRAIT)
    heure_remise = models.TimeField("remise à", null=True, blank=True)
    heure_retour = models.TimeField("retour à", null=True, blank=True)
    reglement_accepte_le = models.DateTimeField("règlement accepté le", null=True, blank=True)
    reglement_revision = models.PositiveBigIntegerField("révision du règlement accepté", null=True, blank=True)
    besoin = models.ForeignKey("materiel.Besoin", on_delete=models.PROTECT, null=True, blank=True, related_name="prets")

    statut = models.CharField(max_length=12, choices=StatutPret, default=StatutPret.DEMANDE)
    statut_le = models.DateTimeField("depuis le", default=timezone.now)
    motif = NomField("raison", max_length=300, blank=True)
    repondre_avant = models.DateField("à répondre avant le", null=True, blank=True)
    reponse_par = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="répondu par",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    accepte_le = models.DateTimeField("accordé le", null=True, blank=True)
    remis_le = models.DateTimeField("remis le", null=True, blank=True)
    restitue_le = models.DateTimeField("rendu le", null=True, blank=True)
    clos_le = models.DateTimeField("clos le", null=True, blank=True)
    valeur = models.DecimalField(
        "valeur de l’entraide", max_digits=17, decimal_places=2, null=True, blank=True, help_text="En euros."
    )
    valeur_detail = models.CharField("comment elle est comptée", max_length=250, blank=True)
    retard_annonce_le = models.DateTimeField("retard annoncé le", null=True, blank=True, editable=False)
    created_at = models.DateTimeField("demandé le", default=timezone.now)

    objects = PretQuerySet.as_manager()

    class Meta:
        verbose_name = "prêt"
        ordering = ["-created_at", "-pk"]
        indexes = [
            models.Index(fields=["preteur", "statut", "date_debut"], name="pret_accorde"),
            models.Index(fields=["emprunteur", "statut", "date_debut"], name="pret_recu"),
            models.Index(fields=["materiel", "statut"], name="pret_du_materiel"),
            models.Index(fields=["date_fin"], condition=Q(statut="remis"), name="pret_dehors"),
            models.Index(fields=["clos_le"], condition=Q(statut="clos"), name="pret_clos"),
        ]
        constraints = [
            models.CheckConstraint(condition=ORDRE, name="pret_dates_dans_l_ordre", violation_error_message=HORS_DELAI),
            models.CheckConstraint(
                condition=~Q(preteur=F("emprunteur")),
                name="pret_a_une_autre",
                violation_error_message="On ne se prête pas à soi-même : gardez ces dates pour votre commune.",
            ),
            models.CheckConstraint(
                condition=Q(quantite__gte=1, quantite_demandee__gte=1), name="pret_d_une_unite_au_moins"
            ),
            models.CheckConstraint(
                condition=Q(quantite__gte=F("quantite_rendue") + F("quantite_perdue")),
                name="pret_rien_rendu_de_trop",
                violation_error_message="On ne rend pas plus que ce qui a été prêté.",
            ),
            models.CheckConstraint(
                condition=~Q(statut__in=[StatutPret.RESTITUE, StatutPret.CLOS])
                | Q(quantite=F("quantite_rendue") + F("quantite_perdue")),
                name="pret_rendu_en_entier",
            ),
            models.CheckConstraint(
                condition=~Q(statut__in=[*TENUS, StatutPret.RESTITUE, StatutPret.CLOS]) | Q(accepte_le__isnull=False),
                name="pret_accorde_un_jour",
            ),
            models.CheckConstraint(
                condition=~Q(statut__in=[StatutPret.REMIS, StatutPret.RESTITUE, StatutPret.CLOS])
                | Q(remis_le__isnull=False),
                name="pret_remis_un_jour",
            ),
            models.CheckConstraint(
                condition=~Q(statut__in=[StatutPret.REFUSE, StatutPret.ANNULE]) | ~Q(motif=""),
                name="pret_refus_avec_raison",
                violation_error_message="Dites pourquoi : l’autre commune le lira.",
            ),
            models.CheckConstraint(
                condition=~Q(statut=StatutPret.CLOS) | Q(valeur__isnull=False, clos_le__isnull=False),
                name="pret_clos_avec_sa_valeur",
            ),
        ]

    def __str__(self) -> str:
        return f"Prêt n° {self.numero}"

    def get_absolute_url(self) -> str:
        return reverse("materiel:pret_detail", args=[self.numero])

    @property
    def reste(self) -> int:
        """Units still out, or promised."""
        return self.quantite - self.quantite_rendue - self.quantite_perdue

    def is_late(self) -> bool:
        """The same rule as `late`, for a loan already read."""
        now, today = timezone.localtime(), timezone.localdate()
        passed = self.date_fin < today or (
            self.date_fin == today and self.moment_fin == Moment.MATIN and now.hour >= 13
        )
        return self.statut == StatutPret.REMIS and passed

    def is_open(self) -> bool:
        return self.statut in EN_COURS

    def is_over(self) -> bool:
        return self.statut in FINIS

    def days_late(self, on: date | None = None) -> int:
        return max(0, ((on or timezone.localdate()) - self.date_fin).days)

    def cote_of(self, agent: "Agent") -> Cote | None:
        """The side on which one has a poste in force; the lender’s first for who has both."""
        places = {poste.collectivite_id for poste in agent.postes_en_cours}
        if self.preteur_id in places:
            return Cote.PRETEUR
        return Cote.EMPRUNTEUR if self.emprunteur_id in places else None


class Proposition(Periode):
    """Other dates, another quantity or another thing of the same owner, offered in answer; the last one awaits."""

    pret = models.ForeignKey(Pret, on_delete=models.CASCADE, related_name="propositions")
    cote = models.CharField("de qui", max_length=10, choices=Cote)
    auteur = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    materiel = models.ForeignKey(Materiel, on_delete=models.PROTECT, related_name="+")
    quantite = models.PositiveIntegerField("quantité", default=1)
    mot = models.CharField(max_length=500, blank=True)
    statut = models.CharField(max_length=10, choices=StatutProposition, default=StatutProposition.EN_ATTENTE)
    repondre_avant = models.DateField("à répondre avant le")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["created_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=ORDRE, name="proposition_dates_dans_l_ordre", violation_error_message=HORS_DELAI
            ),
            models.CheckConstraint(condition=Q(quantite__gte=1), name="proposition_d_une_unite"),
            models.UniqueConstraint(
                fields=["pret"],
                condition=Q(statut=StatutProposition.EN_ATTENTE),
                name="proposition_une_seule_attend",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pret}, {self.periode}"


class Affectation(models.Model):
    """A numbered unit out on a loan: on one at a time (I6)."""

    pret = models.ForeignKey(Pret, on_delete=models.PROTECT, related_name="affectations")
    unite = models.ForeignKey(Unite, on_delete=models.PROTECT, related_name="affectations")
    remise_le = models.DateTimeField("remise le", default=timezone.now)
    rendue_le = models.DateTimeField("rendue le", null=True, blank=True)

    class Meta:
        ordering = ["unite__numero"]
        constraints = [
            models.UniqueConstraint(
                fields=["unite"],
                condition=Q(rendue_le=None),
                name="affectation_une_a_la_fois",
                violation_error_message="Cette unité est déjà dehors, sur un autre prêt.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.unite}, {self.pret}"

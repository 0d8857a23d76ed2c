"""Sessions of a training: half-days, seats, quotas. A page is never booked, a session is."""

from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from collectivites.champs import NomField
from collectivites.enums import Domaine
from collectivites.models import Collectivite
from extranet.lib.demi_journees import DemiJournee, Moment
from formations.enums import PROPOSEES, Repas, StatutSession
from formations.models.page import FormationPage

if TYPE_CHECKING:
    from collectivites.models import Agent

PLACES_MAX = 500


class Numerotation(models.Model):
    """The last number given in a year: locked, so that two sessions made at once have two numbers."""

    annee = models.PositiveSmallIntegerField("année", primary_key=True)
    dernier = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.annee}-{self.dernier}"


class SessionQuerySet(models.QuerySet):
    def visible_to(self, agent: "Agent | None") -> Self:
        """Those of the trainings one may read, once they are proposed; in preparation, by the responsables only."""
        if agent is None or not agent.is_authenticated or not agent.codes_lecture:
            return self.none()
        if agent.answers_for(Domaine.FORMATIONS):
            return self
        pages = FormationPage.objects.visible_to(agent).order_by().values("pk")
        return self.filter(formation__in=pages).exclude(statut=StatutSession.PROJET)

    def proposed(self) -> Self:
        """Those that one may ask for, or wait for."""
        return self.filter(statut__in=PROPOSEES)

    def dated(self) -> Self:
        return self.filter(date_debut__isnull=False)

    def undated(self) -> Self:
        """Those that gather the interested until their dates are fixed."""
        return self.filter(date_debut=None)

    def coming(self, on: date | None = None) -> Self:
        """Dated, and not finished."""
        return self.filter(date_fin__gte=on or timezone.localdate())

    def with_room(self) -> Self:
        return self.filter(occupees__lt=F("capacite"))

    def for_list(self) -> Self:
        return self.select_related("formation__theme", "lieu")


class SessionFormation(models.Model):
    """A training at a time and a place, with its seats.

    `occupees` counts the seats held (`PLACEES`) and `dernier_rang` the ranks given: the triggers and the acts of
    `formations.places` keep them, nobody else. `date_debut` and `date_fin` are those of its half-days; without any, the
    session gathers the interested.
    """

    formation = models.ForeignKey(FormationPage, on_delete=models.PROTECT, related_name="sessions")
    numero = models.CharField("numéro", max_length=14, unique=True, help_text="« 2026-F-31 »")
    statut = models.CharField(max_length=10, choices=StatutSession, default=StatutSession.PROJET)
    statut_le = models.DateTimeField("depuis le", default=timezone.now)
    motif = NomField("raison", max_length=300, blank=True)
    date_debut = models.DateField("premier jour", null=True, blank=True, editable=False)
    date_fin = models.DateField("dernier jour", null=True, blank=True, editable=False)

    capacite = models.PositiveSmallIntegerField(
        "places", default=12, validators=[MinValueValidator(1), MaxValueValidator(PLACES_MAX)]
    )
    minimum = models.PositiveSmallIntegerField(
        "minimum pour la maintenir", default=0, help_text="0 : maintenue quel que soit le nombre d’inscrits."
    )
    occupees = models.PositiveSmallIntegerField("places prises", default=0, editable=False)
    dernier_rang = models.PositiveIntegerField("dernier rang donné", default=0, editable=False)
    quota_commune = models.PositiveSmallIntegerField(
        "places au plus par commune", null=True, blank=True, validators=[MinValueValidator(1)]
    )
    quota_leve_le = models.DateTimeField("quotas levés le", null=True, blank=True)
    quotas_leves = models.BooleanField("quotas levés", default=False, editable=False)
    ouverture = models.DateTimeField("inscriptions à partir du", null=True, blank=True)
    cloture = models.DateTimeField("inscriptions jusqu’au", null=True, blank=True)
    limite_desistement = models.DateField("se retirer sans frais jusqu’au", null=True, blank=True)

    lieu = models.ForeignKey(
        Collectivite,
        verbose_name="commune du lieu",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="sessions_accueillies",
    )
    lieu_nom = NomField("lieu", max_length=150, blank=True, help_text="« Centre technique, salle Doubs »")
    lieu_adresse = NomField("adresse", max_length=200, blank=True)
    acces = models.TextField("comment venir", blank=True)
    distanciel = models.BooleanField("en visio", default=False)
    lien = models.URLField("lien de la visio", max_length=500, blank=True, help_text="Lu par les seuls inscrits.")
    formateur = NomField("formateur ou formatrice", max_length=150, blank=True)
    repas = models.CharField("repas de midi", max_length=8, choices=Repas, default=Repas.AUCUN)
    cout = models.DecimalField(
        "coût par agent", max_digits=8, decimal_places=2, null=True, blank=True, help_text="Vide : celui de la fiche."
    )
    contact = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="qui l’organise",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="sessions_organisees",
    )
    convoquee_le = models.DateTimeField("convocations envoyées le", null=True, blank=True, editable=False)
    close_le = models.DateTimeField("terminée le", null=True, blank=True, editable=False)
    created_at = models.DateTimeField("créée le", default=timezone.now)

    # The triggers count it: whoever puts a row back as it was leaves it to them.
    comptes_par_la_base = frozenset({"occupees"})

    objects = SessionQuerySet.as_manager()

    class Meta:
        verbose_name = "session"
        ordering = [F("date_debut").asc(nulls_last=True), "pk"]
        indexes = [
            models.Index(fields=["formation", "statut", "date_debut"], name="session_de_la_formation"),
            models.Index(fields=["statut", "date_debut"], name="session_a_venir"),
        ]
        constraints = [
            # The guard of all: whatever path writes it, no seat is given beyond the capacity (I1).
            models.CheckConstraint(
                condition=Q(occupees__gte=0, occupees__lte=F("capacite")), name="session_jamais_au_dela_des_places"
            ),
            models.CheckConstraint(
                condition=Q(capacite__range=(1, PLACES_MAX)),
                name="session_une_place_au_moins",
                violation_error_message=f"Une session a de 1 à {PLACES_MAX} places.",
            ),
            models.CheckConstraint(
                condition=Q(minimum__lte=F("capacite")),
                name="session_minimum_plausible",
                violation_error_message="Le minimum ne dépasse pas le nombre de places.",
            ),
            models.CheckConstraint(
                condition=Q(quota_commune=None) | Q(quota_commune__gte=1),
                name="session_quota_d_une_place",
                violation_error_message="Un quota laisse une place au moins à chaque commune.",
            ),
            models.CheckConstraint(
                condition=Q(date_debut=None, date_fin=None) | Q(date_fin__gte=F("date_debut")),
                name="session_dates_dans_l_ordre",
            ),
            models.CheckConstraint(
                condition=Q(ouverture=None) | Q(cloture=None) | Q(cloture__gt=F("ouverture")),
                name="session_inscriptions_dans_l_ordre",
                violation_error_message="Les inscriptions finissent après avoir commencé.",
            ),
            models.CheckConstraint(
                condition=~Q(statut=StatutSession.ANNULEE) | ~Q(motif=""),
                name="session_annulee_avec_raison",
                violation_error_message="Dites pourquoi : les inscrits le liront.",
            ),
            models.CheckConstraint(
                condition=~Q(statut__in=[StatutSession.MAINTENUE, StatutSession.CLOSE]) | Q(date_debut__isnull=False),
                name="session_maintenue_a_des_dates",
                violation_error_message="Fixez d’abord les dates.",
            ),
        ]

    def __str__(self) -> str:
        return f"Session {self.numero}"

    def get_absolute_url(self) -> str:
        return reverse("formations:session_detail", args=[self.numero])

    @property
    def libres(self) -> int:
        return self.capacite - self.occupees

    @property
    def is_dated(self) -> bool:
        return self.date_debut is not None

    @property
    def is_full(self) -> bool:
        return self.occupees >= self.capacite

    @property
    def is_proposed(self) -> bool:
        return self.statut in PROPOSEES

    def has_begun(self, now: datetime | None = None) -> bool:
        """From the first minute of its first half-day; of the day when the half-days were not read."""
        today = timezone.localdate(now)
        return self.date_debut is not None and self.date_debut <= today

    @property
    def titre(self) -> str:
        return self.formation.title

    @property
    def ou(self) -> str:
        """« Centre technique, Tavaux », « Tavaux », « en visio »."""
        if self.distanciel:
            return "en visio"
        return ", ".join(filter(None, [self.lieu_nom, self.lieu.nom if self.lieu else ""])) or "lieu à préciser"


class CreneauQuerySet(models.QuerySet):
    def on(self, day: date) -> Self:
        first = DemiJournee(day, Moment.MATIN).index
        return self.filter(demi_journee__in=(first, first + 1))


class Creneau(models.Model):
    """A half-day of a session: the unit of presences and signatures. `demi_journee` is `DemiJournee.index`."""

    session = models.ForeignKey(SessionFormation, on_delete=models.PROTECT, related_name="creneaux")
    demi_journee = models.PositiveIntegerField("demi-journée")
    heure_debut = models.TimeField("de")
    heure_fin = models.TimeField("à")
    salle = NomField(max_length=120, blank=True, help_text="Si elle change d’un jour à l’autre.")
    formateur = NomField(max_length=150, blank=True, help_text="Si ce n’est pas celui de la session.")
    clos_le = models.DateTimeField("présences closes le", null=True, blank=True, editable=False)
    clos_par = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, editable=False, related_name="+"
    )

    objects = CreneauQuerySet.as_manager()

    class Meta:
        verbose_name = "demi-journée"
        verbose_name_plural = "demi-journées"
        ordering = ["demi_journee"]
        constraints = [
            models.UniqueConstraint(
                fields=["session", "demi_journee"],
                name="creneau_une_fois",
                violation_error_message="Cette demi-journée est déjà dans la session.",
            ),
            models.CheckConstraint(
                condition=Q(heure_fin__gt=F("heure_debut")),
                name="creneau_heures_dans_l_ordre",
                violation_error_message="La demi-journée finit après avoir commencé.",
            ),
        ]

    def __str__(self) -> str:
        return str(self.demi)

    @property
    def demi(self) -> DemiJournee:
        return DemiJournee.at(self.demi_journee)

    @property
    def date(self) -> date:
        return self.demi.date

    @property
    def moment(self) -> Moment:
        return self.demi.moment

    @property
    def debut(self) -> datetime:
        return _aware(self.date, self.heure_debut)

    @property
    def fin(self) -> datetime:
        return _aware(self.date, self.heure_fin)

    @property
    def duree(self) -> timedelta:
        """Of the clock: no half-day of training crosses a change of hour."""
        return datetime.combine(self.date, self.heure_fin) - datetime.combine(self.date, self.heure_debut)

    @property
    def minutes(self) -> int:
        return int(self.duree.total_seconds() // 60)


def _aware(day: date, hour: time) -> datetime:
    return timezone.make_aware(datetime.combine(day, hour))


class SessionCommune(models.Model):
    """The seats of a commune in a session. `quota` is what holds now: none once lifted, or where there is none.

    The triggers make the row at the first seat and keep `occupees`; the CHECK is the guard of quotas (I2).
    """

    session = models.ForeignKey(SessionFormation, on_delete=models.PROTECT, related_name="communes")
    collectivite = models.ForeignKey(Collectivite, on_delete=models.PROTECT, related_name="+")
    quota = models.PositiveSmallIntegerField("places au plus", null=True, blank=True)
    occupees = models.PositiveSmallIntegerField("places prises", default=0, editable=False)

    class Meta:
        ordering = ["collectivite__nom"]
        constraints = [
            models.UniqueConstraint(fields=["session", "collectivite"], name="sessioncommune_unique"),
            models.CheckConstraint(
                condition=Q(quota=None) | Q(occupees__lte=F("quota")), name="sessioncommune_jamais_au_dela_du_quota"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.session}, {self.collectivite} : {self.occupees}"

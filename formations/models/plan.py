"""From the needs of the communes to a plan, then to sessions; and the wishes between two campaigns."""

from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from collectivites.champs import NomField
from collectivites.enums import Domaine
from collectivites.models import Collectivite, Theme, TypeHabilitation
from formations.enums import Priorite, StatutCampagne, StatutLigne, StatutSession, StatutSouhait
from formations.models.page import FormationPage
from formations.models.session import SessionFormation

if TYPE_CHECKING:
    from collectivites.models import Agent


class CampagneQuerySet(models.QuerySet):
    def visible_to(self, agent: "Agent | None") -> Self:
        """Open or closed, for whoever has a poste in force; in preparation, for the responsables."""
        if agent is None or not agent.is_authenticated or not agent.codes_lecture:
            return self.none()
        return self if agent.answers_for(Domaine.FORMATIONS) else self.exclude(statut=StatutCampagne.PREPARATION)

    def open(self) -> Self:
        return self.filter(statut=StatutCampagne.OUVERTE)


class Campagne(models.Model):
    """A census of the needs of the communes, for a year."""

    titre = NomField(max_length=120)
    annee = models.PositiveSmallIntegerField("année", validators=[MinValueValidator(2020), MaxValueValidator(2100)])
    mot = models.TextField("mot aux communes", blank=True)
    statut = models.CharField(max_length=12, choices=StatutCampagne, default=StatutCampagne.PREPARATION)
    repondre_avant = models.DateField("réponses jusqu’au")
    created_at = models.DateTimeField("créée le", default=timezone.now)
    auteur = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects = CampagneQuerySet.as_manager()

    class Meta:
        ordering = ["-annee", "-created_at"]

    def __str__(self) -> str:
        return self.titre

    def get_absolute_url(self) -> str:
        return reverse("formations:campagne_detail", args=[self.pk])

    @property
    def en_retard(self) -> bool:
        """Its last day has passed: it takes answers until somebody closes it, and the pages say so."""
        return self.repondre_avant < timezone.localdate()


class ReponseCampagne(models.Model):
    """A commune has said all its needs; none at all is an answer too. It may still change them while it is open."""

    campagne = models.ForeignKey(Campagne, on_delete=models.PROTECT, related_name="reponses")
    collectivite = models.ForeignKey(Collectivite, on_delete=models.PROTECT, related_name="+")
    auteur = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    rendue_le = models.DateTimeField("rendue le", default=timezone.now)

    class Meta:
        verbose_name = "réponse à une campagne"
        verbose_name_plural = "réponses aux campagnes"
        ordering = ["rendue_le"]
        constraints = [models.UniqueConstraint(fields=["campagne", "collectivite"], name="reponsecampagne_une_fois")]

    def __str__(self) -> str:
        return f"{self.collectivite}, {self.campagne}"


class LignePlan(models.Model):
    """A line of the plan: needs alike, put together; a session is made of it in one act."""

    campagne = models.ForeignKey(Campagne, on_delete=models.PROTECT, related_name="lignes")
    intitule = NomField("intitulé", max_length=150)
    theme = models.ForeignKey(
        Theme, verbose_name="thème", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    titre = models.ForeignKey(
        TypeHabilitation, verbose_name="titre", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    formation = models.ForeignKey(
        FormationPage, verbose_name="fiche", on_delete=models.PROTECT, null=True, blank=True, related_name="lignes"
    )
    session = models.OneToOneField(
        SessionFormation, on_delete=models.PROTECT, null=True, blank=True, related_name="ligne"
    )
    statut = models.CharField(max_length=10, choices=StatutLigne, default=StatutLigne.A_DECIDER)
    reponse = NomField("réponse aux communes", max_length=300, blank=True)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = "ligne du plan"
        verbose_name_plural = "lignes du plan"
        ordering = ["intitule", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(statut=StatutLigne.ECARTEE) | ~Q(reponse=""),
                name="ligneplan_ecartee_avec_raison",
                violation_error_message="Dites aux communes pourquoi cette formation n’est pas retenue.",
            )
        ]

    def __str__(self) -> str:
        return self.intitule

    @property
    def engagee(self) -> bool:
        """A session stands for it: its needs move no more. One that was cancelled leaves it to be decided anew."""
        return self.session is not None and self.session.statut != StatutSession.ANNULEE


class BesoinFormationQuerySet(models.QuerySet):
    def visible_to(self, agent: "Agent | None") -> Self:
        """Those of the collectivités that one manages; all for the responsables."""
        if agent is None or not agent.is_authenticated:
            return self.none()
        if agent.answers_for(Domaine.FORMATIONS):
            return self
        places = [p.collectivite_id for p in agent.postes_en_cours if p.gestionnaire]
        return self.filter(collectivite__in=places)


class BesoinFormation(models.Model):
    """What a commune needs to learn: a subject, a number of people, named or not, a deadline, a priority."""

    campagne = models.ForeignKey(Campagne, on_delete=models.PROTECT, related_name="besoins")
    collectivite = models.ForeignKey(Collectivite, on_delete=models.PROTECT, related_name="+")
    intitule = NomField("besoin", max_length=150)
    theme = models.ForeignKey(
        Theme, verbose_name="thème", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    titre = models.ForeignKey(
        TypeHabilitation, verbose_name="titre visé", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    effectif = models.PositiveSmallIntegerField("combien d’agents", validators=[MinValueValidator(1)])
    agents = models.ManyToManyField(settings.AUTH_USER_MODEL, verbose_name="lesquels", blank=True, related_name="+")
    echeance = models.DateField("avant le", null=True, blank=True)
    priorite = models.PositiveSmallIntegerField("priorité", choices=Priorite, default=Priorite.MOYENNE)
    mot = NomField("précision", max_length=300, blank=True)
    ligne = models.ForeignKey(LignePlan, on_delete=models.PROTECT, null=True, blank=True, related_name="besoins")
    auteur = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)

    objects = BesoinFormationQuerySet.as_manager()

    class Meta:
        verbose_name = "besoin de formation"
        verbose_name_plural = "besoins de formation"
        ordering = ["priorite", "intitule", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(effectif__gte=1),
                name="besoinformation_d_un_agent",
                violation_error_message="Un besoin concerne une personne au moins.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.intitule}, {self.collectivite} : {self.effectif}"


class SouhaitQuerySet(models.QuerySet):
    def visible_to(self, agent: "Agent | None") -> Self:
        """Whoever has a poste in force."""
        if agent is None or not agent.is_authenticated or not agent.codes_lecture:
            return self.none()
        return self

    def open(self) -> Self:
        return self.filter(statut=StatutSouhait.OUVERT)


class Souhait(models.Model):
    """A training that somebody wishes for, between two campaigns; others say « moi aussi »."""

    intitule = NomField("intitulé", max_length=150)
    theme = models.ForeignKey(
        Theme, verbose_name="thème", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    detail = models.TextField("précisions", blank=True, max_length=1000)
    auteur = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    collectivite = models.ForeignKey(Collectivite, on_delete=models.PROTECT, related_name="+")
    statut = models.CharField(max_length=8, choices=StatutSouhait, default=StatutSouhait.OUVERT)
    reponse = NomField("réponse", max_length=300, blank=True)
    session = models.OneToOneField(
        SessionFormation, on_delete=models.PROTECT, null=True, blank=True, related_name="souhait"
    )
    created_at = models.DateTimeField("demandé le", default=timezone.now)

    objects = SouhaitQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(statut=StatutSouhait.ECARTE) | ~Q(reponse=""),
                name="souhait_ecarte_avec_raison",
                violation_error_message="Dites pourquoi : ceux qui le demandaient le liront.",
            )
        ]

    def __str__(self) -> str:
        return self.intitule


class Interet(models.Model):
    """« Moi aussi » : a person who wishes for it, for their collectivité."""

    souhait = models.ForeignKey(Souhait, on_delete=models.CASCADE, related_name="interets")
    agent = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    collectivite = models.ForeignKey(Collectivite, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = "intérêt"
        ordering = [F("created_at"), "pk"]
        constraints = [models.UniqueConstraint(fields=["souhait", "agent"], name="interet_une_fois")]

    def __str__(self) -> str:
        return f"{self.agent}, {self.souhait}"

"""Collectivités: the communes, their intercommunalité and the bodies around them."""

from typing import TYPE_CHECKING, Self

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from collectivites.champs import NomField
from collectivites.enums import STRATE_CEILINGS, Article, Strate, TypeCollectivite
from collectivites.recherche import entree_collectivite
from extranet.lib.apports import Entree
from extranet.lib.cherchable import Cherchable
from extranet.lib.demi_journees import Jour
from extranet.lib.distances import distance_km
from extranet.lib.noms import a_nom, de_nom

if TYPE_CHECKING:
    from collectivites.models.agent import Agent

validate_siren = RegexValidator(r"^\d{9}$", "Un SIREN compte 9 chiffres, par exemple 213902331.")
validate_insee = RegexValidator(r"^(\d{5}|2[AB]\d{3})$", "Un code INSEE compte 5 caractères, par exemple 39233.")


class Secteur(models.Model):
    """A part of the territory that the intercommunalité works with (« secteur de la plaine »)."""

    nom = NomField(max_length=100, unique=True)
    ordre = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["ordre", "nom"]

    def __str__(self) -> str:
        return self.nom


class CollectiviteQuerySet(models.QuerySet):
    def members(self) -> Self:
        """Those that have not left the territory."""
        return self.filter(date_sortie=None)

    def communes(self) -> Self:
        """Communes only: a syndicat or a CCAS reads with them but is not counted among them."""
        return self.members().filter(type=TypeCollectivite.COMMUNE)

    def visible_to(self, agent: "Agent | None") -> Self:
        """Whoever has a poste in force sees the members of the territory; anyone else sees none."""
        if agent is None or not agent.is_authenticated or not agent.codes_lecture:
            return self.none()
        return self.members()


class Collectivite(Cherchable):
    """A public body of the territory.

    `nom` is the official name, article included when it has one (« Le Deschaux »). Populations are those of INSEE:
    municipale and totale differ, and every threshold names the one it uses; the strate is that of the totale. Either
    may be the larger: INSEE and DGCL do not publish the same census in the same year.
    """

    type = models.CharField(max_length=20, choices=TypeCollectivite, default=TypeCollectivite.COMMUNE)
    nom = NomField(max_length=120)
    article = models.CharField("article dans une phrase", max_length=3, choices=Article, default="", blank=True)
    slug = models.SlugField("adresse", max_length=140, unique=True)
    siren = models.CharField("SIREN", max_length=9, validators=[validate_siren], unique=True, null=True, blank=True)
    insee = models.CharField(
        "code INSEE", max_length=5, validators=[validate_insee], unique=True, null=True, blank=True
    )
    rattachement = models.ForeignKey(
        "self",
        verbose_name="collectivité de rattachement",
        help_text="La commune d’un CCAS, l’intercommunalité d’une commune.",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="rattachees",
    )
    secteur = models.ForeignKey(Secteur, on_delete=models.PROTECT, null=True, blank=True, related_name="collectivites")

    population_municipale = models.PositiveIntegerField(null=True, blank=True)
    population_totale = models.PositiveIntegerField(null=True, blank=True)
    population_annee = models.PositiveSmallIntegerField("millésime des populations", null=True, blank=True)

    adresse = NomField(max_length=200, blank=True)
    code_postal = models.CharField(max_length=5, blank=True)
    ville = NomField(max_length=100, blank=True)
    telephone = models.CharField("téléphone", max_length=20, blank=True)
    courriel = models.EmailField(blank=True)
    site_web = models.URLField(blank=True)
    latitude = models.FloatField(null=True, blank=True, help_text="Degrés décimaux, WGS 84.")
    longitude = models.FloatField(null=True, blank=True, help_text="Degrés décimaux, WGS 84.")
    horaires_verifies_le = models.DateField("horaires vérifiés le", null=True, blank=True)

    date_sortie = models.DateField("sortie du territoire le", null=True, blank=True)

    genre = "collectivite"
    objects = CollectiviteQuerySet.as_manager()

    class Meta:
        verbose_name = "collectivité"
        ordering = ["nom"]
        constraints = [
            models.CheckConstraint(
                condition=(Q(population_totale=None) & Q(population_municipale=None))
                | Q(population_annee__isnull=False),
                name="collectivite_population_millesimee",
                violation_error_message="Donnez le millésime des populations, par exemple 2026.",
            ),
            models.CheckConstraint(
                condition=Q(latitude=None, longitude=None)
                | Q(latitude__isnull=False, longitude__isnull=False)
                & Q(latitude__range=(-90, 90), longitude__range=(-180, 180)),
                name="collectivite_coordonnees_completes",
                violation_error_message="Donnez la latitude et la longitude ensemble, en degrés.",
            ),
            models.CheckConstraint(
                condition=~Q(type=TypeCollectivite.COMMUNE) | Q(insee__isnull=False),
                name="collectivite_commune_avec_insee",
                violation_error_message="Une commune a un code INSEE.",
            ),
            models.CheckConstraint(
                condition=Q(siren=None) | Q(siren__regex=r"^[0-9]{9}$"),
                name="collectivite_siren_de_9_chiffres",
                violation_error_message="Un SIREN compte 9 chiffres, par exemple 213902331.",
            ),
            models.CheckConstraint(
                condition=~Q(type=TypeCollectivite.EPCI) | Q(date_sortie=None),
                name="collectivite_epci_demeure",
                violation_error_message="L’intercommunalité de cet extranet ne sort pas du territoire.",
            ),
            models.UniqueConstraint(
                fields=["type"],
                condition=Q(type=TypeCollectivite.EPCI),
                name="collectivite_un_seul_epci",
                violation_error_message="L’extranet sert une intercommunalité, et elle est déjà là.",
            ),
        ]

    def __str__(self) -> str:
        return self.nom

    @classmethod
    def to_index(cls) -> models.QuerySet:
        return cls.objects.select_related("secteur").prefetch_related("plages")

    def entree(self) -> Entree | None:
        return entree_collectivite(self)

    def get_absolute_url(self) -> str:
        return reverse("annuaire:collectivite_detail", args=[self.slug])

    @property
    def is_commune(self) -> bool:
        return self.type == TypeCollectivite.COMMUNE

    @property
    def is_epci(self) -> bool:
        return self.type == TypeCollectivite.EPCI

    @property
    def de_nom(self) -> str:
        """« de Foucherans », « du Deschaux », « d’Authume », « du Grand Dole »."""
        return de_nom(self.nom, self.article)

    @property
    def a_nom(self) -> str:
        """« à Foucherans », « au Deschaux »."""
        return a_nom(self.nom, self.article)

    @property
    def strate(self) -> Strate | None:
        """Band of the population totale; None when it is unknown."""
        if self.population_totale is None:
            return None
        return next((s for ceiling, s in STRATE_CEILINGS if self.population_totale <= ceiling), Strate.DE_3500)

    def distance_to(self, other: "Collectivite") -> float | None:
        """Kilometres « à vol d’oiseau »; None when a position is unknown."""
        if None in (self.latitude, self.longitude, other.latitude, other.longitude):
            return None
        return distance_km((self.latitude, self.longitude), (other.latitude, other.longitude))


class PlageOuverture(models.Model):
    """Opening hours to the public: one row per open stretch of a day of the week."""

    collectivite = models.ForeignKey(Collectivite, on_delete=models.CASCADE, related_name="plages")
    jour = models.PositiveSmallIntegerField(choices=Jour)
    ouverture = models.TimeField()
    fermeture = models.TimeField()

    class Meta:
        verbose_name = "plage d’ouverture"
        verbose_name_plural = "plages d’ouverture"
        ordering = ["jour", "ouverture"]
        constraints = [
            models.CheckConstraint(
                condition=Q(fermeture__gt=F("ouverture")),
                name="plageouverture_heures_dans_l_ordre",
                violation_error_message="La fermeture vient après l’ouverture.",
            ),
            models.UniqueConstraint(
                fields=["collectivite", "jour", "ouverture"],
                name="plageouverture_unique",
                violation_error_message="Cette plage existe déjà.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_jour_display()} {self.ouverture:%H:%M}–{self.fermeture:%H:%M}"

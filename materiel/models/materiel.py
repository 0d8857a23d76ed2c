"""The thing itself: what is counted, locked and lent, beside the page that describes it."""

from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q

from collectivites.champs import NomField
from collectivites.models import Collectivite, TypeHabilitation
from extranet.lib.cherchable import Nomme
from materiel.dessins import drawing_of
from materiel.enums import Conducteur, Mode, StatutMateriel, Transport
from materiel.models.categorie import Categorie
from materiel.models.page import MaterielPage, MaterielPageQuerySet

if TYPE_CHECKING:
    from collectivites.models import Agent


class MaterielQuerySet(models.QuerySet):
    def visible_to(self, agent: "Agent | None") -> Self:
        """Those whose sheet one reads: published, of one's diffusion, not archived."""
        return self.filter(page__in=MaterielPage.objects.visible_to(agent).order_by().values("pk"))

    def editable_by(self, agent: "Agent | None") -> Self:
        """Those of the collectivités that one manages, drafts and archives included; all for the responsables."""
        return self.filter(page__in=MaterielPage.objects.editable_by(agent).order_by().values("pk"))

    def lendable(self) -> Self:
        return self.filter(statut=StatutMateriel.EN_SERVICE, page__live=True)

    def for_list(self) -> Self:
        return self.select_related("page", "collectivite", "categorie")


class Materiel(Nomme):
    """A thing, a lot or a fleet that a collectivité lends.

    `stock` counts units: 1 for a single thing. Its future, half-day by half-day, is the ledger (`Occupation`); only
    `materiel.registre` changes either. Buffers and notice are in open days, lengths in days, money in euros TTC.
    """

    page = models.OneToOneField(MaterielPage, on_delete=models.PROTECT, related_name="materiel")
    collectivite = models.ForeignKey(
        Collectivite, verbose_name="propriétaire", on_delete=models.PROTECT, related_name="materiels"
    )
    categorie = models.ForeignKey(
        Categorie, verbose_name="catégorie", on_delete=models.PROTECT, related_name="materiels"
    )
    statut = models.CharField(max_length=12, choices=StatutMateriel, default=StatutMateriel.EN_SERVICE)
    mode = models.CharField("compté comme", max_length=10, choices=Mode, default=Mode.UNIQUE)
    stock = models.PositiveIntegerField("combien", default=1)
    unite = NomField(
        "ce que l’on compte", max_length=40, blank=True, help_text="Au pluriel : « barrières », « chaises »."
    )
    inventaire = NomField("numéro d’inventaire", max_length=40, blank=True)
    lieu = NomField("où vient-on le chercher", max_length=200, blank=True)
    horaires = NomField("heures de remise et de retour", max_length=120, blank=True)
    contact = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="qui s’en occupe",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="materiels_suivis",
        help_text="Les gestionnaires de la collectivité prennent la suite à son départ.",
    )

    preavis_jours = models.PositiveSmallIntegerField("préavis, en jours ouvrés", default=2)
    duree_max_jours = models.PositiveSmallIntegerField(
        "durée la plus longue, en jours", default=4, validators=[MinValueValidator(1), MaxValueValidator(180)]
    )
    tampon_avant = models.PositiveSmallIntegerField(
        "jours ouvrés gardés avant", default=0, validators=[MaxValueValidator(5)]
    )
    tampon_apres = models.PositiveSmallIntegerField(
        "jours ouvrés gardés après", default=0, validators=[MaxValueValidator(5)]
    )
    part_max = models.PositiveSmallIntegerField(
        "part prêtée d’un coup, en %", default=100, validators=[MinValueValidator(1), MaxValueValidator(100)]
    )
    conducteur = models.CharField(max_length=12, choices=Conducteur, default=Conducteur.SANS)
    conducteur_nom = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="conducteur du propriétaire",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    habilitations = models.ManyToManyField(
        TypeHabilitation, verbose_name="habilitations demandées", blank=True, related_name="materiels"
    )
    prise_en_main = models.PositiveSmallIntegerField("prise en main, en minutes", null=True, blank=True)
    transport = models.CharField(max_length=10, choices=Transport, default=Transport.RETRAIT)
    prix_livraison = models.DecimalField("prix de la livraison", max_digits=8, decimal_places=2, null=True, blank=True)
    carburant = NomField(max_length=120, blank=True)
    consignes = models.TextField("consignes", blank=True)
    compteur = models.BooleanField("a un compteur d’heures", default=False)

    tarif_jour = models.DecimalField("prix par jour", max_digits=8, decimal_places=2, null=True, blank=True)
    tarif_conducteur = models.DecimalField(
        "prix d’une heure de conducteur", max_digits=8, decimal_places=2, null=True, blank=True
    )
    cout_jour = models.DecimalField(
        "valeur d’un jour d’usage",
        max_digits=8,
        decimal_places=2,
        null=True,
        blank=True,
        help_text="Sert au solde d’entraide quand le prêt est gratuit ; par unité.",
    )
    valeur_remplacement = models.DecimalField(
        "valeur de remplacement", max_digits=10, decimal_places=2, null=True, blank=True
    )
    caution = models.DecimalField(max_digits=10, decimal_places=2, null=True, blank=True)
    accord_direct = models.PositiveIntegerField(
        "accord direct jusqu’à",
        null=True,
        blank=True,
        help_text="Accordé sans attendre une réponse, si c’est libre ; vide, chaque demande attend la vôtre.",
    )
    created_at = models.DateTimeField("proposé le", auto_now_add=True)

    objects = MaterielQuerySet.as_manager()

    class Meta:
        verbose_name = "matériel prêté"
        verbose_name_plural = "matériels prêtés"
        ordering = ["pk"]
        indexes = [
            models.Index(fields=["collectivite", "statut"], name="materiel_de_la_collectivite"),
            models.Index(fields=["categorie", "statut"], name="materiel_de_la_categorie"),
            # The largest of each is read at every search.
            models.Index(fields=["tampon_avant", "id"], name="materiel_garde_avant"),
            models.Index(fields=["tampon_apres", "id"], name="materiel_garde_apres"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~Q(mode=Mode.UNIQUE) | Q(stock__lte=1),
                name="materiel_unique_compte_un",
                violation_error_message="Un matériel unique se compte un ; pour plusieurs, choisissez un lot.",
            ),
            models.CheckConstraint(
                condition=Q(part_max__range=(1, 100)),
                name="materiel_part_en_pour_cent",
                violation_error_message="La part prêtée d’un coup va de 1 à 100 %.",
            ),
            models.CheckConstraint(
                condition=Q(duree_max_jours__range=(1, 180)),
                name="materiel_duree_plausible",
                violation_error_message="La durée la plus longue va de 1 à 180 jours.",
            ),
            models.CheckConstraint(
                condition=Q(tampon_avant__lte=5, tampon_apres__lte=5),
                name="materiel_tampons_courts",
                violation_error_message="On garde au plus 5 jours ouvrés avant et après.",
            ),
            models.CheckConstraint(
                condition=Q(accord_direct=None) | Q(accord_direct__gte=1),
                name="materiel_accord_direct_d_une_unite",
                violation_error_message="L’accord direct porte sur une unité au moins.",
            ),
        ]

    def __str__(self) -> str:
        return self.page.title

    def porteurs(self) -> MaterielPageQuerySet:
        return MaterielPage.to_index().filter(pk=self.page_id)

    @property
    def nom(self) -> str:
        return self.page.title

    @property
    def dessin(self) -> str:
        """Shown while there is no photo."""
        return drawing_of(self.nom)

    @property
    def quantite_max(self) -> int:
        """The most that one loan may take: a share of the stock, one at least while there is one."""
        return max(min(self.stock, 1), self.stock * self.part_max // 100)

    @property
    def unites(self) -> str:
        """What is counted, in words: « barrières », else « exemplaires »."""
        return self.unite or "exemplaires"

    def is_lendable(self) -> bool:
        return self.statut == StatutMateriel.EN_SERVICE and self.page.live


class Unite(models.Model):
    """A numbered unit of a fleet: asked by number of units, chosen at hand-over."""

    materiel = models.ForeignKey(Materiel, on_delete=models.PROTECT, related_name="numeros")
    numero = NomField("numéro", max_length=40)
    en_service = models.BooleanField("en service", default=True)
    note = NomField(max_length=200, blank=True)

    class Meta:
        verbose_name = "unité"
        ordering = ["numero", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["materiel", "numero"],
                name="unite_numero_unique",
                violation_error_message="Ce numéro est déjà celui d’une autre unité.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.materiel}, n° {self.numero}"


class Accessoire(models.Model):
    """What goes with it, checked at hand-over and at return: an element of the état des lieux."""

    materiel = models.ForeignKey(Materiel, on_delete=models.CASCADE, related_name="accessoires")
    nom = NomField(max_length=120)
    nombre = models.PositiveSmallIntegerField(default=1)
    valeur = models.DecimalField("valeur de remplacement", max_digits=9, decimal_places=2, null=True, blank=True)
    ordre = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["ordre", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["materiel", "nom"],
                name="accessoire_une_fois",
                violation_error_message="Cet accessoire est déjà dans la liste.",
            )
        ]

    def __str__(self) -> str:
        return self.nom

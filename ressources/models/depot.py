"""A deposit under way: files sent, looked into, and not yet documents."""

import uuid
from datetime import timedelta
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import Q

from collectivites.models import Collectivite, Theme
from extranet.lib.stockage import stockage_prive
from ressources.enums import Analyse, EtatDepot
from ressources.models.fichier import PHOTOS, Fichier, VersionFichier
from ressources.models.listes import TypeRessource
from ressources.models.ressource import RessourcePage

if TYPE_CHECKING:
    from collectivites.models import Agent

# A deposit left in the middle is forgotten, with its files.
CONSERVATION = timedelta(days=30)


class DepotQuerySet(models.QuerySet):
    def visible_to(self, agent: "Agent | None") -> Self:
        """One’s own, until it is sent."""
        if agent is None or not agent.is_authenticated:
            return self.none()
        return self.filter(auteur=agent, envoye_le=None)


class Depot(models.Model):
    """What somebody sends in one go, for a collectivité."""

    uuid = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    auteur = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    collectivite = models.ForeignKey(Collectivite, on_delete=models.PROTECT, related_name="+")
    nouvelle_version_de = models.ForeignKey(
        RessourcePage, on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )
    ajout = models.BooleanField(default=False, help_text="Ses fichiers s’ajoutent à ceux de la fiche.")
    created_at = models.DateTimeField(auto_now_add=True)
    envoye_le = models.DateTimeField("envoyé le", null=True, blank=True)

    objects = DepotQuerySet.as_manager()

    class Meta:
        verbose_name = "dépôt"

    def __str__(self) -> str:
        return f"Dépôt du {self.created_at:%d/%m/%Y}"


class FichierDepose(models.Model):
    """One file of a deposit, with its verdict and what is proposed for its sheet. A refused file is not kept."""

    depot = models.ForeignKey(Depot, on_delete=models.CASCADE, related_name="fichiers")
    rang = models.PositiveSmallIntegerField(default=0)
    nom = models.CharField("nom du fichier", max_length=255)
    file = models.FileField(upload_to="depots/%Y%m", storage=stockage_prive, max_length=255, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    taille = models.PositiveBigIntegerField(default=0, help_text="En octets.")
    type_reel = models.CharField(max_length=10, blank=True)
    pages = models.PositiveIntegerField(null=True, blank=True)
    etat = models.CharField(max_length=10, choices=EtatDepot, default=EtatDepot.LECTURE)
    motif = models.CharField("cause du refus", max_length=500, blank=True)
    analyse = models.CharField(max_length=10, choices=Analyse, default=Analyse.EN_ATTENTE)
    analyse_motif = models.CharField(max_length=250, blank=True)
    titre_propose = models.CharField(max_length=250, blank=True)
    theme_propose = models.ForeignKey(Theme, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    type_propose = models.ForeignKey(TypeRessource, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    jumeau = models.ForeignKey(VersionFichier, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    version_de = models.ForeignKey(Fichier, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    controle = models.JSONField(default=dict, blank=True, help_text="Ses champs à remplir, et ce qui n’en est pas.")
    prise_le = models.DateField("photo prise le", null=True, blank=True)
    texte = models.TextField(blank=True)

    class Meta:
        verbose_name = "fichier déposé"
        verbose_name_plural = "fichiers déposés"
        ordering = ["rang", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(etat=EtatDepot.REFUSE, file="") & ~Q(motif="") | ~Q(etat=EtatDepot.REFUSE) & ~Q(file=""),
                name="depose_refuse_donc_sans_fichier",
            ),
            models.UniqueConstraint(
                fields=["depot", "sha256"], condition=~Q(etat=EtatDepot.REFUSE), name="depose_une_fois_par_depot"
            ),
        ]

    def __str__(self) -> str:
        return self.nom

    @property
    def extension(self) -> str:
        return self.nom.rpartition(".")[2].lower()

    @property
    def is_photo(self) -> bool:
        return self.type_reel in PHOTOS

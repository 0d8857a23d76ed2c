"""A file given to somebody who has no account, by an address that stops answering."""

from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from collectivites.champs import NomField
from collectivites.models import Collectivite
from ressources.models.fichier import VersionFichier
from ressources.models.ressource import RessourcePage

if TYPE_CHECKING:
    from collectivites.models import Agent


class LienPartageQuerySet(models.QuerySet):
    def visible_to(self, agent: "Agent | None") -> Self:
        """Those that one made, and those of the sheets that one looks after."""
        if agent is None or not agent.is_authenticated:
            return self.none()
        kept = RessourcePage.objects.editable_by(agent).order_by()
        return self.filter(Q(auteur=agent) | Q(version__fichier__page__in=kept.values("pk")))

    def live(self) -> Self:
        """Neither revoked nor past its day; whether it answers is another question (`partages.liens`)."""
        return self.filter(revoque_le=None, expire_le__gt=timezone.now())

    def for_list(self) -> Self:
        found = self.select_related("auteur", "collectivite", "revoque_par", "version__fichier__page__collectivite")
        found = found.select_related("version__fichier__page__photo", "version__fichier__page__type")
        return found.defer("version__texte", "version__fichier__page__corps")


class LienPartage(models.Model):
    """The address of one file, open to whoever has it until a day. Only the fingerprint of its token is kept.

    It gives the version in force of the file of `version`, which is the one that its author saw when they made it.
    """

    version = models.ForeignKey(VersionFichier, on_delete=models.PROTECT, related_name="partages")
    auteur = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="partagé par", on_delete=models.PROTECT, related_name="+"
    )
    collectivite = models.ForeignKey(Collectivite, verbose_name="pour", on_delete=models.PROTECT, related_name="+")
    gardien = models.BooleanField("donné par qui s’occupe de la fiche", default=True)
    destinataire = NomField("à qui", max_length=150, blank=True)
    empreinte = models.CharField(max_length=64, unique=True, editable=False)
    created_at = models.DateTimeField("créé le", default=timezone.now)
    expire_le = models.DateTimeField("expire le")
    revoque_le = models.DateTimeField("révoqué le", null=True, blank=True)
    revoque_par = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="révoqué par",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    nombre = models.PositiveIntegerField("téléchargements", default=0)
    dernier_le = models.DateTimeField("dernier téléchargement", null=True, blank=True)

    objects = LienPartageQuerySet.as_manager()

    class Meta:
        verbose_name = "lien partagé"
        verbose_name_plural = "liens partagés"
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(expire_le__gt=F("created_at")), name="partage_expire_apres"),
            models.CheckConstraint(
                condition=Q(revoque_le=None, revoque_par=None) | Q(revoque_le__isnull=False),
                name="partage_revoque_donc_date",
            ),
            models.CheckConstraint(
                condition=Q(nombre=0, dernier_le=None) | Q(nombre__gt=0, dernier_le__isnull=False),
                name="partage_compte_date",
            ),
        ]

    def __str__(self) -> str:
        return f"Lien de {self.version}"

    @property
    def is_expired(self) -> bool:
        return self.expire_le <= timezone.now()

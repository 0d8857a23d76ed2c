"""A file of agents between its preview and its import."""

from datetime import timedelta
from typing import Self

from django.conf import settings
from django.db import models
from django.utils import timezone

from extranet.lib.stockage import stockage_prive

# A preview left alone is forgotten: the file holds the data of a whole territory.
GARDE = timedelta(days=1)


class ImportAgentsQuerySet(models.QuerySet):
    def stale(self) -> Self:
        return self.filter(depose_le__lt=timezone.now() - GARDE)


class ImportAgents(models.Model):
    """The file of one reading, kept for a day by whoever sent it; `memes` are the lines said to be the same person."""

    wagtail_reference_index_ignore = True

    par = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    nom = models.CharField(max_length=200)
    fichier = models.FileField(upload_to="imports", storage=stockage_prive, max_length=255)
    memes = models.JSONField(default=list)
    depose_le = models.DateTimeField(default=timezone.now)

    objects = ImportAgentsQuerySet.as_manager()

    class Meta:
        verbose_name = "import d’agents"
        ordering = ["-depose_le", "-pk"]

    def __str__(self) -> str:
        return self.nom

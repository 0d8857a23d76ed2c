"""Keys of forms already sent: a double click or a replay makes one row (`collectivites/cles.py`)."""

from django.conf import settings
from django.db import models


class CleUtilisee(models.Model):
    """One form sent once, with the address that its act led to; purged by `veille` after a week."""

    wagtail_reference_index_ignore = True  # nobody asks Wagtail where a key is used

    cle = models.UUIDField("clé", primary_key=True)
    agent = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    suite = models.CharField(max_length=500, blank=True)
    created_at = models.DateTimeField(auto_now_add=True, db_index=True)

    class Meta:
        verbose_name = "clé de formulaire utilisée"
        verbose_name_plural = "clés de formulaire utilisées"

    def __str__(self) -> str:
        return str(self.cle)

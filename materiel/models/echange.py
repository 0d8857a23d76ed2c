"""What the two parties write to one another about a loan."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from extranet.lib.stockage import stockage_prive
from materiel.enums import Cote
from materiel.models.pret import Pret


class Message(models.Model):
    """A message of the thread of a loan, with a photo if any: read by the two parties alone."""

    pret = models.ForeignKey(Pret, on_delete=models.PROTECT, related_name="messages")
    auteur = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    cote = models.CharField("de qui", max_length=10, choices=Cote, blank=True)
    texte = models.TextField(max_length=2000, blank=True)
    photo = models.FileField(upload_to="prets/%Y/%m", storage=stockage_prive, max_length=255, blank=True)
    created_at = models.DateTimeField("écrit le", auto_now_add=True)

    class Meta:
        ordering = ["created_at", "pk"]
        constraints = [models.CheckConstraint(condition=~Q(texte="") | ~Q(photo=""), name="message_dit_quelque_chose")]

    def __str__(self) -> str:
        return f"{self.pret}, {self.created_at:%d/%m/%Y}"

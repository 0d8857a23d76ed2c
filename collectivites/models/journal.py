"""The journal: what was done, by whom, for whom. Append-only, by a trigger (`declencheurs.py`)."""

from django.conf import settings
from django.db import models

from collectivites.models.collectivite import Collectivite


class EntreeJournal(models.Model):
    """One act. `objet` and `objet_id` name the thing without a foreign key, since it may be of any app, or gone."""

    created_at = models.DateTimeField("le", auto_now_add=True, db_index=True)
    acte = models.CharField(max_length=60, help_text="Au passé : « poste.cree », « invitation.acceptee ».")
    agent = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="par", on_delete=models.PROTECT, null=True, related_name="+"
    )
    collectivite = models.ForeignKey(
        Collectivite, verbose_name="pour", on_delete=models.PROTECT, null=True, related_name="+"
    )
    objet = models.CharField(max_length=80, help_text="Étiquette du modèle : « collectivites.poste ».")
    objet_id = models.CharField(max_length=40)
    libelle = models.CharField("libellé", max_length=200)
    donnees = models.JSONField("données", default=dict)

    # What it names is not « in use »: one line written by act, and no more.
    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = "entrée du journal"
        verbose_name_plural = "entrées du journal"
        ordering = ["-created_at", "-pk"]
        indexes = [models.Index(fields=["objet", "objet_id"], name="journal_objet")]

    def __str__(self) -> str:
        return f"{self.created_at:%d/%m/%Y} {self.acte} {self.libelle}"

"""The register of treatments of personal data (RGPD art. 30)."""

from django.db import models


class FicheTraitement(models.Model):
    """One treatment. `installer` writes the sheet of each app once; the DPO then owns its words.

    A sheet is withdrawn by `actif`, never deleted: `installer` would write it again.
    """

    code = models.SlugField(max_length=60, unique=True, editable=False)
    intitule = models.CharField("intitulé", max_length=120)
    finalite = models.TextField("à quoi cela sert")
    base_legale = models.CharField("base légale", max_length=200)
    personnes = models.CharField("personnes concernées", max_length=200)
    donnees = models.TextField("données")
    source = models.CharField("d’où elles viennent", max_length=250)
    destinataires = models.CharField("qui les voit", max_length=250)
    conservation = models.TextField("combien de temps")
    ordre = models.PositiveSmallIntegerField(default=0)
    actif = models.BooleanField("en vigueur", default=True)

    class Meta:
        verbose_name = "fiche de traitement"
        verbose_name_plural = "registre des traitements"
        ordering = ["ordre", "intitule"]

    def __str__(self) -> str:
        return self.intitule

"""How often a thing is searched, month by month, without the person."""

from django.db import models
from django.db.models import F, Q


class RechercheDuMois(models.Model):
    """One query of one month: how many times, how many without result, how many followed by a click.

    `comptes` counts the accounts, by fingerprints forgotten when the month is over; kept 12 months.
    """

    mois = models.DateField(help_text="Le premier jour du mois.")
    cle = models.CharField("mots", max_length=250)
    requete = models.CharField("recherche", max_length=200)
    nombre = models.PositiveIntegerField(default=0)
    sans_resultat = models.PositiveIntegerField("sans résultat", default=0)
    clics = models.PositiveIntegerField("suivies d’un clic", default=0)
    comptes = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = "recherche du mois"
        verbose_name_plural = "recherches du mois"
        ordering = ["-mois", "-nombre", "requete"]
        indexes = [models.Index(fields=["comptes", "mois"], name="recherche_frequente")]
        constraints = [
            models.UniqueConstraint(fields=["mois", "cle"], name="recherche_du_mois_unique"),
            models.CheckConstraint(
                condition=Q(sans_resultat__lte=F("nombre"), comptes__lte=F("nombre"), clics__lte=F("nombre")),
                name="recherche_du_mois_plausible",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.requete}, {self.mois:%m/%Y}"


class EmpreinteRecherche(models.Model):
    """That an account asked a query this month, under a keyed fingerprint: it names nobody, and lasts the month."""

    recherche = models.ForeignKey(RechercheDuMois, on_delete=models.CASCADE, related_name="empreintes")
    empreinte = models.CharField(max_length=64)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["recherche", "empreinte"], name="empreinte_unique")]

    def __str__(self) -> str:
        return self.empreinte[:8]

"""Categories of equipment, with what they answer in advance for whoever posts a thing."""

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q

from collectivites.champs import NomField
from collectivites.models import TypeHabilitation
from extranet.lib.typographie import space
from materiel.enums import Conducteur, Transport, TypePapier


class Categorie(models.Model):
    """A kind of equipment; its conditions are those of a new thing of this kind, until its owner changes them.

    `mots` propose it from a name. `papiers` lists the papers asked for, those that block marked « ! »; `elements` are
    what an état des lieux asks of all its things, one line each.
    """

    code = models.SlugField(max_length=40, unique=True)
    libelle = NomField("libellé", max_length=80, unique=True)
    dessin = models.CharField(max_length=40, help_text="Montré pour la catégorie.")
    mots = models.TextField("mots qui la proposent", blank=True, help_text="Séparés par des virgules.")
    ordre = models.PositiveSmallIntegerField(default=0)

    preavis_jours = models.PositiveSmallIntegerField("préavis, en jours ouvrés", default=2)
    duree_max_jours = models.PositiveSmallIntegerField(
        "durée la plus longue, en jours", default=4, validators=[MinValueValidator(1)]
    )
    tampon_avant = models.PositiveSmallIntegerField("jours ouvrés gardés avant", default=0)
    tampon_apres = models.PositiveSmallIntegerField("jours ouvrés gardés après", default=0)
    part_max = models.PositiveSmallIntegerField(
        "part d’un lot prêtée d’un coup, en %", default=100, validators=[MinValueValidator(1), MaxValueValidator(100)]
    )
    conducteur = models.CharField(max_length=12, choices=Conducteur, default=Conducteur.SANS)
    transport = models.CharField(max_length=10, choices=Transport, default=Transport.RETRAIT)
    carburant = NomField(max_length=120, blank=True)
    habilitation = models.ForeignKey(
        TypeHabilitation, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    papiers = models.CharField(max_length=200, blank=True)
    vgp_mois = models.PositiveSmallIntegerField("vérification tous les, en mois", null=True, blank=True)
    elements = models.TextField("éléments de l’état des lieux", blank=True, help_text="Une ligne par élément.")
    conseil = models.TextField(blank=True)

    class Meta:
        verbose_name = "catégorie de matériel"
        verbose_name_plural = "catégories de matériel"
        ordering = ["ordre", "libelle"]
        constraints = [
            models.CheckConstraint(condition=Q(duree_max_jours__gte=1), name="categorie_duree_d_un_jour_au_moins"),
            models.CheckConstraint(condition=Q(part_max__range=(1, 100)), name="categorie_part_en_pour_cent"),
        ]

    def __str__(self) -> str:
        return self.libelle

    def clean(self) -> None:
        """The papers are of those we know."""
        known = ", ".join(TypePapier.values)
        for kind in filter(None, (one.strip().rstrip("!") for one in self.papiers.split(","))):
            if kind not in TypePapier.values:
                message = f"« {kind} » n’est pas un papier connu. Choisissez entre : {known}."
                raise ValidationError({"papiers": space(message)})

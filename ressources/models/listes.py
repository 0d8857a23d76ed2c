"""The lists of the resources that a territory edits."""

from django.db import models

from collectivites.champs import NomField


class TypeRessource(models.Model):
    """What a resource is: a model of délibération, a guide, a form, a photo."""

    PHOTO = "photo"

    nom = NomField(max_length=100, unique=True)
    slug = models.SlugField("adresse", max_length=110, unique=True)
    ordre = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = "type de document"
        verbose_name_plural = "types de document"
        ordering = ["ordre", "nom"]

    def __str__(self) -> str:
        return self.nom

    @property
    def is_photo(self) -> bool:
        """By its address in the list that is delivered: a territory may say it in other words."""
        return self.slug == self.PHOTO


class PublicVise(models.Model):
    """Whom a resource helps in their work; not who may read it, which its diffusion says."""

    nom = NomField(max_length=100, unique=True)
    slug = models.SlugField("adresse", max_length=110, unique=True)
    ordre = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = "métier concerné"
        verbose_name_plural = "métiers concernés"
        ordering = ["ordre", "nom"]

    def __str__(self) -> str:
        return self.nom

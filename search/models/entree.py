"""What may be found: one flat row per object, whatever its app, and who may find it."""

import json
from collections.abc import Iterable
from hashlib import sha256
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Q
from django.utils import timezone

from collectivites.diffusion import DiffusionField, reading_codes
from extranet.lib.apports import Entree

if TYPE_CHECKING:
    from collectivites.models import Agent

# Beyond it a text is cut: a book of 500 pages.
LONGUEUR_TEXTE = 1_000_000


class SearchAudienceQuerySet(models.QuerySet):
    def readable_by(self, agent: "Agent | None") -> Self:
        """The audiences that hold at least one code of this reader; none for nobody."""
        if agent is None or not agent.is_authenticated:
            return self.none()
        return self.filter(codes__croise=reading_codes(agent))


class SearchAudienceManager(models.Manager.from_queryset(SearchAudienceQuerySet)):
    def for_all(self, every: Iterable[Iterable[str]]) -> list["SearchAudience"]:
        """The rows of these sets, in their order, made if needed; an empty set is the audience of nobody.

        One query when all are known.
        """
        wanted = [sorted(set(codes)) for codes in every]
        marks = [sha256(json.dumps(codes).encode()).hexdigest() for codes in wanted]
        known = {one.empreinte: one for one in self.filter(empreinte__in=set(marks))}
        for mark, codes in zip(marks, wanted, strict=True):
            if mark not in known:
                known[mark] = self.get_or_create(empreinte=mark, defaults={"codes": codes})[0]
        return [known[mark] for mark in marks]


class SearchAudience(models.Model):
    """A set of codes of diffusion, once: an entry points to its own, an engine compares a number.

    Who reads a set is asked anew for each search, so that a change of poste counts at once and touches no entry.
    """

    empreinte = models.CharField(max_length=64, unique=True)
    codes = DiffusionField()

    objects = SearchAudienceManager()

    class Meta:
        verbose_name = "public d’une entrée"
        verbose_name_plural = "publics des entrées"

    def __str__(self) -> str:
        return ", ".join(self.codes) or "personne"


class SearchEntryQuerySet(models.QuerySet):
    def visible_to(self, agent: "Agent | None") -> Self:
        """The gate of reading, for entries read outside an engine: links between areas, pinned results."""
        return self.filter(audience__in=SearchAudience.objects.readable_by(agent)).in_time()

    def in_time(self) -> Self:
        now = timezone.now()
        return self.filter(Q(debut=None) | Q(debut__lte=now), Q(fin=None) | Q(fin__gt=now))

    def out_of_time(self) -> Self:
        """Those that an engine may hold and that nobody may find now: to be left out by key.

        In no order: asked for the newest first, SQLite reads the whole table rather than the two indexes.
        """
        now = timezone.now()
        return self.filter(Q(debut__gt=now) | Q(fin__lte=now)).order_by()

    def about(self, objet: models.Model, kind: str) -> Self:
        return self.filter(kind=kind, objet=objet.pk)


class SearchEntry(models.Model):
    """An object as the search knows it. The truth of every engine: what they hold is made from these rows."""

    kind = models.CharField("genre", max_length=40)
    objet = models.PositiveBigIntegerField("clé de l’objet")
    titre = models.CharField(max_length=300)
    detail = models.CharField("complément d’une ligne", max_length=300, blank=True)
    theme = models.CharField("thème", max_length=120, blank=True)
    type = models.CharField(max_length=120, blank=True)
    commune = models.CharField(max_length=120, blank=True)
    annee = models.PositiveSmallIntegerField("année", null=True, blank=True)
    audience = models.ForeignKey(SearchAudience, on_delete=models.PROTECT, related_name="entrees")
    url = models.CharField("adresse", max_length=300)
    icone = models.CharField(max_length=60, blank=True)
    telephone = models.CharField("téléphone", max_length=20, blank=True)
    date = models.DateField(null=True, blank=True)
    boost = models.FloatField("poids", default=1.0)
    debut = models.DateTimeField("visible à partir de", null=True, blank=True)
    fin = models.DateTimeField("visible jusqu’à", null=True, blank=True)
    version = models.BigIntegerField(default=0, help_text="Numéro du dernier envoi au moteur réparti.")
    analyse = models.PositiveIntegerField("version de l’analyse", default=0)
    updated_at = models.DateTimeField("écrite le", default=timezone.now)
    # The last column: SQLite walks through a long text to read what stands after it.
    texte = models.TextField(blank=True, help_text="Un saut de page (U+000C) sépare les pages d’un document.")

    objects = SearchEntryQuerySet.as_manager()

    class Meta:
        verbose_name = "entrée de la recherche"
        verbose_name_plural = "entrées de la recherche"
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["analyse"], name="entree_analyse"),
            models.Index(fields=["updated_at"], name="entree_ecrite"),
            models.Index(fields=["theme", "audience"], name="entree_theme", condition=~Q(theme="")),
            models.Index(fields=["fin"], name="entree_fin", condition=Q(fin__isnull=False)),
            models.Index(fields=["debut"], name="entree_debut", condition=Q(debut__isnull=False)),
        ]
        constraints = [
            models.UniqueConstraint(fields=["kind", "objet"], name="entree_unique"),
            models.CheckConstraint(condition=Q(boost__gt=0), name="entree_poids_positif"),
            models.CheckConstraint(condition=~Q(titre="") & ~Q(url=""), name="entree_nommee_et_situee"),
        ]

    def __str__(self) -> str:
        return self.titre

    def set_from(self, entree: Entree) -> None:
        """Takes the words of `entree`; what is too long for a column is cut, never refused."""
        for name in ("kind", "titre", "detail", "theme", "type", "commune", "url", "icone", "telephone"):
            setattr(self, name, getattr(entree, name).replace("\x00", "")[: self._meta.get_field(name).max_length])
        self.objet, self.texte = entree.pk, entree.texte.replace("\x00", "")[:LONGUEUR_TEXTE]
        self.annee, self.date, self.boost = entree.annee, entree.date, entree.boost
        self.debut, self.fin = entree.debut, entree.fin
        self.updated_at = timezone.now()

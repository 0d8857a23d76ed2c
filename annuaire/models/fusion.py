"""Two cards that were one: what was joined, and for thirty days how to part them again."""

from datetime import timedelta
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from annuaire.enums import GenreFusion
from collectivites.enums import Domaine

if TYPE_CHECKING:
    from collectivites.models import Agent

# Days during which a merge is undone as it was done; the data that undoing needs go after.
JOURS_POUR_DEFAIRE = 30


class FusionQuerySet(models.QuerySet):
    def undoable(self) -> Self:
        return self.filter(defaite_le=None, le__gt=timezone.now() - timedelta(days=JOURS_POUR_DEFAIRE))

    def over(self) -> Self:
        """Too old to be undone, with data still kept."""
        return self.filter(le__lte=timezone.now() - timedelta(days=JOURS_POUR_DEFAIRE)).exclude(donnees=[])

    def about(self, agent: "Agent") -> Self:
        """Those of their card, kept or closed."""
        return self.filter(Q(garde_id=agent.pk) | Q(retire_id=agent.pk), genre=GenreFusion.AGENT)

    def holder_of(self, genre: GenreFusion, pk: int) -> int | None:
        """The id of what `pk` is joined to; None when it is not."""
        live = self.filter(genre=genre, retire_id=pk, defaite_le=None)
        return live.values_list("garde_id", flat=True).first()

    def kept_of(self, genre: GenreFusion, pk: int) -> int | None:
        """The same, through several merges if need be: what its address leads to."""
        found, holder = None, self.holder_of(genre, pk)
        while holder is not None:
            found, holder = holder, self.holder_of(genre, holder)
        return found

    def visible_to(self, agent: "Agent | None") -> Self:
        """Responsables of the annuaire."""
        if agent is None or not agent.is_authenticated or not agent.answers_for(Domaine.ANNUAIRE):
            return self.none()
        return self


class Fusion(models.Model):
    """`retire` was joined to `garde`: two agents or two collectivités, by their ids in `genre`.

    `donnees` lists the rows as they were before, so that undoing puts back what has not changed since; emptied after
    thirty days. Ids rather than foreign keys: one table for two kinds, and the row tells a past act.
    """

    wagtail_reference_index_ignore = True

    genre = models.CharField(max_length=12, choices=GenreFusion)
    garde_id = models.PositiveBigIntegerField()
    retire_id = models.PositiveBigIntegerField()
    par = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    le = models.DateTimeField(default=timezone.now)
    donnees = models.JSONField(default=list)
    defaite_le = models.DateTimeField("défaite le", null=True, blank=True)
    defaite_par = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects = FusionQuerySet.as_manager()

    class Meta:
        ordering = ["-le", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(genre__in=GenreFusion.values), name="fusion_genre_connu"),
            models.CheckConstraint(condition=~Q(garde_id=F("retire_id")), name="fusion_de_deux_fiches"),
            models.UniqueConstraint(
                fields=["genre", "retire_id"],
                condition=Q(defaite_le=None),
                name="fusion_retire_une_fois",
                violation_error_message="Cette fiche est déjà réunie à une autre.",
            ),
            models.CheckConstraint(
                condition=Q(defaite_le=None, defaite_par=None) | Q(defaite_le__isnull=False, defaite_par__isnull=False),
                name="fusion_defaite_par_quelqu_un",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_genre_display()} {self.retire_id} réunie à {self.garde_id}"

    def close(self, par: "Agent") -> None:
        """Undone: what undoing needed has served."""
        self.donnees, self.defaite_le, self.defaite_par = [], timezone.now(), par
        self.save(update_fields=["donnees", "defaite_le", "defaite_par"])


class Distinction(models.Model):
    """Two agents whom somebody has said to be two: no longer proposed as doubles. `un` has the lower id."""

    wagtail_reference_index_ignore = True

    un = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    autre = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    par = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    le = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(un__lt=F("autre")), name="distinction_ordonnee"),
            models.UniqueConstraint(fields=["un", "autre"], name="distinction_unique"),
        ]

    def __str__(self) -> str:
        return f"{self.un} n’est pas {self.autre}"

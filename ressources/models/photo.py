"""What a photo says of itself, beside its sheet: where, when, who is on it, and until when they agree.

Outside of the revisions: publishing an old draft never brings back an agreement that was taken back.
"""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils import timezone

from collectivites.champs import NomField
from collectivites.models import Collectivite
from collectivites.pages.structure import PageDatee, PageDateeQuerySet
from extranet.lib.cherchable import Cherchable, Nomme
from ressources.enums import AVEC_ACCORD, Personnes

PREMIERE = date(1826, 1, 1)
ACCORD_REQUIS = "Dites qui est d’accord, comment, et jusqu’à quand."


def why_not_taken(day: date) -> str:
    """Why no photo can be of that day: it is to come, or nobody could take one yet. Empty when one can."""
    if day > timezone.localdate():
        return "cette date est à venir. Donnez celle où la photo a été prise."
    if day < PREMIERE:
        return f"la photographie date de {PREMIERE.year}. Donnez le jour où celle-ci a été prise."
    return ""


class PhotoQuerySet(models.QuerySet):
    def ended(self) -> Self:
        """Those that nobody may see any more: an agreement is over, or somebody took theirs back."""
        return self.filter(Q(retiree_le__isnull=False) | Q(accord_fin__lt=timezone.localdate()))


class Photo(Nomme):
    """Of the picture of a sheet. `accord` says who agreed and how; the last day of it is `accord_fin`."""

    page = models.OneToOneField(
        "ressources.RessourcePage", verbose_name="ressource", on_delete=models.CASCADE, related_name="photo"
    )
    description = NomField("ce qu’on y voit", max_length=400)
    lieu = NomField(max_length=120, blank=True)
    collectivite = models.ForeignKey(
        Collectivite, verbose_name="prise à", on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    prise_le = models.DateField("prise le", null=True, blank=True)
    personnes = models.CharField("qui s’y reconnaît", max_length=10, choices=Personnes)
    accord = NomField("qui est d’accord, et comment", max_length=300, blank=True)
    accord_fin = models.DateField("accord jusqu’au", null=True, blank=True)
    retiree_le = models.DateTimeField("accord retiré le", null=True, blank=True)
    # The end that its keepers were told of.
    fin_dite = models.DateField(null=True, blank=True, editable=False)

    objects = PhotoQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(description=""),
                name="photo_decrite",
                violation_error_message="Dites ce qu’on voit sur la photo.",
            ),
            models.CheckConstraint(
                condition=Q(personnes__in=AVEC_ACCORD, accord_fin__isnull=False) & ~Q(accord="")
                | ~Q(personnes__in=AVEC_ACCORD) & Q(accord="", accord_fin=None),
                name="photo_avec_accord",
                violation_error_message=ACCORD_REQUIS,
            ),
        ]

    def __str__(self) -> str:
        return self.page.title

    def porteurs(self) -> Iterable[Cherchable]:
        """Its sheet, and the answers that only the readers of its sheet read."""
        return [self.page, *self.page.questions_reponses.filter(elargie=False)]

    @property
    def is_ended(self) -> bool:
        """The rule of `ended`, for a photo already read."""
        return self.retiree_le is not None or (self.accord_fin is not None and self.accord_fin < timezone.localdate())

    @property
    def fin(self) -> datetime | None:
        """The midnight (Paris) at which its agreement ends. After the last day of the calendar, there is none."""
        if self.accord_fin is None or self.accord_fin == date.max:
            return None
        return _midnight(self.accord_fin + timedelta(days=1))


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


class AccordQuerySet(PageDateeQuerySet):
    def online(self) -> Self:
        """Without the photos that people no longer agree to: their page is read by nobody from that very moment."""
        return super().online().exclude(pk__in=Photo.objects.ended().values("page"))


class PageAvecAccord(PageDatee):
    """A page that may be that of a photo."""

    class Meta:
        abstract = True

    def is_online(self) -> bool:
        photo = getattr(self, "photo", None)
        return super().is_online() and not (photo and photo.is_ended)

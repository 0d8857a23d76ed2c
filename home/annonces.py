"""Telling the readers that a piece of news has appeared: once, by `veille`, whenever it went live."""

from datetime import timedelta

from django.db import transaction
from django.db.models import CharField, Exists, OuterRef, QuerySet
from django.db.models.functions import Cast
from django.db.models.signals import pre_delete
from django.utils import timezone
from wagtail.signals import page_unpublished

from collectivites.journal import record
from collectivites.models import EntreeJournal
from home.models import ActualitePage
from notifications.audience import readers_of
from notifications.envoi import notify, withdraw

ACTE, SORTE = "actualite.annoncee", "actualite"
# Older ones are not news any more: a service taken up again after the holidays does not mail a month of them.
FRESH = timedelta(days=7)


def pending() -> QuerySet[ActualitePage]:
    """Online, published less than a week ago, and not announced since; published again, newcomers are told."""
    told = EntreeJournal.objects.filter(
        acte=ACTE,
        objet=ActualitePage._meta.label_lower,
        objet_id=Cast(OuterRef("pk"), CharField()),
        created_at__gte=OuterRef("last_published_at"),
    )
    fresh = ActualitePage.objects.online().filter(last_published_at__gte=timezone.now() - FRESH)
    return fresh.exclude(Exists(told)).select_related("collectivite", "owner").order_by("last_published_at", "pk")


def announce_pending() -> int:
    """Tells the readers of each one; the journal says that it is done, in the same transaction."""
    told = 0
    for page in pending():
        with transaction.atomic():
            told += announce(page)
    return told


def announce(page: ActualitePage) -> int:
    """Returns how many people were told. The author is not."""
    count = notify(
        readers_of(page.diffusion),
        SORTE,
        page.title,
        url=page.url,
        texte=page.chapeau,
        action="Lire l’actualité",
        icone="megaphone-fill",
        visible_par=page.diffusion,
        objet=page,
        auteur=page.owner,
        cle=f"{SORTE}:{page.pk}",
    )
    record(ACTE, page, agent=None, collectivite=page.collectivite, personnes=count)
    return count


def forget(sender: type, instance: object, **kwargs: object) -> None:
    """Unpublished, expired or deleted: what told about it leaves the inboxes. Called by their signals."""
    if isinstance(instance, ActualitePage):
        withdraw(instance)


def connect() -> None:
    page_unpublished.connect(forget, dispatch_uid="home.forget_unpublished")
    pre_delete.connect(forget, sender=ActualitePage, dispatch_uid="home.forget_deleted")

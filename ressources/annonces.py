"""Telling those who follow its theme or its type that a resource has appeared, and its readers that one is to be read.

Once for a resource, whenever it went online; once a version for what every reader must have read.
"""

from datetime import timedelta

from django.db import transaction
from django.db.models import CharField, Exists, OuterRef, QuerySet
from django.db.models.functions import Cast
from django.db.models.signals import pre_delete
from django.utils import timezone
from wagtail.signals import page_unpublished

from collectivites.journal import record
from collectivites.models import EntreeJournal
from extranet.lib.francais import NBSP
from notifications.abonnements import code_of
from notifications.audience import readers_of
from notifications.envoi import notify, withdraw
from notifications.models import Abonnement
from ressources.lectures import unread_by, versions_to_read
from ressources.models import RessourcePage, VersionFichier

ACTE, SORTE, SORTE_LECTURE = "ressource.annoncee", "ressource", "ressource_a_lire"
ACTE_LECTURE = "version.a_lire"
# Older ones are not new any more: a service taken up again after the holidays does not mail a month of them.
FRESH = timedelta(days=7)


def _told(acte: str, model: type, since: str) -> Exists:
    lines = EntreeJournal.objects.filter(acte=acte, objet=model._meta.label_lower)
    return Exists(lines.filter(objet_id=Cast(OuterRef("pk"), CharField()), created_at__gte=OuterRef(since)))


def pending() -> QuerySet[RessourcePage]:
    """Online, first published less than a week ago, and not announced. A later version is told by `copies`."""
    fresh = RessourcePage.objects.online().filter(first_published_at__gte=timezone.now() - FRESH, archivee_le=None)
    fresh = fresh.exclude(_told(ACTE, RessourcePage, "first_published_at")).defer_streamfields()
    return fresh.select_related("collectivite", "theme", "type", "owner").order_by("first_published_at", "pk")


def announce_pending() -> int:
    """Tells the followers of each; the journal says that it is done, in the same transaction."""
    count = 0
    for page in pending():
        with transaction.atomic():
            count += announce(page)
    return count


def announce(page: RessourcePage) -> int:
    """Told once to who follows both. Returns how many people were told; its author is not."""
    followers = Abonnement.objects.filter(agent=OuterRef("pk"), objet__in=[code_of(page.theme), code_of(page.type)])
    count = notify(
        readers_of(page.diffusion).filter(Exists(followers)),
        SORTE,
        page.title,
        url=page.url or "",
        texte=f"{page.theme}, {page.collectivite}. {page.resume}".strip(),
        action="Ouvrir la fiche",
        icone="file-earmark-text",
        visible_par=page.diffusion,
        objet=page,
        auteur=page.owner,
        cle=f"ressource:{page.pk}",
    )
    record(ACTE, page, agent=None, collectivite=page.collectivite, libelle=page.title, personnes=count)
    return count


def pending_readings() -> QuerySet[VersionFichier]:
    fresh = versions_to_read().filter(publiee_le__gte=timezone.now() - FRESH)
    fresh = fresh.exclude(_told(ACTE_LECTURE, VersionFichier, "publiee_le"))
    return fresh.select_related("fichier__page__collectivite", "auteur").order_by("publiee_le", "pk")


def ask_readings() -> int:
    """Asks the readers of each new version whose reading is followed to say « J’ai lu »."""
    count = 0
    for version in pending_readings():
        with transaction.atomic():
            count += ask_reading(version)
    return count


def ask_reading(version: VersionFichier) -> int:
    page = version.fichier.page
    count = notify(
        unread_by(version),
        SORTE_LECTURE,
        f"À lire{NBSP}: {page.title}",
        url=page.url or "",
        texte=version.changements or page.resume,
        action="Lire",
        icone="file-earmark-text",
        visible_par=page.diffusion,
        objet=page,
        auteur=version.auteur,
        cle=f"lecture:{version.pk}",
    )
    record(ACTE_LECTURE, version, agent=None, collectivite=page.collectivite, libelle=page.title, personnes=count)
    return count


def forget(sender: type, instance: object, **kwargs: object) -> None:
    """Unpublished, expired or deleted: what told about it leaves the inboxes. Called by their signals."""
    if isinstance(instance, RessourcePage):
        withdraw(instance)


def connect() -> None:
    page_unpublished.connect(forget, dispatch_uid="ressources.forget_unpublished")
    pre_delete.connect(forget, sender=RessourcePage, dispatch_uid="ressources.forget_deleted")

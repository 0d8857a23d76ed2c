"""The agreement of the people on a photo: given, taken back, over. Who keeps the photo and who took it are told."""

from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Page

from collectivites.journal import record
from extranet.lib.francais import NBSP, jour
from notifications.audience import readers_of
from notifications.envoi import notify, withdraw
from ressources import copies
from ressources.models import Photo, RessourcePage, Telechargement
from ressources.rappels import keepers_of

if TYPE_CHECKING:
    from collectivites.models import Agent

SORTE = "photo_accord"
# How long before its end people are asked again.
AVANT = timedelta(days=30)


@transaction.atomic
def take_back(photo: Photo, agent: "Agent", motif: str) -> None:
    """Somebody on it no longer agrees: nobody sees it from now on. Twice is once."""
    photo = _locked(photo)
    if photo.retiree_le is not None:
        return
    photo.retiree_le = timezone.now()
    photo.save()
    page = photo.page
    withdraw(page)
    record("photo.accord_retire", page, agent=agent, collectivite=page.collectivite, motif=motif)
    when = jour(timezone.localdate())
    _tell_keepers(photo, f"L’accord a été retiré le {when}{NBSP}: {motif.strip().rstrip('.')}.", par=agent)
    _tell_holders(photo, f"Une personne qu’elle montre a retiré son accord le {when}.")


@transaction.atomic
def renew(photo: Photo, agent: "Agent", accord: str, fin: date | None) -> None:
    """People agree again: it is back where it was. `accord` and `fin` only count for those who must agree."""
    photo = _locked(photo)
    photo.retiree_le = None
    if photo.accord_fin is not None:
        photo.accord, photo.accord_fin = accord, fin
    photo.full_clean(exclude=["page"])
    photo.save()
    record("photo.accord_renouvele", photo.page, agent=agent, collectivite=photo.page.collectivite)


@transaction.atomic
def describe(page: RessourcePage, agent: "Agent", values: dict[str, object]) -> Photo:
    """What is said of the photo of a sheet, at once. One that was taken back only comes back by `renew`."""
    # Of a sheet that says nothing yet there is no row of Photo to lock: two people at once would both write one.
    Page.objects.select_for_update().get(pk=page.pk)
    photo = Photo.objects.select_for_update().filter(page=page).first() or Photo(page=page)
    for name, value in values.items():
        setattr(photo, name, value)
    photo.full_clean(exclude=["page"])
    photo.save()
    record("photo.decrite", page, agent=agent, collectivite=page.collectivite, personnes=photo.personnes)
    return photo


def watch(today: date | None = None) -> int:
    """Agreements that are over, or soon will be. Returns how many photos were told of."""
    return tell_ends(today) + tell_coming(today)


def tell_coming(today: date | None = None) -> int:
    """Of the agreements that end within `AVANT`, once for each end: there is still time to ask people again."""
    today = today or timezone.localdate()
    soon = Photo.objects.filter(accord_fin__range=(today, today + AVANT), retiree_le=None, page__live=True)
    return sum(_tell_coming(photo) for photo in soon.select_related("page__collectivite", "page__referent"))


def _tell_coming(photo: Photo) -> bool:
    return _tell(
        photo,
        f"L’accord donné pour la photo «{NBSP}{photo.page.title}{NBSP}» finit bientôt",
        f"Il vaut jusqu’au {jour(photo.accord_fin)}. Sans un nouvel accord des personnes qu’elle montre, elle ne se "
        "montrera plus ensuite.",
        f"photo-accord-bientot:{photo.pk}:{photo.accord_fin:%Y%m%d}",
        url=reverse("ressources:ressource_update", args=[photo.page_id]),
        action="Prolonger l’accord",
    )


def tell_ends(today: date | None = None) -> int:
    """Of the agreements that are over, once each: a veille that was stopped says it late. Returns how many photos."""
    over = Photo.objects.filter(accord_fin__lt=today or timezone.localdate(), retiree_le=None)
    due = over.filter(Q(fin_dite=None) | ~Q(fin_dite=F("accord_fin"))).values_list("pk", flat=True)
    return sum(_tell_end(pk) for pk in list(due))


@transaction.atomic
def _tell_end(pk: int) -> bool:
    photo = _locked(Photo(pk=pk))
    if photo.fin_dite == photo.accord_fin:
        return False
    photo.fin_dite = photo.accord_fin
    photo.save()
    if photo.page.live:
        withdraw(photo.page)
        end = jour(photo.accord_fin)
        _tell_keepers(photo, f"L’accord des personnes qu’elle montre valait jusqu’au {end}.")
        _tell_holders(photo, f"L’accord des personnes qu’elle montre valait jusqu’au {end}.")
    return True


def _locked(photo: Photo) -> Photo:
    locked = Photo.objects.select_for_update(of=("self",)).select_related("page__collectivite", "page__referent")
    return locked.get(pk=photo.pk)


def _tell_keepers(photo: Photo, why: str, par: "Agent | None" = None) -> None:
    _tell(
        photo,
        f"La photo «{NBSP}{photo.page.title}{NBSP}» ne se montre plus",
        f"{why} Elle n’est plus dans la photothèque ni dans la recherche. À part vous et ceux qui s’en occupent, "
        "personne ne la télécharge plus.",
        f"photo-accord:{photo.pk}:{photo.retiree_le or photo.accord_fin:%Y%m%d%H%M%S}",
        url=reverse("ressources:photo_accord", args=[photo.page_id]),
        action="Voir l’accord",
        auteur=par,
    )


def _tell(photo: Photo, titre: str, texte: str, cle: str, **more: object) -> bool:
    """To who keeps it. Was anybody told now?"""
    agents, place = keepers_of(photo.page)
    return notify(agents, SORTE, titre, texte=texte, icone="image", collectivite=place, cle=cle, **more) > 0


def _tell_holders(photo: Photo, why: str) -> None:
    """Those who took it, as for a document that is archived: it leads nowhere, they may not open it any more."""
    page = photo.page
    taken = Telechargement.objects.filter(version__fichier__page=page, agent=OuterRef("pk"))
    notify(
        readers_of(page.diffusion).filter(Exists(taken)),
        copies.SORTE,
        f"N’utilisez plus la photo «{NBSP}{page.title}{NBSP}»",
        texte=f"{why} Retirez-la de ce que vous avez publié, et supprimez votre copie.",
        icone="image",
        visible_par=page.diffusion,
        cle=f"photo-copie:{photo.pk}:{photo.retiree_le or photo.accord_fin:%Y%m%d%H%M%S}",
    )

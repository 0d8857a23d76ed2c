"""Refusals of the ground floor, in words that may be shown."""

from collections.abc import Iterable

from django.core.exceptions import PermissionDenied
from django.db.models import Q

from collectivites.diffusion import ELUS, EPCI, TOUTES, ids_of
from collectivites.enums import Domaine, TypeCollectivite
from collectivites.models import Collectivite, Poste, Reseau


class AccesReserve(PermissionDenied):
    """A 403 that names who may enter and whom to ask, never what lies behind.

    `a_qui` completes « Cette page est réservée … »; `contacts` are postes of people who may open.
    """

    def __init__(self, a_qui: str, contacts: Iterable[Poste] = ()) -> None:
        super().__init__(f"Cette page est réservée {a_qui}.")
        self.a_qui = a_qui
        self.contacts = list(contacts)


class PageReservee(AccesReserve):
    """The 403 of a page with a diffusion."""

    def __init__(self, codes: list[str]) -> None:
        collectivites = list(Collectivite.objects.filter(pk__in=ids_of(codes, "c")))
        words = [f"à la mairie {c.de_nom}" if c.is_commune else c.a_nom for c in collectivites[:3]]
        words += [f"au réseau « {r.nom} »" for r in Reseau.objects.filter(pk__in=ids_of(codes, "r"))[:3]]
        words += ["aux agents et aux élus en poste"] if TOUTES in codes else []
        words += ["aux élus"] if ELUS in codes else []
        words += ["aux agents de l’intercommunalité"] if EPCI in codes else []
        super().__init__(", ".join(words) or "à d’autres lecteurs", gestionnaires(collectivites[:3]))


def gestionnaires(collectivites: list[Collectivite]) -> list[Poste]:
    """Postes of the gestionnaires of these collectivités, to be asked for an access; three at most."""
    return list(Poste.objects.gestionnaires_of(collectivites).for_list()[:3])


def responsables(domaine: Domaine) -> list[Poste]:
    """Postes at the intercommunalité of those who answer for this area, to be asked; three at most."""
    holders = Q(agent__groups__name=domaine.label)
    if domaine == Domaine.ADMINISTRATION:
        holders |= Q(agent__is_superuser=True)
    postes = Poste.objects.in_force().for_list().filter(agent__efface_le=None, agent__is_active=True)
    return list(postes.filter(holders, collectivite__type=TypeCollectivite.EPCI).distinct()[:3])

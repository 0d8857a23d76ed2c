"""« Qui pourra le lire ? », in words and in number of people, before anything is published."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Q

from collectivites.diffusion import ELUS, EPCI, TOUTES, code_collectivite, code_reseau, ids_of
from collectivites.models import Collectivite, Reseau
from extranet.lib.francais import milliers
from notifications.audience import readers_of
from ressources.enums import Partage
from ressources.models import ReglagesRessources

if TYPE_CHECKING:
    from collectivites.models import Agent

COMMUNES, RESEAUX = "communes", "reseaux"
# Past that many names, their number says more.
NAMED = 4


@dataclass(frozen=True)
class Lectorat:
    """Those of a diffusion: « Toutes les communes », and how many people that makes today."""

    codes: tuple[str, ...]
    mots: str
    nombre: int

    @property
    def personnes(self) -> str:
        """« 612 personnes », « 1 personne », « personne »."""
        if not self.nombre:
            return "personne"
        return f"{milliers(self.nombre)}\u00a0personne{'s' if self.nombre > 1 else ''}"

    @property
    def dehors(self) -> str:
        """Who may be given it without an account, by the rule of links: nobody, unless all communes read it."""
        partage = ReglagesRessources.load().partage
        if TOUTES not in self.codes or partage == Partage.PERSONNE:
            return "Personne hors de l’extranet."
        too = " ou, si sa licence le permet, par un de ses lecteurs" if partage == Partage.LECTEURS else ""
        return f"Hors de l’extranet, il faut un lien qui expire, donné par qui s’occupe du document{too}."


def lectorat(codes: Iterable[str]) -> Lectorat:
    codes = tuple(codes)
    return Lectorat(codes, in_words(codes), readers_of(codes).count())


def in_words(codes: Iterable[str]) -> str:
    """« Toutes les communes », « Aval et Bourg », « le réseau Secrétaires de mairie, les élus »."""
    codes = list(codes)
    if TOUTES in codes:
        return "Toutes les communes"
    communes = list(Collectivite.objects.filter(pk__in=ids_of(codes, "c")).values_list("nom", flat=True))
    reseaux = list(Reseau.objects.filter(pk__in=ids_of(codes, "r")).values_list("nom", flat=True))
    words = [f"{len(communes)} collectivités"] if len(communes) > NAMED else communes
    words = words + [f"le réseau {nom}" for nom in reseaux]
    words += ["les élus"] if ELUS in codes else []
    words += ["les agents de l’intercommunalité"] if EPCI in codes else []
    told = ", ".join(words) or "personne"
    return told[0].upper() + told[1:]


def reseaux_of(agent: "Agent", en_place: Iterable[str] = ()) -> list[Reseau]:
    """The networks that one is in today: one shares with one's own only, and leaves those that are `en_place`."""
    own = Q(pk__in=agent.adhesions.in_force().values("reseau"))
    return list(Reseau.objects.filter(own | Q(pk__in=ids_of(en_place, "r"))))


def offered(agent: "Agent", reseaux: list[Reseau], en_place: Iterable[str] = ()) -> list[tuple[str, str]]:
    """The answers of the question, « mots|conséquence » each with its number of people today.

    Codes that are `en_place` are offered to who edits, were they not theirs.
    """
    communes = Collectivite.objects.communes().count()
    names = ", ".join(f"{reseau.nom}, {lectorat([code_reseau(reseau.pk)]).personnes}" for reseau in reseaux[:2])
    elus = lectorat([ELUS]).personnes
    choices = [
        (TOUTES, f"Toutes les communes|{lectorat([TOUTES]).personnes}\u00a0: agents et élus des {communes} communes et "
         "de l’intercommunalité"),
        (COMMUNES, "Des communes choisies|vous les cochez, nous comptons"),
    ]  # fmt: skip
    if reseaux:
        own = not ids_of(en_place, "r")
        mots = ("Un de vos réseaux" if len(reseaux) > 1 else "Votre réseau") if own else "Des réseaux choisis"
        choices.append((RESEAUX, f"{mots}|{names}"))
    choices.append((ELUS, f"Les élus|{elus} dans les {communes} communes"))
    if EPCI in {*agent.codes_lecture, *en_place}:
        choices.append((EPCI, f"L’intercommunalité|{lectorat([EPCI]).personnes}, ses agents seulement"))
    return choices


def codes_for(qui: str, communes: Iterable[Collectivite], reseaux: Iterable[Reseau]) -> list[str]:
    """The diffusion that the answers make."""
    if qui == COMMUNES:
        return [code_collectivite(commune.pk) for commune in communes]
    if qui == RESEAUX:
        return [code_reseau(reseau.pk) for reseau in reseaux]
    return [qui] if qui in {TOUTES, ELUS, EPCI} else []


def answer_of(codes: Iterable[str]) -> dict[str, object]:
    """The other way round: what a form that edits a diffusion shows first. A mixture shows its first kind."""
    codes = list(codes)
    for fixed in (TOUTES, ELUS, EPCI):
        if fixed in codes:
            return {"qui": fixed}
    if ids_of(codes, "r"):
        return {"qui": RESEAUX, "reseaux": ids_of(codes, "r")}
    return {"qui": COMMUNES, "communes": ids_of(codes, "c")} if codes else {"qui": TOUTES}

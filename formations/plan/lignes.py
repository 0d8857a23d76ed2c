"""The plan: needs alike put together in lines, decided, then made into sessions."""

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Count, QuerySet, Sum
from django.urls import reverse

from collectivites.journal import record
from extranet.lib.pliage import fold
from extranet.lib.typographie import space
from formations.enums import StatutLigne
from formations.models import BesoinFormation, Campagne, LignePlan
from formations.permissions import REGLES, can_organise
from formations.plan.campagnes import keepers
from formations.prevenir.sortes import PLAN
from formations.refus import InscriptionRefusee, SessionChangee
from notifications.envoi import notify

if TYPE_CHECKING:
    from collectivites.models import Agent

# Words that do not tell one need from another.
VIDES = frozenset(
    {"a", "au", "aux", "d", "de", "des", "du", "en", "et", "l", "la", "le", "les", "pour", "sur", "un", "une"}
)
VIDES |= {"formation", "stage"}
LETTRE = re.compile(r"\b([a-z]) (?=\d)")


@dataclass
class Groupe:
    """Needs alike that are in no line yet; `ligne` when there is one that says the same."""

    cle: str
    besoins: list[BesoinFormation] = field(default_factory=list)
    ligne: LignePlan | None = None

    @property
    def intitule(self) -> str:
        """The words said most often, the shortest of them."""
        said = [one.intitule for one in self.besoins]
        return min(said, key=lambda words: (-said.count(words), len(words), words))

    @property
    def agents(self) -> int:
        return sum(one.effectif for one in self.besoins)

    @property
    def communes(self) -> int:
        return len({one.collectivite_id for one in self.besoins})


def words_of(intitule: str) -> str:
    """« Formations au CACES R482 » and « CACES R 482 » say the same: their words, singular, in one order."""
    said = LETTRE.sub(r"\1", fold(intitule))
    words = [word.rstrip("sx") if len(word) > 3 else word for word in said.split()]
    return " ".join(sorted(word for word in words if word not in VIDES)) or said


def key_of(titre_id: int | None, intitule: str) -> str:
    """By the title aimed at, else by the folded words."""
    return f"t{titre_id}" if titre_id else f"m{words_of(intitule)}"


def lines_of(campagne: Campagne) -> QuerySet[LignePlan]:
    """With `agents`, the sum of their needs, and `communes`, how many asked."""
    found = campagne.lignes.select_related("theme", "titre", "formation", "session__lieu", "session__formation")
    return found.annotate(agents=Sum("besoins__effectif"), communes=Count("besoins__collectivite", distinct=True))


def propose_groups(campagne: Campagne) -> list[Groupe]:
    """The needs that stand alone, put together; the most numerous first. Two queries."""
    lines = {key_of(one.titre_id, one.intitule): one for one in campagne.lignes.exclude(statut=StatutLigne.ECARTEE)}
    groups: dict[str, Groupe] = {}
    alone = campagne.besoins.filter(ligne=None).select_related("collectivite", "titre", "theme")
    for one in alone.order_by("intitule", "pk"):
        key = key_of(one.titre_id, one.intitule)
        groups.setdefault(key, Groupe(key, ligne=lines.get(key))).besoins.append(one)
    return sorted(groups.values(), key=lambda group: (-group.agents, group.cle))


def _must_lead(agent: "Agent") -> None:
    if not can_organise(agent):
        raise InscriptionRefusee(REGLES["organiser"])


@transaction.atomic
def gather(campagne: Campagne, besoins: Iterable[BesoinFormation], auteur: "Agent", *, intitule: str = "") -> LignePlan:
    """A new line of these needs, which leave the one they were in. Raises InscriptionRefusee."""
    _must_lead(auteur)
    needs = list(besoins)
    if not needs or any(one.campagne_id != campagne.pk for one in needs):
        raise InscriptionRefusee("Cochez au moins un besoin de cette campagne.")
    titles, themes = {one.titre_id for one in needs}, {one.theme_id for one in needs}
    line = LignePlan(
        campagne=campagne,
        intitule=intitule or Groupe("", needs).intitule,
        titre_id=titles.pop() if len(titles) == 1 else None,
        theme_id=themes.pop() if len(themes) == 1 else next((one for one in sorted(filter(None, themes))), None),
    )
    line.full_clean(exclude=["campagne"])
    line.save()
    _move(needs, line)
    return line


@transaction.atomic
def gather_all(campagne: Campagne, auteur: "Agent") -> int:
    """Every group proposed becomes a line, or joins the one that says the same. Returns how many needs moved."""
    _must_lead(auteur)
    moved = 0
    for group in propose_groups(campagne):
        if group.ligne is not None and not group.ligne.engagee:
            _move(group.besoins, group.ligne)
        else:
            gather(campagne, group.besoins, auteur)
        moved += len(group.besoins)
    return moved


@transaction.atomic
def move(besoin: BesoinFormation, ligne: LignePlan | None, auteur: "Agent") -> None:
    """To another line, or out of any; a line left without needs goes. Raises InscriptionRefusee, SessionChangee."""
    _must_lead(auteur)
    besoin = BesoinFormation.objects.select_for_update(no_key=True, of=("self",)).get(pk=besoin.pk)
    if ligne is not None and ligne.campagne_id != besoin.campagne_id:
        raise InscriptionRefusee("Cette ligne est d’une autre campagne.")
    _move([besoin], ligne)


def _move(needs: list[BesoinFormation], line: LignePlan | None) -> None:
    left = {one.ligne_id for one in needs if one.ligne_id}
    if any(one.engagee for one in LignePlan.objects.filter(pk__in=left).select_related("session")) or (
        line and line.engagee
    ):
        raise SessionChangee("Une session est déjà faite de cette ligne : ses besoins ne bougent plus.")
    BesoinFormation.objects.filter(pk__in=[one.pk for one in needs]).update(ligne=line)
    empty = LignePlan.objects.filter(pk__in=left, besoins=None, session=None)
    empty.exclude(pk=line.pk if line else None).delete()


@transaction.atomic
def decide(ligne: LignePlan, statut: StatutLigne, reponse: str, auteur: "Agent") -> LignePlan:
    """Kept, or set aside with the reason, which the communes read. Raises InscriptionRefusee, SessionChangee."""
    _must_lead(auteur)
    ligne = LignePlan.objects.select_for_update(no_key=True, of=("self",)).get(pk=ligne.pk)
    if ligne.engagee:
        raise SessionChangee("Une session est déjà faite de cette ligne.")
    if statut == StatutLigne.ECARTEE and not reponse.strip():
        raise InscriptionRefusee("Dites aux communes pourquoi cette formation n’est pas retenue.")
    ligne.statut, ligne.reponse = statut, reponse.strip()
    ligne.full_clean(exclude=["campagne", "theme", "titre", "formation", "session"])
    ligne.save(update_fields=["statut", "reponse"])
    record(f"plan.{statut}", ligne, agent=auteur)
    if statut == StatutLigne.RETENUE:
        tell(ligne, auteur, f"« {ligne.intitule} » est retenue au plan", ligne.reponse, "retenue")
    elif statut == StatutLigne.ECARTEE:
        tell(ligne, auteur, f"« {ligne.intitule} » n’est pas retenue au plan", ligne.reponse, "ecartee")
    return ligne


def tell(ligne: LignePlan, auteur: "Agent | None", titre: str, texte: str, quoi: str) -> None:
    """Each commune that has said this need, with its own number of people."""
    counted: dict[int, int] = defaultdict(int)
    needs = ligne.besoins.select_related("collectivite")
    places = {}
    for one in needs:
        counted[one.collectivite_id] += one.effectif
        places[one.collectivite_id] = one.collectivite
    people = keepers(counted)
    for pk, number in counted.items():
        notify(
            people.get(pk, []),
            PLAN,
            space(titre),
            texte=space(f"Vous aviez demandé {number} place{'s' if number > 1 else ''}. {texte}".strip()),
            url=reverse("formations:campagne_detail", args=[ligne.campagne_id]),
            action="Lire le plan",
            icone="clipboard-check",
            collectivite=places[pk],
            auteur=auteur,
            cle=f"plan:{ligne.pk}:{pk}:{quoi}",
        )

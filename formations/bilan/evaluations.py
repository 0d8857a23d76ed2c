"""Opinions: given once by each person, kept without their name, read together from three answers on."""

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from formations.enums import StatutInscription
from formations.models import Evaluation, Inscription, SessionFormation
from formations.refus import InscriptionRefusee

if TYPE_CHECKING:
    from collectivites.models import Agent

# Fewer answers would name who gave them.
SEUIL = 3
NOTES = ("objectifs", "utilite", "animation", "organisation")
MOTS = ("plus", "mieux", "ensuite")
LIBELLES = {1: "Pas du tout", 2: "Plutôt non", 3: "Plutôt oui", 4: "Tout à fait"}
ECLAIRES = (StatutInscription.PRESENTE, StatutInscription.PARTIELLE)


@dataclass(frozen=True)
class Note:
    """A question: `moyenne` from 1 to 4, and how many gave each mark, the best first."""

    libelle: str
    moyenne: float
    repartition: tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class Synthese:
    """`notes` and `mots` are empty under `SEUIL` answers."""

    reponses: int
    attendues: int
    notes: tuple[Note, ...] = ()
    mots: tuple[tuple[str, tuple[str, ...]], ...] = ()

    @property
    def est_lisible(self) -> bool:
        return self.reponses >= SEUIL


def seat_to_evaluate(session: SessionFormation, agent: "Agent") -> Inscription | None:
    """Theirs, when they were there, in part at least."""
    return session.inscriptions.filter(agent=agent, statut__in=ECLAIRES).first()


@transaction.atomic
def repondre(inscription: Inscription, reponses: dict[str, object]) -> Evaluation:
    """Once: raises InscriptionRefusee for a second answer. Nothing of the row leads back to who wrote it: the month is
    all that both keep.
    """
    month = timezone.localtime().replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    mine = Inscription.objects.filter(pk=inscription.pk, evaluee_le=None, statut__in=ECLAIRES)
    if not mine.update(evaluee_le=month):
        raise InscriptionRefusee("Vous avez déjà donné votre avis sur cette session. Merci !")
    return Evaluation.objects.create(session_id=inscription.session_id, le=month.date(), **reponses)


def synthese(session: SessionFormation) -> Synthese:
    """Two queries. Free words in alphabetical order: that of writing would tell who."""
    rows = list(session.evaluations.all())
    expected = session.inscriptions.filter(statut__in=ECLAIRES).count()
    if len(rows) < SEUIL:
        return Synthese(len(rows), expected)
    notes = tuple(_note(name, [getattr(one, name) for one in rows]) for name in NOTES)
    words = tuple((_label(name), tuple(sorted(filter(None, (getattr(one, name) for one in rows))))) for name in MOTS)
    return Synthese(len(rows), expected, notes, tuple((label, said) for label, said in words if said))


def _note(name: str, marks: list[int]) -> Note:
    given = Counter(marks)
    spread = tuple((LIBELLES[mark], given[mark]) for mark in (4, 3, 2, 1))
    return Note(_label(name), sum(marks) / len(marks), spread)


def _label(name: str) -> str:
    text = str(Evaluation._meta.get_field(name).verbose_name)
    return text[:1].upper() + text[1:]

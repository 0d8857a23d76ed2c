"""From an answer given to one to an answer for all: published, changed, withdrawn, read again, each in the journal."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from collectivites.journal import record
from extranet.lib.francais import NBSP, jour
from extranet.lib.mois import add_months
from notifications.audience import readers_of
from notifications.envoi import notify, withdraw
from ressources import rappels
from ressources.echanges import SORTE, settle
from ressources.enums import GenreEchange, StatutQuestion
from ressources.models import Echange, QuestionReponse, ReglagesRessources
from ressources.models.question import QUESTION_MAX, REPONSE_MAX
from ressources.questions import noms
from ressources.versions import RessourceRefusee

if TYPE_CHECKING:
    from django.utils.safestring import SafeString

    from collectivites.models import Agent, Collectivite, Theme

CHAMPS = ("question", "reponse", "theme", "diffusion", "elargie", "a_verifier_avant")


@dataclass(frozen=True)
class Contenu:
    """What a responsable decided of a question and its answer."""

    question: str
    reponse: str
    theme: "Theme"
    diffusion: Iterable[str]
    elargie: bool = False
    a_verifier_avant: date | None = None


@dataclass(frozen=True)
class Amorce:
    """A thread freed of names: what the form begins with, and the original with what was found in it."""

    question: str
    reponse: str
    originaux: "list[tuple[str, SafeString]]"
    nombre: int
    parlants: "list[Agent]"


def prime(question: Echange) -> Amorce:
    """The answer that was accepted, else the answers in their order."""
    answers = list(question.reponses.select_related("auteur").order_by("created_at", "pk"))
    kept = [one for one in answers if one.retenue] or answers
    speakers = list({one.auteur_id: one.auteur for one in [question, *answers]}.values())
    found = [(one, noms.find(one.texte, speakers)) for one in [question, *kept]]
    (asked, *said) = [noms.neutral(one.texte, mentions) for one, mentions in found]
    labels = ["La question", *("La réponse retenue" if one.retenue else "Une réponse" for one in kept)]
    originaux = [(label, noms.marked(one.texte, m)) for label, (one, m) in zip(labels, found, strict=True)]
    number = sum(len(mentions) for _, mentions in found)
    return Amorce(_short(asked), "\n\n".join(said)[:REPONSE_MAX], originaux, number, speakers)


def _short(words: str) -> str:
    """On one line, ended at a sentence, else at a word; the original stays beside the form."""
    words = " ".join(words.split())
    if len(words) <= QUESTION_MAX:
        return words
    begin = words[:QUESTION_MAX]
    end = max(begin.rfind(mark) for mark in ("?", ". ", "!"))
    return begin[: end + 1] if end > 0 else begin[: QUESTION_MAX - 1].rsplit(" ", 1)[0] + "…"


def next_check() -> date:
    return add_months(timezone.localdate(), max(ReglagesRessources.load().mois_verification, 1))


def drawn_from(question: Echange) -> QuestionReponse | None:
    return QuestionReponse.objects.filter(origine=question).first()


@transaction.atomic
def publish(contenu: Contenu, origine: Echange, par: "Agent", collectivite: "Collectivite | None") -> QuestionReponse:
    """For its readers from now on; those who asked and answered are told, if they are among them.

    Raises RessourceRefusee when somebody published it meanwhile, and for what is not a question with an answer.
    """
    origine = Echange.objects.select_for_update(of=("self",)).get(pk=origine.pk)
    if drawn_from(origine) is not None:
        raise RessourceRefusee("Cet échange est déjà une question-réponse\u00a0: modifiez celle-là.")
    if origine.genre != GenreEchange.QUESTION or origine.reponse_a_id or not origine.reponses.exists():
        raise RessourceRefusee("Seule une question qui a reçu une réponse se publie.")
    entry = QuestionReponse(origine=origine, page=origine.page, publiee_par=par, **_fields(contenu))
    entry.save()
    settle(origine, par)
    _note("publiee", entry, par, collectivite, elargie=entry.elargie)
    spoke = {one.auteur_id: one.auteur for one in [origine, *origine.reponses.select_related("auteur")]}
    notify(
        readers_of(entry.codes).filter(pk__in=spoke),
        SORTE,
        "Votre échange est devenu une réponse pour tous",
        url=entry.get_absolute_url(),
        texte=f"«{NBSP}{entry.question}{NBSP}» Ni votre nom ni celui de votre commune n’y sont.",
        action="La lire",
        icone="question-circle",
        visible_par=entry.codes,
        objet=entry,
        auteur=par,
        cle=f"question-publiee:{entry.pk}",
    )
    return entry


@transaction.atomic
def change(entry: QuestionReponse, contenu: Contenu, par: "Agent", collectivite: "Collectivite | None") -> None:
    entry = QuestionReponse.objects.select_for_update(of=("self",)).get(pk=entry.pk)
    given = _fields(contenu)
    changed = sorted(name for name, value in given.items() if getattr(entry, name) != value)
    for name, value in given.items():
        setattr(entry, name, value)
    entry.save()
    if changed:
        _note("modifiee", entry, par, collectivite, champs=changed, elargie=entry.elargie)


@transaction.atomic
def put(entry: QuestionReponse, statut: StatutQuestion, par: "Agent", collectivite: "Collectivite | None") -> None:
    """Withdrawn, it leaves the lists, the search and the inboxes; or put back. Twice is once."""
    entry = QuestionReponse.objects.select_for_update(of=("self",)).get(pk=entry.pk)
    if entry.statut == statut:
        return
    entry.statut = statut
    entry.save()
    if statut == StatutQuestion.RETIREE:
        withdraw(entry)
    _note("retiree" if statut == StatutQuestion.RETIREE else "remise", entry, par, collectivite)


@transaction.atomic
def still_valid(entry: QuestionReponse, par: "Agent", collectivite: "Collectivite | None") -> date:
    """Read again today: the next date is that of the territory’s rhythm."""
    entry = QuestionReponse.objects.select_for_update(of=("self",)).get(pk=entry.pk)
    entry.a_verifier_avant = next_check()
    entry.save()
    _note("verifiee", entry, par, collectivite)
    return entry.a_verifier_avant


def remind() -> int:
    """Tells the responsables of those whose review date has come, once a date. Returns how many were told."""
    return sum(_remind(entry) for entry in QuestionReponse.objects.to_check())


def _remind(entry: QuestionReponse) -> int:
    when = entry.a_verifier_avant
    return notify(
        rappels.responsables(),
        rappels.SORTE,
        f"«{NBSP}{entry.question}{NBSP}» est à vérifier",
        texte=f"La date de vérification de cette question-réponse était le {jour(when)}.",
        url=f"{reverse('ressources:question_list')}?vue=a_verifier",
        action="Vérifier",
        icone="calendar-check",
        cle=f"question-verifier:{entry.pk}:{when:%Y%m%d}",
    )


def _fields(contenu: Contenu) -> dict[str, object]:
    given = {name: getattr(contenu, name) for name in CHAMPS}
    return given | {"diffusion": sorted(contenu.diffusion)}


def _note(verb: str, entry: QuestionReponse, par: "Agent", place: "Collectivite | None", **donnees: object) -> None:
    record(f"questionreponse.{verb}", entry, agent=par, collectivite=place, libelle=entry.question, **donnees)

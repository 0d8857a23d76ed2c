"""What somebody looked for and did not find: answered once, or filed away."""

from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.http import urlencode

from collectivites.journal import record
from extranet.lib.typographie import Montrable
from notifications.envoi import notify
from search.enums import StatutQuestion
from search.models import QuestionRecherche

if TYPE_CHECKING:
    from collectivites.models import Agent, Collectivite

SORTE = "recherche"
# From one person in a day: enough for a morning of research, and nobody fills the inbox alone.
PAR_JOUR = 20
# Characters of one question, what is added to it included.
AU_PLUS = 10_000


class QuestionRefusee(Montrable):
    """The question is no longer to be answered; the text may be shown."""


@transaction.atomic
def ask(question: QuestionRecherche) -> QuestionRecherche:
    """Puts it in the inbox; the same search asked again by the same person adds to what awaits an answer.

    Raises QuestionRefusee past PAR_JOUR in a day, or past AU_PLUS characters for one search.
    """
    mine = QuestionRecherche.objects.select_for_update().filter(auteur=question.auteur)
    waiting = mine.filter(requete=question.requete, statut=StatutQuestion.A_TRAITER).first()
    if waiting is not None:
        _add(waiting, question.message)
        return waiting
    if mine.filter(created_at__gte=timezone.now() - timedelta(days=1)).count() >= PAR_JOUR:
        raise QuestionRefusee(
            f"Vous avez déjà envoyé {PAR_JOUR} demandes aujourd’hui. Gardez votre texte et envoyez-le demain, ou "
            "appelez l’équipe de l’extranet."
        )
    question.save()
    return question


def _add(question: QuestionRecherche, message: str) -> None:
    """Under what was said before, with its day; the last words sent again are said once."""
    before = question.message
    if not message or before == message or before.endswith(f"\n{message}"):
        return
    said = f"Ajouté le {date_format(timezone.localtime(), 'j F Y à H:i')}\u00a0:\n{message}"
    question.message = f"{before}\n\n{said}" if before else message
    if len(question.message) > AU_PLUS:
        raise QuestionRefusee(
            "Vous avez déjà beaucoup écrit pour cette recherche. Gardez votre texte et attendez la réponse de "
            "l’équipe, ou appelez-la."
        )
    question.save(update_fields=["message"])


@transaction.atomic
def answer(question: QuestionRecherche, reponse: str, *, by: "Agent", pour: "Collectivite | None") -> None:
    """Keeps the answer and tells the author, who finds the same search behind it. `pour`: for whom `by` acts.

    Raises QuestionRefusee when somebody answered or filed it meanwhile.
    """
    question = _still_open(question)
    question.statut, question.reponse = StatutQuestion.REPONDUE, reponse
    question.repondu_par, question.repondu_le = by, timezone.now()
    question.save()
    record("questionrecherche.repondue", question, agent=by, collectivite=pour)
    notify(
        [question.auteur],
        SORTE,
        f"Vous cherchiez «\u00a0{question.requete}\u00a0»",
        url=f"{reverse('search:recherche')}?{urlencode({'q': question.requete})}",
        texte=reponse,
        action="Chercher de nouveau",
        icone="search",
        auteur=by,
        cle=f"question:{question.pk}",
    )


@transaction.atomic
def file_away(question: QuestionRecherche, *, by: "Agent", pour: "Collectivite | None") -> None:
    """Nothing to answer: it leaves the inbox, its author is not told. Raises QuestionRefusee like `answer`."""
    question = _still_open(question)
    question.statut = StatutQuestion.CLASSEE
    question.save(update_fields=["statut"])
    record("questionrecherche.classee", question, agent=by, collectivite=pour)


def _still_open(question: QuestionRecherche) -> QuestionRecherche:
    locked = QuestionRecherche.objects.select_for_update().get(pk=question.pk)
    if locked.statut != StatutQuestion.A_TRAITER:
        raise QuestionRefusee(f"Cette demande est déjà {locked.get_statut_display()}.")
    return locked

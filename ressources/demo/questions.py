"""Questions of the demo under themes and sheets, and the answers that were drawn from them for all."""

from datetime import timedelta
from typing import TYPE_CHECKING

from collectivites.diffusion import TOUTES
from extranet.lib.cherchable import reindex
from ressources.demo.vie import dated, rows_of
from ressources.models import Echange, QuestionReponse

if TYPE_CHECKING:
    from datetime import datetime

    from ressources.demo.notices import Listes, Notice

# Who reads the threads again, and how long after the answer.
RESPONSABLE, RELU = "nathalie-perrot", timedelta(days=2)


def ask(listes: "Listes", notices: "dict[str, Notice]") -> None:
    monde, asked, answered, published = listes.monde, [], [], []
    for row in rows_of("questions.csv"):
        question = _word(listes, notices, row, "qui", "texte")
        days = int(row["jours"])
        asked.append((question, monde.instant(-days, "9:40")))
        if not row["reponse_de"]:
            continue
        moment = monde.instant(-days + 1, "11:15")
        answer = _word(listes, notices, row, "reponse_de", "reponse")
        answer.retenue = bool(row["retenue"])
        answered.append((question, answer, moment))
        if answer.retenue:
            question.traite_le, question.traite_par = moment + timedelta(hours=2), question.auteur
        if row["question"]:
            published.append((_for_all(listes, question, row), question, moment + RELU))
    dated(asked)
    for question, answer, _ in answered:
        answer.reponse_a = question
    dated([(answer, moment) for _, answer, moment in answered])
    _publish(published)


def _word(listes: "Listes", notices: "dict[str, Notice]", row: dict[str, str], qui: str, words: str) -> Echange:
    agent, place = listes.qui(row[qui])
    if row["document"]:
        return Echange(page=notices[row["document"]].page, auteur=agent, collectivite=place, texte=row[words])
    return Echange(theme=listes.themes[row["theme"]], auteur=agent, collectivite=place, texte=row[words])


def _for_all(listes: "Listes", question: Echange, row: dict[str, str]) -> QuestionReponse:
    return QuestionReponse(
        question=row["question"],
        reponse=row["pour_tous"],
        theme=listes.themes[row["theme"]],
        page=question.page,
        diffusion=[TOUTES],
        a_verifier_avant=listes.monde.jour(int(row["verifier"])),
        publiee_par=listes.monde.agent(RESPONSABLE),
    )


def _publish(rows: "list[tuple[QuestionReponse, Echange, datetime]]") -> None:
    for entry, question, _ in rows:
        entry.origine = question
    entries = dated([(entry, moment) for entry, _, moment in rows])
    reindex(QuestionReponse.to_index().filter(pk__in=[entry.pk for entry in entries]))

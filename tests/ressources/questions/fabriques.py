"""Questions, their answers, and those that were published."""

from collectivites.diffusion import TOUTES
from collectivites.models import Agent, Collectivite, Expertise, Theme
from ressources.echanges import say
from ressources.models import Echange, QuestionReponse, RessourcePage
from ressources.questions.publier import Contenu, next_check, publish

THEME = "funeraire"


def theme(slug: str = THEME) -> Theme:
    return Theme.objects.get(slug=slug)


def knows(agent: Agent, slug: str = THEME, libelle: str = "Concessions") -> Expertise:
    return Expertise.objects.create(agent=agent, theme=theme(slug), libelle=libelle)


def exchange(
    sujet: RessourcePage | Theme,
    auteur: Agent,
    place: Collectivite,
    repond: Agent,
    question: str = "Faut-il trois ans entre les deux constats ?",
    reponse: str = "Un an suffit depuis la loi 3DS.",
) -> Echange:
    """A question and one answer."""
    asked = say(sujet, auteur, place, texte=question)
    say(sujet, repond, place, texte=reponse, reponse_a=asked)
    return asked


def make_question(question: str = "Combien d’années entre deux constats ?", **fields: object) -> QuestionReponse:
    fields = {"reponse": "Un an suffit.", "theme": fields.get("theme") or theme(), "diffusion": [TOUTES]} | fields
    return QuestionReponse.objects.create(question=question, **fields)


def published(asked: Echange, par: Agent, place: Collectivite, **fields: object) -> QuestionReponse:
    given = {
        "question": "Combien d’années entre deux constats ?",
        "reponse": "Un an suffit.",
        "theme": asked.theme or asked.page.theme,
        "diffusion": [TOUTES],
        "a_verifier_avant": next_check(),
    }
    return publish(Contenu(**given | fields), asked, par, place)

"""What is not online in the demo: drafts, documents that await their review, one that was sent back."""

from typing import TYPE_CHECKING

from ressources import relecture
from ressources.demo.notices import Notice
from ressources.soumission import submit

if TYPE_CHECKING:
    from collectivites.demo import Monde

RESPONSABLE = "nathalie-perrot"
MOT = "L’arrêté préfectoral dit la même chose pour tout le département\u00a0: citez-le, et donnez l’adresse complète."


def hand_in(monde: "Monde", notices: list[Notice]) -> None:
    """By the acts of the site, so that the responsables are told as they would be."""
    for notice in notices:
        page = notice.page
        if notice.etat not in {"", "archive"}:
            page.save_revision(user=page.owner, clean=False)
        if notice.etat in {"a relire", "version a relire", "renvoye"}:
            submit(page, page.owner)
        if notice.etat == "renvoye":
            reader = monde.agent(RESPONSABLE)
            relecture.note(page, reader, monde.epci, endroit="Article 1", texte="De quel règlement parle-t-on\u00a0?")
            relecture.send_back(page, reader, relecture.MOTIFS[-1].partition(",")[0], MOT)

"""What the annuaire and the home page say of the training: on the card of a person, of a collectivité, in the year."""

from typing import TYPE_CHECKING

from django.db.models import Count, Q
from django.utils import timezone

from extranet.lib.apports import Chiffre, Encart, Lien
from extranet.lib.francais import milliers
from formations.adresses import CATALOGUE
from formations.enums import StatutInscription
from formations.models import FormationPage, Inscription, SessionFormation

if TYPE_CHECKING:
    from collections.abc import Sequence

    from collectivites.models import Agent, Collectivite

AREA, MONTRES = "formations", 6
SUIVIES = (StatutInscription.PRESENTE, StatutInscription.PARTIELLE)


def of_person(agent: "Agent", lecteur: "Agent") -> list[Encart]:
    """Their seats to come, for whoever may know them; the trainings that they look after, for all. Two queries."""
    today = timezone.localdate()
    seats = Inscription.objects.visible_to(lecteur).open().filter(agent=agent)
    seats = seats.filter(Q(session__date_fin=None) | Q(session__date_fin__gte=today)).for_list()
    sessions = [one.session for one in seats.order_by("session__date_debut", "pk")[:MONTRES]]
    pages = list(FormationPage.objects.visible_to(lecteur).filter(contact=agent).order_by("title")[:MONTRES])
    blocks = [
        _block("Formations à venir", "formations-a-venir", sessions=sessions),
        _block("Formations dont cette personne s’occupe", "formations-suivies", pages=pages),
    ]
    return [one for one in blocks if one.contexte["sessions"] or one.contexte["pages"]]


def at_place(collectivite: "Collectivite", lecteur: "Agent") -> list[Encart]:
    """The sessions that take place there, as `lecteur` may read them. One query."""
    found = SessionFormation.objects.visible_to(lecteur).proposed().coming().filter(lieu=collectivite)
    sessions = list(found.for_list().order_by("date_debut", "pk")[: MONTRES + 1])
    if not sessions:
        return []
    more = Lien("Toutes les formations", CATALOGUE, area=AREA) if len(sessions) > MONTRES else None
    return [_block(f"Formations {collectivite.a_nom}", "formations", more, sessions=sessions[:MONTRES])]


def _block(
    titre: str, ancre: str, more: Lien | None = None, *, sessions: "Sequence" = (), pages: "Sequence" = ()
) -> Encart:
    contexte = {"ancre": ancre, "sessions": sessions, "pages": pages}
    return Encart(titre, "formations/_encart_sessions.html", contexte, ordre=20, area=AREA, tout_voir=more)


def figures(collectivite: "Collectivite", annee: int) -> list[Chiffre]:
    """Its agents trained in the year, and their trainings. One query."""
    done = Inscription.objects.filter(
        collectivite=collectivite, statut__in=SUIVIES, session__date_fin__year=annee
    ).aggregate(agents=Count("agent", distinct=True), formations=Count("pk"))
    if not done["agents"]:
        return []
    agents, trainings = done["agents"], done["formations"]
    return [
        Chiffre(
            milliers(agents),
            "agent formé" if agents == 1 else "agents formés",
            f"{milliers(trainings)} formation{'s' if trainings > 1 else ''} suivie{'s' if trainings > 1 else ''}",
            area=AREA,
        )
    ]

"""A line of the plan becomes a session without dates, in one act; those who were named wait for it in a fair order."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from django.db import transaction

from collectivites.diffusion import TOUTES
from collectivites.models import Theme
from formations.enums import Nature, Origine, StatutLigne
from formations.models import BesoinFormation, FormationPage, FormationsPage, LignePlan, SessionFormation
from formations.models.session import PLACES_MAX
from formations.permissions import REGLES, can_organise
from formations.places import sessions
from formations.places.en_poste import in_office
from formations.places.reserver import Demande, reserver
from formations.plan.besoins import visas_of
from formations.plan.lignes import tell, words_of
from formations.refus import InscriptionRefusee, SessionChangee

if TYPE_CHECKING:
    from collectivites.models import Agent, Collectivite, TypeHabilitation


@dataclass
class Faite:
    """The session, those who wait for it, and how many each commune still has to name."""

    session: SessionFormation
    rangs: int = 0
    a_nommer: dict[int, int] = field(default_factory=dict)
    refus: dict[int, str] = field(default_factory=dict)


def ranked(besoins: Iterable[BesoinFormation]) -> "list[tuple[Agent, Collectivite]]":
    """The people named, in the order in which they are served.

    The most pressing needs first, then those whose deadline is the nearest; between needs alike, one person of each
    commune in turn, the commune that said it first beginning. Somebody named twice keeps the best of the two.
    """
    groups: dict[tuple[int, date], dict[int, list]] = defaultdict(dict)
    for one in sorted(besoins, key=lambda need: (need.created_at, need.pk)):
        group = groups[one.priorite, one.echeance or date.max]
        people = sorted(one.agents.all(), key=lambda agent: (agent.nom, agent.prenom, agent.pk))
        group.setdefault(one.collectivite_id, []).extend((agent, one.collectivite) for agent in people)
    order, seen = [], set()
    for key in sorted(groups):
        queues = [list(queue) for queue in groups[key].values()]
        while any(queues):
            for queue in queues:
                while queue:
                    agent, place = queue.pop(0)
                    if agent.pk not in seen:
                        seen.add(agent.pk)
                        order.append((agent, place))
                        break
    return order


def to_name(besoin: BesoinFormation) -> int:
    """« 3 à nommer »."""
    return max(0, besoin.effectif - len(besoin.agents.all()))


@transaction.atomic
def draft_sheet(
    intitule: str, auteur: "Agent", *, theme: Theme | None = None, titre: "TypeHabilitation | None" = None
) -> FormationPage:
    """A sheet to be written and published in the administration: the communes do not see it yet."""
    parent = FormationsPage.objects.get()
    page = FormationPage(
        title=intitule,
        draft_title=intitule,
        theme=theme or Theme.objects.order_by("ordre", "pk").first(),
        titre_delivre=titre,
        nature=Nature.INITIALE,
        duree_heures=7,
        diffusion=[TOUTES],
        owner=auteur,
        live=False,
    )
    parent.add_child(instance=page)
    page.save_revision(user=auteur)
    return page


@transaction.atomic
def make_session(ligne: LignePlan, auteur: "Agent", formation: FormationPage | None = None) -> Faite:
    """Opens a session without dates, of as many seats as people asked; whoever is named waits for it.

    Without `formation`, a sheet is drafted. Raises InscriptionRefusee for who may not organise, SessionChangee when it
    is done already and was not cancelled.
    """
    if not can_organise(auteur):
        raise InscriptionRefusee(REGLES["organiser"])
    ligne = LignePlan.objects.select_for_update(no_key=True, of=("self",)).get(pk=ligne.pk)
    if ligne.engagee:
        raise SessionChangee("Une session est déjà faite de cette ligne.")
    if ligne.statut == StatutLigne.ECARTEE:
        raise InscriptionRefusee("Cette ligne est écartée : retenez-la d’abord.")
    needs = list(ligne.besoins.select_related("collectivite").prefetch_related("agents"))
    if not needs:
        raise InscriptionRefusee("Cette ligne ne contient aucun besoin.")
    page = formation or draft_sheet(ligne.intitule, auteur, theme=ligne.theme, titre=ligne.titre)
    seats = min(PLACES_MAX, sum(one.effectif for one in needs))
    session = sessions.creer(page, auteur, capacite=seats, contact=auteur)
    sessions.ouvrir(session.pk, auteur)
    done = Faite(session, a_nommer=_left(needs))
    _ask(done, ranked(needs), auteur)
    ligne.session, ligne.formation, ligne.statut = session, page, StatutLigne.RETENUE
    ligne.save(update_fields=["session", "formation", "statut"])
    words = "Les dates viendront ; les agents que vous avez nommés ont leur rang. Nommez les autres."
    tell(ligne, auteur, f"« {ligne.intitule} » s’organise", words, f"session-{session.pk}")
    return done


def _left(needs: list[BesoinFormation]) -> dict[int, int]:
    left: dict[int, int] = defaultdict(int)
    for one in needs:
        if number := to_name(one):
            left[one.collectivite_id] += number
    return dict(left)


def _ask(done: Faite, people: "list[tuple[Agent, Collectivite]]", auteur: "Agent") -> None:
    visas = visas_of(place.pk for _, place in people)
    asked = in_office(Demande(agent, place, visas[place.pk]) for agent, place in people)
    if not asked:
        return
    answer = reserver(done.session.pk, asked, auteur, origine=Origine.PLAN, hors_delai=True)
    done.rangs, done.refus = len(answer.inscriptions), answer.refus


def sheets_for(ligne: LignePlan) -> list[FormationPage]:
    """The sheets that this line may become, the closest first: its title, then its words, then its theme."""
    pages = FormationPage.objects.filter(archivee_le=None).select_related("theme")
    words = set(words_of(ligne.intitule).split())
    return sorted(
        pages,
        key=lambda page: (
            not (ligne.titre_id and page.titre_delivre_id == ligne.titre_id),
            -len(words & set(words_of(page.title).split())),
            page.theme_id != ligne.theme_id,
            page.title,
        ),
    )


def closest_sheet(ligne: LignePlan, pages: list[FormationPage]) -> FormationPage | None:
    """The first of `sheets_for` when it gives the title of the line, or bears all its words."""
    if not pages:
        return None
    words = set(words_of(ligne.intitule).split())
    same = ligne.titre_id is not None and pages[0].titre_delivre_id == ligne.titre_id
    return pages[0] if same or words <= set(words_of(pages[0].title).split()) else None

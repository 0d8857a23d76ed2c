"""« Demander une formation », « Moi aussi », and what the responsables answer."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Count, QuerySet
from django.urls import reverse

from collectivites.enums import Domaine
from collectivites.journal import record
from collectivites.models import Agent, Theme
from extranet.lib.pliage import fold
from extranet.lib.typographie import space
from formations.enums import Origine, StatutSouhait
from formations.models import FormationPage, Interet, ReglagesFormation, Souhait
from formations.permissions import REGLES, can_organise
from formations.places import sessions
from formations.places.en_poste import in_office
from formations.places.reserver import Demande, reserver
from formations.plan.besoins import visas_of
from formations.plan.sessions import Faite, draft_sheet
from formations.prevenir.sortes import SOUHAIT
from formations.refus import InscriptionRefusee, SessionChangee
from notifications.envoi import notify

if TYPE_CHECKING:
    from collectivites.models import Collectivite

CHANGE = "Cette demande a déjà sa réponse : rechargez la page."


@dataclass(frozen=True)
class Ligne:
    """A wish as a person reads it: how many share it, of how many wanted, and whether they do."""

    souhait: Souhait
    interesses: int
    seuil: int
    aussi: bool

    @property
    def manque(self) -> int:
        return max(0, self.seuil - self.interesses)

    @property
    def places(self) -> int:
        """The tiles shown: as many as wanted, more when more have come."""
        return max(self.seuil, self.interesses)


def counted(souhaits: QuerySet[Souhait]) -> QuerySet[Souhait]:
    """With `interesses`; those that most people share first."""
    found = souhaits.select_related("theme", "collectivite", "session__formation", "session__lieu")
    return found.annotate(interesses=Count("interets")).order_by("-interesses", "-created_at", "-pk")


def lines(souhaits: Iterable[Souhait], agent: Agent) -> list[Ligne]:
    """Two queries, whatever their number."""
    rows = list(souhaits)
    seuil = ReglagesFormation.load().seuil_souhait
    mine = set(Interet.objects.filter(agent=agent, souhait__in=rows).values_list("souhait", flat=True))
    return [Ligne(one, one.interesses, seuil, one.pk in mine) for one in rows]


@transaction.atomic
def ask(
    agent: Agent, collectivite: "Collectivite", *, intitule: str, theme: Theme | None = None, detail: str = ""
) -> tuple[Souhait, bool]:
    """A new wish, with the interest of who asks; or, said in the same words already, a « moi aussi ».

    Returns it, and True when it is new. Raises ValidationError.
    """
    words = fold(intitule)
    for known in Souhait.objects.open():
        if fold(known.intitule) == words:
            me_too(known, agent, collectivite)
            return known, False
    wish = Souhait(intitule=intitule, theme=theme, detail=detail, auteur=agent, collectivite=collectivite)
    wish.full_clean(exclude=["auteur", "collectivite", "session"])
    wish.save()
    me_too(wish, agent, collectivite)
    return wish, True


@transaction.atomic
def me_too(souhait: Souhait, agent: Agent, collectivite: "Collectivite") -> int:
    """Once each; the responsables are told when there are enough. Returns how many share it now."""
    souhait = _locked(souhait)
    Interet.objects.get_or_create(souhait=souhait, agent=agent, defaults={"collectivite": collectivite})
    number, wanted = souhait.interets.count(), ReglagesFormation.load().seuil_souhait
    if number >= wanted:
        notify(
            _responsables(),
            SOUHAIT,
            space(f"« {souhait.intitule} » : {number} personnes la demandent"),
            texte="Assez pour organiser une session.",
            url=reverse("formations:souhait_repondre", args=[souhait.pk]),
            action="Organiser une session",
            icone="lightbulb",
            objet=souhait,
            cle=f"souhait:{souhait.pk}:seuil",
        )
    return number


@transaction.atomic
def not_any_more(souhait: Souhait, agent: Agent) -> None:
    """« Plus moi ». A wish that nobody shares any more, and that its author leaves, goes."""
    souhait = _locked(souhait)
    souhait.interets.filter(agent=agent).delete()
    if not souhait.interets.exists():
        souhait.delete()


def _locked(souhait: Souhait) -> Souhait:
    found = Souhait.objects.select_for_update(no_key=True, of=("self",)).filter(pk=souhait.pk).first()
    if found is None or found.statut != StatutSouhait.OUVERT:
        raise SessionChangee(CHANGE)
    return found


def _responsables() -> list[Agent]:
    holders = Agent.objects.filter(groups__name=Domaine.FORMATIONS.label, is_active=True, efface_le=None)
    return [one for one in holders.distinct() if can_organise(one)]


@transaction.atomic
def organise(souhait: Souhait, auteur: Agent, formation: FormationPage | None = None) -> Faite:
    """A session without dates; those who share the wish wait for it, in the order in which they said so.

    Raises InscriptionRefusee for who may not organise, SessionChangee when it has its answer already.
    """
    _must_lead(auteur)
    souhait = _locked(souhait)
    page = formation or draft_sheet(souhait.intitule, auteur, theme=souhait.theme)
    people = list(souhait.interets.select_related("agent", "collectivite").order_by("created_at", "pk"))
    session = sessions.creer(page, auteur, capacite=max(len(people), 1), contact=auteur)
    sessions.ouvrir(session.pk, auteur)
    done = Faite(session)
    visas = visas_of(one.collectivite_id for one in people)
    asked = in_office(Demande(one.agent, one.collectivite, visas[one.collectivite_id]) for one in people)
    if asked:
        answer = reserver(session.pk, asked, auteur, origine=Origine.DEMANDE, hors_delai=True)
        done.rangs, done.refus = len(answer.inscriptions), answer.refus
    souhait.statut, souhait.session = StatutSouhait.RETENU, session
    souhait.save(update_fields=["statut", "session"])
    record("souhait.retenu", souhait, agent=auteur)
    words = "Les dates viendront ; vous avez votre rang, dans l’ordre des demandes."
    _tell(souhait, auteur, f"« {souhait.intitule} » s’organise", words)
    return done


@transaction.atomic
def refuse(souhait: Souhait, auteur: Agent, reponse: str) -> Souhait:
    """Those who share it read the reason. Raises InscriptionRefusee without one."""
    _must_lead(auteur)
    if not reponse.strip():
        raise InscriptionRefusee("Dites pourquoi : ceux qui la demandaient le liront.")
    souhait = _locked(souhait)
    souhait.statut, souhait.reponse = StatutSouhait.ECARTE, reponse.strip()
    souhait.full_clean(exclude=["auteur", "collectivite", "session", "theme"])
    souhait.save(update_fields=["statut", "reponse"])
    record("souhait.ecarte", souhait, agent=auteur)
    _tell(souhait, auteur, f"« {souhait.intitule} » n’est pas retenue", souhait.reponse)
    return souhait


def _must_lead(agent: Agent) -> None:
    if not can_organise(agent):
        raise InscriptionRefusee(REGLES["organiser"])


def _tell(souhait: Souhait, auteur: Agent, titre: str, texte: str) -> None:
    people = [one.agent for one in souhait.interets.select_related("agent")]
    notify(
        people,
        SOUHAIT,
        space(titre),
        texte=space(texte),
        url=reverse("formations:souhait_list"),
        action="Lire la réponse",
        icone="lightbulb",
        objet=souhait,
        auteur=auteur,
        cle=f"souhait:{souhait.pk}:{souhait.statut}",
    )

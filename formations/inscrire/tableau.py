"""What this room shows beside the catalogue and on the home page."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Q
from django.utils import timezone

from extranet.lib.apports import AFaire, Encart, Lien
from extranet.lib.typographie import space
from formations.adresses import INSCRIPTIONS
from formations.enums import ATTENDUES, StatutInscription
from formations.inscrire.mots import Etat, before_words, dates_words, hours_words, state_of
from formations.inscrire.precisions import Passager, carpool
from formations.inscrire.rangs import positions
from formations.models import Inscription
from formations.permissions import kept_places

if TYPE_CHECKING:
    from collectivites.models import Agent, Collectivite

AREA, MONTRES = "formations", 6


@dataclass(frozen=True)
class Ligne:
    """A seat in a short list; `etat` when it is not simply confirmed."""

    inscription: Inscription
    moi: bool
    quand: str
    etat: Etat | None


def beside_catalogue(agent: "Agent", collectivite: "Collectivite | None") -> Encart | None:
    """« Les inscriptions de Foucherans », one's own for whoever manages nothing there. Three queries at most."""
    coming = Inscription.objects.visible_to(agent).open().coming()
    ours = collectivite is not None and agent.manages(collectivite)
    shown = coming.filter(Q(collectivite=collectivite) | Q(agent=agent)) if ours else coming.filter(agent=agent)
    found = list(shown.for_list().prefetch_related("session__creneaux").by_date()[: MONTRES + 1])
    if not found:
        return None
    titre = f"Les inscriptions {collectivite.de_nom}" if ours else "Mes inscriptions"
    more = Lien("Toutes les inscriptions", INSCRIPTIONS, area=AREA)
    return Encart(
        titre,
        "formations/_encart_inscriptions.html",
        {"lignes": lines(found[:MONTRES], agent)},
        area=AREA,
        tout_voir=more,
    )


def lines(found: list[Inscription], agent: "Agent") -> list[Ligne]:
    """Read with their half-days. One query more when somebody waits."""
    places = positions(found)
    return [
        Ligne(
            one,
            one.agent_id == agent.pk,
            dates_words(slot.date for slot in one.session.creneaux.all()),
            None if one.statut == StatutInscription.CONFIRMEE else state_of(one, places.get(one.pk, (None, 0))[0]),
        )
        for one in found
    ]


def todo(agent: "Agent") -> list[AFaire]:
    """The seats offered, for the person and the gestionnaires of their commune: the place goes to the next one
    otherwise. One query.
    """
    offered = Inscription.objects.filter(statut=StatutInscription.OFFERTE, tenue_jusqua__gt=timezone.now())
    mine = offered.filter(Q(agent=agent) | Q(collectivite__in=kept_places(agent)))
    rows = mine.for_list().order_by("tenue_jusqua", "pk")
    return [
        AFaire(
            titre="Prendre la place proposée" + ("" if one.agent_id == agent.pk else f" à {one.agent.nom_complet}"),
            url=one.get_absolute_url(),
            action="Répondre",
            icone="mortarboard-fill",
            area=AREA,
            detail=space(f"{one.session.titre}. Réponse avant {before_words(one.tenue_jusqua)}."),
            avant=timezone.localdate(one.tenue_jusqua),
            urgent=True,
        )
        for one in rows[:MONTRES]
    ]


def next_training(agent: "Agent") -> list[Encart]:
    """« Ma prochaine formation », on the home page. Four queries at most, two without any."""
    mine = Inscription.objects.filter(agent=agent, statut__in=ATTENDUES, session__date_fin__gte=timezone.localdate())
    one = mine.for_list().prefetch_related("session__creneaux").order_by("session__date_debut", "pk").first()
    if one is None:
        return []
    context = {
        "inscription": one,
        "heures": hours_words(one.session.creneaux.all()),
        "etat": state_of(one),
        "participants": _companions(one),
        "covoiturage": _offer(carpool(one)),
    }
    gabarit = "formations/_encart_prochaine.html"
    return [Encart("Ma prochaine formation", gabarit, context, ordre=15, area=AREA, colonne="cote")]


def _companions(one: Inscription) -> str:
    """« Avec Claire Bouvret (Sampans) et 9 autres »: those of one's session, who will be there."""
    rows = Inscription.objects.filter(session=one.session_id, statut__in=ATTENDUES, agent__oppose_le=None)
    others = list(rows.exclude(pk=one.pk).select_related("agent", "collectivite").order_by("pk"))
    if not others:
        return ""
    first, left = others[0], len(others) - 1
    more = f" et {left} autre{'s' if left > 1 else ''}" if left else ""
    return space(f"Avec {first.agent.nom_complet} ({first.collectivite.nom}){more}")


def _offer(people: list[Passager]) -> str:
    found = next((one for one in people if one.propose), None)
    return space(f"{found.agent.prenom} {found.mots} au départ {found.de}") if found else ""

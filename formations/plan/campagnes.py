"""The census of the needs: prepared, opened, told to the mairies, recalled to those that have not answered, closed."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Count, Sum
from django.urls import reverse
from django.utils import timezone

from collectivites.journal import record
from collectivites.models import Collectivite, Poste
from extranet.lib.francais import date_longue
from extranet.lib.pliage import Fold
from extranet.lib.typographie import space
from formations.enums import StatutCampagne
from formations.models import BesoinFormation, Campagne, ReponseCampagne
from formations.permissions import REGLES, can_organise
from formations.prevenir.sortes import CAMPAGNE
from formations.refus import InscriptionRefusee, SessionChangee
from notifications.envoi import notify

if TYPE_CHECKING:
    from collections.abc import Iterable

    from collectivites.models import Agent

RAPPELS = (7, 2)  # days before the last day


@dataclass(frozen=True)
class Avancement:
    """Where a commune stands: how many needs, for how many people, and whether it has said that this is all."""

    collectivite: Collectivite
    besoins: int
    agents: int
    reponse: ReponseCampagne | None


def keepers(places: "Iterable[Collectivite | int]") -> "dict[int, list[Agent]]":
    """The gestionnaires in office there, by key of the collectivité. One query."""
    found: dict[int, dict[int, Agent]] = {}
    for poste in Poste.objects.gestionnaires_of(places).select_related("agent").order_by("pk"):
        found.setdefault(poste.collectivite_id, {})[poste.agent_id] = poste.agent
    return {pk: list(agents.values()) for pk, agents in found.items()}


def progress(campagne: Campagne) -> list[Avancement]:
    """Of every member, those that have not answered first. Three queries."""
    rows = BesoinFormation.objects.filter(campagne=campagne).order_by().values("collectivite")
    counted = {one["collectivite"]: one for one in rows.annotate(n=Count("pk"), agents=Sum("effectif"))}
    answers = {one.collectivite_id: one for one in campagne.reponses.select_related("auteur")}
    places = Collectivite.objects.members().order_by(Fold("nom"))
    found = [
        Avancement(
            one,
            counted.get(one.pk, {}).get("n", 0),
            counted.get(one.pk, {}).get("agents", 0),
            answers.get(one.pk),
        )
        for one in places
    ]
    return sorted(found, key=lambda one: one.reponse is not None)


def _locked(campagne: Campagne, *statuts: StatutCampagne) -> Campagne:
    found = Campagne.objects.select_for_update(no_key=True).get(pk=campagne.pk)
    if found.statut not in statuts:
        raise SessionChangee(f"Cette campagne est {found.get_statut_display()} : rechargez la page.")
    return found


def _must_lead(agent: "Agent") -> None:
    if not can_organise(agent):
        raise InscriptionRefusee(REGLES["organiser"])


@transaction.atomic
def open_to_all(campagne: Campagne, auteur: "Agent") -> Campagne:
    """The mairies are told. A closed one may be opened again, for a new last day. Raises InscriptionRefusee."""
    _must_lead(auteur)
    campagne = _locked(campagne, StatutCampagne.PREPARATION, StatutCampagne.CLOSE)
    if campagne.repondre_avant < timezone.localdate():
        raise InscriptionRefusee("Le dernier jour pour répondre est passé : changez-le d’abord.")
    campagne.statut = StatutCampagne.OUVERTE
    campagne.save(update_fields=["statut"])
    record("campagne.ouverte", campagne, agent=auteur)
    places = list(Collectivite.objects.members())
    people = keepers(places)
    for place in places:
        _tell(campagne, place, people.get(place.pk, []), "ouverte", f"{campagne.titre} : les besoins {place.de_nom}")
    return campagne


@transaction.atomic
def close(campagne: Campagne, auteur: "Agent") -> Campagne:
    """No need is added any more; the plan goes on. Raises InscriptionRefusee."""
    _must_lead(auteur)
    campagne = _locked(campagne, StatutCampagne.OUVERTE)
    campagne.statut = StatutCampagne.CLOSE
    campagne.save(update_fields=["statut"])
    record("campagne.close", campagne, agent=auteur)
    return campagne


def remind(campagne: Campagne, rappel: str) -> int:
    """Tells those that have not said all. Returns how many; `rappel` names the reminder: twice is as once."""
    late = [one.collectivite for one in progress(campagne) if one.reponse is None]
    people, told = keepers(late), 0
    for place in late:
        titre = f"{campagne.titre} : il manque la réponse {place.de_nom}"
        told += bool(_tell(campagne, place, people.get(place.pk, []), rappel, titre))
    return told


def remind_due(today: date | None = None) -> int:
    """Each day, by `veille`; a campaign whose last day has passed is left open until somebody closes it."""
    today = today or timezone.localdate()
    days = {today + timedelta(days=before): before for before in RAPPELS}
    found = Campagne.objects.open().filter(repondre_avant__in=days)
    return sum(remind(one, f"rappel-{days[one.repondre_avant]}") for one in found)


def _tell(campagne: Campagne, place: Collectivite, people: "list[Agent]", what: str, titre: str) -> int:
    return notify(
        people,
        CAMPAGNE,
        space(titre),
        texte=space(f"Réponses jusqu’au {date_longue(campagne.repondre_avant)}. Aucun besoin : dites-le aussi."),
        url=f"{reverse('formations:besoin_list', args=[campagne.pk])}?commune={place.slug}",
        action="Dire nos besoins",
        icone="clipboard-data",
        collectivite=place,
        objet=campagne,
        cle=f"campagne:{campagne.pk}:{place.pk}:{what}",
    )


def answer(campagne: Campagne, collectivite: Collectivite, auteur: "Agent") -> ReponseCampagne:
    """« C’est complet »: said once, kept if needs change after."""
    if campagne.statut != StatutCampagne.OUVERTE:
        raise SessionChangee("Cette campagne n’est plus ouverte.")
    found, _ = ReponseCampagne.objects.get_or_create(
        campagne=campagne, collectivite=collectivite, defaults={"auteur": auteur}
    )
    return found

"""The card of an agent: where and when they work, who answers meanwhile, who keeps it."""

from collections.abc import Iterable

from django.db.models import Count, Prefetch, Q, QuerySet
from django.utils import timezone

from annuaire.consulter import semaine
from collectivites.models import Absence, Adhesion, Agent, Poste, Presence
from collectivites.presence import creneaux, situations
from extranet.lib.francais import heure


def postes_of(agent: Agent) -> list[Poste]:
    """In force, the longest week first, each with its week and where its agent is today."""
    presences = Prefetch("presences", Presence.objects.order_by("jour", "heure_debut"))
    postes = list(
        agent.postes.in_force()
        .select_related("agent", "collectivite", "fonction")
        .prefetch_related(presences, "roles")
        .main_first()
    )
    today, now_in = timezone.localdate(), situations(postes)
    for poste in postes:
        poste.situation = now_in.get(poste.pk)
        weeks = poste.presences.all()
        poste.semaine = semaine.week_of(weeks) if weeks else []
        poste.notes = [*semaine.hours_note(weeks), semaine.parity_note(weeks, today)]
    return postes


def today_in_words(postes: Iterable[Poste], absences: Iterable[Absence]) -> str:
    """« Authume 9 h–12 h, Dole après-midi »; empty on a day off."""
    today, away, said = timezone.localdate(), list(absences), []
    for poste in postes:
        worked = creneaux(list(poste.presences.all()), away, today)
        hours = [f"{heure(one.debut)}–{heure(one.fin)}" if one.precis else one.moment.label for one in worked]
        if hours:
            said.append(f"{poste.collectivite.nom} {' et '.join(hours)}")
    return ", ".join(said)


def absences_of(absences: QuerySet[Absence]) -> list[Absence]:
    """Under way or to come, with who answers and how to reach them; nobody whose card is hidden, or who left."""
    ready = absences.upcoming().select_related("agent", "remplacant").order_by("date_debut", "pk")
    ready = ready.prefetch_related(Prefetch("remplacant__postes", Poste.objects.in_force(), to_attr="en_cours"))
    found = list(ready)
    for absence in found:
        one = absence.remplacant
        absence.repond = None if one is None or one.oppose_le or one.efface_le or not one.en_cours else one
    return found


def adhesions_of(agent: Agent, reader: Agent) -> list[Adhesion]:
    """Its networks, each with as many members as the list shows the reader."""
    if not reader.codes_lecture:
        return []
    shown = Adhesion.objects.in_force().filter(agent__in=Agent.objects.visible_to(reader))
    members = Count("reseau__adhesions__agent", filter=Q(reseau__adhesions__in=shown), distinct=True)
    return list(agent.adhesions.in_force().select_related("reseau").annotate(membres=members).order_by("reseau__nom"))


def gestionnaires_of(postes: list[Poste], agent: Agent) -> list[Poste]:
    """Who keeps this card up to date, one per collectivité."""
    places = [poste.collectivite_id for poste in postes]
    found = Poste.objects.gestionnaires_of(places).for_list().exclude(agent=agent)
    by_place = {poste.collectivite_id: poste for poste in found.order_by("-pk")}
    return [by_place[pk] for pk in dict.fromkeys(places) if pk in by_place]

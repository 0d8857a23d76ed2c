"""Cards of people and of collectivités."""

from itertools import groupby

from django.db.models import CharField, Count, F, Prefetch, Q, QuerySet, Value
from django.db.models.functions import Concat
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone

from annuaire import carte, semaine
from collectivites.enums import FamilleFonction
from collectivites.models import Absence, Adhesion, Agent, Collectivite, Habilitation, PlageOuverture, Poste, Presence
from collectivites.presence import ouverture, situations
from extranet.lib.apports import collect
from extranet.lib.francais import date_longue
from extranet.lib.noms import place_sort_key
from extranet.lib.pliage import Fold, words

FOUND = 40  # people shown for a search: past that, the words are too vague
SHOWN, FEW = 12, 3  # rows shown before « Voir les autres », unless these are few


def index(request: HttpRequest) -> HttpResponse:
    """The collectivités by secteur; words find people and collectivités by their name, accents aside."""
    asked = request.GET.get("q", "").strip()[:100]
    folded = words(asked)
    places = list(_named(Collectivite.objects.visible_to(request.user), folded, "nom").select_related("secteur"))
    people = _named(Agent.objects.visible_to(request.user), folded, "prenom", "nom")
    context = {
        "q": asked if folded else "",
        "secteurs": [] if folded else _by_secteur(places),
        "collectivites": places if folded else [],
        "personnes": _cards(people) if folded else [],
        "limite": FOUND,
    }
    return render(request, "annuaire/_index.html" if request.htmx else "annuaire/index.html", context)


def _named(found: QuerySet, asked: list[str], *fields: str) -> QuerySet:
    """Those whose name holds every word."""
    parts = (part for field in fields for part in (F(field), Value(" ")))
    found = found.annotate(plie=Fold(Concat(*parts, output_field=CharField())))
    for word in asked:
        found = found.filter(plie__contains=word)
    return found


def _cards(people: QuerySet) -> list[Agent]:
    """The first ones, told by their main poste."""
    found = list(people.prefetch_related(_en_cours())[:FOUND])
    for agent in found:
        main = agent.en_cours[0] if agent.en_cours else None
        agent.fonction = main.libelle if main else ""
        agent.numero = main.numero if main else ""
        agent.adresse = (main.courriel if main else "") or agent.email or ""
    return found


def _en_cours() -> Prefetch:
    postes = Poste.objects.in_force().select_related("collectivite", "fonction")
    return Prefetch("postes", postes.main_first(), to_attr="en_cours")


def _by_secteur(collectivites: list[Collectivite]) -> list[tuple[str, list[Collectivite]]]:
    """The intercommunalité first, then the secteurs in their order, then what belongs to none."""

    def rank(one: Collectivite) -> tuple:
        secteur = one.secteur
        return (not one.is_epci, secteur is None, secteur.ordre if secteur else 0, secteur.nom if secteur else "")

    ordered = sorted(collectivites, key=lambda c: (rank(c), place_sort_key(c.nom)))
    groups = [(key, list(group)) for key, group in groupby(ordered, rank)]
    return [("L’intercommunalité" if not key[0] else key[3] or "Communes et organismes", ones) for key, ones in groups]


def agent_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """The card of an agent: their postes, when and how to reach them, what they know."""
    agent = get_object_or_404(Agent.objects.visible_to(request.user), slug=slug)
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
    absences = _absences(Absence.objects.filter(agent=agent))
    context = {
        "personne": agent,
        "chapeau": postes[0].libelle if postes else "",
        "numero": postes[0].numero if postes else "",
        "adresse": postes[0].adresse if postes else agent.email or "",
        "postes_fiche": postes,
        "ici": next((p.situation for p in postes if p.situation and p.situation.la), None),
        "absence": next((a for a in absences if a.date_debut <= today), None),
        "prochaine_absence": absences[0] if absences else None,
        "expertises": list(agent.expertises.select_related("theme")),
        "habilitations": list(Habilitation.objects.visible_to(request.user).filter(agent=agent).select_related("type")),
        "adhesions": _adhesions(agent, request.user),
        "gestionnaires": _gestionnaires(postes, agent),
        **_encarts("encarts_agent", agent, request.user),
    }
    return render(request, "annuaire/agent_detail.html", context)


def _absences(absences: QuerySet) -> list[Absence]:
    """Under way or to come, with who answers and how to reach them."""
    ready = absences.upcoming().select_related("agent", "remplacant").order_by("date_debut", "pk")
    return list(ready.prefetch_related(Prefetch("remplacant__postes", Poste.objects.in_force(), to_attr="en_cours")))


def _adhesions(agent: Agent, reader: Agent) -> list[Adhesion]:
    if not reader.codes_lecture:
        return []
    members = Count("reseau__adhesions", filter=Q(reseau__adhesions__in=Adhesion.objects.in_force()))
    return list(agent.adhesions.in_force().select_related("reseau").annotate(membres=members).order_by("reseau__nom"))


def _gestionnaires(postes: list[Poste], agent: Agent) -> list[Poste]:
    """Who keeps this card up to date, one per collectivité."""
    places = [poste.collectivite_id for poste in postes]
    found = Poste.objects.gestionnaires_of(places).for_list().exclude(agent=agent)
    by_place = {poste.collectivite_id: poste for poste in found.order_by("-pk")}
    return [by_place[pk] for pk in dict.fromkeys(places) if pk in by_place]


def _encarts(name: str, thing: object, reader: Agent) -> dict[str, list]:
    """The blocks that other areas bring, in their two columns."""
    encarts = sorted(collect(name, thing, reader), key=lambda encart: encart.ordre)
    return {
        "encarts": [e for e in encarts if e.colonne != "cote"],
        "encarts_cote": [e for e in encarts if e.colonne == "cote"],
    }


def collectivite_list(request: HttpRequest) -> HttpResponse:
    """« Les mairies »: how to call each, and whether its doors are open."""
    collectivites = list(Collectivite.objects.visible_to(request.user).select_related("secteur"))
    own, hours = request.collectivite, _hours(collectivites)
    for one in collectivites:
        one.ouverture = ouverture(hours.get(one.pk, []), feminin=one.is_commune)
        one.km = _km(one, own)
    collectivites.sort(key=lambda c: (not c.is_epci, place_sort_key(c.nom)))
    return render(request, "annuaire/collectivite_list.html", {"collectivites": collectivites, "depuis": own})


def _hours(collectivites: list[Collectivite]) -> dict[int, list]:
    """Opening hours of each, as plain rows: a thousand objects would cost more than the rest of the page."""
    rows = PlageOuverture.objects.filter(collectivite__in=[one.pk for one in collectivites])
    found: dict[int, list] = {}
    for row in rows.values_list("collectivite_id", "jour", "ouverture", "fermeture", named=True):
        found.setdefault(row.collectivite_id, []).append(row)
    return found


def _km(one: Collectivite, own: Collectivite | None) -> int | None:
    """Whole kilometres from one's own collectivité; None for itself or when a position is unknown."""
    distance = one.distance_to(own) if own and own.pk != one.pk else None
    return None if distance is None else max(1, round(distance))


def collectivite_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """The card of a collectivité: who is there today, its élus, its hours, where it is."""
    visible = Collectivite.objects.visible_to(request.user)
    place = get_object_or_404(visible.select_related("secteur", "rattachement"), slug=slug)
    postes = list(Poste.objects.in_force().for_list().filter(collectivite=place, agent__efface_le=None))
    elus = [poste for poste in postes if poste.fonction.famille == FamilleFonction.ELUS]
    agents = [poste for poste in postes if poste.fonction.famille != FamilleFonction.ELUS]
    now_in = situations(agents)
    for poste in agents:
        poste.situation = now_in.get(poste.pk)
    agents.sort(key=_order_of_today)
    elus.sort(key=lambda poste: (poste.fonction.ordre, not poste.is_signataire, poste.agent.nom))
    plages = list(place.plages.all())
    context = {
        "collectivite": place,
        "aujourdhui": date_longue(timezone.localdate()),
        "colonnes": ["Agent", date_longue(timezone.localdate()).capitalize(), "Téléphone"],
        "agents": _first(agents),
        "autres_agents": agents[len(_first(agents)) :],
        "elus": _first(elus),
        "autres_elus": elus[len(_first(elus)) :],
        "nb_agents": len({poste.agent_id for poste in agents}),
        "nb_elus": len({poste.agent_id for poste in elus}),
        "absences": _absences(Absence.objects.filter(agent__in=[p.agent_id for p in agents]))[:SHOWN],
        "ouverture": ouverture(plages, feminin=place.is_commune),
        "horaires": semaine.opening_days(plages, timezone.localdate()) if plages else [],
        "km": _km(place, request.collectivite),
        "carte": carte.draw(place, request.collectivite, list(visible)),
        "rattachees": list(visible.filter(rattachement=place)) if not place.is_epci else [],
        **_encarts("encarts_collectivite", place, request.user),
    }
    return render(request, "annuaire/collectivite_detail.html", context)


def _first(postes: list[Poste]) -> list[Poste]:
    return postes if len(postes) <= SHOWN + FEW else postes[:SHOWN]


def _order_of_today(poste: Poste) -> tuple:
    """Who can be met first, then who cannot, then who has told no days."""
    one = poste.situation
    return (one is None, one is not None and not one.la, poste.fonction.ordre, poste.agent.nom, poste.agent.prenom)

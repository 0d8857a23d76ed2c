"""What the plan and the wishes show beside the catalogue, on the home page and as a workbook."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils import timezone

from extranet.lib.apports import AFaire, Encart, Lien
from formations.adresses import SOUHAITS
from formations.models import Campagne, LignePlan, ReglagesFormation, ReponseCampagne, Souhait
from formations.permissions import can_organise, kept_places
from formations.plan.souhaits import counted, lines

if TYPE_CHECKING:
    from collectivites.models import Agent, Collectivite

AREA, MONTRES = "formations", 3
COLONNES = ["Formation", "Titre", "Thème", "Agents", "Communes", "Décision", "Réponse", "Session", "Premier jour"]


def beside_catalogue(agent: "Agent", collectivite: "Collectivite | None") -> Encart | None:
    """« Demandées par les mairies »: the three that most people share. Three queries."""
    if collectivite is None or not agent.codes_lecture:
        return None
    found = lines(counted(Souhait.objects.visible_to(agent).open())[:MONTRES], agent)
    return Encart(
        "Demandées par les mairies",
        "formations/_encart_souhaits.html",
        {"lignes": found, "seuil": found[0].seuil if found else ReglagesFormation.load().seuil_souhait},
        ordre=30,
        area=AREA,
        colonne="cote",
        tout_voir=Lien("Toutes les demandes", SOUHAITS, area=AREA),
    )


def todo(agent: "Agent") -> list[AFaire]:
    """A census that the commune has not answered; for the responsables, wishes that enough people share."""
    found = _census(agent)
    if can_organise(agent):
        wishes = list(counted(Souhait.objects.open())[:MONTRES])
        for wish in wishes:
            if wish.interesses >= ReglagesFormation.load().seuil_souhait:
                found.append(
                    AFaire(
                        titre=f"Organiser «\u00a0{wish.intitule}\u00a0»",
                        url=reverse("formations:souhait_repondre", args=[wish.pk]),
                        action="Répondre",
                        icone="lightbulb",
                        area=AREA,
                        detail=f"{wish.interesses} personnes la demandent.",
                    )
                )
    return found


def _census(agent: "Agent") -> list[AFaire]:
    places = kept_places(agent)
    if not places:
        return []
    campaigns = list(Campagne.objects.open().order_by("repondre_avant"))
    if not campaigns:
        return []
    rows = ReponseCampagne.objects.filter(campagne__in=campaigns, collectivite__in=places)
    said = set(rows.values_list("campagne", "collectivite"))
    today = timezone.localdate()
    return [
        AFaire(
            titre=f"Dire les besoins de formation {place.de_nom}",
            url=f"{reverse('formations:besoin_list', args=[campaign.pk])}?commune={place.slug}",
            action="Dire nos besoins",
            icone="clipboard-data",
            area=AREA,
            detail=f"{campaign.titre}.",
            avant=campaign.repondre_avant,
            urgent=campaign.repondre_avant <= today + timedelta(days=2),
        )
        for campaign in campaigns
        for pk, place in places.items()
        if (campaign.pk, pk) not in said
    ][:MONTRES]


def rows_of(lines: Iterable[LignePlan]) -> list[tuple]:
    """The plan as a workbook; `lines` come from `lignes.lines_of`."""
    return [
        (
            one.intitule,
            one.titre.libelle if one.titre else "",
            one.theme.nom if one.theme else "",
            one.agents or 0,
            one.communes,
            one.get_statut_display(),
            one.reponse,
            one.session.numero if one.engagee else "",
            _first_day(one),
        )
        for one in lines
    ]


def _first_day(line: LignePlan) -> date | str:
    return line.session.date_debut or "à fixer" if line.engagee else ""

"""The attestation as a paper: the hours attended, half-day by half-day; « certificat » for whoever missed nothing."""

from typing import TYPE_CHECKING

from django.conf import settings
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone

from extranet.lib.pdf import render
from extranet.lib.typographie import space
from formations.enums import Nature, StatutInscription
from formations.models import Attestation, Emargement, FeuilleSignee, Inscription
from formations.mots import animateurs, complete, duree, horaires, jour_complet, jours_de
from formations.seances.organisme import Organisme, employeur, fonctions_of, organisme
from formations.seances.papiers import creneaux_of

if TYPE_CHECKING:
    from collectivites.models import Agent

OBJECTIFS_MAX = 8


def visible_to(agent: "Agent | None") -> QuerySet[Attestation]:
    """One’s own, those of the agents of the collectivités one manages or signs for, all for the responsables."""
    seats = Inscription.objects.visible_to(agent).order_by()
    return Attestation.objects.filter(inscription__in=seats.values("pk")).select_related(
        "inscription__agent",
        "inscription__collectivite",
        "inscription__session__formation__titre_delivre",
        "inscription__session__lieu",
        "habilitation__type",
    )


def is_complete(attestation: Attestation) -> bool:
    return attestation.inscription.statut == StatutInscription.PRESENTE


def title_of(attestation: Attestation) -> str:
    return "Certificat de formation" if is_complete(attestation) else "Attestation de formation"


def pdf(attestation: Attestation) -> bytes:
    """The same bytes each time, until a signed sheet is joined. Raises RenduImpossible."""
    body = organisme()
    return render("attestation", data(attestation, body), images=body.images, date=attestation.delivree_le)


def _proof(numero: str, creneaux: list[int]) -> str:
    """Who said the hours; the signed sheets when there are some, by half-day attended. One query."""
    said = "Heures de présence notées par l’organisateur, demi-journée par demi-journée."
    signed = FeuilleSignee.objects.filter(creneau__in=creneaux).values("creneau").distinct().count()
    if not signed:
        return said
    part = (
        "" if signed == len(creneaux) else f" pour {signed} demi-journée{'s' if signed > 1 else ''} sur {len(creneaux)}"
    )
    return space(f"{said} Feuille d’émargement signée conservée sous le numéro {numero}{part}.")


def data(attestation: Attestation, body: Organisme) -> dict[str, object]:
    one = attestation.inscription
    session, formation = one.session, one.session.formation
    creneaux = creneaux_of(session)
    said = {row.creneau_id: row for row in Emargement.objects.filter(inscription=one)}
    fonction = fonctions_of([one.agent_id], [one.collectivite_id]).get((one.agent_id, one.collectivite_id), "")
    nature = "initiale" if formation.nature == Nature.INITIALE else "de recyclage"
    where = "en visio" if session.distanciel else f"à {session.lieu.nom}" if session.lieu else session.ou
    leaders = animateurs(session, creneaux)
    trainer = f", animée par {leaders}" if leaders else ""
    declared = f" (déclaration d’activité n° {formation.declaration})" if formation.declaration else ""
    when = f"le{'s' if len({slot.date for slot in creneaux}) > 1 else ''} {jours_de(creneaux)}"
    issued = timezone.localdate(attestation.delivree_le)
    return {
        "document": title_of(attestation),
        "service": body.entete,
        "numero": attestation.numero,
        "nom": one.agent.nom_complet,
        "commune": one.collectivite.nom,
        "fonction": fonction,
        "employeur": employeur(one.collectivite),
        "organisateur": body.nom,
        "attestant": body.nom,
        "titre": session.titre,
        "nature": f"Action de formation {nature}, {where}, {when}{trainer}",
        "organisme": f"Dispensée par {formation.organisme}{declared}." if formation.organisme else "",
        "heures": [
            {
                "jour": jour_complet(slot.date),
                "moment": slot.moment.label,
                "horaires": horaires(slot),
                "prevue": duree(slot.minutes),
                "suivie": duree(said[slot.pk].minutes if slot.pk in said else 0),
            }
            for slot in creneaux
        ],
        "total-prevu": duree(sum(slot.minutes for slot in creneaux)),
        "total-suivi": duree(attestation.minutes),
        "objectifs": formation.lignes_objectifs[:OBJECTIFS_MAX],
        "resultat": attestation.resultat,
        "preuve": _proof(session.numero, [pk for pk, row in said.items() if row.minutes]),
        "verification": f"{settings.SITE_URL}{reverse('formations:attestation_detail', args=[attestation.numero])}",
        "signature": {
            "pour": f"Fait le {complete(issued)}, pour {body.designation}",
            "attendu": "Nom, qualité, signature et cachet",
        },
    }

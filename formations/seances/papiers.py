"""The papers of a session: convocation, attendance sheets, attestation. Each one's data, then its accessible PDF."""

from collections.abc import Sequence

from django.conf import settings
from django.urls import reverse

from extranet.lib.francais import date_longue
from extranet.lib.pdf import render
from formations.enums import Repas
from formations.models import Creneau, Inscription, SessionFormation
from formations.mots import animateurs, duree, etendue, horaires, jour_complet, jours_de, salles
from formations.seances.organisme import Organisme, contact_of, fonctions_of, organisme

IDENTITE = "pièce d’identité"
TITRES = {"apporter": "À apporter", "repas": "Repas et accueil"}
ORGANISATEUR = "l’organisateur"
# The sheet of a half-day keeps rows for those who got their seat after it was printed.
VIERGES_MIN, VIERGES_MAX = 2, 4


def address_of(session: SessionFormation) -> str:
    return f"{settings.SITE_URL}{reverse('formations:session_detail', args=[session.numero])}"


def creneaux_of(session: SessionFormation) -> list[Creneau]:
    return list(session.creneaux.order_by("demi_journee"))


def inscrits_of(session: SessionFormation) -> list[Inscription]:
    """Those who hold a seat, by name, with their agent and collectivité. One query."""
    placed = session.inscriptions.placed().select_related("agent", "collectivite")
    return sorted(placed, key=lambda one: (one.agent.nom.casefold(), one.agent.prenom.casefold(), one.pk))


def convocation(inscription: Inscription, creneaux: Sequence[Creneau], fonction: str, body: Organisme) -> bytes:
    """The letter of one person. Raises RenduImpossible."""
    return render("convocation", convocation_data(inscription, creneaux, fonction, body), images=body.images)


def convocation_data(
    inscription: Inscription, creneaux: Sequence[Creneau], fonction: str, body: Organisme
) -> dict[str, object]:
    session, place = inscription.session, inscription.collectivite
    contact = contact_of(session, body)
    town = [f"Mairie {place.de_nom}" if place.is_commune else place.nom, place.adresse]
    return {
        "service": body.entete,
        "nom": inscription.agent.nom_complet,
        "fonction": fonction,
        "adresse": [line for line in [*town, f"{place.code_postal} {place.ville or place.nom}".strip()] if line],
        "plaque": body.plaque,
        "organisateur": body.complet,
        "contact": contact,
        "lieu-date": "",
        "titre": session.titre,
        "dates": jours_de(creneaux),
        "accueil": _welcome(session, creneaux),
        "demi-journees": [_half_day(one) for one in creneaux],
        "lieu": "En visio" if session.distanciel else session.lieu_nom or (session.lieu.nom if session.lieu else ""),
        "lieu-adresse": _where(session, creneaux),
        "acces": session.acces,
        "position": "",
        "titres": {"apporter": "À prévoir", "repas": "Accueil"} if session.distanciel else TITRES,
        "apporter": _to_bring(session),
        "repas": _meals(session, inscription),
        "annulation": _withdrawing(session, contact_of(session, body, ORGANISATEUR)),
        "salutation": f"Nous vous souhaitons une bonne formation. {body.complet}.",
        "qr": {"session": address_of(session)},
    }


def _half_day(creneau: Creneau, *, court: bool = False) -> dict[str, str]:
    day = " ".join(date_longue(creneau.date).split()[:2]).capitalize() if court else jour_complet(creneau.date)
    hours, long = horaires(creneau), duree(creneau.minutes)
    return {"jour": day, "moment": creneau.moment.label, "heures": hours, "duree": long}


def _welcome(session: SessionFormation, creneaux: Sequence[Creneau]) -> str:
    who = animateurs(session, creneaux) or session.formation.organisme
    led = f" Elle est animée par {who}." if who else ""
    return f"Bonjour, votre place est confirmée pour cette formation : {etendue(creneaux)}.{led}"


def _where(session: SessionFormation, creneaux: Sequence[Creneau]) -> str:
    if session.distanciel:
        return session.lien
    town = f"{session.lieu.code_postal} {session.lieu.nom}".strip() if session.lieu else ""
    return ", ".join(filter(None, [session.lieu_adresse, town, salles(creneaux)]))


def _to_bring(session: SessionFormation) -> list[str]:
    asked = [line.strip() for line in session.formation.a_apporter.splitlines() if line.strip()]
    if session.distanciel:
        return ["Un ordinateur ou un téléphone, avec du son.", *asked]
    named = any(IDENTITE in line.casefold().replace("'", "’") for line in asked)
    return ["Cette convocation." if named else f"Cette convocation et une {IDENTITE}.", *asked]


def _meals(session: SessionFormation, inscription: Inscription) -> list[str]:
    asked = (
        "Un aménagement vous aiderait ? Dites-le sur la page de votre inscription : seuls les responsables des "
        "formations le liront."
    )
    if session.distanciel:
        return [asked]
    words = {
        Repas.AUCUN: "Le repas de midi n’est pas prévu sur place.",
        Repas.OFFERT: "Le repas de midi est offert, sur place.",
        Repas.PAYANT: "Le repas de midi se prend sur place, à votre charge.",
    }
    meal = words[Repas(session.repas)]
    if session.repas != Repas.AUCUN and not inscription.repas:
        meal = "Vous avez dit ne pas prendre le repas de midi."
    return [meal, asked]


def _withdrawing(session: SessionFormation, contact: str) -> str:
    before = f" avant le {date_longue(session.limite_desistement)}" if session.limite_desistement else " au plus tôt"
    return (
        f"Prévenez{before}, pour que la place serve à quelqu’un d’autre : sur la page de votre inscription, bouton "
        f"« Je ne peux plus venir », ou auprès de {contact}."
    )


def emargement(session: SessionFormation, creneaux: Sequence[Creneau]) -> bytes:
    """The sheet of one half-day, or of several: four on a sheet. Raises RenduImpossible."""
    body = organisme()
    return render("emargement", emargement_data(session, creneaux, inscrits_of(session), body), images=body.images)


def emargement_data(
    session: SessionFormation, creneaux: Sequence[Creneau], inscrits: Sequence[Inscription], body: Organisme
) -> dict[str, object]:
    known = fonctions_of([one.agent_id for one in inscrits], [one.collectivite_id for one in inscrits])
    formation = session.formation
    trainer = animateurs(session, creneaux)
    declared = f"déclaration d’activité n° {formation.declaration}" if formation.declaration else ""
    blank = min(VIERGES_MAX, max(VIERGES_MIN, session.libres))
    return {
        "service": body.entete,
        "numero": session.numero,
        "titre": session.titre,
        "organisateur": body.complet,
        "plaque": body.plaque,
        "dates": jours_de(creneaux),
        "duree": etendue(creneaux),
        "heures": duree(sum(one.minutes for one in creneaux)),
        "formateur-mot": "Animée par",
        "formateur": trainer or "................................",
        "formateur-signe": ", ".join(filter(None, ["Signature de qui anime", trainer])),
        "organisme": ", ".join(filter(None, [formation.organisme, declared])),
        "lieu": ", ".join(filter(None, [session.ou, session.lieu_adresse])),
        "lieu-court": session.lieu.nom if session.lieu else session.ou,
        "retour-a": contact_of(session, body, ORGANISATEUR),
        "demi-journees": [_half_day(one, court=True) for one in creneaux],
        "stagiaires": [
            {
                "nom": one.agent.nom_complet,
                "fonction": known.get((one.agent_id, one.collectivite_id), ""),
                "commune": one.collectivite.nom,
            }
            for one in inscrits
        ],
        "vierges": blank,
    }

"""« Mes données »: everything that all the areas hold about a person, in words (RGPD art. 15 and 20)."""

import re
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime

from annuaire.fiche.actes_dits import said
from collectivites.models import Territoire
from extranet.lib.apports import contributions
from extranet.lib.francais import NBSP, heure, jour
from extranet.lib.pdf import render

if TYPE_CHECKING:
    from collectivites.models import Agent

# Names of the data are codes: here are those that French writes otherwise.
MOTS = {
    "a_verifier_avant": "à vérifier avant",
    "acceptee": "acceptée",
    "agendas": "adresses d’agenda",
    "archivee": "archivée",
    "avis": "avis donnés",
    "besoins": "besoins publiés",
    "collectivite": "collectivité",
    "created_at": "noté le",
    "dates_gardees": "dates gardées",
    "date_debut": "du",
    "date_fin": "au",
    "delegation": "délégation",
    "demandees": "demandées",
    "demandes": "demandes de documents",
    "deposees": "déposées",
    "deposes": "déposés",
    "derniere": "dernière",
    "duree": "durée",
    "echanges": "échanges",
    "echanges_traites": "échanges traités",
    "enregistre_par": "enregistré par",
    "etats_des_lieux": "états des lieux",
    "expertises": "sujets sur lesquels solliciter",
    "expertises_montrees": "sujets montrés",
    "first_published_at": "publié le",
    "gardees": "gardées",
    "heures_hebdo": "durée par semaine",
    "identite": "identité",
    "intitule": "intitulé",
    "jusqu_au": "jusqu’au",
    "last_published_at": "modifié le",
    "le": "date",
    "libelle": "libellé",
    "live": "en ligne",
    "materiel": "matériel",
    "materiels": "matériels",
    "materiels_suivis": "matériels suivis",
    "montre": "montré",
    "nom_preteur": "présent pour le prêteur",
    "nom_emprunteur": "présent pour l’emprunteur",
    "numero": "numéro",
    "preferences": "préférences",
    "preparees": "préparées",
    "prets": "prêts",
    "pret": "prêt",
    "prets_conduits": "prêts conduits",
    "prets_demandes": "prêts demandés",
    "prets_repondus": "prêts auxquels vous avez répondu",
    "prenom": "prénom",
    "presence": "présence",
    "propose": "proposé",
    "qualite": "qualité",
    "criteres": "critères",
    "frequence": "fréquence",
    "gardee_le": "gardée le",
    "derniere_alerte": "dernière alerte",
    "recherches_gardees": "recherches gardées",
    "recherches_sans_reponse": "recherches sans réponse",
    "reglement_accepte_le": "règlement accepté le",
    "repondu_le": "répondu le",
    "repondues": "répondues",
    "reponse": "réponse",
    "reponses_aux_besoins": "réponses aux besoins",
    "reseaux": "réseaux",
    "role": "rôle",
    "roles": "rôles",
    "seconds_facteurs": "seconds facteurs",
    "signee_le": "signée le",
    "valable_jusqu_au": "valable jusqu’au",
    "sha256": "empreinte SHA-256",
    "taille_octets": "taille en octets",
    "telephone": "téléphone",
    "telechargements": "téléchargements",
    "title": "titre",
    "traite_le": "traité le",
    "url_path": "adresse",
    "prevenu_le": "prévenu le",
    "fiche_creee_le": "fiche créée le",
    "fiche_cachee_le": "fiche cachée le",
    "derniere_connexion": "dernière connexion",
    "notice_vue_le": "notice lue le",
    "mobile_montre": "mobile montré",
    "accepte_le": "accepté le",
    "archivee_le": "archivée le",
    "envoye_le": "envoyé le",
    "envoyee_le": "envoyée le",
    "deposee_le": "déposée le",
    "obtenue_le": "obtenue le",
    "revoque_le": "révoqué le",
    "precision": "précision",
    "ressources_suivies": "documents suivis",
    "versions_deposees": "versions déposées",
    "copies_deposees": "copies déposées",
    "papiers_deposes": "papiers déposés",
    "conventions_preparees": "conventions préparées",
    "abonnements_proposes": "abonnements proposés",
    "demandes_repondues": "demandes auxquelles vous avez répondu",
    "depots": "dépôts en cours",
    "inscriptions": "inscriptions aux formations",
    "inscriptions_demandees": "inscriptions que vous avez demandées",
    "visas_donnes": "visas donnés",
    "besoins_particuliers": "besoins particuliers (le message est chiffré)",
    "presences": "présences aux formations",
    "titres_rappeles": "titres rappelés",
    "besoins_de_formation": "besoins de formation où vous êtes nommé",
    "besoins_declares": "besoins de formation déclarés",
    "souhaits_partages": "souhaits partagés",
    "campagnes_repondues": "campagnes répondues",
    "sessions_organisees": "sessions organisées",
    "regles_de_visa": "règles de visa",
    "feuilles_deposees": "feuilles déposées",
    "messages_de_prets": "messages de prêts",
}
_DAY = re.compile(r"\d{4}-\d\d-\d\d(T|$)")


def gather(personne: "Agent") -> dict[str, Any]:
    """What each app says that it holds, under the names that it gives."""
    held: dict[str, Any] = {}
    for tell in contributions("donnees_personnelles"):
        held |= tell(personne)
    return held


def word(code: str) -> str:
    """« fiche_creee_le » as it is written: « fiche créée le »."""
    return MOTS.get(code) or code.replace("_", " ")


def parts(held: dict[str, Any]) -> list[dict[str, Any]]:
    """For the page and the paper: what is held, a title and its lines; then, in one line, what is empty."""
    return [
        {"cle": code, "titre": _title(code), "lignes": lines}
        for code, value in held.items()
        if (lines := _lines(value))
    ]


def empty(held: dict[str, Any]) -> list[str]:
    return [word(code) for code, value in held.items() if not _lines(value)]


def paper(personne: "Agent") -> bytes:
    """The same as a PDF."""
    held, territoire = gather(personne), Territoire.load()
    when = timezone.localtime()
    data = {
        "titre": "Mes données",
        "nom": personne.nom_complet,
        "territoire": territoire.nom,
        "date": f"{jour(when.date())} à {heure(when.time())}",
        "parties": parts(held),
        "vides": ", ".join(empty(held)),
        "contact": ", ".join(filter(None, [territoire.dpo_nom, territoire.dpo_courriel])),
    }
    return render("mes-donnees", data, date=when)


def _title(code: str) -> str:
    return word(code)[0].upper() + word(code)[1:]


def _lines(value: Any) -> list[str]:
    if isinstance(value, dict):
        return [f"{_title(code)}{NBSP}: {_text(one)}" for code, one in value.items() if one not in (None, "", [], {})]
    if isinstance(value, list | tuple):
        return [_line(one) for one in value]
    return [_text(value)] if value not in (None, "") else []


def _line(value: Any) -> str:
    if not isinstance(value, dict):
        return _text(value)
    if "acte" in value:
        return _act(value)
    told = [f"{word(code)}{NBSP}: {_text(one)}" for code, one in value.items() if one not in (None, "", [], {})]
    return _capital(" – ".join(told))


def _act(value: dict[str, Any]) -> str:
    """A line of the journal: « 23 novembre à 9 h : absence déclarée, Odile Vuillermet »."""
    what = ", ".join(part for part in (said(value["acte"]), _text(value.get("libelle") or "")) if part)
    return f"{_text(value['le'])}{NBSP}: {what}" if value.get("le") else _capital(what)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _text(value: Any) -> str:
    match value:
        case bool():
            return "oui" if value else "non"
        case list() | tuple():
            return ", ".join(_text(one) for one in value)
        case dict():
            return ", ".join(f"{word(code)} {_text(one)}" for code, one in value.items())
        case str() if _DAY.match(value):
            return _when(value)
    return str(value)


def _when(text: str) -> str:
    moment = parse_datetime(text)
    if isinstance(moment, datetime) and "T" in text:
        local = timezone.localtime(moment) if timezone.is_aware(moment) else moment
        return f"{jour(local.date())} à {heure(local.time())}"
    try:
        day = parse_date(text)
    except ValueError:
        return text
    return jour(day) if day else text

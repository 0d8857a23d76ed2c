"""Everything that the ground floor holds about a person, in words they may read (RGPD art. 15)."""

from typing import Any

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.db.models import Q, QuerySet

from collectivites.models import Agent, EntreeJournal, Poste, Presence
from extranet.lib.demi_journees import Semaine
from extranet.lib.horaires import plage

JOURNAL_MAX = 1000


def personal_data(agent: Agent) -> dict[str, Any]:
    """Ready for JSON: texts, numbers, lists. Passwords and secrets are told, never given."""
    return {
        "identite": {
            "prenom": agent.prenom,
            "nom": agent.nom,
            "courriel": agent.email,
            "fiche_creee_le": agent.created_at.isoformat(),
            "compte_ouvert": agent.is_active,
            "mot_de_passe": agent.has_usable_password(),
            "derniere_connexion": agent.last_login.isoformat() if agent.last_login else None,
            "notice_vue_le": agent.notice_vue_le.isoformat() if agent.notice_vue_le else None,
            "mobile_montre": agent.montre_mobile,
            "expertises_montrees": agent.montre_expertises,
            "fiche_cachee_le": agent.oppose_le.isoformat() if agent.oppose_le else None,
            "fiche_relue_le": agent.confirmee_le.isoformat() if agent.confirmee_le else None,
            "responsable_de": sorted(agent.groups.values_list("name", flat=True)),
        },
        "postes": [_poste(poste) for poste in agent.postes.select_related("collectivite", "fonction")],
        "absences": [str(absence.periode) for absence in agent.absences.all()],
        "habilitations": [
            {
                "type": one.type.libelle,
                "numero": one.numero,
                "obtenue_le": one.obtenue_le.isoformat(),
                "valable_jusqu_au": one.valable_jusqu_au.isoformat() if one.valable_jusqu_au else None,
            }
            for one in agent.habilitations.select_related("type")
        ],
        "expertises": list(agent.expertises.values_list("libelle", flat=True)),
        "reseaux": [
            {"nom": one.reseau.nom, "role": one.get_role_display(), "depuis_le": one.date_debut.isoformat()}
            for one in agent.adhesions.select_related("reseau")
        ],
        "connexions": [
            {"adresse_ip": one.ip, "appareil": one.user_agent, "vue_le": one.last_seen_at.isoformat()}
            for one in UserSession.objects.filter(user=agent)
        ],
        "seconds_facteurs": list(Authenticator.objects.filter(user=agent).values_list("type", flat=True)),
        "journal": [
            {"le": one.created_at.isoformat(), "acte": one.acte, "libelle": one.libelle}
            for one in _journal_of(agent)[:JOURNAL_MAX]
        ],
    }


def _poste(poste: Poste) -> dict[str, Any]:
    return {
        "collectivite": poste.collectivite.nom,
        "fonction": poste.fonction.libelle,
        "intitule": poste.intitule,
        "roles": [role.libelle for role in poste.roles.all()],
        "telephone": poste.telephone,
        "mobile": poste.mobile,
        "courriel": poste.courriel,
        "heures_hebdo": poste.duree_hebdo or None,
        "depuis_le": poste.date_debut.isoformat(),
        "jusqu_au": poste.date_fin.isoformat() if poste.date_fin else None,
        "gestionnaire": poste.gestionnaire,
        "signature": poste.get_signataire_display(),
        "etats_des_lieux": poste.constats,
        "presence": [_half_day(presence) for presence in poste.presences.all()],
    }


def _half_day(presence: Presence) -> str:
    """« lundi matin, semaines paires, de 8 h 30 à 12 h »."""
    words = [f"{presence.get_jour_display()} {presence.get_moment_display()}"]
    words += [presence.get_semaine_display()] if presence.semaine != Semaine.TOUTES else []
    if presence.heure_debut:
        words.append(f"de {plage(presence.heure_debut, presence.heure_fin)}")
    return ", ".join(words)


def _journal_of(agent: Agent) -> QuerySet:
    """What they did, and what was done about them."""
    about = Q(objet="collectivites.agent", objet_id=str(agent.pk))
    about |= Q(objet="collectivites.poste", objet_id__in=[str(pk) for pk in agent.postes.values_list("pk", flat=True)])
    return EntreeJournal.objects.filter(Q(agent=agent) | about)

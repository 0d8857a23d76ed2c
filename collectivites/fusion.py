"""Two cards of one person become one, and may be parted again.

`garde` receives all that named `retire`: each app moves its own rows (`fusionner`). The account of `retire` closes;
what opens it (password, passkeys, groups) is never handed over. The address that opens `garde` is one of the two.
"""

from django.db import models, transaction
from django.db.models import Q
from wagtail.models import Revision

from collectivites.comptes.adresse import follow_address
from collectivites.comptes.connexion import keep_address_in_step
from collectivites.comptes.sessions import close_sessions
from collectivites.droits import can_choose_address, can_edit_account
from collectivites.effacement import forget_row
from collectivites.enums import Domaine, RoleReseau, Signature
from collectivites.journal import record
from collectivites.models import Absence, Adhesion, Agent, Expertise, Habilitation, Poste, Presence
from collectivites.reprises import Bilan, Releve, follow, naming, undo
from extranet.lib.apports import collect, contributions
from extranet.lib.cherchable import reindex
from extranet.lib.typographie import Montrable

# What names an agent and stays with the card that closes: past acts, and what opens an account. `restent` of each app
# adds its own; every other foreign key to an agent is moved.
RESTENT = {
    "collectivites.entreejournal.agent": "le journal ne change pas",
    "collectivites.cleutilisee.agent": "une semaine, pour les doubles clics",
    "collectivites.agent_groups.agent": "un droit ne se transmet pas",
    "collectivites.agent_user_permissions.agent": "un droit ne se transmet pas",
    "account.emailaddress.user": "suit l’adresse de la fiche",
    "mfa.authenticator.user": "un second facteur est celui d’un compte",
    "usersessions.usersession.user": "les connexions se ferment",
    "wagtailusers.userprofile.user": "les réglages de l’administration",
    "wagtailadmin.editingsession.user": "une page ouverte dans l’administration",
    "wagtailadmin.formstate.user": "un formulaire ouvert dans l’administration",
    "wagtailcore.apitoken.user": "une clé est celle d’un compte",
    "wagtailcore.modellogentry.user": "le journal ne change pas",
    "wagtailcore.pagelogentry.user": "le journal ne change pas",
    "wagtailcore.uploadedfile.uploaded_by_user": "un envoi en cours",
    "wagtaildocs.document.uploaded_by_user": "table sans usage ici",
    "wagtailimages.image.uploaded_by_user": "table sans usage ici",
}
DROITS_DU_POSTE = ("signataire", "delegation_date", "delegation_reference")
COMPLETES = ("intitule", "telephone", "mobile", "courriel", "heures_hebdo")


class FusionRefusee(Montrable):
    """Why these two cards are not joined or parted; the text may be shown."""


def why_not_merge(par: Agent, garde: Agent, retire: Agent, email: str | None) -> str:
    """Why `par` may not join these two under `email`, in words; empty when they may.

    Whoever opens the kept card will hold all the rights of both: the one whose address goes must be somebody whose
    address `par` may choose, and so must the one who is brought under the password and passkeys of the other. Nobody
    joins their own card, whatever their rights.
    """
    if garde == retire:
        return "Choisissez deux fiches différentes."
    if not par.answers_for(Domaine.ANNUAIRE):
        return "Seuls les responsables de l’annuaire réunissent deux fiches."
    if par in (garde, retire):
        return "C’est votre propre fiche : demandez à une autre personne de l’équipe de la réunir."
    if garde.efface_le or retire.efface_le:
        return "L’une de ces fiches est effacée."
    for one in (garde, retire):
        if not can_edit_account(par, one):
            return f"{one} a des responsabilités à l’intercommunalité : demandez à un administrateur."
    return _why_not_by(par, garde, retire, email)


def _why_not_by(par: Agent, garde: Agent, retire: Agent, email: str | None) -> str:
    """Why this address may not open what both hold."""
    if email not in (garde.email, retire.email) or (email is None and (garde.email or retire.email)):
        return "Choisissez l’une des deux adresses."
    for one in (garde, retire):
        if one.email != email and not can_choose_address(par, one):
            return (
                f"{one} a un mandat, une signature, un poste à l’intercommunalité ou la gestion d’une mairie : son "
                "compte s’ouvrirait avec une autre adresse. Gardez son adresse, ou demandez à un administrateur."
            )
    if email != garde.email and not can_choose_address(par, retire):
        return (
            f"{retire} a un mandat, une signature, un poste à l’intercommunalité ou la gestion d’une mairie : le mot "
            "de passe et les clés de l’autre fiche ouvriraient son compte. Gardez sa fiche, ou demandez à un "
            "administrateur."
        )
    return ""


@transaction.atomic
def merge_agents(garde: Agent, retire: Agent, par: Agent, email: str | None) -> list[dict]:
    """Joins `retire` to `garde`; returns what undoing needs (`unmerge_agents`). Raises FusionRefusee."""
    locked = Agent.objects.select_for_update().order_by("pk").in_bulk([garde.pk, retire.pk])
    garde, retire = locked[garde.pk], locked[retire.pk]
    if reason := why_not_merge(par, garde, retire, email):
        raise FusionRefusee(reason)
    releve = Releve(lambda: watched(garde, retire))
    for move in contributions("fusionner"):
        move(garde, retire)
    _join_rows(garde, retire, par, email)
    changes = releve.differences()
    follow(changes)
    reindex(Agent.to_index().filter(pk__in=[garde.pk, retire.pk]))
    record("agent.reuni", garde, agent=par, autre=retire.pk)
    return changes


def watched(garde: Agent, retire: Agent) -> list[models.QuerySet]:
    """All the rows that joining them may touch."""
    both, through = [garde.pk, retire.pk], Poste.roles.through.objects
    return [
        Agent.objects.filter(pk__in=both),
        *naming(Agent, both, but={*left_alone(), "wagtailcore.revision.user"}),
        # Their whole texts: those that move, not those of the card that is kept.
        Revision.objects.filter(user=retire),
        Presence.objects.filter(poste__agent__in=both),
        through.filter(poste__agent__in=both),
        *collect("temoins_fusion", garde, retire),
    ]


def left_alone() -> dict[str, str]:
    """The foreign keys to an agent that a merge leaves, with the reason."""
    found = dict(RESTENT)
    for declared in contributions("restent"):
        found |= declared()
    return found


def _join_rows(garde: Agent, retire: Agent, par: Agent, email: str | None) -> None:
    """What one has asked to hide stays hidden; the account of `retire` closes."""
    former, closed = garde.email, retire.email
    retire.email, retire.is_active = None, False
    retire.save(update_fields=["email", "is_active"])
    keep_address_in_step(retire)
    close_sessions(retire)
    garde.montre_mobile &= retire.montre_mobile
    garde.montre_expertises &= retire.montre_expertises
    garde.oppose_le = garde.oppose_le or retire.oppose_le
    garde.email = email
    garde.save(update_fields=["montre_mobile", "montre_expertises", "oppose_le", "email"])
    if email != former:
        follow_address(garde, former, by=par)
    if closed and closed != email:
        record("compte.ferme", retire, agent=par)


@transaction.atomic
def unmerge_agents(garde: Agent, retire: Agent, par: Agent, changes: list[dict]) -> Bilan:
    """Puts back what has not changed since. Raises FusionRefusee."""
    locked = Agent.objects.select_for_update().order_by("pk").in_bulk([garde.pk, retire.pk])
    garde, retire = locked[garde.pk], locked[retire.pk]
    former = garde.email
    _check_undo(par, garde, retire, changes)
    bilan = undo(changes)
    garde.refresh_from_db()
    retire.refresh_from_db()
    for one in (garde, retire):
        keep_address_in_step(one)
    if garde.email != former:
        close_sessions(garde)
    reindex(Agent.to_index().filter(pk__in=[garde.pk, retire.pk]))
    record("agent.separe", garde, agent=par, autre=retire.pk)
    return bilan


def _check_undo(par: Agent, garde: Agent, retire: Agent, changes: list[dict]) -> None:
    if garde.efface_le or retire.efface_le:
        raise FusionRefusee("L’une de ces fiches est effacée : elles ne se séparent plus.")
    if par in (garde, retire):
        raise FusionRefusee("C’est votre propre fiche : demandez à une autre personne de l’équipe.")
    if not all(can_edit_account(par, one) for one in (garde, retire)):
        raise FusionRefusee("L’une de ces personnes a des responsabilités : demandez à un administrateur.")
    card = {"modele": Agent._meta.label_lower, "cle": garde.pk}
    moved = any(card.items() <= change.items() and "email" in (change["avant"] or {}) for change in changes)
    if moved and not can_choose_address(par, garde):
        raise FusionRefusee(f"L’adresse qui ouvre le compte de {garde} changerait : demandez à un administrateur.")


def forget_merged(retire: Agent) -> None:
    """What is left of the card that closed, once it cannot be undone: nothing that names anybody.

    Not `erase`, which takes the name out of every text: the person is still there, under the other card.
    """
    forget_row(retire)


def merge_rows(garde: Agent, retire: Agent) -> None:
    """The rows of the ground floor: postes with their rights, absences, habilitations, expertises, networks."""
    _merge_postes(garde, retire)
    _merge_absences(garde, retire)
    _merge_adhesions(garde, retire)
    for model, same in ((Expertise, ("libelle",)), (Habilitation, ("type", "obtenue_le"))):
        known = set(model.objects.filter(agent=garde).values_list(*same))
        for row in model.objects.filter(agent=retire):
            if tuple(row.serializable_value(name) for name in same) in known:
                model.objects.filter(pk=row.pk).delete()
        model.objects.filter(agent=retire).update(agent=garde)


def _merge_postes(garde: Agent, retire: Agent) -> None:
    """The same fonction held twice in one place, without end, is one poste: with the rights and days of both."""
    kept = {(p.collectivite_id, p.fonction_id): p for p in garde.postes.filter(date_fin=None)}
    for poste in retire.postes.filter(date_fin=None):
        if twin := kept.get((poste.collectivite_id, poste.fonction_id)):
            join_postes(twin, poste)
    Poste.objects.filter(agent=retire).update(agent=garde)


def join_postes(kept: Poste, other: Poste) -> None:
    """`other` goes; what it had more is now of `kept`, the rights too while they are in force."""
    for name in COMPLETES:
        setattr(kept, name, getattr(kept, name) or getattr(other, name))
    if other.ferme_le is None or kept.ferme_le is not None:
        kept.gestionnaire |= other.gestionnaire
        kept.constats |= other.constats
        if kept.signataire == Signature.NON:
            for name in DROITS_DU_POSTE:
                setattr(kept, name, getattr(other, name))
    kept.ferme_le = kept.ferme_le and other.ferme_le
    kept.date_debut = min(kept.date_debut, other.date_debut)
    if not kept.presences.exists():
        other.presences.update(poste=kept)
    kept.roles.add(*other.roles.all())
    Poste.objects.filter(pk=other.pk).delete()
    kept.save()


def _merge_absences(garde: Agent, retire: Agent) -> None:
    """Nobody answers for themself; the same days said twice are said once."""
    dates = ("date_debut", "moment_debut", "date_fin", "moment_fin")
    known = set(Absence.objects.filter(agent=garde).values_list(*dates))
    for absence in Absence.objects.filter(agent=retire):
        if tuple(getattr(absence, name) for name in dates) in known:
            absence.delete()
    both = Q(agent=garde, remplacant=retire) | Q(agent=retire, remplacant=garde)
    Absence.objects.filter(both).update(remplacant=None)
    Absence.objects.filter(agent=retire).update(agent=garde)
    Absence.objects.filter(remplacant=retire).update(remplacant=garde)


def _merge_adhesions(garde: Agent, retire: Agent) -> None:
    kept = {one.reseau_id: one for one in garde.adhesions.filter(date_fin=None)}
    for adhesion in retire.adhesions.filter(date_fin=None):
        twin = kept.get(adhesion.reseau_id)
        if twin is None:
            continue
        if adhesion.role == RoleReseau.ANIMATEUR and twin.role == RoleReseau.MEMBRE:
            twin.role = adhesion.role
        twin.date_debut = min(twin.date_debut, adhesion.date_debut)
        adhesion.delete()
        twin.save()
    Adhesion.objects.filter(agent=retire).update(agent=garde)

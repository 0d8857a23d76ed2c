"""Erasing a person: the row stays, for what points to it, and says nothing of them any more.

What they signed keeps its own copy of their name: these are acts of the collectivité, not the directory.
"""

import json
import logging
from datetime import timedelta

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, TextField
from django.db.models.functions import Cast
from django.utils import timezone
from wagtail.models import ModelLogEntry
from wagtail.users.models import UserProfile

from collectivites.comptes.sessions import close_sessions
from collectivites.journal import record
from collectivites.models import Absence, Agent, EntreeJournal, Poste, Presence, Territoire
from extranet.lib.apports import contributions
from extranet.lib.typographie import Montrable

logger = logging.getLogger(__name__)

NOM = "Personne effacée"


class EffacementRefuse(Montrable):
    """The person may not be erased now; the text may be shown and says what to do."""


@transaction.atomic
def erase(agent: Agent, by: Agent | None) -> None:
    """Blanks `agent` and everything that names them, in every app, in one transaction; twice is as once.

    `by` is None for the erasure that follows a departure. Raises EffacementRefuse for someone still in office, or
    about to be.
    """
    agent = Agent.objects.select_for_update().get(pk=agent.pk)
    if agent.efface_le is not None:
        return
    if agent.postes.not_ended().exists():
        raise EffacementRefuse(f"{agent} est encore en poste. Terminez d’abord ses postes, puis effacez sa fiche.")
    for blank in contributions("effacer"):
        blank(agent)
    _blank_journal(agent)
    _blank_admin_log(agent)
    forget_row(agent)
    record("agent.efface", agent, agent=by, libelle=NOM)


def erase_departed() -> int:
    """Erases those whose last poste ended more days ago than the territory keeps them. Returns how many.

    Someone with a poste to come, or who never had one, is left; administrators are erased by hand.
    """
    days = Territoire.load().jours_effacement
    kept_since, limit = timezone.localdate() - timedelta(days=days), timezone.now() - timedelta(days=days)
    recent = Poste.objects.filter(
        Q(date_fin=None) | Q(date_fin__gte=kept_since), Q(ferme_le=None) | Q(ferme_le__gt=limit), agent=OuterRef("pk")
    )
    gone = Agent.objects.filter(Exists(Poste.objects.filter(agent=OuterRef("pk"))), efface_le=None, is_superuser=False)
    done = 0
    for agent in gone.filter(~Exists(recent)):
        try:
            erase(agent, None)
            done += 1
        except Exception:
            # One person that cannot be erased must not keep all the next ones for ever.
            logger.exception("L’agent %s n’a pas pu être effacé", agent.pk)
    return done


def forget_row(agent: Agent) -> None:
    """The row alone: nothing that names a person, no account. Twice is as once."""
    _drop_account(agent)
    _drop_directory(agent)
    _blank_row(agent)


def _blank_row(agent: Agent) -> None:
    agent.prenom, agent.nom, agent.slug, agent.email = "", NOM, f"efface-{agent.pk}", None
    agent.is_active = agent.is_superuser = False
    agent.last_login = agent.notice_vue_le = agent.oppose_le = agent.confirmee_le = None
    agent.montre_mobile = agent.montre_expertises = True
    agent.efface_le = timezone.now()
    agent.set_unusable_password()
    agent.save()
    agent.groups.clear()
    agent.user_permissions.clear()


def _drop_account(agent: Agent) -> None:
    close_sessions(agent)
    for model in (EmailAddress, Authenticator, UserSession):
        model.objects.filter(user=agent).delete()
    for profile in UserProfile.objects.filter(user=agent):
        profile.avatar.delete(save=False)
        profile.delete()


def _drop_directory(agent: Agent) -> None:
    """A poste keeps its place, its fonction and its dates, which count in the figures of the collectivité."""
    Presence.objects.filter(poste__agent=agent).delete()
    for poste in agent.postes.all():
        poste.roles.clear()
    agent.postes.update(intitule="", telephone="", mobile="", courriel="", heures_hebdo=None)
    Absence.objects.filter(remplacant=agent).update(remplacant=None)
    for things in (agent.absences, agent.habilitations, agent.expertises, agent.adhesions):
        things.all().delete()


def _own_keys(agent: Agent) -> dict[str, list[str]]:
    """Labels of the models that are about this person alone, with the ids that are theirs."""
    things = (agent.postes, agent.absences, agent.habilitations, agent.expertises, agent.adhesions)
    keys = {rows.model._meta.label_lower: [str(pk) for pk in rows.values_list("pk", flat=True)] for rows in things}
    return {Agent._meta.label_lower: [str(agent.pk)], **keys}


def _lines_of(agent: Agent) -> Q:
    """The lines of the journal about this person alone."""
    about = Q()
    for label, ids in _own_keys(agent).items():
        about |= Q(objet=label, objet_id__in=ids)
    return about


def _blank_journal(agent: Agent) -> None:
    """Own lines lose their words; lines about other things lose the name. Who acted, on what and when stays.

    The lines about a namesake keep theirs.
    """
    own = _lines_of(agent)
    EntreeJournal.objects.filter(own).update(libelle=NOM, donnees={})
    others = EntreeJournal.objects.exclude(own)
    for namesake in Agent.objects.filter(prenom=agent.prenom, nom=agent.nom).exclude(pk=agent.pk):
        others = others.exclude(_lines_of(namesake))
    words = [word for word in (agent.nom_complet, agent.email) if word]
    for entry in others.annotate(texte=Cast("donnees", TextField())).filter(_mentions(words)):
        entry.libelle, entry.donnees = _without(entry.libelle, words), _without(entry.donnees, words)
        entry.save(update_fields=["libelle", "donnees"])


def _mentions(words: list[str]) -> Q:
    """Lines that hold one of the words, in the label or in the data: SQLite keeps JSON with its accents escaped."""
    asked = Q()
    for word in words:
        asked |= Q(libelle__contains=word) | Q(texte__contains=word) | Q(texte__contains=json.dumps(word)[1:-1])
    return asked


def _without(value: object, words: list[str]) -> object:
    """The same text, list or dict without the words."""
    match value:
        case str():
            for word in words:
                value = value.replace(word, NOM)
        case list():
            return [_without(item, words) for item in value]
        case dict():
            return {key: _without(item, words) for key, item in value.items()}
    return value


def _blank_admin_log(agent: Agent) -> None:
    """Wagtail's own log of what was done to the person in the admin."""
    for label, ids in _own_keys(agent).items():
        kind = ContentType.objects.get_by_natural_key(*label.split("."))
        ModelLogEntry.objects.filter(content_type=kind, object_id__in=ids).update(label=NOM, data={})

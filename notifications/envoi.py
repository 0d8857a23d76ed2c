"""Telling somebody something. What the other apps use of this one:

    notify(destinataires, sorte, titre, url=…, …)       a line in the inbox, and a mail as each one prefers
    write_mail(gabarit, contexte, adresse=… | agent=…)  a direct mail: code, invitation, answer to somebody outside
    withdraw(objet)                                     what it told disappears (unpublished, deleted)
    audience.readers_of(codes)                          the agents who may read a diffusion
    abonnements.followers_of(code)                      the agents who follow « theme:3 »

All write in the caller's transaction and send nothing: `manage.py veille` looks at the outbox twice a second, so that a
code leaves at once without the request having to call anybody, and a slow server never slows a page.

A kind of notification is declared by its app in `apports.sortes()`. A mail is one template that extends
`notifications/courriels/base.html` (blocks `sujet`, `apercu`, `titre`, `corps`, `note`); its plain text is drawn from
the same words. `contexte` may hold `bouton` and `lien` (`extranet.lib.apports.Lien`).
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import IntegrityError, models, transaction
from django.utils import timezone
from django.utils.text import Truncator

from collectivites.models import Agent, Poste, Territoire
from extranet.lib.emails import Piece, render
from notifications.enums import Envoi, Frequence
from notifications.models import Courriel, Notification, PieceJointe
from notifications.models.courriel import DUREE_DE_VIE, new_key
from notifications.objets import reference
from notifications.preferences import FrequencesParAgent, espace_of, on_pause, sortes

if TYPE_CHECKING:
    from collectivites.models import Collectivite
    from extranet.lib.apports import Sorte

ENVOIS = {
    Frequence.IMMEDIATE: Envoi.IMMEDIAT,
    Frequence.QUOTIDIEN: Envoi.RESUME,
    Frequence.HEBDOMADAIRE: Envoi.RESUME,
    Frequence.JAMAIS: Envoi.AUCUN,
}


@dataclass(frozen=True)
class SorteDirecte:
    """A kind of direct mail.

    `refaire` declares that its words open something (a code, a signed link): they are erased as soon as the mail stops,
    it is never sent again, and this sentence tells the administrator what to do instead.
    """

    code: str
    refaire: str = ""


MESSAGE = SorteDirecte("message")


@dataclass(frozen=True)
class Destination:
    """One line to write: for whom, and to which colleagues without e-mail it is to be passed on.

    `relais`: the reader is not concerned otherwise.
    """

    agent: Agent
    collectivite_id: int | None
    relais: bool = False
    pour: list[Agent] = field(default_factory=list)


def notify(
    destinataires: Iterable[Agent],
    sorte: str,
    titre: str,
    *,
    url: str = "",
    texte: str = "",
    action: str = "",
    icone: str = "",
    urgente: bool = False,
    collectivite: "Collectivite | None" = None,
    visible_par: Iterable[str] = (),
    objet: models.Model | None = None,
    auteur: Agent | None = None,
    gabarit: str = "",
    cle: str = "",
) -> int:
    """Tells `titre` to each one, once for a given `cle`, and returns how many were told now.

    `auteur` is not told of their own act. `collectivite` is the one for which the reader is told: without a poste there
    they no longer see it. `visible_par` are codes of diffusion, `objet` what is told about: the mail leaves only if its
    reader may see it then. Told again with the same `cle`, words and diffusion follow, and only newcomers are told.
    An agent without e-mail is reached through the gestionnaires. `urgente` and imposed kinds are mailed at once.
    Raises KeyError for a kind that no app declares.
    """
    kind = sortes()[sorte]
    label, objet_id = reference(objet) if objet is not None else ("", "")
    model = Notification(
        sorte=sorte,
        titre=Truncator(titre).chars(200),
        texte=Truncator(texte).chars(500),
        url=url,
        action=action,
        area=kind.area,
        icone=icone or espace_of(kind.area).icone,
        urgente=urgente,
        diffusion=sorted(set(visible_par)),
        objet=label,
        objet_id=objet_id,
        auteur=auteur,
        gabarit=gabarit,
        cle=cle,
    )
    to_tell = _destinations(destinataires, auteur, collectivite)
    try:
        return _tell(to_tell, model, kind)
    except IntegrityError:
        if not cle:
            raise
        # Told by another process between our reading and our writing: a second look finds it.
        return _tell(to_tell, model, kind)


def write_mail(
    gabarit: str,
    contexte: dict,
    *,
    adresse: str = "",
    agent: Agent | None = None,
    sorte: SorteDirecte = MESSAGE,
    express: bool = False,
    compte: bool = False,
    cle: str = "",
    expire_apres: timedelta = DUREE_DE_VIE,
    pieces: Sequence[Piece] = (),
) -> list[Courriel]:
    """Writes a direct mail: to `adresse`, else to the agent, else to those who reach an agent without e-mail.

    `express`: somebody waits for it behind the screen; it passes before the others. `compte`: about the account itself,
    it leaves even without a poste in force. `expire_apres`: the life of what it carries, for a code. The same `cle`
    twice writes one mail. `pieces` leave with it, and are erased with its words. An empty list: nobody to write to.
    """
    envelopes = [(adresse, agent, "")] if adresse else _addresses_of(agent)
    written = []
    for address, reader, pour in envelopes:
        rendu = render(gabarit, {"territoire": Territoire.load(), "agent": reader, "transmettre_a": pour, **contexte})
        courriel = Courriel(
            agent=reader,
            adresse=address.strip().lower(),
            sorte=sorte.code,
            refaire=sorte.refaire,
            sujet=rendu.sujet[:250],
            texte=rendu.texte,
            html=rendu.html,
            express=express,
            exige_poste=reader is not None and not compte,
            cle=f"{cle}:{address}"[:160] if cle else new_key(),
            expire_le=timezone.now() + expire_apres,
        )
        written.append(_save_once(courriel, pieces) if cle else _save(courriel, pieces))
    return written


def withdraw(objet: models.Model) -> int:
    """What told about `objet` leaves the inboxes, and its mails do not leave."""
    label, objet_id = reference(objet)
    return Notification.objects.filter(objet=label, objet_id=objet_id).delete()[1].get("notifications.Notification", 0)


def cancel_mails(cle: str, reason: str) -> int:
    """The direct mails written with this `cle` that have not left never will. Returns how many."""
    waiting = Courriel.objects.waiting().filter(cle__startswith=f"{cle}:")
    return sum(courriel.cancel(reason) for courriel in waiting)


def _save(courriel: Courriel, pieces: Sequence[Piece]) -> Courriel:
    courriel.save(force_insert=True)
    PieceJointe.objects.bulk_create(
        PieceJointe(courriel=courriel, nom=one.nom, genre=one.genre, contenu=one.contenu) for one in pieces
    )
    return courriel


def _save_once(courriel: Courriel, pieces: Sequence[Piece]) -> Courriel:
    written = Courriel.objects.filter(cle=courriel.cle).first()
    if written:
        return written
    try:
        with transaction.atomic():
            return _save(courriel, pieces)
    except IntegrityError:
        return Courriel.objects.get(cle=courriel.cle)


def _addresses_of(agent: Agent | None) -> list[tuple[str, Agent, str]]:
    if agent is None:
        raise ValueError("Un courriel a une adresse ou un agent.")
    if agent.email:
        return [(agent.email, agent, "")]
    return [(relais.email, relais, agent.nom_complet) for relais, _ in relais_of([agent])[agent.pk]]


def relais_of(agents: list[Agent], collectivite: "Collectivite | None" = None) -> dict[int, list[tuple[Agent, int]]]:
    """Who reaches each of these agents without e-mail: the gestionnaires of where they work, with the collectivité.

    With `collectivite`, those of that one only. Two queries.
    """
    where = defaultdict(set)
    postes = Poste.objects.in_force().filter(agent__in=agents)
    if collectivite is not None:
        postes = postes.filter(collectivite=collectivite)
    for agent_id, collectivite_id in postes.values_list("agent_id", "collectivite_id"):
        where[agent_id].add(collectivite_id)
    relays = defaultdict(list)
    reachable = Poste.objects.gestionnaires_of(set().union(*where.values())).filter(agent__email__isnull=False)
    for poste in reachable.select_related("agent").order_by("pk"):
        relays[poste.collectivite_id].append(poste.agent)
    found: dict[int, list[tuple[Agent, int]]] = defaultdict(list)
    for agent_id, collectivites in where.items():
        once: dict[int, tuple[Agent, int]] = {}
        for collectivite_id in sorted(collectivites):
            for relais in relays[collectivite_id]:
                once.setdefault(relais.pk, (relais, collectivite_id))
        found[agent_id] = list(once.values())
    return found


def _destinations(
    destinataires: Iterable[Agent], auteur: Agent | None, collectivite: "Collectivite | None"
) -> list[Destination]:
    """One line a reader, even for a gestionnaire who has several colleagues to tell."""
    agents = {a.pk: a for a in destinataires if a.is_active and a.efface_le is None}
    if auteur is not None:
        agents.pop(auteur.pk, None)
    lines = {pk: Destination(agent, collectivite.pk if collectivite else None) for pk, agent in agents.items()}
    unreachable = [agent for agent in agents.values() if not agent.email]
    relays = relais_of(unreachable, collectivite) if unreachable else {}
    for agent in unreachable:
        for relais, collectivite_id in relays[agent.pk]:
            if relais != auteur:
                lines.setdefault(relais.pk, Destination(relais, collectivite_id, relais=True)).pour.append(agent)
    return list(lines.values())


def _tell(to_tell: list[Destination], model: Notification, kind: "Sorte") -> int:
    with transaction.atomic():
        return len(_write(_newcomers(to_tell, model) if model.cle else to_tell, model, kind))


def _newcomers(to_tell: list[Destination], model: Notification) -> list[Destination]:
    """Those not told yet; for the others, the words and the diffusion follow."""
    said = Notification.objects.filter(cle=model.cle)
    said.update(titre=model.titre, texte=model.texte, url=model.url, diffusion=model.diffusion)
    known = set(said.values_list("destinataire_id", flat=True))
    return [one for one in to_tell if one.agent.pk not in known]


def _write(to_tell: list[Destination], model: Notification, kind: "Sorte") -> list[Notification]:
    if not to_tell:
        return []
    frequences = FrequencesParAgent(kind, urgente=model.urgente)
    away = frozenset() if frequences.imposed else on_pause(timezone.localdate())
    rows = []
    for one in to_tell:
        row = _copy(model, one)
        row.envoi = ENVOIS[Frequence(frequences.of(one.agent.pk))] if one.agent.email else Envoi.AUCUN
        if row.envoi == Envoi.IMMEDIAT and one.agent.pk in away:
            row.envoi = Envoi.RESUME
        rows.append(row)
    Notification.objects.bulk_create(rows)
    passed_on = Notification.pour.through
    passed_on.objects.bulk_create(
        passed_on(notification_id=row.pk, agent_id=agent.pk)
        for row, one in zip(rows, to_tell, strict=True)
        for agent in one.pour
    )
    expire_le = timezone.now() + DUREE_DE_VIE
    Courriel.objects.bulk_create(
        Courriel(
            agent=row.destinataire,
            adresse=row.destinataire.email,
            sorte=row.sorte,
            sujet=row.titre_complet[:250],
            notification=row,
            expire_le=expire_le,
        )
        for row in rows
        if row.envoi == Envoi.IMMEDIAT
    )
    return rows


def _copy(model: Notification, one: Destination) -> Notification:
    fields = {field.attname: getattr(model, field.attname) for field in Notification._meta.concrete_fields}
    fields.pop("id")
    fields |= {"destinataire_id": one.agent.pk, "collectivite_id": one.collectivite_id, "relais": one.relais}
    row = Notification(**fields)
    row.destinataire = one.agent
    return row

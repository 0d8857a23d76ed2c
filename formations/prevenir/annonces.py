"""What each act is told as, to the person and to their mairie."""

from typing import TYPE_CHECKING

from formations.adresses import VISAS
from formations.enums import Acte, StatutInscription
from formations.models import Inscription
from formations.places import delais
from formations.prevenir import mots
from formations.prevenir.nouvelles import Nouvelle, tell_commune, tell_organisers, tell_person
from formations.prevenir.personnes import mairie, not_convened, organisers, visers
from formations.prevenir.sortes import ATTENTE, COMMUNE, OFFRE, ORGANISER, PLACE, SESSION, VISA

if TYPE_CHECKING:
    from collections.abc import Callable

S = StatutInscription


def placed(nouvelle: Nouvelle) -> None:
    """Booked, promoted, offered and taken, or agreed by the mairie: confirmed, or held until the visa."""
    held = nouvelle.premier.vers == S.TENUE
    for one in nouvelle.inscriptions:
        tell_person(nouvelle, one, PLACE, *(_held if held else _confirmed)(nouvelle, one))
    if held:
        _ask_visa(nouvelle)
        return
    title = {
        Acte.PROMUE: "Place obtenue en liste d’attente pour",
        Acte.OFFRE_PRISE: "Place acceptée par",
        Acte.VISEE: "Visa accordé pour",
    }.get(Acte(nouvelle.acte), "Inscription de")
    _to_mairie(nouvelle, title)


def _confirmed(nouvelle: Nouvelle, one: Inscription) -> tuple[str, str]:
    opening = {
        Acte.PROMUE: "Une place s’est libérée, elle est à vous.",
        Acte.VISEE: "Votre mairie a donné son accord.",
    }.get(Acte(nouvelle.acte), "")
    if one.remplace_id:
        opening = f"Vous remplacez {one.remplace.agent.nom_complet}."
    return (
        f"Votre place est confirmée : {mots.nom(nouvelle.session)}",
        f"{opening} La convocation viendra avant la session. Un empêchement ? Rendez la place, quelqu’un l’attend.",
    )


def _held(nouvelle: Nouvelle, one: Inscription) -> tuple[str, str]:
    return (
        f"Une place est tenue pour vous : {mots.nom(nouvelle.session)}",
        f"Elle est à vous dès que votre mairie donne son accord, au plus tard {mots.limite(one)}.",
    )


def _ask_visa(nouvelle: Nouvelle) -> None:
    """Those who may give it are asked; the other gestionnaires are told."""
    first, asked = nouvelle.inscriptions[0], visers(nouvelle.collectivite)
    title = f"Visa attendu pour {mots.people(nouvelle.inscriptions)} : {mots.nom(nouvelle.session)}"
    text = f"{mots.names(nouvelle.inscriptions)} Sans réponse {mots.limite(first)}, la place va à quelqu’un d’autre."
    options = {"url": VISAS, "action": "Donner le visa"}
    tell_commune(nouvelle, asked, VISA, title, text, **options)
    known = {one.pk for one in asked}
    others = [one for one in mairie(first) if one.pk not in known]
    tell_commune(nouvelle, others, COMMUNE, title, text)


def queued(nouvelle: Nouvelle) -> None:
    for one in nouvelle.inscriptions:
        tell_person(
            nouvelle,
            one,
            ATTENTE,
            f"En liste d’attente, rang {one.rang} : {mots.nom(nouvelle.session)}",
            "Ce rang ne change pas. Vous serez prévenu dès qu’une place se libère pour vous.",
        )
    _to_mairie(nouvelle, "Mise en liste d’attente de")


def agreed(nouvelle: Nouvelle) -> None:
    """A visa: the seat is confirmed, or the rank waits on."""
    if nouvelle.premier.vers == S.CONFIRMEE:
        placed(nouvelle)


def offered(nouvelle: Nouvelle) -> None:
    """It awaits an answer in a few hours: the mairie is told at once too, since it may answer for its agent."""
    for one in nouvelle.inscriptions:
        tell_person(
            nouvelle,
            one,
            OFFRE,
            f"Une place vous est proposée : {mots.nom(nouvelle.session)}",
            f"Répondez avant {mots.limite(one)} : ensuite elle va à la personne suivante.",
        )
    first = nouvelle.inscriptions[0]
    _to_mairie(nouvelle, "Place proposée à", f"Réponse attendue avant {mots.limite(first)}.", urgente=True)


def gone(nouvelle: Nouvelle) -> None:
    """Given back, refused, out of time: the person and the mairie; near the date, whoever calls the next one."""
    title, reason = _departure(nouvelle)
    for one in not_convened(nouvelle.inscriptions):
        sorte = ATTENTE if nouvelle.premier.de == S.ATTENTE else PLACE
        tell_person(nouvelle, one, sorte, f"{title[0]} : {mots.nom(nouvelle.session)}", reason)
    _to_mairie(nouvelle, title[1], reason)
    freed = nouvelle.premier.de in (S.TENUE, S.OFFERTE, S.CONFIRMEE)
    if freed and _to_call(nouvelle):
        tell_organisers(
            nouvelle,
            organisers(nouvelle.session),
            ORGANISER,
            f"Une place à donner par téléphone : {mots.nom(nouvelle.session)}",
            "La session commence dans moins de 24 heures. La liste d’attente est dans l’ordre, avec les numéros.",
        )


def _departure(nouvelle: Nouvelle) -> tuple[tuple[str, str], str]:
    """Words for the person, words for the mairie, and why."""
    match nouvelle.acte:
        case Acte.REFUSEE:
            return ("Votre mairie n’a pas donné son accord", "Visa refusé pour"), mots.motif(nouvelle.motif)
        case Acte.EXPIREE if nouvelle.premier.de == S.ATTENTE:
            return ("Pas de place cette fois", "Pas de place pour"), "La session a commencé sans place libre."
        case Acte.EXPIREE if nouvelle.premier.de == S.OFFERTE:
            return ("La place proposée est passée", "Place proposée sans réponse de"), "Elle va à la personne suivante."
        case Acte.EXPIREE:
            return ("Votre place n’est plus tenue", "Visa non donné à temps pour"), "L’accord n’est pas venu à temps."
    return ("Votre inscription est retirée", "Désistement de"), mots.motif(nouvelle.motif)


def _to_call(nouvelle: Nouvelle) -> bool:
    session, now = nouvelle.session, nouvelle.premier.created_at
    if session.is_full or delais.regime_of(session, now) != delais.Regime.APPEL:
        return False
    return session.inscriptions.waiting().exists()


def replaced(nouvelle: Nouvelle) -> None:
    reason = mots.motif(nouvelle.motif)
    for one in not_convened(nouvelle.inscriptions):
        new = getattr(one, "remplacee_par", None)
        who = new.agent.nom_complet if new else "Quelqu’un d’autre"
        tell_person(nouvelle, one, PLACE, f"{who} vous remplace : {mots.nom(nouvelle.session)}", reason)
    _to_mairie(nouvelle, "Remplacement de", reason)


def cancelled(nouvelle: Nouvelle) -> None:
    """The lines of its seats and ranks: each person, and each mairie once."""
    title, reason = f"Session annulée : {mots.nom(nouvelle.session)}", mots.motif(nouvelle.motif)
    text = f"{reason} L’organisateur vous dira quelle autre session vous est proposée."
    for one in not_convened(nouvelle.inscriptions):
        tell_person(nouvelle, one, SESSION, title, text)
    who = mots.names(nouvelle.inscriptions)
    who = f"Vos agents : {who}" if who else f"Votre agent : {mots.people(nouvelle.inscriptions)}."
    tell_commune(
        nouvelle, mairie(nouvelle.inscriptions[0]), SESSION, title, f"{reason} {who}", action="Voir la session"
    )


def favoured(nouvelle: Nouvelle) -> None:
    """A rank that passes before the others from now on; no word when it no longer does."""
    if not all(one.priorite for one in nouvelle.inscriptions):
        return
    reason = mots.motif(nouvelle.motif)
    for one in nouvelle.inscriptions:
        title = f"Votre rang {one.rang} passe avant les autres : {mots.nom(nouvelle.session)}"
        tell_person(nouvelle, one, ATTENTE, title, f"{reason} Vous serez prévenu dès qu’une place se libère pour vous.")
    _to_mairie(nouvelle, "Priorité en liste d’attente pour", reason)


def _to_mairie(nouvelle: Nouvelle, title: str, reason: str = "", *, urgente: bool = False) -> None:
    who, what = mots.people(nouvelle.inscriptions), mots.nom(nouvelle.session)
    text = " ".join(filter(None, [mots.names(nouvelle.inscriptions), reason]))
    tell_commune(nouvelle, mairie(nouvelle.inscriptions[0]), COMMUNE, f"{title} {who} : {what}", text, urgente=urgente)


INSCRIPTIONS: "dict[str, Callable[[Nouvelle], None]]" = {
    Acte.INSCRITE: placed,
    Acte.PROMUE: placed,
    Acte.OFFRE_PRISE: placed,
    Acte.VISEE: agreed,
    Acte.RANGEE: queued,
    Acte.OFFERTE: offered,
    Acte.DESISTEE: gone,
    Acte.REFUSEE: gone,
    Acte.EXPIREE: gone,
    Acte.REMPLACEE: replaced,
    Acte.SESSION_ANNULEE: cancelled,
    Acte.PRIORITE: favoured,
}

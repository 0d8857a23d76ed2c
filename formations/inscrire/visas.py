"""The visas that a mairie owes: who gives them, how they are asked, and the signed link by which one does so without
an account.

A link opens the pending visas of one collectivité for one person, while their poste allows it. Only its fingerprint is
kept; a newer one closes it.
"""

import hashlib
import secrets
from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone

from collectivites.enums import Signature
from collectivites.models import Absence, Agent, Collectivite, Poste
from extranet.lib.apports import AFaire, Lien
from extranet.lib.demi_journees import moment_at
from extranet.lib.jours_ouvres import working_days_until
from extranet.lib.pliage import Fold
from formations.enums import PolitiqueVisa
from formations.inscrire.regles import policies
from formations.models import Inscription, LienVisa, RegleVisa
from formations.permissions import can_give_visa
from formations.places import visas
from notifications.envoi import SorteDirecte, write_mail

if TYPE_CHECKING:
    from datetime import date

DUREE = timedelta(days=21)
DEMANDE = SorteDirecte("visa_demande", refaire="Un autre lien part avec le prochain message, le lendemain.")
# With one working day left, they are asked again: after it the seat is lost.
RAPPEL = 1


def to_give(agent: Agent) -> QuerySet[Inscription]:
    """Those that await this person’s visa, wherever they may give it. Two queries with the list."""
    acting = [poste for poste in agent.postes_en_cours if poste.gestionnaire or poste.is_signataire]
    places = {poste.collectivite_id: poste.collectivite for poste in acting}
    if not places:
        return Inscription.objects.none()
    politiques = policies(places)
    allowed = [pk for pk, place in places.items() if can_give_visa(agent, place, politiques)]
    return in_order(Inscription.objects.awaiting_visa().filter(collectivite__in=allowed))


def in_order(rows: QuerySet[Inscription]) -> QuerySet[Inscription]:
    """By session, the nearest first; those without dates last."""
    return rows.for_list().order_by("session__date_debut", "session", "created_at", "pk")


def todo(agent: Agent) -> list[AFaire]:
    """« 3 visas à donner », with the last day of the nearest."""
    rows = list(to_give(agent).values_list("tenue_jusqua", flat=True)) if agent.postes_en_cours else []
    if not rows:
        return []
    ends = [timezone.localdate(one) for one in rows if one is not None]
    many = "s" if len(rows) > 1 else ""
    return [
        AFaire(
            titre=f"{len(rows)} visa{many} à donner",
            url=reverse("formations:visa_list"),
            action="Donner les visas" if many else "Donner le visa",
            icone="pen-fill",
            area="formations",
            detail="Sans votre accord à temps, les places vont à d’autres."
            if many
            else "La place est tenue jusque-là.",
            avant=min(ends, default=None),
        )
    ]


def give(agent: Agent, allowed: QuerySet[Inscription], keys: Iterable[str]) -> list[Inscription]:
    """Those of `allowed` that were chosen; those that await nothing any more are left out."""
    return visas.accorder(_chosen(allowed, keys), agent)


def refuse(agent: Agent, allowed: QuerySet[Inscription], keys: Iterable[str], motif: str) -> list[Inscription]:
    """Raises InscriptionRefusee without a reason."""
    return visas.refuser(_chosen(allowed, keys), agent, motif)


def _chosen(allowed: QuerySet[Inscription], keys: Iterable[str]) -> list[Inscription]:
    wanted = {int(one) for one in keys if one.isascii() and one.isdecimal() and len(one) < 19}
    return [one for one in allowed if one.pk in wanted]


# --- the link ---


def fingerprint(jeton: str) -> str:
    return hashlib.sha256(jeton.encode()).hexdigest()


@transaction.atomic
def create_link(agent: Agent, collectivite: Collectivite) -> str:
    """A new link for this person; the former one opens nothing more. Returns its token, once."""
    now = timezone.now()
    LienVisa.objects.filter(agent=agent, collectivite=collectivite, revoque_le=None).update(revoque_le=now)
    jeton = secrets.token_urlsafe(32)
    LienVisa.objects.create(
        agent=agent, collectivite=collectivite, empreinte=fingerprint(jeton), created_at=now, expire_le=now + DUREE
    )
    return jeton


def live_links(collectivites: Iterable[int]) -> QuerySet[LienVisa]:
    live = LienVisa.objects.filter(collectivite__in=collectivites, revoque_le=None, expire_le__gt=timezone.now())
    return live.select_related("agent", "collectivite").order_by("collectivite__nom", "-created_at")


def revoke(lien: LienVisa) -> None:
    """Twice is as once."""
    LienVisa.objects.filter(pk=lien.pk, revoque_le=None).update(revoque_le=timezone.now())


def mark_used(lien: LienVisa) -> None:
    LienVisa.objects.filter(pk=lien.pk).update(servi_le=timezone.now())


def opened_by(jeton: str) -> LienVisa | None:
    """None for a token that was never given, revoked, expired, or whose holder may not give these visas any more."""
    found = LienVisa.objects.select_related("collectivite", "agent").filter(
        empreinte=fingerprint(jeton), revoque_le=None, agent__is_active=True, agent__efface_le=None
    )
    lien = found.filter(expire_le__gt=timezone.now()).first()
    if lien is None or not can_give_visa(lien.agent, lien.collectivite, policies([lien.collectivite])):
        return None
    return lien


def opens(lien: LienVisa) -> QuerySet[Inscription]:
    """The pending visas of its collectivité, and nothing else."""
    return in_order(Inscription.objects.awaiting_visa().filter(collectivite=lien.collectivite_id))


# --- asking ---


def ask_all(now: datetime | None = None) -> int:
    """Writes to those who owe a visa: when one is new to them, and again the last working day before it is lost.

    One mail a day at most to a person, with a link for each of their collectivités; one more for a visa asked since,
    whose seat is lost before they are written to again. Returns how many were written to.
    """
    now = now or timezone.now()
    pending = defaultdict(list)
    for one in in_order(Inscription.objects.awaiting_visa()):
        pending[one.collectivite].append(one)
    wanted: dict[Agent, dict[Collectivite, list[Inscription]]] = defaultdict(dict)
    for place, rows in pending.items():
        for agent, theirs in _asked(place, rows, now):
            wanted[agent][place] = theirs
    return sum(_write(agent, places, now) for agent, places in sorted(wanted.items(), key=lambda one: one[0].pk))


def _asked(place: Collectivite, rows: list[Inscription], now: datetime) -> list[tuple[Agent, list[Inscription]]]:
    """Who is asked, and for which: the viseur, else whoever the rule allows; the suppléant when the viseur is away, or
    once half of the delay has passed.
    """
    rule = RegleVisa.objects.filter(collectivite=place).select_related("viseur", "suppleant").first()
    able = {agent.pk: agent for agent in givers(place, rule)}
    viseur = able.get(rule.viseur_id) if rule else None
    suppleant = able.get(rule.suppleant_id) if rule else None
    if viseur is None and suppleant is None:
        return [(agent, rows) for agent in able.values()]
    if viseur is None:
        return [(suppleant, rows)]
    found = [(viseur, rows)]
    late = rows if _is_away(viseur, now) else [one for one in rows if _half_gone(one, now)]
    if suppleant is not None and late:
        found.append((suppleant, late))
    return found


def givers(place: Collectivite, rule: RegleVisa | None = None) -> list[Agent]:
    """Those who may give the visas of this collectivité and have an address. Of all that may: gestionnaires are asked
    when the rule is theirs, and who signs for the mairie otherwise, or when there are none.
    """
    politique = rule.politique if rule else PolitiqueVisa.GESTIONNAIRE
    open_ones = Poste.objects.in_force().filter(
        collectivite=place, agent__is_active=True, agent__efface_le=None, agent__email__isnull=False
    )
    postes = list(open_ones.select_related("agent").order_by("agent__nom", "pk"))
    chosen = [one for one in postes if rule and one.agent_id in (rule.viseur_id, rule.suppleant_id)]
    chosen = [
        one for one in chosen if one.is_signataire or (one.gestionnaire and politique != PolitiqueVisa.SIGNATAIRE)
    ]
    signing = [one for one in postes if one.is_signataire]
    managing = [one for one in postes if one.gestionnaire]
    asked = chosen or (signing if politique == PolitiqueVisa.SIGNATAIRE else managing or signing)
    return list({one.agent_id: one.agent for one in asked}.values())


def _is_away(agent: Agent, now: datetime) -> bool:
    here = timezone.localtime(now)
    return Absence.objects.filter(agent=agent).covering(here.date(), moment_at(here.time())).exists()


def _half_gone(one: Inscription, now: datetime) -> bool:
    return one.tenue_jusqua is not None and now - one.statut_le >= (one.tenue_jusqua - one.statut_le) / 2


def _last_day(one: Inscription, today: "date") -> bool:
    if one.tenue_jusqua is None:
        return False
    end = timezone.localdate(one.tenue_jusqua)
    return end <= today or working_days_until(today, end) < RAPPEL


def _write(agent: Agent, places: dict[Collectivite, list[Inscription]], now: datetime) -> bool:
    """False when nothing is new, or when they were written to today already: what is lost today is asked even so."""
    today = timezone.localdate(now)
    last = {one.collectivite_id: one for one in LienVisa.objects.filter(agent=agent).order_by("created_at")}
    presses = [one for rows in places.values() for one in rows if _last_day(one, today)]
    cle = f"visas:{agent.pk}:{today.isoformat()}"
    if any(timezone.localdate(one.created_at) >= today for one in last.values()):
        late = [one.pk for one in presses if _asked_since(one, last.get(one.collectivite_id))]
        if not late:
            return False
        cle += f":{max(late)}"
    elif not presses and not any(
        _is_new(one, last.get(place.pk), agent, now) for place, rows in places.items() for one in rows
    ):
        return False
    with transaction.atomic():
        sections = [
            {"place": place, "rows": rows, "lien": _address(create_link(agent, place))}
            for place, rows in places.items()
        ]
        number = sum(map(len, places.values()))
        write_mail(
            "formations/courriels/visas.html",
            {
                "sections": sections,
                "nombre": number,
                "presse": bool(presses),
                "bouton": Lien("Donner les visas" if number > 1 else "Donner le visa", sections[0]["lien"]),
                "plusieurs": len(sections) > 1,
                "jours": DUREE.days,
            },
            agent=agent,
            sorte=DEMANDE,
            cle=cle,
            expire_apres=DUREE,
        )
    return True


def _is_new(one: Inscription, last: LienVisa | None, agent: Agent, now: datetime) -> bool:
    """Asked since the last mail, or theirs only since then: half of its delay has passed."""
    if _asked_since(one, last):
        return True
    return _half_gone(one, now) and not _half_gone(one, last.created_at)


def _asked_since(one: Inscription, last: LienVisa | None) -> bool:
    return last is None or one.statut_le > last.created_at


def _address(jeton: str) -> str:
    return reverse("formations:visa_lien", args=[jeton])


def can_rule(agent: Agent, place: Collectivite) -> bool:
    """Who says how the visas of a collectivité are given: its gestionnaires, and who signs for it."""
    here = [poste for poste in agent.postes_en_cours if poste.collectivite_id == place.pk]
    return any(poste.gestionnaire or poste.is_signataire for poste in here)


def possible(place: Collectivite) -> QuerySet[Agent]:
    """Whom the rule may name: those in office there who sign or manage."""
    postes = (
        Poste.objects.in_force().filter(collectivite=place).filter(~Q(signataire=Signature.NON) | Q(gestionnaire=True))
    )
    return Agent.objects.filter(pk__in=postes.values("agent"), is_active=True, efface_le=None).order_by(
        Fold("nom"), Fold("prenom")
    )

"""Asking for a loan: what is checked, who asked before, the number it gets, the direct agreement."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from extranet.lib.demi_journees import DemiJournee
from extranet.lib.francais import NBSP, date_longue
from materiel import annonces, registre
from materiel.enums import EN_ATTENTE, TENUS, Cote, StatutPret, Transport
from materiel.models import (
    Besoin,
    Materiel,
    Message,
    Numerotation,
    Occupation,
    Pret,
    ReglagesMateriel,
    ReglementPretPage,
)
from materiel.passages import note
from materiel.prets.alternatives import CHERCHES, least_free, promised
from materiel.prets.attente import agrees_directly, answer_before
from materiel.prets.reponses import accept
from materiel.refus import PlusAssez, PretRefuse
from materiel.registre.disponibilite import ledger
from materiel.registre.regles import blocked, imposed, obstacles, wrong_hours

if TYPE_CHECKING:
    from collectivites.models import Agent, Collectivite

# Around the asked days, the loans that their buffers may bring over them: 5 open days never pass 15 days.
AUTOUR = timedelta(days=15)


@dataclass(frozen=True)
class Rival:
    """Another loan of the same thing on the same days, asked or granted before."""

    collectivite: "Collectivite"
    fin: DemiJournee
    quantite: int
    accorde: bool
    debut: int = 0
    dernier: int = 0
    adresse: str = ""

    def __str__(self) -> str:
        """« demandé avant vous par Champvans, jusqu’au mercredi 21 octobre »."""
        last = date_longue(self.fin.date) + (", matin" if self.fin.moment == "matin" else "")
        done = "prêté à" if self.accorde else "demandé avant vous par"
        return f"{done} {self.collectivite.nom}, jusqu’au {last}"


@dataclass
class Options:
    """What a request says besides its dates and quantity, all of it optional."""

    lieu_usage: str = ""
    avec_conducteur: bool = False
    conducteur: "Agent | None" = None
    transport: Transport = Transport.RETRAIT
    heure_remise: time | None = None
    heure_retour: time | None = None
    besoin: Besoin | None = None
    message: str = ""


@transaction.atomic
def ask(
    materiel: Materiel,
    agent: "Agent",
    emprunteur: "Collectivite",
    *,
    debut: DemiJournee,
    fin: DemiJournee,
    quantite: int = 1,
    usage: str,
    reglement: bool = False,
    attente: bool = False,
    options: Options | None = None,
) -> Pret:
    """A request, or with `attente` a place in the waiting list when it is not free; granted at once when the owner
    agrees directly and nobody asked before.

    Raises PretRefuse with the rule, PlusAssez when it is not free. Locked in the order of the loans: the number, then
    the thing, which may be given to another collectivité meanwhile.
    """
    options = options or Options()
    numero, read = next_number(), materiel.collectivite_id
    materiel = registre.lock(materiel.pk)[materiel.pk]
    if materiel.collectivite_id != read:
        raise PretRefuse(f"« {materiel.nom} » vient de changer de propriétaire. Rechargez la page avant de demander.")
    check(materiel, emprunteur, debut, fin, quantite)
    check_driver(materiel, options, fin)
    for wrong in wrong_hours(debut, fin, options.heure_remise, options.heure_retour).values():
        raise PretRefuse(wrong)
    rules = _accepted(reglement)
    waits = not _is_free(materiel, debut, fin, quantite)
    if waits and not attente:
        raise lack(materiel, debut, fin, quantite)
    pret = _request(materiel, agent, emprunteur, options)
    for name, value in Pret.between(debut, fin).items():
        setattr(pret, name, value)
    pret.numero, pret.usage, pret.quantite, pret.quantite_demandee = numero, usage, quantite, quantite
    if waits:
        pret.statut = StatutPret.ATTENTE
    else:
        pret.repondre_avant = answer_before(debut.date, ReglagesMateriel.load().jours_reponse)
    if rules is not None:
        pret.reglement_accepte_le, pret.reglement_revision = timezone.now(), rules.live_revision_id
    pret.full_clean(exclude=["demandeur", "materiel", "preteur", "emprunteur", "conducteur", "besoin"])
    pret.save()
    if options.message:
        Message.objects.create(pret=pret, auteur=agent, cote=Cote.EMPRUNTEUR, texte=options.message)
    note(pret, "attend" if waits else "demande", agent, Cote.EMPRUNTEUR)
    return _told(pret, agent)


def _request(materiel: Materiel, agent: "Agent", emprunteur: "Collectivite", options: Options) -> Pret:
    return Pret(
        materiel=materiel,
        preteur=materiel.collectivite,
        emprunteur=emprunteur,
        demandeur=agent,
        lieu_usage=options.lieu_usage,
        avec_conducteur=options.avec_conducteur,
        conducteur=options.conducteur,
        transport=options.transport,
        heure_remise=options.heure_remise,
        heure_retour=options.heure_retour,
        besoin=options.besoin,
    )


def _told(pret: Pret, agent: "Agent") -> Pret:
    if pret.statut == StatutPret.ATTENTE:
        first = annonces.entre_guillemets(pret.materiel.nom)
        who = f"{pret.emprunteur.nom} attend que se libère {first}, {pret.periode}"
        annonces.said(pret, Cote.PRETEUR, who, pret.usage, agent)
        return pret
    ahead = ahead_of(pret)
    if is_granted_at_once(pret, ahead):
        return accept(pret, None)
    others = ", ".join(one.collectivite.nom for one in ahead)
    annonces.asked(pret, agent, f"Demandé avant par {others}." if others else "")
    return pret


def ahead_of(pret: Pret) -> list[Rival]:
    """Those who asked before for what there is not enough of for all."""
    around = rivals(pret.materiel, pret.debut, pret.fin, sauf=pret.pk)
    return standing_in_the_way(around, pret.quantite, free_for(pret))


def is_granted_at_once(pret: Pret, ahead: list[Rival]) -> bool:
    """What its owner agrees to without being asked: a new request, or a loan that changes."""
    return agrees_directly(pret.materiel, pret.quantite) and not pret.avec_conducteur and not ahead


def check(materiel: Materiel, emprunteur: "Collectivite", debut: DemiJournee, fin: DemiJournee, quantite: int) -> None:
    """The rules of the thing, ledger excepted. Raises PretRefuse with the first that says no."""
    if materiel.collectivite_id == emprunteur.pk:
        raise PretRefuse("Ce matériel est à votre commune : gardez ces dates pour elle, sans demander de prêt.")
    if quantite < 1:
        raise PretRefuse("Demandez-en un au moins.")
    for obstacle in obstacles(materiel, debut, fin, quantite):
        raise PretRefuse(obstacle.phrase)


def check_driver(materiel: Materiel, options: Options, fin: DemiJournee) -> None:
    """The owner's driver as the thing wants it; the borrower's must hold what it asks, until the last day."""
    options.avec_conducteur, options.transport = imposed(materiel, options.avec_conducteur, options.transport)
    if options.avec_conducteur:
        options.conducteur = None
    if options.conducteur is not None and (lacking := missing_titles(materiel, options.conducteur, fin)):
        raise PretRefuse(
            f"{options.conducteur.nom_complet} n’a pas, jusqu’au {date_longue(fin.date)} : {', '.join(lacking)}. "
            "Choisissez quelqu’un d’autre, ou notez son titre dans l’annuaire."
        )


def missing_titles(materiel: Materiel, agent: "Agent", fin: DemiJournee) -> list[str]:
    """The habilitations that the thing asks and that this person will not hold on the last day."""
    valid = set(agent.habilitations.valid(fin.date).values_list("type", flat=True))
    return [one.libelle for one in materiel.habilitations.all() if one.pk not in valid]


def _accepted(reglement: bool) -> ReglementPretPage | None:
    """The rules of the loans as they are online, when there are some. Raises PretRefuse when they are not accepted."""
    page = ReglementPretPage.objects.filter(live=True).first()
    if page is not None and not reglement:
        raise PretRefuse("Acceptez le règlement de prêt : il engage votre commune.")
    return page


def _is_free(materiel: Materiel, debut: DemiJournee, fin: DemiJournee, quantite: int) -> bool:
    return how_many(materiel, debut, fin) >= quantite


def how_many(materiel: Materiel, debut: DemiJournee, fin: DemiJournee) -> int:
    """Units free on every half-day of the loan, buffers included."""
    return registre.free([materiel.pk], *blocked(materiel, debut, fin)).get(materiel.pk, materiel.stock)


def free_for(pret: Pret) -> int:
    """The same for a loan: what it holds already is free for it."""
    taken = ledger([pret.materiel])[pret.materiel_id]
    for own in pret.engagements.held().filter(materiel=pret.materiel_id):
        for creneau in taken:
            if own.debut <= creneau <= own.fin:
                taken[creneau] -= own.quantite
            if own.retard_quantite and own.retard_debut <= creneau <= own.retard_fin:
                taken[creneau] -= own.retard_quantite
    return least_free(pret.materiel, taken, *blocked(pret.materiel, pret.debut, pret.fin))


def lack(materiel: Materiel, debut: DemiJournee, fin: DemiJournee, quantite: int) -> PlusAssez:
    """The refusal that names the first half-day without enough units."""
    short = Occupation.objects.filter(materiel=materiel).between(*blocked(materiel, debut, fin))
    first = short.filter(stock__lt=F("pris") + F("retard") + quantite).order_by("creneau").first()
    if first is None:
        return PlusAssez(materiel, debut, materiel.stock)
    return PlusAssez(materiel, DemiJournee.at(first.creneau), first.libre)


def rivals(
    materiel: Materiel, debut: DemiJournee, fin: DemiJournee, *, sauf: int | None = None, avant: datetime | None = None
) -> list[Rival]:
    """Other loans on these days, the first asked first; of those not granted, only the ones asked before `avant`."""
    around = Pret.objects.filter(
        materiel=materiel,
        statut__in=[*EN_ATTENTE, *TENUS],
        date_debut__lte=fin.date + AUTOUR,
        date_fin__gte=debut.date - AUTOUR,
    )
    if avant is not None:
        around = around.filter(Q(statut__in=TENUS) | Q(created_at__lt=avant))
    around = around.exclude(pk=sauf).select_related("emprunteur").order_by("created_at", "pk")
    first, last = blocked(materiel, debut, fin)
    found = []
    for pret in around:
        start, end = blocked(materiel, pret.debut, pret.fin)
        if start <= last and first <= end:
            granted = pret.statut in TENUS
            url = pret.get_absolute_url()
            found.append(Rival(pret.emprunteur, pret.fin, pret.quantite, granted, start, end, url))
    return found


def rivals_around(materiel: Materiel, debut: DemiJournee, fin: DemiJournee, **known: object) -> list[Rival]:
    """Those of some weeks before and after, among which `overlapping` are on these days."""
    weeks = 2 * CHERCHES.days
    return rivals(materiel, debut.shift(-weeks), fin.shift(weeks), **known)


def overlapping(found: list[Rival], materiel: Materiel, debut: DemiJournee, fin: DemiJournee) -> list[Rival]:
    first, last = blocked(materiel, debut, fin)
    return [one for one in found if one.debut <= last and first <= one.dernier]


def asked_around(materiel: Materiel, debut: DemiJournee, fin: DemiJournee, **known: object) -> dict[int, int]:
    """Units that others have asked for, some weeks before and after, by half-day: not days to be proposed."""
    found = rivals_around(materiel, debut, fin, **known)
    return promised((one.debut, one.dernier, one.quantite) for one in found if not one.accorde)


def standing_in_the_way(found: list[Rival], quantite: int, libre: int) -> list[Rival]:
    """Of those, the ones that matter: those who hold it when it is not free, those who asked before when there would
    not be enough for all.
    """
    if libre < quantite:
        return found
    pending = [one for one in found if not one.accorde]
    return pending if libre - sum(one.quantite for one in pending) < quantite else []


def rival_sentence(found: list[Rival]) -> str:
    """« Demandé avant vous par Champvans, jusqu’au mercredi 21 octobre. »"""
    if not found:
        return ""
    words = f"{NBSP}; ".join(str(one) for one in found[:3])
    return f"{words[0].upper()}{words[1:]}."


@transaction.atomic
def next_number() -> str:
    """« 2026-107 »: those of a year follow one another."""
    year = timezone.localdate().year
    Numerotation.objects.get_or_create(annee=year)
    row = Numerotation.objects.select_for_update().get(annee=year)
    row.dernier += 1
    row.save(update_fields=["dernier"])
    return f"{year}-{row.dernier}"

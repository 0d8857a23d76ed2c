"""Losses and damages: opened by the return, followed, settled; what is lost leaves the stock."""

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from collectivites.journal import record
from extranet.lib.typographie import space
from materiel import registre
from materiel.annonces_contrat import tell_incident
from materiel.constats.cloture import close, closes_alone
from materiel.constats.elements import words_of
from materiel.enums import NatureIncident, StatutIncident
from materiel.models import Constat, Incident, Materiel, Pret, Unite
from materiel.passages import locked
from materiel.refus import PretRefuse, StockPromis

if TYPE_CHECKING:
    from collectivites.models import Agent

CLOS = "Cet incident est déjà réglé. Ouvrez-en un autre s’il revient."


@dataclass(frozen=True)
class Suite:
    """How an incident was settled: in words, and what it cost (euros TTC), if anything."""

    suite: str
    cout: Decimal | None = None


def open_loss(pret: Pret, agent: "Agent", perdue: int, unites: tuple[Unite, ...], mot: str) -> Incident:
    """Inside the transaction of the return, once the share of the lost units is given back."""
    numbers = f" Numéros {', '.join(one.numero for one in unites)}." if unites else ""
    what = f"{perdue} sur {pret.quantite}" if pret.quantite > 1 else pret.materiel.nom
    incident = _open(pret, agent, NatureIncident.PERTE, f"Non rendu : {what}.{numbers} {mot}".strip(), perdues=perdue)
    Unite.objects.filter(pk__in=[one.pk for one in unites]).update(en_service=False)
    take_out(incident, agent)
    return incident


def open_damage(pret: Pret, agent: "Agent", constat: Constat, noms: list[str]) -> Incident:
    """For the elements that came back broken or missing."""
    lines = []
    for one in constat.elements.all():
        if one.nom in noms:
            lines.append(f"{one.nom[:1].upper()}{one.nom[1:]} : {words_of(one)}. {one.note}".strip())
    return _open(pret, agent, NatureIncident.DOMMAGE, "\n".join(lines))


def _open(pret: Pret, agent: "Agent", nature: NatureIncident, description: str, perdues: int = 0) -> Incident:
    incident = Incident.objects.create(
        pret=pret,
        materiel=pret.materiel,
        nature=nature,
        description=space(description)[:1000],
        perdues=perdues,
        ouvert_par=agent,
    )
    record("incident.ouvert", incident, agent=agent, collectivite=pret.preteur, nature=nature, perdues=perdues)
    tell_incident(incident)
    return incident


@transaction.atomic
def take_out(incident: Incident, agent: "Agent") -> bool:
    """Takes the lost units out of the stock; False, and nothing is changed, while they are promised to somebody."""
    left = incident.perdues - incident.quantite
    if left <= 0:
        return True
    materiel = Materiel.objects.select_related("page").get(pk=incident.materiel_id)
    try:
        with transaction.atomic():
            registre.change_stock(materiel, max(0, materiel.stock - left))
    except StockPromis:
        return False
    incident.quantite = incident.perdues
    incident.save(update_fields=["quantite"])
    record("materiel.stock_baisse", materiel, agent=agent, collectivite=materiel.collectivite, de=left)
    return True


@transaction.atomic
def take_out_now(incident: Incident, agent: "Agent") -> None:
    """Raises StockPromis, which names the loans to shorten, while they are promised; PretRefuse once it is settled, or
    when the thing is no longer the lender's.
    """
    incident = _locked(incident)
    materiel = registre.lock(incident.materiel_id)[incident.materiel_id]
    former = incident.pret.preteur
    if materiel.collectivite_id != former.pk:
        raise PretRefuse(
            f"« {materiel.nom} » n’est plus {former.a_nom} : son stock est compté par {materiel.collectivite.nom}."
        )
    if not take_out(incident, agent):
        registre.change_stock(materiel, max(0, materiel.stock - incident.perdues + incident.quantite))


@transaction.atomic
def follow(incident: Incident, agent: "Agent", suite: Suite) -> Incident:
    """Notes where it stands, without settling it."""
    incident = _locked(incident)
    _write(incident, suite)
    incident.save(update_fields=["suite", "cout"])
    record("incident.suivi", incident, agent=agent, collectivite=incident.pret.preteur)
    return incident


@transaction.atomic
def settle(incident: Incident, agent: "Agent", suite: Suite) -> Incident:
    """Settled: the loan closes if nothing else is open. Raises PretRefuse without a word on how."""
    pret = locked(incident.pret)
    incident = _locked(incident)
    if not suite.suite.strip():
        raise PretRefuse("Dites comment il a été réglé : réparé, remplacé, remboursé, sans suite.")
    _write(incident, suite)
    incident.statut, incident.clos_le = StatutIncident.CLOS, timezone.now()
    incident.save(update_fields=["suite", "cout", "statut", "clos_le"])
    record("incident.regle", incident, agent=agent, collectivite=pret.preteur, cout=str(suite.cout or ""))
    if closes_alone(pret):
        close(pret, agent)
    return incident


def _locked(incident: Incident) -> Incident:
    found = Incident.objects.select_for_update(of=("self",)).select_related("pret__preteur").get(pk=incident.pk)
    if found.statut == StatutIncident.CLOS:
        raise PretRefuse(CLOS)
    return found


def _write(incident: Incident, suite: Suite) -> None:
    incident.suite, incident.cout = suite.suite.strip(), suite.cout

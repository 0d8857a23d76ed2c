"""What a sheet says of its training before its sessions: how long, for whom, who pays, which titre."""

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from collectivites.models import Poste
from extranet.lib.francais import NBSP, euros, milliers
from extranet.lib.typographie import space
from formations.enums import Nature, PayePar
from formations.models import FormationPage, SessionFormation

if TYPE_CHECKING:
    from collectivites.models import Agent

JOURNEE, DEMI = Decimal(7), Decimal(4)  # hours


@dataclass(frozen=True)
class Fait:
    """A fact with its icon."""

    icone: str
    mots: str


def facts(page: FormationPage) -> list[Fait]:
    """Of its head, in one line: four at most."""
    publics = ", ".join(one.libelle for one in page.publics.all())
    found = [Fait("people", publics or "Tous les agents"), Fait("wallet2", payer(page))]
    if page.duree_heures:  # a draft may not say it yet
        found.insert(0, Fait("clock", duration(page.duree_heures)))
    if validity := titre_words(page):
        found.append(Fait("patch-check", validity))
    return found


def duration(hours: Decimal) -> str:
    """« 2 jours, 14 heures », « Demi-journée, 3 h 30 », « 10 heures »."""
    whole, minutes = int(hours), round((hours - int(hours)) * 60)
    words = f"{whole}{NBSP}h{NBSP}{minutes:02d}" if minutes else f"{whole}{NBSP}heure{'s' if whole > 1 else ''}"
    if hours <= DEMI:
        return f"Demi-journée, {words}"
    days = hours / JOURNEE
    if days == int(days):
        return f"{int(days)}{NBSP}jour{'s' if days > 1 else ''}, {words}"
    return words


def payer(page: FormationPage) -> str:
    words = page.get_paye_par_display()
    if page.cout and page.paye_par in (PayePar.COMMUNE, PayePar.PARTAGE):
        words = f"{words}, {euros(page.cout)} par agent"
    return words[:1].upper() + words[1:]


def titre_words(page: FormationPage) -> str:
    """« Titre valable 3 ans », « Prolonge le titre de 24 mois »; "" without a titre that ends."""
    kind = page.titre_delivre
    if kind is None:
        return ""
    if kind.duree_mois is None:
        return "Titre sans limite de durée"
    years, months = divmod(kind.duree_mois, 12)
    length = f"{milliers(kind.duree_mois)} mois" if months else f"{years} an{'s' if years > 1 else ''}"
    return space(f"Prolonge le titre de {length}" if page.nature == Nature.RECYCLAGE else f"Titre valable {length}")


def contact_of(page: FormationPage, session: SessionFormation | None) -> Poste | None:
    """The poste of whoever answers questions: that of the session, else that of the sheet. One query at most."""
    who: Agent | None = (session.contact if session else None) or page.contact
    if who is None:
        return None
    postes = Poste.objects.in_force().filter(agent=who).select_related("agent", "collectivite", "fonction")
    return postes.main_first().first()

"""« L’entraide »: the accounts of a year, for elected officials; on screen, on paper, in a spreadsheet."""

from collections.abc import Iterable
from decimal import Decimal

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from collectivites.models import Collectivite
from extranet.lib.tableur import xlsx
from materiel.entraide import comptes
from materiel.views.acces import place_of
from materiel.views.importer import XLSX

ANNEES = 6


@require_safe
def entraide(request: HttpRequest) -> HttpResponse:
    """Totals by collectivité are everybody's; with whom, and loan by loan, those of the collectivité acted for alone.

    « ?annee=2026 », and « &tableau=totaux » or « &tableau=prets » for a spreadsheet. An unknown year is this one.
    """
    place = place_of(request)
    years = comptes.years()
    asked = request.GET.get("annee", "")
    year = next((one for one in years if str(one) == asked), years[0])
    match request.GET.get("tableau"):
        case "totaux":
            return _sheet(f"entraide-{year}", _totals(comptes.balances(year, None)))
        case "prets":
            return _sheet(f"prets-{place.slug}-{year}", _loans(request, place, year))
    soldes = comptes.balances(year, place)
    context = {
        "annee": year,
        "annees": years[:ANNEES] if year in years[:ANNEES] else [*years[: ANNEES - 1], year],
        "en_cours": year == timezone.localdate().year,
        "place": place,
        "mienne": soldes[0],
        "soldes": soldes,
        "sans_echange": comptes.apart(soldes),
        "avec": comptes.partners(year, place, request.user),
        "activite": comptes.activity(year, soldes),
        "a_des_prets": any(one.donne.prets for one in soldes),
    }
    return render(request, "materiel/entraide.html", context)


def _sheet(name: str, table: tuple[list[str], Iterable[list]]) -> HttpResponse:
    columns, rows = table
    return HttpResponse(
        xlsx(name, columns, rows),
        content_type=XLSX,
        headers={
            "Content-Disposition": content_disposition_header(True, f"{name}.xlsx"),
            "Cache-Control": "private, no-store",
        },
    )


def _totals(soldes: list[comptes.Solde]) -> tuple[list[str], list[list]]:
    columns = [
        *("Collectivité", "Code INSEE", "Prêts accordés", "Jours prêtés", "Donné (€)"),
        *("Prêts reçus", "Jours empruntés", "Reçu (€)", "Solde (€)"),
    ]
    rows = []
    for one in soldes:
        given, received = one.donne, one.recu
        rows.append(
            [one.collectivite.nom, one.collectivite.insee, given.prets, given.jours, given.montant]
            + [received.prets, received.jours, received.montant, one.total]
        )
    total = sum((one.donne.montant for one in soldes), Decimal(0))
    count, days = sum(one.donne.prets for one in soldes), sum(one.donne.jours for one in soldes)
    return columns, [*rows, ["Total", "", count, days, total, count, days, total, Decimal(0)]]


def _loans(request: HttpRequest, place: Collectivite, year: int) -> tuple[list[str], list[list]]:
    columns = [
        *("Prêt", "Sens", "Avec", "Matériel", "Quantité", "Du", "Au", "Jours", "Clos le"),
        *("Valeur (€)", "Comment elle est comptée"),
    ]
    rows = []
    for one in comptes.loans(year, place, request.user):
        lent = one.preteur_id == place.pk
        rows.append(
            [one.numero, "prêté" if lent else "emprunté", (one.emprunteur if lent else one.preteur).nom]
            + [one.materiel.nom, one.quantite, one.date_debut, one.date_fin, one.nb_jours]
            + [timezone.localdate(one.clos_le), one.valeur, one.valeur_detail]
        )
    return columns, rows

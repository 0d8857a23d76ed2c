"""Whom to call when a collectivité is closed: its gestionnaires write it."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from annuaire.forms.astreinte import Astreintes
from annuaire.models import Astreinte
from annuaire.permissions import can_keep_place
from collectivites.cles import une_seule_fois
from collectivites.garde import form_data
from collectivites.journal import record
from collectivites.models import Collectivite
from collectivites.refus import AccesReserve, gestionnaires


@une_seule_fois
def astreinte_edit(request: HttpRequest, slug: str) -> HttpResponse:
    """All its numbers at once, two more lines to add; the journal keeps what they were."""
    place = get_object_or_404(Collectivite.objects.visible_to(request.user), slug=slug)
    if not can_keep_place(request.user, place):
        raise AccesReserve(f"aux gestionnaires {place.de_nom}", gestionnaires([place]))
    before = _told(place)
    lignes = Astreintes(form_data(request), instance=place, prefix="astreintes")
    if request.method == "POST" and lignes.is_valid():
        lignes.save()
        if (after := _told(place)) != before:
            whole = Astreinte(collectivite=place)
            words = f"Astreintes {place.de_nom}"
            record(
                "astreintes.changees",
                whole,
                agent=request.user,
                collectivite=place,
                libelle=words,
                avant=before,
                apres=after,
            )
            messages.success(request, f"Les numéros d’astreinte {place.de_nom} sont enregistrés.")
        return redirect(f"{place.get_absolute_url()}#astreintes")
    return render(request, "annuaire/astreinte_form.html", {"lieu": place, "lignes": lignes})


def _told(place: Collectivite) -> list[str]:
    rows = Astreinte.objects.filter(collectivite=place).values_list("libelle", "telephone", "horaires")
    return [", ".join(filter(None, row)) for row in rows]

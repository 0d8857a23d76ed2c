"""The map of the people who answer, commune by commune."""

from collections import Counter

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from annuaire.consulter import lieux
from annuaire.consulter.choix import Choix
from annuaire.views.consulter import filters_of
from collectivites.models import Collectivite, Poste
from collectivites.plan import Repere, draw_both, nearest_first


@require_safe
def carte(request: HttpRequest) -> HttpResponse:
    """The same people as the list, by the collectivité where they answer to what is asked."""
    filtres, own = filters_of(request), request.collectivite
    people = filtres.qs
    choix = Choix(request.GET, filtres)
    postes = filtres.postes(filtres.form.cleaned_data)
    if postes is None:
        postes = Poste.objects.in_force()
    held = postes.filter(agent__in=people.order_by().values("pk")).order_by().values_list("collectivite", "agent")
    answering = set(held)
    numbers = Counter(place for place, _ in answering)
    places = list(Collectivite.objects.visible_to(request.user))
    told = {
        one.pk: Repere(
            numbers[one.pk],
            numbers[one.pk],
            f"{numbers[one.pk]} personne{'s' if numbers[one.pk] > 1 else ''}",
            choix.url(collectivite=one.slug),
        )
        for one in places
        if one.pk in numbers
    }
    near = [one for one in nearest_first(places, own) if one.pk in told]
    context = {
        "choix": choix,
        "plans": draw_both(places, own, told),
        "lieux": [(one, told[one.pk], lieux.km(one, own)) for one in near],
        "titre": choix.titre(len({agent for _, agent in answering})),
        "depuis": own,
    }
    return render(request, "annuaire/carte.html", context)

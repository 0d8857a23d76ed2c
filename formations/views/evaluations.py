"""Saying what one thought of a session, and reading it."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from collectivites.cles import une_seule_fois
from collectivites.garde import form_data
from formations.bilan import evaluations
from formations.forms.evaluation import EvaluationForm
from formations.models import SessionFormation
from formations.refus import InscriptionRefusee
from formations.views.responsables import session_to_organise


@require_http_methods(["GET", "HEAD", "POST"])
@une_seule_fois
def evaluation_create(request: HttpRequest, numero: str) -> HttpResponse:
    """Four taps and three lines, once; for those who were there."""
    session = get_object_or_404(SessionFormation.objects.select_related("formation", "lieu"), numero=numero)
    seat = evaluations.seat_to_evaluate(session, request.user)
    if seat is None:
        raise Http404
    form = EvaluationForm(form_data(request))
    if request.method == "POST" and form.is_valid():
        try:
            evaluations.repondre(seat, form.cleaned_data)
        except InscriptionRefusee as refusal:
            messages.info(request, str(refusal))
        else:
            messages.success(request, "Merci\u00a0! Votre avis est gardé, sans votre nom.")
        return redirect("formations:parcours")
    context = {"session": session, "form": form, "deja": seat.evaluee_le is not None}
    return render(request, "formations/evaluation.html", context)


@require_safe
def evaluation_bilan(request: HttpRequest, numero: str) -> HttpResponse:
    session = session_to_organise(request, numero)
    context = {"session": session, "synthese": evaluations.synthese(session), "seuil": evaluations.SEUIL}
    return render(request, "formations/evaluation_bilan.html", context)

"""Absences of a card: those to come, one more, its dates and who answers, its end."""

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from annuaire.fiche import absences
from annuaire.forms.absence import AbsenceForm
from annuaire.views.commun import card_of, kept
from collectivites.cles import une_seule_fois
from collectivites.garde import form_data
from collectivites.models import Absence, Agent


@une_seule_fois
def absence_list(request: HttpRequest, slug: str) -> HttpResponse:
    """Under way and to come, with the form of the next one."""
    personne = kept(request, slug)
    form = AbsenceForm(form_data(request), instance=Absence(agent=personne), lecteur=request.user)
    if request.method == "POST" and form.is_valid():
        absence = absences.declare(form.save(commit=False), request.user)
        return _told(request, absence, "L’absence est notée")
    return render(request, "annuaire/absence_list.html", _context(request, personne, form))


@une_seule_fois
def absence_update(request: HttpRequest, pk: int) -> HttpResponse:
    """One of them, with its dates and who answers."""
    absence = _kept_absence(request, pk)
    form = AbsenceForm(form_data(request), instance=absence, lecteur=request.user)
    if request.method == "POST" and form.is_valid():
        absences.change(form.save(commit=False), request.user)
        return _told(request, absence, "L’absence est modifiée")
    context = _context(request, absence.agent, form) | {"absence": Absence.objects.get(pk=pk)}
    return render(request, "annuaire/absence_list.html", context)


@require_POST
def absence_end(request: HttpRequest, pk: int) -> HttpResponse:
    """Back sooner."""
    absence = _kept_absence(request, pk)
    absences.end(absence, request.user)
    messages.success(request, "L’absence est finie.")
    return redirect("annuaire:absence_list", slug=absence.agent.slug)


@require_POST
def absence_delete(request: HttpRequest, pk: int) -> HttpResponse:
    """It will not be."""
    absence = _kept_absence(request, pk)
    absences.remove(absence, request.user)
    messages.success(request, "L’absence est annulée.")
    return redirect("annuaire:absence_list", slug=absence.agent.slug)


def _kept_absence(request: HttpRequest, pk: int) -> Absence:
    """One that is not over, of a card that one keeps: to others, there is no such absence."""
    theirs = Absence.objects.upcoming().filter(agent__in=Agent.objects.editable_by(request.user))
    return get_object_or_404(theirs.select_related("agent", "remplacant"), pk=pk)


def _told(request: HttpRequest, absence: Absence, words: str) -> HttpResponse:
    """Done, and what is still to be looked at: a substitute who is away too."""
    other = absences.away_too(absence)
    if other is not None:
        messages.warning(request, f"{words}, mais {absence.remplacant} est absent·e aussi\u00a0: {other.periode}.")
    elif absence.remplacant is None:
        messages.success(request, f"{words}. Personne n’est encore désigné pour répondre.")
    else:
        messages.success(request, f"{words}. {absence.remplacant} répond et en est prévenu·e.")
    return redirect("annuaire:absence_list", slug=absence.agent.slug)


def _upcoming(personne: Agent) -> "QuerySet[Absence]":
    return personne.absences.upcoming().select_related("remplacant").order_by("date_debut", "pk")


def _context(request: HttpRequest, personne: Agent, form: AbsenceForm) -> dict[str, object]:
    return {
        "personne": personne,
        "form": form,
        "absence": None,
        "absences": list(_upcoming(personne)),
        "sienne": personne.pk == request.user.pk,
        "retour": card_of(request, personne),
    }

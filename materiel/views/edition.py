"""Whether a thing is lent, and to whom it belongs."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from collectivites.cles import une_seule_fois
from collectivites.garde import form_data
from materiel.enums import StatutMateriel
from materiel.forms.edition import StatutForm, TransfertForm
from materiel.parc import edition
from materiel.permissions import can_edit
from materiel.refus import PretRefuse
from materiel.views.commun import editable

DITS = {
    StatutMateriel.EN_SERVICE: "est de nouveau proposé au prêt",
    StatutMateriel.RETIRE: "n’est plus proposé au prêt",
    StatutMateriel.ARCHIVE: "est archivé",
}


@une_seule_fois
def materiel_statut(request: HttpRequest, pk: int) -> HttpResponse:
    """Withdrawn, put back, archived."""
    thing = editable(request, pk)
    form = StatutForm(form_data(request), initial={"statut": thing.statut})
    if request.method == "POST" and form.is_valid():
        statut = StatutMateriel(form.cleaned_data["statut"])
        try:
            edition.change_statut(thing, statut, request.user, form.cleaned_data["motif"])
        except PretRefuse as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, f"«\u00a0{thing.nom}\u00a0» {DITS[statut]}.")
            return redirect("materiel:materiel_update", pk=pk)
    return render(request, "materiel/statut.html", {"materiel": thing, "form": form})


@une_seule_fois
def materiel_transferer(request: HttpRequest, pk: int) -> HttpResponse:
    """To another collectivité, whose gestionnaires look after it from now on."""
    thing = editable(request, pk)
    form = TransfertForm(form_data(request), proprietaire=thing.collectivite)
    if request.method == "POST" and form.is_valid():
        receiver = form.cleaned_data["receveur"]
        try:
            edition.transfer(thing, receiver, request.user, form.cleaned_data["motif"])
        except PretRefuse as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, f"«\u00a0{thing.nom}\u00a0» est désormais {receiver.a_nom}.")
            mine = can_edit(request.user, thing)
            return redirect("materiel:materiel_update", pk=pk) if mine else redirect("/materiel/")
    return render(request, "materiel/transferer.html", {"materiel": thing, "form": form})

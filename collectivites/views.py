"""Acting for another collectivité."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect

from collectivites.agir import switch
from extranet.lib.provenance import next_of

MAX_DIGITS = 19  # past that the database itself refuses the number


def agir_pour(request: HttpRequest) -> HttpResponse:
    """Acts for another of one's own postes in force; one that has ended, or somebody else's, is unknown (404).

    Not in the journal: nothing is done to the territory's data, each act already names the collectivité it is for, and
    a list of who looked where and when would be a watch kept on people.
    """
    if request.method != "POST":
        return redirect("/")  # the way back from the login page, after a session that ended
    number = request.POST.get("poste", "")
    wanted = int(number) if number.isascii() and number.isdecimal() and len(number) < MAX_DIGITS else None
    own = request.user.postes.in_force().select_related("collectivite")
    poste = get_object_or_404(own, pk=wanted)
    switch(request, poste)
    messages.success(request, f"Vous agissez maintenant pour {poste.collectivite}.")
    return redirect(next_of(request, "/"))

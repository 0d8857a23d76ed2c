"""Acts of an organiser on those of a session: book outside of the rules, write, remind, take off, let pass first."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from collectivites.cles import une_seule_fois
from collectivites.garde import form_data
from collectivites.models import Agent, Collectivite
from extranet.lib.pliage import Fold
from extranet.lib.tour import a_son_tour
from extranet.lib.typographie import space
from formations.forms.organiser import DerogationForm, MessageForm, PrioriteForm, RaisonForm
from formations.inscrire.demander import Personne, demander
from formations.inscrire.regles import obstacles
from formations.models import Inscription, SessionFormation
from formations.organiser import courriels
from formations.places import appels, priorites, retraits
from formations.refus import InscriptionRefusee
from formations.views.responsables import asked_key, session_to_organise

FORM = ["GET", "HEAD", "POST"]


@require_http_methods(FORM)
@a_son_tour
@une_seule_fois
def session_book(request: HttpRequest, numero: str) -> HttpResponse:
    """« ?commune=12 », then its agents: what says no to each is shown, a reason passes over it."""
    session = session_to_organise(request, numero)
    communes = Collectivite.objects.members().order_by(Fold("nom"))
    place = communes.filter(pk=asked_key(request.GET.get("commune", ""))).first()
    form = DerogationForm(form_data(request), commune=place) if place else None
    if request.method == "POST" and form and form.is_valid() and _booked(request, session, place, form):
        return redirect("formations:session_manage", numero)
    people = list(form.fields["agents"].queryset) if form else []
    why = obstacles(session, people, request.user) if people else {}
    context = {
        "session": session,
        "communes": communes,
        "commune": place,
        "form": form,
        "sans_commune": place is None and (request.method == "POST" or "commune" in request.GET),
        "empechements": [(one, why[one.pk]) for one in people if one.pk in why],
    }
    wrong = request.method == "POST"
    return render(request, "formations/session_book.html", context, status=422 if wrong else 200)


def _booked(request: HttpRequest, session: SessionFormation, place: Collectivite, form: DerogationForm) -> bool:
    agents: list[Agent] = list(form.cleaned_data["agents"])
    try:
        answer = demander(
            session,
            [Personne(one, place) for one in agents],
            request.user,
            derogation=form.cleaned_data["motif"],
        )
    except InscriptionRefusee as refusal:
        form.add_error(None, str(refusal))
        return False
    names = {one.pk: one.nom_complet for one in agents}
    if not answer.inscriptions:
        form.add_error("agents", space(" ".join(f"{names[pk]} : {why}" for pk, why in answer.refus.items())))
        return False
    for one in answer.inscriptions:
        where = f"en liste d’attente, rang {one.rang}" if one.is_waiting else "une place"
        messages.success(request, space(f"{names[one.agent_id]} : {where}."))
    for pk, why in answer.refus.items():
        messages.warning(request, space(f"{names[pk]} : {why}"))
    return True


@require_http_methods(FORM)
@une_seule_fois
def session_write(request: HttpRequest, numero: str) -> HttpResponse:
    """To those of a session, or to one of them (« ?inscription=12 »)."""
    session = session_to_organise(request, numero)
    pk = request.GET.get("inscription", "")
    one = get_object_or_404(session.inscriptions.select_related("agent"), pk=asked_key(pk)) if pk else None
    form = MessageForm(form_data(request), un=one, initial={"objet": session.titre})
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        readers = [one] if one else _readers(session, given["a_qui"])
        if readers:
            courriels.write(session, readers, given["objet"], given["texte"], request.user)
            many = f"{len(readers)} personnes" if len(readers) > 1 else readers[0].agent.nom_complet
            messages.success(request, f"Message envoyé à {many}.")
            return redirect("formations:session_mails", numero)
        form.add_error("a_qui", "Il n’y a personne à qui écrire.")
    context = {
        "session": session,
        "form": form,
        "un": one,
        "places": session.occupees,
        "attendent": session.inscriptions.waiting().count(),
    }
    return render(request, "formations/session_write.html", context, status=422 if form.errors else 200)


def _readers(session: SessionFormation, a_qui: str) -> list[Inscription]:
    rows = session.inscriptions.select_related("agent", "collectivite").order_by("pk")
    match a_qui:
        case "attente":
            return list(rows.filter(statut="attente"))
        case "tous":
            return list(rows.active())
    return list(rows.placed())


@require_POST
@une_seule_fois
def session_remind(request: HttpRequest, numero: str) -> HttpResponse:
    """The mairies whose visa is awaited; one of them with `commune`. Once a day each."""
    session = session_to_organise(request, numero)
    late = session.inscriptions.filter(statut="tenue", visa="attendu")
    chosen = request.POST.get("commune", "")
    if chosen:
        late = late.filter(collectivite=asked_key(chosen))
    mairies = Collectivite.objects.filter(pk__in=late.values("collectivite")).order_by(Fold("nom"))
    told = courriels.remind_visas(session, mairies, request.user)
    if told:
        messages.success(request, space(f"Relancé : {', '.join(place.nom for place in told)}."))
    elif mairies:
        messages.info(request, space("Déjà relancé aujourd’hui : laissez-leur le temps de répondre."))
    else:
        messages.info(request, "Aucun visa n’est plus attendu.")
    return redirect("formations:session_manage", numero)


@require_http_methods(FORM)
@a_son_tour
@une_seule_fois
def session_unenrol(request: HttpRequest, numero: str, pk: int) -> HttpResponse:
    """A seat or a rank, with a reason; the seat goes to the next one."""
    session = session_to_organise(request, numero)
    one = _inscription(session, pk)
    form = RaisonForm(form_data(request))
    if request.method == "POST" and form.is_valid():
        try:
            retraits.desister(one, request.user, form.cleaned_data["motif"])
        except InscriptionRefusee as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, space(f"{one.agent.nom_complet} n’est plus dans cette session."))
            return redirect("formations:session_manage", numero)
    first = session.inscriptions.waiting().select_related("agent").first() if one.is_placed else None
    context = {"session": session, "inscription": one, "form": form, "premier": first}
    return render(request, "formations/session_unenrol.html", context, status=422 if form.errors else 200)


@require_http_methods(FORM)
@a_son_tour
@une_seule_fois
def session_priority(request: HttpRequest, numero: str, pk: int) -> HttpResponse:
    """Who waits passes before the others, with a reason; or no more."""
    session = session_to_organise(request, numero)
    one = _inscription(session, pk)
    act = priorites.retirer if one.priorite else priorites.donner
    form = PrioriteForm(form_data(request))
    if request.method == "POST" and form.is_valid():
        try:
            act(one, request.user, form.cleaned_data["motif"])
        except InscriptionRefusee as refusal:
            form.add_error(None, str(refusal))
        else:
            words = "ne passe plus avant les autres" if one.priorite else "passe avant les autres"
            messages.success(request, space(f"{one.agent.nom_complet} {words}."))
            return redirect("formations:session_manage", numero)
    context = {"session": session, "inscription": one, "form": form}
    return render(request, "formations/session_priority.html", context, status=422 if form.errors else 200)


@require_POST
@a_son_tour
@une_seule_fois
def session_seat(request: HttpRequest, numero: str, pk: int) -> HttpResponse:
    """Called under 24 hours from the beginning, they have said yes."""
    session = session_to_organise(request, numero)
    one = _inscription(session, pk)
    try:
        done = appels.placer(one, request.user)
    except InscriptionRefusee as refusal:
        messages.error(request, str(refusal))
    else:
        words = "a la place, dès que sa mairie donne son visa" if done.tenue_jusqua else "a la place"
        messages.success(request, space(f"{one.agent.nom_complet} {words}."))
    return redirect("formations:session_manage", numero)


def _inscription(session: SessionFormation, pk: int) -> Inscription:
    """Raises Http404 for that of another session, or that is over."""
    rows = session.inscriptions.open().select_related("agent", "collectivite")
    return get_object_or_404(rows, pk=pk)

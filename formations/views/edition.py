"""Making a session, changing what it says, giving it its half-days."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from collectivites.cles import une_seule_fois
from collectivites.garde import form_data
from extranet.lib.francais import date_longue
from extranet.lib.tour import a_son_tour
from extranet.lib.typographie import space
from formations.enums import StatutSession
from formations.forms.horaires import HorairesForm, days_of
from formations.forms.session import FormationForm, SessionForm
from formations.models import SessionFormation
from formations.organiser import creer
from formations.organiser.apercu import preview
from formations.organiser.entete import opening_words
from formations.places import empreintes
from formations.places.arrets import stops_dates
from formations.places.dates import Fixees
from formations.prevenir.mots import dates
from formations.refus import InscriptionRefusee, SessionChangee
from formations.views.responsables import must_organise, session_to_organise

FORM = ["GET", "HEAD", "POST"]


@require_http_methods(FORM)
@a_son_tour
@une_seule_fois
def session_create(request: HttpRequest) -> HttpResponse:
    """« ?formation=12 » chooses the sheet, « ?copie=2026-F-3 » copies a session without its dates.

    `action`: « ouvrir » opens it at once.
    """
    must_organise(request)
    data, model = form_data(request), _copied(request)
    base = creer.copied(model) if model else {"contact": request.user}
    chosen = model.formation_id if model else request.GET.get("formation")
    formation = FormationForm(data, agent=request.user, initial={"formation": chosen})
    form, horaires = SessionForm(data, initial=base), HorairesForm(data)
    if request.method == "POST":
        fine = [formation.is_valid(), form.is_valid(), horaires.is_valid(required=False)]
        if all(fine) and (begins := horaires.starts_at()):
            fine.append(form.check_dates(begins))
        if all(fine) and (made := _made(request, formation, form, horaires)):
            return redirect("formations:session_manage", made.numero)
    context = {"formation_form": formation, "form": form, "horaires": horaires, "modele": model}
    return render(request, "formations/session_form.html", context, status=422 if request.method == "POST" else 200)


def _copied(request: HttpRequest) -> SessionFormation | None:
    numero = request.GET.get("copie", "")
    return SessionFormation.objects.visible_to(request.user).filter(numero=numero).first() if numero else None


def _made(
    request: HttpRequest, formation: FormationForm, form: SessionForm, horaires: HorairesForm
) -> SessionFormation | None:
    opened = request.POST.get("action") == "ouvrir"
    try:
        made = creer.create(
            formation.cleaned_data["formation"],
            request.user,
            horaires.horaires,
            ouvrir=opened,
            **form.fields_given(),
        )
    except InscriptionRefusee as refusal:
        form.add_error(None, str(refusal))
        return None
    except ValidationError as errors:
        form.add_error(None, errors.messages)
        return None
    words = opening_words(made) if opened else "Ouvrez-la quand tout est juste."
    messages.success(request, space(f"Session {made.numero} créée : {dates(made)}. {words}"))
    return made


@require_http_methods(FORM)
@a_son_tour
@une_seule_fois
def session_update(request: HttpRequest, numero: str) -> HttpResponse:
    """Seats, quotas, limits, place. Under the seats held it is refused, with their number."""
    session = session_to_organise(request, numero)
    if session.statut in (StatutSession.ANNULEE, StatutSession.CLOSE):
        messages.warning(request, space(f"Cette session est {session.get_statut_display()} : elle ne change plus."))
        return redirect("formations:session_manage", numero)
    data = form_data(request)
    form = SessionForm(data, instance=SessionFormation.objects.get(pk=session.pk))
    seen = SessionForm.read(session) if data is None else data.get("vu", "")
    if request.method == "POST" and form.is_valid():
        try:
            if _changed(request, session, form, seen):
                return redirect("formations:session_manage", numero)
        except SessionChangee as refusal:
            form.add_error(None, str(refusal))
            # Said: what it holds now is read, and to send again is to decide.
            seen = SessionForm.read(SessionFormation.objects.get(pk=session.pk))
    context = {"session": session, "form": form, "vu": seen}
    return render(request, "formations/session_form.html", context, status=422 if form.errors else 200)


def _changed(request: HttpRequest, session: SessionFormation, form: SessionForm, seen: str) -> bool:
    """Raises SessionChangee when it is no longer what was `seen`."""
    given = form.fields_given()
    if given["limite_desistement"] is None and session.date_debut:
        given["limite_desistement"] = creer.withdrawal_limit(session.date_debut)
    try:
        creer.change(session, request.user, vu=seen, **given)
    except SessionChangee:
        raise
    except InscriptionRefusee as refusal:
        form.add_error("capacite" if "places" in str(refusal) else None, str(refusal))
        return False
    except ValidationError as errors:
        form.add_error(None, errors.messages)
        return False
    messages.success(request, "C’est enregistré. Les inscrits sont prévenus de ce qui change pour eux.")
    return True


@require_http_methods(FORM)
@a_son_tour
@une_seule_fois
def session_dates(request: HttpRequest, numero: str) -> HttpResponse:
    """All its half-days at once: fixed, then those who waited are placed in their order; or moved, with those in it.

    `action`: « apercu » shows first who would be placed and who is taken elsewhere.
    """
    session = session_to_organise(request, numero)
    if request.method != "POST" and (reason := stops_dates(session)):
        messages.warning(request, space(reason))
        return redirect("formations:session_manage", numero)
    data = form_data(request)
    horaires = HorairesForm(data, initial=days_of(session))
    refusal, shown = "", None
    seen = empreintes.of_dates(session) if data is None else data.get("vu", "")
    if request.method == "POST" and horaires.is_valid():
        if request.POST.get("action") == "apercu":
            shown = preview(session, horaires.horaires)
        else:
            try:
                fixed = creer.fix_dates(session, request.user, horaires.horaires, vu=seen)
            except InscriptionRefusee as error:
                refusal = str(error)
                if isinstance(error, SessionChangee):
                    seen = empreintes.of_dates(session_to_organise(request, numero))
            else:
                return _dated(request, session, fixed)
    context = {
        "session": session,
        "horaires": horaires,
        "refus": refusal,
        "report": session.is_dated,
        "apercu": shown,
        "vu": seen,
    }
    wrong = refusal or horaires.errors
    return render(request, "formations/session_dates.html", context, status=422 if wrong else 200)


def _dated(request: HttpRequest, session: SessionFormation, fixed: Fixees) -> HttpResponse:
    """Who is placed, who still waits and why: the conflicts have their list on the page that follows."""
    now = fixed.session
    if not fixed.changee:
        messages.info(request, space("Ces demi-journées étaient déjà celles de la session : rien ne change."))
        return redirect("formations:session_manage", session.numero)
    placed, wait = len(fixed.placees), len(fixed.attendent)
    words = [f"Dates enregistrées : {dates(now)}."]
    if now.cloture != session.cloture:
        words.append(f"Les inscriptions finissent à son début, {empreintes.words(now.cloture)}.")
    if session.limite_desistement and now.limite_desistement != session.limite_desistement:
        words.append(f"On se retire sans frais jusqu’au {date_longue(now.limite_desistement)}.")
    if placed:
        words.append(f"{placed} personnes ont une place." if placed > 1 else "Une personne a une place.")
    busy = [one.inscription.agent.nom_complet for one in fixed.attendent if one.ailleurs]
    if busy:
        words.append(f"Prises ailleurs à ces dates : {', '.join(busy)}.")
    if wait > len(busy):
        words.append(f"{wait - len(busy)} attendent une place." if wait - len(busy) > 1 else "Une personne attend.")
    messages.success(request, space(" ".join(words)))
    return redirect("formations:session_manage", session.numero)

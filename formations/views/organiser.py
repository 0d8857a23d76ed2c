"""What the responsables read of the sessions: all of them, one with its people, its mails, its journal."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from formations.enums import StatutSession
from formations.organiser import a_faire, attente, courriels, inscrits, journal, liste
from formations.organiser.places import places_of
from formations.places.delais import has_started
from formations.places.lecture import chances
from formations.views.fichiers import CSV, XLSX, download
from formations.views.responsables import must_organise, session_to_organise

PAR_PAGE = 25


@require_safe
def organiser(request: HttpRequest) -> HttpResponse:
    """« ?vue=sans_date&q=tavaux ». An unknown view is the first one."""
    must_organise(request)
    vue, texte = request.GET.get("vue", ""), request.GET.get("q", "")[:80].strip()
    vue = vue if vue in liste.VUES else next(iter(liste.VUES))
    page_obj = Paginator(liste.sessions_of(vue, texte), PAR_PAGE).get_page(request.GET.get("page"))
    totals = liste.counts()
    context = {
        "vue": vue,
        "vues": [(code, words, totals[code]) for code, words in liste.VUES.items()],
        "q": texte,
        "page_obj": page_obj,
        "lignes": liste.lines(page_obj.object_list),
    }
    return render(request, "formations/organiser.html", context)


@require_safe
def session_manage(request: HttpRequest, numero: str) -> HttpResponse:
    """Seats and quotas, those who are in it, those who wait, and what is to be done."""
    session = session_to_organise(request, numero)
    seated = inscrits.seated(session)
    ranks = attente.ranks(session)
    waiting = sum(not one.parti for one in ranks)
    got, asked = chances(session)
    context = {
        "session": session,
        "vue": "inscrits",
        "commencee": has_started(session, timezone.now()),
        "places": places_of(session, [one.inscription for one in seated]),
        "inscrits": seated,
        "prevenues": inscrits.told(session) if session.statut == StatutSession.ANNULEE else [],
        "rangs": ranks,
        "attendent": waiting,
        "a_appeler": attente.to_call(session, ranks),
        "taches": a_faire.tasks(session, seated, waiting),
        "obtenues": got,
        "demandees": asked,
    }
    return render(request, "formations/session_manage.html", context)


@require_safe
def session_mails(request: HttpRequest, numero: str) -> HttpResponse:
    session = session_to_organise(request, numero)
    context = {
        "session": session,
        "vue": "courriels",
        "prevus": courriels.planned(session),
        "partis": courriels.sent(session),
    }
    return render(request, "formations/session_mails.html", context)


@require_safe
def session_journal(request: HttpRequest, numero: str) -> HttpResponse:
    """« ?format=xlsx » or « csv » for all of it."""
    session = session_to_organise(request, numero)
    match request.GET.get("format"):
        case "xlsx":
            return download(journal.workbook(session), f"journal-{session.numero}.xlsx", XLSX)
        case "csv":
            return download(journal.text(session), f"journal-{session.numero}.csv", CSV)
    page_obj = Paginator(journal.lines_of(session), 50).get_page(request.GET.get("page"))
    context = {
        "session": session,
        "vue": "journal",
        "page_obj": page_obj,
        "lignes": journal.lines(page_obj.object_list),
    }
    return render(request, "formations/session_journal.html", context)


@require_safe
def session_export(request: HttpRequest, numero: str) -> HttpResponse:
    session = session_to_organise(request, numero)
    return download(inscrits.workbook(session), f"inscrits-{session.numero}.xlsx", XLSX)

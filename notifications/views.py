"""The inbox, its archive, the preferences, what one follows."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from collectivites.garde import form_data
from extranet.lib.provenance import next_of
from notifications import abonnements
from notifications.boite import chips, count, filtered, moment_of, next_label, page_of
from notifications.forms import PreferencesForm
from notifications.models import Notification
from notifications.models.notification import NotificationQuerySet
from notifications.preferences import frequences_of, rythme_of

VUES = (("notification_list", "Reçues"), ("archive_list", "Archivées"), ("preferences", "Préférences"))


@require_safe
def notification_list(request: HttpRequest) -> HttpResponse:
    """What was received and not archived; « Voir la suite » adds its page under the others."""
    vue = request.GET.get("vue", "")
    compte = count(request.user)
    queryset = filtered(Notification.objects.visible_to(request.user).received(), vue)
    contexte = {"vue": vue, "compte": compte, "puces": chips(compte, vue), "onglets_page": _tabs("notification_list")}
    if _wants_more(request):
        return render(request, "notifications/_suite.html", contexte | _page(request, queryset))
    contexte |= {
        "suivis": abonnements.followed_by(request.user),
        "rythme": rythme_of(request.user),
        "frequences": set(frequences_of(request.user).values()),
    }
    return render(request, "notifications/notification_list.html", contexte | _page(request, queryset))


@require_safe
def archive_list(request: HttpRequest) -> HttpResponse:
    queryset = Notification.objects.visible_to(request.user).archived()
    contexte = {"compte": count(request.user), "onglets_page": _tabs("archive_list")} | _page(request, queryset)
    return render(request, f"notifications/{'_suite' if _wants_more(request) else 'archive_list'}.html", contexte)


def preferences(request: HttpRequest) -> HttpResponse:
    form = PreferencesForm(form_data(request), agent=request.user)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, "Vos préférences sont enregistrées.")
        return redirect("notifications:preferences")
    contexte = {"form": form, "compte": count(request.user), "onglets_page": _tabs("preferences")}
    return render(request, "notifications/preferences.html", contexte, status=422 if form.errors else 200)


@require_POST
def mark_read(request: HttpRequest, pk: int) -> HttpResponse:
    """Also sent by the page itself when its link is opened: a GET writes nothing (`static/js/notifications.js`)."""
    _mine(request).filter(pk=_one(request, pk).pk).mark_read()
    return _answer(request, pk)


@require_POST
def mark_all_read(request: HttpRequest) -> HttpResponse:
    _mine(request).received().mark_read()
    messages.success(request, "Tout est marqué comme lu.")
    return redirect("notifications:notification_list")


@require_POST
def archive(request: HttpRequest, pk: int) -> HttpResponse:
    _mine(request).filter(pk=_one(request, pk).pk).archive()
    return _answer(request, None)


@require_POST
def unarchive(request: HttpRequest, pk: int) -> HttpResponse:
    _mine(request).filter(pk=_one(request, pk).pk).unarchive()
    return _answer(request, None)


@require_POST
def follow(request: HttpRequest) -> HttpResponse:
    try:
        suivi = abonnements.follow(request.user, request.POST.get("objet", ""))
    except abonnements.SuiviRefuse as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, f"Vous suivez «\u00a0{suivi.libelle}\u00a0».")
    return redirect(next_of(request, reverse("notifications:notification_list")))


@require_POST
def unfollow(request: HttpRequest) -> HttpResponse:
    if abonnements.unfollow(request.user, request.POST.get("objet", "")):
        messages.success(request, "Vous ne suivez plus ce sujet.")
    return redirect(next_of(request, reverse("notifications:notification_list")))


def _tabs(current: str) -> list[dict]:
    return [{"url": reverse(f"notifications:{nom}"), "libelle": mot, "actif": nom == current} for nom, mot in VUES]


def _mine(request: HttpRequest) -> NotificationQuerySet:
    return Notification.objects.visible_to(request.user)


def _one(request: HttpRequest, pk: int) -> Notification:
    return get_object_or_404(_mine(request), pk=pk)


def _page(request: HttpRequest, queryset: NotificationQuerySet) -> dict:
    groupes, following = page_of(queryset, request.GET.get("avant", ""))
    for groupe in groupes:
        for ligne in groupe.lignes:
            ligne.quand = moment_of(ligne, request.user)
    contexte = {"groupes": groupes, "suite": None, "suite_libelle": ""}
    if following:
        query = request.GET.copy()
        query["avant"] = str(groupes[-1].lignes[-1].pk)
        contexte |= {"suite": f"{request.path}?{query.urlencode()}", "suite_libelle": next_label(groupes, following)}
    return contexte


def _wants_more(request: HttpRequest) -> bool:
    return bool(request.htmx) and "avant" in request.GET


def _answer(request: HttpRequest, pk: int | None) -> HttpResponse:
    """For htmx, the line as it is now (nothing when it left the list) and the counters; else back to the page."""
    if not request.htmx:
        return redirect(next_of(request, reverse("notifications:notification_list")))
    ligne = None
    if pk is not None:
        ligne = get_object_or_404(_mine(request).select_related("collectivite"), pk=pk)
        ligne.quand = moment_of(ligne, request.user)
    compte = count(request.user)
    contexte = {"ligne": ligne, "compte": compte, "puces": chips(compte, "urgentes")}
    return render(request, "notifications/_reponse.html", contexte)

"""The page of the search, its suggestions, and what the page tells of itself."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils.cache import patch_vary_headers
from django.utils.crypto import salted_hmac
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from collectivites.cles import une_seule_fois
from collectivites.garde import form_data
from extranet.lib.apports import collect
from search import frequences, suivi
from search.analyse.requete import lire
from search.choix import Choix
from search.forms import QuestionForm
from search.gardees.presentation import EN_TETE, rows_of
from search.genres import all_genres
from search.lecteur import Lecteur
from search.presentation import Lien, rechercher
from search.questions import QuestionRefusee, ask
from search.secours import Secours, gives_something, secourir
from search.suggerer import suggerer
from search.synonymes import in_force


@require_http_methods(["GET", "HEAD", "POST"])
@une_seule_fois
def recherche(request: HttpRequest) -> HttpResponse:
    """The results of what the address asks for; by POST, what one looked for and did not find."""
    choix = Choix.of(request.GET)
    form = QuestionForm(form_data(request))
    if request.method == "POST" and form.is_valid() and _ask(request, form, choix):
        return redirect(choix.url())
    context = _searched(request, choix) if not choix.is_vide else _begun(request)
    context |= {"choix": choix, "form": form, "sans_recherche": True, "compte": _account(request)}
    fragment = request.htmx and not request.htmx.history_restore_request
    template = "search/_reponse.html" if fragment and not choix.is_vide else "search/recherche.html"
    response = render(request, template, context, status=422 if form.errors else 200)
    patch_vary_headers(response, ("HX-Request", "HX-History-Restore-Request"))
    return response


def _begun(request: HttpRequest) -> dict:
    """Before any word: one’s kept searches, and where to begin without words."""
    return {"recherche": None, "espaces": _areas(), "gardees": rows_of(request.user, EN_TETE)}


def _ask(request: HttpRequest, form: QuestionForm, choix: Choix) -> bool:
    """False, with the reason in the form, when it was not taken."""
    if not choix.q:
        form.add_error(None, "Cherchez d’abord\u00a0: vous enverrez ce message sous les résultats. Copiez-le d’ici là.")
        return False
    question = form.save(commit=False)
    question.requete, question.auteur, question.collectivite = choix.q, request.user, request.collectivite
    try:
        ask(question)
    except QuestionRefusee as refusal:
        form.add_error(None, str(refusal))
        return False
    messages.success(
        request, "C’est noté. L’équipe lit chaque message\u00a0: sa réponse arrivera dans vos notifications."
    )
    return True


def _searched(request: HttpRequest, choix: Choix) -> dict:
    lecteur = Lecteur.of(request.user)
    found = rechercher(choix, lecteur)
    nothing = not (found.total or found.en_avant)
    filtered = nothing and found.is_filtered and gives_something(found.reponse.requete, lecteur)
    return {
        "recherche": found,
        "filtres_trop_etroits": filtered,
        "secours": secourir(choix, found.reponse.requete, lecteur, request.user)
        if nothing and not filtered
        else Secours(),
        "recours": collect("recours", request.user, choix.q) if nothing and choix.q else [],
        "jeton": suivi.jeton(found.reponse, found.total, request.user.pk),
    }


def _account(request: HttpRequest) -> str:
    """By what a browser knows that its last searches are of this account, without knowing the account."""
    return salted_hmac("search.recentes", str(request.user.pk)).hexdigest()[:16]


def _areas() -> list[Lien]:
    """Where one may begin without words: a tab of each kind."""
    tabs = {genre.onglet: genre for genre in all_genres().values()}
    return [
        Lien(genre.titre, Choix(onglet=onglet).url(), area=genre.area, icone=genre.icone)
        for onglet, genre in tabs.items()
    ]


@require_safe
def suggestions(request: HttpRequest) -> HttpResponse:
    """A fragment for the box; empty under two letters."""
    found = suggerer(request.GET.get("q", ""), Lecteur.of(request.user))
    return HttpResponse(render_to_string("search/_suggestions.html", {"suggestions": found}) if found else "")


@require_POST
def suivre(request: HttpRequest) -> HttpResponse:
    """The search that a page has shown, or that one of its results was followed."""
    shown = suivi.read(request.POST.get("jeton", ""), request.user.pk)
    if shown is None:
        return HttpResponse(status=400)
    if request.POST.get("suite"):
        if shown.first_time("clic"):
            frequences.note_click(request.user, lire(shown.requete, in_force()))
    elif shown.first_time("recherche"):
        frequences.note(request.user, lire(shown.requete, in_force()), shown.total)
    return HttpResponse(status=204)

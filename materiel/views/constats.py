"""États des lieux on the spot: hand-over, return, reading them again, and the way from the QR label of a thing."""

import logging
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from collectivites.cles import une_seule_fois
from collectivites.garde import form_data
from extranet.lib.fichiers import file_response
from extranet.lib.stockage import is_full
from materiel.constats import passation as constats
from materiel.constats.departs import CONVENTION, obstacles_to_leave
from materiel.constats.dossier import Dossier
from materiel.constats.elements import expected
from materiel.entraide.presents import expected_people, keepers, to_call
from materiel.enums import TENUS, Cote, EtatElement, Mode, StatutPret, TypeConstat
from materiel.forms.constats import ConstatForm, RemiseForm
from materiel.forms.retours import RetourForm
from materiel.models import Constat, Materiel, PhotoConstat, Pret
from materiel.permissions import REGLES, can_answer, can_hand_over, can_take_back
from materiel.refus import PretRefuse

logger = logging.getLogger(__name__)

JSON = "application/json"
PLEIN = (
    "Le disque du site est plein\u00a0: rien n’est enregistré. Prévenez l’équipe de l’extranet, puis "
    "recommencez\u00a0: ce que vous avez noté reste ici."
)
LIES = "materiel__page", "materiel__categorie", "materiel__contact", "preteur", "emprunteur", "demandeur", "conducteur"


def loan_of(request: HttpRequest, numero: str) -> Pret:
    """A loan that one reads; else it does not exist."""
    return get_object_or_404(Pret.objects.visible_to(request.user).select_related(*LIES), numero=numero)


@require_http_methods(["GET", "HEAD", "POST"])
def remise(request: HttpRequest, numero: str) -> HttpResponse:
    """Said by either party; what keeps the thing from leaving is told before the form."""
    pret = loan_of(request, numero)
    if not can_hand_over(request.user, pret):
        raise PermissionDenied(REGLES["constater"])
    against = obstacles_to_leave(pret)
    if request.method != "POST" and pret.statut != StatutPret.ACCEPTE:
        return _elsewhere(request, pret, TypeConstat.REMISE, against[0].phrase)
    form = _form(request, RemiseForm, pret, TypeConstat.REMISE)
    return _answer(request, pret, form, obstacles=against)


@require_http_methods(["GET", "HEAD", "POST"])
def retour(request: HttpRequest, numero: str) -> HttpResponse:
    """Said by the owner alone."""
    pret = loan_of(request, numero)
    if not can_take_back(request.user, pret):
        raise PermissionDenied(REGLES["recevoir"])
    if request.method != "POST" and pret.statut != StatutPret.REMIS:
        over = pret.statut in {StatutPret.RESTITUE, StatutPret.CLOS}
        why = "Ce prêt est déjà rendu." if over else "Ce prêt n’est pas remis\u00a0: rien n’est à reprendre."
        return _elsewhere(request, pret, TypeConstat.RESTITUTION, why)
    return _answer(request, pret, _form(request, RetourForm, pret, TypeConstat.RESTITUTION), obstacles=[])


def _form(request: HttpRequest, kind: type[ConstatForm], pret: Pret, genre: TypeConstat) -> ConstatForm:
    return kind(
        form_data(request),
        request.FILES if request.method == "POST" else None,
        pret=pret,
        attendus=expected(pret, genre),
        presents=expected_people(pret, request.user),
    )


def _elsewhere(request: HttpRequest, pret: Pret, genre: TypeConstat, why: str) -> HttpResponse:
    """Nothing to fill in: what was done is shown, else the loan."""
    done = pret.constats.filter(type=genre).last()
    messages.info(request, why)
    return redirect(done or pret)


def _answer(request: HttpRequest, pret: Pret, form: ConstatForm, obstacles: list) -> HttpResponse:
    """A device that asks for JSON is told where its état des lieux is, or what to correct, field by field."""
    if request.method == "POST":
        done = _recorded(request, pret, form)
        if done is not None:
            if request.headers.get("Accept") == JSON:
                return JsonResponse({"url": done.get_absolute_url()}, status=201)
            return redirect(done)
        if request.headers.get("Accept") == JSON:
            return JsonResponse({"erreurs": form.toutes_les_erreurs()}, status=422)
    response = render(
        request, "materiel/constat_form.html", _context(pret, form, obstacles), status=422 if form.a_corriger else 200
    )
    patch_vary_headers(response, ("Accept",))
    return response


def _recorded(request: HttpRequest, pret: Pret, form: ConstatForm) -> Constat | None:
    """None when something is to be corrected, which the form then says. Sent again, it is the one already there."""
    valid = form.is_valid()
    again = Constat.objects.filter(cle=form.cleaned_data.get("cle"), type=form.genre, pret=pret, auteur=request.user)
    if done := again.first():
        return done
    if not valid:
        return None
    act = constats.hand_over if form.genre == TypeConstat.REMISE else constats.take_back
    try:
        done = act(pret, request.user, form.donnees())
    except PretRefuse as refusal:
        form.add_error(None, str(refusal))
        return None
    except OSError as error:
        if not is_full(error):
            raise
        logger.exception("Un état des lieux n’a pas pu être enregistré.")
        form.add_error(None, PLEIN)
        return None
    messages.success(request, _done(pret, done))
    return done


def _done(pret: Pret, constat: Constat) -> str:
    if constat.type == TypeConstat.REMISE:
        return f"C’est noté\u00a0: {pret.materiel.nom} est {pret.emprunteur.a_nom}."
    left = Pret.objects.get(pk=pret.pk)
    if left.reste:
        return f"C’est noté\u00a0: il en reste {left.reste} dehors."
    if left.statut == StatutPret.CLOS:
        return "C’est noté\u00a0: tout est rendu, le prêt est clos."
    return "C’est noté\u00a0: tout est rendu. Le prêt se clôt quand il n’y a plus rien à régler."


def _context(pret: Pret, form: ConstatForm, obstacles: list) -> dict[str, Any]:
    dossier = Dossier(pret)
    return {
        "pret": pret,
        "form": form,
        "remise": form.genre == TypeConstat.REMISE,
        "obstacles": obstacles,
        "convention_manque": any(one.code == CONVENTION for one in obstacles),
        "dernier": dossier.reference(form.genre),
        "convention": next((one for one in dossier.conventions if one.couvre), None),
        "presents": [(cote, one, form[f"vu_{cote}"], form[f"nom_{cote}"]) for cote, one in form.presents.items()],
        "appels": to_call(pret),
        "etats": list(EtatElement),
        "unique": pret.materiel.mode == Mode.UNIQUE,
    }


@require_safe
def constat_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """What was seen, to read again or to print, for the two parties."""
    found = Constat.objects.visible_to(request.user)
    found = found.select_related(*(f"pret__{name}" for name in LIES), "auteur")
    constat = get_object_or_404(found.prefetch_related("elements__photos"), pk=pk)
    pret = constat.pret
    units = pret.affectations.select_related("unite")
    if constat.type == TypeConstat.RESTITUTION:
        units = units.filter(rendue_le=constat.fait_le)
    incidents = list(pret.incidents.all())
    opened = any(one.clos_le is None for one in incidents)
    context = {
        "constat": constat,
        "pret": pret,
        "elements": list(constat.elements.all()),
        "photos": list(constat.photos.filter(element=None)),
        "unites": [one.unite.numero for one in units],
        "incidents": incidents,
        "remise": constat.type == TypeConstat.REMISE,
        "a_clore": pret.statut == StatutPret.RESTITUE and not opened and can_close(request, pret),
    }
    return render(request, "materiel/constat_detail.html", context)


def can_close(request: HttpRequest, pret: Pret) -> bool:
    return can_answer(request.user, pret) or can_take_back(request.user, pret)


@require_POST
@une_seule_fois
def pret_clore(request: HttpRequest, numero: str) -> HttpResponse:
    """By the lender, when nothing is open any more; the deposit, if any, is given back."""
    pret = loan_of(request, numero)
    if not can_close(request, pret):
        raise PermissionDenied(REGLES["recevoir"])
    try:
        constats.close(pret, request.user)
    except PretRefuse as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, "Le prêt est clos. Il compte dans le solde d’entraide.")
    return redirect(pret)


@require_safe
def photo_constat(request: HttpRequest, pk: int) -> HttpResponse:
    seen = Constat.objects.visible_to(request.user).order_by().values("pk")
    photo = get_object_or_404(PhotoConstat.objects.filter(constat__in=seen), pk=pk)
    extension = photo.file.name.rpartition(".")[2]
    try:
        return file_response(request, photo.file, name=f"photo-{pk}.{extension}", etag=f"constat-{photo.file.name}")
    except FileNotFoundError as error:
        logger.exception("La photo %s d’un état des lieux a disparu du stockage.", pk)
        raise Http404 from error


@require_safe
def constat_du_materiel(request: HttpRequest, pk: int) -> HttpResponse:
    """From the label on the thing: the form to fill in if there is one only, else what goes on with it."""
    things = Materiel.objects.for_list().select_related("contact")
    seen = things.filter(pk__in=Materiel.objects.visible_to(request.user).order_by().values("pk"))
    kept = things.filter(pk__in=Materiel.objects.editable_by(request.user).order_by().values("pk"))
    materiel = seen.filter(pk=pk).first() or kept.filter(pk=pk).first()
    if materiel is None:
        raise Http404
    loans = Pret.objects.visible_to(request.user).filter(materiel=materiel, statut__in=TENUS)
    steps = [(loan, _step(request, loan)) for loan in loans.select_related(*LIES).order_by("date_debut", "pk")]
    to_do = [step for _, step in steps if step]
    if len(to_do) == 1:
        return redirect(f"materiel:{to_do[0][0]}", to_do[0][1])
    context = {
        "materiel": materiel,
        "prets": [(loan, step[0] if step else "") for loan, step in steps],
        "dehors": Pret.objects.filter(materiel=materiel, statut=StatutPret.REMIS).exists(),
        "appels": keepers(materiel),
        "cotes": Cote,
    }
    return render(request, "materiel/constat_du_materiel.html", context)


def _step(request: HttpRequest, pret: Pret) -> tuple[str, str] | None:
    """What this person may do now with that loan: name of the address and number."""
    if pret.statut == StatutPret.REMIS:
        return ("retour", pret.numero) if can_take_back(request.user, pret) else None
    if can_hand_over(request.user, pret) and not any(o.code == "dates" for o in obstacles_to_leave(pret)):
        return "remise", pret.numero
    return None

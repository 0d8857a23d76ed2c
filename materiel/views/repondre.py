"""The acts on a loan: answered by its owner, agreed or declined by the other side, changed, cancelled."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from collectivites.cles import une_seule_fois
from collectivites.garde import form_data
from extranet.lib.provenance import next_of
from materiel.enums import Cote, StatutPret
from materiel.forms import reponses as forms
from materiel.forms.periode import PeriodeForm
from materiel.models import Pret
from materiel.mots import chose_du, periode_longue
from materiel.passages import stamp
from materiel.permissions import REGLES, can_act_as_borrower, can_answer
from materiel.prets import modifications, reponses
from materiel.prets.reponses import pending
from materiel.refus import PlusAssez, PretRefuse
from materiel.suivi.page_pret import ANNULABLES, MODIFIABLES, ids, ours, to_answer
from materiel.views.acces import loan_of, must_answer, side_to_act
from materiel.views.prets import page_of_loan


@require_http_methods(["GET", "HEAD", "POST"])
@une_seule_fois
def pret_repondre(request: HttpRequest, numero: str) -> HttpResponse:
    """`action`: accepter, partie, proposer, refuser or attente. A visit reads the loan."""
    pret = loan_of(request, numero)
    if request.method != "POST":
        return redirect(f"{pret.get_absolute_url()}#repondre")
    must_answer(request, pret)
    act = ACTIONS.get(request.POST.get("action", ""))
    if act is None:
        messages.warning(request, "Choisissez une réponse.")
        return redirect(pret)
    return act(request, pret)


def _accept(request: HttpRequest, pret: Pret) -> HttpResponse:
    form = forms.VuForm(form_data(request))
    form.is_valid()
    try:
        reponses.accept(pret, request.user, vu=form.cleaned_data["vu"])
    except PlusAssez as refusal:
        return _short_of_units(request, pret, refusal)
    except PretRefuse as refusal:
        return _refused(request, pret, refusal)
    return _done(request, pret, f"C’est accordé. {pret.emprunteur.nom} est prévenu, la convention est à signer.")


def _short_of_units(request: HttpRequest, pret: Pret, refusal: PlusAssez) -> HttpResponse:
    """Says what is left, and offers it: « En prêter 40 »."""
    pret, libre = loan_of(request, pret.numero), to_answer(pret).libre
    if not libre:
        return _refused(request, pret, refusal)
    form = forms.PartieForm(pret=pret, libre=libre, initial={"vu": stamp(pret)}, auto_id=ids(pret, forms.PARTIE))
    return page_of_loan(request, pret, form_partie=form, ouverte=forms.PARTIE, refus=str(refusal))


def _part(request: HttpRequest, pret: Pret) -> HttpResponse:
    form = forms.PartieForm(form_data(request), pret=pret, libre=to_answer(pret).libre, auto_id=ids(pret, forms.PARTIE))
    if form.is_valid():
        given = form.cleaned_data
        try:
            reponses.accept(pret, request.user, given["quantite"], mot=given["mot"], vu=given["vu"])
        except PlusAssez as refusal:
            form.add_error("quantite", str(refusal))
        except PretRefuse as refusal:
            form.add_error(None, str(refusal))
        else:
            n = given["quantite"]
            return _done(request, pret, f"C’est accordé pour {n}. {pret.emprunteur.nom} est prévenu.")
    return page_of_loan(request, loan_of(request, pret.numero), form_partie=form, ouverte=forms.PARTIE)


def _propose(request: HttpRequest, pret: Pret) -> HttpResponse:
    form = forms.ProposerForm(_with_days(request), pret=pret, nos=ours(pret), auto_id=ids(pret, forms.PROPOSER))
    if form.is_valid():
        given = form.cleaned_data
        words = {name: given[name] for name in ("quantite", "materiel", "mot", "vu")}
        try:
            found = reponses.propose(pret, request.user, debut=form.debut, fin=form.fin, **words)
        except PretRefuse as refusal:
            form.add_error("date_debut" if isinstance(refusal, PlusAssez) else None, str(refusal))
        else:
            held = "" if pret.statut == StatutPret.ACCEPTE else " C’est retenu jusqu’à sa réponse."
            text = f"Votre proposition, {found.periode}, est partie {pret.emprunteur.a_nom}.{held}"
            return _done(request, pret, text)
    return page_of_loan(request, loan_of(request, pret.numero), form_proposer=form, ouverte=forms.PROPOSER)


def _with_days(request: HttpRequest) -> Any:
    """One of the nearest free days was chosen: it stands for the four fields."""
    data = form_data(request)
    debut, _, fin = request.POST.get("jours", "").partition("/")
    if not fin:
        return data
    data = data.copy()
    data["date_debut"], data["moment_debut"] = debut.split(".", 1) if "." in debut else (debut, "matin")
    data["date_fin"], data["moment_fin"] = fin.split(".", 1) if "." in fin else (fin, "apres_midi")
    return data


def _refuse(request: HttpRequest, pret: Pret) -> HttpResponse:
    form = forms.RefuserForm(form_data(request), auto_id=ids(pret, forms.REFUSER))
    if form.is_valid():
        try:
            reponses.refuse(pret, request.user, form.raison, vu=form.cleaned_data["vu"])
        except PretRefuse as refusal:
            form.add_error(None, str(refusal))
        else:
            return _done(request, pret, f"Demande refusée. {pret.emprunteur.nom} reçoit votre raison.")
    return page_of_loan(request, loan_of(request, pret.numero), form_refuser=form, ouverte=forms.REFUSER)


def _hold(request: HttpRequest, pret: Pret) -> HttpResponse:
    form = forms.AttenteForm(form_data(request), auto_id=ids(pret, forms.ATTENTE))
    if form.is_valid():
        try:
            reponses.put_on_hold(pret, request.user, form.cleaned_data["mot"], vu=form.cleaned_data["vu"])
        except PretRefuse as refusal:
            form.add_error(None, str(refusal))
        else:
            return _done(request, pret, f"{pret.emprunteur.nom} est en liste d’attente, et prévenu si cela se libère.")
    return page_of_loan(request, loan_of(request, pret.numero), form_attente=form, ouverte=forms.ATTENTE)


ACTIONS: dict[str, Callable[[HttpRequest, Pret], HttpResponse]] = {
    forms.ACCEPTER: _accept,
    forms.PARTIE: _part,
    forms.PROPOSER: _propose,
    forms.REFUSER: _refuse,
    forms.ATTENTE: _hold,
}


def _done(request: HttpRequest, pret: Pret, text: str) -> HttpResponse:
    messages.success(request, text)
    return redirect(next_of(request, pret.get_absolute_url()))


def _refused(request: HttpRequest, pret: Pret, refusal: PretRefuse) -> HttpResponse:
    """Nothing was done: the loan as it stands now, and why."""
    return page_of_loan(request, loan_of(request, pret.numero), refus=str(refusal))


@require_http_methods(["GET", "HEAD", "POST"])
@une_seule_fois
def proposition_repondre(request: HttpRequest, numero: str) -> HttpResponse:
    """`choix`: accepter or decliner, by the other side of the proposal. A visit reads the loan."""
    pret = loan_of(request, numero)
    if request.method != "POST":
        return redirect(f"{pret.get_absolute_url()}#proposition")
    found = pending(pret)
    lender_speaks = found is None or found.cote == Cote.PRETEUR
    if not (can_act_as_borrower if lender_speaks else can_answer)(request.user, pret):
        raise PermissionDenied(REGLES["repondre_a_la_proposition" if lender_speaks else "repondre"])
    form = forms.PropositionForm(form_data(request))
    if not form.is_valid() or request.POST.get("choix") not in {"accepter", "decliner"}:
        messages.warning(request, "Choisissez d’accepter ou de décliner.")
        return redirect(pret)
    given, accepte = form.cleaned_data, request.POST["choix"] == "accepter"
    try:
        reponses.answer_proposal(pret, request.user, accepte, mot=given["mot"], lue=given["lue"])
    except PretRefuse as refusal:
        return _refused(request, pret, refusal)
    text = (
        "C’est d’accord\u00a0: l’autre commune est prévenue."
        if accepte
        else "Décliné\u00a0: l’autre commune est prévenue."
    )
    return _done(request, pret, text)


@require_http_methods(["GET", "HEAD", "POST"])
@une_seule_fois
def pret_modifier(request: HttpRequest, numero: str) -> HttpResponse:
    """Other dates, another number; a counter-request when a proposal awaits the borrower."""
    pret = loan_of(request, numero)
    cote = side_to_act(request, pret)
    countering = pret.statut == StatutPret.PROPOSE and cote == Cote.EMPRUNTEUR
    if pret.statut not in MODIFIABLES and not countering:
        messages.info(request, "Ce prêt ne se modifie plus.")
        return redirect(pret)
    initial = {"vu": stamp(pret), **({"date_fin": request.GET["au"]} if request.GET.get("au") else {})}
    form = forms.ChangementForm(form_data(request), pret=pret, remis=pret.statut == StatutPret.REMIS, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            return _changed(request, pret, cote, form, countering=countering)
        except PretRefuse as refusal:
            form.add_error("date_fin" if isinstance(refusal, PlusAssez) else None, str(refusal))
    return _page(request, pret, form, "modifier", cote)


def _changed(request: HttpRequest, pret: Pret, cote: Cote, form: PeriodeForm, *, countering: bool) -> HttpResponse:
    given = form.cleaned_data
    words = {"debut": form.debut, "fin": form.fin, "quantite": form.combien, "mot": given["mot"], "vu": given["vu"]}
    if countering:
        modifications.counter(pret, request.user, **words)
        return _done(request, pret, f"Votre nouvelle demande est partie. {pret.preteur.nom} répond.")
    found = modifications.ask_change(pret, request.user, cote, **words)
    if found is None:
        return _done(request, pret, "C’est modifié. L’autre commune est prévenue.")
    other = pret.emprunteur if cote == Cote.PRETEUR else pret.preteur
    return _done(
        request, pret, f"Votre demande de changement est partie\u00a0: {other.nom} répond. D’ici là, rien ne change."
    )


@require_http_methods(["GET", "HEAD", "POST"])
@une_seule_fois
def pret_annuler(request: HttpRequest, numero: str) -> HttpResponse:
    pret = loan_of(request, numero)
    cote = side_to_act(request, pret)
    if pret.statut not in ANNULABLES:
        messages.info(request, "Ce prêt ne s’annule plus\u00a0: le matériel est remis, ou le prêt est fini.")
        return redirect(pret)
    form = forms.AnnulerForm(form_data(request), initial={"vu": stamp(pret)})
    if request.method == "POST" and form.is_valid():
        try:
            modifications.cancel(pret, request.user, form.cleaned_data["motif"], vu=form.cleaned_data["vu"])
        except PretRefuse as refusal:
            form.add_error(None, str(refusal))
        else:
            return _done(request, pret, "Le prêt est annulé, et ses jours sont libres. L’autre commune est prévenue.")
    return _page(request, pret, form, "annuler", cote)


@require_http_methods(["GET", "HEAD", "POST"])
@une_seule_fois
def pret_non_retire(request: HttpRequest, numero: str) -> HttpResponse:
    pret = loan_of(request, numero)
    must_answer(request, pret)
    form = forms.VuForm(form_data(request), initial={"vu": stamp(pret)})
    if request.method == "POST" and form.is_valid():
        try:
            modifications.no_show(pret, request.user, vu=form.cleaned_data["vu"])
        except PretRefuse as refusal:
            form.add_error(None, str(refusal))
        else:
            return _done(request, pret, "C’est noté. Le reste de ses jours est libre.")
    return _page(request, pret, form, "non_retire", Cote.PRETEUR)


def _page(request: HttpRequest, pret: Pret, form: Any, acte: str, cote: Cote) -> HttpResponse:
    context = {
        "pret": pret,
        "form": form,
        "cote": cote,
        "preteur": cote == Cote.PRETEUR,
        "remis": pret.statut == StatutPret.REMIS,
        "accorde": pret.statut == StatutPret.ACCEPTE,
        "chose": chose_du(pret),
        "periode": periode_longue(pret.debut, pret.fin),
    }
    return render(request, f"materiel/pret_{acte}.html", context, status=422 if form.errors else 200)

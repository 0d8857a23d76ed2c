"""Conventions: read and signed here, or signed on paper; those of a year; the models and the rules, for all to read."""

import logging
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models.fields.files import FieldFile
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from collectivites.cles import une_seule_fois
from collectivites.comptes.second_facteur import passed
from collectivites.garde import form_data
from collectivites.models import Poste
from collectivites.refus import AccesReserve
from extranet.lib.fichiers import file_response
from extranet.lib.stockage import is_full
from materiel.contrats import conventions, copies, signatures
from materiel.enums import Cote, TypeConvention
from materiel.forms.conventions import CadreForm, CopieForm, ScanForm, SignatureForm
from materiel.models import Convention, ModeleConventionPage, ReglementPretPage
from materiel.permissions import REGLES, contract_side, signing_poste
from materiel.redaction import ModeleIncorrect
from materiel.refus import PretRefuse
from materiel.suivi.fiche_de_pret import draw_sheet
from materiel.suivi.suivi_contrat import Partie, parties_of
from materiel.views.constats import PLEIN, loan_of

logger = logging.getLogger(__name__)

PAR_PAGE = 20
VUES = [("cadres", "Conventions-cadres"), ("signees", "Signées")]
FORTE, SIMPLE = "double authentification", "code reçu par courriel"


def _convention(request: HttpRequest, pk: int) -> Convention:
    found = Convention.objects.visible_to(request.user).select_related(
        "preteur", "emprunteur", "pret__materiel__page", "remplacee_par", "copie_par"
    )
    return get_object_or_404(found.prefetch_related("signatures"), pk=pk)


@require_safe
def convention_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """« Lire et signer »: the text of the PDF, word for word, with who has signed it."""
    return _page(request, _convention(request, pk))


@require_POST
@une_seule_fois
def convention_signer(request: HttpRequest, pk: int) -> HttpResponse:
    """For the party of the form; only who signs for it."""
    convention = _convention(request, pk)
    asked = request.POST.get("cote")
    cote = Cote(asked) if asked in Cote.values else None
    poste = signing_poste(request.user, convention, cote) if cote else None
    if poste is None:
        raise PermissionDenied(REGLES["signer"])
    form = SignatureForm(form_data(request), phrase=_phrase(poste))
    if not form.is_valid():
        return _page(request, convention, form_signature=form)
    try:
        proof = FORTE if passed(request) else SIMPLE
        signatures.sign(convention, request.user, cote, lu=form.cleaned_data["lu"], preuve=proof)
    except PretRefuse as refusal:
        form.add_error(None, str(refusal))
        return _page(request, convention, form_signature=form)
    convention.refresh_from_db()
    other = signatures.place_of(convention, Cote.EMPRUNTEUR if cote == Cote.PRETEUR else Cote.PRETEUR)
    rest = "Les deux parties ont signé." if convention.signee_le else f"{other.nom} doit encore signer."
    messages.success(request, f"Vous avez signé pour {signatures.place_of(convention, cote).nom}. {rest}")
    return redirect(convention)


@require_POST
@une_seule_fois
def convention_scan(request: HttpRequest, pk: int) -> HttpResponse:
    """The signed paper, sent by a gestionnaire or a signataire of either party."""
    convention = _convention(request, pk)
    if contract_side(request.user, convention.preteur, convention.emprunteur) is None:
        raise PermissionDenied(REGLES["preparer"])
    form = ScanForm(form_data(request), request.FILES, convention=convention)
    if form.is_valid():
        try:
            given = form.cleaned_data["fichier"]
            convention = copies.sign_on_paper(convention, request.user, given, form.nom, form.papiers)
        except PretRefuse as refusal:
            form.add_error(None, str(refusal))
        except OSError as error:
            if not is_full(error):
                raise
            form.add_error(None, PLEIN)
        else:
            messages.success(request, _filed(convention))
            return redirect(convention)
    return _page(request, convention, form_scan=form)


def _filed(convention: Convention) -> str:
    if convention.copie_attend:
        return f"La copie est déposée. {convention.preteur.nom} doit encore dire si c’est bien votre convention."
    return "La copie signée est enregistrée\u00a0: la convention vaut pour vous deux."


@require_POST
@une_seule_fois
def convention_copie(request: HttpRequest, pk: int) -> HttpResponse:
    """The lender says whether the copy filed by the borrower is their convention."""
    convention = _convention(request, pk)
    if contract_side(request.user, convention.preteur, convention.emprunteur) != Cote.PRETEUR:
        raise PermissionDenied(REGLES["reconnaitre"])
    form = CopieForm(form_data(request))
    if form.is_valid():
        given, ours = form.cleaned_data, request.POST.get("choix") == "oui"
        try:
            if ours:
                copies.recognise(convention, request.user, given["lue"])
            else:
                copies.disown(convention, request.user, given["lue"], given["motif"])
        except PretRefuse as refusal:
            form.add_error(None if ours else "motif", str(refusal))
        else:
            done = "La convention vaut pour vous deux." if ours else "La convention est à signer de nouveau."
            messages.success(request, f"C’est noté. {done}")
            return redirect(convention)
    return _page(request, convention, form_copie=form)


def _page(request: HttpRequest, convention: Convention, **forms: Any) -> HttpResponse:
    agent = request.user
    parties = parties_of(convention, agent)
    to_sign = next((one for one in parties if one.moi), None)
    side = contract_side(agent, convention.preteur, convention.emprunteur)
    waits = convention.is_current() and convention.signee_le is None
    context = {
        "convention": convention,
        "texte": convention.donnees,
        "pret": convention.pret,
        "suivi": parties,
        "a_signer": to_sign,
        "form_signature": _signing_form(convention, to_sign) if to_sign else None,
        "form_scan": ScanForm(convention=convention) if waits and side and not convention.copie_attend else None,
        "form_copie": _copy_form(convention) if waits and side == Cote.PRETEUR else None,
        "copie_dit": copies.papers_of(convention),
        "manque": conventions.lacking(convention) if waits else [],
        "peut_resilier": convention.is_cadre and convention.is_current() and side is not None,
        **forms,
    }
    wrong = any(form is not None and form.errors for form in forms.values())
    return render(request, "materiel/convention_detail.html", context, status=422 if wrong else 200)


def _copy_form(convention: Convention) -> CopieForm | None:
    return CopieForm(initial={"lue": convention.scan.name}) if convention.copie_attend else None


def _signing_form(convention: Convention, to_sign: Partie) -> SignatureForm:
    return SignatureForm(initial={"cote": to_sign.cote, "lu": convention.sha256}, phrase=_phrase(to_sign.moi))


def _phrase(poste: Poste) -> str:
    how = " par délégation" if poste.delegation_reference else ""
    return f"J’ai lu cette convention et je la signe pour {poste.collectivite.nom}{how}."


@require_safe
def convention_pdf(request: HttpRequest, pk: int) -> HttpResponse:
    """The signed PDF once both have signed; « ?copie=texte » the exact one that was signed, « scan » the paper."""
    convention = _convention(request, pk)
    which = request.GET.get("copie", "")
    if which == "scan" and convention.scan:
        return _file(request, convention.scan, convention.scan_nom)
    if which != "texte" and convention.signe:
        return _file(request, convention.signe, f"convention-{convention.numero}-signee.pdf")
    return _file(request, convention.file, f"convention-{convention.numero}.pdf")


def _file(request: HttpRequest, file: FieldFile, name: str) -> HttpResponse:
    try:
        return file_response(request, file, name=name, etag=file.name)
    except FileNotFoundError as error:
        logger.exception("Le fichier %s d’une convention a disparu du stockage.", file.name)
        raise Http404 from error


@require_POST
@une_seule_fois
def convention_prepare(request: HttpRequest, numero: str) -> HttpResponse:
    """Prepares the convention of a loan, or opens the one that stands."""
    pret = loan_of(request, numero)
    if contract_side(request.user, pret.preteur, pret.emprunteur) is None:
        raise PermissionDenied(REGLES["preparer"])
    try:
        return redirect(conventions.prepare(pret, request.user))
    except (PretRefuse, ModeleIncorrect) as refusal:
        messages.error(request, str(refusal))
        return redirect(pret)


@require_safe
def fiche_pret(request: HttpRequest, numero: str) -> HttpResponse:
    """One page to print, that goes with the thing."""
    pret = loan_of(request, numero)
    response = HttpResponse(draw_sheet(pret), content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="fiche-de-pret-{pret.numero}.pdf"'
    response["Cache-Control"] = "private, no-store"
    return response


@require_safe
def convention_list(request: HttpRequest) -> HttpResponse:
    """Those to sign first, then those of a year, then the others, for one's collectivités."""
    if not request.user.codes_lecture:
        raise AccesReserve("aux agents et aux élus en poste")
    found = Convention.objects.visible_to(request.user).filter(remplacee_par=None)
    found = found.select_related("preteur", "emprunteur", "pret__materiel__page").prefetch_related("signatures")
    view = request.GET.get("vue", "")
    waiting = found.filter(signee_le=None, resiliee_le=None)
    count = waiting.count()
    shown = {"cadres": found.filter(type=TypeConvention.CADRE), "signees": found.filter(signee_le__isnull=False)}
    context = {
        "page_obj": Paginator(shown.get(view, waiting), PAR_PAGE).get_page(request.GET.get("page")),
        "vue": view if view in shown else "",
        "vues": [("", f"À signer ({count})" if count else "À signer"), *VUES],
        "peut_creer": request.collectivite is not None and _may_create(request),
    }
    context["lignes"] = [(one, _state(request, one)) for one in context["page_obj"]]
    return render(request, "materiel/convention_list.html", context)


def _may_create(request: HttpRequest) -> bool:
    return contract_side(request.user, request.collectivite, request.collectivite) is not None


def _state(request: HttpRequest, convention: Convention) -> dict[str, Any]:
    """Whose signature is missing, and whether it is mine."""
    signed = {one.cote for one in convention.signatures.all()}
    missing = [cote for cote in Cote if cote not in signed]
    mine = [cote for cote in missing if signing_poste(request.user, convention, cote)]
    return {
        "manquent": [signatures.place_of(convention, cote).nom for cote in missing],
        "a_moi": bool(mine) and convention.is_current(),
    }


@require_http_methods(["GET", "HEAD", "POST"])
@une_seule_fois
def cadre_create(request: HttpRequest) -> HttpResponse:
    """An agreement for a year with another collectivité, for the one that one acts for."""
    if request.collectivite is None:
        raise AccesReserve("aux agents et aux élus en poste")
    if not _may_create(request):
        raise PermissionDenied(REGLES["preparer"])
    form = CadreForm(form_data(request), place=request.collectivite)
    if request.method == "POST" and form.is_valid():
        try:
            convention = conventions.prepare_frame(
                request.user,
                *form.parties,
                form.cleaned_data["du"],
                form.au,
                avec_conducteur=form.cleaned_data["avec_conducteur"],
            )
        except (PretRefuse, ModeleIncorrect) as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "La convention est prête. Les signataires des deux parties sont prévenus.")
            return redirect(convention)
    return render(request, "materiel/cadre_form.html", {"form": form}, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@une_seule_fois
def cadre_resilier(request: HttpRequest, pk: int) -> HttpResponse:
    """Ends an agreement of a year, once confirmed."""
    convention = _convention(request, pk)
    side = contract_side(request.user, convention.preteur, convention.emprunteur)
    if side is None:
        raise PermissionDenied(REGLES["preparer"])
    if not convention.is_cadre or not convention.is_current():
        return redirect(convention)
    if request.method != "POST":
        return render(request, "materiel/cadre_resilier.html", {"convention": convention})
    conventions.end_frame(convention, request.user, side)
    messages.success(request, "La convention est résiliée. Les prêts déjà accordés vont à leur terme.")
    return redirect(convention)


def modele(request: HttpRequest, page: ModeleConventionPage) -> HttpResponse:
    """A model, as the territory wrote it, words in braces included."""
    return render(request, "materiel/modele_convention.html", {"page": page})


def reglement(request: HttpRequest, page: ReglementPretPage) -> HttpResponse:
    """The rules that one accepts when asking."""
    return render(request, "materiel/reglement.html", {"page": page})

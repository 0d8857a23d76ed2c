"""What the page of a loan shows to one reader, and the forms that they may send."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest
from django.utils import timezone

from collectivites.garde import take
from extranet.lib.francais import NBSP
from materiel.constats.dossier import Dossier
from materiel.enums import EN_ATTENTE, TENUS, Cote, Nature, StatutPret
from materiel.forms.reponses import (
    ATTENTE,
    PARTIE,
    PROPOSER,
    REFUSER,
    AttenteForm,
    MessageForm,
    PartieForm,
    ProposerForm,
    PropositionForm,
    RefuserForm,
)
from materiel.models import Engagement, Materiel, Pret, Proposition
from materiel.mots import chose, chose_du, periode_longue
from materiel.passages import held, stamp
from materiel.permissions import can_act_as_borrower, can_answer
from materiel.prets.alternatives import PROCHES, Jours, Proche, nearest_days, substitutes
from materiel.prets.attente import agrees_directly
from materiel.prets.demandes import Rival, asked_around, how_many, rivals, standing_in_the_way
from materiel.prets.echanges import may_write
from materiel.prets.reponses import A_CONVENIR, A_TRAITER, pending
from materiel.prets.retards import threatens
from materiel.registre.regles import blocked, obstacle_of_papers
from materiel.suivi.etapes import badge, callers, steps, thread
from materiel.suivi.pieces import pieces

if TYPE_CHECKING:
    from collectivites.models import Agent

MODIFIABLES = (StatutPret.DEMANDE, StatutPret.ATTENTE, *TENUS)
ANNULABLES = (*EN_ATTENTE, StatutPret.ACCEPTE)


@dataclass
class AReponse:
    """What the owner has to know to answer: what is free for it, who asked before, which days are free."""

    pret: Pret
    libre: int
    rivaux: list[Rival] = field(default_factory=list)
    jours: list[Jours] = field(default_factory=list)
    promis: str = ""
    papier: str = ""

    @property
    def suffit(self) -> bool:
        return self.libre >= self.pret.quantite and not self.papier

    @property
    def en_partie(self) -> int:
        return self.libre if 0 < self.libre < self.pret.quantite and not self.papier else 0

    @property
    def evidente(self) -> str:
        """The answer that is shown open: what one would do first when it cannot be a plain yes."""
        if self.pret.statut != StatutPret.DEMANDE or self.papier:
            return ""
        if self.en_partie:
            return PARTIE
        return PROPOSER if self.jours and (self.avant or not self.libre) else ""

    @property
    def avant(self) -> str:
        """Who asked before, when there is not enough for both."""
        return ", ".join(dict.fromkeys(one.collectivite.nom for one in self.rivaux if not one.accorde))


def to_answer(pret: Pret) -> AReponse:
    """For one request; the inbox does it for all at once."""
    own = held(pret)
    libre = how_many(pret.materiel, pret.debut, pret.fin) + (own.quantite if own else 0)
    libre = min(libre, pret.materiel.stock)
    around = rivals(pret.materiel, pret.debut, pret.fin, sauf=pret.pk, avant=pret.created_at)
    found = AReponse(pret, libre, standing_in_the_way(around, pret.quantite, libre))
    found.papier = getattr(obstacle_of_papers(pret.materiel, pret.date_fin), "phrase", "")
    found.promis = promised_words(pret, engagements_around(pret))
    if not found.suffit or found.rivaux:
        most = min(pret.quantite, pret.materiel.stock)
        known = {"sauf": pret.pk, "avant": pret.created_at}
        around = asked_around(pret.materiel, pret.debut, pret.fin, **known)
        found.jours = nearest_days(pret.materiel, pret.debut, pret.fin, most, promised=around)
    return found


def engagements_around(pret: Pret) -> list[Engagement]:
    first, last = blocked(pret.materiel, pret.debut, pret.fin)
    found = Engagement.objects.held().filter(materiel=pret.materiel_id).between(first, last).exclude(pret=pret.pk)
    return list(found.select_related("pret__emprunteur", "papier"))


def promised_words(pret: Pret, around: list[Engagement]) -> str:
    """« Vous en avez 40. 12 sont promises à Damparis, du 20 au 24 octobre. »"""
    words = []
    for one in around:
        if one.nature in {Nature.PRET, Nature.OPTION} and one.pret:
            done = "promis" if one.nature == Nature.PRET else "retenu"
            words.append(f"{one.quantite} {done} {one.pret.emprunteur.a_nom}, {one.pret.periode}")
        else:
            words.append(f"{one.quantite} {one.get_nature_display()}, {one.periode}")
    if not words:
        return ""
    return f"Vous en avez {pret.materiel.stock}{NBSP}: {f'{NBSP}; '.join(words)}."


def loan_context(request: HttpRequest, pret: Pret, cote: Cote | None, **forms: Any) -> dict[str, Any]:
    agent, dossier = request.user, Dossier(pret)
    proposition = pending(pret) if pret.statut in A_CONVENIR else None
    menace, exigee = threatens(pret), dossier.regles.convention_exigee
    context = {
        "pret": pret,
        "dossier": dossier,
        "cote": cote,
        "preteur": cote == Cote.PRETEUR,
        "chose": chose_du(pret),
        "periode": periode_longue(pret.debut, pret.fin),
        "badge": badge(pret, cote, exigee=exigee),
        "etapes": steps(pret, exigee=exigee),
        "fil": thread(dossier),
        "appels": callers(dossier),
        "pieces": pieces(dossier),
        "agenda": pret.statut in TENUS,
        "vu": stamp(pret),
        "menace": menace,
        "proches": [],
        "ouverte": "",
        "suite": "",
        "refus": forms.get("refus", ""),
        "convention_gabarits": ["materiel/_pret_convention.html", "materiel/_pret_convention_defaut.html"],
        "constats_gabarits": ["materiel/_pret_constats.html", "materiel/_pret_constats_defaut.html"],
        **_acts(agent, pret, proposition, threatened=menace is not None),
        **_forms(request, pret, forms),
    }
    others: list[Proche] = []
    if menace or pret.statut == StatutPret.REFUSE:
        others = substitutes(pret.materiel, pret.emprunteur, agent, pret.debut, pret.fin, pret.quantite, combien=None)
        context["proches"] = others[:PROCHES]
    if context["peut_repondre"]:
        known = _instead(pret, others) if menace else {}
        context |= answering(request, pret, forms, **known)
    if proposition is not None:
        context["proposition"] = proposition
        context["proposee"] = chose(proposition.materiel, proposition.quantite)
        context["form_proposition"] = forms.get("form_proposition") or PropositionForm(initial={"lue": proposition.pk})
    return context


def _instead(pret: Pret, others: list[Proche]) -> dict[str, Any]:
    """Granted, and a late loan stands before it: another thing of the same owner, free on the same days."""
    own = next((one.materiel for one in others if one.materiel.collectivite_id == pret.preteur_id), None)
    return {"reponse": AReponse(pret, 0), "autre": own}


def _acts(agent: "Agent", pret: Pret, proposition: Proposition | None, *, threatened: bool) -> dict[str, bool]:
    """A granted loan is answered again only when a late one stands before it."""
    lender, borrower = can_answer(agent, pret), can_act_as_borrower(agent, pret)
    mine = lender or borrower
    awaited = proposition is not None and (borrower if proposition.cote == Cote.PRETEUR else lender)
    return {
        "proposition": None,
        "peut_repondre": lender and (pret.statut in (*A_TRAITER, StatutPret.PROPOSE) or threatened),
        "peut_accepter": lender and pret.statut in A_TRAITER,
        "peut_dire": awaited,
        "peut_contrer": awaited and borrower and pret.statut == StatutPret.PROPOSE,
        "peut_modifier": mine and pret.statut in MODIFIABLES,
        "peut_annuler": mine and pret.statut in ANNULABLES and (borrower or pret.statut == StatutPret.ACCEPTE),
        "peut_noter_absent": lender and pret.statut == StatutPret.ACCEPTE and _has_begun(pret),
        "peut_ecrire": may_write(pret, agent),
        "direct": agrees_directly(pret.materiel, pret.quantite),
    }


def _has_begun(pret: Pret) -> bool:
    return pret.date_debut <= timezone.localdate()


def _forms(request: HttpRequest, pret: Pret, forms: dict[str, Any]) -> dict[str, Any]:
    kept = take(request) if request.method == "GET" else None
    words = {"texte": kept["texte"]} if kept and kept.get("texte") else {}
    return {"form_message": forms.get("form_message") or MessageForm(initial=words)}


def answering(
    request: HttpRequest,
    pret: Pret,
    forms: dict[str, Any],
    reponse: AReponse | None = None,
    nos: list[Materiel] | None = None,
    autre: Materiel | None = None,
) -> dict[str, Any]:
    """The answers of the owner, each in its fold; the one asked for by the address, or to correct, is open."""
    reponse = reponse or to_answer(pret)
    nos = ours(pret) if nos is None else nos
    ouverte = forms.get("ouverte") or request.GET.get("reponse") or reponse.evidente
    vu = {"vu": stamp(pret)}
    ready = {"materiel": autre.pk} if autre else {}
    return {
        "reponse": reponse,
        "ouverte": ouverte,
        "form_partie": forms.get("form_partie")
        or PartieForm(pret=pret, libre=reponse.libre, initial=vu, auto_id=ids(pret, PARTIE)),
        "form_proposer": forms.get("form_proposer")
        or ProposerForm(pret=pret, nos=nos, initial=vu | ready, auto_id=ids(pret, PROPOSER)),
        "form_refuser": forms.get("form_refuser") or RefuserForm(initial=vu, auto_id=ids(pret, REFUSER)),
        "form_attente": forms.get("form_attente") or AttenteForm(initial=vu, auto_id=ids(pret, ATTENTE)),
    }


def ours(pret: Pret) -> list[Materiel]:
    """What the owner may propose instead: its things of the same category, that of the loan first."""
    found = Materiel.objects.lendable().filter(collectivite=pret.preteur_id, categorie=pret.materiel.categorie_id)
    return of_kind(pret, list(found.select_related("page").order_by("page__title", "pk")))


def of_kind(pret: Pret, things: list[Materiel]) -> list[Materiel]:
    same = [one for one in things if one.categorie_id == pret.materiel.categorie_id and one.pk != pret.materiel_id]
    return [pret.materiel, *same]


def ids(pret: Pret, action: str) -> str:
    """Those of the fields of one answer, among all those of the inbox."""
    return f"{action}{pret.pk}_%s"

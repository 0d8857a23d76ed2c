"""The sheet of one page that goes with the thing: who lends what to whom, and the two états des lieux to fill in."""

from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from collectivites.models import Poste
from extranet.lib.francais import date_longue, euros, heure, telephone
from extranet.lib.pdf import render
from materiel.constats.elements import expected
from materiel.contrats.donnees_convention import service
from materiel.contrats.parties import capital, date_complete
from materiel.entraide.presents import to_call
from materiel.enums import EtatElement, TypeConstat, TypeConvention
from materiel.models import Constat, Convention, Pret


def draw_sheet(pret: Pret) -> bytes:
    """A PDF, drawn when asked: what it says is that of the loan as it stands."""
    return render("fiche-de-pret", sheet_data(pret))


def sheet_data(pret: Pret) -> dict[str, Any]:
    people = {poste.collectivite_id: poste for poste in to_call(pret)}
    step = TypeConstat.RESTITUTION if pret.remis_le else TypeConstat.REMISE
    address = f"{settings.SITE_URL}{reverse('materiel:pret_detail', args=[pret.numero])}"
    data = {
        "service": service(),
        "numero": pret.numero,
        "objet": pret.materiel.nom,
        "occasion": pret.usage,
        "preteur": pret.preteur.nom,
        "emprunteur": pret.emprunteur.nom,
        "cadre": _under(pret),
        "lignes": _lines(pret, people),
        "depart": date_longue(pret.date_debut),
        "retour": date_longue(pret.date_fin),
        "elements": [_element(one) for one in expected(pret, step)],
        "agents": {
            "preteur": _name(people.get(pret.preteur_id)),
            "emprunteur": _name(people.get(pret.emprunteur_id)),
        },
        "qr": {"pret": address},
    }
    if pret.materiel.compteur or pret.materiel.carburant:
        data["compteur"] = pret.materiel.carburant or "en heures"
    return data


def _under(pret: Pret) -> str:
    convention = Convention.objects.covering(pret).first()
    if convention is None:
        return "Aucune convention signée ne couvre encore ce prêt."
    kind = "convention-cadre" if convention.type == TypeConvention.CADRE else "convention"
    return f"Prêt sous {kind} n° {convention.numero} du {date_complete(timezone.localdate(convention.signee_le))}."


def _lines(pret: Pret, people: dict[int, Poste]) -> list[list[str]]:
    materiel = pret.materiel
    count = f"{pret.quantite} {materiel.unites}" if pret.quantite > 1 else ""
    total = (materiel.valeur_remplacement or 0) * pret.quantite
    value = f"valeur {euros(total)}" if total else ""
    lines = [["Matériel", ", ".join(filter(None, [count, materiel.inventaire, value])) or materiel.nom]]
    lines += [["Remise", _when(pret.date_debut, pret.get_moment_debut_display(), pret.heure_remise)]]
    lines += [["Retour", _when(pret.date_fin, pret.get_moment_fin_display(), pret.heure_retour)]]
    if materiel.lieu:
        lines.append(["Lieu", materiel.lieu])
    for place in (pret.preteur, pret.emprunteur):
        poste = people.get(place.pk)
        if poste is not None:
            number = f", {telephone(poste.numero)}" if poste.numero else ""
            lines.append([capital(place.a_nom), f"{poste.agent.nom_complet}{number}"])
    if pret.conducteur:
        lines.append(["Conduira", pret.conducteur.nom_complet])
    last = Constat.objects.filter(pret=pret, type=TypeConstat.REMISE, compteur__isnull=False).first()
    if last is not None:
        lines.append(["Compteur à la remise", f"{last.compteur} h".replace(".", ",")])
    return lines


def _when(day: Any, half: str, at: Any) -> str:
    return f"{date_longue(day)}, {half}{f', {heure(at)}' if at else ''}"


def _element(one: Any) -> dict[str, str]:
    known = one.avant is not None and one.avant.etat != EtatElement.BON
    note = {"note": (one.avant.note or one.avant.get_etat_display())[:60]} if known else {}
    count = {"nombre": str(one.prevu)} if one.prevu > 1 else {"prevu": one.detail}
    return {"nom": capital(one.nom)} | count | note


def _name(poste: Poste | None) -> str:
    return poste.agent.nom_complet if poste else ""

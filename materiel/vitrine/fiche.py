"""What the sheet of a thing shows to its reader: conditions, papers, contacts, history."""

from dataclasses import dataclass

from django.db.models import Count, Min, OuterRef, Q, QuerySet, Subquery

from collectivites.models import Agent, Collectivite, Poste
from extranet.lib.francais import NBSP, en_lettres, euros, jour
from extranet.lib.typographie import space
from materiel.enums import Conducteur, StatutPret, Transport, TypePapier
from materiel.models import Materiel, Papier, Pret, ReglagesMateriel

RENDUS = (StatutPret.RESTITUE, StatutPret.CLOS)


@dataclass(frozen=True)
class Condition:
    terme: str
    lignes: list[str]


def conditions(materiel: Materiel, reglages: ReglagesMateriel) -> list[Condition]:
    """What one accepts by asking, in the order in which one wonders."""
    rows = [
        ("Conduite", _driving(materiel)),
        ("Prix", _price(materiel)),
        ("Assurance", _insurance(materiel, reglages)),
        ("Transport", _transport(materiel)),
        ("Remise et retour", [line for line in (materiel.lieu, materiel.horaires) if line]),
        ("Durée", _length(materiel)),
        ("Délai", _notice(materiel)),
        ("Consignes", [line.strip() for line in materiel.consignes.splitlines() if line.strip()]),
    ]
    return [Condition(term, [space(line) for line in lines]) for term, lines in rows if lines]


def _driving(materiel: Materiel) -> list[str]:
    asked = [one.libelle for one in materiel.habilitations.all()]
    lines = [", ".join(asked)] if asked and materiel.conducteur != Conducteur.OBLIGATOIRE else []
    if materiel.conducteur != Conducteur.SANS:
        line = materiel.get_conducteur_display().capitalize()
        price = f", {euros(materiel.tarif_conducteur)} de l’heure" if materiel.tarif_conducteur else ""
        lines.append(line + price)
    if materiel.prise_en_main:
        lines.append(f"Prise en main de {materiel.prise_en_main} minutes")
    return lines


def _price(materiel: Materiel) -> list[str]:
    each = " par unité" if materiel.stock > 1 else ""
    lines = [f"{euros(materiel.tarif_jour)} par jour{each}" if materiel.tarif_jour else "Gratuit entre communes"]
    lines += [f"Carburant : {materiel.carburant}"] if materiel.carburant else []
    lines += [f"Caution de {euros(materiel.caution)}"] if materiel.caution else []
    if materiel.valeur_remplacement:
        lines.append(f"Remplacé {euros(materiel.valeur_remplacement)}{each} s’il est perdu")
    return lines


def _insurance(materiel: Materiel, reglages: ReglagesMateriel) -> list[str]:
    return ["Attestation de votre assureur, demandée avant la remise"] if reglages.assurance_exigee else []


def _transport(materiel: Materiel) -> list[str]:
    if materiel.transport == Transport.RETRAIT:
        return ["Vous venez le chercher"]
    owner = materiel.collectivite.nom
    price = f", {euros(materiel.prix_livraison)}" if materiel.prix_livraison else ""
    if materiel.transport == Transport.LIVRE:
        return [f"Livré par {owner}{price}"]
    return ["Vous venez le chercher", f"ou {owner} vous le livre{price}"]


def _length(materiel: Materiel) -> list[str]:
    most = materiel.duree_max_jours
    return [f"{en_lettres(most).capitalize()} jour{'s' if most > 1 else ''} au plus"]


def _notice(materiel: Materiel) -> list[str]:
    lines = []
    if materiel.preavis_jours:
        lines.append(f"Demandez-le {_open_days(materiel.preavis_jours)} à l’avance")
    kept = [(materiel.tampon_avant, "avant"), (materiel.tampon_apres, "après")]
    lines += [f"{_open_days(n).capitalize()} gardé{'s' if n > 1 else ''} {word} chaque prêt" for n, word in kept if n]
    if materiel.stock > 1 and materiel.quantite_max < materiel.stock:
        lines.append(f"{materiel.quantite_max} au plus par prêt, sur {materiel.stock}")
    return lines


def _open_days(count: int) -> str:
    plural = "s" if count > 1 else ""
    return f"{en_lettres(count)} jour{plural} ouvré{plural}"


@dataclass(frozen=True)
class EtatPapier:
    """A paper by its name and its state: the file itself is for those who look after the thing, and its borrower."""

    nom: str
    ton: str
    etat: str


INSURED = EtatPapier("Assurance", "ok", "La vôtre est à jour")
UNINSURED = EtatPapier("Assurance", "wait", "La vôtre est à donner")


def papers(materiel: Materiel, place: Collectivite | None) -> tuple[list[EtatPapier], EtatPapier]:
    """The present ones, and whether the collectivité that would borrow has given its certificate of the year.

    One query.
    """
    asked = Q(materiel=materiel)
    if place is not None:
        asked |= Q(collectivite=place, type=TypePapier.ASSURANCE)
    found = Papier.objects.filter(asked, remplace_par=None).defer("file")
    known, valid = [], False
    for one in found:
        if one.materiel_id:
            known.append(_state_of_paper(one))
        else:
            valid = valid or one.is_valid()
    return known, INSURED if valid else UNINSURED


def _state_of_paper(papier: Papier) -> EtatPapier:
    name = str(papier)
    name, until = name[:1].upper() + name[1:], papier.valable_jusqu_au
    if until is None:
        return EtatPapier(name, "ok", "disponible")
    if not papier.is_valid():
        return EtatPapier(name, "alert", f"échu depuis le {jour(until)}")
    if papier.is_ending():
        return EtatPapier(name, "wait", f"à renouveler avant le {jour(until)}")
    return EtatPapier(name, "ok", f"valable jusqu’au {jour(until)}")


@dataclass(frozen=True)
class Contact:
    agent: Agent
    libelle: str
    numero: str
    adresse: str


def contacts(materiel: Materiel) -> list[Contact]:
    """Who looks after it, while in office there; else the gestionnaires of its owner, three at most. One query."""
    there = Poste.objects.in_force().for_list().filter(agent__efface_le=None, agent__is_active=True)
    there = there.filter(Q(gestionnaire=True) | Q(agent=materiel.contact_id), collectivite=materiel.collectivite_id)
    found = list(there)
    own = [poste for poste in found if poste.agent_id == materiel.contact_id]
    return [_contact(poste) for poste in own[:1] or found[:3]]


def _contact(poste: Poste) -> Contact:
    return Contact(poste.agent, poste.libelle, poste.numero, poste.adresse)


def with_history(things: QuerySet[Materiel]) -> QuerySet[Materiel]:
    """With how many loans came back, and since when."""
    back = Pret.objects.filter(materiel=OuterRef("pk"), statut__in=RENDUS).order_by().values("materiel")
    return things.annotate(
        nb_rendus=Subquery(back.annotate(n=Count("pk")).values("n")),
        premier_rendu=Subquery(back.annotate(jour=Min("date_debut")).values("jour")),
    )


def history(materiel: Materiel) -> str:
    """« 31 prêts depuis 2022 »; empty before the first one came back. For a thing of `with_history`."""
    if not materiel.nb_rendus:
        return ""
    plural = "s" if materiel.nb_rendus > 1 else ""
    return f"{materiel.nb_rendus}{NBSP}prêt{plural} depuis {materiel.premier_rendu.year}"

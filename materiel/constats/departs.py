"""What must be in order before a thing leaves: its dates, a signed convention, the papers it travels with."""

from datetime import date

from django.utils import timezone

from extranet.lib.demi_journees import DemiJournee
from extranet.lib.francais import date_longue
from extranet.lib.jours_ouvres import working_day_before
from materiel import registre
from materiel.constats.dossier import Dossier
from materiel.enums import StatutPret, TypePapier
from materiel.models import Pret
from materiel.registre.regles import Obstacle

STATUT, DATES, CONVENTION, ASSURANCE, PAPIER = "statut", "dates", "convention", "assurance", "papier"


def obstacles_to_leave(pret: Pret, dossier: Dossier | None = None) -> list[Obstacle]:
    """All that keeps this loan from being handed over now, the first thing to do first. Empty: it may leave.

    `dossier`: what was read of this loan already.
    """
    if pret.statut != StatutPret.ACCEPTE:
        out = pret.statut in {StatutPret.REMIS, StatutPret.RESTITUE, StatutPret.CLOS}
        phrase = "Ce prêt est déjà remis." if out else "Ce prêt n’est pas accordé : rien n’est à remettre."
        return [Obstacle(STATUT, phrase)]
    dossier = dossier or Dossier(pret)
    found = [
        obstacle_of_moment(pret),
        _of_convention(dossier) if dossier.regles.convention_exigee else None,
        _of_insurance(dossier) if dossier.regles.assurance_exigee else None,
        dossier.obstacle_of_papers(pret.date_fin),
        _of_missing_paper(dossier),
    ]
    return [one for one in found if one]


def first_day_to_leave(pret: Pret) -> date:
    """The working day before the loan begins: what serves on Saturday is fetched on Friday."""
    return working_day_before(pret.date_debut, 1)


def obstacle_of_moment(pret: Pret) -> Obstacle | None:
    if timezone.localdate() < first_day_to_leave(pret):
        return Obstacle(
            DATES,
            f"Ce prêt commence {_le(pret.debut)} : il se remet à partir du {date_longue(first_day_to_leave(pret))}. "
            "Pour le remettre plus tôt, changez d’abord ses dates.",
        )
    if registre.now_index() > pret.fin.index:
        return Obstacle(DATES, "Les dates de ce prêt sont passées. Changez-les d’abord, ou notez qu’il n’a pas servi.")
    return None


def _le(half: DemiJournee) -> str:
    return f"le {half}"


def _of_convention(dossier: Dossier) -> Obstacle | None:
    if dossier.is_covered():
        return None
    pret, current = dossier.pret, dossier.propre
    if current is not None and current.signee_le is None and current.suits(pret):
        if current.copie_attend:
            return Obstacle(
                CONVENTION,
                f"{pret.preteur.nom} doit dire si la copie signée déposée par {pret.emprunteur.nom} est la bonne. "
                "Ouvrez la convention.",
            )
        sides = {signature.cote for signature in current.signatures.all()}
        names = [
            place.nom
            for cote, place in (("preteur", pret.preteur), ("emprunteur", pret.emprunteur))
            if cote not in sides
        ]
        return Obstacle(CONVENTION, f"La convention n’est pas signée par {' et par '.join(names)}. Signez-la d’abord.")
    return Obstacle(
        CONVENTION,
        "Aucune convention signée ne couvre ce matériel, ces dates et cette quantité. Préparez-la, signez-la d’abord.",
    )


def _of_insurance(dossier: Dossier) -> Obstacle | None:
    pret = dossier.pret
    if any(one.is_valid(pret.date_fin) for one in dossier.assurances):
        return None
    return Obstacle(
        ASSURANCE,
        f"L’attestation d’assurance {pret.emprunteur.de_nom} manque, ou finit avant le retour. Déposez-la d’abord.",
    )


def required_papers(pret: Pret) -> list[TypePapier]:
    """Those that its category marks « ! »: without them the thing may not be used."""
    codes = [code.strip() for code in pret.materiel.categorie.papiers.split(",")]
    return [TypePapier(code[:-1]) for code in codes if code.endswith("!") and code[:-1] in TypePapier.values]


def _of_missing_paper(dossier: Dossier) -> Obstacle | None:
    pret, kept = dossier.pret, {one.type for one in dossier.papiers_du_materiel}
    missing = [kind.label for kind in required_papers(pret) if kind not in kept]
    if not missing:
        return None
    return Obstacle(
        PAPIER, f"Sur la fiche de « {pret.materiel.nom} » il manque : {', '.join(missing)}. Ajoutez-le avant la remise."
    )


def titles_to_see(pret: Pret) -> list[str]:
    """The habilitations that the thing asks of whoever the borrower lets drive it; none with the owner's driver."""
    return [] if pret.avec_conducteur else [one.libelle for one in pret.materiel.habilitations.all()]


def unseen_titles(titles: list[str]) -> str:
    """The rule that is broken when nobody says that they saw them."""
    return (
        f"Ce matériel se conduit avec : {', '.join(titles)}. Vérifiez le titre de qui conduira, écrivez son nom et "
        "cochez que vous l’avez vu. Sinon, ne remettez rien."
    )

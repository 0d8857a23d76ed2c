"""Where a loan stands with its convention and its états des lieux, as the page of the loan shows it to a reader."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from collectivites.enums import Signature as Pouvoir
from collectivites.models import Poste
from materiel.constats.departs import CONVENTION, obstacles_to_leave
from materiel.constats.dossier import Dossier
from materiel.constats.elements import expected, seen_in
from materiel.contrats.parties import signer
from materiel.contrats.signatures import place_of
from materiel.enums import TENUS, Cote, StatutPret, TypeConstat
from materiel.models import Constat, Convention, Element, Signature
from materiel.permissions import can_answer, can_hand_over, can_take_back, contract_side, signing_poste
from materiel.registre.regles import Obstacle

if TYPE_CHECKING:
    from collectivites.models import Agent, Collectivite


@dataclass(frozen=True)
class Partie:
    """A party of a convention: what it has signed, or who is to sign, and whether that is the reader."""

    cote: Cote
    place: "Collectivite"
    signature: Signature | None
    attendu: Poste | None
    moi: Poste | None
    delegant: Poste | None = None

    @property
    def par_delegation(self) -> bool:
        """Whoever is to sign does it for `delegant`, who signs by law there."""
        poste = self.moi or self.attendu
        return poste is not None and poste.signataire == Pouvoir.DELEGATION


@dataclass(frozen=True)
class SuiviConvention:
    convention: Convention | None
    cadre: Convention | None
    parties: list[Partie]
    peut_preparer: bool
    a_reconnaitre: bool = False

    @property
    def a_moi(self) -> bool:
        return any(one.moi for one in self.parties)


def follow_convention(dossier: Dossier, agent: "Agent") -> SuiviConvention:
    """The frame that covers the loan, else its own convention and who is still to sign it."""
    pret, frame = dossier.pret, dossier.cadre
    convention = None if frame else dossier.propre
    stale = convention is not None and not convention.suits(pret)
    prepares = pret.statut in TENUS and contract_side(agent, pret.preteur, pret.emprunteur) is not None
    return SuiviConvention(
        convention=convention,
        cadre=frame,
        parties=parties_of(convention, agent, dossier.postes) if convention else [],
        peut_preparer=prepares and frame is None and (convention is None or stale),
        a_reconnaitre=convention is not None
        and convention.copie_attend
        and contract_side(agent, pret.preteur, pret.emprunteur) == Cote.PRETEUR,
    )


def parties_of(convention: Convention, agent: "Agent", postes: list[Poste] | None = None) -> list[Partie]:
    """`postes`: those of both parties in force, when they are read already."""
    signed = {one.cote: one for one in convention.signatures.all()}
    waits = convention.is_current() and len(signed) < len(Cote)
    if waits and postes is None:
        postes = signers(convention)
    return [_partie(convention, cote, signed.get(cote), agent, postes if waits else None) for cote in Cote]


def _partie(
    convention: Convention, cote: Cote, done: Signature | None, agent: "Agent", postes: list[Poste] | None
) -> Partie:
    place = place_of(convention, cote)
    if done is not None or postes is None:
        return Partie(cote, place, done, None, None)
    by_law = [one for one in postes if one.collectivite_id == place.pk and one.signataire == Pouvoir.DE_DROIT]
    return Partie(
        cote, place, None, signer(place, postes), signing_poste(agent, convention, cote), next(iter(by_law), None)
    )


def signers(convention: Convention) -> list[Poste]:
    """Of both parties, in force."""
    found = Poste.objects.in_force().exclude(signataire=Pouvoir.NON).filter(agent__efface_le=None)
    places = [convention.preteur_id, convention.emprunteur_id]
    return list(found.filter(collectivite__in=places).for_list())


@dataclass(frozen=True)
class LigneConstat:
    """An element at the three times it is looked at."""

    nom: str
    detail: str
    avant: Element | None
    remise: Element | None
    retour: Element | None


@dataclass(frozen=True)
class SuiviConstats:
    lignes: list[LigneConstat]
    remise: Constat | None
    retours: list[Constat]
    incidents: list[Any]
    obstacles: list[Obstacle]
    peut_remettre: bool
    peut_reprendre: bool
    peut_clore: bool
    autres: list[Obstacle] = field(default_factory=list)


def follow_constats(dossier: Dossier, agent: "Agent") -> SuiviConstats:
    """Element by element, with what one may do next. Nothing for a loan that was never granted."""
    pret = dossier.pret
    against = obstacles_to_leave(pret, dossier) if pret.statut == StatutPret.ACCEPTE else []
    # What goes wrong is seen at a return.
    incidents = list(pret.incidents.all()) if dossier.retours else []
    opened = any(one.clos_le is None for one in incidents)
    return SuiviConstats(
        lignes=list(_lines(dossier)),
        remise=dossier.remise,
        retours=dossier.retours,
        incidents=incidents,
        obstacles=against,
        autres=[one for one in against if one.code != CONVENTION],
        peut_remettre=pret.statut == StatutPret.ACCEPTE and can_hand_over(agent, pret),
        peut_reprendre=pret.statut == StatutPret.REMIS and can_take_back(agent, pret),
        peut_clore=pret.statut == StatutPret.RESTITUE
        and not opened
        and (can_answer(agent, pret) or can_take_back(agent, pret)),
    )


def _lines(dossier: Dossier) -> Iterable[LigneConstat]:
    """What was seen keeps its own list, even if the accessories have changed since."""
    before = seen_in(dossier.reference(TypeConstat.REMISE))
    left = seen_in(dossier.remise)
    returned = {one.nom: one for constat in dossier.retours for one in constat.elements.all()}
    if left or returned:
        names = dict.fromkeys([*left, *returned], "")
    else:
        names = {one.nom: one.detail for one in expected(dossier.pret, TypeConstat.REMISE, dossier)}
    for nom, detail in names.items():
        yield LigneConstat(nom, detail, before.get(nom), left.get(nom), returned.get(nom))

"""Conventions and états des lieux of the demo, with their dates: the PDF are those that the site makes."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from django.core.files.base import ContentFile
from django.utils import timezone

from collectivites.models import Collectivite
from extranet.lib.stockage import store
from materiel.annonces_contrat import ask_signature
from materiel.constats.elements import expected
from materiel.contrats import conventions, signatures
from materiel.contrats.parties import delegation
from materiel.demo.outils import LOT, Carnet, Gens
from materiel.enums import Carburant, Cote, EtatElement, TypeConstat
from materiel.models import Constat, Convention, Element, Pret, Signature

if TYPE_CHECKING:
    from collectivites.demo import Monde


@dataclass(frozen=True)
class Vu:
    """What is not in good order, by name of element."""

    etat: EtatElement
    vu: int | None = None
    note: str = ""


@dataclass
class Contrats:
    monde: "Monde"
    gens: Gens
    carnet: Carnet
    listes: dict[int, list] = field(default_factory=dict)
    constats: list[tuple[Constat, dict[str, Vu]]] = field(default_factory=list)

    def may_sign(self, *places: Collectivite) -> bool:
        return all(place.pk in self.gens.signataires for place in places)

    def frame(self, preteur: Collectivite, emprunteur: Collectivite, du: date, au: date, le: datetime) -> Convention:
        """Signed by both, the next day for the second."""
        keeper = self.gens.gestionnaires[preteur.pk]
        convention = conventions.draft_of_frame(keeper, preteur, emprunteur, du, au, le=timezone.localdate(le))
        return self._signed(convention, le)

    def own(self, pret: Pret) -> Convention:
        """That of a loan, signed by both after it was granted."""
        return self._signed(self._own(pret), pret.accepte_le + timedelta(minutes=5))

    def _own(self, pret: Pret) -> Convention:
        keeper, day = self.gens.gestionnaires[pret.preteur_id], timezone.localdate(pret.accepte_le)
        return conventions.draft_of_loan(pret, pret.numero, keeper, le=day)

    def _prepare(self, convention: Convention, le: datetime) -> None:
        content = conventions.draw(convention)
        convention.sha256 = hashlib.sha256(content).hexdigest()
        store(convention.file, ContentFile(content), "pdf")
        convention.save()
        Convention.objects.filter(pk=convention.pk).update(created_at=le)
        self.carnet.note(le, "convention.preparee", convention, convention.preparee_par, convention.preteur)

    def _signed(self, convention: Convention, le: datetime) -> Convention:
        self._prepare(convention, le)
        convention.signee_le = le + timedelta(hours=26)
        done = [
            self._signature(convention, cote, le + timedelta(hours=hours))
            for cote, hours in ((Cote.PRETEUR, 2), (Cote.EMPRUNTEUR, 26))
        ]
        frames = [signatures.frame_of(convention, one) for one in done]
        more = {"empreinte": convention.sha256, "verification": _address(convention)}
        store(convention.signe, ContentFile(conventions.draw(convention, frames, **more)), "pdf")
        convention.save(update_fields=["signe", "signee_le"])
        return convention

    def _signature(self, convention: Convention, cote: Cote, le: datetime) -> Signature:
        place = signatures.place_of(convention, cote)
        poste = self.gens.signataires[place.pk]
        signature = Signature.objects.create(
            convention=convention,
            cote=cote,
            agent=poste.agent,
            nom=poste.agent.nom_complet,
            qualite=poste.libelle.lower(),
            delegation=delegation(poste),
            preuve=signatures.SANS_PREUVE,
            sha256=convention.sha256,
            signee_le=le,
        )
        self.carnet.note(le, "convention.signee", convention, poste.agent, place, cote=cote, sha256=convention.sha256)
        return signature

    def prepared(self, pret: Pret) -> Convention:
        """As soon as the loan was granted; both are asked to sign."""
        convention = self._own(pret)
        self._prepare(convention, pret.accepte_le + timedelta(minutes=1))
        ask_signature(convention, list(Cote), convention.preparee_par)
        return convention

    def to_sign(self, pret: Pret) -> Convention:
        """Prepared and signed by the lender; the borrower is asked, as by the site."""
        convention = self._own(pret)
        self._prepare(convention, pret.accepte_le + timedelta(minutes=5))
        signature = self._signature(convention, Cote.PRETEUR, pret.accepte_le + timedelta(hours=20))
        ask_signature(convention, [Cote.EMPRUNTEUR], signature.agent)
        return convention

    def constat(
        self, pret: Pret, genre: TypeConstat, le: datetime, vus: dict[str, Vu] | None = None, **words: object
    ) -> Constat:
        """Written with the others by `write_constats`."""
        lender, borrower = self.gens.on_the_spot(pret.preteur), self.gens.on_the_spot(pret.emprunteur)
        constat = Constat(
            pret=pret,
            type=genre,
            quantite=pret.quantite,
            auteur=lender,
            agent_preteur=lender,
            agent_emprunteur=borrower,
            nom_preteur=lender.nom_complet,
            nom_emprunteur=borrower.nom_complet,
            carburant=Carburant.PLEIN if pret.materiel.carburant else "",
            fait_le=le,
            **words,
        )
        self.constats.append((constat, vus or {}))
        return constat

    def write_constats(self) -> None:
        Constat.objects.bulk_create([one for one, _ in self.constats], batch_size=LOT)
        Element.objects.bulk_create(
            [element for one, vus in self.constats for element in self._elements(one, vus)], batch_size=LOT
        )
        self.constats.clear()

    def _elements(self, constat: Constat, vus: dict[str, Vu]) -> Iterable[Element]:
        pret = constat.pret
        known = self.listes.get(pret.materiel_id)
        if known is None:
            known = self.listes[pret.materiel_id] = [(one.nom, one.prevu) for one in expected(pret, TypeConstat.REMISE)]
        for rank, (nom, prevu) in enumerate(known):
            seen = vus.get(nom) or Vu(EtatElement.BON)
            count = seen.vu if seen.vu is not None else prevu
            yield Element(constat=constat, nom=nom, prevu=prevu, etat=seen.etat, vu=count, note=seen.note, ordre=rank)


def _address(convention: Convention) -> str:
    return f"{convention.donnees['service']['adresse']}{convention.get_absolute_url()}"

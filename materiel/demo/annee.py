"""A year of loans that went well, drawn between communes that lend to one another, and what they were worth."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import TYPE_CHECKING

from django.utils import timezone

from collectivites.listes import rows_of
from extranet.lib.jours_ouvres import working_day_from
from materiel.constats.valeurs import value_of
from materiel.contrats.parties import capital
from materiel.demo.contrats import Contrats, Vu
from materiel.demo.outils import DATA, LOT, Carnet, Gens, whole_days
from materiel.enums import Conducteur, EtatElement, StatutPret, Transport, TypeConstat
from materiel.models import Materiel, Numerotation, Pret

if TYPE_CHECKING:
    from collectivites.demo import Monde
    from collectivites.models import Collectivite

# Days ago: the last one ends before those under way begin; the first one, when the journal begins.
ANCIEN, RECENT, ESSAIS = 350, 30, 12
FESTIFS = {"fetes", "salles"}


@dataclass
class Annee:
    monde: "Monde"
    gens: Gens
    things: dict[str, Materiel]
    prets: list[Pret] = field(default_factory=list)
    pris: dict[int, dict[int, int]] = field(default_factory=lambda: defaultdict(lambda: defaultdict(int)))

    def draw(self) -> None:
        chance = self.monde.tirage("prets")
        usages = defaultdict(list)
        for row in rows_of("usages.csv", DATA):
            usages[row["categorie"]].append(row["usage"])
        by_place = defaultdict(list)
        for thing in self.things.values():
            by_place[thing.collectivite_id].append(thing)
        for row in rows_of("couples.csv", DATA):
            preteur, emprunteur = (self.monde.collectivite(row[side]) for side in ("preteur", "emprunteur"))
            for _ in range(int(row["nombre"])):
                thing = chance.choice(by_place[preteur.pk])
                self._loan(chance, thing, emprunteur, chance.choice(usages[thing.categorie.code]))

    def _loan(self, chance: Random, thing: Materiel, emprunteur: "Collectivite", usage: str) -> None:
        """On days when nobody else had it; given up when none is found."""
        for _ in range(ESSAIS):
            first = self.monde.jour(-chance.randint(RECENT, ANCIEN))
            if thing.categorie.code in FESTIFS:
                first += timedelta(days=(5 - first.weekday()) % 7)
            else:
                first = working_day_from(first)
            duree = chance.randint(0, min(2, thing.duree_max_jours - 1))
            quantite = max(1, round(thing.quantite_max * chance.choice([0.2, 0.3, 0.5]))) if thing.stock > 1 else 1
            if self._take(thing, first, duree, quantite):
                self.prets.append(self._closed(chance, thing, emprunteur, usage, first, duree, quantite))
                return

    def _take(self, thing: Materiel, first: date, duree: int, quantite: int) -> bool:
        """A day is left between two loans, as their owners do."""
        days = range(first.toordinal(), first.toordinal() + duree + 2)
        taken = self.pris[thing.pk]
        if any(taken[day] + quantite > thing.stock for day in days):
            return False
        for day in days:
            taken[day] += quantite
        return True

    def _closed(
        self,
        chance: Random,
        thing: Materiel,
        emprunteur: "Collectivite",
        usage: str,
        first: date,
        duree: int,
        quantite: int,
    ) -> Pret:
        debut, fin = whole_days(first, duree)
        ago = (first - self.monde.date).days
        asked = self.monde.instant(ago - chance.randint(12, 25), f"{chance.randint(8, 16)}:{chance.randint(10, 59)}")
        back = self.monde.instant(ago + duree, "17:15")
        driven = thing.conducteur == Conducteur.OBLIGATOIRE
        delivered = thing.transport == Transport.LIVRAISON and chance.random() < 0.3
        pret = Pret(
            materiel=thing,
            preteur=thing.collectivite,
            emprunteur=emprunteur,
            demandeur=self.gens.gestionnaires[emprunteur.pk],
            quantite=quantite,
            quantite_demandee=quantite,
            quantite_rendue=quantite,
            **Pret.between(debut, fin),
            usage=usage,
            avec_conducteur=driven,
            heures_conducteur=Decimal(6 * (duree + 1)) if driven else None,
            transport=Transport.LIVRAISON if delivered else Transport.RETRAIT,
            statut=StatutPret.CLOS,
            reponse_par=self.gens.gestionnaires[thing.collectivite_id],
            created_at=asked,
            accepte_le=asked + timedelta(hours=chance.choice([2, 5, 21, 26, 45])),
            remis_le=self.monde.instant(ago, "8:10"),
            restitue_le=back,
            clos_le=back + timedelta(hours=1),
            statut_le=back + timedelta(hours=1),
        )
        value = value_of(pret)
        pret.valeur, pret.valeur_detail = value.montant, value.detail
        return pret

    def number(self, others: list[Pret]) -> None:
        """All the loans, in the order in which they were asked, year by year."""
        last: dict[int, int] = defaultdict(int)
        for pret in sorted([*self.prets, *others], key=lambda one: (one.created_at, one.materiel_id)):
            year = timezone.localtime(pret.created_at).year
            last[year] += 1
            pret.numero = f"{year}-{last[year]}"
        Numerotation.objects.bulk_create(Numerotation(annee=year, dernier=count) for year, count in last.items())

    def write(self, contrats: Contrats, carnet: Carnet) -> None:
        Pret.objects.bulk_create(self.prets, batch_size=LOT)
        last = {pret.materiel_id: pret for pret in sorted(self.prets, key=lambda one: one.restitue_le)}
        seen = {self.things[row["cle"]].pk: row["dernier_retour"] for row in rows_of("materiels.csv", DATA)}
        for pret in self.prets:
            vus = worn(seen[pret.materiel_id]) if last[pret.materiel_id] is pret else {}
            contrats.constat(pret, TypeConstat.REMISE, pret.remis_le)
            contrats.constat(pret, TypeConstat.RESTITUTION, pret.restitue_le, vus)
            self._tell(pret, carnet)
        self._frames(contrats)

    def _tell(self, pret: Pret, carnet: Carnet) -> None:
        lender, borrower = pret.reponse_par, pret.demandeur
        carnet.note(pret.created_at, "pret.demande", pret, borrower, pret.emprunteur)
        carnet.note(pret.accepte_le, "pret.accepte", pret, lender, pret.preteur, quantite=pret.quantite)
        keeper = self.gens.on_the_spot(pret.preteur)
        carnet.note(pret.remis_le, "pret.remis", pret, keeper, pret.preteur, quantite=pret.quantite)
        carnet.note(pret.restitue_le, "pret.rendu", pret, keeper, pret.preteur, quantite=pret.quantite, perdue=0)
        carnet.note(pret.clos_le, "pret.clos", pret, lender, pret.preteur, valeur=str(pret.valeur))

    def _frames(self, contrats: Contrats) -> None:
        """Each pair had its convention-cadre, over by now: those in force are of `Prets`."""
        du, au = self.monde.jour(-ANCIEN - 15), self.monde.jour(-RECENT + 10)
        for rank, row in enumerate(rows_of("couples.csv", DATA)):
            preteur, emprunteur = (self.monde.collectivite(row[side]) for side in ("preteur", "emprunteur"))
            if rank % 2 == 0 and contrats.may_sign(preteur, emprunteur):
                contrats.frame(preteur, emprunteur, du, au, self.monde.instant(-ANCIEN - 13 + rank, "10:30"))


def worn(text: str) -> dict[str, Vu]:
    """« Housses=use|2|Usure légère;… »."""
    found = {}
    for one in filter(None, text.split(";")):
        nom, words = one.split("=")
        etat, count, note = words.split("|")
        found[capital(nom.strip())] = Vu(EtatElement(etat), int(count) if count else None, note)
    return found

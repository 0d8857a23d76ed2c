"""The loans under way in the demo, in every state, and the few that came to nothing."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from django.utils import timezone

from collectivites.listes import rows_of
from extranet.lib.demi_journees import DemiJournee, moment_at
from extranet.lib.jours_ouvres import working_day_after
from extranet.lib.typographie import space
from materiel import annonces, registre
from materiel.demo.contrats import Contrats, Vu
from materiel.demo.outils import DATA, Carnet, Gens, day_of, hour_of, past, whole_days
from materiel.enums import TENUS, Cote, EtatElement, Nature, NatureIncident, StatutPret, TypeConstat
from materiel.models import (
    Affectation,
    Convention,
    Engagement,
    Incident,
    Materiel,
    Message,
    Pret,
    Proposition,
    ReglagesMateriel,
)
from materiel.prets import attente
from materiel.registre.regles import blocked

if TYPE_CHECKING:
    from collectivites.demo import Monde

DEHORS = (StatutPret.REMIS, StatutPret.RESTITUE)
MOTIFS = {
    StatutPret.REFUSE: "La friteuse part en révision ce jour-là.",
    StatutPret.ANNULE: "Le chantier est reporté.",
}
# What an act is called in the journal, by the state that it leads to.
ACTES = {
    StatutPret.REFUSE: "pret.refuse",
    StatutPret.ANNULE: "pret.annule",
    StatutPret.EXPIRE: "pret.expire",
    StatutPret.NON_RETIRE: "pret.non_retire",
}
CASSE = {
    "Casques": Vu(EtatElement.MANQUE, 1, "Laissé au stade."),
    "État général": Vu(EtatElement.ABIME, None, "Capot fendu sur le côté."),
}
CASSE_DIT = "État général : abîmé. Capot fendu sur le côté.\nCasques : manque 1 sur 2. Laissé au stade."
# Days more that the counter-proposal of the demo moves a loan by.
DECALAGE = 2


@dataclass
class Prets:
    monde: "Monde"
    gens: Gens
    things: dict[str, Materiel]
    rows: dict[str, dict[str, str]] = field(default_factory=dict)
    prets: dict[str, Pret] = field(default_factory=dict)

    @property
    def all(self) -> list[Pret]:
        return list(self.prets.values())

    def read(self) -> None:
        for row in rows_of("prets.csv", DATA):
            self.rows[row["cle"]], self.prets[row["cle"]] = row, self._pret(row)

    def _pret(self, row: dict[str, str]) -> Pret:
        thing, emprunteur = self.things[row["materiel"]], self.monde.collectivite(row["emprunteur"])
        debut, fin = whole_days(day_of(self.monde, row["debut"]), int(row["duree"]))
        back = hour_of(row["retour"])
        fin = DemiJournee(fin.date, moment_at(back)) if back else fin
        quantite, statut = int(row["quantite"]), StatutPret(row["statut"])
        asked = past(self.monde, int(row["demande"]), row["heure"])
        pret = Pret(
            materiel=thing,
            preteur=thing.collectivite,
            emprunteur=emprunteur,
            demandeur=self.gens.gestionnaires[emprunteur.pk],
            quantite=quantite,
            quantite_demandee=quantite,
            **Pret.between(debut, fin),
            usage=row["usage"],
            lieu_usage=row["lieu"],
            heure_remise=hour_of(row["remise"]),
            heure_retour=back,
            statut=statut,
            motif=MOTIFS.get(statut, ""),
            created_at=asked,
            reglement_accepte_le=asked,
        )
        self._answered(pret, row)
        return pret

    def _answered(self, pret: Pret, row: dict[str, str]) -> None:
        """Its dates, in the order in which the acts would have given them."""
        pret.statut_le = pret.created_at
        if row["accord"]:
            pret.statut_le = past(self.monde, int(row["accord"]), "15:20")
            direct = attente.agrees_directly(pret.materiel, pret.quantite) and pret.statut in TENUS
            pret.reponse_par = None if direct else self.gens.gestionnaires[pret.preteur_id]
            pret.accepte_le = None if pret.statut == StatutPret.REFUSE else pret.statut_le
        if pret.statut in DEHORS:
            pret.remis_le = pret.statut_le = self._moment(pret.date_debut, pret.heure_remise or hour_of("8:00"))
        if pret.statut == StatutPret.RESTITUE:
            pret.restitue_le = pret.statut_le = self._moment(pret.date_fin, hour_of("17:10"))
            pret.quantite_rendue = pret.quantite
        if pret.statut in (StatutPret.DEMANDE, StatutPret.PROPOSE):
            days = ReglagesMateriel.load().jours_reponse
            limit = working_day_after(timezone.localtime(pret.created_at).date(), days)
            pret.repondre_avant = max(self.monde.date, min(limit, pret.date_debut - timedelta(days=1)))

    def _moment(self, day: object, hour: object) -> datetime:
        return past(self.monde, (day - self.monde.date).days, f"{hour:%H:%M}")

    def write(self, contrats: Contrats, carnet: Carnet) -> None:
        self._frames(contrats)
        messages = self._messages()
        for pret in self.all:
            pret.full_clean(exclude=["numero"])
            pret.save()
            self._hold(pret)
            self._tell(pret, carnet)
        self._write(messages)
        for cle, pret in self.prets.items():
            kind = self.rows[cle]["convention"]
            if kind == "signee":
                contrats.own(pret)
            elif kind == "preteur":
                contrats.to_sign(pret)
            elif pret.statut == StatutPret.ACCEPTE and not Convention.objects.covering(pret).exists():
                contrats.prepared(pret)
        for pret in self.all:
            if pret.statut in DEHORS:
                self._hand_over(pret, contrats)
        for pret in self.all:
            if pret.statut == StatutPret.DEMANDE:
                annonces.asked(pret, pret.demandeur)

    def _frames(self, contrats: Contrats) -> None:
        du = self.monde.jour(-60)
        for row in (one for one in self.rows.values() if one["convention"] == "cadre"):
            pret = self.prets[row["cle"]]
            contrats.frame(
                pret.preteur, pret.emprunteur, du, du + timedelta(days=364), self.monde.instant(-63, "10:00")
            )

    def _hold(self, pret: Pret) -> None:
        first, last = blocked(pret.materiel, pret.debut, pret.fin)
        if pret.statut in TENUS:
            taken = Engagement(materiel=pret.materiel, nature=Nature.PRET, pret=pret, debut=first, fin=last)
            taken.quantite = pret.quantite
            registre.take(taken)
        elif pret.statut == StatutPret.PROPOSE:
            self._propose(pret)

    def _propose(self, pret: Pret) -> None:
        """Two working days later, held until the answer."""
        debut, fin = whole_days(working_day_after(pret.date_debut, DECALAGE), (pret.date_fin - pret.date_debut).days)
        limit = self.monde.ouvre(3)
        attente.hold(pret, pret.materiel, *blocked(pret.materiel, debut, fin), pret.quantite, limit)
        pret.repondre_avant, pret.reponse_par = limit, self.gens.gestionnaires[pret.preteur_id]
        pret.statut_le = past(self.monde, -2, "11:20")
        pret.save()
        proposition = Proposition.objects.create(
            pret=pret,
            cote=Cote.PRETEUR,
            auteur=pret.reponse_par,
            materiel=pret.materiel,
            quantite=pret.quantite,
            repondre_avant=limit,
            **Proposition.between(debut, fin),
        )
        Proposition.objects.filter(pk=proposition.pk).update(created_at=pret.statut_le)

    def _tell(self, pret: Pret, carnet: Carnet) -> None:
        keeper, waits = self.gens.on_the_spot(pret.preteur), pret.statut == StatutPret.ATTENTE
        first = "pret.attend" if waits else "pret.demande"
        carnet.note(pret.created_at, first, pret, pret.demandeur, pret.emprunteur)
        if pret.accepte_le:
            place = pret.preteur if pret.reponse_par else None
            carnet.note(pret.accepte_le, "pret.accepte", pret, pret.reponse_par, place, quantite=pret.quantite)
        if pret.statut == StatutPret.PROPOSE:
            carnet.note(pret.statut_le, "pret.propose", pret, pret.reponse_par, pret.preteur)
        if pret.remis_le:
            carnet.note(pret.remis_le, "pret.remis", pret, keeper, pret.preteur, quantite=pret.quantite)
        if pret.restitue_le:
            carnet.note(pret.restitue_le, "pret.rendu", pret, keeper, pret.preteur, quantite=pret.quantite, perdue=0)
        if pret.statut in ACTES:
            self._tell_end(pret, carnet)

    def _tell_end(self, pret: Pret, carnet: Carnet) -> None:
        """Dated after what it ends."""
        statut = StatutPret(pret.statut)
        lender = statut in {StatutPret.REFUSE, StatutPret.NON_RETIRE}
        agent = self.gens.gestionnaires[pret.preteur_id] if lender else pret.demandeur
        place = pret.preteur if lender else pret.emprunteur
        if statut == StatutPret.EXPIRE:
            agent = place = None
        if statut == StatutPret.NON_RETIRE:
            pret.statut_le = self._moment(pret.date_fin, hour_of("17:30"))
        elif statut != StatutPret.REFUSE:
            pret.statut_le = pret.created_at + timedelta(days=3)
        pret.save(update_fields=["statut_le"])
        carnet.note(pret.statut_le, ACTES[statut], pret, agent, place)

    def _messages(self) -> list[tuple[Message, datetime]]:
        found = []
        for row in rows_of("messages.csv", DATA):
            pret, agent = self.prets[row["pret"]], self.monde.agent(row["auteur"])
            lends = (agent.slug, pret.preteur.slug) in self.monde.postes
            moment = past(self.monde, int(row["jours"]), row["heure"])
            words = {"auteur": agent, "cote": Cote.PRETEUR if lends else Cote.EMPRUNTEUR}
            found.append((Message(pret=pret, texte=space(row["texte"]), **words), moment))
        return found

    def _write(self, messages: list[tuple[Message, datetime]]) -> None:
        for message, moment in messages:
            message.pret_id = message.pret.pk
            message.save()
            Message.objects.filter(pk=message.pk).update(created_at=moment)

    def _hand_over(self, pret: Pret, contrats: Contrats) -> None:
        contrats.constat(pret, TypeConstat.REMISE, pret.remis_le)
        numeros = list(pret.materiel.numeros.filter(affectations=None)[: pret.quantite])
        Affectation.objects.bulk_create(Affectation(pret=pret, unite=one, remise_le=pret.remis_le) for one in numeros)
        if pret.statut != StatutPret.RESTITUE:
            return
        contrats.constat(pret, TypeConstat.RESTITUTION, pret.restitue_le, CASSE, compteur=Decimal("412.5"))
        incident = Incident.objects.create(
            pret=pret,
            materiel=pret.materiel,
            nature=NatureIncident.DOMMAGE,
            description=space(CASSE_DIT),
            ouvert_par=self.gens.on_the_spot(pret.preteur),
        )
        Incident.objects.filter(pk=incident.pk).update(created_at=pret.restitue_le)

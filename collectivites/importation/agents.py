"""Importing agents and their postes from a file: read whole, checked whole, written whole or not at all."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import IO, Any

from django.db import transaction
from django.db.models import prefetch_related_objects

from collectivites.droits import can_choose_address, can_edit_account
from collectivites.importation import cellules
from collectivites.importation.ecriture import (
    Changement,
    create_agents,
    create_postes,
    differences,
    give_email,
    write_changes,
)
from collectivites.importation.rapprochement import CourrielPris, Personne, PosteLu, Registre
from collectivites.importation.refus import refuse
from collectivites.journal import record
from collectivites.models import Agent, Collectivite, Territoire
from extranet.lib.cherchable import reindex
from extranet.lib.demi_journees import parse_cases
from extranet.lib.tableur import Colonne, Erreur, Ligne, parse_date, read_rows


@dataclass(frozen=True)
class Doublon:
    """A namesake kept apart: a human may say, by the number of the line, that it is the same person."""

    ligne: int
    personne: str
    lieu: Collectivite
    connues: list[Personne]


@dataclass
class Rapport:
    """What a file says, and what writing it does. With `erreurs`, nothing is or will be written."""

    source: str
    ignorees: list[str]
    total: int
    erreurs: list[Erreur] = field(default_factory=list)
    ajouts: list[tuple[int, Personne]] = field(default_factory=list)
    postes: list[tuple[int, Personne, PosteLu]] = field(default_factory=list)
    changements: list[Changement] = field(default_factory=list)
    inchangees: int = 0
    rapprochees: list[tuple[int, Personne]] = field(default_factory=list)
    doublons: list[Doublon] = field(default_factory=list)
    noms: dict[int, str] = field(default_factory=dict)
    ecrit: bool = False

    @property
    def communes(self) -> set[Collectivite]:
        return {poste.collectivite for _, _, poste in self.postes}

    @property
    def lignes_fausses(self) -> list[int]:
        return sorted({erreur.numero for erreur in self.erreurs})


def import_agents(
    fichier: IO[bytes], *, by: "Agent | None" = None, write: bool = False, same: Collection[int] = ()
) -> Rapport:
    """Reads a file of agents; with `write`, writes it, all or nothing, in the name of `by`.

    `same` are the numbers of the lines whose namesake in the directory is the same person. Empty cells change nothing.
    An import never changes the address that someone logs in with, nor sends mail. What `by` could not do by hand is an
    error of its line: their own postes, those of people with more rights, a first address that would open much; None
    is the command line. Raises TableurRefuse when the file cannot be read; with `write`, ImportRefuse when a line is
    at fault.
    """
    if not write:
        return _Examen(fichier, same, by).rapport
    with transaction.atomic():
        examen = _Examen(fichier, same, by)
        refuse(examen.rapport.erreurs, examen.rapport.total)
        examen.write(by)
    return examen.rapport


def columns() -> list[Colonne]:
    """The columns we read, under the titles that registers give them."""
    return [
        Colonne("nom", "Nom", True, ("Nom de famille", "Nom d’usage"), cellules.read_nom),
        Colonne("prenom", "Prénom", True, ("Prénoms",), cellules.read_nom),
        Colonne("collectivite", "Commune", True, PLACES, cellules.collectivites_index().read),
        Colonne("fonction", "Fonction", True, ("Métier", "Emploi"), cellules.fonctions_index().read),
        Colonne("intitule", "Intitulé", False, ("Intitulé exact", "Poste"), cellules.text_of(120)),
        Colonne("courriel", "Courriel", False, MAILS, cellules.read_courriel),
        Colonne("telephone", "Téléphone", False, PHONES, cellules.read_telephone),
        Colonne("mobile", "Mobile", False, ("Portable", "Mobile professionnel"), cellules.read_telephone),
        Colonne("heures_hebdo", "Heures par semaine", False, ("Heures", "Temps de travail"), cellules.read_heures),
        Colonne("presence", "Présence", False, ("Jours de présence", "Jours"), parse_cases),
        Colonne("date_debut", "Arrivée", False, ("Date d’arrivée", "Depuis le", "Date d’entrée"), parse_date),
        Colonne("date_fin", "Départ", False, ("Date de départ", "Jusqu’au", "Date de fin"), parse_date),
        Colonne("gestionnaire", "Gestionnaire", False, (), cellules.read_oui),
    ]


PLACES = ("Collectivité", "Mairie", "Organisme", "Structure", "Employeur")
MAILS = ("E-mail", "Email", "Mail", "Adresse de courriel", "Courriel professionnel", "Adresse électronique")
PHONES = ("Tél", "Téléphone fixe", "Fixe", "Téléphone professionnel", "Ligne directe")


class _Examen:
    """One reading of a file against the directory as it is."""

    def __init__(self, fichier: IO[bytes], same: Collection[int], by: "Agent | None") -> None:
        lecture = read_rows(fichier, colonnes=columns())
        self.same, self.by = frozenset(same), by
        if by is not None:
            # Asked for each line: who may do what to whom.
            prefetch_related_objects([by], "groups")
        self.registre = Registre.of_directory()
        self.rapport = Rapport(lecture.source, lecture.ignorees, lecture.total, list(lecture.erreurs))
        self.rapport.noms = {ligne.numero: _name_on(ligne) for ligne in (*lecture.lignes, *lecture.fautives)}
        self.plan: list[tuple[Ligne, Personne, PosteLu, list[Changement]]] = []
        self.first_lines: dict[tuple[int, int, int], Ligne] = {}
        found = [(personne, ligne) for ligne in lecture.lignes if (personne := self._person(ligne))]
        self.nb_lines = Counter((id(personne), ligne.valeurs["collectivite"].pk) for personne, ligne in found)
        for personne, ligne in found:
            self._poste(personne, ligne)

    def _wrong(self, ligne: Ligne, colonne: str, phrase: str) -> None:
        self.rapport.erreurs.append(Erreur(ligne.numero, colonne, phrase))

    def _person(self, ligne: Ligne) -> Personne | None:
        """Who the line is about; None when it is at fault."""
        valeurs, numero = ligne.valeurs, ligne.numero
        try:
            personne, namesakes = self.registre.find(valeurs, same=numero in self.same)
        except CourrielPris as taken:
            where = f"la ligne {taken.personne.ligne}" if taken.personne.ligne else "l’annuaire"
            self._wrong(ligne, "Courriel", f"même courriel que {taken.personne.nom_complet}, dans {where}. {ONE_EACH}")
            return None
        if personne is None:
            personne = Personne(valeurs["prenom"], valeurs["nom"], valeurs["courriel"], ligne=numero)
            self.registre.add(personne)
            self.rapport.ajouts.append((numero, personne))
            if namesakes:
                self.rapport.doublons.append(Doublon(numero, personne.nom_complet, valeurs["collectivite"], namesakes))
        elif valeurs["courriel"] != personne.email and valeurs["collectivite"] not in _places(personne):
            self.rapport.rapprochees.append((numero, personne))
        if valeurs["courriel"] and personne.email is None:
            self.registre.give_email(personne, valeurs["courriel"], numero)
        if personne.ligne and not any(_is(poste, valeurs) for poste in personne.postes):
            personne.postes.append(PosteLu(valeurs["collectivite"], valeurs["fonction"], ligne=numero))
        personne.telephones |= {valeurs["telephone"], valeurs["mobile"]} - {None}
        return personne

    def _poste(self, personne: Personne, ligne: Ligne) -> None:
        """The poste that the line changes, or brings."""
        valeurs = ligne.valeurs
        known = self._known(personne, valeurs)
        first = self.first_lines.setdefault((id(personne), valeurs["collectivite"].pk, valeurs["fonction"].pk), ligne)
        if first is not ligne:
            self._wrong(ligne, "Fonction", f"même personne et même fonction que la ligne {first.numero}. {ONE_LINE}")
            return
        debut = valeurs["date_debut"] or (known.poste.date_debut if known else None)
        if valeurs["date_fin"] and debut and valeurs["date_fin"] < debut:
            self._wrong(ligne, "Départ", "le départ vient avant l’arrivée. Vérifiez les deux dates.")
            return
        changes = differences(ligne, personne, known.poste if known else None)
        if (changes or known is None) and (reason := self._why_not(personne, changes)):
            self._wrong(ligne, "Nom", reason)
            return
        self.rapport.changements += changes
        if known is None:
            known = PosteLu(valeurs["collectivite"], valeurs["fonction"], ligne=ligne.numero)
            self.rapport.postes.append((ligne.numero, personne, known))
        elif not changes:
            self.rapport.inchangees += 1
            return
        self.plan.append((ligne, personne, known, changes))

    def _why_not(self, personne: Personne, changes: list[Changement]) -> str:
        """Why `by` may not write this about them; empty when they may."""
        agent, by = personne.agent, self.by
        if agent is None or by is None or by.is_superuser:
            return ""
        if agent == by:
            return "c’est votre propre poste. Demandez à un administrateur de le changer, et retirez la ligne."
        if not can_edit_account(by, agent):
            return f"{agent} a des responsabilités à l’intercommunalité. Un administrateur peut importer cette ligne."
        if any(change.champ == "email" for change in changes) and not can_choose_address(by, agent):
            return f"une adresse ouvrirait le compte {RESERVEE}. Un administrateur peut importer cette ligne."
        return ""

    def _known(self, personne: Personne, valeurs: dict[str, Any]) -> PosteLu | None:
        """The same fonction there; else the only poste there, when the file has one line for it: they changed job."""
        there = [p for p in personne.postes if p.poste and p.collectivite == valeurs["collectivite"]]
        exact = next((p for p in there if p.fonction == valeurs["fonction"]), None)
        alone = len(there) == 1 and self.nb_lines[id(personne), valeurs["collectivite"].pk] == 1
        return exact or (there[0] if alone else None)

    def write(self, by: "Agent | None") -> None:
        rapport = self.rapport
        create_agents([personne for _, personne in rapport.ajouts], by)
        for _, personne, poste, changes in self.plan:
            if personne.agent.email is None and personne.email:
                give_email(personne, by)
            if poste.poste:
                write_changes(poste.poste, changes, by)
        create_postes([(personne, ligne) for ligne, personne, poste, _ in self.plan if poste.poste is None], by)
        reindex(Agent.to_index().filter(pk__in={personne.agent.pk for _, personne, _, _ in self.plan}))
        figures = {"lignes": rapport.total, "ajouts": len(rapport.ajouts), "changements": len(rapport.changements)}
        territoire = Territoire.load()
        record("agents.importes", territoire.epci or territoire, agent=by, collectivite=territoire.epci, **figures)
        rapport.ecrit = True


RESERVEE = "d’une personne qui a un mandat, une signature ou la gestion d’une mairie"
ONE_EACH = "Une adresse par personne."
ONE_LINE = "Une ligne par fonction."


def _name_on(ligne: Ligne) -> str:
    """What could be read of the name, on a line that may be at fault."""
    return " ".join(filter(None, (ligne.valeurs.get("prenom"), ligne.valeurs.get("nom"))))


def _places(personne: Personne) -> set[Collectivite]:
    return {poste.collectivite for poste in personne.postes}


def _is(poste: PosteLu, valeurs: dict[str, Any]) -> bool:
    return poste.collectivite == valeurs["collectivite"] and poste.fonction == valeurs["fonction"]

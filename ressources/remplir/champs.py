"""The closed list of what a model may ask for, between two braces: « {{ commune }} ».

A field written with a capital (« {{ De_commune }} ») begins a sentence; all in capitals (« {{ COMMUNE }} »), it shouts.
The help page of the site and the forms are made from this list: nothing else says it.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from rapidfuzz import fuzz, process


class Source(StrEnum):
    """Where a value comes from."""

    FICHE = "fiche"  # the card of the collectivité; asked for, and kept, when the card does not say it
    GARDE = "garde"  # asked once for the collectivité, then kept
    JOUR = "jour"  # asked each time
    CALCUL = "calcul"  # deduced from other fields


class Nature(StrEnum):
    """What is typed, hence how it is checked and written."""

    TEXTE = "texte"
    LIGNES = "lignes"
    DATE = "date"
    HEURE = "heure"
    NOMBRE = "nombre"
    MONTANT = "montant"
    CHOIX = "choix"
    COURRIEL = "courriel"


@dataclass(frozen=True)
class Champ:
    """One field: its name in the braces, its words in a form, what it looks like once written."""

    code: str
    libelle: str
    exemple: str
    source: Source
    groupe: str
    nature: Nature = Nature.TEXTE
    aide: str = ""
    choix: tuple[str, ...] = ()
    # What people add to it by habit, and the sentence of a model already has.
    otez: str = ""
    # Of a calculated one, the fields that it comes from; the first is the one to ask for when a model holds it.
    depuis: tuple[str, ...] = ()

    @property
    def balise(self) -> str:
        return f"{{{{ {self.code} }}}}"


COMMUNE, TERRITOIRE, ACTE, SEANCE = "La collectivité", "L’intercommunalité", "L’acte ou le courrier", "Le conseil"
VOIRIE, CONVENTION = "La voirie", "La convention"
GROUPES = (COMMUNE, TERRITOIRE, SEANCE, ACTE, VOIRIE, CONVENTION)
MAX_NOMBRE = 9_999


def _fiche(code: str, libelle: str, exemple: str, groupe: str = COMMUNE, **more: object) -> Champ:
    return Champ(code, libelle, exemple, Source.FICHE, groupe, **more)


def _garde(code: str, libelle: str, exemple: str, groupe: str = COMMUNE, **more: object) -> Champ:
    return Champ(code, libelle, exemple, Source.GARDE, groupe, **more)


def _jour(code: str, libelle: str, exemple: str, groupe: str = ACTE, **more: object) -> Champ:
    return Champ(code, libelle, exemple, Source.JOUR, groupe, **more)


def _calcul(code: str, libelle: str, exemple: str, depuis: str, groupe: str = SEANCE, **more: object) -> Champ:
    return Champ(code, libelle, exemple, Source.CALCUL, groupe, depuis=tuple(depuis.split()), **more)


CHAMPS = (
    _fiche("commune", "Nom de la commune", "Le Deschaux"),
    _fiche("de_commune", "Nom avec « de »", "du Deschaux"),
    _fiche("a_commune", "Nom avec « à »", "au Deschaux"),
    _fiche("la_commune", "La commune, dans une phrase", "la commune du Deschaux"),
    _fiche("insee", "Code INSEE", "39193"),
    _fiche("siren", "SIREN", "213 901 937"),
    _fiche("adresse", "Adresse de la mairie", "1 place de la Mairie"),
    _fiche("code_postal", "Code postal", "39120"),
    _fiche("ville", "Ville de l’adresse", "Le Deschaux"),
    _calcul("adresse_complete", "Adresse entière", "1 place de la Mairie, 39120 Le Deschaux",
            "adresse code_postal ville", COMMUNE),
    _fiche("telephone", "Téléphone de la mairie", "03 53 01 10 01"),
    _fiche("courriel", "Courriel de la mairie", "mairie@exemple.fr", nature=Nature.COURRIEL),
    _fiche("population", "Population municipale", "1 036", nature=Nature.NOMBRE),
    _fiche("population_totale", "Population totale", "1 048", nature=Nature.NOMBRE),
    _fiche("maire", "Prénom et nom du maire", "Prénom Nom", aide="Sans civilité : « Prénom Nom »."),
    _garde("le_maire", "Comment nommer le maire", "le maire", nature=Nature.CHOIX,
           choix=("le maire", "la maire", "Monsieur le maire", "Madame le maire", "Madame la maire", "le président",
                  "la présidente"), aide="Dans une phrase : « arrêté par le maire »."),
    _garde("departement", "Département", "Jura", aide="Le nom seul : « Jura »."),
    _garde("conseillers", "Conseillers en exercice", "15", nature=Nature.NOMBRE,
           aide="L’effectif du conseil, moins les sièges vacants."),
    _garde("lieu_conseil", "Où se tient le conseil", "en mairie, salle du conseil", SEANCE,
           aide="Après « s’est réuni » : « en mairie, salle du conseil ».", otez=r"[\s.,]+$"),
    _garde("controle_legalite", "À qui les actes sont transmis", "la sous-préfecture de Dole",
           aide="Dans une phrase : « la sous-préfecture de Dole »."),
    _garde("tribunal", "Tribunal administratif", "Besançon", aide="Sa ville : « Besançon ».", otez=r"^d(?:e\s+|[’'])"),
    _fiche("epci", "Nom de l’intercommunalité", "Grand Dole", TERRITOIRE),
    _fiche("de_epci", "Son nom avec « de »", "du Grand Dole", TERRITOIRE),
    _fiche("l_epci", "L’intercommunalité, dans une phrase", "la communauté d’agglomération du Grand Dole", TERRITOIRE),
    _fiche("epci_adresse", "Son adresse", "1 avenue des Communes, 39100 Dole", TERRITOIRE),
    _fiche("president_epci", "Prénom et nom de qui la préside", "Prénom Nom", TERRITOIRE),
    _fiche("dpo", "Délégué·e à la protection des données", "Prénom Nom", TERRITOIRE),
    _fiche("dpo_courriel", "Courriel du ou de la délégué·e", "dpo@exemple.fr", TERRITOIRE, nature=Nature.COURRIEL),
    _jour("date_conseil", "Date du conseil", "3 mars 2027", SEANCE, nature=Nature.DATE),
    _calcul("jour_conseil", "Jour et date du conseil", "mercredi 3 mars 2027", "date_conseil"),
    _calcul("date_conseil_lettres", "Date du conseil en lettres", "deux mille vingt-sept, le trois mars",
            "date_conseil", aide="Après « L’an »."),
    _jour("heure_conseil", "Heure du conseil", "20 h 30", SEANCE, nature=Nature.HEURE),
    _jour("date_convocation", "Date de la convocation", "25 février 2027", SEANCE, nature=Nature.DATE),
    _calcul("quorum", "Quorum", "8", "conseillers", aide="Plus de la moitié des conseillers en exercice "
            "(CGCT, article L. 2121-17)."),
    _calcul("mention_quorum", "Ce qu’il en est du quorum",
            "le quorum de 8 présents est atteint (CGCT, article L. 2121-17)", "nb_presents conseillers",
            aide="Sans quorum : le conseil délibère après une seconde convocation."),
    _jour("presents", "Présents", "Prénom Nom, Prénom Nom", SEANCE, nature=Nature.LIGNES,
          aide="Séparés par des virgules, ou un par ligne."),
    _jour("nb_presents", "Nombre de présents", "12", SEANCE, nature=Nature.NOMBRE),
    _jour("absents", "Absents et excusés", "Prénom Nom", SEANCE, nature=Nature.LIGNES,
          aide="Vide, si personne ne manque : « néant »."),
    _jour("pouvoirs", "Pouvoirs", "Prénom Nom à Prénom Nom", SEANCE, nature=Nature.LIGNES,
          aide="« Qui donne à qui ». Vide, sans pouvoir : « néant »."),
    _jour("nb_pouvoirs", "Nombre de pouvoirs", "2", SEANCE, nature=Nature.NOMBRE),
    _calcul("nb_votants", "Nombre de votants", "14", "nb_presents nb_pouvoirs",
            aide="Les présents et les pouvoirs."),
    _jour("secretaire_seance", "Secrétaire de séance", "Prénom Nom", SEANCE),
    _jour("pour", "Voix pour", "13", SEANCE, nature=Nature.NOMBRE),
    _jour("contre", "Voix contre", "0", SEANCE, nature=Nature.NOMBRE),
    _jour("abstentions", "Abstentions", "1", SEANCE, nature=Nature.NOMBRE),
    _jour("ordre_du_jour", "Ordre du jour", "Vote du budget", SEANCE, nature=Nature.LIGNES, aide="Un point par ligne."),
    _jour("numero", "Numéro de l’acte", "2027-14"),
    _jour("objet", "Objet", "Tarifs de la salle des fêtes"),
    _jour("expose", "Exposé des motifs", "Le maire rappelle…", nature=Nature.LIGNES),
    _jour("decision", "Ce qui est décidé", "de fixer les tarifs…", nature=Nature.LIGNES),
    _jour("date_acte", "Date de l’acte ou de la lettre", "4 mars 2027", nature=Nature.DATE),
    _jour("destinataire", "À qui la lettre s’adresse", "Madame Prénom Nom", nature=Nature.LIGNES,
          aide="Nom puis adresse, une ligne chacun."),
    _jour("reference", "Vos références", "Votre lettre du 2 mars"),
    _jour("formule", "Formule d’appel", "Madame, Monsieur", aide="Reprise à la fin de la lettre : « Madame ».",
          otez=r"[\s.,]+$"),
    _jour("texte", "Texte de la lettre", "J’ai bien reçu…", nature=Nature.LIGNES),
    _jour("voie", "Rue ou route concernée", "rue de l’Église, du n° 4 au n° 18", VOIRIE,
          aide="« rue de l’Église, du n° 4 au n° 18 »."),
    _jour("travaux", "Nature des travaux", "pose d’une conduite d’eau", VOIRIE,
          aide="Sans verbe : « pose d’une conduite d’eau »."),
    _jour("entreprise", "Qui fait les travaux", "l’entreprise Exemple, à Dole", VOIRIE,
          aide="Avec son article : « l’entreprise Exemple, à Dole »."),
    _jour("date_debut", "Premier jour", "15 mars 2027", VOIRIE, nature=Nature.DATE),
    _jour("date_fin", "Dernier jour", "19 mars 2027", VOIRIE, nature=Nature.DATE),
    _jour("heure_debut", "Début, chaque jour", "8 h", VOIRIE, nature=Nature.HEURE),
    _jour("heure_fin", "Fin, chaque jour", "17 h 30", VOIRIE, nature=Nature.HEURE),
    _jour("deviation", "Itinéraire de déviation", "avec déviation par la rue des Vignes", VOIRIE,
          aide="« avec déviation par la rue des Vignes ». Vide : « sans déviation »."),
    _jour("autre_partie", "L’autre partie, dans une phrase", "la commune de Sampans", CONVENTION),
    _jour("autre_siege", "Son siège", "1 place de la Mairie, 39100 Sampans", CONVENTION),
    _jour("autre_signataire", "Qui signe pour elle", "Prénom Nom, maire", CONVENTION),
    _jour("autre_deliberation", "Sa délibération", "délibération du 2 mars 2027, n° 2027-08", CONVENTION),
    _jour("notre_deliberation", "Notre délibération", "délibération du 3 mars 2027, n° 2027-14", CONVENTION),
    _jour("materiel", "Matériel mis à disposition", "une balayeuse de voirie", CONVENTION),
    _jour("valeur", "Valeur à neuf", "18 500 €", CONVENTION, nature=Nature.MONTANT),
    _jour("date_effet", "Date d’effet", "1er avril 2027", CONVENTION, nature=Nature.DATE),
)  # fmt: skip
_BALISE = re.compile(r"\{\{[ \u00a0]*(\w+)[ \u00a0]*\}\}")
PAR_CODE = {champ.code: champ for champ in CHAMPS}


@lru_cache(maxsize=1_000)
def find(ecrit: str) -> Champ | None:
    """That of a name as it is written in a model, whatever its capitals: all, the first, or none."""
    champ = PAR_CODE.get(ecrit.lower())
    return champ if champ and ecrit in {champ.code, champ.code.capitalize(), champ.code.upper()} else None


# What people write first, that no letter brings near.
_AUTREMENT = {
    "date": "date_acte",
    "date_du_jour": "date_acte",
    "aujourdhui": "date_acte",
    "nom": "commune",
    "mairie": "commune",
    "ville_commune": "commune",
    "cp": "code_postal",
    "mail": "courriel",
    "email": "courriel",
    "tel": "telephone",
    "habitants": "population",
    "elus": "conseillers",
    "president": "president_epci",
}


def nearest(ecrit: str) -> str:
    """The known name that this one may stand for; empty when none is near."""
    if ecrit.lower() in _AUTREMENT:
        return _AUTREMENT[ecrit.lower()]
    found = process.extractOne(ecrit.lower(), list(PAR_CODE), scorer=fuzz.ratio, score_cutoff=72)
    return found[0] if found else ""


def with_labels(texte: str) -> str:
    """The fields of a model by their labels: « {{ le_maire }} » is « [Comment nommer le maire] »; the rest as it is."""
    return _BALISE.sub(lambda found: f"[{champ.libelle}]" if (champ := find(found[1])) else found[0], texte)


def cased(ecrit: str, valeur: str) -> str:
    """The value as its name is written: « De_commune » begins a sentence, « DE_COMMUNE » shouts."""
    if ecrit.isupper():
        return valeur.upper()
    return valeur[:1].upper() + valeur[1:] if ecrit[:1].isupper() else valeur


def asked_for(codes: Iterable[str]) -> list[Champ]:
    """What must be known to fill these: calculated ones by what they come from. In the order of the list."""
    wanted = set(codes)
    for code in list(wanted):
        wanted |= set(PAR_CODE[code].depuis) if code in PAR_CODE else set()
    return [champ for champ in CHAMPS if champ.code in wanted and champ.source != Source.CALCUL]

"""French, the same on every engine: what is written on the left is found, or not, by what is typed on the right."""

import pytest

FOUND = [
    # accents, capitals, ligatures
    ("Délibération du conseil municipal", "deliberation"),
    ("DELIBERATION DU CONSEIL", "délibération"),
    ("De\u0301libe\u0301ration", "délibération"),
    ("délibération", "de\u0301libe\u0301ration"),
    ("Élagage des haies", "ELAGAGE"),
    ("La cérémonie des vœux", "voeux"),
    ("La ceremonie des voeux", "vœux"),
    ("Curriculum vitæ du candidat", "vitae"),
    ("Nœud routier", "NŒUD"),
    ("Garçon ou fille", "garcon"),
    ("Ambiguïté de l’arrêté", "ambiguite arrete"),
    ("Forêt communale", "foret"),
    # elisions, both apostrophes
    ("L’eau potable", "eau"),
    ("L'eau potable", "l’eau"),
    ("Qualité de l’eau", "qualite de l'eau"),
    ("Enquête d’utilité publique", "utilité"),
    ("Enquête d'utilité publique", "d’utilité"),
    ("Ce qu’il faut savoir", "qu'il faut savoir"),
    ("Jusqu’au 31 décembre", "décembre"),
    ("L’Étang du bois", "étang"),
    ("L’école élémentaire", "ecole"),
    ("Aujourd’hui à la mairie", "aujourd'hui"),
    ("Presqu’île du lac", "presqu'ile"),
    ("S’inscrire sur les listes", "inscrire"),
    # hyphens
    ("Compte-rendu de séance", "compte rendu"),
    ("Compte rendu de séance", "compte-rendu"),
    ("Location d’une mini-pelle", "minipelle"),
    ("Location d’une mini-pelle", "mini pelle"),
    ("Saint-Aubin", "saint aubin"),
    ("Procès-verbal de bornage", "procès verbal"),
    ("Rez-de-chaussée", "rez de chaussée"),
    # plurals and feminines
    ("Les arrêtés municipaux", "arrêté municipal"),
    ("Arrêté municipal", "arretes municipaux"),
    ("Travaux de voirie", "travail"),
    ("Baux commerciaux", "bail commercial"),
    ("Journal local", "journaux locaux"),
    ("Directrice adjointe", "adjoint"),
    ("Agente communale", "agents communaux"),
    ("Subventions versées aux associations", "subvention association"),
    ("Une conseillère élue", "élus"),
    ("Chevaux en divagation", "cheval"),
    ("Animal errant", "animaux errants"),
    ("Réseaux d’assainissement", "réseau"),
    ("Concessions funéraires", "concession funéraire"),
    ("Personne âgée", "personnes agees"),
    # verbs
    ("Délibération du conseil", "délibérer"),
    ("Le conseil a délibéré", "délibération"),
    ("Agents recrutés en mai", "recruter"),
    ("Recrutement d’un agent", "recruter"),
    ("Enfants inscrits", "inscrite"),
    ("Stationner en centre-bourg", "stationnement"),
    ("Constructions nouvelles", "construction"),
    ("Déclarer une naissance", "déclaration"),
    ("Renouvellement du passeport", "renouveler"),
    # sigles, as they are
    ("Le PLU est approuvé", "plu"),
    ("Le plu est approuvé", "PLU"),
    ("Réunion du CCAS", "ccas"),
    ("Nomenclature M57", "m57"),
    ("Le DUERP de la commune", "duerp"),
    ("Convention avec le SDIS", "sdis"),
    ("Le RIFSEEP des agents", "Rifseep"),
    # numbers and references
    ("Article L2121-7 du code", "L2121-7"),
    ("Article L. 2121-7 du code", "L2121-7"),
    ("Article L2121-7 du code", "L. 2121-7"),
    ("Article L 2121-7 du code", "l2121-7"),
    ("Formulaire cerfa n° 14023*01", "cerfa 14023"),
    ("CACES R486 nacelles", "R486"),
    ("CACES R. 486 nacelles", "r486"),
    ("Budget 2026 adopté", "2026"),
    ("Salle de 120 places", "120"),
    ("Décret n° 2020-1310", "2020-1310"),
    # words that name nothing count only when they are alone, or between quotes
    ("Liste des électeurs", "la liste des électeurs"),
    ("La mairie", "la"),
    ("Permis de construire", "permis pour construire"),
    # whatever is between words
    ("Eau/assainissement", "assainissement"),
    ("Eau, assainissement ; voirie", "voirie"),
    ("École (maternelle)", "maternelle"),
    ("Contact : mairie@aval.example", "mairie@aval.example"),
    ("Prix : 12,50 €", "12,50"),
    ("« Fête des voisins »", "fete voisins"),
    ("N’oubliez pas\u00a0: 18\u202fh", "oubliez 18"),
]
NOT_FOUND = [
    ("La mairie est ouverte", "le maire"),
    ("Le PLU", "plusieurs"),
    ("Plusieurs communes", "PLU"),
    ("Article L2121-7", "L2121-8"),
    ("Article L2121-7", "R2121-7"),
    ("Budget 2026", "2025"),
    ("CACES R486", "R489"),
    ("Poste à pourvoir", "possible"),
    ("Une pelle et une mini", "mini-pelle"),
    ("Délibération", "libération"),
    ("École maternelle", "école élémentaire"),
    ("Cantine", "cantines scolaires"),
]


@pytest.mark.parametrize(("written", "typed"), FOUND)
def test_is_found(banc, written, typed):
    banc.give("Autre chose", "Rien à voir ici.")
    banc.give("Dans le texte", written)
    banc.give(written)
    assert {"Dans le texte", written} <= banc.find(typed)


@pytest.mark.parametrize(("written", "typed"), NOT_FOUND)
def test_is_not_found(banc, written, typed):
    banc.give("Titre", written)
    assert banc.find(typed) == set()

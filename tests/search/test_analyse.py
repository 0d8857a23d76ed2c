"""The only analysis there is: words, roots, references, and the lists that keep false friends apart."""

import gzip
import json
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from hypothesis import given
from hypothesis import strategies as st

from search.analyse.mots import A_PART, EXCEPTIONS, SIGLES, VIDES, mots, plier, racine, racines
from search.analyse.requete import Requete, lire
from search.analyse.synonymes import Synonymes

# One affair, under all the forms that a secretary may type.
FAMILLES = """
délibération délibérations délibérer délibérante | subvention subventions subventionner subventionnée |
public publique publics publiques | nouveau nouvelle nouveaux nouvelles | mariage mariages marier mariés mariée |
vendre vente ventes vendu | louer location locations locative | construire construction constructible |
inscrire inscription inscrit inscrits | créer création créations créée | ouvrir ouverture ouvertures ouverts |
gérer gestion gérée | former formation formations formée | modifier modification modifié modificatif |
déléguer délégation délégué déléguées | convoquer convocation convocations convoqués | signer signature signataire |
transmettre transmission transmis transmises | élire élection élections | démolir démolition | entretenir entretien |
accessible accessibles accessibilité | insalubre insalubrité | laïque laïcité | déontologue déontologie |
cadastre cadastral cadastrale cadastraux | forêt forestier forestière | archives archivage archiver | achat acheter |
affichage afficher affiche | élagage élaguer | nettoyage nettoyer | ramassage ramasser |
débroussaillage débroussailler |
décès décédé décédée décéder | PACS pacsé pacsés pacser | licencier licenciement licencié |
travail travaux | bail baux | feu feux | jeu jeux | lieu lieux | vœu vœux voeux | animal animaux | journal journaux |
foncier foncière foncières | financier financière financiers | particulier particulière |
fossoyeur fossoyeuse fossoyeuses | saint st sainte ste | balayeur balayeuse | joyeux joyeuse |
conseillère conseillers conseiller | régulier régulière | notifier notification notifiée |
certifier certification certifiée |
vérifier vérification vérifiés | directeur directrice directrices | administrateur administratrice |
élu élue élus élues élu·e·s élu(e)s | communal communale communaux | général générale générales |
agréé agréée agrément | payer paiement payant | recenser recensement recensée | inhumer inhumation inhumée |
déchet déchets | déchèterie déchetterie déchèteries | adjoint adjointe adjoint·e | régisseur régisseuse
"""

# Words that look alike and are two affairs: each pair must stay apart.
ETRANGERS = """
maire/mairie régie/régime voirie/voir loi/loyer délai/délit arrêté/arrêt commission/comme commun/communication
commune/communauté communal/commun compte/conte cour/course port/porter porte/porter don/donner donnée/don
règle/règlement note/notamment adresse/adresser établissement/établir direction/directement licence/licencier
station/stationnement lot/lotissement pétition/petit foyer/foi sujétion/sujet air/aire vent/vente vie/via
marie/mariage personne/personnel acte/action police/politique départ/département budget/bus conseil/conseiller
public/publication formation/format formation/forme classe/classement paie/paiement terre/terrasse tente/tenter
armée/arme ferme/fermer gens/gêner concert/concertation testament/tester procuration/procurer fiscal/fiche
général/généralement case/cas chantier/chanter pompier/pompe métier/mettre quartier/quart gravier/grave
DICT/dicter DICT/dictée PES/peser TIG/tige REP/repas PAPI/papier
"""


def pairs(text: str) -> list[list[str]]:
    return [pair.split("/") for pair in text.split()]


@pytest.mark.parametrize("famille", [famille.split() for famille in FAMILLES.split("|")], ids=lambda f: f[0])
def test_a_family_has_one_root(famille: list[str]) -> None:
    assert len({racines(form) for form in famille}) == 1, {form: racines(form) for form in famille}


@pytest.mark.parametrize("pair", pairs(ETRANGERS), ids="-".join)
def test_strangers_stay_apart(pair: list[str]) -> None:
    assert racines(pair[0]) != racines(pair[1])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("L’Étang de l'Œuf", ["etang", "de", "oeuf"]),
        ("aujourd’hui, quelqu’un", ["aujourd", "hui", "quelqu", "un"]),
        ("SAINT-LUPICIN", ["saint", "lupicin"]),
        ("Cœur & cœur", ["coeur", "coeur"]),
        ("e\u0301tat", ["etat"]),
        ("article L. 2121-7 du CGCT", ["article", "l2121", "7", "du", "cgct"]),
        ("R 486, L2121-7", ["r486", "l2121", "7"]),
        ("cerfa 14023*01", ["cerfa", "14023", "01"]),
        ("secrétaire général·e de mairie", ["secretaire", "general", "de", "mairie"]),
        ("les agent·e·s et élu(e)s", ["les", "agent", "et", "elu"]),
        ("né(e) le, demandeur(s)", ["ne", "le", "demandeur"]),
        ("f(x) et A(1)", ["f", "x", "et", "a", "1"]),
        ("M57 n°3 15 h 30", ["m57", "n", "3", "15", "h", "30"]),
        ("Ἀθῆναι 東京 🙂", []),
        ("a_b-c", ["a", "b", "c"]),
    ],
)
def test_words(text: str, expected: list[str]) -> None:
    assert list(mots(text)) == expected


@pytest.mark.parametrize("sigle", ["PLU", "SGM", "CCAS", "M57", "DUERP", "plu", "L2121", "14023", "R486"])
def test_sigles_numbers_and_references_are_their_own_root(sigle: str) -> None:
    assert racines(sigle) == sigle.lower()


def test_lists_are_written_as_they_are_read() -> None:
    """Folded, each form once, no sigle among the words of grammar."""
    words = [*EXCEPTIONS, *EXCEPTIONS.values(), *SIGLES, *VIDES]
    assert [word for word in words if plier(word) != word or not word.isalnum()] == []
    lines = (settings.BASE_DIR / "search/data/exceptions.txt").read_text(encoding="utf-8").splitlines()
    forms = [form for line in lines if not line.startswith("#") for form in line.partition(":")[2].split()]
    assert len(forms) == len(set(forms))
    assert {"cet"} == SIGLES & VIDES


def test_the_root_of_an_exception_is_one_of_its_forms() -> None:
    """So that what is shown of a root, in the admin, is a word."""
    held = defaultdict(set)
    for form, root in EXCEPTIONS.items():
        held[root].add(form)
    assert [root for root, forms in held.items() if root not in forms] == []


def test_no_word_of_the_sheets_takes_the_root_of_a_sigle_or_of_an_exception() -> None:
    taken = SIGLES | set(EXCEPTIONS.values())
    wrong = {word for word in vocabulary() if racine(word) in taken and word not in SIGLES and word not in EXCEPTIONS}
    assert wrong == set()


def texts_of_sheets() -> Iterator[str]:
    """The real sheets, one text each."""
    with gzip.open(Path(settings.BASE_DIR) / "ressources/data/fiches.jsonl.gz", "rt", encoding="utf-8") as lines:
        for line in lines:
            fiche = json.loads(line)
            sections = (f"{section['titre']}\n{section['texte']}" for section in fiche["sections"])
            yield "\n".join([fiche["titre"], fiche["resume"], *sections])


def vocabulary() -> set[str]:
    return {word for text in texts_of_sheets() for word in mots(text) if word.isalpha() and len(word) > 2}


def test_sigles_of_the_sheets_are_not_ordinary_words() -> None:
    """« sage », « pli », « plus » are words first: listed, they would lose their plural."""
    assert SIGLES & {"sage", "pli", "plus", "joue", "sirene", "place", "elan", "champ", "cap", "dom"} == set()


@given(st.text(max_size=300))
def test_any_text_gives_plain_words(text: str) -> None:
    for word in mots(text):
        assert word.isascii()
        assert word.isalnum()
        assert word == plier(word)
        assert len(word) <= 40
        root = racine(word)
        assert root.isascii() and root.isalnum()  # noqa: PT018 one promise


@given(st.text(max_size=300))
def test_any_query_is_read(text: str) -> None:
    found = lire(text, Synonymes())
    assert isinstance(found, Requete)
    assert len(found.texte) <= 200
    assert len(found.demandees) <= 12
    for group in found.groupes:
        assert group
        for term in group:
            assert term.racines
            assert all(root.isalnum() for root in term.racines)


def test_a_root_set_apart_is_found_in_the_text_all_the_same() -> None:
    """« dicter » has the root of DICT, set apart by a sign that no text holds."""
    assert racine("dicter") == f"dict{A_PART}"
    assert racine("dictant") == racine("dicter")

"""« Voulez-vous dire… »: other spellings, with their accents, that give something to this reader."""

import random
from collections import Counter, defaultdict
from datetime import timedelta

import pytest
from django.utils import timezone

from collectivites.diffusion import code_collectivite
from search.analyse.corrections import COMPTES, CONNU, is_doubtful, likeliest, voisins
from search.analyse.mots import mots, racine
from search.chercher import Reponse, chercher
from search.models import SearchEntry, SearchTerm, Synonyme
from search.synonymes import deliver
from search.vocabulaire import learn, recount
from tests.distribution import Distribution
from tests.search.factories import give, learn_words, reader, titles
from tests.search.test_analyse import texts_of_sheets

pytestmark = pytest.mark.django_db

TEXTES = {
    "Règlement d’urbanisme": "Le plan local d’urbanisme et les délibérations du conseil.",
    "Cimetière communal": "Concession, inhumation et exhumation au cimetière.",
    "Subventions aux associations": "Les associations demandent une subvention.",
    "État civil": "Actes de naissance, de mariage et de décès ; recensement citoyen.",
    "Restauration scolaire": "La cantine et l’accueil périscolaire ; assainissement.",
    "Élections municipales": "Bureau de vote, procuration, liste électorale.",
}


@pytest.fixture
def monde(distribution: Distribution) -> Distribution:
    for titre, texte in TEXTES.items():
        give(titre, texte)
    learn_words()
    return distribution


def ask(cast: Distribution, text: str, **options: object) -> Reponse:
    return chercher(text, reader(cast.agent_a), **options)


@pytest.mark.parametrize(
    ("typed", "corrected"),
    [
        ("urbanysme", "urbanisme"),
        ("cimetirre", "cimetière"),
        ("CIMETIRRE", "cimetière"),
        ("subvenion", "subvention"),
        ("assainisement", "assainissement"),
        ("recencement citoyen", "recensement citoyen"),
        ("conssesion", "concession"),
        ("procuratoin", "procuration"),
        ("l'urbanysme", "l'urbanisme"),
        ("liste électorlae", "liste électorale"),
        ("cantnie", "cantine"),
        ("inhumaton au cimetierre", "inhumation au cimetière"),
    ],
)
def test_a_wrong_spelling_is_run_as_it_should_be(monde: Distribution, typed: str, corrected: str) -> None:
    """Nothing holds it: the corrected search is shown at once, and says so."""
    answer = ask(monde, typed)
    assert answer.total >= 1
    assert (answer.requete.texte, answer.corrigee_de, answer.proposition) == (corrected, typed, "")
    assert answer.rangs == ask(monde, corrected).rangs


def test_the_way_back(monde: Distribution) -> None:
    answer = ask(monde, "urbanysme", exact=True)
    assert (answer.total, answer.corrigee_de, answer.proposition) == (0, "", "")


@pytest.mark.parametrize(
    "typed",
    ["cat", "2026", "a", "14O23", '"urbanysme"', "urbanysme -plan", "urbanysm*", "zzzzzzz", "rbanisme", "", "🙂"],
)
def test_what_is_not_corrected(monde: Distribution, typed: str) -> None:
    """Short words, figures, phrases, exclusions, beginnings; a first letter is taken as right."""
    answer = ask(monde, typed)
    assert (answer.corrigee_de, answer.proposition) == ("", "")


def test_a_word_that_is_found_is_left_alone(monde: Distribution) -> None:
    for text in ("urbanisme", "subvention", "associations", "cimetières", "électorale"):
        answer = ask(monde, text)
        assert answer.total, text
        assert (answer.corrigee_de, answer.proposition) == ("", ""), text


def test_a_rare_word_near_a_frequent_one_is_found_and_the_other_proposed(monde: Distribution) -> None:
    give("Gestion des cantinnes", "Écrit de travers.")
    for n in range(8):
        give(f"Menu {n}", "La cantine du jour.")
    learn_words()
    answer = ask(monde, "cantinnes")
    assert titles(answer.rangs) == ["Gestion des cantinnes"]
    assert (answer.proposition, answer.corrigee_de) == ("cantine", "")


def test_a_word_that_many_entries_hold_is_never_corrected() -> None:
    assert likeliest({"cantine": 1}, CONNU, {"cantine": COMPTES}) == []
    assert likeliest({"cantine": 1}, CONNU - 1, {"cantine": COMPTES}) == ["cantine"]


MOTS_JUSTES = [
    "sdis",
    "pacs",
    "plui",
    "dict",
    "deci",
    "dicrim",
    "ccas",
    "creche",
    "voiture",
    "permis",
    "travaux",
    "mails",
]


@pytest.mark.parametrize("word", MOTS_JUSTES)
def test_sigles_and_words_of_the_language_are_spelt_as_they_should(word: str) -> None:
    assert not is_doubtful(word)


@pytest.mark.parametrize("word", ["urbanysme", "cimetirre", "recencement", "conssesion", "assainisement"])
def test_others_may_be_misspelt(word: str) -> None:
    assert is_doubtful(word)


def test_what_the_trade_writes_is_never_corrected(monde: Distribution) -> None:
    """The delivered sigles and expressions, in an index that knows none of them and many words near them."""
    give("Cela décrit, sais, pas plus que dit, demi, cas, cherche, votre, permet", "privatif ; modèle ; mais ; comme")
    learn_words()
    deliver()
    listed = [one for row in Synonyme.objects.all() for one in row.listed]
    told = {one: answer for one in listed if (answer := ask(monde, one)) and (answer.corrigee_de or answer.proposition)}
    assert len(listed) > 300
    assert not told, {one: (answer.requete.texte, answer.proposition) for one, answer in told.items()}


def test_words_of_grammar_are_no_spelling() -> None:
    assert voisins("pluz", lambda *_: ["plus", "plaz"]) == {"plaz": 1}


def test_a_hidden_entry_makes_and_unmakes_nothing(monde: Distribution) -> None:
    """Beside a visible neighbour: neither the misspelt word itself nor a nearer one, in entries of others, counts."""
    hidden = (code_collectivite(monde.b.pk),)
    for n in range(3):
        give(f"Zibelins {n}")
    give("Gestion des cantinnes")
    for n in range(8):
        give(f"Menu {n}", "La cantine du jour.")
    learn_words()
    before = [(a.requete.texte, a.proposition, a.total) for a in (ask(monde, "zibelino"), ask(monde, "cantinnes"))]
    assert before == [("zibelins", "", 3), ("cantinnes", "cantine", 1)]
    for n in range(9):
        give(f"Zibelino {n}", codes=hidden)
        give(f"Cantinnes {n}", "zibelin zibelina zibeline", codes=hidden)
    learn_words()
    after = [(a.requete.texte, a.proposition, a.total) for a in (ask(monde, "zibelino"), ask(monde, "cantinnes"))]
    assert after == before


def test_only_what_this_reader_finds(distribution: Distribution) -> None:
    give("Zibeline", codes=(code_collectivite(distribution.a.pk),))
    learn_words()
    assert ask(distribution, "zibelyne").requete.texte == "zibeline"
    for agent in (distribution.secretaire_b, distribution.administrateur, distribution.sans_poste, None):
        answer = chercher("zibelyne", reader(agent))
        assert (answer.total, answer.corrigee_de, answer.proposition) == (0, "", "")
        assert answer.requete.texte == "zibelyne"


def test_words_that_no_entry_of_the_reader_holds_together(monde: Distribution) -> None:
    """« zibeline » is theirs in one entry, « secret » is in another that they may not see with it."""
    give("Zibeline")
    give("Zibeline hermine", codes=("elus",))
    learn_words()
    answer = ask(monde, "zibelyne hermine")
    assert "zibeline hermine" not in (answer.requete.texte, answer.proposition)


def test_the_next_spelling_when_the_first_one_is_hidden(monde: Distribution) -> None:
    for n in range(5):
        give(f"Zibeline {n}", codes=("elus",))
    give("Zibelins")
    learn_words()
    assert ask(monde, "zibelino").requete.texte == "zibelins"


def test_neither_what_has_ended_nor_what_is_gone(monde: Distribution) -> None:
    entry = give("Zibeline", fin=timezone.now() + timedelta(hours=1))
    learn_words()
    assert ask(monde, "zibelyne").total == 1
    SearchEntry.objects.filter(pk=entry.pk).update(fin=timezone.now() - timedelta(minutes=1))
    assert ask(monde, "zibelyne").corrigee_de == ""
    SearchEntry.objects.filter(pk=entry.pk).delete()
    assert SearchTerm.objects.filter(terme="zibeline").exists()
    assert ask(monde, "zibelyne").corrigee_de == ""


def test_accents_as_most_entries_write_them(monde: Distribution) -> None:
    give("Pêche en étang", "La pêche.")
    give("Peche", "ecrit sans accent")
    give("La pêche à la ligne")
    learn_words()
    assert SearchTerm.objects.get(terme="peche").forme == "pêche"
    assert ask(monde, "pechhe").requete.texte == "pêche"


def test_a_filter_does_not_hide_a_spelling(monde: Distribution) -> None:
    """A filter that keeps nothing is said by the page; the spelling is judged without it."""
    answer = ask(monde, "urbanysme", filtres={"theme": frozenset({"Absent"})})
    assert answer.total == 0
    assert answer.corrigee_de == "urbanysme"


def test_two_letters_need_a_long_word() -> None:
    known = ["cantine", "carte", "cantonale"]

    def read(first: str, least: int, most: int) -> list[str]:
        return [word for word in known if word[0] == first and least <= len(word) <= most]

    assert voisins("canitnne", read) == {"cantine": 2}
    assert voisins("cotre", read) == {}
    assert voisins("catre", read) == {"carte": 1}


def test_new_words_are_known_soon_and_forgotten_at_night(distribution: Distribution) -> None:
    recount()
    start = timezone.now()
    entry = give("Zibeline d’Étampes")
    assert learn(start) == 2
    assert learn(start) == 0
    assert SearchTerm.objects.get(terme="etampes").forme == "étampes"
    give("Zibeline seconde")
    recount()
    assert SearchTerm.objects.get(terme="zibeline").entrees == 2
    SearchEntry.objects.filter(pk=entry.pk).delete()
    recount()
    assert not SearchTerm.objects.filter(terme="etampes").exists()


def test_random_typos_over_the_real_sheets() -> None:
    """One letter doubled, dropped, changed or swapped: the right root comes first for 95 % of 400."""
    held: Counter[str] = Counter()
    for text in texts_of_sheets():
        held.update({word for word in mots(text) if word.isalpha()})
    by_first, roots = defaultdict(list), Counter()
    for word, n in held.items():
        by_first[word[0]].append(word)
        roots[racine(word)] += n

    def read(first: str, least: int, most: int) -> list[str]:
        return [word for word in by_first[first] if least <= len(word) <= most]

    chance = random.Random(4)
    words = sorted(word for word, n in held.items() if n >= 5 and len(word) >= 7)
    good = tried = 0
    for word in chance.sample(words, 400):
        typed = mistyped(word, chance)
        if typed not in held and not roots[racine(typed)]:
            tried += 1
            near = voisins(typed, read)
            likely = likeliest(near, 0, {one: min(roots[racine(one)], COMPTES) for one in near})
            good += racine(next(iter(likely), "")) == racine(word)
    assert tried > 300
    assert good / tried >= 0.95, f"{good} sur {tried}"


def mistyped(word: str, chance: random.Random) -> str:
    at = chance.randrange(1, len(word) - 1)
    match chance.choice(["double", "drop", "change", "swap"]):
        case "double":
            return word[:at] + word[at] + word[at:]
        case "drop":
            return word[:at] + word[at + 1 :]
        case "change":
            return word[:at] + chance.choice("aeinrst") + word[at + 1 :]
    return word[:at] + word[at + 1] + word[at] + word[at + 2 :]

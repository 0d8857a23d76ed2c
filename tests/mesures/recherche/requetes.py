"""What is asked of the engines: words by the number of entries that hold them, drawn from the corpus itself."""

import random
import re
from collections import Counter
from itertools import islice

from search.analyse.mots import VIDES, formes
from tests.mesures.recherche.corpus import SEED, Corpus

SAMPLE, EACH = 4_000, 24
UNKNOWN = ("zorglubique", "wakandais", "xylotropie", "brumivage", "quinquerelle", "fluxodrome")


def requetes() -> dict[str, list[str]]:
    """EACH queries per class, the same whatever the size of the corpus. « rien » also tries to help: half of its
    queries have words that exist beside the one that does not.
    """
    dice, sample = random.Random(SEED), [entree.texte for entree in islice(Corpus(SAMPLE).entrees(), SAMPLE)]
    words = _by_frequency(sample)
    sentences = [line for text in sample for line in text.split("\n") if len(line.split()) > 8]
    medium = words["mot moyen"]
    return {
        **{name: dice.sample(found, min(EACH, len(found))) for name, found in words.items()},
        "trois mots": [_three_words(dice, sentences, medium) for _ in range(EACH)],
        "phrase": [_phrase(dice, sentences) for _ in range(EACH)],
        "début": [f"{word[:5]}*" for word in dice.sample(medium, EACH)],
        "faute": [_misspelt(dice, word) for word in dice.sample([word for word in medium if len(word) > 6], EACH)],
        "rien": [f"{dice.choice(UNKNOWN)} {' '.join(dice.sample(medium, n % 2 * 2))}".strip() for n in range(EACH)],
    }


def debuts(queries: dict[str, list[str]]) -> list[str]:
    """What is typed on the way to a query: two letters, then four, then a word and the beginning of the next."""
    words = [word for word in queries["mot moyen"] + queries["mot fréquent"] if len(word) > 4]
    pairs = [" ".join(query.split()[:2])[:-2] for query in queries["trois mots"]]
    return [word[:2] for word in words] + [word[:4] for word in words] + pairs


def _by_frequency(sample: list[str]) -> dict[str, list[str]]:
    held, written = Counter(), {}
    for text in sample:
        found = {word: form for word, form in formes(text) if len(word) > 3 and word.isalpha() and word not in VIDES}
        held.update(found.keys())
        written.update(found)
    shares = {"mot fréquent": (0.20, 1), "mot moyen": (0.02, 0.20), "mot rare": (0.0005, 0.02)}
    return {
        name: [written[word] for word, n in sorted(held.items()) if least * len(sample) < n <= most * len(sample)]
        for name, (least, most) in shares.items()
    }


def _three_words(dice: random.Random, sentences: list[str], known: list[str]) -> str:
    """Of one sentence, as somebody remembers it."""
    allowed = set(known)
    while True:
        inside = [form for _, form in formes(dice.choice(sentences)) if form in allowed]
        if len(set(inside)) > 2:
            return " ".join(dice.sample(sorted(set(inside)), 3))


def _phrase(dice: random.Random, sentences: list[str]) -> str:
    """Two to four words that follow one another, ends that name something."""
    while True:
        words = re.findall(r"[^\W\d_]+", dice.choice(sentences))
        length = dice.randint(2, 4)
        start = dice.randrange(max(1, len(words) - length))
        chosen = words[start : start + length]
        if len(chosen) == length and min(len(chosen[0]), len(chosen[-1])) > 4:
            return f'"{" ".join(chosen)}"'


def _misspelt(dice: random.Random, word: str) -> str:
    """One letter lost, doubled, changed, or swapped with the next, never the first."""
    at = dice.randrange(2, len(word) - 2)
    return dice.choice(
        (
            word[:at] + word[at + 1 :],
            word[:at] + word[at] + word[at:],
            word[:at] + dice.choice("aeimnrst") + word[at + 1 :],
            word[:at] + word[at + 1] + word[at] + word[at + 2 :],
        )
    )

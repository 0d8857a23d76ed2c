"""`script/bench remplir`: the délibération filled for each commune of the Grand Dole, in both formats;
then hostile models. It needs no base: what a model costs is its file.
"""

import time
from collections.abc import Iterator

from extranet.lib.noms import a_nom, de_nom
from ressources.demo.a_remplir import DOSSIER
from tests.mesures import Figure
from tests.ressources.remplir.communes import RESTE, communes, fill, model, values_for
from tests.ressources.remplir.hostiles import HOSTILES
from tests.ressources.remplir.modeles import control, open_text, paragraphs, text_of, word

FORMATS = ("docx", "odt")
PATIENCE = 2


def is_wrong(nom: str, text: str) -> bool:
    """A field is left, or an article is not that of the name."""
    text = text.replace("\u00a0", " ")
    right = f"le conseil municipal {de_nom(nom)}, dûment" in text and f"délibéré {a_nom(nom)}, les" in text
    return bool(RESTE.search(text)) or not right


def filled_for_all(extension: str) -> Iterator[Figure]:
    noms, content = [nom.replace("'", "’") for nom in communes()], model("deliberation", extension)
    start = time.perf_counter()
    files = {nom: fill(content, extension, values_for(nom)) for nom in noms}
    seconds = time.perf_counter() - start
    wrong = [nom for nom, file in files.items() if is_wrong(nom, text_of(file, extension))]
    yield Figure(f"Délibération pour {len(noms)} communes, {extension.upper()}", seconds, "s", most=30)
    yield Figure("… documents faux", len(wrong), "", most=0)


def hostile(texte: str, extension: str) -> tuple[bool, float]:
    """Is it refused, and in how many seconds?"""
    content = word(texte, "{{ commune }}") if extension == "docx" else open_text(paragraphs(texte, "{{ commune }}"))
    start = time.perf_counter()
    found = control(content, extension)
    return bool(found.fautes) and not found.is_modele, time.perf_counter() - start


def figures() -> Iterator[Figure]:
    for extension in FORMATS:
        yield from filled_for_all(extension)
    kinds = [(cle, extension) for cle in sorted(path.stem for path in DOSSIER.glob("*.txt")) for extension in FORMATS]
    left = [RESTE.search(text_of(fill(model(*kind), kind[1], {}), kind[1])) for kind in kinds]
    yield Figure("Modèles de la démonstration, dans les deux formats", len(kinds), "", least=12)
    yield Figure("… où il reste un champ", sum(map(bool, left)), "", most=0)
    tried = [hostile(texte, extension) for texte in HOSTILES.values() for extension in FORMATS]
    yield Figure("Modèles hostiles", len(tried), "")
    yield Figure("… acceptés", sum(not refused for refused, _ in tried), "", most=0)
    yield Figure("… le plus long à refuser", max(seconds for _, seconds in tried), "s", most=PATIENCE)

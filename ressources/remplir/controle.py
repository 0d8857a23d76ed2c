"""What a file asks for, and what keeps it from being a model: nothing is rendered before all of it is known.

A model holds names of the closed list and nothing else. What a template engine would run (an attribute, a call, a
loop) is refused here by its place, and could not run afterwards either: `docx.py` checks again what it is given.
What passes is filled once, for nobody: a file that cannot be is not proposed as a model.
"""

from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from itertools import pairwise
from typing import Any

from django.core.files import File

from ressources.remplir import docx, odt
from ressources.remplir.champs import PAR_CODE, find, nearest
from ressources.remplir.formats import DOCX, FORMATS, Modele
from ressources.remplir.liaisons import LIEN, links
from ressources.remplir.paquet import ModeleIllisible, Paquet
from ressources.remplir.paragraphes import ACCOLADES, BALISE, Paragraphe

# More would be no document of a mairie, and would make another one huge.
MAX_CHAMPS, MAX_FAUTES, MAX_CITE = 400, 20, 60
FORMULE = "ce n’est pas un champ\u00a0: un modèle ne contient que des noms de la liste, sans calcul ni formule."
INSTRUCTION = "un modèle n’exécute rien\u00a0: retirez cette instruction."
OUVERTE = "les accolades ne vont pas par deux\u00a0: un champ s’écrit «\u00a0{{ commune }}\u00a0», sur une seule ligne."
INCONNU = "ce champ n’existe pas."
AILLEURS = (
    "dans un commentaire, un dessin, une propriété du fichier ou un texte supprimé, un champ ne se remplit pas\u00a0: "
    "acceptez les modifications suivies et retirez-le de là."
)
_A_CHEVAL = {"{{", "{%", "{#", "}}", "%}", "#}"}
TROP = f"plus de {MAX_CHAMPS}\u00a0champs\u00a0: un modèle en a moins."


@dataclass(frozen=True)
class Faute:
    """One thing to mend: what is written, where, why, and the known name that it may stand for."""

    texte: str
    ou: str
    pourquoi: str
    proposition: str = ""

    @property
    def phrase(self) -> str:
        said = f"«\u00a0{self.texte}\u00a0», {self.ou}\u00a0: {self.pourquoi}" if self.texte else self.pourquoi
        return (
            f"{said} Vouliez-vous «\u00a0{{{{\u00a0{self.proposition}\u00a0}}}}\u00a0»\u00a0?"
            if self.proposition
            else said
        )


@dataclass(frozen=True)
class Controle:
    """What was found in a file: the codes that it asks for, in their order, and what is to be mended."""

    champs: list[str] = field(default_factory=list)
    fautes: list[Faute] = field(default_factory=list)

    @property
    def is_modele(self) -> bool:
        return bool(self.champs) and not self.fautes

    @property
    def is_vide(self) -> bool:
        """A document like another: nothing in it looks like a field."""
        return not self.champs and not self.fautes

    def as_json(self) -> dict[str, Any]:
        return {} if self.is_vide else asdict(self)

    @classmethod
    def from_json(cls, given: dict[str, Any]) -> "Controle":
        """Codes that the list no longer has are left out."""
        known = [code for code in given.get("champs", ()) if code in PAR_CODE]
        return cls(known, [Faute(**one) for one in given.get("fautes", ())])


def controle_of(content: File, extension: str) -> Controle:
    """Of a file of any kind; one that cannot be a model holds no field. Raises nothing for what it holds."""
    try:
        return examine(content, extension)
    except ModeleIllisible:
        return Controle()


def examine(content: File, extension: str) -> Controle:
    """Raises ModeleIllisible for what is no DOCX nor ODT, or too heavy to be filled."""
    if extension not in FORMATS:
        raise ModeleIllisible("Un modèle à remplir est un fichier DOCX ou ODT.")
    try:
        found = look(Modele.of(Paquet.lu(content, entier=False), extension))
        return tried(content, extension, found) if found.is_modele else found
    finally:
        content.seek(0)


def tried(content: File, extension: str, found: Controle) -> Controle:
    """What is found, unless the file cannot be filled: why is then the fault."""
    try:
        modele = Modele.of(Paquet.lu(content), extension)
        (docx if extension == DOCX else odt).fill(modele, {name: name for name in modele.balises()})
    except ModeleIllisible as error:
        return Controle(found.champs, [Faute("", "", str(error))])
    return found


def look(modele: Modele) -> Controle:
    """Every paragraph, then what stands outside of them."""
    if sum(one.texte.count("{{") for one in modele.paragraphes) > MAX_CHAMPS:
        return Controle(fautes=[Faute("", "", TROP)])
    champs: dict[str, None] = {}
    fautes: dict[Faute, None] = {}
    for paragraphe in modele.paragraphes:
        for ecrit, faute in looked(paragraphe):
            if faute is None:
                champs[find(ecrit).code] = None
            else:
                fautes[faute] = None
    if modele.strays():
        fautes[Faute("", "", AILLEURS)] = None
    liaisons = list(links(modele))
    fautes |= {Faute(one.balise[:MAX_CITE], "adresse d’un lien", LIEN): None for one in liaisons if one.balise}
    if champs or fautes:
        fautes |= dict.fromkeys(cut(modele.paragraphes))
        fautes |= {Faute(one.cible[:MAX_CITE], *one.mots): None for one in liaisons if one.is_fetched}
    return Controle(list(champs), list(fautes)[:MAX_FAUTES])


def looked(paragraphe: Paragraphe) -> Iterator[tuple[str, Faute | None]]:
    """The fields of a paragraph, each a name of the list or a fault; then the braces that make none."""
    texte, ou = paragraphe.texte, paragraphe.ou
    if not ACCOLADES.search(texte):
        return
    for found in BALISE.finditer(texte):
        ecrit = found[1].strip()
        cite = " ".join(found[0].split())[:MAX_CITE]
        if find(ecrit) is not None:
            yield ecrit, None
        elif ecrit.replace("_", "").replace("-", "").replace(" ", "").replace("’", "").isalnum():
            yield ecrit, Faute(cite, ou, INCONNU, nearest(ecrit.replace(" ", "_")))
        else:
            yield ecrit, Faute(cite, ou, FORMULE)
    rest = BALISE.sub(" ", texte)
    if left := ACCOLADES.search(rest):
        cite = " ".join(rest[left.start() : left.start() + MAX_CITE].split())
        instruction = left[0] in {"{%", "%}", "{#", "#}"}
        yield "", Faute(cite, ou, INSTRUCTION if instruction else OUVERTE)


def cut(paragraphes: list[Paragraphe]) -> Iterator[Faute]:
    """Braces that make a pair from a paragraph to the next: somebody wrote a field on two lines, which none is."""
    written = [(one, " ".join(one.texte.split())) for one in paragraphes]
    for (one, before), (_, after) in pairwise([line for line in written if line[1]]):
        if before[-1] + after[0] in _A_CHEVAL:
            yield Faute(f"{before[-MAX_CITE // 2 :]} {after[: MAX_CITE // 2]}", one.ou, OUVERTE)

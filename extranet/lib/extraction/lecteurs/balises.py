"""XML parts of an archive, read as they come: no document type, no depth, no more than 64 MB of them in all."""

from xml.parsers import expat
from zipfile import ZipFile
from zlib import error as ZlibError

from extranet.lib.extraction.lecteurs.commun import Plein, Refus, Texte

MAX_XML = 64 * 1024 * 1024
MAX_ENTRIES = 5_000
_MAX_DEPTH = 200
_CHUNK = 64 * 1024
DAMAGED = "Ce fichier est abîmé ou incomplet\u00a0: son texte ne se lit pas."
_TRAP = "Ce fichier fait appel à des éléments extérieurs\u00a0: son texte n’est pas lu."
_CONTORTED = "Ce fichier n’est pas construit comme un document ordinaire\u00a0: son texte n’est pas lu."


class Lecteur:
    """Told of each element by its local name, with the local names of its attributes, and of each piece of text."""

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        pass

    def end(self, tag: str) -> None:
        pass

    def text(self, data: str) -> None:
        pass


class Archive:
    """`texte` tells when the time is up: a part may be long and hold no word."""

    def __init__(self, archive: ZipFile, texte: Texte) -> None:
        self.archive, self.texte, self.left = archive, texte, MAX_XML
        self.names = set(archive.namelist())
        if len(archive.namelist()) > MAX_ENTRIES:
            raise Refus(_CONTORTED)

    def parse(self, name: str, lecteur: Lecteur) -> None:
        """Nothing when the part is missing. Raises Plein past 64 MB or the time, and Refus."""
        if name not in self.names:
            return
        parser = _parser(lecteur)
        try:
            with self.archive.open(name) as stream:
                while chunk := stream.read(_CHUNK):
                    self.left -= len(chunk)
                    if self.left < 0:
                        raise Plein("Le document est très gros\u00a0: seul le début de son texte est cherchable.")
                    self.texte.check()
                    parser.Parse(chunk, False)
            parser.Parse(b"", True)
        except (expat.ExpatError, ZlibError, EOFError, NotImplementedError) as error:
            raise Refus(DAMAGED) from error


def _parser(lecteur: Lecteur) -> expat.XMLParserType:
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    depth = 0

    def start(tag: str, attributes: dict[str, str]) -> None:
        nonlocal depth
        depth += 1
        if depth > _MAX_DEPTH:
            raise Refus(_CONTORTED)
        lecteur.start(_local(tag), {_local(key): value for key, value in attributes.items()})

    def end(tag: str) -> None:
        nonlocal depth
        depth -= 1
        lecteur.end(_local(tag))

    def refuse(name: str, system: str | None, public: str | None, has_body: bool) -> None:
        raise Refus(_TRAP)

    parser.StartElementHandler, parser.EndElementHandler = start, end
    parser.CharacterDataHandler, parser.StartDoctypeDeclHandler = lecteur.text, refuse
    return parser


def _local(name: str) -> str:
    return name.rpartition(" ")[2]


class Champs(Lecteur):
    """The first text of some elements: a title, a number of pages."""

    def __init__(self, *wanted: str) -> None:
        self.wanted, self.found, self.current = wanted, {}, ""

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        self.current = tag if tag in self.wanted and tag not in self.found else ""

    def end(self, tag: str) -> None:
        self.current = ""

    def text(self, data: str) -> None:
        if self.current:
            self.found[self.current] = self.found.get(self.current, "") + data


class Relations(Lecteur):
    """Identifiers and targets of a `.rels` part, and what names them in order."""

    def __init__(self, tag: str, *attributes: str) -> None:
        self.tag, self.attributes, self.rows = tag, attributes, []

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == self.tag:
            self.rows.append(tuple(attributes.get(name, "") for name in self.attributes))

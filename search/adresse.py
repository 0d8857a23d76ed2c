"""SEARCH_URL: where the cluster is, and the name under which this installation keeps its index there.

elasticsearch://hôte:9200,hôte2:9200/nom
elasticsearchs://compte:secret@hôte:9200,hôte2:9200/nom?ca=/etc/ssl/grappe.pem    with TLS
"""

import re
from dataclasses import dataclass
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

PORT = 9200
SCHEMES = {"elasticsearch": "http", "elasticsearchs": "https"}
FORME = "elasticsearch://hôte:9200,hôte2:9200/nom"
# A name that ended like those of the indexes behind it could be taken for one of another installation.
_NAME = re.compile(r"(?!.*-\d{14}$)[a-z][a-z0-9_-]{0,59}")


@dataclass(frozen=True)
class Adresse:
    """`hotes` as addresses of HTTP, `nom` the alias; `compte` and `ca` only for a cluster that asks for them."""

    hotes: tuple[str, ...]
    nom: str
    compte: tuple[str, str] | None = None
    ca: str = ""


def lire_adresse(url: str) -> Adresse:
    """Raises ImproperlyConfigured, with a sentence that says what is wrong; it never shows the password."""
    try:
        parts = urlsplit(url)
    except ValueError as error:
        raise _wrong("ne se lit pas") from error
    if parts.scheme not in SCHEMES:
        raise _wrong(f"commence par «\u00a0{parts.scheme}://\u00a0»")
    name = parts.path.removeprefix("/")
    if not _NAME.fullmatch(name):
        raise _wrong(
            "doit finir par le nom de l’installation, en minuscules sans accent, chiffres, tirets et traits bas"
            f" (lu\u00a0: «\u00a0{name}\u00a0»)"
        )
    user, _, hosts = parts.netloc.rpartition("@")
    login, _, secret = user.partition(":")
    options = dict(parse_qsl(parts.query))
    if unknown := options.keys() - {"ca"}:
        raise _wrong(f"porte une option inconnue, «\u00a0{min(unknown)}\u00a0»")
    return Adresse(
        tuple(_host(SCHEMES[parts.scheme], one) for one in hosts.split(",")),
        name,
        (unquote(login), unquote(secret)) if user else None,
        options.get("ca", ""),
    )


def _host(scheme: str, text: str) -> str:
    try:
        parts = urlsplit(f"//{text.strip()}")
        host, port = parts.hostname, parts.port or PORT
    except ValueError as error:
        raise _wrong(f"nomme un hôte qui ne se lit pas, «\u00a0{text}\u00a0»") from error
    if not host or parts.path or not re.fullmatch(r"[\w.:-]+", host):
        raise _wrong(f"nomme un hôte qui ne se lit pas, «\u00a0{text}\u00a0»")
    return f"{scheme}://[{host}]:{port}" if ":" in host else f"{scheme}://{host}:{port}"


def _wrong(what: str) -> ImproperlyConfigured:
    return ImproperlyConfigured(f"SEARCH_URL {what}. Forme attendue\u00a0: {FORME}.")

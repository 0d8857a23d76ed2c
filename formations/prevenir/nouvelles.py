"""A piece of news: lines of the history that happened together, told together to a commune, one by one to each person.

What has become false meanwhile is left out: a seat promoted then given back is told as given back.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from extranet.lib.typographie import space
from formations.adresses import gerer
from formations.enums import Acte
from formations.models import Inscription, Mouvement, SessionFormation
from notifications.envoi import notify

if TYPE_CHECKING:
    from collectivites.models import Agent, Collectivite

# Several of them are one piece of news: the last one tells them all.
FONDUS = (Acte.SESSION_MODIFIEE, Acte.SESSION_REPORTEE, Acte.SESSION_DATEE)
ICONE = "mortarboard"


@dataclass(frozen=True)
class Nouvelle:
    """One act, of one session, by one author, for one commune; of the session itself without commune. Its inscriptions
    come from one state, but those of a session that is cancelled: seats and ranks are one piece of news.
    """

    mouvements: list[Mouvement]

    @property
    def premier(self) -> Mouvement:
        return self.mouvements[0]

    @property
    def acte(self) -> str:
        return self.premier.acte

    @property
    def session(self) -> SessionFormation:
        return self.premier.session

    @property
    def collectivite(self) -> "Collectivite | None":
        return self.premier.collectivite

    @property
    def auteur(self) -> "Agent | None":
        return self.premier.auteur

    @property
    def motif(self) -> str:
        return self.premier.motif

    @property
    def inscriptions(self) -> list[Inscription]:
        return [one.inscription for one in self.mouvements if one.inscription is not None]

    @property
    def cle(self) -> str:
        return f"formation-{self.premier.pk}"


def group(mouvements: Iterable[Mouvement]) -> list[Nouvelle]:
    """In the order of their first line."""
    found: dict[tuple, list[Mouvement]] = {}
    for one in mouvements:
        alone = one.inscription_id is None and one.acte not in FONDUS
        author = "" if one.acte in FONDUS else one.auteur_id
        before = "" if one.acte == Acte.SESSION_ANNULEE else one.de
        key = (one.session_id, one.acte, before, one.vers, author, one.collectivite_id, one.motif, alone and one.pk)
        found.setdefault(key, []).append(one)
    return [Nouvelle(lines) for lines in found.values()]


def still_true(one: Mouvement) -> bool:
    """The seat is still where this line has put it, and its session is not over."""
    session = one.session
    if session.date_fin is not None and session.date_fin < timezone.localdate():
        return False
    return one.inscription is None or one.inscription.statut == one.vers


def tell_person(nouvelle: Nouvelle, inscription: Inscription, sorte: str, titre: str, texte: str = "") -> int:
    """For their collectivité while they work there; the author of an act is not told of it."""
    person = inscription.agent
    here = any(poste.collectivite_id == inscription.collectivite_id for poste in person.postes_en_cours)
    return _tell(
        [person],
        sorte,
        titre,
        texte,
        auteur=nouvelle.auteur,
        collectivite=inscription.collectivite if here or not person.email else None,
        objet=inscription,
        url=inscription.get_absolute_url(),
        action="Voir l’inscription",
        cle=f"{nouvelle.cle}-{inscription.pk}",
    )


def tell_commune(
    nouvelle: Nouvelle, readers: "Iterable[Agent]", sorte: str, titre: str, texte: str = "", **options: Any
) -> int:
    """Once for all those of the commune; nobody is told as gestionnaire what they are told about themselves."""
    concerned, first = {one.agent_id for one in nouvelle.inscriptions}, nouvelle.inscriptions[0]
    alone = len(concerned) == 1
    given = {
        "url": first.get_absolute_url() if alone else nouvelle.session.get_absolute_url(),
        "action": "Voir l’inscription" if alone else "Voir la session",
        "objet": first,
        "cle": f"{nouvelle.cle}-mairie",
        **options,
    }
    return _tell(
        [one for one in readers if not alone or one.pk not in concerned],
        sorte,
        titre,
        texte,
        auteur=nouvelle.auteur,
        collectivite=nouvelle.collectivite,
        **given,
    )


def tell_organisers(nouvelle: Nouvelle, readers: "Iterable[Agent]", sorte: str, titre: str, texte: str = "") -> int:
    return _tell(
        readers,
        sorte,
        titre,
        texte,
        auteur=nouvelle.auteur,
        objet=nouvelle.session,
        url=gerer(nouvelle.session.numero),
        action="Ouvrir la session",
        cle=f"{nouvelle.cle}-organiser",
    )


def _tell(readers: "Iterable[Agent]", sorte: str, titre: str, texte: str, **options: Any) -> int:
    return notify(readers, sorte, space(titre), texte=space(texte), icone=ICONE, **options)

"""What a higher app brings to a lower one, without the lower one ever naming it.

An app contributes by an `apports.py` with functions of the fixed names below. Whoever needs them
iterates over `contributions(name)`, which looks for them in the installed apps. Signatures:

    onglet() -> Onglet                                  tab of the main menu
    onglet_fin() -> Onglet                              tab at its end: the help
    actions_rapides(agent, collectivite) -> list[Lien]  short cuts of the home page
    a_faire(agent, collectivite) -> list[AFaire]        « ce qui vous attend »
    encarts_accueil(agent, collectivite) -> list[Encart]     blocks of the home page
    encarts_agent(agent, lecteur) -> list[Encart]            blocks of an agent's card, as `lecteur` may see them
    encarts_collectivite(collectivite, lecteur) -> list[Encart]
    chiffres(collectivite, annee) -> list[Chiffre]      figures of the year
    liens_pied(agent) -> list[Lien]                     links of the footer
    donnees_personnelles(agent) -> dict                 everything held about the agent, ready for JSON
    effacer(agent) -> None                              blanks what names the agent, inside the caller's transaction
    fusionner(garde, retire) -> None                    repoints what named `retire`, inside the caller's transaction
    restent() -> dict[str, str]                         « app.model.field » that name an agent and that a merge leaves,
                                                        with the reason; any other foreign key is repointed
    temoins_fusion(garde, retire) -> list[QuerySet]     rows that `fusionner` changes without a key to either agent
    reprendre(garde, retiree) -> None                   gives `garde` what lives of `retiree`, a collectivité that it
                                                        takes in; past acts keep the name. In the caller's transaction
    restent_du_lieu() -> dict[str, str]                 as `restent`, for the keys to a collectivité
    temoins_reprise(garde, retiree) -> list[QuerySet]   as `temoins_fusion`, for `reprendre`
    installer() -> None                                 reference rows, pages, groups; idempotent
    planter(accueil) -> None                            its pages under the home page, with their rights; idempotent
    demo(monde) -> None                                 demo content; `monde` is collectivites.demo.Monde
    traitements() -> list[Traitement]                   sheets of the register of personal data (RGPD art. 30)
    echeances() -> list[Echeance]                       timed acts that `manage.py veille` runs
    boucles() -> list[Boucle]                           what `manage.py veille` does all the time, each in its thread
    sortes() -> list[Sorte]                             kinds of notification, for the preferences
    suivables() -> list[Suivable]                       kinds of things that an agent may follow
    sante() -> dict[str, str | int]                     figures for `/sante/`, shown to administrators
    recours(agent, texte) -> list[Lien]                 what to do when the search finds nothing for `texte`
    genres() -> list[Genre]                             how the search shows the entries of this app
    gardables() -> list[Gardable]                       lists whose searches may be kept, and told of
    compositions() -> list[Composition]                 mails whose words their app finds when they leave
    indexer(objets) -> None                             given by `search`: writes their entries (`lib.cherchable`)
    desindexer(objets) -> None                          given by `search`: removes them

Every list of blocks costs a bounded number of queries, whatever the number of rows.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from importlib import import_module
from typing import Any

from django.apps import apps
from django.http import QueryDict
from django.utils.module_loading import module_has_submodule


@dataclass(frozen=True)
class Lien:
    """A link with its icon; `area` gives the colour of the area it leads to."""

    libelle: str
    url: str
    icone: str = "arrow-right"
    area: str = "accueil"


@dataclass(frozen=True)
class Onglet:
    """A tab of the main menu; `complement` is dropped on narrow screens (« Agenda et réseaux »)."""

    cle: str
    libelle: str
    url: str
    icone: str
    ordre: int
    complement: str = ""

    @property
    def area(self) -> str:
        return self.cle


@dataclass(frozen=True)
class AFaire:
    """One thing that awaits the agent. `avant` is the last day to do it; the most pressing come first."""

    titre: str
    url: str
    action: str
    icone: str
    area: str
    detail: str = ""
    avant: date | None = None
    urgent: bool = False


@dataclass(frozen=True)
class Encart:
    """A block of a page: `gabarit` draws all of it, title included, from `encart` and `contexte`.

    On the home page blocks stand in the order of `ordre`: « principale » goes across, and the « cote » that follow it
    stand in the column beside it; those of « cote » up to 20 stand beside « Ce qui vous attend ».
    """

    titre: str
    gabarit: str
    contexte: dict = field(default_factory=dict)
    ordre: int = 50
    area: str = "accueil"
    colonne: str = "principale"  # or "cote"
    tout_voir: Lien | None = None


@dataclass(frozen=True)
class Chiffre:
    """A figure of the year, with what it counts and a word of detail."""

    valeur: str
    libelle: str
    detail: str = ""
    unite: str = ""
    area: str = "accueil"


def everybody(agent: Any) -> bool:
    return True


@dataclass(frozen=True)
class Sorte:
    """A kind of notification. `imposee`: always sent at once, its preference is shown and fixed.

    `pour(agent)` tells who may receive it, and so is asked how; without it, everybody.
    """

    code: str
    area: str
    libelle: str
    detail: str = ""
    frequence: str = "immediate"
    imposee: bool = False
    pour: Callable[[Any], bool] = everybody


@dataclass(frozen=True)
class Suivable:
    """A kind of thing that may be followed. `genre` begins its codes (« theme:3 »), `libelle` stands under its name.

    `modele` with a `visible_to` is followed by those who see it; without, by everybody.
    """

    genre: str
    modele: type
    libelle: str


@dataclass(frozen=True)
class Echeance:
    """A timed act of `veille`: `act` is called at most once per `every`, or once a day at `heure` (Paris, "7:30")."""

    nom: str
    act: Callable[[], object]
    every: timedelta | None = None
    heure: str | None = None


@dataclass(frozen=True)
class Boucle:
    """What somebody waits for: `act` is called again `pause` seconds after its end; idle, it costs next to nothing."""

    nom: str
    act: Callable[[], object]
    pause: float


@dataclass(frozen=True)
class Traitement:
    """A treatment of personal data, as the register and the notice describe it (RGPD art. 30, 13 and 14)."""

    code: str
    intitule: str
    finalite: str
    base_legale: str
    personnes: str
    donnees: str
    source: str
    destinataires: str
    conservation: str


@dataclass(frozen=True)
class Entree:
    """What an object gives to the search: words only, no model of `search`.

    `codes` are those of its diffusion; nobody finds it without one. It is found from `debut` until `fin`. The marks of
    `extranet.lib.feuillets` part `texte` into files and pages. `boost` weighs it against its peers: 1 for most, more
    for what is official, less when outdated.
    """

    kind: str
    pk: int
    titre: str
    url: str
    detail: str = ""
    texte: str = ""
    theme: str = ""
    type: str = ""
    commune: str = ""
    annee: int | None = None
    codes: tuple[str, ...] = ()
    icone: str = ""
    telephone: str = ""
    date: "date | None" = None  # quoted: the default hides the type inside this class
    debut: datetime | None = None
    fin: datetime | None = None
    boost: float = 1.0


@dataclass(frozen=True)
class Genre:
    """How the search shows the entries of one kind (`Entree.kind`). Kinds of the same `onglet` share a tab.

    `onglet` is the word of the tab in addresses, `titre` its name. `fiche`: `detail` says what the thing is, and a
    passage of its text is shown only when the words are nowhere else. `initiales`: those of its title stand for it.
    """

    kind: str
    onglet: str
    titre: str
    area: str
    icone: str
    ordre: int
    fiche: bool = False
    initiales: bool = False


@dataclass(frozen=True)
class DemandeLue:
    """What an address asks of a list, as its area understands it today.

    `parametres` says it in one way only, as the end of an address: no page, no order, nothing that the list does not
    know. `mots` say it in French. `autour`: distances in it start from where one acts. `remarque` is what an alert
    leaves aside of it, `close` why nothing new can answer any more.
    """

    parametres: str
    mots: tuple[str, ...] = ()
    autour: bool = False
    remarque: str = ""
    close: str = ""


@dataclass(frozen=True)
class Trouve:
    """A result, as a mail names it."""

    titre: str
    url: str
    detail: str = ""


@dataclass(frozen=True)
class Gardable:
    """A list whose searches may be kept. `cle` never changes: it is written in the rows.

    `lire` understands an address for a reader and where they act; `cles` are all its results that this reader may see,
    the newest first, under keys that an object keeps for ever (« 12 », « session:4 »); `lignes` says those of some keys
    that the reader may still see. Both ask `visible_to`. `cles` may raise `search.engines.base.MoteurInjoignable`.
    `lieux` are its parameters that name a collectivité, by its slug or its name: they follow a merge.
    """

    cle: str
    libelle: str
    area: str
    icone: str
    url: str
    lire: Callable[[QueryDict, Any, Any], DemandeLue]
    cles: Callable[[QueryDict, Any, Any], list[str]]
    lignes: Callable[[Any, list[str]], dict[str, Trouve]]
    lieux: tuple[str, ...] = ()


@dataclass(frozen=True)
class Composition:
    """A direct mail whose words are found when it leaves, since what its reader may see is asked then.

    `compose(courriel)` gives its template and context, or None when nothing is left to say; `arret(courriel)` the
    address where one stops receiving it.
    """

    sorte: str
    compose: Callable[[Any], tuple[str, dict] | None]
    arret: Callable[[Any], str]


def contributions(name: str, module: str = "apports") -> Iterator[Callable]:
    """The functions called `name` in the `apports.py` of the installed apps, in the order of INSTALLED_APPS reversed.

    Reversed, since INSTALLED_APPS goes from the top of the house to the ground and rows are made ground first.
    """
    for config in reversed(list(apps.get_app_configs())):
        if not module_has_submodule(config.module, module):
            continue
        function = getattr(import_module(f"{config.name}.{module}"), name, None)
        if function is not None:
            yield function


def collect(name: str, *args: object) -> list:
    """All the items that the contributions called `name` return for `args`, in one list."""
    return [item for function in contributions(name) for item in function(*args)]

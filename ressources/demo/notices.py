"""What the library of the demo holds: each sheet, its files, their versions, when and by whom."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from random import Random
from typing import TYPE_CHECKING

from django.utils.text import slugify

from collectivites.models import Agent, Collectivite, Theme
from ressources.demo.fabrique import Commande
from ressources.demo.textes import Modele, Texte, modeles
from ressources.enums import Source, StatutVersion
from ressources.models import RessourcePage, TypeRessource

if TYPE_CHECKING:
    from collectivites.demo import Monde

NOTRE_AVERTISSEMENT = "Texte de démonstration, sans valeur juridique\u00a0: faites-le relire avant tout usage."
NOTRE_CREDIT = "Texte écrit pour la démonstration de l’extranet."


@dataclass
class Etape:
    """A version to come: its file, the day and the words it came with."""

    commande: Commande
    moment: datetime
    changements: str = ""
    statut: StatutVersion = StatutVersion.PUBLIEE
    motif: str = ""


@dataclass
class Notice:
    """A sheet to come. `etat`: empty when it is simply online."""

    cle: str
    page: RessourcePage
    etapes: list[list[Etape]]
    noms: list[str] = field(default_factory=list)
    publics: list[str] = field(default_factory=list)
    liees: list[str] = field(default_factory=list)
    remplacee_par: str = ""
    etat: str = ""

    @property
    def commandes(self) -> Iterator[Commande]:
        return (etape.commande for etapes in self.etapes for etape in etapes)


@dataclass
class Listes:
    """What sheets are filed under, by slug, and the days of the demo."""

    monde: "Monde"
    themes: dict[str, Theme]
    types: dict[str, TypeRessource]
    tirage: Random
    slugs: set[str] = field(default_factory=set)

    @classmethod
    def of(cls, monde: "Monde") -> "Listes":
        themes = {theme.slug: theme for theme in Theme.objects.all()}
        return cls(monde, themes, {one.slug: one for one in TypeRessource.objects.all()}, monde.tirage("ressources"))

    def qui(self, words: str) -> tuple[Agent, Collectivite]:
        """« pascale-guyon@tavaux ». Raises KeyError for somebody who has no poste there."""
        agent, _, place = words.partition("@")
        poste = self.monde.poste(agent, place)
        return poste.agent, poste.collectivite

    def moment(self, jours: int) -> datetime:
        """That many days ago, or the working day before, at an hour when offices are open."""
        heure = f"{self.tirage.randrange(8, 18)}:{self.tirage.randrange(60):02d}"
        return self.monde.instant(-jours - max(0, self.monde.jour(-jours).weekday() - 4), heure)

    def adresse(self, titre: str) -> str:
        base = slug = slugify(titre)[:80].strip("-")
        rank = 1
        while slug in self.slugs:
            rank += 1
            slug = f"{base}-{rank}"
        self.slugs.add(slug)
        return slug

    def page(self, titre: str, moment: datetime, **fields: object) -> RessourcePage:
        """Online since that moment."""
        return RessourcePage(
            title=titre,
            slug=self.adresse(titre),
            first_published_at=moment,
            last_published_at=moment,
            latest_revision_created_at=moment,
            **fields,
        )


def of_models(listes: Listes) -> Iterator[Notice]:
    return (_of_model(listes, modele) for modele in modeles())


def _of_model(listes: Listes, modele: Modele) -> Notice:
    head, monde = modele.entete, listes.monde
    agent, place = listes.qui(head["de"])
    etapes = _etapes(listes, modele, place)
    moment = etapes[0].moment
    etat, online = head.get("etat", ""), head.get("etat", "") in {"", "version a relire"}
    if etat and etat != "archive":
        etapes[-1].statut = StatutVersion.A_RELIRE
    page = listes.page(
        head["titre"],
        moment,
        resume=head["resume"],
        theme=listes.themes[head["theme"]],
        type=listes.types[head["type"]],
        collectivite=place,
        owner=agent,
        referent=agent,
        diffusion=monde.codes(head.get("pour", "toutes")),
        source=Source.EPCI if place.is_epci else Source.COMMUNE,
        mots_cles=head.get("mots", ""),
        reference_texte=head.get("référence", ""),
        avant_adoption=head.get("adopter", "").replace("|", "\n"),
        avertissement=NOTRE_AVERTISSEMENT,
        credit=NOTRE_CREDIT,
        lecture_suivie=head.get("lecture") == "oui",
        a_remplir=head.get("a remplir") == "oui",
        live=online,
        **_dates(monde, modele),
    )
    if etat == "archive":
        page.archivee_le = monde.instant(-60, "11:20")
    elif not online:
        page.first_published_at = page.last_published_at = None
    else:
        page.last_published_at = [one.moment for one in etapes if one.statut == StatutVersion.PUBLIEE][-1]
    return Notice(
        modele.cle,
        page,
        [etapes],
        [""],
        modele.mots("publics"),
        modele.mots("liees"),
        head.get("remplacee par", ""),
        etat,
    )


def _etapes(listes: Listes, modele: Modele, place: Collectivite) -> list[Etape]:
    head = modele.entete
    texte = Texte(head["titre"], place.nom, NOTRE_AVERTISSEMENT, NOTRE_CREDIT, modele.parties)
    return [
        Etape(
            Commande(texte.at(numero), head["format"]),
            listes.moment(int(jours)),
            head.get(f"version {numero}", ""),
        )
        for numero, jours in enumerate(modele.mots("jours"), 1)
    ]


def _dates(monde: "Monde", modele: Modele) -> dict[str, object]:
    """« verifie: Laure Sauvageot, il y a 2 », « verifier: 300 » days to come, « perime: 30 » days ago."""
    dates: dict[str, object] = {}
    if "verifie" in modele.entete:
        who, _, days = modele.entete["verifie"].rpartition(", il y a ")
        dates |= {"verifie_par": who, "verifie_le": monde.jour(-int(days))}
    if (days := modele.nombre("verifier")) is not None:
        dates["a_verifier_avant"] = monde.jour(days)
    if (days := modele.nombre("perime")) is not None:
        dates["perime_le"] = monde.jour(-days)
    return dates

"""Three years of use: copies taken, sheets found useful, kept, adopted."""

import csv
from collections.abc import Iterator
from datetime import date, datetime
from random import Random
from typing import TYPE_CHECKING

from django.core.files.base import ContentFile
from django.db import models
from django.utils import timezone

from collectivites.diffusion import TOUTES
from collectivites.models import Agent, Poste
from extranet.lib.stockage import store
from extranet.lib.typographie import space
from ressources.demo.fabrique import PDF, Commande, make
from ressources.demo.notices import Notice
from ressources.demo.textes import MODELES, Partie, Texte
from ressources.enums import StatutVersion
from ressources.models import (
    Avis,
    Favori,
    Reprise,
    RessourcePage,
    Telechargement,
    VersionFichier,
)

if TYPE_CHECKING:
    from collectivites.demo import Monde

LOT = 500
# Copies are known for a year.
MEMOIRE = 350
# Who took the second version of the cemetery rules, before the third: theirs is out of date.
PERIMEE, DEPUIS = "reglement-cimetiere", 58
DETENTEURS = ("odile-vuillermet@foucherans", "claire-bouvret@sampans", "laurence-mignot@champvans")


AVERTISSEMENT_ACTE = "Acte de démonstration\u00a0: il n’engage personne."
ACTE = (
    "La commune de {commune} adopte, sans en changer les articles, le modèle « {modele} » tel qu’il est annexé.\n\n"
    "Le présent acte est affiché en mairie et transmis au contrôle de légalité. Il s’applique dès qu’il est exécutoire."
    "\n\nLe maire."
)


def use(monde: "Monde", notices: dict[str, Notice]) -> None:
    pages = [notice.page for notice in notices.values()]
    chance = monde.tirage("usages")
    visitors = _visitors(monde)
    shared = [page for page in pages if page.live and page.diffusion == [TOUTES]]
    _copies(monde, chance, shared, visitors, notices[PERIMEE].page)
    _opinions(monde, chance, shared, visitors, notices)
    _adoptions(monde, chance, shared, notices)


def rows_of(name: str) -> Iterator[dict[str, str]]:
    with (MODELES / name).open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            yield {key: space(value) for key, value in row.items()}


def dated(rows: list[tuple[models.Model, datetime]]) -> list[models.Model]:
    """Written at once, then told when they happened: `auto_now_add` would say now."""
    found = [row for row, _ in rows]
    if not found:
        return []
    model = type(found[0])
    model.objects.bulk_create(found, batch_size=LOT)
    for row, moment in rows:
        row.created_at = moment
    model.objects.bulk_update(found, ["created_at"], batch_size=LOT)
    return found


def _who(monde: "Monde", words: str) -> Poste:
    agent, _, place = words.partition("@")
    return monde.poste(agent, place)


def _visitors(monde: "Monde") -> list[Poste]:
    """Those of the cast who have an account and work in a town hall."""
    in_office = set(Agent.objects.in_office().values_list("pk", flat=True))
    found = [
        poste
        for poste in monde.postes.values()
        if poste.agent.email and poste.agent.pk in in_office and not poste.ferme_le and poste.date_debut <= monde.date
    ]
    return found[:150]


def _moment(monde: "Monde", chance: Random, since: datetime) -> datetime:
    """Between that moment and yesterday."""
    days = max(1, (monde.date - timezone.localdate(since)).days)
    heure = f"{chance.randrange(8, 18)}:{chance.randrange(60):02d}"
    return monde.instant(_worked(monde, chance.randrange(1, days + 1)), heure)


def _worked(monde: "Monde", jours: int) -> int:
    """That many days ago, or the Friday before: as `Monde` counts them."""
    return -jours - max(0, monde.jour(-jours).weekday() - 4)


def _copies(
    monde: "Monde", chance: Random, pages: list[RessourcePage], visitors: list[Poste], replaced: RessourcePage
) -> None:
    """Some for each sheet, the version of the day. Of an old one, people were told when the next came."""
    versions: dict[int, list[VersionFichier]] = {}
    known = VersionFichier.objects.filter(fichier__page__in=[page.pk for page in pages], fichier__ordre=0)
    for version in known.exclude(publiee_le=None).defer("texte").select_related("fichier").order_by("numero"):
        versions.setdefault(version.fichier.page_id, []).append(version)
    taken: dict[tuple, Telechargement] = {}
    for page in pages:
        wanted = chance.randrange(1, 8) + (25 if page.a_remplir else 0)
        for poste in chance.sample(visitors, min(wanted, len(visitors))):
            copy = _copy(monde, chance, versions[page.pk], poste)
            if copy is not None and page.pk != replaced.pk:
                taken[copy.version_id, copy.agent_id, copy.collectivite_id, copy.jour] = copy
    second = versions[replaced.pk][1]
    for words in DETENTEURS:
        poste = _who(monde, words)
        copy = Telechargement(
            version=second, agent=poste.agent, collectivite=poste.collectivite, jour=monde.jour(-DEPUIS)
        )
        taken[copy.version_id, copy.agent_id, copy.collectivite_id, copy.jour] = copy
    # The last copy of somebody is the one written last (`copies.stale`).
    Telechargement.objects.bulk_create(sorted(taken.values(), key=lambda copy: copy.jour), batch_size=LOT)


def _copy(monde: "Monde", chance: Random, versions: list[VersionFichier], poste: Poste) -> Telechargement | None:
    day = monde.jour(_worked(monde, chance.randrange(1, MEMOIRE)))
    there = [one for one in versions if timezone.localdate(one.publiee_le) <= day and _served(one, day)]
    if not there:
        return None
    after = [one for one in versions if one.numero > there[-1].numero]
    gone = there[-1].retiree_le or (after[0].publiee_le if after else None)
    return Telechargement(
        version=there[-1], agent=poste.agent, collectivite=poste.collectivite, jour=day, prevenu_le=gone
    )


def _served(version: VersionFichier, day: date) -> bool:
    return version.statut == StatutVersion.PUBLIEE or timezone.localdate(version.retiree_le) > day


def _opinions(
    monde: "Monde", chance: Random, pages: list[RessourcePage], visitors: list[Poste], notices: dict[str, Notice]
) -> None:
    avis, favoris = [], []
    people = list({poste.agent.pk: poste.agent for poste in visitors}.values())
    for page in pages:
        for agent in chance.sample(people, chance.randrange(0, 4) + 4 * page.a_remplir):
            moment = _moment(monde, chance, page.first_published_at)
            avis.append((Avis(page=page, agent=agent, utile=chance.random() < 0.85), moment))
    for row in rows_of("favoris.csv"):
        page, agent = notices[row["document"]].page, monde.agent(row["qui"])
        favoris.append((Favori(page=page, agent=agent, note=row["note"]), monde.instant(-chance.randrange(2, 20))))
    told = {(one.page_id, one.agent_id) for one, _ in favoris}
    for page in chance.sample(pages, 60):
        agent = chance.choice(people)
        if (page.pk, agent.pk) not in told:
            favoris.append((Favori(page=page, agent=agent), _moment(monde, chance, page.first_published_at)))
    dated(avis)
    dated(favoris)


def _adoptions(monde: "Monde", chance: Random, pages: list[RessourcePage], notices: dict[str, Notice]) -> None:
    """By the secretary of each commune, who says whom to call."""
    secretaries: dict[str, Poste] = {}
    for (_, place), poste in monde.postes.items():
        if poste.gestionnaire and not poste.ferme_le:
            secretaries.setdefault(place, poste)
    rows: list[tuple[Reprise, datetime]] = []
    for row in rows_of("reprises.csv"):
        page = notices[row["document"]].page
        for rank, place in enumerate(row["communes"].split()):
            mot, acte = ("", "") if rank else (row["mot"], row["acte"])
            reprise = _adoption(page, secretaries[place], mot)
            if acte:
                _attach(reprise, acte)
            rows.append((reprise, _moment(monde, chance, page.first_published_at)))
    done = {(one.page_id, one.collectivite_id) for one, _ in rows}
    places = [poste for poste in secretaries.values() if poste.collectivite.is_commune][:45]
    for page in chance.sample(pages, 70):
        poste = chance.choice(places)
        if (page.pk, poste.collectivite_id) not in done and poste.collectivite_id != page.collectivite_id:
            rows.append((_adoption(page, poste), _moment(monde, chance, page.first_published_at)))
    dated(rows)


def _adoption(page: RessourcePage, poste: Poste, mot: str = "") -> Reprise:
    telephone = poste.telephone if mot else ""
    return Reprise(page=page, collectivite=poste.collectivite, agent=poste.agent, mot=mot, telephone=telephone)


def _attach(reprise: Reprise, titre: str) -> None:
    """The act that the first commune of a row adopted, as a PDF of its own."""
    commune = reprise.collectivite.nom
    words = space(ACTE.format(commune=commune, modele=reprise.page.title))
    texte = Texte(titre, f"Commune de {commune}", AVERTISSEMENT_ACTE, "", (Partie("", words),), surtitre=commune)
    reprise.acte_nom = f"{titre}, {commune}.pdf"
    store(reprise.acte, ContentFile(make(Commande(texte, PDF)).contenu), "pdf")

"""The fiches of service-public.fr, as communes would have filed them: who, when, in which file, how far to trust."""

import csv
from collections.abc import Iterator
from datetime import date, timedelta

from extranet.lib.francais import NBSP, jour
from ressources.demo.fabrique import ABIME, DOCX, ODT, PDF, SCAN, XLSX, Commande
from ressources.demo.notices import Etape, Listes, Notice
from ressources.demo.textes import MODELES, Fiche, Partie, Texte, fiches, tableaux
from ressources.enums import Licence, Source, StatutVersion

AVERTISSEMENT = f"Texte de démonstration, arrêté à novembre 2020{NBSP}: le droit a changé depuis."
# As asked of whoever shows them (`ressources/data/LISEZMOI.md`); the date and the address stand in the source.
CREDIT = (
    f"Source{NBSP}: service-public.fr – Direction de l’information légale et administrative (Premier ministre), "
    f"fiches «{NBSP}Vos droits et démarches{NBSP}», données de novembre 2020, Licence Ouverte / Open Licence "
    f"(Etalab){NBSP}; mise en forme modifiée."
)
TYPES = {
    "Fiche pratique": "fiche-pratique",
    "Foire aux questions": "foire-aux-questions",
    "Formulaire": "formulaire",
    "Modèle de courrier": "modele-de-courrier",
    "Procédure / pas-à-pas": "procedure-pas-a-pas",
}
A_REMPLIR = {"Formulaire", "Modèle de courrier"}
FORMES, POIDS = (PDF, DOCX, ODT), (36, 40, 24)
# One in so many is a scan, a file that cannot be read, one whose second version was withdrawn.
UN_NUMERISE, UN_ABIME, UN_RETIRE = 45, 130, 120
RECENTES = 3
TROIS_ANS = 1090
RETRAIT = "Fichier incomplet, la fin manquait"


def of_fiches(listes: Listes) -> Iterator[Notice]:
    with (MODELES / "themes.csv").open(encoding="utf-8", newline="") as file:
        rows = {row["libelle"]: row for row in csv.DictReader(file)}
    return (_of_fiche(listes, rank, fiche, rows[fiche.theme]) for rank, fiche in enumerate(fiches()))


def _of_fiche(listes: Listes, rank: int, fiche: Fiche, row: dict[str, str]) -> Notice:
    chance = listes.tirage
    who = chance.choice(row["deposants"].split())
    agent, place = listes.qui(who)
    there = (listes.monde.date - listes.monde.poste(*who.split("@")).date_debut).days
    # The last ones came this week.
    jours = 2 + rank % 5 if rank >= len(fiches()) - RECENTES else chance.randrange(9, min(TROIS_ANS, max(there, 30)))
    etapes, noms = _fichiers(listes, rank, fiche, jours)
    online = [one for one in etapes[0] if one.statut == StatutVersion.PUBLIEE]
    published = etapes[0][0].moment
    page = listes.page(
        fiche.titre,
        published,
        resume=fiche.resume[:400],
        theme=listes.themes[row["theme"]],
        type=listes.types[TYPES[fiche.type]],
        collectivite=place,
        owner=agent,
        referent=agent if rank % 11 else None,
        diffusion=_diffusion(listes, place.slug),
        source=Source.ETAT,
        source_precision=f"service-public.fr, fiche du {jour(date.fromisoformat(fiche.publie_le))}",
        source_url=fiche.url,
        avertissement=AVERTISSEMENT,
        licence=Licence.LICENCE_OUVERTE,
        credit=CREDIT,
        a_remplir=fiche.type in A_REMPLIR,
        live=True,
        **_confiance(listes, published.date()),
    )
    page.last_published_at = online[-1].moment
    return Notice(fiche.id, page, etapes, noms, row["publics"].split())


def _diffusion(listes: Listes, place: str) -> list[str]:
    """Nearly all are for everybody; some for a network, or for the commune and two neighbours."""
    drawn = listes.tirage.random()
    if drawn < 0.015:
        return listes.monde.codes(f"reseau:{listes.tirage.choice(['secretaires', 'finances', 'etat-civil'])}")
    if drawn < 0.035:
        return listes.monde.codes(f"{place} {listes.tirage.choice(['tavaux foucherans', 'damparis gevry'])}")
    return listes.monde.codes("toutes")


def _confiance(listes: Listes, published: date) -> dict[str, object]:
    """To check in the year for most; soon, late or outdated for some. Nobody says to have checked a text of 2020."""
    monde, chance = listes.monde, listes.tirage
    known: dict[str, object] = {}
    drawn = chance.random()
    if drawn < 0.45:
        known["a_verifier_avant"] = monde.jour(chance.randrange(45, 400))
    elif drawn < 0.49:
        known["a_verifier_avant"] = monde.jour(chance.randrange(2, 29))
    elif drawn < 0.56 and published < monde.jour(-200):
        known["a_verifier_avant"] = monde.jour(-chance.randrange(1, 150))
    elif drawn < 0.59:
        known["perime_le"] = max(monde.jour(-chance.randrange(5, 300)), published + timedelta(days=1))
    return known


def _fichiers(listes: Listes, rank: int, fiche: Fiche, jours: int) -> tuple[list[list[Etape]], list[str]]:
    texte = Texte(
        fiche.titre,
        f"service-public.fr, fiche du {jour(date.fromisoformat(fiche.publie_le))}",
        AVERTISSEMENT,
        f"{CREDIT} Fiche à jour{NBSP}: {fiche.url}",
        (Partie("", fiche.resume), *fiche.parties),
        surtitre=fiche.theme,
    )
    forme = _forme(listes, rank, fiche)
    if rank % UN_RETIRE == 50 and jours > 30:
        main = _withdrawn(listes, texte, forme, jours)
    elif len(fiche.parties) >= 3 and jours > 100 and forme in FORMES and listes.tirage.random() < 0.14:
        main = _grown(listes, texte, forme, jours)
    else:
        main = [Etape(Commande(texte, forme), listes.moment(jours))]
    if not tableaux(fiche.parties):
        return [main], [""]
    return [main, [Etape(Commande(texte, XLSX), main[0].moment)]], ["", "Les tableaux de la fiche"]


def _forme(listes: Listes, rank: int, fiche: Fiche) -> str:
    if rank % UN_NUMERISE == 20:
        return SCAN
    if rank % UN_ABIME == 70:
        return ABIME
    drawn = listes.tirage.choices(FORMES, POIDS)[0]
    return DOCX if fiche.type in A_REMPLIR else drawn


def _grown(listes: Listes, texte: Texte, forme: str, jours: int) -> list[Etape]:
    """Two to four versions, each with a part more, as somebody who copied the fiche bit by bit."""
    count = listes.tirage.choice((2, 2, 2, 3, 3, 4))
    count = min(count, len(texte.parties) - 1)
    days = sorted({jours, *(listes.tirage.randrange(8, jours) for _ in range(count - 1))}, reverse=True)
    etapes, moments = [], sorted(listes.moment(day) for day in days)
    for numero, moment in enumerate(moments, 1):
        kept = texte.parties[: len(texte.parties) - len(days) + numero]
        added = f"Ajout de la partie «{NBSP}{kept[-1].titre}{NBSP}»" if numero > 1 else ""
        partial = Texte(texte.titre, texte.auteur, texte.avertissement, texte.credit, kept, texte.surtitre)
        etapes.append(Etape(Commande(partial, forme), moment, added[:500]))
    return etapes


def _withdrawn(listes: Listes, texte: Texte, forme: str, jours: int) -> list[Etape]:
    """A second version whose end was missing: the first one is current again."""
    cut = Texte(texte.titre, texte.auteur, texte.avertissement, "", texte.parties[:1], texte.surtitre)
    return [
        Etape(Commande(texte, forme), listes.moment(jours)),
        Etape(
            Commande(cut, forme),
            listes.moment(jours // 2),
            "Nouvelle mise en page",
            StatutVersion.RETIREE,
            RETRAIT,
        ),
    ]

"""The large size: 130 communes and 5 200 agents, about forty in each, written by the bulk for load tests."""

from collections.abc import Iterator
from itertools import product

from django.contrib.auth.hashers import make_password
from django.utils.text import slugify

from collectivites.demo.lecture import DATA, parse_semaine, rows_of
from collectivites.demo.monde import AGENTS_PAR_COMMUNE, COMMUNES_GRANDE, Monde
from collectivites.demo.peuplement import presences_of
from collectivites.enums import FamilleFonction, Signature
from collectivites.models import (
    Adhesion,
    Agent,
    Collectivite,
    Expertise,
    Fonction,
    Habilitation,
    Poste,
    Presence,
    Theme,
    TypeHabilitation,
)

TOTAL = AGENTS_PAR_COMMUNE * COMMUNES_GRANDE
BATCH = 1000
CHEFS = ("maire", "secretaire-general")
METIERS = (
    *("agent-technique", "adjoint", "adjoint", "accueil", "agent-entretien"),
    *("conseiller-municipal",) * 9,
    *("agent-technique", "atsem", "restauration", "periscolaire", "finances", "etat-civil", "espaces-verts"),
    *("agent-technique", "agent-entretien", "atsem", "periscolaire", "rh-paie", "bibliothecaire", "voirie"),
    *("police-municipale", "responsable-technique", "commande-publique", "communication", "agent-ccas"),
    *("batiments-energie", "instructeur-ads", "restauration", "agent-entretien", "conseiller-delegue"),
    *("agent-technique", "garde-champetre"),
)
RESEAUX = {"secretaire-general": "secretaires", "responsable-technique": "techniques", "maire": "maires"}
SEMAINES = (
    "lundi à vendredi 8h30-12h 13h30-17h",
    "lundi, mardi, jeudi 8h30-12h 13h30-17h; vendredi 8h30-12h",
    "lundi à jeudi 7h30-12h 13h30-16h30; vendredi 7h30-12h",
    "mardi, jeudi 8h30-12h; vendredi 13h30-17h (paires)",
)


def widen(monde: Monde) -> None:
    """Adds invented agents in turn to each commune until they are 5 200; no two have the same name."""
    fonctions = {fonction.code: fonction for fonction in Fonction.objects.all()}
    agents, postes = [], []
    for rank, (place, metier, prenom, nom) in enumerate(newcomers(monde)):
        cle = slugify(f"{prenom} {nom}")
        email = None if rank % 7 == 3 else f"{cle}@{place.slug}.example"
        agent = Agent(prenom=prenom, nom=nom, slug=cle, email=email, password=make_password(None))
        monde.agents[cle] = agent
        agents.append(agent)
        postes.append(new_poste(monde, agent, place, fonctions[metier], rank))
        if rank % 20 == 5 and metier not in CHEFS:
            neighbour = list(monde.collectivites.values())[(rank + 1) % len(monde.collectivites)]
            if neighbour != place:
                postes.append(new_poste(monde, agent, neighbour, fonctions[metier], rank))
    Agent.objects.bulk_create(agents, batch_size=BATCH)
    Poste.objects.bulk_create(postes, batch_size=BATCH)
    Agent.objects.filter(slug__in=[agent.slug for agent in agents]).update(created_at=monde.instant(-60))
    for poste in postes:
        monde.postes[poste.agent.slug, poste.collectivite.slug] = poste
    spread(monde, agents, postes)


def newcomers(monde: Monde) -> Iterator[tuple[Collectivite, str, str, str]]:
    """Who is missing: a place, a fonction and a name each; communes of the Grand Dole have their mayor already."""
    settled = {row["slug"] for row in rows_of("mairies.csv")}
    communes = [one for one in monde.collectivites.values() if one.is_commune]
    names = free_names(monde)
    for rank in range(TOTAL - len(monde.agents)):
        place, turn = communes[rank % len(communes)], rank // len(communes)
        metiers = METIERS if place.slug in settled else CHEFS + METIERS
        yield place, metiers[turn % len(metiers)], *next(names)


def free_names(monde: Monde) -> Iterator[tuple[str, str]]:
    """Names that nobody has yet, shuffled."""
    prenoms, noms = ((DATA / name).read_text(encoding="utf-8").split() for name in ("prenoms.txt", "noms.txt"))
    pairs = list(product(prenoms, noms))
    monde.tirage("noms").shuffle(pairs)
    taken = set(monde.agents)
    return (pair for pair in pairs if slugify(" ".join(pair)) not in taken)


def new_poste(monde: Monde, agent: Agent, place: Collectivite, fonction: Fonction, rank: int) -> Poste:
    mobile = fonction.famille in (FamilleFonction.TECHNIQUE, FamilleFonction.ELUS)
    return Poste(
        agent=agent,
        collectivite=place,
        fonction=fonction,
        heures_hebdo=None if fonction.famille == FamilleFonction.ELUS else 35 if rank % 3 else 24,
        telephone="" if mobile else f"03 53 01 {20 + rank // 100:02d} {rank % 100:02d}",
        mobile=f"06 39 98 {10 + rank // 100:02d} {rank % 100:02d}" if mobile else "",
        date_debut=monde.mois(1 + rank % 180),
        gestionnaire=fonction.code == "secretaire-general",
        constats=fonction.code == "agent-technique" and rank % 2 == 0,
        signataire=Signature.DE_DROIT if fonction.code == "maire" else Signature.NON,
    )


def spread(monde: Monde, agents: list[Agent], postes: list[Poste]) -> None:
    """Presences for those who work by the week, papers and knowledge for some, networks by fonction."""
    weeks = [parse_semaine(text) for text in SEMAINES]
    worked = [poste for poste in postes if poste.heures_hebdo]
    presences = [p for rank, poste in enumerate(worked) for p in presences_of(poste, weeks[rank % len(weeks)])]
    Presence.objects.bulk_create(presences, batch_size=BATCH)
    kinds, themes = list(TypeHabilitation.objects.all()), list(Theme.objects.all())
    papers = [paper(monde, agent, kinds[rank % len(kinds)], rank) for rank, agent in enumerate(agents[::6])]
    Habilitation.objects.bulk_create(papers, batch_size=BATCH)
    known = [
        Expertise(agent=agent, theme=(theme := themes[rank % len(themes)]), libelle=theme.nom)
        for rank, agent in enumerate(agents[::8])
    ]
    Expertise.objects.bulk_create(known, batch_size=BATCH)
    members = {(poste.agent.slug, RESEAUX[code]) for poste in postes if (code := poste.fonction.code) in RESEAUX}
    Adhesion.objects.bulk_create(
        [
            Adhesion(reseau=monde.reseaux[reseau], agent=monde.agent(cle), date_debut=monde.mois(6))
            for cle, reseau in sorted(members)
        ],
        batch_size=BATCH,
    )


def paper(monde: Monde, agent: Agent, kind: TypeHabilitation, rank: int) -> Habilitation:
    ago = 1 + rank % 30
    end = monde.mois(ago - kind.duree_mois) if kind.duree_mois else None
    return Habilitation(agent=agent, type=kind, obtenue_le=monde.mois(ago), valable_jusqu_au=end)

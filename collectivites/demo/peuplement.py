"""The people of the demo: who works where, when, with what rights, knowledge and papers."""

from datetime import timedelta

from django.contrib.auth.models import Group
from django.utils import timezone
from django.utils.text import slugify

from collectivites.demo.lecture import Plage, parse_semaine, rows_of
from collectivites.demo.monde import Monde
from collectivites.enums import Domaine, RoleReseau, Signature
from collectivites.models import (
    Absence,
    Adhesion,
    Agent,
    Expertise,
    Fonction,
    Habilitation,
    Poste,
    Presence,
    Reseau,
    RoleTransversal,
    Theme,
    TypeHabilitation,
)

MANDAT = 8  # months since the municipal elections
DELEGATION = 18  # days from the elections to the arrêtés of delegation


def populate(monde: Monde) -> None:
    """Everybody, in the order that references ask."""
    make_agents(monde)
    make_postes(monde)
    make_habilitations(monde)
    make_expertises(monde)
    make_absences(monde)
    make_reseaux(monde)


def make_agents(monde: Monde) -> None:
    """One agent per person, however many postes."""
    for row in rows_of("agents.csv"):
        cle = slugify(f"{row['prenom']} {row['nom']}")
        if cle in monde.agents:
            continue
        agent = Agent(prenom=row["prenom"], nom=row["nom"], slug=cle, email=row["courriel"] or None)
        agent.set_unusable_password()
        agent.is_superuser = "administration" in row["droits"].split()
        agent.notice_vue_le = monde.instant(-30) if agent.email else None
        monde.agents[cle] = agent
    Agent.objects.bulk_create(monde.agents.values())
    Agent.objects.filter(slug__in=monde.agents).update(created_at=monde.instant(-60))


def make_postes(monde: Monde) -> None:
    fonctions = {fonction.code: fonction for fonction in Fonction.objects.all()}
    roles = {role.code: role for role in RoleTransversal.objects.all()}
    groups = {domaine.value: Group.objects.get(name=domaine.label) for domaine in Domaine}
    presences, roles_of = [], {}
    for row in rows_of("agents.csv"):
        poste = read_poste(monde, row, fonctions)
        monde.postes[poste.agent.slug, row["collectivite"]] = poste
        presences += presences_of(poste, parse_semaine(row["presence"]))
        roles_of[id(poste)] = [roles[code] for code in row["roles"].split()]
        for right in row["droits"].split():
            if right.startswith("domaines:"):
                poste.agent.groups.set(groups[code] for code in right.removeprefix("domaines:").split("+"))
    Poste.objects.bulk_create(monde.postes.values())
    Presence.objects.bulk_create(presences)
    for poste in monde.postes.values():
        poste.roles.set(roles_of[id(poste)])


def read_poste(monde: Monde, row: dict[str, str], fonctions: dict[str, Fonction]) -> Poste:
    """`debut` counts months ago, or days to come when negative; `fin` counts days from now."""
    rights = row["droits"].split()
    delegation = next((r.removeprefix("delegation:") for r in rights if r.startswith("delegation:")), "")
    started = int(row["debut"])
    fin = monde.jour(int(row["fin"])) if row["fin"] else None
    return Poste(
        agent=monde.agents[slugify(f"{row['prenom']} {row['nom']}")],
        collectivite=monde.collectivites[row["collectivite"]],
        fonction=fonctions[row["fonction"]],
        intitule=row["intitule"],
        heures_hebdo=row["heures"] or None,
        telephone=row["telephone"],
        mobile=row["mobile"],
        date_debut=monde.mois(started) if started > 0 else monde.jour(-started),
        date_fin=fin,
        ferme_le=monde.instant((fin - monde.date).days, "18:00") if fin and fin < monde.date else None,
        gestionnaire="gestionnaire" in rights,
        constats="constats" in rights,
        signataire=(Signature.DE_DROIT if "droit" in rights else Signature.DELEGATION if delegation else Signature.NON),
        delegation_date=monde.mois(MANDAT) + timedelta(days=DELEGATION) if delegation else None,
        delegation_reference=f"arrêté n°\u00a0{delegation}" if delegation else "",
    )


def presences_of(poste: Poste, stretches: list[Plage]) -> list[Presence]:
    return [
        Presence(poste=poste, jour=p.jour, moment=p.moment, semaine=p.semaine, heure_debut=p.debut, heure_fin=p.fin)
        for p in stretches
    ]


def make_habilitations(monde: Monde) -> None:
    """`mois` ago, valid as long as its kind lasts, or for `reste_jours` more days."""
    kinds = {kind.code: kind for kind in TypeHabilitation.objects.all()}
    rows = []
    for row in rows_of("habilitations.csv"):
        kind, got = kinds[row["type"]], monde.mois(int(row["mois"]))
        end = monde.mois(int(row["mois"]) - kind.duree_mois) if kind.duree_mois else None
        end = monde.jour(int(row["reste_jours"])) if row["reste_jours"] else end
        rows.append(Habilitation(agent=monde.agent(row["agent"]), type=kind, obtenue_le=got, valable_jusqu_au=end))
    Habilitation.objects.bulk_create(rows)


def make_expertises(monde: Monde) -> None:
    themes = {theme.slug: theme for theme in Theme.objects.all()}
    Expertise.objects.bulk_create(
        Expertise(agent=monde.agent(row["agent"]), theme=themes[row["theme"]], libelle=row["libelle"])
        for row in rows_of("expertises.csv")
    )


def make_absences(monde: Monde) -> None:
    for row in rows_of("absences.csv"):
        debut = monde.ouvre(int(row["debut"]))
        fin = max(monde.ouvre(int(row["fin"])), debut)
        remplacant = monde.agent(row["remplacant"]) if row["remplacant"] else None
        Absence.objects.create(agent=monde.agent(row["agent"]), date_debut=debut, date_fin=fin, remplacant=remplacant)


def make_reseaux(monde: Monde) -> None:
    """Members are named, or taken by their fonction (« fonction:maire »)."""
    for row in rows_of("reseaux.csv"):
        monde.reseaux[row["slug"]] = Reseau.objects.create(**row)
    by_fonction: dict[str, list[str]] = {}
    for poste in monde.postes.values():
        if poste.ferme_le is None or poste.ferme_le > timezone.now():
            by_fonction.setdefault(poste.fonction.code, []).append(poste.agent.slug)
    adhesions = []
    for row in rows_of("adhesions.csv"):
        members = [row["animateur"]]
        for word in row["membres"].split():
            members += by_fonction.get(word.removeprefix("fonction:"), []) if ":" in word else [word]
        for rank, cle in enumerate(dict.fromkeys(members)):
            role = RoleReseau.MEMBRE if rank else RoleReseau.ANIMATEUR
            reseau, agent = monde.reseaux[row["reseau"]], monde.agent(cle)
            adhesions.append(Adhesion(reseau=reseau, agent=agent, role=role, date_debut=monde.mois(6)))
    Adhesion.objects.bulk_create(adhesions)

"""The plan of the demo: last year’s census made into sessions, this year’s open, wishes, titles that end.

After the catalogue: it takes its sheets and sessions as they are, and makes what it adds by the acts.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from django.utils import timezone

from collectivites.models import Agent, Collectivite, Poste, Theme, TypeHabilitation
from formations.enums import Priorite, StatutCampagne, StatutLigne
from formations.models import BesoinFormation, Campagne, Interet, ReponseCampagne, Souhait
from formations.plan import besoins, campagnes, lignes, sessions
from formations.titres import rappels

if TYPE_CHECKING:
    from collectivites.demo import Monde

MOT = (
    "Dites-nous de quoi vos agents ont besoin l’an prochain, même si vous ne savez pas encore qui. Nous réunissons les "
    "demandes qui se ressemblent et organisons les sessions près de chez vous."
)


@dataclass(frozen=True)
class Dit:
    """What a commune asks: for how many, who is named, of what title."""

    commune: str
    intitule: str
    effectif: int
    agents: tuple[str, ...] = ()
    titre: str = ""
    priorite: Priorite = Priorite.MOYENNE
    avant: int | None = None


AN_DERNIER = [
    Dit("foucherans", "CACES R482 A, mini-pelle", 2, ("mickael-prost",), "caces-r482-a", Priorite.HAUTE),
    Dit("tavaux", "CACES R482 A", 3, ("karim-belkacem",), "caces-r482-a"),
    Dit("foucherans", "Accueillir un public en difficulté", 1),
    Dit("tavaux", "Accueil du public en difficulté", 2),
    Dit("tavaux", "Anglais", 1, (), "", Priorite.BASSE),
]
CETTE_ANNEE = [
    Dit("foucherans", "CACES R482, renouvellement", 4, ("mickael-prost",), "caces-r482-a", Priorite.HAUTE, 200),
    Dit("tavaux", "CACES R482", 5, ("karim-belkacem",), "caces-r482-a", Priorite.HAUTE, 240),
    Dit("champvans", "Caces R482 A", 3, (), "caces-r482-a"),
    Dit("foucherans", "Budget et M57", 1, ("odile-vuillermet",)),
    Dit("tavaux", "Le budget en M57", 2),
    Dit("tavaux", "Élagage en sécurité", 2, ("karim-belkacem",), "", Priorite.MOYENNE, 120),
]
SOUHAITS = [
    ("Excel, aller plus loin", "numerique", "Tableaux croisés, formules, mise en forme.", 9),
    ("Fleurir sans arroser", "environnement", "Choisir des vivaces, pailler.", 6),
    ("Prévenir les conflits de voisinage", "", "", 4),
]


def load(monde: "Monde") -> None:
    """On a database without plan, after the sheets and sessions of the catalogue."""
    led = monde.agent("nathalie-perrot")
    last_year(monde, led)
    this_year(monde, led)
    wishes(monde)
    rappels.remind_due()


def _campaign(monde: "Monde", annee: int, avant: int, statut: StatutCampagne, auteur: Agent) -> Campagne:
    return Campagne.objects.create(
        titre=f"Besoins de formation {annee}",
        annee=annee,
        mot=MOT,
        repondre_avant=monde.jour(avant),
        statut=statut,
        auteur=auteur,
        created_at=monde.instant(avant - 45, "9:00"),
    )


def _say(monde: "Monde", campagne: Campagne, said: Dit) -> None:
    place = monde.collectivites.get(said.commune)
    by = keeper(place) if place else None
    if by is None:
        return
    here = {one.pk for one in besoins.people_of(place)}
    named = [monde.agents[key] for key in said.agents if key in monde.agents and monde.agents[key].pk in here]
    need = BesoinFormation.objects.create(
        campagne=campagne,
        collectivite=place,
        auteur=by,
        intitule=said.intitule,
        effectif=said.effectif,
        titre=TypeHabilitation.objects.filter(code=said.titre).first(),
        priorite=said.priorite,
        echeance=monde.jour(said.avant) if said.avant else None,
        created_at=campagne.created_at + timedelta(days=6),
    )
    need.agents.set(named)


def keeper(place: Collectivite) -> Agent | None:
    """Who answers for this commune."""
    poste = Poste.objects.gestionnaires_of([place]).select_related("agent").order_by("pk").first()
    return poste.agent if poste else None


def _answered(campagne: Campagne, how_long: int = 12) -> None:
    """The communes that said something have said all."""
    for pk in campagne.besoins.order_by("collectivite").values_list("collectivite", flat=True).distinct():
        place = Collectivite.objects.get(pk=pk)
        ReponseCampagne.objects.create(
            campagne=campagne,
            collectivite=place,
            auteur=keeper(place),
            rendue_le=campagne.created_at + timedelta(days=how_long),
        )


def last_year(monde: "Monde", led: Agent) -> None:
    """Closed; one line is a session without dates, one kept, one set aside with its reason."""
    campagne = _campaign(monde, monde.date.year, -300, StatutCampagne.CLOSE, led)
    for said in AN_DERNIER:
        _say(monde, campagne, said)
    _answered(campagne)
    lignes.gather_all(campagne, led)
    for line in campagne.lignes.all():
        if "Anglais" in line.intitule:
            lignes.decide(line, StatutLigne.ECARTEE, "Le CNFPT la propose en ligne, sans limite de places.", led)
        elif line.titre_id:
            sessions.make_session(line, led, sessions.closest_sheet(line, sessions.sheets_for(line)))
        else:
            lignes.decide(line, StatutLigne.RETENUE, "Nous cherchons un organisme avec le CNFPT.", led)


def this_year(monde: "Monde", led: Agent) -> None:
    """Open for three more weeks: 4 + 5 + 3 for CACES R482, and others; Tavaux has said all."""
    campagne = _campaign(monde, monde.date.year + 1, 21, StatutCampagne.OUVERTE, led)
    for said in CETTE_ANNEE:
        _say(monde, campagne, said)
    tavaux = monde.collectivites.get("tavaux")
    if tavaux and keeper(tavaux):
        campagnes.answer(campagne, tavaux, keeper(tavaux))


def wishes(monde: "Monde") -> None:
    """Those of the drawing, nine, six and four people, from several communes."""
    postes = Poste.objects.in_force().filter(agent__is_active=True, agent__efface_le=None)
    people = {poste.agent_id: poste for poste in postes.select_related("agent", "collectivite").order_by("pk")}
    kept = monde.agent("odile-vuillermet").pk
    everybody = [poste for pk, poste in people.items() if pk != kept]
    for rank, (words, theme, detail, number) in enumerate(SOUHAITS):
        drawn = monde.tirage(f"souhait {rank}").sample(everybody, min(number, len(everybody)))
        first = drawn[0]
        asked = monde.instant(-60 + 12 * rank, "10:20")
        wish = Souhait.objects.create(
            intitule=words,
            theme=_theme(theme),
            detail=detail,
            auteur=first.agent,
            collectivite=first.collectivite,
            created_at=asked,
        )
        Interet.objects.bulk_create(
            Interet(
                souhait=wish,
                agent=poste.agent,
                collectivite=poste.collectivite,
                created_at=min(asked + timedelta(days=3 * turn), timezone.now()),
            )
            for turn, poste in enumerate(drawn)
        )


def _theme(slug: str) -> Theme | None:
    """None where the territory has no such theme."""
    return Theme.objects.filter(slug=slug).first() if slug else None

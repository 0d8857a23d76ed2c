"""What the home app brings to its own page, to the menu, to the footer and to the commands."""

from datetime import timedelta
from typing import TYPE_CHECKING

from django.urls import reverse
from wagtail.models import Comment, CommentReply, Page, PageSubscription, Revision, TaskState, WorkflowState

from collectivites.enums import Domaine
from collectivites.models import Territoire
from extranet.lib.apports import AFaire, Echeance, Encart, Genre, Lien, Onglet, Sorte, Traitement
from extranet.lib.francais import en_lettres
from home.annonces import SORTE, announce_pending
from home.demonstration import tell_news
from home.droits import install_rights
from home.installation import install
from home.models import AccessibilitePage, ActualitePage, AidePage, PageStandard
from home.models.legal import missing_mentions
from home.ouverture import opening_steps
from home.registre import TRAITEMENTS
from home.relecture import SORTE as SORTE_RELECTURE
from home.relecture import can_propose
from home.revisions import purge_revisions
from search.gardees.demo import keep_some

if TYPE_CHECKING:
    from collectivites.demo import Monde
    from collectivites.models import Agent, Collectivite

NEWS_ON_HOME = 4


def onglet() -> Onglet:
    return Onglet("accueil", "Accueil", "/", "house-door-fill", ordre=0)


def onglet_fin() -> Onglet:
    return Onglet("aide", "Aide", "/aide/", "question-circle", ordre=90)


def genres() -> list[Genre]:
    return [
        Genre(ActualitePage.genre, "actualites", "Actualités", "accueil", "megaphone-fill", ordre=70),
        Genre(PageStandard.genre, "aide", "Aide", "accueil", "question-circle-fill", ordre=80),
    ]


def liens_pied(agent: "Agent | None") -> list[Lien]:
    """The state of conformity is written in the footer of every page, as the law wants."""
    page = AccessibilitePage.objects.live().only("etat").first()
    state = page.get_etat_display() if page else "non conforme"
    liens = [
        Lien(f"Accessibilité\u00a0: {state}", reverse("home:accessibilite"), "eye"),
        Lien("Données personnelles", reverse("home:donnees_personnelles"), "shield-lock"),
        Lien("Mentions légales", reverse("home:mentions_legales"), "info-circle"),
    ]
    if agent is not None:
        liens.append(Lien("Plan du site", reverse("home:plan_du_site"), "signpost-split"))
    return liens


def a_faire(agent: "Agent", collectivite: "Collectivite | None") -> list[AFaire]:
    """What the law wants said of the service, as long as something is missing: for administrators only."""
    if not agent.answers_for(Domaine.ADMINISTRATION):
        return []
    missing = missing_mentions(Territoire.load())
    if not missing:
        return []
    rest = len(missing) - 1
    others = (
        f" et {en_lettres(rest, 'f')} autre{'s' if rest > 1 else ''} mention{'s' if rest > 1 else ''}" if rest else ""
    )
    return [
        AFaire(
            titre="Compléter les mentions légales",
            url=reverse("wagtailsettings:edit", args=["collectivites", "territoire"]),
            action="Compléter",
            icone="info-circle-fill",
            area="accueil",
            detail=f"Il manque {missing[0]}{others}.",
        )
    ]


def encarts_accueil(agent: "Agent", collectivite: "Collectivite | None") -> list[Encart]:
    return [*_opening(agent), _news(agent), _help(agent)]


def _news(agent: "Agent") -> Encart:
    return Encart(
        titre="Actualités",
        gabarit="home/_actualites.html",
        contexte={"actualites": list(ActualitePage.objects.visible_to(agent).for_list()[:NEWS_ON_HOME])},
        ordre=60,
        tout_voir=Lien("Toutes les actualités", "/actualites/"),
    )


def _help(agent: "Agent") -> Encart:
    """Beside « Ce qui vous attend » until an area has something more pressing to say there."""
    aide = AidePage.objects.first()
    pages = PageStandard.objects.child_of(aide) if aide else PageStandard.objects.none()
    return Encart(
        titre="Besoin d’un coup de main\u00a0?",
        gabarit="home/_aide.html",
        contexte={"pages": list(pages.visible_to(agent).defer_streamfields().order_by("path")[:4])},
        ordre=20,
        colonne="cote",
    )


def _opening(agent: "Agent") -> list[Encart]:
    """The first steps of an empty territory, until they are done: for administrators only."""
    if not agent.answers_for(Domaine.ADMINISTRATION):
        return []
    steps = opening_steps()
    if all(step.faite for step in steps):
        return []
    return [Encart("Ouvrir l’extranet", "home/_ouverture.html", {"etapes": steps}, ordre=30)]


def sortes() -> list[Sorte]:
    return [
        Sorte(SORTE, "accueil", "Actualités", "Une actualité paraît pour vous.", frequence="quotidien"),
        Sorte(
            SORTE_RELECTURE,
            "accueil",
            "Relecture",
            "Une page attend votre relecture, ou la vôtre a été relue.",
            pour=can_propose,
        ),
    ]


def echeances() -> list[Echeance]:
    return [
        Echeance("actualites", announce_pending, every=timedelta(minutes=5)),
        Echeance("revisions", purge_revisions, heure="3:20"),
    ]


def installer() -> None:
    install()
    install_rights()


def donnees_personnelles(agent: "Agent") -> dict:
    """The pages that this person wrote first; their words are those of a collectivité."""
    pages = Page.objects.filter(owner=agent).order_by("path")
    return {"pages": list(pages.values("title", "url_path", "live", "first_published_at", "last_published_at"))}


def effacer(agent: "Agent") -> None:
    """What this person was writing is free again; the author of a page then reads « Personne effacée »."""
    Page.objects.filter(locked_by=agent).update(locked=False, locked_by=None, locked_at=None)


# Who stands in Wagtail's own rows about a page.
DE_WAGTAIL = [
    (Comment, "resolved_by"),
    (Comment, "user"),
    (CommentReply, "user"),
    (PageSubscription, "user"),
    (TaskState, "finished_by"),
    (WorkflowState, "requested_by"),
]


def fusionner(garde: "Agent", retire: "Agent") -> None:
    Page.objects.filter(owner=retire).update(owner=garde)
    Page.objects.filter(locked_by=retire).update(locked_by=garde)
    Revision.objects.filter(user=retire).update(user=garde)
    for model, holder in DE_WAGTAIL:
        model.objects.filter(**{holder: retire}).update(**{holder: garde})


def restent_du_lieu() -> dict[str, str]:
    return {"home.actualitepage.collectivite": "une actualité parue garde le nom de qui l’a écrite"}


def demo(monde: "Monde") -> None:
    """Kept searches last: they begin with what every area has brought."""
    tell_news(monde)
    keep_some(monde)


def traitements() -> list[Traitement]:
    return TRAITEMENTS

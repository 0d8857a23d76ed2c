"""What the home page says of the resources: what awaits the agent, what is new, the figures of the year."""

from typing import TYPE_CHECKING

from django.contrib.contenttypes.models import ContentType
from django.db.models import Count, Q, QuerySet
from django.urls import reverse
from wagtail.models import Page, WorkflowState

from collectivites.diffusion import TOUTES
from collectivites.models import Agent
from extranet.lib.apports import AFaire, Chiffre, Encart, Lien
from extranet.lib.francais import NBSP, en_lettres, jour
from ressources.enums import GenreEchange
from ressources.lectures import awaiting
from ressources.models import DemandeDocument, Echange, Reprise, RessourcePage, RessourcesPage
from ressources.permissions import can_review
from ressources.rappels import kept_among, kept_by

if TYPE_CHECKING:
    from collectivites.models import Collectivite

AREA, RACINE = "ressources", "/ressources/"
NOUVEAUX, PARTAGES = 4, 5
SHOWN_READINGS = 3


def todo(agent: Agent) -> list[AFaire]:
    """Nine queries at most, whatever awaits."""
    if not agent.codes_lecture:
        return []
    reviews = _reviews(agent)
    return [
        *_to_read(agent),
        *_to_check(agent),
        *_to_answer(agent),
        *(_of_themes(agent) if can_review(agent) else []),
        *_sent_back(reviews["sent_back"]),
        *(_for_responsables(reviews["waiting"]) if can_review(agent) else []),
    ]


def _to_read(agent: Agent) -> list[AFaire]:
    return [
        AFaire(
            titre=f"Lire «{NBSP}{version.fichier.page.title}{NBSP}»",
            url=version.fichier.page.url or RACINE,
            action="Lire",
            icone="file-earmark-text",
            area=AREA,
            detail="On vous demande de dire que vous l’avez lu.",
        )
        for version in awaiting(agent)[:SHOWN_READINGS]
    ]


def _to_check(agent: Agent) -> list[AFaire]:
    pages = list(kept_by(agent).values_list("title", "a_verifier_avant"))
    if not pages:
        return []
    (title, first), number = pages[0], len(pages)
    one = number == 1
    return [
        AFaire(
            titre=f"Vérifier «{NBSP}{title}{NBSP}»" if one else f"Vérifier {en_lettres(number)} documents",
            url=reverse("ressources:verification_list"),
            action="Vérifier",
            icone="calendar-check",
            area=AREA,
            detail="Toujours valable\u00a0? Un clic suffit." if one else f"Le premier, avant le {jour(first)}.",
            avant=first,
        )
    ]


def _to_answer(agent: Agent) -> list[AFaire]:
    """Questions and mistakes told to whoever looks after the sheet, those that `echanges` notifies."""
    asked = Echange.objects.filter(
        page__in=kept_among(RessourcePage.objects.online(), agent).values("pk"),
        genre__in=[GenreEchange.QUESTION, GenreEchange.SIGNALEMENT],
        reponse_a=None,
        traite_le=None,
    ).exclude(auteur=agent)
    waiting = list(asked.select_related("page")[:20])
    if not waiting:
        return []
    pages = {one.page_id: one.page for one in waiting}
    number = len(waiting)
    one_page = next(iter(pages.values()))
    return [
        AFaire(
            titre="Répondre à une question" if number == 1 else f"Répondre à {en_lettres(number, 'f')} questions",
            url=one_page.url or RACINE,
            action="Répondre",
            icone="chat-square-text-fill",
            area=AREA,
            detail=f"Sur «{NBSP}{one_page.title}{NBSP}»" + (" et d’autres documents." if len(pages) > 1 else "."),
        )
    ]


def _of_themes(agent: Agent) -> list[AFaire]:
    """Questions under a theme that nobody has answered: the responsables see to it that somebody does."""
    asked = Echange.objects.filter(theme__isnull=False, reponse_a=None, traite_le=None, reponses=None)
    waiting = list(asked.exclude(auteur=agent).select_related("theme")[:20])
    if not waiting:
        return []
    number, first = len(waiting), waiting[0]
    return [
        AFaire(
            titre="Une question sur un thème"
            if number == 1
            else f"{en_lettres(number, 'f').capitalize()} questions sur des thèmes",
            url=first.adresse,
            action="Répondre",
            icone="question-circle",
            area=AREA,
            detail=f"Sans réponse, sur «{NBSP}{first.theme.nom}{NBSP}»" + (" d’abord." if number > 1 else "."),
        )
    ]


def _sent_back(number: int) -> list[AFaire]:
    if not number:
        return []
    return [
        AFaire(
            titre="Reprendre un document" if number == 1 else f"Reprendre {en_lettres(number)} documents",
            url=f"{RACINE}mes-documents/",
            action="Reprendre",
            icone="reply-fill",
            area=AREA,
            detail="Ils vous sont renvoyés avec un mot." if number > 1 else "Il vous est renvoyé avec un mot.",
        )
    ]


def _for_responsables(waiting: int) -> list[AFaire]:
    """What was proposed, and what was asked for and nobody has given yet."""
    todo = []
    if waiting:
        many = "s" if waiting > 1 else ""
        todo.append(
            AFaire(
                titre=f"{en_lettres(waiting).capitalize()} document{many} à relire",
                url=f"{RACINE}relecture/",
                action="Relire",
                icone="patch-check",
                area=AREA,
                detail="Publiez, ou renvoyez avec un mot.",
            )
        )
    if number := DemandeDocument.objects.open().count():
        many = "s" if number > 1 else ""
        todo.append(
            AFaire(
                titre=f"{en_lettres(number).capitalize()} document{many} demandé{many}",
                url=f"{RACINE}demandes/",
                action="Voir",
                icone="search",
                area=AREA,
                detail="Une mairie cherche ce que personne n’a encore partagé.",
            )
        )
    return todo


def _reviews(agent: Agent) -> dict[str, int]:
    """Among the resources alone: what waits for a reading, what was sent back to this person."""
    kind = ContentType.objects.get_for_model(Page)
    waiting = Q(status=WorkflowState.STATUS_IN_PROGRESS)
    sent_back = Q(status=WorkflowState.STATUS_NEEDS_CHANGES, requested_by=agent)
    reviews = WorkflowState.objects.filter(
        waiting | sent_back,
        base_content_type=kind,
        workflow__workflow_pages__page__in=RessourcesPage.objects.values("pk"),
    )
    return reviews.aggregate(
        waiting=Count("pk", filter=waiting, distinct=True), sent_back=Count("pk", filter=sent_back, distinct=True)
    )


def lines(pages: QuerySet[RessourcePage]) -> list[tuple[RessourcePage, str]]:
    """Each page of a `for_list`, with the kind of its first file; « fiche » for what is read on the screen."""
    return [(page, next((v.extension for f in page.fichiers.all() for v in f.courantes), "fiche")) for page in pages]


def new_documents(agent: Agent) -> Encart:
    pages = RessourcePage.objects.visible_to(agent).filter(remplacee_par=None).for_list()
    return Encart(
        titre="Nouveaux documents",
        gabarit="ressources/_nouveaux.html",
        contexte={"lignes": lines(pages.order_by("-first_published_at", "-pk")[:NOUVEAUX])},
        ordre=40,
        area=AREA,
        tout_voir=Lien("Toutes les ressources", RACINE, area=AREA),
    )


def shared_by(agent: Agent, lecteur: Agent) -> list[Encart]:
    """The documents that this person shared, those that `lecteur` may read."""
    pages = RessourcePage.objects.visible_to(lecteur).filter(Q(owner=agent) | Q(referent=agent))
    found = lines(pages.for_list().order_by("-first_published_at", "-pk")[:PARTAGES])
    if not found:
        return []
    return [Encart("Documents partagés", "ressources/_partages.html", {"lignes": found}, ordre=20, area=AREA)]


def shared_by_place(collectivite: "Collectivite", lecteur: Agent) -> list[Encart]:
    """What a collectivité gave, and what it took from others, as `lecteur` may read them."""
    visible = RessourcePage.objects.visible_to(lecteur)
    given = visible.filter(collectivite=collectivite).for_list().order_by("-first_published_at", "-pk")
    blocks = []
    if found := lines(given[:PARTAGES]):
        more = Lien("Tous ses documents", f"{RACINE}?commune={collectivite.slug}", area=AREA)
        blocks.append(
            Encart("Documents partagés", "ressources/_partages.html", {"lignes": found}, 20, AREA, tout_voir=more)
        )
    used = Reprise.objects.filter(collectivite=collectivite, page__in=visible.exclude(collectivite=collectivite))
    if taken := list(used.select_related("page", "page__collectivite")[:PARTAGES]):
        blocks.append(Encart("Modèles utilisés", "ressources/_utilises.html", {"reprises": taken}, 21, AREA))
    return blocks


def figures(collectivite: "Collectivite", annee: int) -> list[Chiffre]:
    """What everybody may read only: a count must not tell what was shared with a few. Two queries."""
    shared = RessourcePage.objects.filter(collectivite=collectivite, live=True, diffusion__croise={TOUTES})
    number = shared.filter(first_published_at__year=annee).count()
    taken = Reprise.objects.filter(page__in=shared.values("pk"), created_at__year=annee)
    reprises = taken.exclude(collectivite=collectivite).count()
    if not number and not reprises:
        return []
    many = "s" if number > 1 else ""
    detail = f"repris {reprises} fois par d’autres mairies" if reprises else ""
    return [Chiffre(str(number), f"document{many} partagé{many}", detail, area=AREA)]

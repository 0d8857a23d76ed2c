"""« Demander un document » that nobody has shared yet: who is asked, and the answer that closes it for all."""

from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils import timezone

from collectivites.diffusion import TOUTES
from collectivites.journal import record
from collectivites.models import Agent, Expertise
from extranet.lib.francais import NBSP
from notifications.audience import readers_of
from notifications.envoi import notify
from ressources.enums import StatutDemande
from ressources.models import DemandeDocument, RessourcePage, Soutien
from ressources.models.ressource import GENRE
from ressources.rappels import responsables
from ressources.versions import RessourceRefusee
from search.chercher import chercher
from search.lecteur import Lecteur
from search.models import SearchEntry

if TYPE_CHECKING:
    from collectivites.models import Collectivite, Theme

SORTE = "document_demande"
# Enough for one of them to have it, few enough for each to feel asked.
ASKED, PROPOSED = 30, 5


@transaction.atomic
def ask(
    auteur: Agent, collectivite: "Collectivite", *, objet: str, precision: str = "", theme: "Theme | None" = None
) -> DemandeDocument:
    """Tells the responsables, and those who might have it."""
    demande = DemandeDocument.objects.create(
        objet=objet, precision=precision, theme=theme, auteur=auteur, collectivite=collectivite
    )
    told = {agent.pk: agent for agent in [*responsables(), *who_might_have(theme)]}
    notify(
        told.values(),
        SORTE,
        f"{collectivite.nom} cherche «{NBSP}{objet}{NBSP}»",
        url=f"{reverse('ressources:demande_list')}#demande-{demande.pk}",
        texte=precision,
        action="Répondre",
        icone="question-circle",
        visible_par=[TOUTES],
        auteur=auteur,
        cle=f"demande:{demande.pk}",
    )
    return demande


def who_might_have(theme: "Theme | None") -> QuerySet[Agent]:
    """In office: those who say that they know the theme, or have shared documents of it with everybody."""
    if theme is None:
        return Agent.objects.none()
    knows = Expertise.objects.filter(agent=OuterRef("pk"), theme=theme)
    shared = RessourcePage.objects.online().filter(owner=OuterRef("pk"), theme=theme, diffusion__croise={TOUTES})
    return Agent.objects.in_office().filter(Q(Exists(knows)) | Q(Exists(shared))).order_by("pk")[:ASKED]


def second(demande: DemandeDocument, agent: Agent, collectivite: "Collectivite") -> None:
    """« Moi aussi ». Twice is once; who asked first has said it already."""
    if demande.auteur_id != agent.pk and demande.statut == StatutDemande.OUVERTE:
        Soutien.objects.get_or_create(demande=demande, agent=agent, defaults={"collectivite": collectivite})


def askers(demande: DemandeDocument) -> list[Agent]:
    return [demande.auteur, *(one.agent for one in demande.soutiens.select_related("agent"))]


@transaction.atomic
def answer(demande: DemandeDocument, page: RessourcePage, par: Agent, *, reponse: str = "") -> DemandeDocument:
    """Closes it for all who asked, and tells them.

    Raises RessourceRefusee when it is closed already, or when one of them could not open the sheet: closed, their
    request would end without an answer.
    """
    demande = DemandeDocument.objects.select_for_update(of=("self",)).select_related("auteur").get(pk=demande.pk)
    if demande.statut != StatutDemande.OUVERTE:
        raise RessourceRefusee("Cette demande a déjà reçu sa réponse.")
    if why := _why_not_for_all(demande, page):
        raise RessourceRefusee(why)
    _close(demande, StatutDemande.POURVUE, par, reponse=reponse, page=page)
    notify(
        askers(demande),
        SORTE,
        f"On vous a répondu\u00a0: «{NBSP}{page.title}{NBSP}»",
        url=page.url or "",
        texte=reponse or f"Vous cherchiez «{NBSP}{demande.objet}{NBSP}».",
        action="Ouvrir le document",
        icone="check-circle",
        visible_par=page.diffusion,
        objet=page,
        auteur=par,
        cle=f"demande-reponse:{demande.pk}",
    )
    return demande


def _why_not_for_all(demande: DemandeDocument, page: RessourcePage) -> str:
    """Who among those who asked, and are still in office, could not read it; empty when all of them may."""
    asked = Agent.objects.in_office().filter(pk__in=[one.pk for one in askers(demande)])
    deprived = asked.exclude(pk__in=readers_of(page.diffusion).values("pk"))
    number, out = asked.count(), list(deprived[:2])
    if not out:
        return ""
    cure = "Demandez à qui l’a déposé d’élargir ses lecteurs, ou donnez une autre fiche."
    if number == 1:
        return f"{out[0].nom_complet} ne peut pas ouvrir ce document\u00a0: sa diffusion l’exclut. {cure}"
    many = deprived.count()
    cannot = "ne pourra" if many == 1 else "ne pourront"
    return f"{many} des {number}\u00a0personnes qui cherchent {cannot} pas lire ce document. {cure}"


@transaction.atomic
def give_up(demande: DemandeDocument, par: Agent, *, reponse: str) -> None:
    """Closed without a document, with the reason; those who asked are told."""
    demande = DemandeDocument.objects.select_for_update(of=("self",)).select_related("auteur").get(pk=demande.pk)
    if demande.statut != StatutDemande.OUVERTE:
        raise RessourceRefusee("Cette demande a déjà reçu sa réponse.")
    _close(demande, StatutDemande.CLOSE, par, reponse=reponse)
    notify(
        askers(demande),
        SORTE,
        f"Pas de document pour «{NBSP}{demande.objet}{NBSP}»",
        url=f"{reverse('ressources:demande_list')}#demande-{demande.pk}",
        texte=reponse,
        action="Voir la demande",
        icone="dash-circle",
        visible_par=[TOUTES],
        auteur=par,
        cle=f"demande-close:{demande.pk}",
    )


def _close(demande: DemandeDocument, statut: StatutDemande, par: Agent, **fields: object) -> None:
    demande.statut, demande.repondu_le, demande.repondu_par = statut, timezone.now(), par
    for name, value in fields.items():
        setattr(demande, name, value)
    demande.save()
    record(f"demande.{statut}", demande, agent=par, collectivite=demande.collectivite, libelle=demande.objet)


def proposals(demande: DemandeDocument, agent: Agent) -> list[RessourcePage]:
    """Sheets that may be the answer, among those that whoever answers may open."""
    found = chercher(demande.objet, Lecteur.of(agent), genre=GENRE)
    entries = dict(SearchEntry.objects.filter(pk__in=found.rangs[:PROPOSED]).values_list("pk", "objet"))
    pages = RessourcePage.objects.visible_to(agent).filter(pk__in=entries.values()).select_related("collectivite")
    by_pk = {page.pk: page for page in pages}
    return [by_pk[entries[key]] for key in found.rangs[:PROPOSED] if entries.get(key) in by_pk]

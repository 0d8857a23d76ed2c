"""Reviewing what the others deposit: the queue, what was checked, and the two decisions, through Wagtail's workflow."""

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import QuerySet
from wagtail.models import Page, TaskState, WorkflowState
from wagtail.signals import workflow_approved

from collectivites.journal import record
from extranet.lib.feuillets import FEUILLET, unite
from ressources.enums import SERVIS, Analyse, GenreEchange, StatutVersion
from ressources.jumeaux import find_twin
from ressources.models import Echange, RessourcePage, VersionFichier
from ressources.models.echange import CITATION
from ressources.permissions import can_review
from ressources.remarques import Place
from ressources.soumission import check_content, publish_waiting, submitted
from ressources.versions import RessourceRefusee

if TYPE_CHECKING:
    from collectivites.models import Agent, Collectivite

MOTIFS = (
    "Un nom ou un numéro à retirer",
    "Un texte de loi périmé",
    "Un fichier difficile à lire",
    "Déjà partagé par une autre commune",
    "Autre, expliqué ci-dessous",
)
# French mobile numbers, as people write them.
_MOBILE = re.compile(r"(?<!\d)(?:\+33\s?|0)[67](?:[\s.\-]?\d\d){4}(?!\d)")
# Social security numbers: sex, year, month, place…
_NIR = re.compile(r"(?<!\d)[12]\s?\d\d\s?(?:0[1-9]|1[0-2])\s?(?:\d\d|2[AB])\s?\d{3}\s?\d{3}(?:\s?\d\d)?(?!\d)")
TOO_LATE = "Ce document n’attend plus de relecture\u00a0: quelqu’un vient de s’en occuper."


CHANGED = (
    "Ce document a changé pendant que vous le lisiez\u00a0: voici son dernier état. Relisez-le, puis enregistrez votre "
    "décision."
)


@dataclass(frozen=True)
class Controle:
    """One thing that was looked at, in words; `sain`: nothing to say."""

    phrase: str
    sain: bool = True


def awaiting() -> QuerySet[RessourcePage]:
    """Those that await a review, the oldest first."""
    kind = ContentType.objects.get_for_model(RessourcePage)
    states = WorkflowState.objects.filter(content_type=kind, status=WorkflowState.STATUS_IN_PROGRESS)
    ids = [int(pk) for pk in states.order_by("created_at").values_list("object_id", flat=True)]
    return RessourcePage.objects.filter(pk__in=ids).order_by("latest_revision_created_at", "pk")


def sent_back() -> set[int]:
    """Those that their author has to take up again."""
    kind = ContentType.objects.get_for_model(RessourcePage)
    states = WorkflowState.objects.filter(content_type=kind, status=WorkflowState.STATUS_NEEDS_CHANGES)
    return {int(pk) for pk in states.values_list("object_id", flat=True)}


def task_of(page: RessourcePage, agent: "Agent", action: str) -> TaskState:
    """The step that this person may do now. Raises RessourceRefusee."""
    state = page.current_workflow_task_state
    if state is None:
        raise RessourceRefusee(TOO_LATE)
    allowed = {name for name, _, _ in state.task.specific.get_actions(page, agent)}
    if not can_review(agent) or action not in allowed:
        raise RessourceRefusee("La relecture est faite par les responsables des ressources.")
    return state


def shown(page: RessourcePage, versions: list[VersionFichier]) -> str:
    """What is on the screen of its reviewer, to come back with the decision: these words and these versions."""
    return "-".join(str(pk) for pk in [page.latest_revision_id, *(version.pk for version in versions)])


@transaction.atomic
def publish(page: RessourcePage, agent: "Agent", mot: str = "", *, vu: str | None = None) -> None:
    """Online, with the versions that were submitted: `ressources.apps` does that part, however Wagtail was told.

    `vu`: what the screen had `shown`. Raises RessourceRefusee when that is no longer what would be published, and
    when there is nothing to read.
    """
    _decide(page, agent, "approve", mot, vu)


@transaction.atomic
def send_back(page: RessourcePage, agent: "Agent", motif: str, mot: str, *, vu: str | None = None) -> None:
    """To its author, with the reason. What is online stays online. As `publish`, of what was on the screen."""
    _decide(page, agent, "reject", f"{motif}. {mot}".strip() if mot else f"{motif}.", vu)


def _decide(page: RessourcePage, agent: "Agent", action: str, comment: str, vu: str | None) -> None:
    Page.objects.select_for_update().get(pk=page.pk)
    page = RessourcePage.objects.get(pk=page.pk)
    state = task_of(page, agent, action)
    if vu is not None and vu != shown(page, submitted(page)):
        raise RessourceRefusee(CHANGED)
    if action == "approve":
        check_content(page)
    state.task.specific.on_action(state, agent, action, comment=comment)


@transaction.atomic
def note(
    page: RessourcePage,
    agent: "Agent",
    collectivite: "Collectivite | None",
    *,
    texte: str,
    endroit: str = "",
    place: Place | None = None,
) -> Echange:
    """A remark for the author, placed on a paragraph or not. Without words of its own, its place is that page."""
    where: dict[str, object] = {"endroit": endroit}
    if place is not None:
        where = {"endroit": endroit or place.endroit, "version": place.version, "rang": place.rang}
        where["citation"] = place.citation[:CITATION]
    return Echange.objects.create(
        page=page, genre=GenreEchange.RELECTURE, auteur=agent, collectivite=collectivite, texte=texte, **where
    )


def remarks_of(page: RessourcePage) -> QuerySet[Echange]:
    """Those of this round: what was treated is behind."""
    found = page.echanges.filter(genre=GenreEchange.RELECTURE, traite_le=None)
    return found.select_related("auteur", "collectivite")


def withdraw(page: RessourcePage, agent: "Agent") -> None:
    """Its author takes back what was not yet reviewed, to change it."""
    with transaction.atomic():
        Page.objects.select_for_update().get(pk=page.pk)
        state = RessourcePage.objects.get(pk=page.pk).current_workflow_state
        if state is None or state.status != WorkflowState.STATUS_IN_PROGRESS:
            raise RessourceRefusee(TOO_LATE)
        state.cancel(user=agent)
        record("ressource.sortie_de_relecture", page, agent=agent, collectivite=page.collectivite)


def before(version: VersionFichier) -> VersionFichier | None:
    """The published version that it would replace."""
    return version.fichier.versions.filter(statut=StatutVersion.PUBLIEE, numero__lt=version.numero).first()


def controles(version: VersionFichier, agent: "Agent") -> list[Controle]:
    """What the machine looked at for the reviewer, who decides; of a picture without text, nothing about text."""
    if version.examen not in SERVIS:
        return [Controle(f"{version.get_examen_display().capitalize()}\u00a0: le fichier ne s’ouvre pas", sain=False)]
    return [
        Controle("Fichier conforme à son type, sans macro ni programme"),
        *([] if version.is_photo and not version.texte else [_reading(version), *_personal(version)]),
        _twin(version, agent),
    ]


def _reading(version: VersionFichier) -> Controle:
    if version.analyse in {Analyse.LU, Analyse.PARTIEL, Analyse.RECONNU}:
        return Controle("Texte lu, il se trouvera par la recherche")
    if version.analyse == Analyse.SANS_TEXTE:
        return Controle("Sans texte à chercher")
    return Controle(f"{version.get_analyse_display().capitalize()}", sain=False)


def _personal(version: VersionFichier) -> list[Controle]:
    found, one = [], unite(version.extension)
    for pattern, words in ((_MOBILE, "Un numéro de mobile"), (_NIR, "Un numéro de sécurité sociale, semble-t-il")):
        pages = [number for number, page in enumerate(version.texte.split(FEUILLET), 1) if pattern.search(page)]
        if pages:
            where = f"{one} {pages[0]}" if len(pages) == 1 else f"{one}s {', '.join(map(str, pages[:5]))}"
            found.append(Controle(f"{words}, {where}", sain=False))
    return found or [Controle("Ni mobile ni numéro de sécurité sociale dans le texte")]


def _twin(version: VersionFichier, agent: "Agent") -> Controle:
    page = version.fichier.page
    twin = find_twin(agent, sha256=version.sha256, titre=page.title, texte=version.texte, but=page.pk)
    if twin is None:
        return Controle("Aucun autre document ne lui ressemble")
    how = "Le même fichier" if twin.exact else "Un document voisin"
    return Controle(f"{how} existe déjà\u00a0: «\u00a0{twin.version.fichier.page.title}\u00a0»", sain=False)


def publish_reviewed(sender: type, instance: WorkflowState, user: "Agent | None", **kwargs: object) -> None:
    """The files follow their sheet, whether it was accepted here or in Wagtail's admin."""
    page = instance.content_object
    page = page.specific if isinstance(page, Page) else None
    if isinstance(page, RessourcePage):
        publish_waiting(page, par=user)


def connect() -> None:
    workflow_approved.connect(publish_reviewed, dispatch_uid="ressources.publish_reviewed")

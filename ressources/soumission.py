"""From files received to sheets: a page each, a first version, then a draft, a review or a publication."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

from django.core.files import File
from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.text import slugify
from wagtail.models import Page, WorkflowState

from collectivites.journal import record
from extranet.lib.fichiers import why_unreadable
from extranet.lib.stockage import is_full
from ressources.enums import EtatDepot, StatutVersion
from ressources.models import Depot, Fichier, FichierDepose, Photo, RessourcePage, RessourcesPage, VersionFichier
from ressources.models.ressource import ADRESSES_PRISES
from ressources.permissions import can_edit, publishes_at_once
from ressources.versions import Contenu, RessourceRefusee, add_version, publish_version

if TYPE_CHECKING:
    from collectivites.models import Agent, Theme
    from ressources.models import TypeRessource

PLEIN = "Le disque du serveur est plein\u00a0: rien n’a été enregistré. Prévenez l’équipe de l’extranet."


@dataclass(frozen=True)
class Fiche:
    """What a person says of one document: its own words, or the file that it is the next version of."""

    titre: str = ""
    theme: "Theme | None" = None
    type: "TypeRessource | None" = None
    version_de: Fichier | None = None
    # The sheet that gains a file, of which `titre` says what it is.
    ajoute_a: RessourcePage | None = None
    changements: str = ""
    resume: str = ""
    # The file fills itself in.
    modele: bool = False
    # Other fields of the page, as an import gives them.
    autres: Mapping[str, Any] = field(default_factory=dict)
    # What a photo says of itself; empty for a document.
    photo: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Commun:
    """What all the documents of a deposit share."""

    diffusion: tuple[str, ...]
    a_verifier_avant: date | None
    referent: "Agent | None"


@transaction.atomic
def send(
    depot: Depot, fiches: list[tuple[FichierDepose, Fiche]], commun: Commun, *, draft: bool = False
) -> list[RessourcePage]:
    """All the documents of a deposit, or none. `draft`: kept for later, nobody is asked to read them.

    The page of the toolbox is locked first, so that two titles alike at once get two addresses. Raises
    RessourceRefusee; its files are copied, and the copies of what is undone are removed.
    """
    parent = Page.objects.select_for_update().get(pk=RessourcesPage.objects.get().pk)
    depot = Depot.objects.select_for_update().select_related("auteur", "collectivite").get(pk=depot.pk)
    if depot.envoye_le is not None:
        raise RessourceRefusee("Ce dépôt est déjà parti. Retrouvez ses documents dans «\u00a0Mes documents\u00a0».")
    _check(depot, [line for line, _ in fiches])
    _hold([fiche for _, fiche in fiches], draft=draft)
    written: list[VersionFichier] = []
    try:
        pages = [_make(parent, depot, line, fiche, commun, written) for line, fiche in fiches]
    except BaseException as error:
        for version in written:
            version.file.storage.delete(version.file.name)
        if isinstance(error, OSError):
            raise RessourceRefusee(
                PLEIN if is_full(error) else f"Un fichier manque\u00a0: {why_unreadable(error)}."
            ) from error
        raise
    if not draft:
        for page in pages:
            submit(page, depot.auteur)
    _forget_files(depot)
    return pages


def _check(depot: Depot, lines: list[FichierDepose]) -> None:
    if not lines:
        raise RessourceRefusee("Ce dépôt n’a aucun fichier prêt. Déposez-en un, puis envoyez.")
    states = dict(depot.fichiers.values_list("pk", "etat"))
    if any(states.get(line.pk) != EtatDepot.PRET for line in lines):
        raise RessourceRefusee("Ce dépôt vient de changer. Relisez-le, puis envoyez-le.")


def _hold(fiches: list[Fiche], *, draft: bool) -> None:
    """Locks the sheets that gain a file before the file, as a decision on them does. What is being reviewed takes no
    draft: its reviewer would read it.
    """
    pks = {fiche.version_de.page_id for fiche in fiches if fiche.version_de}
    pks |= {fiche.ajoute_a.pk for fiche in fiches if fiche.ajoute_a}
    list(Page.objects.select_for_update().filter(pk__in=pks).order_by("pk").values_list("pk"))
    for page in RessourcePage.objects.filter(pk__in=pks) if draft else ():
        if page.workflow_in_progress:
            raise RessourceRefusee(
                f"«\u00a0{page.draft_title}\u00a0» est en cours de relecture\u00a0: envoyez cette version, ou reprenez "
                "d’abord le document dans «\u00a0Mes documents\u00a0» pour la garder en brouillon."
            )


def _make(
    parent: Page, depot: Depot, line: FichierDepose, fiche: Fiche, commun: Commun, written: list[VersionFichier]
) -> RessourcePage:
    agent = depot.auteur
    page = fiche.version_de.page if fiche.version_de else fiche.ajoute_a
    if page is not None and not can_edit(agent, page):
        raise RessourceRefusee(f"«\u00a0{page.title}\u00a0» ne peut plus recevoir de fichier de votre part.")
    fichier = fiche.version_de or _new_file(page, fiche) if page else None
    if fichier is None:
        fichier = Fichier.objects.create(page=make_page(parent, depot, fiche, commun))
    with line.file.open("rb") as content:
        version = add_version(
            fichier,
            contents(line, content, modele=fiche.modele),
            auteur=agent,
            collectivite=depot.collectivite,
            changements=fiche.changements,
        )
    written.append(version)
    return fichier.page


def _new_file(page: RessourcePage, fiche: Fiche) -> Fichier:
    """After those that the sheet has."""
    last = page.fichiers.aggregate(last=Max("ordre"))["last"]
    return Fichier.objects.create(page=page, nom=fiche.titre[:150], ordre=0 if last is None else last + 1)


def contents(line: FichierDepose, content: File, *, modele: bool = False) -> Contenu:
    return Contenu(
        file=content,
        nom=line.nom,
        sha256=line.sha256,
        taille=line.taille,
        type_reel=line.type_reel,
        pages=line.pages,
        texte=line.texte,
        analyse=line.analyse,
        analyse_motif=line.analyse_motif,
        champs=tuple(line.controle.get("champs", ())) if modele else (),
    )


def make_page(parent: Page, depot: Depot, fiche: Fiche, commun: Commun) -> RessourcePage:
    """A draft, at a free address under `parent`, which is locked."""
    page = RessourcePage(
        title=fiche.titre,
        slug=free_slug(parent, fiche.titre),
        resume=fiche.resume,
        theme=fiche.theme,
        type=fiche.type,
        collectivite=depot.collectivite,
        diffusion=list(commun.diffusion),
        a_verifier_avant=commun.a_verifier_avant,
        referent=commun.referent,
        owner=depot.auteur,
        live=False,
        **fiche.autres,
    )
    # treebeard counts the children on the object it is given: it must be that of the last one added.
    parent.refresh_from_db()
    parent.add_child(instance=page)
    page.save_revision(user=depot.auteur, log_action=True)
    if fiche.photo:
        Photo.objects.create(page=page, **fiche.photo)
    record("ressource.deposee", page, agent=depot.auteur, collectivite=depot.collectivite)
    return page


def free_slug(parent: Page, titre: str) -> str:
    """« reglement-de-la-salle », then « reglement-de-la-salle-2 ». To be asked with `parent` locked."""
    base = slugify(titre)[:200].strip("-") or "document"
    taken = set(parent.get_children().filter(slug__startswith=base).values_list("slug", flat=True)) | ADRESSES_PRISES
    rank, slug = 1, base
    while slug in taken:
        rank += 1
        slug = f"{base}-{rank}"
    return slug


@transaction.atomic
def submit(page: RessourcePage, agent: "Agent") -> bool:
    """Published at once for whom the territory trusts for the collectivité of the sheet, whichever they act for, else
    to be reviewed. True when it is published.

    Asking again for what waits already changes nothing, unless a version came meanwhile: its review begins anew.
    Raises RessourceRefusee when nobody reviews, and for a sheet with nothing to read.
    """
    Page.objects.select_for_update().get(pk=page.pk)
    page = RessourcePage.objects.get(pk=page.pk)
    revision = page.get_latest_revision() or page.save_revision(user=agent)
    check_content(page)
    state = page.current_workflow_state
    if publishes_at_once(agent, page.collectivite):
        if state is not None:
            state.cancel(user=agent)
        revision.publish(user=agent, skip_permission_checks=True)
        publish_waiting(page, par=agent)
        record("ressource.publiee", page, agent=agent, collectivite=page.collectivite)
        return True
    if state is None:
        workflow = page.get_workflow()
        if workflow is None:
            raise RessourceRefusee("Personne ne relit les ressources pour le moment. Prévenez l’équipe de l’extranet.")
        workflow.start(page, agent)
    elif state.status == WorkflowState.STATUS_NEEDS_CHANGES:
        state.resume(user=agent)
    elif page.waiting_versions.filter(created_at__gt=state.current_task_state.started_at).exists():
        state.current_task_state.cancel(user=agent, resume=True)
    return False


def submitted(page: RessourcePage) -> list[VersionFichier]:
    """The version to be read of each file; of a file without any, the one that readers have."""
    found = []
    for fichier in page.fichiers.all():
        version = fichier.versions.exclude(statut=StatutVersion.RETIREE).select_related("auteur").first()
        if version is not None:
            found.append(version)
    return found


def check_content(page: RessourcePage) -> None:
    """Raises RessourceRefusee for a sheet whose readers would find neither a file nor a text."""
    if not submitted(page) and not page.get_latest_revision_as_object().corps:
        raise RessourceRefusee(
            f"«\u00a0{page.draft_title}\u00a0» n’a ni fichier ni texte\u00a0: ses lecteurs n’y trouveraient rien. "
            "Elle ne paraît qu’avec un fichier."
        )


def publish_waiting(page: RessourcePage, *, par: "Agent | None") -> None:
    """Those of `submitted` that readers do not have yet: what their reviewer was shown, and nothing else."""
    for version in submitted(page):
        if version.statut == StatutVersion.A_RELIRE:
            publish_version(version, par=par)


def _forget_files(depot: Depot) -> None:
    """The deposit is done: its lines and their files go once all that is written."""
    files = [(line.file.storage, line.file.name) for line in depot.fichiers.all() if line.file]
    depot.fichiers.all().delete()
    depot.envoye_le = timezone.now()
    depot.save(update_fields=["envoye_le"])
    transaction.on_commit(lambda: [storage.delete(name) for storage, name in files])

"""A thing posted: its sheet and its row together, a draft, then online or to be read by the intercommunalité."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils.text import slugify
from wagtail.models import Page, WorkflowState

from collectivites.diffusion import TOUTES
from collectivites.enums import Domaine
from collectivites.journal import record
from materiel.contrats.textes_libres import rich
from materiel.enums import Mode
from materiel.models import Materiel, MaterielPage, MaterielsPage, ReglagesMateriel, Unite
from materiel.models.page import ADRESSES_PRISES
from materiel.parc import accessoires, photos
from materiel.parc.accessoires import Piece
from materiel.parc.categories import answer
from materiel.parc.lieux import lieux_of
from materiel.refus import PretRefuse

if TYPE_CHECKING:
    from collectivites.models import Agent

EN_RELECTURE = "Cette fiche est en cours de relecture. Reprenez-la avant de la modifier."
COPIES = (
    "preavis_jours",
    "duree_max_jours",
    "tampon_avant",
    "tampon_apres",
    "part_max",
    "conducteur",
    "conducteur_nom",
)
COPIES += ("prise_en_main", "transport", "prix_livraison", "carburant", "consignes", "compteur", "tarif_jour")
COPIES += (
    "tarif_conducteur",
    "cout_jour",
    "valeur_remplacement",
    "caution",
    "accord_direct",
    "collectivite",
    "categorie",
)
COPIES += ("unite", "lieu", "horaires", "contact")


@dataclass(frozen=True)
class Contenu:
    """What its owner says of a thing, beyond the columns of its row. `description` None: left as it is."""

    nom: str
    stock: int = 1
    accroche: str = ""
    description: str | None = ""
    accessoires: list[Piece] = field(default_factory=list)
    numeros: list[str] = field(default_factory=list)
    photos: list[Any] = field(default_factory=list)
    diffusion: tuple[str, ...] = (TOUTES,)


@transaction.atomic
def make(
    materiel: Materiel, contenu: Contenu, agent: "Agent", after: Callable[[Materiel], None] | None = None
) -> Materiel:
    """A draft and its thing. `materiel` is a new row with its owner, its category and its conditions.

    The board is locked first, so that two names alike at once get two addresses. `after` writes what hangs on the row
    (habilitations) before anybody is told.
    """
    parent = Page.objects.select_for_update().get(pk=MaterielsPage.objects.get().pk)
    page = MaterielPage(title=contenu.nom, slug=free_slug(parent, contenu.nom), owner=agent, live=False)
    page.diffusion = list(contenu.diffusion)
    write_words(page, contenu)
    parent.refresh_from_db()
    parent.add_child(instance=page)
    materiel.page = page
    materiel.stock, materiel.mode = count_of(contenu, Mode.UNIQUE)
    materiel.save()
    if after is not None:
        after(materiel)
    accessoires.write(materiel, contenu.accessoires)
    write_units(materiel, contenu.numeros)
    page.save_revision(user=agent, log_action=True)
    record("materiel.propose", materiel, agent=agent, collectivite=materiel.collectivite)
    return materiel


@transaction.atomic
def hang(page: MaterielPage, saisie: dict[str, Any], agent: "Agent") -> Materiel:
    """The thing beside a sheet that the admin has just written, with what its category answers."""
    materiel = Materiel(page=page, **saisie)
    materiel.mode = Mode.LOT if materiel.stock > 1 else Mode.UNIQUE
    answer(materiel)
    materiel.lieu = lieux_of(materiel.collectivite)[0]
    materiel.save()
    if materiel.categorie.habilitation_id:
        materiel.habilitations.add(materiel.categorie.habilitation_id)
    record("materiel.propose", materiel, agent=agent, collectivite=materiel.collectivite)
    return materiel


def write_words(page: MaterielPage, contenu: Contenu) -> None:
    """On the page in memory."""
    page.title, page.accroche = contenu.nom, contenu.accroche
    if contenu.description is not None:
        page.corps = rich(contenu.description)
    photos.show(page, contenu.photos)


def count_of(contenu: Contenu, mode: str) -> tuple[int, Mode]:
    """How many, and how they are counted: numbered, they are a fleet; what was a lot remains one."""
    if contenu.numeros:
        return len(contenu.numeros), Mode.PARC
    return contenu.stock, Mode.LOT if contenu.stock > 1 or mode == Mode.LOT else Mode.UNIQUE


def write_units(materiel: Materiel, numeros: list[str]) -> bool:
    """The units in service have these numbers; one that was lent is kept, out of service. True when one changed."""
    known = {one.numero: one for one in materiel.numeros.all()}
    before = {one.numero for one in known.values() if one.en_service}
    for numero in numeros:
        if numero not in known:
            Unite.objects.create(materiel=materiel, numero=numero)
        elif not known[numero].en_service:
            materiel.numeros.filter(numero=numero).update(en_service=True)
    gone = materiel.numeros.filter(numero__in=before - set(numeros))
    gone.filter(affectations=None).delete()
    gone.update(en_service=False)
    return before != set(numeros)


def free_slug(parent: Page, nom: str) -> str:
    """« mini-pelle », then « mini-pelle-2 ». To be asked with `parent` locked."""
    base = slugify(nom)[:200].strip("-") or "materiel"
    if base.isdecimal():
        base = f"materiel-{base}"
    taken = set(parent.get_children().filter(slug__startswith=base).values_list("slug", flat=True)) | ADRESSES_PRISES
    rank, slug = 1, base
    while slug in taken:
        rank += 1
        slug = f"{base}-{rank}"
    return slug


def is_reviewed(agent: "Agent") -> bool:
    """Whether what this person posts for the first time awaits the intercommunalité."""
    return ReglagesMateriel.load().relecture and not agent.answers_for(Domaine.MATERIEL)


@transaction.atomic
def publish(materiel: Materiel, agent: "Agent") -> bool:
    """Online at once, or to be read first. True when it is online. What was online once is not read again.

    Raises PretRefuse when nobody reads.
    """
    Page.objects.select_for_update().get(pk=materiel.page_id)
    page = MaterielPage.objects.get(pk=materiel.page_id)
    state = page.current_workflow_state
    if page.first_published_at is None and is_reviewed(agent):
        _ask_review(page, state, agent)
        return False
    if state is not None:
        state.cancel(user=agent)
    revision = page.get_latest_revision() or page.save_revision(user=agent)
    new = page.first_published_at is None
    revision.publish(user=agent, skip_permission_checks=True)
    if new:
        record("materiel.publie", materiel, agent=agent, collectivite=materiel.collectivite)
    return True


def _ask_review(page: MaterielPage, state: WorkflowState | None, agent: "Agent") -> None:
    if state is None:
        workflow = page.get_workflow()
        if workflow is None:
            raise PretRefuse("Personne ne relit le matériel pour le moment. Prévenez l’équipe de l’extranet.")
        workflow.start(page, agent)
    elif state.status == WorkflowState.STATUS_NEEDS_CHANGES:
        state.resume(user=agent)


@transaction.atomic
def take_back(materiel: Materiel, agent: "Agent") -> None:
    """Out of the review, to be changed; twice is once."""
    Page.objects.select_for_update().get(pk=materiel.page_id)
    state = MaterielPage.objects.get(pk=materiel.page_id).current_workflow_state
    if state is not None:
        state.cancel(user=agent)
        record("materiel.sorti_de_relecture", materiel, agent=agent, collectivite=materiel.collectivite)


def is_read(page: MaterielPage) -> bool:
    """Somebody is asked to read it now."""
    state = page.current_workflow_state
    return state is not None and state.status == WorkflowState.STATUS_IN_PROGRESS


def why_sent_back(page: MaterielPage) -> str:
    """The word of whoever read it and sent it back; empty otherwise."""
    state = page.current_workflow_state
    if state is None or state.status != WorkflowState.STATUS_NEEDS_CHANGES or state.current_task_state is None:
        return ""
    return state.current_task_state.specific.get_comment()


@transaction.atomic
def copy(materiel: Materiel, agent: "Agent") -> Materiel:
    """A draft with the same words, conditions and accessories: « Barnum 3 × 3 m (copie) ». Neither stock nor papers."""
    source = materiel.page.get_latest_revision_as_object()
    new = Materiel(**{name: getattr(materiel, name) for name in COPIES})
    contenu = Contenu(
        nom=f"{source.title[:110]} (copie)",
        accroche=source.accroche,
        description=None,
        accessoires=[Piece(one.nom, one.nombre, one.valeur) for one in materiel.accessoires.all()],
        photos=photos.photos_of(source),
        diffusion=tuple(source.diffusion),
    )
    made = make(new, contenu, agent, after=lambda row: row.habilitations.set(materiel.habilitations.all()))
    made.page.corps = source.corps
    made.page.save()
    made.page.save_revision(user=agent)
    return made

"""Acts on a thing that is there: its words and conditions, its count, whether it is lent, who owns it."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from django.db import transaction
from wagtail.models import Page

from collectivites.journal import record
from extranet.lib.francais import en_lettres
from materiel import annonces, registre
from materiel.enums import EN_COURS, TENUS, Mode, Nature, StatutMateriel, StatutProposition
from materiel.models import Categorie, Engagement, Materiel, MaterielPage, Pret
from materiel.parc import accessoires
from materiel.parc.propositions import EN_RELECTURE, Contenu, count_of, is_read, publish, write_units, write_words
from materiel.refus import PretRefuse
from materiel.registre.repos import shorten_rests

if TYPE_CHECKING:
    from collectivites.models import Agent, Collectivite

CHANGED = (
    "Cette fiche a été modifiée pendant que vous l’aviez sous les yeux. Relisez-la dans un autre onglet, puis "
    "enregistrez de nouveau pour garder votre version."
)


@transaction.atomic
def edit(
    materiel: Materiel,
    contenu: Contenu,
    agent: "Agent",
    *,
    champs: list[str],
    base: str,
    online: bool,
    after: Callable[[], None] | None = None,
) -> bool:
    """Writes `champs` of `materiel` (already set on it) and its sheet. `base`: the revision that was on the screen.
    `after` writes what hangs on the row (habilitations).

    `online`: readers see it at once; else it stays what it was. True when they do. Raises PretRefuse: an old tab, a
    review under way, fewer units than are promised. Nothing is written then.
    """
    Page.objects.select_for_update().get(pk=materiel.page_id)
    page = MaterielPage.objects.get(pk=materiel.page_id)
    if is_read(page):
        raise PretRefuse(EN_RELECTURE)
    if base != str(page.latest_revision_id or ""):
        raise PretRefuse(CHANGED)
    if "tampon_apres" in champs:
        shorten_rests(materiel, materiel.tampon_apres)
    recount(materiel, contenu, agent)
    if champs:
        materiel.save(update_fields=champs)
    if "tampon_apres" in champs:
        # A paper that ends closes the thing after the days kept for itself.
        registre.close_expired(materiel)
    if after is not None:
        after()
    accessoires.write(materiel, contenu.accessoires)
    draft = page.get_latest_revision_as_object()
    write_words(draft, contenu)
    if not page.live:
        draft.save(clean=False)
    draft.save_revision(user=agent, log_action=True)
    record("materiel.modifie", materiel, agent=agent, collectivite=materiel.collectivite, champs=sorted(champs))
    return publish(materiel, agent) if online else False


def recategorise(materiel: Materiel, categorie: Categorie, agent: "Agent") -> None:
    """Another category; its conditions stay those of the thing."""
    if materiel.categorie_id == categorie.pk:
        return
    materiel.categorie = categorie
    materiel.save(update_fields=["categorie"])
    record("materiel.modifie", materiel, agent=agent, collectivite=materiel.collectivite, champs=["categorie"])


@transaction.atomic
def recount(materiel: Materiel, contenu: Contenu, agent: "Agent") -> None:
    """Another number of units, through the ledger. Raises StockPromis, naming the day and how many are promised."""
    stock, mode = count_of(contenu, materiel.mode)
    before = materiel.stock
    if mode != Mode.UNIQUE and mode != materiel.mode:
        Materiel.objects.filter(pk=materiel.pk).update(mode=mode)
        materiel.mode = mode
    write_units(materiel, contenu.numeros)
    if stock == before:
        return
    registre.change_stock(materiel, stock)
    record("materiel.recompte", materiel, agent=agent, collectivite=materiel.collectivite, avant=before, apres=stock)


def most_taken(materiel: Materiel) -> int:
    """The most units promised on a half-day to come, closings for papers left out."""
    held = Engagement.objects.held().filter(materiel=materiel, fin__gte=registre.now_index())
    spans = list(held.exclude(nature=Nature.PAPIER).values_list("debut", "fin", "quantite"))
    return max((sum(q for debut, fin, q in spans if debut <= first <= fin) for first, _, _ in spans), default=0)


@transaction.atomic
def change_statut(materiel: Materiel, statut: StatutMateriel, agent: "Agent", motif: str) -> None:
    """Withdrawn, put back or archived. Loans under way go on, so that what is out cannot be archived. Twice is once.

    Raises PretRefuse.
    """
    found = registre.lock(materiel.pk)[materiel.pk]
    if found.statut == statut:
        return
    if statut == StatutMateriel.ARCHIVE:
        _refuse_while_lent(found, "l’archiver")
    found.statut = materiel.statut = statut
    found.save(update_fields=["statut"])
    record(f"materiel.{statut}", found, agent=agent, collectivite=found.collectivite, motif=motif)


@transaction.atomic
def transfer(materiel: Materiel, receveur: "Collectivite", agent: "Agent", motif: str) -> None:
    """To another collectivité, with its sheet, its papers and the dates kept; what was lent before stays the former's.

    Raises PretRefuse while a loan is under way, which binds the former owner.
    """
    found = registre.lock(materiel.pk)[materiel.pk]
    before = found.collectivite
    if before == receveur:
        raise PretRefuse(f"« {found.nom} » est déjà {receveur.a_nom}. Choisissez une autre collectivité.")
    _refuse_while_lent(found, "le transférer", pending=True)
    _refuse_while_proposed(found)
    found.collectivite, found.lieu, found.horaires = receveur, "", ""
    found.contact = found.conducteur_nom = None
    found.save(update_fields=["collectivite", "lieu", "horaires", "contact", "conducteur_nom"])
    for place in (before, receveur):
        record("materiel.transfere", found, agent=agent, collectivite=place, motif=motif, de=before.nom, a=receveur.nom)
    materiel.refresh_from_db()
    annonces.transferred(materiel, before, agent, motif)


def _refuse_while_lent(materiel: Materiel, verb: str, *, pending: bool = False) -> None:
    """`pending`: what is only asked counts too."""
    number = Pret.objects.filter(materiel=materiel, statut__in=EN_COURS if pending else TENUS).count()
    if number:
        what = "Un prêt est en cours" if number == 1 else f"{en_lettres(number).capitalize()} prêts sont en cours"
        what = what.replace("en cours", "en cours ou demandés" if pending and number > 1 else "en cours")
        raise PretRefuse(f"{what} : attendez leur retour ou annulez-les avant de {verb}.")


def _refuse_while_proposed(materiel: Materiel) -> None:
    """Proposed in answer to a loan of another thing, and held for it: agreed upon, its former owner would lend it."""
    found = Pret.objects.filter(
        propositions__materiel=materiel, propositions__statut=StatutProposition.EN_ATTENTE, statut__in=EN_COURS
    ).first()
    if found is not None:
        raise PretRefuse(
            f"« {materiel.nom} » est proposé pour le prêt n° {found.numero} : attendez la réponse, ou proposez-y autre "
            "chose avant de le transférer."
        )

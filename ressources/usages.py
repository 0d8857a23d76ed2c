"""What readers do with a document: take it, keep it, say what it was worth, say that their commune uses it."""

from typing import TYPE_CHECKING

from django.core.files import File
from django.db import transaction
from django.utils import timezone

from collectivites.journal import record
from extranet.lib.stockage import store
from ressources.enums import Examen
from ressources.models import Avis, Favori, Reprise, RessourcePage, Telechargement, VersionFichier
from ressources.versions import quarantined

if TYPE_CHECKING:
    from collectivites.models import Agent, Collectivite


def log_copy(
    version: VersionFichier, agent: "Agent", collectivite: "Collectivite | None", *, rempli: bool = False
) -> None:
    """Once a day for a version, a person and a collectivité, filled or blank. A draft that its author opens is no copy.

    Who takes a file of a sheet that another replaces has just been told so on that sheet.
    """
    if collectivite is not None and version.is_served:
        told = timezone.now() if version.fichier.page.remplacee_par_id else None
        who = {"version": version, "agent": agent, "collectivite": collectivite}
        row = Telechargement(**who, rempli=rempli, prevenu_le=told)
        Telechargement.objects.bulk_create([row], ignore_conflicts=True)
        if rempli:
            Telechargement.objects.filter(**who, jour=row.jour, rempli=False).update(rempli=True)


def keep(page: RessourcePage, agent: "Agent", note: str = "") -> Favori:
    return Favori.objects.update_or_create(page=page, agent=agent, defaults={"note": note})[0]


def let_go(page: RessourcePage, agent: "Agent") -> None:
    Favori.objects.filter(page=page, agent=agent).delete()


def judge(page: RessourcePage, agent: "Agent", *, utile: bool) -> None:
    """The last word counts."""
    Avis.objects.update_or_create(page=page, agent=agent, defaults={"utile": utile})


@transaction.atomic
def take_up(
    page: RessourcePage,
    agent: "Agent",
    collectivite: "Collectivite",
    *,
    mot: str = "",
    telephone: str = "",
    acte: File | None = None,
) -> Reprise:
    """« Ma commune l’utilise »: said once for a collectivité; said again, the new words replace the old ones.

    An act already given stays unless another comes, which nobody is given before the antivirus, if any, has seen it.
    Raises OSError when the disk refuses the act.
    """
    reprise = Reprise.objects.select_for_update().filter(page=page, collectivite=collectivite).first()
    reprise = reprise or Reprise(page=page, collectivite=collectivite)
    reprise.agent, reprise.mot, reprise.telephone = agent, mot, telephone
    if acte is not None:
        before = reprise.acte.name
        reprise.acte_nom, reprise.examen = acte.name, quarantined(Examen.SANS)
        store(reprise.acte, acte, acte.name.rpartition(".")[2].lower())
        if before:
            transaction.on_commit(lambda: reprise.acte.storage.delete(before))
    reprise.save()
    record("ressource.reprise_dite", page, agent=agent, collectivite=collectivite, libelle=page.title)
    return reprise


@transaction.atomic
def drop_use(page: RessourcePage, collectivite: "Collectivite", agent: "Agent") -> None:
    """« Ma commune ne l’utilise plus »; its act goes with it."""
    for reprise in Reprise.objects.select_for_update().filter(page=page, collectivite=collectivite):
        name, storage = reprise.acte.name, reprise.acte.storage
        reprise.delete()
        if name:
            transaction.on_commit(lambda name=name, storage=storage: storage.delete(name))
        record("ressource.reprise_retiree", page, agent=agent, collectivite=collectivite, libelle=page.title)

"""« Votre copie est périmée »: who took a version that was replaced or withdrawn is told, once.

What somebody holds of a file is what they took last. Each version taken is told of once: a third version does not come
back to who was told of the second and left it. Who was told of a withdrawal, and of nothing to take instead, is told
once more when that comes: another version, or another sheet. An archived sheet is told of when it is archived.
"""

from dataclasses import dataclass

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from collectivites.models import Agent
from extranet.lib.francais import NBSP, jour
from notifications.audience import readers_of
from notifications.envoi import notify
from ressources.enums import StatutVersion
from ressources.models import RessourcePage, Telechargement, VersionFichier

SORTE = "copie_perimee"
# What an address of a notification may hold.
ADRESSE_MAX = 500


@dataclass(frozen=True)
class Nouvelle:
    """What is told of a version that somebody holds."""

    titre: str
    texte: str
    url: str
    action: str
    # Tells apart what is told of the same version at two times.
    cle: str = ""


def stale() -> QuerySet[Telechargement]:
    """The last copies that agents in office hold, no longer to be used, of which something is still to be told."""
    same = {"agent": OuterRef("agent"), "version__fichier": OuterRef("version__fichier")}
    newer = Telechargement.objects.filter(**same, pk__gt=OuterRef("pk"))
    current = VersionFichier.objects.current().filter(fichier=OuterRef("version__fichier")).values("numero")[:1]
    withdrawn = Q(version__statut=StatutVersion.RETIREE)
    replaced = Q(version__fichier__page__remplacee_par__isnull=False)
    rows = Telechargement.objects.filter(version__fichier__page__live=True).annotate(courante=Subquery(current))
    untold = Q(prevenu_le=None) & (withdrawn | replaced | Q(courante__gt=F("version__numero")))
    again = Q(prevenu_le__isnull=False) & withdrawn & (_came_since() | _led_elsewhere_since(replaced))
    return rows.filter(untold | again).filter(~Exists(newer), agent__in=Agent.objects.in_office())


def _came_since() -> Q:
    """A later version came after what was told, and none had come before."""
    later = VersionFichier.objects.filter(fichier=OuterRef("version__fichier"), numero__gt=OuterRef("version__numero"))
    known = later.filter(publiee_le__lte=OuterRef("prevenu_le"))
    return Q(courante__gt=F("version__numero")) & Q(~Exists(known))


def _led_elsewhere_since(replaced: Q) -> Q:
    """The sheet that names another was published after what was told."""
    return replaced & Q(version__fichier__page__last_published_at__gt=F("prevenu_le"))


def tell_holders() -> int:
    """Tells the holders of each stale version who may still see its resource. Returns how many people were told."""
    return sum(_tell(pk) for pk in stale().order_by("version").values_list("version", flat=True).distinct())


@transaction.atomic
def _tell(version_id: int) -> int:
    version = VersionFichier.objects.select_related("fichier__page").defer("texte").get(pk=version_id)
    page = version.fichier.page
    if not RessourcePage.objects.online().filter(pk=page.pk).exists():
        return 0
    holders = stale().filter(version=version, agent__in=readers_of(page.diffusion)).select_related("agent")
    agents = {row.agent_id: row.agent for row in holders}
    if not agents:
        return 0
    news = news_of(version)
    told = notify(
        agents.values(),
        SORTE,
        news.titre,
        url=news.url,
        texte=news.texte,
        action=news.action,
        icone="arrow-repeat",
        visible_par=page.diffusion,
        objet=page,
        cle=f"copie:{version.pk}:{news.cle}" if news.cle else f"copie:{version.pk}",
    )
    older = Telechargement.objects.filter(agent__in=agents, version__fichier=version.fichier_id)
    older.filter(version__numero__lte=version.numero).update(prevenu_le=timezone.now())
    return told


def tell_archived(page: RessourcePage, par: Agent, motif: str) -> int:
    """Tells all who hold a copy of a sheet that has just left the lists, and might read it until then.

    It leads nowhere: they can no longer open the sheet. It is not told as about the sheet either, of which every
    notification leaves the inboxes. Brought back, the sheet tells again what becomes of its files.
    """
    taken = Telechargement.objects.filter(version__fichier__page=page, agent=OuterRef("pk"))
    why = f"{NBSP}: {motif.strip().rstrip('.')}." if motif.strip() else "."
    words = [f"Ce document a été archivé le {jour(timezone.localdate(page.archivee_le))}{why}"]
    if page.remplacee_par_id:
        words.append("Un autre document le remplace.")
    return notify(
        readers_of(page.diffusion).filter(Exists(taken)),
        SORTE,
        f"Votre copie de «{NBSP}{page.title}{NBSP}» n’est plus tenue à jour",
        texte=" ".join(words),
        icone="archive",
        visible_par=page.diffusion,
        auteur=par,
        cle=f"copie-archive:{page.pk}:{page.archivee_le:%Y%m%d%H%M%S}",
    )


def news_of(held: VersionFichier) -> Nouvelle:
    """What became of the version that is held, and which one to take now. Two queries at most."""
    page = held.fichier.page
    if page.remplacee_par_id:
        return _elsewhere(held)
    current = VersionFichier.objects.current().filter(fichier=held.fichier_id).defer("texte").first()
    withdrawn = held.statut == StatutVersion.RETIREE
    what = "a été retirée" if withdrawn else "est remplacée"
    titre = f"Votre copie de «{NBSP}{_name(held)}{NBSP}» {what}"
    words = [_withdrawal(held)] if withdrawn else []
    if current is None:
        words.append("Ne l’utilisez plus. Aucune autre version ne la remplace pour l’instant.")
        return Nouvelle(titre, " ".join(words), page.url or "", "Ouvrir la fiche")
    words.append(_replacement(held, current))
    url, cle = current.get_absolute_url(), f"{current.pk}" if withdrawn else ""
    if len(url) > ADRESSE_MAX:
        return Nouvelle(titre, " ".join(words), page.url or "", "Ouvrir la fiche", cle)
    return Nouvelle(titre, " ".join(words), url, f"Prendre la version{NBSP}{current.numero}", cle)


def _elsewhere(held: VersionFichier) -> Nouvelle:
    """Another sheet replaces this one. It is not named here: who holds the copy may not be among its readers."""
    return Nouvelle(
        f"Votre copie de «{NBSP}{_name(held)}{NBSP}» est remplacée",
        "Un autre document la remplace. La fiche de celui que vous avez y mène.",
        held.fichier.page.url or "",
        "Voir ce qui le remplace",
        f"vers:{held.fichier.page.remplacee_par_id}",
    )


def _name(held: VersionFichier) -> str:
    """The title of the sheet, and which of its files when it has several."""
    page, nom = held.fichier.page, held.fichier.nom
    return f"{page.title}, {nom}" if nom else page.title


def _withdrawal(held: VersionFichier) -> str:
    why = f"{NBSP}: {held.motif_retrait.strip().rstrip('.')}." if held.motif_retrait.strip() else "."
    return f"La version{NBSP}{held.numero} a été retirée le {jour(timezone.localdate(held.retiree_le))}{why}"


def _replacement(held: VersionFichier, current: VersionFichier) -> str:
    """« Prenez la version 3. Ce qui change : … (version 2) ; … (version 3). »"""
    if current.numero < held.numero:
        return f"La version{NBSP}{current.numero} est de nouveau celle à utiliser."
    between = VersionFichier.objects.published().filter(
        fichier=held.fichier_id, numero__gt=held.numero, numero__lte=current.numero
    )
    changes = list(between.exclude(changements="").order_by("numero").values_list("numero", "changements"))
    begin = f"Vous avez la version{NBSP}{held.numero}, la version{NBSP}{current.numero} la remplace."
    if not changes:
        return begin
    several = len(changes) > 1
    said = [f"{text.strip().rstrip('.')}{f' (version{NBSP}{numero})' if several else ''}" for numero, text in changes]
    return f"{begin} Ce qui change{NBSP}: {f'{NBSP}; '.join(said)}."

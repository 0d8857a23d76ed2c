"""« contenu.txt »: what an archive holds, file by file, read with any programme and kept with the files."""

from typing import TYPE_CHECKING

from django.utils import timezone

from extranet.lib.francais import NBSP
from ressources.models import Lot, RessourcePage, VersionFichier
from ressources.phototheque.droits import credit_of, usage_of

if TYPE_CHECKING:
    from collections.abc import Sequence

NOM = "contenu.txt"
# What Windows' Notepad and old spreadsheets want.
SIGNE, FIN_DE_LIGNE = "\ufeff", "\r\n"


class Contenu:
    """Its words for the versions of a lot. `versions` come with their sheet, its collectivité and its photo. One query.

    Every word that may be there is made before the archive begins: a shorter list is never a longer text.
    """

    def __init__(self, lot: Lot, versions: "Sequence[VersionFichier]", site: str) -> None:
        self.lot, self.site = lot, site
        current = VersionFichier.objects.current().filter(fichier__in={one.fichier_id for one in versions})
        newest = dict(current.values_list("fichier", "numero"))
        self.lignes = [self._lines(one, newest.get(one.fichier_id, one.numero)) for one in versions]

    def of(self, given: list[tuple[str, int]], laisses: int) -> bytes:
        """`given`: the name in the archive and the rank of each version. `laisses`: how many were left out."""
        number = len(given)
        day = timezone.localtime(self.lot.created_at)
        lines = [
            self.lot.titre,
            f"{number} fichier{'s' if number > 1 else ''}, {day:%d/%m/%Y}.",
            *([_left_out(laisses)] if laisses else []),
            "Vous serez prévenu·e si l’un d’eux est remplacé ou retiré.",
            "",
        ]
        for chemin, rang in given:
            lines += [chemin, *self.lignes[rang], ""]
        return (SIGNE + FIN_DE_LIGNE.join(lines)).replace(NBSP, " ").encode()

    def _lines(self, version: VersionFichier, newest: int) -> list[str]:
        page: RessourcePage = version.fichier.page
        published = timezone.localtime(version.publiee_le)
        stale = f" - DÉPASSÉE{NBSP}: la version {newest} est en ligne" if newest > version.numero else ""
        return [
            f"  {page.title} ({page.collectivite.nom})",
            f"  Version {version.numero} du {published:%d/%m/%Y}{stale} - {page.fiabilite.label}",
            *_rights(page),
            f"  {self.site}{page.adresse}",
        ]


def _rights(page: RessourcePage) -> list[str]:
    """The credit to be written, the licence, and of a photo where, when, until when those on it agree. No query."""
    photo = getattr(page, "photo", None)
    licence = page.get_licence_display()
    lines = [f"  Crédit{NBSP}: {credit_of(page)}", f"  Droits{NBSP}: {licence}"]
    if photo is None:
        return lines
    place = ", ".join(filter(None, [photo.lieu, (photo.collectivite or page.collectivite).nom]))
    taken = f", prise le {photo.prise_le:%d/%m/%Y}" if photo.prise_le else ""
    lines.append(f"  Lieu{NBSP}: {place}{taken}")
    if photo.accord_fin:
        # Whatever its licence lets others do, it does not leave the extranet.
        who = photo.get_personnes_display()
        lines.append(
            f"  Personnes{NBSP}: {who}, accord jusqu’au {photo.accord_fin:%d/%m/%Y}{NBSP}; "
            "elle ne se donne à personne d’autre."
        )
    else:
        lines[1] += f". {usage_of(page)}"
    return lines


def _left_out(number: int) -> str:
    many = number > 1
    return (
        f"{number} fichier{'s' if many else ''} demandé{'s' if many else ''} {'ne sont' if many else 'n’est'} pas là"
        f"{NBSP}: au moment du téléchargement, {'ils n’étaient plus' if many else 'il n’était plus'} à prendre."
    )

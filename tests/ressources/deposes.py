"""Depositing, as the page does it."""

import re
import uuid
from pathlib import Path

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models.fields.files import FieldFile
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from extranet.lib.stockage import stockage_prive
from ressources.models import Depot, FichierDepose
from tests.fichiers.documents import pdf

REGLEMENT = """= Règlement de la salle des fêtes
La salle des fêtes est louée aux associations et aux habitants de la commune. La location est demandée en mairie.

La salle est rendue propre avant huit heures le lendemain. La caution est rendue après l’état des lieux.

Les manifestations finissent à deux heures du matin.
"""


def reglement(change: str = "", title: str = "Règlement de la salle des fêtes") -> bytes:
    return pdf(REGLEMENT.replace("Règlement de la salle des fêtes", title) + change, title=title)


class Deposant:
    """Somebody in front of « Déposer un document »."""

    def __init__(self, client: Client, key: uuid.UUID | None = None) -> None:
        self.client = client
        self.key = key or uuid.uuid4()

    @property
    def page(self) -> str:
        return reverse("ressources:depot", args=[self.key])

    def drop(self, nom: str, contenu: bytes, *, whole: bool = True, script: bool = True) -> HttpResponse:
        """One file, as the script of the page sends it."""
        data = {"fichiers": SimpleUploadedFile(nom, contenu), **({"fin": "1"} if whole else {})}
        headers = {"HX-Request": "true"} if script else {}
        return self.client.post(reverse("ressources:fichier_create", args=[self.key]), data, headers=headers)

    @property
    def lines(self) -> list[FichierDepose]:
        return list(FichierDepose.objects.filter(depot=self.key))

    def answers(self, **more: object) -> dict[str, object]:
        """The form as the page shows it, untouched."""
        html = self.client.get(self.page).content.decode()
        found = {"cle_unique": re.search(r'name="cle_unique" value="([^"]+)"', html)[1]}
        for line in self.lines:
            if line.etat == "pret":
                found |= {
                    f"f{line.pk}-titre": line.titre_propose,
                    f"f{line.pk}-theme": line.theme_propose_id or "",
                    f"f{line.pk}-type": line.type_propose_id or "",
                }
                if f'name="f{line.pk}-jumeau"' in html:
                    found[f"f{line.pk}-jumeau"] = "version"
        day = re.search(r'name="a_verifier_avant" value="([^"]+)"', html)
        found |= {"qui": "toutes", "a_verifier_avant": day[1] if day else ""}
        return found | {"referent": Depot.objects.get(pk=self.key).auteur_id} | more

    def send(self, **more: object) -> HttpResponse:
        return self.client.post(self.page, self.answers(**more))


def files_on_disk() -> set[str]:
    root = Path(stockage_prive().location)
    return {str(path.relative_to(root)) for path in root.rglob("*") if path.is_file()}


def bytes_of(fichier: FieldFile) -> bytes:
    with fichier.open("rb") as content:
        return content.read()

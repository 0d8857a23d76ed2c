"""What is not kept, and what must be."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.utils import timezone

from extranet.lib.stockage import stockage_prive
from ressources.enums import EtatDepot
from ressources.menage import purge_deposits, purge_log, sweep_arrivals, sweep_orphans
from ressources.models import Depot, FichierDepose, Reprise, Telechargement
from tests.distribution import Distribution
from tests.ressources.factories import PDF, make_ressource

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own_folder(settings: object, tmp_path: object) -> None:
    settings.MEDIA_ROOT = str(tmp_path)


def deposit(cast: Distribution, days: int) -> FichierDepose:
    depot = Depot.objects.create(auteur=cast.agent_a, collectivite=cast.a)
    Depot.objects.filter(pk=depot.pk).update(created_at=timezone.now() - timedelta(days=days))
    return FichierDepose.objects.create(
        depot=depot, nom="a.pdf", file=ContentFile(PDF, "a.pdf"), taille=len(PDF), etat=EtatDepot.PRET
    )


def test_the_log_is_kept_twelve_months(distribution: Distribution):
    version = make_ressource().fichiers.get().versions.get()
    for days in (0, 365, 366, 367):
        Telechargement.objects.create(
            version=version,
            agent=distribution.agent_a,
            collectivite=distribution.a,
            jour=timezone.localdate() - timedelta(days=days),
        )
    assert purge_log() == 1
    assert Telechargement.objects.count() == 3


def test_a_deposit_left_in_the_middle_is_forgotten_with_its_file(distribution: Distribution):
    old, recent = deposit(distribution, 31), deposit(distribution, 29)
    purge_deposits()
    assert FichierDepose.objects.get() == recent
    tomorrow = timezone.now() + timedelta(days=2)
    assert sweep_orphans(tomorrow) == 1
    storage = stockage_prive()
    assert not storage.exists(old.file.name)
    assert storage.exists(recent.file.name)


def test_only_what_no_row_names_and_that_is_not_of_today(distribution: Distribution):
    storage = stockage_prive()
    page = make_ressource(fichiers=2)
    Reprise.objects.create(
        page=page, collectivite=distribution.a, agent=distribution.agent_a, acte=ContentFile(PDF, "x.pdf"), acte_nom="x"
    )
    kept = [version.file.name for fichier in page.fichiers.all() for version in fichier.versions.all()]
    lost = [storage.save(name, ContentFile(PDF)) for name in ("ressources/2026/01/perdu.pdf", "depots/202601/p.pdf")]
    elsewhere = storage.save("documents/autre.pdf", ContentFile(PDF))
    assert sweep_orphans() == 0
    assert sweep_orphans(timezone.now() + timedelta(days=2)) == 2
    assert [storage.exists(name) for name in lost] == [False, False]
    assert all(storage.exists(name) for name in [*kept, elsewhere, Reprise.objects.get().acte.name])


def test_what_a_killed_server_was_receiving_is_swept_a_day_later(settings: object, tmp_path: Path):
    settings.FILE_UPLOAD_TEMP_DIR = tmp_path
    cut, other = tmp_path / "tmpabc.upload.pdf", tmp_path / "autre.pdf"
    for path in (cut, other):
        path.write_bytes(PDF)
    assert sweep_arrivals() == 0
    assert sweep_arrivals(timezone.now() + timedelta(days=2)) == 1
    assert (cut.exists(), other.exists()) == (False, True)


def test_a_file_of_a_deposit_that_became_a_version_is_kept(distribution: Distribution):
    line = deposit(distribution, 40)
    version = make_ressource().fichiers.get().versions.get()
    version.file.name = line.file.name
    version.save(update_fields=["file"])
    purge_deposits()
    sweep_orphans(timezone.now() + timedelta(days=2))
    assert stockage_prive().exists(line.file.name)

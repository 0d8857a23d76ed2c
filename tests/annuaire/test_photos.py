"""Portraits: with a consent only, square and without metadata, served to readers alone, gone at once when withdrawn."""

import io
import os
import time
from pathlib import Path

import pytest
from django.conf import settings as reglages
from django.core.files.base import ContentFile
from django.db import DatabaseError, transaction
from django.test import Client
from PIL import Image
from pytest_django import Settings

from annuaire.enums import SensConsentement
from annuaire.models import Consentement, Photo
from annuaire.personnes import merge
from annuaire.photos import consentement, depot
from collectivites.effacement import erase
from collectivites.models import Agent, EntreeJournal, Poste
from extranet.lib.uploads import FichierRefuse
from notifications.models import Notification
from tests.annuaire.portraits import addresses, file, on_disk, portrait, send, with_gps
from tests.distribution import Distribution
from tests.lib.envois import plain
from tests.sessions import open_session

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _empty_disk(settings: Settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


def deposed(agent: Agent, by: Agent | None = None) -> Photo:
    return depot.deposit(agent, file(portrait()), by or agent)


def test_three_sizes_square_without_metadata(distribution: Distribution) -> None:
    content = with_gps()
    assert b"Exif" in content
    photo = depot.deposit(distribution.agent_a, file(content), distribution.agent_a)
    kinds = {}
    for name in depot.TAILLES:
        with getattr(photo, name).open() as kept:
            data = kept.read()
        image = Image.open(io.BytesIO(data))
        kinds[name] = (image.format, image.size)
        assert b"Exif" not in data
        assert b"GPS" not in data
        assert not image.getexif()
    assert kinds == {
        "fichier": ("WEBP", (640, 640)),
        "vignette": ("WEBP", (192, 192)),
        "imprimable": ("JPEG", (236, 236)),
    }


def test_the_cut_keeps_the_face(distribution: Distribution) -> None:
    photo = deposed(distribution.agent_a)
    with photo.fichier.open() as kept:
        image = Image.open(kept).convert("RGB")
    assert image.getpixel((320, 190))[0] > 180 > image.getpixel((320, 600))[0]


def test_the_proof_is_kept_word_for_word(distribution: Distribution) -> None:
    photo = deposed(distribution.agent_a)
    proof = photo.consentement
    assert (proof.version, proof.sens, proof.par) == (consentement.VERSION, "accord", distribution.agent_a)
    assert proof.texte == consentement.texte()
    assert "en un clic" in proof.texte
    with pytest.raises(DatabaseError, match="consentement_en_ajout_seul"), transaction.atomic():
        Consentement.objects.update(texte="Autre chose")
    lone = consentement.agree(distribution.secretaire_a, distribution.secretaire_a)
    with pytest.raises(DatabaseError, match="consentement_en_ajout_seul"), transaction.atomic():
        lone.delete()


BAD = {
    "php": (b"<?php system($_GET['c']); ?>", "pas une photo"),
    "svg": (b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>', "est un SVG"),
    "tronquee": (portrait()[: len(portrait()) // 2], "abîmée ou incomplète"),
    "lourde": (portrait(kind="PNG") + b"\0" * (20 * 1024 * 1024), "Choisissez une taille plus petite"),
    "vide": (b"", "est vide"),
    "petite": (portrait((60, 80)), "trop petite ou trop étroite"),
    "etroite": (portrait((4000, 40)), "trop petite ou trop étroite"),
}


def huge() -> bytes:
    """30 000 × 30 000, in a few kilobytes: one bit a point."""
    buffer = io.BytesIO()
    Image.new("1", (30_000, 30_000)).save(buffer, "PNG")
    return buffer.getvalue()


@pytest.mark.parametrize("case", [*BAD, "immense"])
def test_what_is_not_a_portrait_is_refused_and_nothing_is_kept(distribution: Distribution, case: str) -> None:
    content, words = BAD[case] if case in BAD else (huge(), "a beaucoup trop de points")
    client = open_session(distribution.agent_a)
    response = send(client, distribution.agent_a, content)
    assert response.status_code == 200
    assert words in plain(response.content.decode().replace("&nbsp;", " "))
    assert not Photo.objects.exists()
    assert not Consentement.objects.exists()
    assert not on_disk()
    assert not EntreeJournal.objects.filter(acte__startswith="photo.").exists()


def test_a_refused_photo_leaves_the_former_one(distribution: Distribution) -> None:
    photo, files = deposed(distribution.agent_a), on_disk()
    send(open_session(distribution.agent_a), distribution.agent_a, BAD["tronquee"][0])
    assert Photo.objects.get() == photo
    assert on_disk() == files


def test_without_agreement_nothing_is_kept(distribution: Distribution) -> None:
    response = send(open_session(distribution.agent_a), distribution.agent_a, portrait(), accord=False)
    assert "sans accord, aucune photo" in response.content.decode()
    assert not Photo.objects.exists()
    assert not on_disk()


def test_a_full_disk_is_told_and_leaves_nothing(distribution: Distribution, monkeypatch: pytest.MonkeyPatch) -> None:
    written = []

    def store(field: object, content: ContentFile, extension: str) -> None:
        if written:
            raise OSError(28, "No space left on device")
        written.append(field)
        field.save(f"un.{extension}", content, save=False)

    monkeypatch.setattr(depot, "store", store)
    with pytest.raises(FichierRefuse, match="disque du serveur est plein"):
        deposed(distribution.agent_a)
    assert not Photo.objects.exists()
    assert not on_disk()


@pytest.mark.parametrize(
    ("who", "expected"),
    [("agent_a", 200), ("gestionnaire_a", 200), ("responsable", 200), ("secretaire_a", 403), ("secretaire_b", 403)],
)
def test_who_puts_it_on(distribution: Distribution, who: str, expected: int) -> None:
    client = open_session(getattr(distribution, who))
    assert client.get(f"/annuaire/agents/{distribution.agent_a.slug}/photo/").status_code == expected
    assert client.post(f"/annuaire/agents/{distribution.agent_a.slug}/photo/retirer/").status_code == (
        302 if expected == 200 else 403
    )


def test_a_gestionnaire_records_a_written_agreement_and_the_person_is_told(distribution: Distribution) -> None:
    client = open_session(distribution.gestionnaire_a)
    page = client.get(f"/annuaire/agents/{distribution.agent_a.slug}/photo/").content.decode()
    assert "l’accord écrit de Alain Aval" in page or "l’accord écrit d’Alain Aval" in page
    assert send(client, distribution.agent_a, portrait()).status_code == 302
    photo = Photo.objects.get(agent=distribution.agent_a)
    assert (photo.consentement.agent, photo.consentement.par) == (distribution.agent_a, distribution.gestionnaire_a)
    told = Notification.objects.get(sorte="annuaire.fiche_modifiee")
    assert told.destinataire == distribution.agent_a
    assert "photo" in told.texte


def test_who_reads_it(distribution: Distribution) -> None:
    deposed(distribution.agent_a)
    for address in addresses(distribution.agent_a):
        response = open_session(distribution.secretaire_b).get(address)
        assert response.status_code == 200
        assert response["Content-Type"] == "image/webp"
        assert response["X-Content-Type-Options"] == "nosniff"
        assert response["Cache-Control"] == "private, no-cache"
        assert len(b"".join(response)) > 200
        assert open_session(distribution.sans_poste).get(address).status_code == 404
        assert Client().get(address).status_code == 302
    assert open_session(distribution.agent_a).get(addresses(distribution.agent_a)[0][:-9] + "autre/").status_code == 404


def test_no_public_address(distribution: Distribution) -> None:
    photo = deposed(distribution.agent_a)
    with pytest.raises(ValueError, match="pas d’adresse publique"):
        _ = photo.fichier.url
    client = open_session(distribution.agent_a)
    assert client.get(f"{reglages.MEDIA_URL}{photo.fichier.name}").status_code == 404


def test_withdrawn_it_is_gone_everywhere_and_the_proof_stays(
    distribution: Distribution, django_capture_on_commit_callbacks: object
) -> None:
    agent = distribution.agent_a
    deposed(agent)
    known, client = addresses(agent), open_session(distribution.secretaire_b)
    assert len(on_disk()) == 3
    with django_capture_on_commit_callbacks(execute=True):
        open_session(agent).post(f"/annuaire/agents/{agent.slug}/photo/retirer/")
    assert not on_disk()
    assert not Photo.objects.exists()
    assert [client.get(address).status_code for address in known] == [404, 404]
    last, first = Consentement.objects.filter(agent=agent)
    assert (last.sens, first.sens) == (SensConsentement.RETRAIT, SensConsentement.ACCORD)
    assert last.texte == first.texte
    assert known[0] not in client.get(agent.get_absolute_url()).content.decode()


def test_another_photo_takes_the_place_of_the_first(
    distribution: Distribution, django_capture_on_commit_callbacks: object
) -> None:
    deposed(distribution.agent_a)
    old, before = addresses(distribution.agent_a), on_disk()
    with django_capture_on_commit_callbacks(execute=True):
        deposed(distribution.agent_a)
    assert len(on_disk()) == 3
    assert not on_disk() & before
    assert open_session(distribution.agent_a).get(old[0]).status_code == 404
    assert Consentement.objects.filter(agent=distribution.agent_a, sens="accord").count() == 2


def test_a_hidden_card_and_a_departure_hide_the_photo(distribution: Distribution) -> None:
    agent, client = distribution.agent_a, open_session(distribution.secretaire_b)
    deposed(agent)
    address = addresses(agent)[0]
    agent.oppose_le = agent.created_at
    agent.save()
    assert client.get(address).status_code == 404
    own = open_session(agent).get(address)
    assert own.status_code == 200
    assert b"".join(own)
    Agent.objects.filter(pk=agent.pk).update(oppose_le=None)
    poste = Poste.objects.get(agent=agent)
    poste.end(poste.date_debut)
    assert client.get(address).status_code == 404


def test_an_erased_person_has_no_photo_and_their_consent_stays_nameless(
    distribution: Distribution, django_capture_on_commit_callbacks: object
) -> None:
    deposed(distribution.agent_a)
    poste = Poste.objects.get(agent=distribution.agent_a)
    poste.end(poste.date_debut)
    with django_capture_on_commit_callbacks(execute=True):
        erase(distribution.agent_a, None)
    assert not Photo.objects.exists()
    assert not on_disk()
    assert "Alain" not in str(Consentement.objects.get())


def test_orphan_files_are_swept_and_the_others_stay(distribution: Distribution) -> None:
    photo = deposed(distribution.agent_a)
    kept, storage = on_disk(), photo.fichier.storage
    for nom in ("vieux.webp", "recent.webp"):
        storage.save(f"portraits/{nom}", ContentFile(b"x"))
    old = time.time() - 7200
    folder = Path(reglages.MEDIA_ROOT) / "portraits"
    for name in ["vieux.webp", *kept]:
        os.utime(folder / name, (old, old))
    assert depot.sweep() == 1
    assert on_disk() == kept | {"recent.webp"}


def test_a_merge_moves_a_photo_with_its_proof_or_leaves_both(distribution: Distribution) -> None:
    deposed(distribution.agent_a)
    merge(distribution.secretaire_a, distribution.agent_a)
    assert Photo.objects.get().agent == Photo.objects.get().consentement.agent == distribution.secretaire_a
    deposed(distribution.agent_a)
    merge(distribution.secretaire_a, distribution.agent_a)
    assert Photo.objects.filter(agent=distribution.agent_a, consentement__agent=distribution.agent_a).exists()

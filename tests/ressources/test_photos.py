"""The photos: who may see them, until when, at which sizes, and what the grid tells of them."""

import io
from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from collectivites.diffusion import ELUS, code_collectivite
from collectivites.models import EntreeJournal
from extranet.lib.stockage import stockage_prive
from notifications.models import Notification
from ressources import apercus
from ressources.enums import Personnes
from ressources.models import Photo, RessourcePage, Telechargement, VersionFichier
from ressources.phototheque import accords, rendus
from search.chercher import chercher
from search.lecteur import Lecteur
from search.models import SearchEntry
from tests.distribution import Distribution
from tests.ressources.actes import send
from tests.ressources.factories import fetch
from tests.ressources.formulaires import key_for
from tests.ressources.photos import agreed, make_photo, version_of
from tests.sessions import open_session

pytestmark = pytest.mark.django_db

LISTE = "/ressources/photos/"
TAILLES = ("photo_vignette", "photo_ecran", "photo_web")


@pytest.fixture
def alain(distribution: Distribution) -> Client:
    return open_session(distribution.agent_a)


def plain(response: object) -> str:
    return response.content.decode().replace("\u00a0", " ")


def ways(photo: Photo) -> dict[str, str]:
    version = version_of(photo)
    return {
        "zoom": reverse("ressources:photo_detail", args=[photo.page_id]),
        "fiche": photo.page.url,
        "original": version.get_absolute_url(),
        **{name: reverse(f"ressources:{name}", args=[version.pk]) for name in TAILLES},
        "page": reverse("ressources:page_image", args=[version.pk, 0]),
        "apercu": reverse("ressources:apercu", args=[version.pk]),
    }


def statuses(client: Client, photo: Photo) -> dict[str, int]:
    return {way: fetch(client, url).status_code for way, url in ways(photo).items()}


# What the base refuses


@pytest.mark.parametrize(
    "values",
    [
        {"description": ""},
        {"personnes": Personnes.ACCORD},
        {"personnes": Personnes.MINEURS, "accord": "Les parents"},
        {"personnes": Personnes.MINEURS, "accord_fin": date(2030, 1, 1)},
        {"personnes": Personnes.AUCUNE, "accord": "Qui ?", "accord_fin": date(2030, 1, 1)},
    ],
)
def test_a_photo_without_its_agreement_is_never_written(values: dict) -> None:
    photo = make_photo()
    with pytest.raises(IntegrityError), transaction.atomic():
        Photo.objects.filter(pk=photo.pk).update(**values)


# The gate


def test_a_photo_is_read_by_the_readers_of_its_sheet(distribution: Distribution, alain: Client) -> None:
    open_to_all, of_b = make_photo(), make_photo("Réservée", diffusion=[code_collectivite(distribution.b.pk)])
    elus = make_photo("Aux élus", diffusion=[ELUS])
    assert set(statuses(alain, open_to_all).values()) == {200}
    for hidden in (of_b, elus):
        found = statuses(alain, hidden)
        assert found.pop("fiche") == 403
        assert set(found.values()) == {404}
    assert "Réservée" not in plain(alain.get(LISTE))
    assert "1 photo<" in plain(alain.get(LISTE))
    assert set(statuses(open_session(distribution.elue_b), elus).values()) == {200}


@pytest.mark.parametrize("ended", ["retiree", "finie"])
@pytest.mark.parametrize("role", ["agent_a", "secretaire_b", "elue_b", "sans_poste", "anonyme"])
def test_once_people_no_longer_agree_it_is_nowhere(ended: str, role: str, distribution: Distribution) -> None:
    photo = make_photo("Zibeline", **agreed(0 if ended == "retiree" else -1))
    if ended == "retiree":
        accords.take_back(photo, distribution.responsable, "Demandé par une personne")
    agent = distribution.roles().get(role)
    client = open_session(agent) if agent else Client()
    assert set(statuses(client, photo).values()) <= ({404} if agent else {302})
    if agent is None:
        return
    for url in (LISTE, "/ressources/", "/", f"/ressources/themes/{photo.page.theme.slug}/", "/ressources/favoris/"):
        assert "Zibeline" not in plain(client.get(url)), url
    assert "Aucune photo" in plain(client.get(LISTE))
    assert not RessourcePage.objects.visible_to(agent).filter(pk=photo.page_id).exists()
    assert not VersionFichier.objects.visible_to(agent).filter(fichier__page=photo.page_id).exists()


def test_the_last_day_of_an_agreement_counts_and_the_next_does_not(distribution: Distribution) -> None:
    photo = make_photo("Zibeline", **agreed(0))
    lecteur = Lecteur.of(distribution.agent_a)
    assert RessourcePage.objects.visible_to(distribution.agent_a).count() == 1
    assert chercher("zibeline", lecteur).total == 1
    yesterday = timezone.localdate() - timedelta(days=1)
    photo.accord_fin = yesterday
    photo.save()
    assert RessourcePage.objects.visible_to(distribution.agent_a).count() == 0
    assert chercher("zibeline", Lecteur.of(distribution.agent_a)).total == 0


def test_the_search_lets_go_of_it_at_midnight_without_anybody_writing(distribution: Distribution) -> None:
    make_photo("Zibeline", **agreed(2))
    end = timezone.localdate() + timedelta(days=3)
    entry = SearchEntry.objects.get(titre="Zibeline")
    assert timezone.localtime(entry.fin).date() == end
    assert timezone.localtime(entry.fin).hour == 0


def test_its_keepers_still_hold_the_file_and_give_the_agreement_again(distribution: Distribution) -> None:
    photo = make_photo("Le marché", owner=distribution.agent_a, collectivite=distribution.a, **agreed(-1))
    keeper = open_session(distribution.agent_a)
    accord = reverse("ressources:photo_accord", args=[photo.page_id])
    assert fetch(keeper, version_of(photo).get_absolute_url()).status_code == 200
    assert fetch(keeper, ways(photo)["zoom"]).status_code == 404
    assert "ne se montre plus" in plain(keeper.get(accord))
    refused = send(keeper, accord, accord, accord="Les agents", accord_fin="2020-01-01")
    assert "Donnez le dernier jour de l’accord, à venir" in plain(refused)
    assert "Les agents" in plain(refused)
    fin = timezone.localdate() + timedelta(days=200)
    assert send(keeper, accord, accord, accord="Les agents, par écrit", accord_fin=fin.isoformat()).status_code == 302
    assert set(statuses(open_session(distribution.elue_b), photo).values()) == {200}
    assert EntreeJournal.objects.filter(acte="photo.accord_renouvele").exists()


def test_who_may_take_an_agreement_back(distribution: Distribution) -> None:
    photo = make_photo(owner=distribution.agent_a, collectivite=distribution.a, **agreed())
    url = reverse("ressources:photo_accord", args=[photo.page_id])
    assert open_session(distribution.elue_b).get(url).status_code == 403
    open_session(distribution.elue_b).post(url, {"motif": "Non", "cle_unique": key_for(distribution.elue_b)})
    assert not Photo.objects.get().is_ended
    client = open_session(distribution.gestionnaire_a)
    assert "Dites pourquoi" in plain(send(client, url, url, motif=""))
    assert send(client, url, url, motif="Une personne ne veut plus paraître").status_code == 302
    photo.refresh_from_db()
    assert photo.is_ended


# Who is told


def test_its_keeper_and_who_took_it_are_told_once(distribution: Distribution) -> None:
    photo = make_photo(
        "Le marché", owner=distribution.agent_a, referent=distribution.agent_a, collectivite=distribution.a, **agreed()
    )
    elise = open_session(distribution.elue_b)
    fetch(elise, ways(photo)["photo_web"])
    assert accords.tell_ends() == 0
    Photo.objects.filter(pk=photo.pk).update(accord_fin=timezone.localdate() - timedelta(days=1))
    assert accords.tell_ends() == 1
    assert accords.tell_ends() == 0
    told = {(one.destinataire, one.sorte) for one in Notification.objects.exclude(sorte="ressource_nouvelle")}
    assert told == {(distribution.agent_a, accords.SORTE), (distribution.elue_b, "copie_perimee")}


def test_its_keeper_is_told_a_month_before_the_end_and_once(distribution: Distribution) -> None:
    photo = make_photo("Le marché", referent=distribution.agent_a, **agreed(31))
    assert accords.watch() == 0
    ends = []
    for days in (30, 29, 400, 12):
        Photo.objects.filter(pk=photo.pk).update(accord_fin=timezone.localdate() + timedelta(days=days))
        ends.append((accords.watch(), accords.watch()))
    assert ends == [(1, 0), (1, 0), (0, 0), (1, 0)]
    told = Notification.objects.filter(sorte=accords.SORTE)
    assert {one.destinataire for one in told} == {distribution.agent_a}
    assert all("finit bientôt" in one.titre for one in told)
    accords.take_back(photo, distribution.responsable, "Une personne ne veut plus")
    assert accords.watch(timezone.localdate() + timedelta(days=5)) == 0


def test_taking_back_twice_is_once(distribution: Distribution) -> None:
    photo = make_photo(referent=distribution.agent_a, **agreed())
    for _ in range(2):
        accords.take_back(photo, distribution.responsable, "Une personne ne veut plus")
    assert Notification.objects.filter(sorte=accords.SORTE).count() == 1
    assert EntreeJournal.objects.filter(acte="photo.accord_retire").count() == 1


def test_an_old_draft_does_not_bring_an_agreement_back(distribution: Distribution) -> None:
    photo = make_photo(**agreed())
    draft = photo.page.save_revision(user=distribution.responsable)
    accords.take_back(photo, distribution.responsable, "Une personne ne veut plus")
    draft.publish()
    assert not RessourcePage.objects.visible_to(distribution.agent_a).exists()


# Its sizes


def test_each_size_is_drawn_once_and_keeps_its_etag(distribution: Distribution, alain: Client) -> None:
    photo = make_photo(size=(1900, 1000))
    version = version_of(photo)
    for name, longest, kind in (("photo_vignette", 480, "WEBP"), ("photo_web", 1600, "JPEG")):
        response = fetch(alain, ways(photo)[name])
        image = Image.open(io.BytesIO(response.data))
        assert (max(image.size), image.format) == (longest, kind)
        assert image.size[0] / image.size[1] == pytest.approx(1.9, abs=0.02)
        assert response["Cache-Control"] == "private, no-cache"
        again = alain.get(ways(photo)[name], headers={"If-None-Match": response["ETag"]})
        assert again.status_code == 304
    folder = f"apercus/{version.sha256[:2]}/{version.sha256}"
    assert sorted(stockage_prive().listdir(folder)[1]) == ["photo-1600.jpg", "photo-480.webp"]


def test_a_known_etag_opens_nothing_to_who_lost_the_right(distribution: Distribution, alain: Client) -> None:
    photo = make_photo()
    etag = fetch(alain, ways(photo)["photo_vignette"])["ETag"]
    RessourcePage.objects.filter(pk=photo.page_id).update(diffusion=[ELUS])
    assert alain.get(ways(photo)["photo_vignette"], headers={"If-None-Match": etag}).status_code == 404


def test_a_small_photo_is_not_enlarged_and_a_transparent_one_is_on_white(alain: Client) -> None:
    photo = make_photo(size=(200, 100), nom="logo.png")
    image = Image.open(io.BytesIO(fetch(alain, ways(photo)["photo_web"]).data))
    assert image.size == (200, 100)
    assert image.mode == "RGB"


def test_what_no_photo_holds_any_more_is_swept(alain: Client) -> None:
    photo = make_photo()
    fetch(alain, ways(photo)["photo_vignette"])
    sha256 = version_of(photo).sha256
    drawn = f"apercus/{sha256[:2]}/{sha256}/photo-480.webp"
    apercus.sweep()
    assert stockage_prive().exists(drawn)
    VersionFichier.objects.filter(pk=version_of(photo).pk).update(sha256="0" * 64)
    apercus.sweep()
    assert not stockage_prive().exists(drawn)


def test_a_picture_that_does_not_open_is_given_as_it_is(alain: Client) -> None:
    photo = make_photo("Abîmée")
    version = version_of(photo)
    with version.file.storage.open(version.file.name, "wb") as file:
        file.write(b"\xff\xd8\xff abimee")
    assert fetch(alain, ways(photo)["photo_vignette"]).data == b"\xff\xd8\xff abimee"
    assert rendus.size_of(version.file) is None
    assert alain.get(ways(photo)["zoom"]).status_code == 200


def test_both_sizes_taken_are_logged_and_looking_is_not(distribution: Distribution, alain: Client) -> None:
    photo = make_photo()
    for way in ("zoom", "photo_vignette", "photo_ecran"):
        fetch(alain, ways(photo)[way])
    assert not Telechargement.objects.exists()
    fetch(alain, ways(photo)["photo_web"])
    assert Telechargement.objects.filter(agent=distribution.agent_a, collectivite=distribution.a).count() == 1
    fetch(open_session(distribution.elue_b), ways(photo)["original"])
    assert Telechargement.objects.count() == 2

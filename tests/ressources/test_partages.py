"""A link without account: what it opens, and when it stops."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.test import Client
from django.utils import timezone

from collectivites.models import Agent, EntreeJournal, Poste
from ressources import menage
from ressources.apports import reprendre
from ressources.enums import Examen, Licence, Partage, Personnes, StatutVersion
from ressources.models import Fichier, LienPartage, Photo, RessourcePage, Telechargement, VersionFichier
from ressources.partages import liens
from ressources.versions import publish_version, withdraw_version
from tests.distribution import Distribution
from tests.formations.formulaires import said
from tests.ressources.deposes import bytes_of
from tests.ressources.factories import fetch, make_ressource, make_version
from tests.ressources.partages import TITRE, narrow, see, set_rule, share, take, version_of
from tests.ressources.photos import make_photo

pytestmark = pytest.mark.django_db


PAGE = "/ressources/partages/"


@pytest.fixture
def page(distribution: Distribution) -> RessourcePage:
    """A sheet of Aval for all communes, that its agent deposited."""
    return make_ressource(TITRE, collectivite=distribution.a, owner=distribution.agent_a)


def test_looking_says_whose_it_is_and_gives_nothing(distribution: Distribution, page: RessourcePage) -> None:
    jeton = share(page, distribution.agent_a, distribution)
    answer = see(jeton)
    end = timezone.localdate() + timedelta(days=7)
    told = said(answer)
    assert answer.status_code == 200
    assert TITRE in told
    assert f"{distribution.agent_a}, Aval, vous donne ce document jusqu’au" in told
    assert str(end.day) in told
    assert (answer["X-Robots-Tag"], answer["Referrer-Policy"]) == ("noindex, nofollow", "no-referrer")
    assert "no-store" in answer["Cache-Control"]
    assert 'content="noindex, nofollow"' in answer.content.decode()
    assert "Le cabinet" not in told
    lien = LienPartage.objects.get()
    assert (lien.nombre, lien.dernier_le) == (0, None)


def test_the_file_is_asked_for_then_counted_and_logged(distribution: Distribution, page: RessourcePage) -> None:
    jeton = share(page, distribution.agent_a, distribution)
    for number in (1, 2):
        answer = take(jeton)
        assert answer.data == bytes_of(version_of(page).file)
        assert answer["Content-Disposition"].startswith("attachment")
        assert answer["Referrer-Policy"] == "no-referrer"
        assert LienPartage.objects.get().nombre == number
    assert LienPartage.objects.get().dernier_le
    line = EntreeJournal.objects.filter(acte="partage.pris").first()
    assert (line.agent, line.collectivite, line.libelle) == (None, distribution.a, TITRE)
    assert not Telechargement.objects.exists()


@pytest.mark.parametrize("asked", ["bytes=0-", "bytes=0-9", "bytes=-5"])
def test_a_piece_of_it_is_the_whole_and_counts(asked: str, distribution: Distribution, page: RessourcePage) -> None:
    jeton = share(page, distribution.agent_a, distribution)
    answer = Client().post(f"/partage/{jeton}/", headers={"Range": asked})
    assert (answer.status_code, answer["Accept-Ranges"]) == (200, "none")
    assert b"".join(answer.streaming_content) == bytes_of(version_of(page).file)
    assert LienPartage.objects.get().nombre == 1
    assert EntreeJournal.objects.filter(acte="partage.pris").count() == 1


def test_only_the_fingerprint_is_kept(distribution: Distribution, page: RessourcePage) -> None:
    jeton = share(page, distribution.agent_a, distribution)
    assert jeton not in str(LienPartage.objects.values().get())
    assert not EntreeJournal.objects.filter(donnees__icontains=jeton).exists()
    assert see(LienPartage.objects.get().empreinte).status_code == 404


def test_the_version_in_force_is_given(distribution: Distribution, page: RessourcePage) -> None:
    jeton = share(page, distribution.agent_a, distribution)
    newer = make_version(page.fichiers.get(), nom="nouvelle.pdf")
    assert "nouvelle.pdf" in said(see(jeton))
    assert take(jeton).data == bytes_of(newer.file)


def test_another_photo_in_its_place_is_not_given(distribution: Distribution) -> None:
    photo = make_photo(TITRE, collectivite=distribution.a, owner=distribution.agent_a)
    jeton = share(photo.page, distribution.agent_a, distribution)
    newer = make_version(photo.page.fichiers.get(), statut=StatutVersion.A_RELIRE)
    assert see(jeton).status_code == 200
    publish_version(newer, par=distribution.agent_a)
    assert [see(jeton).status_code, take(jeton).status_code] == [404, 404]


def test_people_who_agreed_among_members_are_not_shown_to_others(distribution: Distribution) -> None:
    photo = make_photo(TITRE, collectivite=distribution.a, owner=distribution.agent_a)
    jeton = share(photo.page, distribution.agent_a, distribution)
    assert see(jeton).status_code == 200
    Photo.objects.update(personnes=Personnes.ACCORD, accord="Oral, à la fête", accord_fin=timezone.localdate())
    assert see(jeton).status_code == 404
    why = liens.refusal(RessourcePage.objects.get(pk=photo.page_id), distribution.agent_a, gardien=True)
    assert "Des personnes se reconnaissent" in why


def test_a_photo_of_which_nothing_is_said_stays_here(distribution: Distribution) -> None:
    photo = make_photo(TITRE, collectivite=distribution.a, owner=distribution.agent_a)
    Photo.objects.all().delete()
    why = liens.refusal(RessourcePage.objects.get(pk=photo.page_id), distribution.agent_a, gardien=True)
    assert "Personne n’a dit qui se reconnaît" in why


def _archive(page: RessourcePage, cast: Distribution) -> None:
    RessourcePage.objects.filter(pk=page.pk).update(live=False, archivee_le=timezone.now())


def _unpublish(page: RessourcePage, cast: Distribution) -> None:
    RessourcePage.objects.filter(pk=page.pk).update(live=False)


def _end(page: RessourcePage, cast: Distribution) -> None:
    RessourcePage.objects.filter(pk=page.pk).update(expire_at=timezone.now() - timedelta(minutes=1))


def _replace(page: RessourcePage, cast: Distribution) -> None:
    RessourcePage.objects.filter(pk=page.pk).update(remplacee_par=make_ressource())


def _outdate(page: RessourcePage, cast: Distribution) -> None:
    RessourcePage.objects.filter(pk=page.pk).update(perime_le=timezone.localdate())


def _third_party(page: RessourcePage, cast: Distribution) -> None:
    RessourcePage.objects.filter(pk=page.pk).update(licence=Licence.TIERS)


def _withdraw(page: RessourcePage, cast: Distribution) -> None:
    withdraw_version(version_of(page), par=cast.responsable, motif="Erreur")


def _withdraw_for_an_older(page: RessourcePage, cast: Distribution) -> None:
    """Another version is in force again: nobody vouched for it."""
    shared = version_of(page)
    VersionFichier.objects.filter(pk=shared.pk).update(numero=2)
    make_version(page.fichiers.get())
    VersionFichier.objects.exclude(pk=shared.pk).update(numero=1)
    withdraw_version(VersionFichier.objects.get(pk=shared.pk), par=cast.responsable, motif="Erreur")


def _infect(page: RessourcePage, cast: Distribution) -> None:
    VersionFichier.objects.filter(fichier__page=page).update(examen=Examen.INFECTE)


def _quarantine(page: RessourcePage, cast: Distribution) -> None:
    VersionFichier.objects.filter(fichier__page=page).update(examen=Examen.EN_ATTENTE)


def _expire(page: RessourcePage, cast: Distribution) -> None:
    past = timezone.now() - timedelta(minutes=1)
    LienPartage.objects.update(created_at=past - timedelta(days=7), expire_le=past)


def _revoke(page: RessourcePage, cast: Distribution) -> None:
    liens.revoke(LienPartage.objects.for_list().get(), cast.agent_a)


def _poste_ended(page: RessourcePage, cast: Distribution) -> None:
    yesterday = timezone.localdate() - timedelta(days=1)
    Poste.objects.filter(agent=cast.agent_a).update(date_debut=yesterday, date_fin=yesterday)


def _poste_elsewhere(page: RessourcePage, cast: Distribution) -> None:
    Poste.objects.filter(agent=cast.agent_a).update(collectivite=cast.b)


def _shut(page: RessourcePage, cast: Distribution) -> None:
    Agent.objects.filter(pk=cast.agent_a.pk).update(is_active=False)


def _erase(page: RessourcePage, cast: Distribution) -> None:
    Agent.objects.filter(pk=cast.agent_a.pk).update(efface_le=timezone.now())


def _forbid(page: RessourcePage, cast: Distribution) -> None:
    set_rule(Partage.PERSONNE)


def _keeps_it_no_more(page: RessourcePage, cast: Distribution) -> None:
    RessourcePage.objects.filter(pk=page.pk).update(owner=cast.elue_b, collectivite=cast.b)


ENDS = [
    _keeps_it_no_more,
    *(narrow, _archive, _unpublish, _end, _replace, _outdate, _third_party, _withdraw, _withdraw_for_an_older),
    *(_infect, _quarantine, _expire, _revoke, _poste_ended, _poste_elsewhere, _shut, _erase, _forbid),
]


@pytest.mark.parametrize("end", ENDS)
def test_it_opens_nothing_more_and_tells_no_title(end: object, distribution: Distribution, page: RessourcePage) -> None:
    jeton = share(page, distribution.agent_a, distribution)
    assert see(jeton).status_code == 200
    end(page, distribution)
    unknown = see("jamais-donne")
    for answer in (see(jeton), take(jeton)):
        assert answer.status_code == 404
        assert "Ce lien n’ouvre plus rien" in said(answer)
        assert TITRE not in answer.content.decode()
        assert distribution.agent_a.nom not in answer.content.decode()
        assert answer["Referrer-Policy"] == "no-referrer"
    assert said(see(jeton)) == said(unknown), "nothing is learnt by trying"
    assert LienPartage.objects.get().nombre == 0


def test_a_lost_file_is_not_counted(distribution: Distribution, page: RessourcePage) -> None:
    jeton = share(page, distribution.agent_a, distribution)
    Path(version_of(page).file.path).unlink()
    assert take(jeton).status_code == 404
    assert LienPartage.objects.get().nombre == 0


def test_too_many_tries_are_slowed(distribution: Distribution) -> None:
    client = Client()
    assert {client.get("/partage/jamais-donne/").status_code for _ in range(60)} == {404}
    assert client.get("/partage/jamais-donne/").status_code == 429


def test_it_follows_its_author_into_a_new_commune(distribution: Distribution, page: RessourcePage) -> None:
    jeton = share(page, distribution.agent_a, distribution)
    reprendre(distribution.b, distribution.a)
    _poste_elsewhere(page, distribution)
    assert see(jeton).status_code == 200
    assert "Bourg, vous donne ce document" in said(see(jeton))


def test_dead_links_are_forgotten_after_a_year(distribution: Distribution, page: RessourcePage) -> None:
    share(page, distribution.agent_a, distribution)
    share(page, distribution.agent_a, distribution)
    long_ago = timezone.now() - timedelta(days=366)
    first = LienPartage.objects.first()
    LienPartage.objects.filter(pk=first.pk).update(created_at=long_ago - timedelta(days=7), expire_le=long_ago)
    menage.tidy()
    assert LienPartage.objects.exclude(pk=first.pk).count() == LienPartage.objects.count() == 1


def test_one_file_of_a_sheet_is_one_file(distribution: Distribution, page: RessourcePage) -> None:
    """The other file of the sheet is not behind the link."""
    make_version(Fichier.objects.create(page=page, nom="Annexe secrète"), nom="annexe.pdf")
    given = VersionFichier.objects.get(fichier__page=page, fichier__nom="")
    jeton = liens.create(given, distribution.agent_a, distribution.a, jours=7)[1]
    assert "annexe" not in see(jeton).content.decode().lower()
    assert fetch(Client(), f"/partage/{jeton}/?fichier=1").status_code == 200

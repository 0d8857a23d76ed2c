"""Taking away and sharing, in the browser: an archive gets ready by itself, a file is given by a link, then closed."""

import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from notifications.models import Notification
from ressources.emporter import liens as flux
from ressources.emporter import lots
from ressources.enums import Licence
from ressources.models import LienPartage, Lot, RessourcePage, Telechargement, VersionFichier
from ressources.partages import liens
from tests.distribution import Distribution
from tests.e2e.conftest import Visitor
from tests.e2e.controles import check_and_keep
from tests.ressources.deposes import bytes_of
from tests.ressources.factories import make_ressource

Visit = Callable[..., Visitor]


@pytest.fixture
def page(live_server: object, distribution: Distribution) -> RessourcePage:
    """One for all communes, that Alain of Aval looks after; two more."""
    make_ressource("Arrêté de circulation", collectivite=distribution.b)
    make_ressource("Tarifs\u00a0: concessions 2027", collectivite=distribution.b, licence=Licence.CC_BY)
    return make_ressource(
        "Modèle de règlement du cimetière", collectivite=distribution.a, owner=distribution.agent_a, fichiers=2
    )


def version_of(page: RessourcePage) -> VersionFichier:
    return VersionFichier.objects.select_related("fichier__page").get(fichier__page=page, fichier__nom="")


@pytest.mark.parametrize("phone", [False, True], ids=["bureau", "telephone"])
def test_sound_pages(visitor: Visit, distribution: Distribution, page: RessourcePage, phone: bool) -> None:
    look = "telephone" if phone else "bureau"
    agent = distribution.agent_a
    version = version_of(page)
    jeton = liens.create(version, agent, distribution.a, jours=30, destinataire="Bureau d’études de la station")[1]
    flux.create(agent)
    flux.create(agent, page.theme)
    waiting, ready = (lots.create(agent, "Funéraire et cimetières", [version]) for _ in range(2))
    lots.prepare(ready)
    someone = visitor(agent, phone=phone)
    for name, path in {
        "emporter": "/ressources/emporter/",
        "en-preparation": f"/ressources/emporter/{waiting.pk}/",
        "prete": f"/ressources/emporter/{ready.pk}/",
        "flux": "/ressources/flux/",
        "envoyer": f"/ressources/{page.pk}/envoyer/",
        "partager": f"/ressources/{page.pk}/partager/",
        "liens": "/ressources/partages/",
        "fiche": page.url,
    }.items():
        there = someone.go(path)
        check_and_keep(there, f"partager/{name}-{look}")
    nobody = visitor(phone=phone)
    for name, path in {"lien-ouvert": f"/partage/{jeton}/", "lien-ferme": "/partage/jamais-donne/"}.items():
        there = nobody.go(path)
        check_and_keep(there, f"partager/{name}-{look}")


@pytest.mark.parametrize("phone", [False, True], ids=["bureau", "telephone"])
def test_given_without_account_then_closed(
    visitor: Visit, distribution: Distribution, page: RessourcePage, phone: bool, tmp_path: Path
) -> None:
    author = visitor(distribution.agent_a, phone=phone).go(page.url)
    author.get_by_role("link", name="Donner sans compte").click()
    author.get_by_label("Annexe 1").check()
    author.get_by_label("Modèle de règlement du cimetière").check()
    author.get_by_label("30 jours").check()
    author.get_by_label("À qui le donnez-vous").fill("Bureau d’études")
    author.get_by_role("button", name="Créer le lien").click()
    address = author.get_by_label("Adresse à donner").input_value()
    assert "/partage/" in address

    outside = visitor(phone=phone)
    there = outside.go(address[address.index("/partage/") :])
    expect(there.get_by_role("heading", level=1)).to_have_text("Modèle de règlement du cimetière")
    expect(there.get_by_text("Alain Aval, Aval, vous donne ce document jusqu’au")).to_be_visible()
    assert LienPartage.objects.get().nombre == 0
    with there.expect_download() as got:
        there.get_by_role("button", name="Télécharger le fichier").click()
    got.value.save_as(tmp_path / "recu.pdf")
    assert (tmp_path / "recu.pdf").read_bytes() == bytes_of(version_of(page).file)

    author.goto(author.url)
    expect(author.get_by_text("1 fois")).to_be_visible()
    expect(author.get_by_text("Bureau d’études")).to_be_visible()
    author.get_by_role("button", name="Fermer").click()
    expect(author.get_by_text("Ce lien n’ouvre plus rien.")).to_be_visible()
    there.goto(there.url)
    expect(there.get_by_role("heading", level=1)).to_have_text("Ce lien n’ouvre plus rien")
    assert "cimetière" not in there.content()


def test_a_colleague_is_found_while_typing(visitor: Visit, distribution: Distribution, page: RessourcePage) -> None:
    there = visitor(distribution.agent_a).go(page.url)
    there.get_by_role("link", name="Envoyer à un collègue").click()
    there.get_by_label("Votre mot").fill("Pour le conseil de janvier.")
    there.get_by_label("Chercher une personne").press_sequentially("simone")
    there.get_by_label("Simone Bourg").check()
    there.get_by_label("Chercher une personne").fill("licorne")
    expect(there.get_by_text("Personne ne porte ce nom")).to_be_visible()
    expect(there.get_by_label("Simone Bourg")).to_be_checked()
    there.get_by_role("button", name="Envoyer la fiche").click()
    expect(there.get_by_text("C’est envoyé à Simone Bourg.")).to_be_visible()
    assert Notification.objects.get().texte == "Pour le conseil de janvier."
    inbox = visitor(distribution.secretaire_b).go("/notifications/")
    expect(inbox.get_by_text("vous signale").first).to_be_visible()


def test_an_archive_gets_ready_by_itself(
    visitor: Visit, distribution: Distribution, page: RessourcePage, tmp_path: Path
) -> None:
    there = visitor(distribution.agent_a, phone=True).go("/ressources/emporter/")
    expect(there.get_by_text("4 fichiers,")).to_be_visible()
    there.get_by_label("Arrêté de circulation").uncheck()
    expect(there.get_by_text("3 fichiers,")).to_be_visible()
    there.get_by_role("button", name="Préparer l’archive").click()
    expect(there.get_by_role("heading", name="L’archive se prépare")).to_be_visible()
    lots.prepare(Lot.objects.get())
    expect(there.get_by_role("heading", name="L’archive est prête")).to_be_visible()
    with there.expect_download() as got:
        there.get_by_role("link", name="Télécharger l’archive").click()
    got.value.save_as(tmp_path / "recu.zip")
    with zipfile.ZipFile(tmp_path / "recu.zip") as found:
        assert found.testzip() is None
        assert found.namelist() == [
            "Modèle de règlement du cimetière.pdf",
            "Modèle de règlement du cimetière, Annexe 1.pdf",
            "Tarifs - concessions 2027.pdf",
            "contenu.txt",
        ]
    assert Telechargement.objects.count() == 3


def test_the_archive_without_script(visitor: Visit, distribution: Distribution, page: RessourcePage) -> None:
    there: Page = visitor(distribution.agent_a, java_script_enabled=False).go("/ressources/emporter/")
    there.get_by_role("button", name="Préparer l’archive").click()
    expect(there.get_by_role("heading", name="L’archive se prépare")).to_be_visible()
    lots.prepare(Lot.objects.get())
    there.get_by_role("link", name="Voir où elle en est").click()
    expect(there.get_by_role("heading", name="L’archive est prête")).to_be_visible()

"""The review in the page: changes marked or not, and remarks placed on a paragraph, which their reader finds there."""

import re

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from collectivites.models import Agent
from ressources import relecture
from ressources.differences import Genre, compare
from ressources.enums import StatutVersion
from ressources.models import Echange, RessourcePage, VersionFichier
from ressources.remarques import read_place, situated
from tests.distribution import Distribution
from tests.ressources.factories import make_ressource, make_version
from tests.ressources.formulaires import key_for
from tests.sessions import open_session

pytestmark = pytest.mark.django_db

AVANT = "Article 4\nLa salle est rendue avant 8 h le lendemain.\nTarifs : 180 €\fArticle 7\nLe silence est de mise."
APRES = (
    "Article 4\nLa salle est rendue avant 10 h le lendemain.\f"
    "Article 7\nLe silence est de mise.\nAppelez M. Prost au 06 39 98 01 31."
)


@pytest.fixture
def page(distribution: Distribution) -> RessourcePage:
    """A second version that awaits its review."""
    page = make_ressource("Règlement", fichiers=0, owner=distribution.agent_a, collectivite=distribution.a)
    fichier = page.fichiers.create()
    make_version(fichier, AVANT, nom="reglement.docx")
    make_version(fichier, APRES, nom="reglement.docx", statut=StatutVersion.A_RELIRE)
    page.save_revision(user=distribution.agent_a)
    page.get_workflow().start(page, distribution.agent_a)
    return page


@pytest.fixture
def reviewer(distribution: Distribution) -> Client:
    return open_session(distribution.responsable)


def sheet_of(client: Client, page: RessourcePage, query: str = "") -> str:
    """What stands on the white page, without tags."""
    html = client.get(reverse("ressources:relecture_detail", args=[page.pk]) + query).content.decode()
    return plain(html)


def plain(html: str) -> str:
    sheet = re.search(r'<div class="ec-sheet.*?</div>\s*<div class="ec-viewer__bar"', html, re.DOTALL)[0]
    return re.sub(r"\s+", " ", re.sub("<[^>]+>", "", sheet)).replace("\u00a0", " ")


def write(client: Client, agent: Agent, page: RessourcePage, query: str = "", **fields: str) -> object:
    url = reverse("ressources:relecture_note", args=[page.pk]) + query
    return client.post(url, {"cle_unique": key_for(agent), **fields})


def test_changes_are_marked_in_the_page_or_not(reviewer: Client, page: RessourcePage) -> None:
    marked = sheet_of(reviewer, page)
    assert "avant retiré : 8ajouté : 10 h" in marked
    assert "retiré : Tarifs : 180 €" in marked
    alone = sheet_of(reviewer, page, "?vue=seule")
    assert "rendue avant 10 h le lendemain" in alone
    assert "Tarifs" not in alone
    assert "ajouté" not in alone
    assert "M. Prost" not in alone
    second = sheet_of(reviewer, page, "?page=2")
    assert "ajouté : Appelez M. Prost" in second
    assert sheet_of(reviewer, page, "?page=99&vue=n'importe") == second


def test_the_toggle_keeps_the_page(reviewer: Client, page: RessourcePage) -> None:
    html = reviewer.get(reverse("ressources:relecture_detail", args=[page.pk]), {"page": "2"}).content.decode()
    assert re.search(r'href="[^"]*\?page=2&amp;vue=seule#[^"]*"><span>Version 2 seule</span>', html)
    assert re.search(r'class="is-on" aria-current="true">.*Changements marqués</span>', html)


def test_nothing_to_mark_no_toggle(reviewer: Client, distribution: Distribution) -> None:
    page = make_ressource("Neuf", fichiers=0, owner=distribution.agent_a, collectivite=distribution.a, live=False)
    make_version(page.fichiers.create(), "Un texte", statut=StatutVersion.A_RELIRE)
    page.save_revision(user=distribution.agent_a)
    page.get_workflow().start(page, distribution.agent_a)
    html = reviewer.get(reverse("ressources:relecture_detail", args=[page.pk])).content.decode()
    assert "Un texte" in html
    assert "Changements marqués" not in html


def test_a_remark_finds_its_paragraph(reviewer: Client, page: RessourcePage, distribution: Distribution) -> None:
    """Written, then « La placer dans la page », the next page, « Ici »: without any script."""
    who, words = distribution.responsable, "Mettez l’accueil de la mairie."
    asked = write(reviewer, who, page, remarque=words, endroit="", placer="1")
    assert asked.status_code == 200
    assert words in asked.content.decode()
    assert not Echange.objects.exists()
    turned = write(reviewer, who, page, "?page=1&vue=seule", remarque=words, endroit="", vers="2")
    html = turned.content.decode()
    assert "Appelez M. Prost" in plain(html)
    (value,) = re.findall(r'name="passage" value="([^"]+)">Ici<span[^>]*> : «\s?Appelez', html.replace("\u00a0", " "))
    done = write(reviewer, who, page, "?page=2&vue=seule", remarque=words, endroit="", passage=value)
    remark = Echange.objects.get()
    assert done["Location"].endswith(f"/ressources/relecture/{page.pk}/?page=2&vue=seule#r{remark.pk}")
    assert (remark.citation, remark.rang) == ("Appelez M. Prost au 06 39 98 01 31.", 4)
    assert remark.version == VersionFichier.objects.get(numero=2)
    assert remark.endroit == "Page 2"
    shown = reviewer.get(done["Location"]).content.decode()
    assert f'<a id="p{remark.pk}" href="#r{remark.pk}">remarque 1</a>' in shown
    assert re.search(r'<blockquote class="ec-cite">Appelez', shown)
    assert f'id="p{remark.pk}"' not in reviewer.get(done["Location"].replace("page=2", "page=1")).content.decode()


def test_its_author_reads_it_where_it_stands(page: RessourcePage, distribution: Distribution) -> None:
    version = VersionFichier.objects.get(numero=2)
    place = read_place(f"{version.pk}-3", [version])
    relecture.note(page, distribution.responsable, distribution.epci, texte="Moins vague ?", place=place)
    relecture.send_back(page, distribution.responsable, "Un texte de loi périmé", "")
    html = open_session(distribution.agent_a).get(reverse("ressources:ressource_update", args=[page.pk]))
    text = re.sub(r"\s+", " ", re.sub("<[^>]+>", " ", html.content.decode())).replace("\u00a0", " ")
    assert "Page 2 Article 7 Le silence est de mise. Appelez M. Prost au 06 39 98 01 31. Moins vague" in text


def test_a_text_read_again_keeps_the_quote(page: RessourcePage, distribution: Distribution) -> None:
    version = VersionFichier.objects.get(numero=2)
    place = read_place(f"{version.pk}-3", [version])
    remark = relecture.note(page, distribution.responsable, None, texte="Revoir", place=place)
    VersionFichier.objects.filter(pk=version.pk).update(texte="En-tête\nAvant\nLe silence est de mise.\nAprès")
    (found,) = situated([remark])
    assert (found.avant, found.apres) == ("Avant", "Après")
    VersionFichier.objects.filter(pk=version.pk).update(texte="Tout autre chose")
    (lost,) = situated([remark])
    assert (lost.avant, lost.apres, lost.remarque.citation) == ("", "", "Le silence est de mise.")


def test_an_empty_remark_keeps_its_place(reviewer: Client, page: RessourcePage, distribution: Distribution) -> None:
    version = VersionFichier.objects.get(numero=2)
    response = write(reviewer, distribution.responsable, page, remarque=" ", endroit="", passage=f"{version.pk}-3")
    assert response.status_code == 422
    html = response.content.decode()
    assert "Écrivez votre remarque." in html
    assert f'name="passage" value="{version.pk}-3"' in html
    assert not Echange.objects.exists()


@pytest.mark.parametrize(
    "value", ["", "x", "-", "{pk}", "{pk}-", "{pk}-99", "{pk}--1", "{pk}-²", "1{pk}-0", "{pk}-0-0"]
)
def test_no_other_words_are_a_place(value: str, page: RessourcePage) -> None:
    version = VersionFichier.objects.get(numero=2)
    assert read_place(value.format(pk=version.pk), [version]) is None


def test_a_paragraph_of_another_document_is_no_place(
    reviewer: Client, page: RessourcePage, distribution: Distribution
) -> None:
    other = make_version(make_ressource(fichiers=0, diffusion=["elus"]).fichiers.create(), "Un secret des élus")
    write(reviewer, distribution.responsable, page, remarque="Voilà", endroit="", passage=f"{other.pk}-0")
    remark = Echange.objects.get()
    assert (remark.citation, remark.version, remark.rang) == ("", None, None)


def test_a_place_has_its_quote(page: RessourcePage, distribution: Distribution) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Echange.objects.create(page=page, auteur=distribution.responsable, texte="Oui", rang=3)


def test_the_whole_text_with_what_was_removed_where_it_stood() -> None:
    found = compare(AVANT, APRES).texte
    assert [(one.genre, one.sur, one.rang) for one in found] == [
        (None, 1, 0),
        (Genre.MODIFIE, 1, 1),
        (Genre.RETIRE, 1, None),
        (None, 2, 2),
        (None, 2, 3),
        (Genre.AJOUTE, 2, 4),
    ]
    assert [one.sur for one in compare("Ouverture\nSuite", "Suite").texte] == [1, 1]
    assert [one.genre for one in compare("Tout", "").texte] == [Genre.RETIRE]

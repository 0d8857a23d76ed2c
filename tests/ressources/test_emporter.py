"""« Emporter »: what is chosen, prepared, told; the table of the list."""

import io
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from openpyxl import load_workbook

from collectivites.diffusion import code_collectivite
from collectivites.models import EntreeJournal, Theme
from extranet.lib.archive import safe_names
from ressources import menage
from ressources.emporter import choix, lots
from ressources.enums import Licence
from ressources.models import Favori, Lot, PieceLot, RessourcePage, VersionFichier
from ressources.models.emport import PATIENCE, VIE
from ressources.tasks import preparer_lot
from tests.distribution import Distribution
from tests.formations.formulaires import post, said
from tests.ressources.deposes import bytes_of
from tests.ressources.factories import fetch, make_ressource
from tests.ressources.lots import PAGE, make_lot, taken, version_of, words
from tests.ressources.photos import agreed, make_photo
from tests.sessions import open_session

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(distribution: Distribution) -> Client:
    return open_session(distribution.agent_a)


def test_ticked_documents_are_prepared_then_taken(client: Client, distribution: Distribution) -> None:
    one, two = make_ressource("Bail rural"), make_ressource("Arrêté : voirie 12/26")
    left = make_ressource("Laissé")
    html = client.get(PAGE).content.decode()
    assert all(page.title in html.replace("&#x27;", "'") for page in (one, two, left))
    answer = post(client, PAGE, fiche=[one.pk, two.pk])
    lot = Lot.objects.get()
    assert lot.titre == "Toutes les ressources, 2 documents"
    assert answer["Location"] == f"{PAGE}{lot.pk}/"
    shown = client.get(answer["Location"])
    assert "L’archive se prépare" in said(shown)
    assert "0 fichier relu sur 2" in said(shown)
    assert 'hx-trigger="every 2s"' in shown.content.decode()
    assert client.get(f"{PAGE}{lot.pk}/archive.zip").status_code == 302
    assert preparer_lot.func(str(lot.pk)) == 2
    assert "L’archive est prête" in said(client.get(answer["Location"]))
    found = taken(client, lot)
    assert list(found) == ["Arrêté - voirie 12-26.pdf", "Bail rural.pdf", "contenu.txt"]
    assert found["Bail rural.pdf"] == bytes_of(version_of(one).file)


def test_what_was_asked_and_may_not_be_seen_is_never_in_a_lot(client: Client, distribution: Distribution) -> None:
    hidden = make_ressource("Caché", diffusion=[code_collectivite(distribution.b.pk)])
    shown = make_ressource("Vu")
    assert post(client, f"{PAGE}?fiche={hidden.pk}&fiche={shown.pk}", fiche=[hidden.pk, shown.pk]).status_code == 302
    assert [piece.version for piece in PieceLot.objects.all()] == [version_of(shown)]
    html = client.get(f"{PAGE}?fiche={hidden.pk}&fiche={shown.pk}").content.decode()
    assert "Caché" not in html
    assert "1 fichier," in html
    counted = client.get(f"{PAGE}compte/?fiche={hidden.pk}").content.decode()
    assert "Aucun fichier coché" in counted


def test_a_lot_is_its_askers_alone_for_a_day(client: Client, distribution: Distribution) -> None:
    lot = make_lot(distribution.agent_a, make_ressource("Un"))
    other = open_session(distribution.responsable)
    for address in (f"{PAGE}{lot.pk}/", f"{PAGE}{lot.pk}/archive.zip"):
        assert other.get(address).status_code == 404
        assert Client().get(address).status_code == 302
        assert fetch(client, address).status_code == 200
    Lot.objects.update(created_at=timezone.now() - VIE - timedelta(minutes=1))
    assert client.get(f"{PAGE}{lot.pk}/archive.zip").status_code == 404
    menage.tidy()
    assert not Lot.objects.exists()
    assert not PieceLot.objects.exists()


def test_preparing_goes_on_where_it_was_left(distribution: Distribution) -> None:
    pages = [make_ressource() for _ in range(3)]
    lot = lots.create(distribution.agent_a, "Trois", [version_of(page) for page in pages])
    done = lot.pieces.first()
    PieceLot.objects.filter(pk=done.pk).update(lue=True, crc=7)
    assert lots.prepare(lot) == 3
    assert PieceLot.objects.get(pk=done.pk).crc == 7
    before = Lot.objects.get().pret_le
    assert preparer_lot.func(str(lot.pk)) == 0
    assert Lot.objects.get().pret_le == before


def test_one_that_never_gets_ready_says_so(client: Client, distribution: Distribution) -> None:
    lot = lots.create(distribution.agent_a, "Un", [version_of(make_ressource())])
    Lot.objects.update(created_at=timezone.now() - PATIENCE - timedelta(minutes=1))
    shown = client.get(f"{PAGE}{lot.pk}/")
    assert "n’a pas abouti" in said(shown)
    assert "hx-trigger" not in shown.content.decode()[shown.content.decode().index('id="lot"') :][:300]


@pytest.mark.parametrize(
    ("limits", "sentence"),
    [
        ({"MAX_FICHIERS": 1}, "Une archive compte 1 fichiers au plus, il y en a 2"),
        ({"MAX_POIDS": 100}, "Une archive pèse"),
    ],
)
def test_limits_are_told_before_and_nothing_ticked_is_lost(
    limits: dict, sentence: str, client: Client, distribution: Distribution, monkeypatch: pytest.MonkeyPatch
) -> None:
    pages = [make_ressource("Un"), make_ressource("Deux"), make_ressource("Trois")]
    for name, value in limits.items():
        monkeypatch.setattr(choix, name, value)
    answer = post(client, PAGE, fiche=[page.pk for page in pages[:2]])
    assert answer.status_code == 422
    assert sentence in said(answer)
    html = answer.content.decode()
    assert [f'value="{page.pk}" checked' in html for page in pages] == [True, True, False]
    assert not Lot.objects.exists()
    assert "Aucun fichier n’est choisi" in said(post(client, PAGE))


def test_nothing_is_ticked_for_who_wants_a_few(client: Client, distribution: Distribution) -> None:
    page = make_ressource("Un")
    theme = page.theme.slug
    html = client.get(f"{PAGE}?theme={theme}").content.decode()
    assert f"?theme={theme}&amp;rien=1" in html
    html = client.get(f"{PAGE}?theme={theme}&rien=1").content.decode()
    assert f'value="{page.pk}">' in html
    assert "Aucun fichier coché" in html
    assert f'href="?theme={theme}"' in html


def test_a_list_longer_than_an_archive_says_so(
    client: Client, distribution: Distribution, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(3):
        make_ressource()
    monkeypatch.setattr("ressources.views.emporter.MAX_FICHIERS", 2)
    assert "3 documents répondent. Voici les 2 premiers" in said(client.get(PAGE))


def test_favourites_a_theme_and_words_are_taken(client: Client, distribution: Distribution) -> None:
    theme = Theme.objects.last()
    kept, themed, named = make_ressource("Gardé"), make_ressource("Rangé", theme=theme), make_ressource("Girouette")
    Favori.objects.create(page=kept, agent=distribution.agent_a)
    for address, shown in {
        f"{PAGE}?favoris=1": kept,
        f"{PAGE}?theme={theme.slug}": themed,
        f"{PAGE}?q=girouette": named,
        f"{PAGE}?fiche={named.pk}&fiche=abc&fiche=99999999": named,
    }.items():
        html = client.get(address).content.decode()
        assert [page.title in html for page in (kept, themed, named)] == [
            page == shown for page in (kept, themed, named)
        ]
    assert "Aucun favori à emporter" in said(open_session(distribution.secretaire_b).get(f"{PAGE}?favoris=1"))
    assert "Aucun document à emporter" in said(client.get(f"{PAGE}?q=introuvablissime"))


def test_names_of_one_sheet_and_twins_are_told_apart(distribution: Distribution) -> None:
    page = make_ressource("Bail", fichiers=2)
    twin = make_ressource("Bail")
    versions = list(VersionFichier.objects.filter(fichier__page__in=[page, twin]).order_by("fichier_id"))
    lot = lots.create(distribution.agent_a, "Baux", versions)
    assert list(lot.pieces.values_list("chemin", flat=True)) == ["Bail.pdf", "Bail, Annexe 1.pdf", "Bail (2).pdf"]
    assert safe_names(["contenu.txt", "Contenu.txt"])[1] == "Contenu (2).txt"


def test_photos_leave_with_their_credit_their_licence_and_the_end_of_the_agreement(
    client: Client, distribution: Distribution
) -> None:
    given = {"lieu": "Place basse", "prise_le": date(2025, 7, 14), "collectivite": distribution.a}
    asked = make_photo("Le marché", credit="Mairie d’Aval", licence=Licence.CC_BY, **given, **agreed())
    free = make_photo("Le lavoir", licence=Licence.CC_BY, **given)
    lot = make_lot(distribution.agent_a, asked.page, free.page)
    told = words(taken(client, lot)).replace("\r\n", "\n")
    fin = f"{asked.accord_fin:%d/%m/%Y}"
    for line in (
        "  Crédit : « Le marché », Mairie d’Aval, CC BY 4.0\n  Droits : CC BY 4.0\n",
        "  Lieu : Place basse, Aval, prise le 14/07/2025\n",
        f"qui sont d’accord, accord jusqu’au {fin} ; elle ne se donne à personne d’autre.",
        "  Droits : CC BY 4.0. Tout le monde peut la reprendre, en donnant le crédit.\n",
    ):
        assert line in told, line
    many = make_lot(distribution.agent_a, asked.page, free.page, *(make_photo(f"Pont {n}").page for n in range(4)))
    counts = []
    for one in (lot, lot, many):
        with CaptureQueriesContext(connection) as queries:
            lots.Envoi(one, distribution.agent_a, distribution.a, "")
        counts.append(len(queries))
    assert counts[1] == counts[2]


def test_from_the_photos_one_goes_back_to_the_photos(client: Client, distribution: Distribution) -> None:
    photo, document = make_photo().page, make_ressource()
    links = [
        client.get(f"{PAGE}?{asked}").content.decode().count('href="/ressources/photos/"')
        for asked in (f"fiche={photo.pk}&fiche={document.pk}", f"fiche={photo.pk}")
    ]
    assert links[1] - links[0] == 2, "the step of the breadcrumb, and « Changer la liste »"


def test_the_pages_cost_the_same_whatever_the_number(
    client: Client, distribution: Distribution, django_assert_max_num_queries: object
) -> None:
    counts = {}
    make_ressource()
    client.get(PAGE)
    client.get(f"{PAGE}tableau.xlsx")
    for number in (1, 10):
        while RessourcePage.objects.count() < number:
            make_ressource()
        lot = make_lot(distribution.agent_a, *RessourcePage.objects.all())
        for address in (PAGE, f"{PAGE}{lot.pk}/", f"{PAGE}tableau.xlsx"):
            with django_assert_max_num_queries(40) as queries:
                client.get(address)
            counts.setdefault(address.replace(str(lot.pk), ""), set()).add(len(queries))
    assert all(len(found) == 1 for found in counts.values()), counts


def test_the_table_has_the_list_as_it_is_filtered(client: Client, distribution: Distribution) -> None:
    theme = Theme.objects.last()
    make_ressource("=1+1", theme=theme, collectivite=distribution.b, resume="@SUM(A1)", licence="cc-by-4.0")
    make_ressource("Ailleurs")
    make_ressource("Caché", theme=theme, diffusion=[code_collectivite(distribution.b.pk)])
    response = client.get(f"{PAGE}tableau.xlsx?theme={theme.slug}")
    assert response["Content-Disposition"].startswith('attachment; filename="ressources-')
    sheet = load_workbook(io.BytesIO(response.content)).active
    titles, *rows = sheet.iter_rows(values_only=True)
    found = [dict(zip(titles, row, strict=True)) for row in rows]
    assert [one["Titre"] for one in found] == ["'=1+1"]
    assert found[0]["À quoi ça sert"] == "'@SUM(A1)"
    assert (found[0]["Collectivité"], found[0]["Version"], found[0]["Fiabilité"]) == ("Bourg", 1, "à jour")
    assert found[0]["Publié le"].date() == timezone.localdate()
    line = EntreeJournal.objects.get(acte="ressource.emportee")
    assert line.donnees == {"fiches": 1}


def test_an_empty_or_endless_table_is_refused_in_words(
    client: Client, distribution: Distribution, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert client.get(f"{PAGE}tableau.xlsx?q=rien")["Location"] == f"{PAGE}?q=rien"
    assert "il n’y a rien à emporter" in said(client.get(PAGE))
    make_ressource()
    make_ressource()
    monkeypatch.setattr("ressources.views.emporter.MAX_LIGNES", 1)
    assert client.get(f"{PAGE}tableau.xlsx").status_code == 302
    assert "Le tableau compte 1 lignes au plus, la liste en a 2" in said(client.get(PAGE))

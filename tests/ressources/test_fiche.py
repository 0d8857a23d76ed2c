"""The sheet of a document: what it says, its files, its log, its preview."""

import pytest
from django.db import connection
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import URLPattern
from django.utils import timezone

from collectivites.diffusion import code_collectivite
from collectivites.models import Expertise, Theme
from extranet.lib.francais import jour
from ressources import apercus, urls
from ressources.enums import StatutVersion
from ressources.models import Fichier, Reprise, RessourcePage, Telechargement, TypeRessource, VersionFichier
from ressources.models.ressource import ADRESSES_PRISES
from ressources.views.fiche import fiche
from tests.distribution import Distribution
from tests.fichiers import documents
from tests.ressources.factories import fetch, make_ressource, make_version, picture
from tests.sessions import open_session


@pytest.fixture
def client(distribution: Distribution) -> Client:
    return open_session(distribution.agent_a)


def html_of(client: Client, page: RessourcePage, query: str = "") -> str:
    response = client.get(f"{page.url}{query}")
    assert response.status_code == 200
    return response.content.decode().replace("\u00a0", " ").replace("&nbsp;", " ")


def test_the_sheet_says_what_it_is(client: Client, distribution: Distribution) -> None:
    page = make_ressource(
        "Règlement du cimetière",
        "Article premier\nLe cimetière est ouvert.",
        resume="À adapter avant le conseil.",
        collectivite=distribution.a,
        referent=distribution.secretaire_b,
        verifie_le=timezone.localdate(),
        verifie_par="Le service juridique",
        avant_adoption="- Complétez les crochets\n\n- Votez les tarifs",
        reference_texte="CGCT, article L. 2213-7",
        credit="Mairie d’Aval",
    )
    html = html_of(client, page)
    for said in (
        *("À adapter avant le conseil.", "Le service juridique", "Complétez les crochets", "Votez les tarifs"),
        *("Simone Bourg", "CGCT, article L. 2213-7", "Crédit : Mairie d’Aval", "À jour au", "Télécharger", "(PDF, "),
    ):
        assert said in html
    assert html.count("<h1>") == 1


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"perime_le": timezone.localdate()}, "Ce document est périmé."),
        ({"a_verifier_avant": timezone.localdate()}, "Ce document est à vérifier."),
        ({"avertissement": "Texte de novembre 2020, le droit a changé."}, "Texte de novembre 2020"),
    ],
)
def test_the_sheet_warns(fields: dict, said: str, client: Client, distribution: Distribution) -> None:
    assert said in html_of(client, make_ressource(**fields))


def test_what_replaces_it_is_named_to_those_who_may_open_it(client: Client, distribution: Distribution) -> None:
    new = make_ressource("Le nouveau règlement")
    assert "Le nouveau règlement" in html_of(client, make_ressource("Ancien", remplacee_par=new))
    hidden = make_ressource("Le règlement caché", diffusion=["elus"])
    html = html_of(client, make_ressource("Très ancien", remplacee_par=hidden))
    assert "Ce document est remplacé." in html
    assert "caché" not in html


def test_who_left_is_no_contact(client: Client, distribution: Distribution) -> None:
    page = make_ressource(collectivite=distribution.a, referent=distribution.sans_poste)
    html = html_of(client, page)
    assert "Sans Poste" not in html
    assert "Gisele Aval" in html


def test_versions_and_what_changed(client: Client, distribution: Distribution) -> None:
    page = make_ressource()
    fichier = page.fichiers.get()
    make_version(fichier, changements="Article 18 retouché")
    make_version(fichier, statut=StatutVersion.A_RELIRE, changements="Pas encore relu")
    make_version(fichier, statut=StatutVersion.RETIREE, changements="Retiré depuis", motif_retrait="faux")
    html = html_of(client, page)
    assert "Article 18 retouché" in html
    assert "Pas encore relu" not in html
    assert "Retiré depuis" not in html
    asked = open_session(distribution.responsable)
    editor = asked.get(page.url).content.decode()
    assert "Pas encore relu" in editor


def test_each_file_has_its_preview(client: Client, distribution: Distribution) -> None:
    page = make_ressource(fichiers=2)
    second = page.fichiers.last()
    make_version(second, "Les tarifs des concessions", nom="tarifs.txt")
    assert "Les tarifs des concessions" in html_of(client, page, f"?fichier={second.pk}")
    assert client.get(f"{page.url}?fichier=n'importe").status_code == 200


def test_a_sheet_that_nobody_verified_says_that_it_is_published(client: Client, distribution: Distribution) -> None:
    today = jour(timezone.localdate())
    page = make_ressource("Compte épargne-temps")
    badge = f"Publié le {today}".replace("\u00a0", " ")
    assert badge in html_of(client, page)
    RessourcePage.objects.filter(pk=page.pk).update(verifie_le=timezone.localdate(), verifie_par="le CDG")
    assert badge not in html_of(client, page)
    assert f"À jour au {today}".replace("\u00a0", " ") in html_of(client, page)
    RessourcePage.objects.filter(pk=page.pk).update(perime_le=timezone.localdate())
    assert badge not in html_of(client, page)


def test_the_blanks_of_a_model_stand_out(client: Client, distribution: Distribution) -> None:
    page = make_ressource(
        "Un modèle", "Le maire de [nom de la <b>commune</b>],\nouvert de [ … ] à [heure].", a_remplir=True
    )
    html = html_of(client, page)
    assert "<p>Le maire de <mark>[nom de la &lt;b&gt;commune&lt;/b&gt;]</mark>,</p>" in html
    assert "<p>ouvert de <mark>[ … ]</mark> à <mark>[heure]</mark>.</p>" in html
    version = page.fichiers.get().versions.get()
    assert "<mark>[heure]</mark>" in client.get(f"/ressources/versions/{version.pk}/apercu/").content.decode()


def test_the_brackets_of_what_is_no_model_are_words(client: Client, distribution: Distribution) -> None:
    page = make_ressource("Un texte", "Article 3 [abrogé] <b>\nArticle 4.")
    assert "<p>Article 3 [abrogé] &lt;b&gt;</p>" in html_of(client, page)


def test_a_table_is_a_table(client: Client, distribution: Distribution) -> None:
    page = make_ressource(fichiers=0)
    make_version(Fichier.objects.create(page=page), "Commune\tHabitants\nAval\t<b>700</b>", nom="tableau.xlsx")
    html = html_of(client, page)
    assert "<td>Commune</td><td>Habitants</td>" in html
    assert "&lt;b&gt;700" in html


def test_the_pages_of_a_pdf_are_drawn_once_and_served_to_readers(client: Client, distribution: Distribution) -> None:
    page = make_ressource(fichiers=0, diffusion=[code_collectivite(distribution.a.pk)])
    version = make_version(Fichier.objects.create(page=page), contenu=documents.pdf("= Règlement"), nom="scan.pdf")
    assert "hx-get" in html_of(client, page)
    assert apercus.draw(version) >= 1
    url = f"/ressources/versions/{version.pk}/page-1/"
    assert url in html_of(client, page)
    answer = fetch(client, url)
    assert answer["Content-Type"] == "image/webp"
    assert answer.data[:4] == b"RIFF"
    assert client.get(f"/ressources/versions/{version.pk}/page-9/").status_code == 404
    other = open_session(distribution.elue_b)
    assert other.get(url).status_code == 404
    assert other.get(f"/ressources/versions/{version.pk}/apercu/").status_code == 404
    assert "page-1" in client.get(f"/ressources/versions/{version.pk}/apercu/?essai=2").content.decode()


def test_a_photo_is_seen_without_being_a_copy(client: Client, distribution: Distribution) -> None:
    page = make_ressource(fichiers=0)
    photo = make_version(Fichier.objects.create(page=page), contenu=picture(), nom="lavoir.jpg")
    url = f"/ressources/versions/{photo.pk}/page-0/"
    assert url in html_of(client, page)
    assert fetch(client, url)["Content-Type"] == "image/jpeg"
    assert not Telechargement.objects.exists()


def test_pictures_of_no_version_are_swept(distribution: Distribution) -> None:
    page = make_ressource(fichiers=0)
    fichier = Fichier.objects.create(page=page)
    kept, lost = (make_version(fichier, contenu=documents.pdf(f"= {n}")) for n in (1, 2))
    assert apercus.draw(kept) == apercus.draw(lost) == 1
    VersionFichier.objects.filter(pk=lost.pk).delete()
    assert apercus.sweep() >= 1
    assert apercus.drawn(kept) == [1]
    assert apercus.drawn(lost) == []


def test_a_sheet_that_was_never_saved_is_previewed_in_the_admin(distribution: Distribution) -> None:
    request = RequestFactory().get("/")
    request.user, request.poste, request.collectivite = distribution.responsable, None, None
    request.session, request.htmx = {}, None
    page = RessourcePage(
        title="Brouillon jamais gardé",
        slug="neuf",
        collectivite=distribution.a,
        theme=Theme.objects.first(),
        type=TypeRessource.objects.first(),
    )
    html = fiche(request, page).content.decode()
    assert "Brouillon jamais gardé" in html


def test_a_preview_that_never_comes_is_no_longer_asked_for(client: Client, distribution: Distribution) -> None:
    version = VersionFichier.objects.get(fichier__page=make_ressource(texte="Bonjour"))
    url = f"/ressources/versions/{version.pk}/apercu/"
    assert "hx-get" in client.get(f"{url}?essai=3").content.decode()
    assert "hx-get" not in client.get(f"{url}?essai=10").content.decode()
    assert "hx-get" not in client.get(f"{url}?essai=²").content.decode()


def test_as_many_queries_whatever_is_said_around(client: Client, distribution: Distribution) -> None:
    page = make_ressource(fichiers=3)
    _talk(page, distribution, [distribution.a], 1)
    few = _queries(client, page)
    # On PostgreSQL the cache stands in the database too.
    assert few <= (50 if connection.vendor == "postgresql" else 43)
    _talk(page, distribution, [distribution.b, distribution.epci], 6)
    assert _queries(client, page) == few


def _talk(page: RessourcePage, distribution: Distribution, places: list, number: int) -> None:
    for place in places:
        Reprise.objects.create(page=page, collectivite=place, agent=distribution.agent_a)
    for fichier in page.fichiers.all():
        for _ in range(number):
            make_version(fichier)
    for rank in range(number):
        said = page.echanges.create(auteur=distribution.elue_b, collectivite=distribution.b, texte=f"Question {rank}")
        page.echanges.create(auteur=distribution.agent_a, texte=f"Réponse {rank}", reponse_a=said)
    page.liees.set([make_ressource() for _ in range(number)])
    page.save()


def _queries(client: Client, page: RessourcePage) -> int:
    client.get(page.url)
    with CaptureQueriesContext(connection) as found:
        client.get(page.url)
    return len(found)


def test_the_theme_page_knows_its_referents(client: Client, distribution: Distribution) -> None:
    page = make_ressource("Convention", referent=distribution.secretaire_b)
    Expertise.objects.create(agent=distribution.agent_a, theme=page.theme, libelle="Cimetières")
    html = client.get(f"/ressources/themes/{page.theme.slug}/").content.decode()
    assert "Convention" in html
    assert "Simone Bourg" in html
    assert "Suivre" in html
    assert client.get("/ressources/themes/licorne/").status_code == 404


def test_the_reserved_addresses_are_those_of_the_site() -> None:
    routes = [pattern.pattern._route.removeprefix("ressources/") for pattern in urls.urlpatterns if _is_under(pattern)]
    first = {route.partition("/")[0] for route in routes}
    assert {word for word in first if word and not word.startswith("<")} == ADRESSES_PRISES


def _is_under(pattern: URLPattern) -> bool:
    return pattern.pattern._route.startswith("ressources/")


def test_a_reserved_address_is_refused(distribution: Distribution) -> None:
    page = make_ressource()
    page.slug = "deposer"
    with pytest.raises(Exception, match="partie du site"):
        page.full_clean()

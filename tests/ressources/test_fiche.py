"""The sheet of a document: what it says, its files, its log, its preview."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.db import connection
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from collectivites.diffusion import code_collectivite
from collectivites.models import Expertise, Theme
from ressources import apercus
from ressources.enums import Examen, StatutVersion
from ressources.models import Fichier, Reprise, RessourcePage, Telechargement, TypeRessource, VersionFichier
from ressources.views.fiche import fiche
from tests.distribution import Distribution
from tests.fichiers import documents
from tests.ressources.factories import PDF, fetch, make_ressource, make_version, picture
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


def test_a_table_is_a_table(client: Client, distribution: Distribution) -> None:
    page = make_ressource(fichiers=0)
    make_version(Fichier.objects.create(page=page), "Commune\tHabitants\nAval\t<b>700</b>", nom="tableau.xlsx")
    html = html_of(client, page)
    assert "<td>Commune</td><td>Habitants</td>" in html
    assert "&lt;b&gt;700" in html


def test_a_file_is_sent_under_its_name_and_logged_once_a_day(client: Client, distribution: Distribution) -> None:
    page = make_ressource()
    version = VersionFichier.objects.get(fichier__page=page)
    for _ in range(3):
        response = fetch(client, version.get_absolute_url())
    assert response.data.startswith(b"%PDF")
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "modele.pdf" in response["Content-Disposition"]
    assert response["ETag"] == f'"{version.sha256}"'
    row = Telechargement.objects.get()
    assert (row.version, row.agent, row.collectivite) == (version, distribution.agent_a, distribution.a)
    Telechargement.objects.update(jour=timezone.localdate() - timedelta(days=1))
    fetch(client, version.get_absolute_url())
    assert Telechargement.objects.count() == 2


@pytest.mark.parametrize(
    ("headers", "status", "copies"),
    [
        ({"Range": "bytes=100-"}, 206, 0),
        ({"Range": "bytes=-50"}, 206, 0),
        ({"Range": "bytes=0-50"}, 206, 1),
        ({"Range": "bytes=99999999-"}, 416, 0),
        ({}, 200, 1),
    ],
)
def test_only_the_beginning_of_a_file_is_a_copy(
    headers: dict, status: int, copies: int, client: Client, distribution: Distribution
) -> None:
    version = VersionFichier.objects.get(fichier__page=make_ressource())
    assert fetch(client, version.get_absolute_url(), headers=headers).status_code == status
    assert Telechargement.objects.count() == copies


def test_what_is_known_or_only_asked_about_is_no_copy(client: Client, distribution: Distribution) -> None:
    version = VersionFichier.objects.get(fichier__page=make_ressource())
    assert client.head(version.get_absolute_url()).status_code == 200
    known = fetch(client, version.get_absolute_url(), headers={"If-None-Match": f'"{version.sha256}"'})
    assert known.status_code == 304
    assert Telechargement.objects.count() == 0


def test_a_copy_is_for_the_commune_for_which_one_acts(distribution: Distribution) -> None:
    client = open_session(distribution.partage_ab)
    version = VersionFichier.objects.get(fichier__page=make_ressource())
    fetch(client, version.get_absolute_url())
    poste = next(p for p in distribution.partage_ab.postes_en_cours if p.collectivite == distribution.b)
    session = client.session
    session["poste"] = poste.pk
    session.save()
    fetch(client, version.get_absolute_url())
    assert {row.collectivite for row in Telechargement.objects.all()} == {distribution.a, distribution.b}


def test_an_old_name_leads_to_the_present_one(client: Client, distribution: Distribution) -> None:
    version = VersionFichier.objects.get(fichier__page=make_ressource())
    response = client.get(f"/ressources/fichiers/{version.pk}/ancien.pdf")
    assert response["Location"] == version.get_absolute_url()


def test_what_the_antivirus_has_not_cleared_is_given_to_nobody(distribution: Distribution) -> None:
    page = make_ressource(fichiers=0, owner=distribution.agent_a)
    held = make_version(Fichier.objects.create(page=page), examen=Examen.EN_ATTENTE)
    for agent in (distribution.agent_a, distribution.responsable, distribution.administrateur):
        assert open_session(agent).get(held.get_absolute_url()).status_code == 404


def test_a_lost_file_is_not_found(client: Client, distribution: Distribution) -> None:
    version = VersionFichier.objects.get(fichier__page=make_ressource())
    Path(version.file.path).unlink()
    assert client.get(version.get_absolute_url()).status_code == 404


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


def test_the_log_tells_communes_and_nobody(distribution: Distribution) -> None:
    page = make_ressource(collectivite=distribution.a, owner=distribution.agent_a)
    version = VersionFichier.objects.get(fichier__page=page)
    fetch(open_session(distribution.secretaire_b), version.get_absolute_url())
    html = open_session(distribution.agent_a).get(f"/ressources/{page.pk}/telechargements/").content.decode()
    main = html[html.index("<main") :]
    assert "Bourg" in main
    assert "Simone" not in main
    assert open_session(distribution.secretaire_b).get(f"/ressources/{page.pk}/telechargements/").status_code == 403
    page.live = False
    page.save()
    assert open_session(distribution.secretaire_b).get(f"/ressources/{page.pk}/telechargements/").status_code == 404


def test_the_log_tells_the_last_version_of_each(distribution: Distribution) -> None:
    page = make_ressource(owner=distribution.agent_a)
    fichier = page.fichiers.get()
    reader = open_session(distribution.secretaire_b)
    fetch(reader, fichier.versions.get().get_absolute_url())
    client = open_session(distribution.agent_a)
    assert "actuelle" in client.get(f"/ressources/{page.pk}/telechargements/").content.decode()
    make_version(fichier)
    assert "dépassée" in client.get(f"/ressources/{page.pk}/telechargements/").content.decode()


def test_an_act_is_for_the_readers_of_the_sheet(distribution: Distribution) -> None:
    page = make_ressource(diffusion=[code_collectivite(distribution.a.pk)], collectivite=distribution.a)
    reprise = Reprise.objects.create(
        page=page,
        collectivite=distribution.a,
        agent=distribution.agent_a,
        acte=ContentFile(PDF, "x.pdf"),
        acte_nom="Délibération.pdf",
    )
    url = f"/ressources/actes/{reprise.pk}/"
    assert fetch(open_session(distribution.agent_a), url).data == PDF
    assert open_session(distribution.secretaire_b).get(url).status_code == 404


def test_as_many_queries_whatever_is_said_around(client: Client, distribution: Distribution) -> None:
    page = make_ressource(fichiers=3)
    _talk(page, distribution, [distribution.a], 1)
    few = _queries(client, page)
    assert few <= 45
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


def test_a_reserved_address_is_refused(distribution: Distribution) -> None:
    page = make_ressource()
    page.slug = "deposer"
    with pytest.raises(Exception, match="partie du site"):
        page.full_clean()

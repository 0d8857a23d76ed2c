"""What a deposit becomes: twins told to whom may see them, one document a file, reviewed or published."""

import errno
from unittest.mock import patch

import pytest
from django.core.files.storage import FileSystemStorage
from django.urls import reverse

from collectivites.diffusion import ELUS, TOUTES, code_collectivite
from collectivites.models import Theme
from ressources.enums import Analyse, Confiance, Partage, StatutVersion
from ressources.models import ReglagesRessources, RessourcePage, VersionFichier
from tests.distribution import Distribution
from tests.fichiers import documents
from tests.ressources.deposes import Deposant, files_on_disk, reglement
from tests.ressources.factories import make_ressource, make_version
from tests.sessions import open_session

pytestmark = pytest.mark.django_db


@pytest.fixture
def alain(distribution: Distribution) -> Deposant:
    return Deposant(open_session(distribution.agent_a))


def plain(html: bytes) -> str:
    return html.decode().replace("\u00a0", " ")


class TestTwins:
    def test_the_same_bytes_show_the_twin(self, distribution: Distribution, alain: Deposant) -> None:
        page = make_ressource("Salle des fêtes, le règlement", diffusion=[TOUTES], fichiers=0)
        make_version(page.fichiers.create(), contenu=reglement())
        html = plain(alain.drop("reglement.pdf", reglement()).content)
        assert "C’est, octet pour octet" in html
        assert "Salle des fêtes, le règlement" in html

    @pytest.mark.parametrize("change", ["", "Avec un article de plus."], ids=["octets", "texte"])
    def test_a_twin_that_one_may_not_read_is_never_told(
        self, distribution: Distribution, alain: Deposant, change: str
    ) -> None:
        """Alain is no élu: neither the bytes nor the title betray what they hold."""
        page = make_ressource("Règlement de la salle des fêtes", "texte", diffusion=[ELUS], fichiers=0)
        make_version(page.fichiers.create(), "La salle des fêtes est louée", contenu=reglement())
        html = plain(alain.drop("reglement.pdf", reglement(change)).content)
        assert alain.lines[0].jumeau is None
        assert "Déjà là" not in html

    def test_a_twin_closed_since_is_not_told(self, distribution: Distribution, alain: Deposant) -> None:
        page = make_ressource("Un titre que l’on cache", diffusion=[TOUTES], fichiers=0)
        make_version(page.fichiers.create(), contenu=reglement())
        alain.drop("reglement.pdf", reglement())
        page.diffusion = [ELUS]
        page.save()
        assert "Un titre que l’on cache" not in alain.client.get(alain.page).content.decode()

    def test_a_near_text_is_a_new_version_for_whom_may_change_it(
        self, distribution: Distribution, alain: Deposant
    ) -> None:
        page = make_ressource(
            "Règlement de la salle", diffusion=[TOUTES], owner=distribution.agent_a, collectivite=distribution.a
        )
        alain.drop("v1.pdf", reglement())
        text = alain.lines[0].texte
        VersionFichier.objects.filter(fichier__page=page).update(texte=text)
        second = Deposant(alain.client)
        html = plain(second.drop("v2.pdf", reglement("Les poubelles sont triées.")).content)
        assert "Est-ce une nouvelle version de" in html
        line = second.lines[0]
        sent = second.send(**{f"f{line.pk}-changements": "Les poubelles"})
        assert sent.status_code == 302, sent.context["fautes"]
        last = VersionFichier.objects.filter(fichier__page=page).first()
        assert (last.numero, last.changements, last.statut) == (2, "Les poubelles", StatutVersion.A_RELIRE)
        assert RessourcePage.objects.get(pk=page.pk).workflow_in_progress
        assert RessourcePage.objects.filter(title__startswith="Règlement").count() == 1

    def test_a_version_of_the_document_of_others_is_not_offered(
        self, distribution: Distribution, alain: Deposant
    ) -> None:
        page = make_ressource("Règlement de la salle des fêtes", diffusion=[TOUTES], fichiers=0)
        make_version(page.fichiers.create(), contenu=b"autre", texte="")
        html = plain(alain.drop("reglement.pdf", reglement()).content)
        assert "Est-ce une nouvelle version" not in html
        forged = alain.answers(**{f"f{alain.lines[0].pk}-jumeau": "version", f"f{alain.lines[0].pk}-type": "1"})
        assert alain.client.post(alain.page, forged).status_code == 302
        assert page.fichiers.get().versions.count() == 1


class TestSending:
    def test_what_is_missing_is_asked(self, alain: Deposant) -> None:
        alain.drop("Scan_20261007.pdf", documents.scan(1))
        line = alain.lines[0]
        assert (line.analyse, line.titre_propose) == (Analyse.NUMERISE, "")
        html = plain(alain.client.get(alain.page).content)
        assert "Il manque le titre, le thème et le type de « Scan_20261007.pdf »" in html
        response = alain.send()
        assert response.status_code == 200
        assert len(response.context["fautes"]) == 3
        assert not RessourcePage.objects.exists()

    def test_who_will_read_is_counted(self, distribution: Distribution, alain: Deposant) -> None:
        url = reverse("ressources:lecteurs")
        html = plain(alain.client.get(url, {"qui": "communes", "communes": [distribution.b.pk]}).content)
        assert "3 personnes pourront lire" in html
        assert "Personne hors de l’extranet." in html
        assert "Personne ne les lirait" in plain(alain.client.get(url, {"qui": "communes"}).content)

    @pytest.mark.parametrize(
        ("partage", "said"),
        [
            (Partage.PERSONNE, "reprendre. Personne hors de l’extranet."),
            (Partage.GARDIENS, "un lien qui expire, donné par qui s’occupe du document."),
            (Partage.LECTEURS, "s’occupe du document ou, si sa licence le permet, par un de ses lecteurs."),
        ],
    )
    def test_who_may_be_given_it_outside_is_said_as_it_is(self, partage: Partage, said: str, alain: Deposant) -> None:
        ReglagesRessources.objects.update_or_create(pk=1, defaults={"partage": partage})
        assert said in plain(alain.client.get(reverse("ressources:lecteurs"), {"qui": "toutes"}).content)

    def test_chosen_communes_are_the_diffusion(self, distribution: Distribution, alain: Deposant) -> None:
        alain.drop("reglement.pdf", reglement())
        kind = {f"f{alain.lines[0].pk}-type": "1"}
        assert alain.send(qui="communes", **kind).status_code == 200
        assert alain.send(qui="communes", communes=[distribution.b.pk], **kind).status_code == 302
        assert RessourcePage.objects.get().diffusion == [code_collectivite(distribution.b.pk)]

    def test_those_that_are_chosen_are_called_what_they_are(self, distribution: Distribution, alain: Deposant) -> None:
        """The intercommunalité is among them, and is no commune."""
        alain.drop("reglement.pdf", reglement())
        html = plain(alain.client.get(alain.page).content)
        choices = html.partition("Les collectivités choisies")[2]
        assert distribution.epci.nom in choices
        assert "Les communes choisies" not in html
        refused = plain(alain.send(qui="communes").content)
        assert "Cochez au moins une collectivité." in refused

    def test_a_network_of_others_cannot_be_chosen(self, alain: Deposant) -> None:
        alain.drop("reglement.pdf", reglement())
        assert alain.send(qui="reseaux", reseaux=["1"]).status_code == 200
        assert not RessourcePage.objects.exists()

    def test_a_draft_is_not_reviewed(self, alain: Deposant) -> None:
        alain.drop("reglement.pdf", reglement())
        alain.send(brouillon="1", **{f"f{alain.lines[0].pk}-type": "1"})
        page = RessourcePage.objects.get()
        assert (page.live, page.workflow_in_progress) == (False, False)
        assert VersionFichier.objects.get().statut == StatutVersion.A_RELIRE

    def test_a_trusted_depositor_publishes_at_once(self, distribution: Distribution, alain: Deposant) -> None:
        ReglagesRessources.objects.update_or_create(pk=1, defaults={"confiance": Confiance.TOUS})
        alain.drop("reglement.pdf", reglement())
        alain.send(**{f"f{alain.lines[0].pk}-type": "1"})
        page = RessourcePage.objects.get()
        assert page.live
        assert VersionFichier.objects.get().statut == StatutVersion.PUBLIEE
        assert RessourcePage.objects.visible_to(distribution.secretaire_b).filter(pk=page.pk).exists()

    def test_the_same_title_gets_another_address(self, alain: Deposant) -> None:
        for change in ("", " "):
            one = Deposant(alain.client)
            one.drop("reglement.pdf", reglement(change * 3 + "\nfin" * bool(change)))
            key = f"f{one.lines[0].pk}"
            assert one.send(**{f"{key}-type": "1", f"{key}-jumeau": "autre"}).status_code == 302
        assert sorted(RessourcePage.objects.values_list("slug", flat=True)) == [
            "reglement-de-la-salle-des-fetes",
            "reglement-de-la-salle-des-fetes-2",
        ]

    def test_a_title_that_is_an_address_of_ours_gets_another(self, alain: Deposant) -> None:
        alain.drop("themes.pdf", reglement(title="Thèmes"))
        alain.send(**{f"f{alain.lines[0].pk}-type": "1", f"f{alain.lines[0].pk}-theme": Theme.objects.first().pk})
        assert RessourcePage.objects.get().slug == "themes-2"

    def test_a_key_sends_once(self, alain: Deposant) -> None:
        alain.drop("reglement.pdf", reglement())
        asked = alain.answers(**{f"f{alain.lines[0].pk}-type": "1"})
        assert alain.client.post(alain.page, asked).status_code == 302
        assert alain.client.post(alain.page, asked).status_code == 302
        assert RessourcePage.objects.count() == 1

    def test_a_deposit_that_left_says_so_to_a_second_tab(self, alain: Deposant) -> None:
        """Its page, its form with a key of its own, a file dropped on it, a line asked again: none is an error page."""
        alain.drop("reglement.pdf", reglement())
        line = alain.lines[0].pk
        other_tab = alain.answers(**{f"f{line}-type": "1"})
        assert alain.send(**{f"f{line}-type": "1"}).status_code == 302
        home = reverse("ressources:document_list")
        for again in (lambda: alain.client.get(alain.page), lambda: alain.client.post(alain.page, other_tab)):
            answer = again()
            assert (answer.status_code, answer["Location"]) == (302, home)
            assert "Ce dépôt est déjà parti. Retrouvez" in alain.client.get(home).content.decode()
        dropped = alain.drop("plan.txt", b"Un plan.")
        assert (dropped.status_code, dropped["HX-Redirect"]) == (200, home)
        assert "sans le fichier que vous venez d’envoyer" in alain.client.get(home).content.decode()
        assert alain.drop("plan.txt", b"Un plan.", script=False)["Location"] == home
        asked = reverse("ressources:fichier_detail", args=[alain.key, line])
        assert alain.client.get(asked)["Location"] == home
        assert alain.lines == []
        assert RessourcePage.objects.count() == 1

    def test_a_disk_that_fills_up_at_the_end_makes_no_document(self, alain: Deposant) -> None:
        alain.drop("reglement.pdf", reglement())
        before = files_on_disk()
        with patch.object(FileSystemStorage, "_save", side_effect=OSError(errno.ENOSPC, "plein")):
            html = alain.send(**{f"f{alain.lines[0].pk}-type": "1"}).content.decode()
        assert "rien n’a été enregistré" in html
        assert files_on_disk() == before
        assert not RessourcePage.objects.exists()
        assert alain.send(**{f"f{alain.lines[0].pk}-type": "1"}).status_code == 302

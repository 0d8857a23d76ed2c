"""What changed from one version to another: what is shown, what cannot be, and to whom."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from collectivites.diffusion import ELUS
from ressources import differences
from ressources.comparaison import comparison
from ressources.enums import Analyse, Examen, StatutVersion
from ressources.models import Telechargement, VersionFichier
from tests.distribution import Distribution
from tests.ressources.factories import make_ressource, make_version
from tests.sessions import open_session

pytestmark = pytest.mark.django_db

AVANT = "\n\n".join(f"Article {n}. Un paragraphe qui ne change pas." for n in range(1, 21))
APRES = AVANT.replace("Article 9. Un paragraphe", "Article 9. Le paragraphe") + "\n\nArticle 21. Le site cinéraire."


def two_versions(avant: str = AVANT, apres: str = APRES, **fields: object) -> tuple[VersionFichier, VersionFichier]:
    fichier = make_ressource("Règlement", avant).fichiers.get()
    return fichier.versions.get(), make_version(fichier, apres, **fields)


def text_of(client: Client, version: VersionFichier, avec: object = "") -> str:
    query = f"?avec={avec}" if avec != "" else ""
    return client.get(f"/ressources/versions/{version.pk}/comparer/{query}").content.decode()


def status(client: Client, version: VersionFichier, avec: object) -> int:
    return client.get(f"/ressources/versions/{version.pk}/comparer/?avec={avec}").status_code


class TestParts:
    def test_what_changed_stands_among_its_neighbours_and_the_rest_is_folded(self):
        first, second = two_versions()
        found = comparison(first, second)
        assert (found.resume, found.detail, found.inchanges) == ("2 paragraphes changés", "1 modifié, 1 ajouté", 19)
        shapes = [(one.numero, one.plie, len(one.passages)) for one in found.troncons]
        assert shapes == [
            *[(0, True, 7), (0, False, 1), (1, False, 1)],
            *[(0, False, 1), (0, True, 9), (0, False, 1), (2, False, 1)],
        ]

    def test_every_paragraph_is_told_once_in_its_order(self):
        first, second = two_versions()
        texte = [passage for part in comparison(first, second).troncons for passage in part.passages]
        assert texte == list(differences.compare(AVANT, APRES).texte)

    def test_the_same_text(self):
        found = comparison(*two_versions(AVANT, AVANT))
        assert (found.resume, found.total) == ("Le texte est le même", 0)

    def test_one_paragraph(self):
        assert comparison(*two_versions("Un", "Deux")).resume == "2 paragraphes changés"
        assert comparison(*two_versions("Un mot", "Un mot\n\nUn autre")).resume == "1 paragraphe changé"


class TestObstacles:
    @pytest.mark.parametrize(
        ("analyse", "said"),
        [
            (Analyse.EN_ATTENTE, "en cours de lecture"),
            (Analyse.NUMERISE, "n’a pas été reconnu"),
            (Analyse.SANS_TEXTE, "n’a pas de texte"),
            (Analyse.NON_LU, "n’a pas pu être lu"),
        ],
    )
    def test_what_has_no_text_is_said(self, analyse: Analyse, said: str, distribution: Distribution):
        first, second = two_versions()
        VersionFichier.objects.filter(pk=first.pk).update(analyse=analyse, texte="")
        html = text_of(open_session(distribution.agent_a), second)
        assert "ne se comparent pas ici" in html
        assert said in html

    def test_a_photo(self):
        first, second = two_versions()
        first.nom = "plan.jpg"
        assert "est une image" in comparison(first, second).obstacle

    def test_too_long(self):
        long = "\n\n".join(f"Ligne {n}" for n in range(differences.MAX_PARAGRAPHS + 1))
        assert "trop pour les comparer" in comparison(*two_versions("Un", long)).obstacle

    @pytest.mark.parametrize("between", [" ", "\n\n"], ids=["words", "paragraphs"])
    def test_what_is_written_to_cost_is_cut_short(self, between: str, monkeypatch: pytest.MonkeyPatch):
        """Likenesses that each hide the next one, the longest last, among words that come back."""
        old, new, calls = [], [], []
        for size in range(1, 45):
            same = [word for n in range(size) for word in (f"k{size}-{n}", "x")]
            old += [*same, f"a{size}"]
            new += [*same, f"b{size}"]
        looked = differences.SequenceMatcher.find_longest_match
        monkeypatch.setattr(
            differences.SequenceMatcher,
            "find_longest_match",
            lambda self, *at: calls.append(at) or looked(self, *at),
        )
        found = differences.compare(between.join(old), between.join(new))
        assert found.total in {2, None}
        # In each of them the thousand « x » meet the thousand others; without a bound there are ninety.
        assert len(calls) < 20

    def test_what_was_read_by_a_machine_is_said(self):
        first, second = two_versions()
        first.analyse, second.analyse, second.nom = Analyse.RECONNU, Analyse.PARTIEL, "modele.docx"
        reserves = comparison(first, second).reserves
        assert [word in said for word, said in zip(["machine", "en partie", "PDF, puis DOCX"], reserves, strict=True)]

    def test_a_paragraph_without_end_is_told_whole_and_quickly(self):
        """Comparing words costs the square: what would last is one removed and one added."""
        words = " ".join(["un", "mot"] * 10_000)
        before = timezone.now()
        found = comparison(*two_versions(words, f"{words} fin"))
        assert (timezone.now() - before).total_seconds() < 5
        assert found.detail == "1 ajouté, 1 retiré"


class TestPage:
    def test_it_reads_without_colour(self, distribution: Distribution):
        _, second = two_versions()
        html = text_of(open_session(distribution.agent_a), second)
        assert "2 paragraphes changés" in html
        assert "Paragraphe ajouté" in html
        assert "Paragraphe modifié" in html
        assert '<del><span class="visually-hidden">retiré\u00a0: </span>Un<' in html
        assert '<ins><span class="visually-hidden">ajouté\u00a0: </span>Le<' in html
        assert "7 paragraphes identiques" in html

    def test_the_first_version_has_none_before_it(self, distribution: Distribution):
        first, _ = two_versions()
        assert "Rien avant cette version" in text_of(open_session(distribution.agent_a), first)

    def test_an_older_one_may_be_asked_for(self, distribution: Distribution):
        first, second = two_versions()
        third = make_version(first.fichier, AVANT)
        client = open_session(distribution.agent_a)
        assert "Depuis la version 1" in text_of(client, third)
        assert "Le texte est le même" in text_of(client, third, 1)
        assert "2 paragraphes changés" in text_of(client, third, 2)
        assert "2 paragraphes changés" in text_of(client, third)

    @pytest.mark.parametrize("avec", ["2", "3", "0", "-1", "x", "99999999999", "١"])
    def test_what_is_no_earlier_version_is_not_found(self, avec: str, distribution: Distribution):
        _, second = two_versions()
        assert status(open_session(distribution.agent_a), second, avec) == 404

    def test_the_sheet_leads_there(self, distribution: Distribution):
        first, second = two_versions()
        html = open_session(distribution.agent_a).get(first.fichier.page.url).content.decode()
        assert f"/ressources/versions/{second.pk}/comparer/" in html
        assert f"/ressources/versions/{first.pk}/comparer/" not in html
        assert "Votre copie est périmée" not in html

    def test_who_holds_an_old_copy_is_told_and_led_to_what_changed_since(self, distribution: Distribution):
        first, second = two_versions()
        third = make_version(first.fichier, APRES)
        Telechargement.objects.create(version=first, agent=distribution.agent_a, collectivite=distribution.a)
        html = open_session(distribution.agent_a).get(first.fichier.page.url).content.decode()
        assert "Votre copie est périmée" in html
        assert f"/ressources/versions/{third.pk}/comparer/?avec=1" in html
        assert "copie est périmée" not in open_session(distribution.elue_b).get(first.fichier.page.url).content.decode()
        Telechargement.objects.create(version=third, agent=distribution.agent_a, collectivite=distribution.a)
        html = open_session(distribution.agent_a).get(first.fichier.page.url).content.decode()
        assert "Votre copie est périmée" not in html

    def test_as_many_queries_for_a_long_history(self, distribution: Distribution):
        first, second = two_versions()
        client, counts = open_session(distribution.agent_a), []
        for version in (second, *[make_version(first.fichier, APRES) for _ in range(10)][-1:]):
            client.get("/")
            with CaptureQueriesContext(connection) as queries:
                text_of(client, version)
            counts.append(len(queries))
        assert counts[0] == counts[1]


class TestAccess:
    def test_only_those_who_read_the_version(self, distribution: Distribution):
        first, second = two_versions()
        page = first.fichier.page
        page.diffusion = [ELUS]
        page.save()
        for role, agent in distribution.roles().items():
            client = open_session(agent) if agent else Client()
            code = client.get(f"/ressources/versions/{second.pk}/comparer/").status_code
            reads = {"elue_b", "responsable", "administrateur"}
            assert code == (200 if role in reads else 302 if agent is None else 404), role

    @pytest.mark.parametrize("hidden", ["first", "second"])
    def test_a_withdrawn_version_is_for_those_who_edit(self, hidden: str, distribution: Distribution):
        first, second = two_versions()
        one = {"first": first, "second": second}[hidden]
        one.statut, one.retiree_le = StatutVersion.RETIREE, timezone.now()
        one.save()
        assert status(open_session(distribution.agent_a), second, 1) == 404
        assert status(open_session(distribution.responsable), second, 1) == 200

    def test_what_waits_for_its_review_is_for_those_who_edit(self, distribution: Distribution):
        _, second = two_versions(statut=StatutVersion.A_RELIRE)
        assert status(open_session(distribution.agent_a), second, 1) == 404
        assert status(open_session(distribution.responsable), second, 1) == 200

    def test_what_the_antivirus_holds_is_for_nobody(self, distribution: Distribution):
        first, second = two_versions()
        VersionFichier.objects.filter(pk=first.pk).update(examen=Examen.INFECTE)
        client = open_session(distribution.responsable)
        assert status(client, second, 1) == 404
        assert "Rien avant cette version" in text_of(client, second)

    def test_a_version_that_does_not_exist(self, distribution: Distribution):
        assert open_session(distribution.agent_a).get("/ressources/versions/999999/comparer/").status_code == 404

"""What is published is what its reviewer was shown, and no version is left where nobody looks for it."""

import re

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.test.utils.form_data import nested_form_data, streamfield

from collectivites.models import Agent
from notifications.models import Notification
from ressources import relecture
from ressources.enums import StatutVersion
from ressources.models import Depot, RessourcePage, VersionFichier
from ressources.versions import RessourceRefusee
from tests.distribution import Distribution
from tests.ressources.deposes import Deposant, reglement
from tests.ressources.formulaires import key_for
from tests.sessions import open_session

pytestmark = pytest.mark.django_db

CHANGED = "Ce document a changé pendant que vous le lisiez"


@pytest.fixture
def page(distribution: Distribution) -> RessourcePage:
    """Sent by Alain, of Aval."""
    alain = Deposant(open_session(distribution.agent_a))
    alain.drop("reglement.pdf", reglement())
    response = alain.send(**{f"f{alain.lines[0].pk}-type": "1"})
    assert response.status_code == 302, response.context["fautes"]
    return RessourcePage.objects.get()


class Relecteur:
    """Somebody in front of « À relire », who answers the form that they have on their screen."""

    def __init__(self, agent: Agent, page: RessourcePage) -> None:
        self.client: Client = open_session(agent)
        self.agent, self.page = agent, page
        self.url = reverse("ressources:relecture_detail", args=[page.pk])
        self.read(self.client.get(self.url))

    def read(self, response: HttpResponse) -> None:
        self.html = response.content.decode().replace("\u00a0", " ")
        seen = re.search(r'name="vu" value="([^"]*)"', self.html)
        self.seen = {"vu": seen[1]} if seen else {}

    def decide(self, **answers: str) -> HttpResponse:
        response = self.client.post(self.url, {"cle_unique": key_for(self.agent), **self.seen, **answers})
        if response.status_code == 200:
            self.read(response)
        return response


def new_version(agent: Agent, page: RessourcePage, words: str, **more: str) -> HttpResponse:
    """« Déposer une nouvelle version », from the sheet."""
    client = open_session(agent)
    before = set(Depot.objects.values_list("pk", flat=True))
    client.post(reverse("ressources:version_create", args=[page.pk]), {"cle_unique": key_for(agent)})
    deposant = Deposant(client, Depot.objects.exclude(pk__in=before).get().pk)
    deposant.drop("reglement.pdf", reglement(words))
    return client.post(deposant.page, deposant.answers(**more), follow=True)


def statuts(page: RessourcePage) -> dict[int, str]:
    return dict(VersionFichier.objects.filter(fichier__page=page).order_by("numero").values_list("numero", "statut"))


def again(page: RessourcePage) -> RessourcePage:
    return RessourcePage.objects.get(pk=page.pk)


def test_a_new_version_takes_the_place_of_the_one_under_review(distribution: Distribution, page: RessourcePage) -> None:
    response = new_version(distribution.agent_a, page, "Les poubelles sont triées.")
    assert "Votre document est à relire." in response.content.decode()
    assert statuts(page) == {1: StatutVersion.RETIREE, 2: StatutVersion.A_RELIRE}
    assert VersionFichier.objects.get(numero=1).motif_retrait == "Remplacée avant publication."
    told = Notification.objects.filter(sorte="relecture", destinataire=distribution.responsable).order_by("pk")
    assert ["Une nouvelle version vient d’arriver" in one.texte for one in told] == [False, True]
    reader = Relecteur(distribution.responsable, page)
    assert "Les poubelles sont triées." in reader.html
    assert reader.decide(decision="publier").status_code == 302
    assert statuts(page) == {1: StatutVersion.RETIREE, 2: StatutVersion.PUBLIEE}
    assert again(page).live
    assert not relecture.awaiting().exists()


@pytest.mark.parametrize(
    "answer", [{"decision": "publier"}, {"decision": "renvoyer", "motif": "Un texte de loi périmé"}]
)
def test_what_came_meanwhile_is_shown_before_it_is_decided(
    distribution: Distribution, page: RessourcePage, answer: dict[str, str]
) -> None:
    reader = Relecteur(distribution.responsable, page)
    new_version(distribution.agent_a, page, "Les poubelles sont triées.")
    assert reader.decide(**answer, mot="Bien vu, Alain.").status_code == 200
    assert CHANGED in reader.html
    assert "Les poubelles sont triées." in reader.html
    assert "Bien vu, Alain." in reader.html
    assert again(page).workflow_in_progress
    assert not again(page).live
    assert statuts(page)[2] == StatutVersion.A_RELIRE
    assert reader.decide(**answer).status_code == 302
    assert not relecture.awaiting().exists()


def test_words_that_changed_meanwhile_are_shown_too(distribution: Distribution, page: RessourcePage) -> None:
    reader = Relecteur(distribution.responsable, page)
    page = again(page)
    page.title = "Un autre titre"
    page.save_revision(user=distribution.administrateur)
    assert reader.decide(decision="publier").status_code == 200
    assert CHANGED in reader.html
    assert "Un autre titre" in reader.html
    assert not again(page).live


def test_a_decision_without_its_screen_is_asked_again(distribution: Distribution, page: RessourcePage) -> None:
    reader = Relecteur(distribution.responsable, page)
    reader.seen = {}
    assert reader.decide(decision="publier").status_code == 200
    assert not again(page).live


def test_a_version_kept_for_later_does_not_enter_a_review(distribution: Distribution, page: RessourcePage) -> None:
    response = new_version(distribution.agent_a, page, "Pas encore fini.", brouillon="1")
    assert "est en cours de relecture" in response.content.decode()
    assert statuts(page) == {1: StatutVersion.A_RELIRE}
    assert "Pas encore fini." not in Relecteur(distribution.responsable, page).html


def test_asking_twice_begins_nothing_anew(distribution: Distribution, page: RessourcePage) -> None:
    client = open_session(distribution.agent_a)
    url = reverse("ressources:ressource_submit", args=[page.pk])
    client.post(url, {"cle_unique": key_for(distribution.agent_a)})
    assert page.current_workflow_state.task_states.count() == 1


def test_the_author_of_the_first_version_is_told_of_the_answer(distribution: Distribution, page: RessourcePage) -> None:
    new_version(distribution.gestionnaire_a, page, "Les poubelles sont triées.")
    relecture.publish(page, distribution.responsable)
    told = Notification.objects.filter(sorte="relecture", destinataire=distribution.agent_a)
    assert [one.titre.replace("\u00a0", " ") for one in told] == ["« Règlement de la salle des fêtes » est acceptée"]


def test_a_version_sent_while_it_is_decided_is_reviewed_in_its_turn(
    distribution: Distribution, page: RessourcePage
) -> None:
    Relecteur(distribution.responsable, page).decide(decision="publier")
    new_version(distribution.agent_a, page, "Les poubelles sont triées.")
    assert statuts(page) == {1: StatutVersion.PUBLIEE, 2: StatutVersion.A_RELIRE}
    assert list(relecture.awaiting()) == [page]
    with pytest.raises(RessourceRefusee, match="a changé pendant"):
        relecture.publish(page, distribution.responsable, vu="")


def withdraw(agent: Agent, version: VersionFichier) -> str:
    """« Retirer » and its reason; what the screen said then."""
    url = reverse("ressources:version_withdraw", args=[version.pk])
    asked = {"cle_unique": key_for(agent), "motif": "Une erreur"}
    return open_session(agent).post(url, asked, follow=True).content.decode().replace("\u00a0", " ")


def test_what_is_under_review_is_not_withdrawn(distribution: Distribution, page: RessourcePage) -> None:
    version = VersionFichier.objects.get()
    for agent in (distribution.agent_a, distribution.responsable):
        assert "La version 1 est en cours de relecture." in withdraw(agent, version)
        sheet = open_session(agent).get(reverse("ressources:ressource_update", args=[page.pk])).content.decode()
        assert reverse("ressources:version_withdraw", args=[version.pk]) not in sheet
    assert statuts(page) == {1: StatutVersion.A_RELIRE}
    relecture.withdraw(page, distribution.agent_a)
    assert "est retirée" in withdraw(distribution.agent_a, version)
    assert statuts(page) == {1: StatutVersion.RETIREE}


def test_what_is_online_is_withdrawn_during_a_review(distribution: Distribution, page: RessourcePage) -> None:
    relecture.publish(page, distribution.responsable)
    new_version(distribution.agent_a, page, "Les poubelles sont triées.")
    assert "est retirée" in withdraw(distribution.agent_a, VersionFichier.objects.get(numero=1))
    assert Relecteur(distribution.responsable, page).decide(decision="publier").status_code == 302
    assert statuts(page) == {1: StatutVersion.RETIREE, 2: StatutVersion.PUBLIEE}


@pytest.mark.parametrize("role", ["agent_a", "responsable"])
def test_a_sheet_with_nothing_to_read_is_not_sent(distribution: Distribution, page: RessourcePage, role: str) -> None:
    relecture.withdraw(page, distribution.agent_a)
    withdraw(distribution.agent_a, VersionFichier.objects.get())
    agent = getattr(distribution, role)
    url = reverse("ressources:ressource_submit", args=[page.pk])
    response = open_session(agent).post(url, {"cle_unique": key_for(agent)}, follow=True)
    assert "n’a ni fichier ni texte" in response.content.decode()
    assert (again(page).live, again(page).workflow_in_progress) == (False, False)


def test_nor_is_it_published(distribution: Distribution, page: RessourcePage) -> None:
    """One that was under review before the rule, or that Wagtail's admin sent."""
    VersionFichier.objects.update(statut=StatutVersion.RETIREE, retiree_le=timezone.now())
    reader = Relecteur(distribution.responsable, page)
    assert "Rien n’est joint à cette fiche : renvoyez-la à son auteur." in reader.html
    assert reader.decide(decision="publier").status_code == 200
    assert "n’a ni fichier ni texte" in reader.html
    assert not again(page).live
    page = again(page)
    page.corps = [("texte", "<p>À lire à l’écran.</p>")]
    page.save_revision(user=distribution.responsable)
    reader = Relecteur(distribution.responsable, page)
    assert "Rien n’est joint à cette fiche." in reader.html
    assert reader.decide(decision="publier").status_code == 302
    assert again(page).live


class TestAdmin:
    """Wagtail's admin, which does not show the files."""

    @pytest.fixture
    def admin(self, distribution: Distribution) -> Client:
        return open_session(distribution.responsable)

    def fields(self, page: RessourcePage) -> dict[str, object]:
        form = {"title": page.title, "slug": page.slug, "theme": page.theme_id, "type": page.type_id}
        form |= {"collectivite": page.collectivite_id, "resume": "Pour louer."}
        form |= {"source": page.source, "licence": page.licence, "corps": streamfield([])}
        return nested_form_data(form) | {"diffusion": page.diffusion}

    def publish(self, client: Client, page: RessourcePage) -> str:
        """« Publier », whether it is offered or not; what the screen said then."""
        url = reverse("wagtailadmin_pages:edit", args=[page.pk])
        response = client.post(url, self.fields(page) | {"action-publish": "1"}, follow=True)
        form = response.context.get("form")
        assert not (form and form.errors), form.errors
        return response.content.decode().replace("\u00a0", " ")

    def test_it_publishes_no_sheet_without_its_file(
        self, admin: Client, distribution: Distribution, page: RessourcePage
    ) -> None:
        html = admin.get(reverse("wagtailadmin_pages:edit", args=[page.pk])).content.decode()
        assert 'name="action-publish"' not in html
        html = self.publish(admin, page)
        assert "Un fichier de cette ressource attend sa relecture" in html
        assert page.adresse_relecture() in html
        now = again(page)
        assert (now.live, now.workflow_in_progress) == (False, True)
        assert now.get_latest_revision_as_object().resume == "Pour louer."
        assert Relecteur(distribution.responsable, page).decide(decision="publier").status_code == 302
        assert (again(page).live, again(page).resume, statuts(page)) == (True, "Pour louer.", {1: "publiee"})

    @pytest.mark.parametrize("sent", [True, False], ids=["renvoyee", "brouillon"])
    def test_nor_one_that_nobody_reviews(
        self, admin: Client, distribution: Distribution, page: RessourcePage, sent: bool
    ) -> None:
        if sent:
            relecture.send_back(page, distribution.responsable, "Un texte de loi périmé", "")
        else:
            relecture.withdraw(page, distribution.agent_a)
        html = self.publish(admin, page)
        assert "n’est pas encore publié" in html
        assert not again(page).live
        assert (again(page).current_workflow_state is not None) is sent

    def test_nor_many_at_once(self, admin: Client, page: RessourcePage) -> None:
        for pk in (page.pk, page.get_parent().pk):
            url = f"/admin/bulk/wagtailcore/page/publish/?id={pk}"
            assert admin.post(url, {"include_descendants": "on"}).status_code in {200, 302}
        assert not again(page).live

    def test_what_is_online_changes_beside_a_version_kept_for_later(
        self, admin: Client, distribution: Distribution, page: RessourcePage
    ) -> None:
        relecture.publish(page, distribution.responsable)
        new_version(distribution.agent_a, page, "Pas encore fini.", brouillon="1")
        assert "action-publish" in admin.get(reverse("wagtailadmin_pages:edit", args=[page.pk])).content.decode()
        self.publish(admin, page)
        assert (again(page).resume, statuts(page)) == ("Pour louer.", {1: "publiee", 2: "a_relire"})

    def test_its_own_approval_publishes_the_file_too(self, admin: Client, page: RessourcePage) -> None:
        state = page.current_workflow_task_state
        url = reverse("wagtailadmin_pages:workflow_action", args=[page.pk, "approve", state.pk])
        assert admin.post(url).status_code in {200, 302}
        assert (again(page).live, statuts(page)) == (True, {1: "publiee"})

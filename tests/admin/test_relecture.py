"""Moderation of the news: proposed, read again, sent back or published, and told in our own mails."""

import pytest
from django.contrib.auth.models import Group
from django.core import mail
from django.test import Client
from django.urls import reverse
from wagtail import signals
from wagtail.admin.mail import Notifier
from wagtail.models import GroupApprovalTask, Revision, Workflow, WorkflowPage

from collectivites.enums import Domaine
from collectivites.models import Agent, EntreeJournal
from home.droits import install_rights
from home.models import ActualitePage, ActualitesPage
from notifications.models import Courriel, Notification
from tests.collectivites.factories import AgentFactory, FonctionFactory, PosteFactory
from tests.distribution import Distribution
from tests.ressources.pages import news
from tests.sessions import open_session

pytestmark = pytest.mark.django_db


def responsable_of(distribution: Distribution, domaine: Domaine) -> Agent:
    agent = AgentFactory(slug=f"resp-{domaine}", notice_vue_le=distribution.agent_a.notice_vue_le)
    PosteFactory(agent=agent, collectivite=distribution.epci, fonction=FonctionFactory())
    agent.groups.set([Group.objects.get(name=domaine.label)])
    return agent


@pytest.fixture
def auteur(distribution: Distribution) -> Agent:
    return responsable_of(distribution, Domaine.MATERIEL)


@pytest.fixture
def relecteur(distribution: Distribution) -> Agent:
    """Rachel answers for everything but the administration: the content among it."""
    return distribution.responsable


def page_data(distribution: Distribution, **more: object) -> dict[str, object]:
    return {
        "title": "La nacelle est libre en mai",
        "slug": "la-nacelle-est-libre-en-mai",
        "chapeau": "Trois semaines sans réservation.",
        "collectivite": distribution.epci.pk,
        "diffusion": ["toutes"],
        "corps-count": "0",
        **more,
    }


def propose(client: Client, distribution: Distribution) -> ActualitePage:
    parent = ActualitesPage.objects.get()
    url = reverse("wagtailadmin_pages:add", args=["home", "actualitepage", parent.pk])
    response = client.post(url, page_data(distribution, **{"action-submit": "1"}))
    assert response.status_code == 302, response.context["form"].errors
    return ActualitePage.objects.get(slug="la-nacelle-est-libre-en-mai")


def act(client: Client, page: ActualitePage, action: str, **data: str) -> None:
    state = page.current_workflow_task_state
    url = reverse("wagtailadmin_pages:workflow_action", args=[page.pk, action, state.pk])
    assert client.post(url, data).status_code in {200, 302}


def told(agent: Agent) -> list[str]:
    return [n.titre.replace("\u00a0", " ") for n in Notification.objects.filter(destinataire=agent, sorte="relecture")]


def test_a_proposal_waits_and_its_reviewers_are_told(
    distribution: Distribution, auteur: Agent, relecteur: Agent
) -> None:
    page = propose(open_session(auteur), distribution)
    assert not page.live
    line = Notification.objects.get(sorte="relecture")
    assert line.destinataire == relecteur
    assert line.titre.replace("\u00a0", " ") == "« La nacelle est libre en mai » attend votre relecture"
    assert line.url == reverse("wagtailadmin_pages:edit", args=[page.pk])
    assert Courriel.objects.filter(notification=line).exists()
    assert not mail.outbox
    assert open_session(distribution.agent_a).get(page.url).status_code == 404


def test_approved_it_is_online_and_its_author_knows(
    distribution: Distribution, auteur: Agent, relecteur: Agent
) -> None:
    page = propose(open_session(auteur), distribution)
    act(open_session(relecteur), page, "approve")
    page.refresh_from_db()
    assert page.live
    assert told(auteur) == ["« La nacelle est libre en mai » est acceptée"]
    assert Notification.objects.get(destinataire=auteur, sorte="relecture").url == page.url
    assert open_session(distribution.agent_a).get(page.url).status_code == 200
    actes = EntreeJournal.objects.filter(objet_id=page.pk).order_by("pk").values_list("acte", "agent__slug")
    assert list(actes) == [("page.soumise", "resp-materiel"), ("page.acceptee", "rachel-agglo")]
    assert not mail.outbox


def test_sent_back_it_says_why(distribution: Distribution, auteur: Agent, relecteur: Agent) -> None:
    page = propose(open_session(auteur), distribution)
    act(open_session(relecteur), page, "reject", comment="Donnez les dates.")
    page.refresh_from_db()
    assert not page.live
    line = Notification.objects.get(destinataire=auteur, sorte="relecture")
    assert "Donnez les dates." in line.texte
    assert line.url == reverse("wagtailadmin_pages:edit", args=[page.pk])
    assert open_session(auteur).get(line.url).status_code == 200


def test_an_author_does_not_approve_their_own(distribution: Distribution, auteur: Agent) -> None:
    client = open_session(auteur)
    page = propose(client, distribution)
    act(client, page, "approve")
    page.refresh_from_db()
    assert not page.live
    response = client.post(
        reverse("wagtailadmin_pages:edit", args=[page.pk]), page_data(distribution, **{"action-publish": "1"})
    )
    assert response.status_code in {200, 302}
    page.refresh_from_db()
    assert not page.live


def test_whoever_publishes_is_not_told_of_their_own_act(distribution: Distribution, relecteur: Agent) -> None:
    page = propose(open_session(relecteur), distribution)
    assert not told(relecteur)
    act(open_session(relecteur), page, "approve")
    assert not told(relecteur)


def test_without_responsable_of_the_content_the_administration_is_asked(
    distribution: Distribution, auteur: Agent, relecteur: Agent
) -> None:
    administration = responsable_of(distribution, Domaine.ADMINISTRATION)
    relecteur.groups.clear()
    page = propose(open_session(auteur), distribution)
    lines = Notification.objects.filter(sorte="relecture", titre__contains=page.title)
    assert [line.destinataire for line in lines] == [administration]


def test_no_mail_of_wagtail_is_left() -> None:
    for name in ("task_submitted", "workflow_submitted", "workflow_approved", "workflow_rejected"):
        signal = getattr(signals, name)
        receivers = [reference() if callable(reference) else reference for _, reference, *_ in signal.receivers]
        assert not [receiver for receiver in receivers if isinstance(receiver, Notifier)], name


def test_a_change_of_a_live_page_waits_too(distribution: Distribution, auteur: Agent, relecteur: Agent) -> None:
    page = propose(open_session(auteur), distribution)
    act(open_session(relecteur), page, "approve")
    url = reverse("wagtailadmin_pages:edit", args=[page.pk])
    data = page_data(distribution, title="La nacelle est prise", **{"action-submit": "1"})
    assert open_session(auteur).post(url, data).status_code == 302
    page.refresh_from_db()
    assert page.title == "La nacelle est libre en mai"
    assert page.draft_title == "La nacelle est prise"
    old = Revision.objects.filter(object_id=page.pk).order_by("pk").first()
    act(open_session(relecteur), page, "approve")
    page.refresh_from_db()
    assert page.title == "La nacelle est prise"
    assert old.pk != page.live_revision_id


def test_installing_twice_changes_nothing(db: None) -> None:
    install_rights()
    install_rights()
    assert sorted(workflow.name for workflow in Workflow.objects.all()) == [
        "Relecture",
        "Relecture des ressources",
        "Relecture du matériel",
    ]
    workflow = Workflow.objects.get(name="Relecture")
    assert workflow.workflow_tasks.get().task.specific.groups.get().name == Domaine.CONTENU.label
    assert GroupApprovalTask.objects.count() == WorkflowPage.objects.count() == 3
    assert workflow.workflow_pages.get().page == ActualitesPage.objects.get().page_ptr


@pytest.mark.parametrize("action", ["publish", "unpublish"])
def test_the_content_publishes_and_withdraws(distribution: Distribution, relecteur: Agent, action: str) -> None:
    page = news(distribution.a, live=action == "unpublish")
    client = open_session(relecteur)
    if action == "publish":
        url = reverse("wagtailadmin_pages:edit", args=[page.pk])
        client.post(url, page_data(distribution, slug=page.slug, **{"action-publish": "1"}))
    else:
        client.post(reverse("wagtailadmin_pages:unpublish", args=[page.pk]))
    page.refresh_from_db()
    assert page.live is (action == "publish")

"""Reviewing: the queue, the differences, the decisions through Wagtail's workflow, and who may take them."""

import re

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from wagtail.models import WorkflowState

from collectivites.diffusion import TOUTES
from collectivites.models import Agent
from notifications.audience import readers_of
from notifications.models import Notification
from ressources import relecture
from ressources.differences import Genre, compare, paragraphs
from ressources.enums import Examen, GenreEchange, StatutVersion
from ressources.models import Echange, RessourcePage, VersionFichier
from ressources.soumission import publish_waiting, submit
from ressources.versions import RessourceRefusee
from tests.distribution import Distribution
from tests.ressources.deposes import Deposant, reglement
from tests.ressources.factories import make_ressource, make_version
from tests.ressources.formulaires import key_for
from tests.sessions import open_session

pytestmark = pytest.mark.django_db


@pytest.fixture
def page(distribution: Distribution) -> RessourcePage:
    """Sent by Alain, of Aval."""
    alain = Deposant(open_session(distribution.agent_a))
    alain.drop("reglement.pdf", reglement("Appelez Mickaël au 06 39 98 01 31."))
    response = alain.send(**{f"f{alain.lines[0].pk}-type": "1"})
    assert response.status_code == 302, response.context["fautes"]
    return RessourcePage.objects.get()


def decide(agent: Agent, page: RessourcePage, **answers: str) -> object:
    client = open_session(agent)
    return client.post(
        reverse("ressources:relecture_detail", args=[page.pk]),
        {"cle_unique": key_for(agent), "vu": relecture.shown(again(page), relecture.submitted(page)), **answers},
    )


def told(agent: Agent) -> list[str]:
    found = Notification.objects.filter(destinataire=agent, sorte="relecture").order_by("pk")
    return [one.titre.replace("\u00a0", " ") for one in found]


def again(page: RessourcePage) -> RessourcePage:
    return RessourcePage.objects.get(pk=page.pk)


def test_it_awaits_and_its_reviewers_are_told_where(distribution: Distribution, page: RessourcePage) -> None:
    line = Notification.objects.get(sorte="relecture", destinataire=distribution.responsable)
    assert line.url == reverse("ressources:relecture_detail", args=[page.pk])
    client = open_session(distribution.responsable)
    assert page.title in client.get(reverse("ressources:relecture_list")).content.decode()
    html = client.get(line.url).content.decode().replace("\u00a0", " ")
    readers = f"{readers_of([TOUTES]).count()} personnes"
    for words in ("1 sur 1 à relire", "Un numéro de mobile, page 1", "Texte lu", "louée aux associations", readers):
        assert words in html


def test_publishing_puts_the_sheet_and_its_version_online(distribution: Distribution, page: RessourcePage) -> None:
    assert decide(distribution.responsable, page, decision="publier").status_code == 302
    assert again(page).live
    version = VersionFichier.objects.get()
    assert version.statut == StatutVersion.PUBLIEE
    assert VersionFichier.objects.visible_to(distribution.secretaire_b).get() == version
    assert told(distribution.agent_a) == ["« Règlement de la salle des fêtes » est acceptée"]


def test_sending_back_says_why_and_keeps_the_deposit(distribution: Distribution, page: RessourcePage) -> None:
    client = open_session(distribution.responsable)
    note = {"cle_unique": key_for(distribution.responsable), "endroit": "Page 1", "remarque": "Retirez le mobile."}
    assert client.post(reverse("ressources:relecture_note", args=[page.pk]), note).status_code == 302
    asked = {"decision": "renvoyer", "motif": "Un nom ou un numéro à retirer", "mot": "Merci Alain."}
    assert decide(distribution.responsable, page, **asked).status_code == 302
    assert not again(page).live
    line = Notification.objects.get(destinataire=distribution.agent_a, sorte="relecture")
    assert "Un nom ou un numéro à retirer. Merci Alain." in line.texte
    assert line.url == reverse("ressources:ressource_update", args=[page.pk])
    html = open_session(distribution.agent_a).get(line.url).content.decode()
    assert "Retirez le mobile." in html
    assert "À reprendre" in html


def test_it_is_sent_again_after_a_correction(distribution: Distribution, page: RessourcePage) -> None:
    decide(distribution.responsable, page, decision="renvoyer", motif="Un texte de loi périmé")
    assert not submit(page, distribution.agent_a)
    assert [one.pk for one in relecture.awaiting()] == [page.pk]
    assert decide(distribution.responsable, page, decision="publier").status_code == 302
    assert again(page).live


def test_no_reason_is_given_by_default(distribution: Distribution, page: RessourcePage) -> None:
    """What a browser sends of the list as it is shown: its first choice."""
    form = open_session(distribution.responsable).get(page.adresse_relecture()).context["form"]
    first = next(iter(form["motif"].subwidgets)).data["value"]
    response = decide(distribution.responsable, page, decision="renvoyer", motif=first)
    assert response.status_code == 200
    assert response.context["form"].errors == {"motif": ["Choisissez le motif\u00a0: son auteur le lira."]}
    assert again(page).workflow_in_progress
    assert not told(distribution.agent_a)


def test_the_last_reason_must_be_explained(distribution: Distribution, page: RessourcePage) -> None:
    response = decide(distribution.responsable, page, decision="renvoyer", motif="Autre, expliqué ci-dessous")
    assert response.context["form"].errors == {"mot": ["Expliquez ce qu’il faut changer."]}
    assert decide(distribution.responsable, page).context["form"].errors


@pytest.mark.parametrize("role", ["agent_a", "gestionnaire_a", "secretaire_b", "elue_b", "sans_poste"])
def test_nobody_else_reviews(distribution: Distribution, page: RessourcePage, role: str) -> None:
    agent = getattr(distribution, role)
    assert decide(agent, page, decision="publier").status_code == 403
    for act in (relecture.publish, lambda *who: relecture.send_back(*who, "Non", "")):
        with pytest.raises(RessourceRefusee, match="responsables des ressources"):
            act(page, agent)
    assert not again(page).live


def test_a_group_without_a_poste_reviews_nothing(distribution: Distribution, page: RessourcePage) -> None:
    """Wagtail looks at the group alone; we, at the poste too."""
    gone = distribution.sans_poste
    gone.groups.set(distribution.responsable.groups.all())
    with pytest.raises(RessourceRefusee):
        relecture.publish(page, Agent.objects.get(pk=gone.pk))


def test_the_second_reviewer_comes_too_late(distribution: Distribution, page: RessourcePage) -> None:
    relecture.publish(page, distribution.responsable)
    with pytest.raises(RessourceRefusee, match="quelqu’un vient de s’en occuper"):
        relecture.send_back(page, distribution.administrateur, "Trop tard", "")
    assert decide(distribution.administrateur, page, decision="renvoyer").status_code == 302
    assert again(page).live


def test_wagtails_own_approval_publishes_the_version_too(distribution: Distribution, page: RessourcePage) -> None:
    state = page.current_workflow_task_state
    state.task.specific.on_action(state, distribution.responsable, "approve")
    assert VersionFichier.objects.get().statut == StatutVersion.PUBLIEE


def test_an_older_version_is_not_published_behind_a_newer(distribution: Distribution) -> None:
    page = make_ressource(fichiers=0)
    fichier = page.fichiers.create()
    old = make_version(fichier, statut=StatutVersion.A_RELIRE)
    make_version(fichier)
    publish_waiting(page, par=None)
    old.refresh_from_db()
    assert old.statut == StatutVersion.A_RELIRE


def test_publishing_an_old_draft_changes_no_version(distribution: Distribution) -> None:
    page = make_ressource("Un", fichiers=0)
    make_version(page.fichiers.create(), "Premier")
    page.save_revision()
    make_version(page.fichiers.get(), "Second")
    page.get_latest_revision().publish()
    assert list(VersionFichier.objects.values_list("numero", "statut").order_by("numero")) == [
        (1, StatutVersion.PUBLIEE),
        (2, StatutVersion.PUBLIEE),
    ]


def test_its_author_takes_it_back(distribution: Distribution, page: RessourcePage) -> None:
    client = open_session(distribution.agent_a)
    url = reverse("ressources:ressource_take_back", args=[page.pk])
    assert client.post(url, {"cle_unique": key_for(distribution.agent_a)}).status_code == 302
    assert not again(page).workflow_in_progress
    assert WorkflowState.objects.get().status == WorkflowState.STATUS_CANCELLED


def test_the_queue_goes_on(distribution: Distribution, page: RessourcePage) -> None:
    alain = Deposant(open_session(distribution.agent_a))
    alain.drop("arrete.pdf", reglement(title="Un autre titre"))
    key = f"f{alain.lines[0].pk}"
    alain.send(**{f"{key}-type": "1", f"{key}-jumeau": "autre"})
    second = RessourcePage.objects.exclude(pk=page.pk).get()
    response = decide(distribution.responsable, page, decision="publier")
    assert response["Location"] == reverse("ressources:relecture_detail", args=[second.pk])


def test_what_changes_is_shown_and_spoken(distribution: Distribution) -> None:
    page = make_ressource("Règlement", fichiers=0, diffusion=[TOUTES], collectivite=distribution.a)
    fichier = page.fichiers.create()
    make_version(fichier, "Article 4\nLa salle est rendue avant 8 h le lendemain.\nTarifs 2024 : 180 €")
    make_version(
        fichier,
        "Article 4\nLa salle est rendue avant 10 h le lendemain.\n\fLe bruit est limité à 95 décibels.",
        statut=StatutVersion.A_RELIRE,
    )
    page.save_revision(user=distribution.agent_a)
    page.get_workflow().start(page, distribution.agent_a)
    html = (
        open_session(distribution.responsable)
        .get(reverse("ressources:relecture_detail", args=[page.pk]))
        .content.decode()
    )
    html = html.replace("\u00a0", " ")
    assert "Ce qui change depuis la version 1" in html
    assert re.search(r'<del><span class="visually-hidden">retiré : </span>8</del>', html)
    assert re.search(r'<ins><span class="visually-hidden">ajouté : </span>10</ins>', html)
    assert "Tarifs 2024" in html


def test_a_file_in_quarantine_is_said_so(distribution: Distribution, page: RessourcePage) -> None:
    VersionFichier.objects.update(examen=Examen.EN_ATTENTE)
    found = relecture.controles(VersionFichier.objects.get(), distribution.responsable)
    assert [(one.phrase.replace("\u00a0", " "), one.sain) for one in found] == [
        ("En quarantaine, examen en cours : le fichier ne s’ouvre pas", False)
    ]


def test_a_remark_is_not_among_those_of_the_readers(distribution: Distribution, page: RessourcePage) -> None:
    relecture.note(page, distribution.responsable, distribution.epci, endroit="", texte="À revoir")
    assert Echange.objects.get().genre == GenreEchange.RELECTURE
    assert not Echange.objects.public().exists()


class TestDifferences:
    def test_paragraphs_know_their_page(self) -> None:
        assert paragraphs("a\nb\f\nc c  d\n\ne\nf") == [(1, "a"), (1, "b"), (2, "c c d"), (2, "e f")]

    def test_equal_texts_have_none(self) -> None:
        assert compare("a\nb", "a\nb").total == 0

    def test_kinds(self) -> None:
        found = compare(
            "un\nla salle est rendue à huit heures\ntrois", "un\nla salle est rendue à dix heures\ntrois\nquatre"
        )
        assert [(one.genre, one.page) for one in found.passages] == [(Genre.MODIFIE, 1), (Genre.AJOUTE, 1)]
        assert [piece.texte for piece in found.passages[0].morceaux if piece.genre] == ["huit", "dix"]

    @pytest.mark.parametrize(
        ("old", "new"),
        [
            ("alpha beta gamma delta", "alpha BETA gamma epsilon delta"),
            ("alpha beta gamma", "zeta alpha beta gamma"),
            ("zeta alpha beta gamma", "alpha beta gamma"),
            ("alpha beta gamma", "alpha beta gamma delta fin"),
            ("alpha beta gamma delta", "alpha gamma"),
            ("un alpha beta gamma delta", "deux trois alpha beta gamma quatre"),
        ],
    )
    def test_nothing_of_either_text_is_lost(self, old: str, new: str) -> None:
        pieces = [piece for one in compare(old, new).passages for piece in one.morceaux]
        assert "".join(piece.texte for piece in pieces if piece.genre != "ajouté") == old
        assert "".join(piece.texte for piece in pieces if piece.genre != "retiré") == new

    def test_a_very_long_text_is_not_compared(self) -> None:
        assert compare("\n".join(map(str, range(3000))), "a").total is None


def test_wagtail_refuses_what_was_decided(distribution: Distribution, page: RessourcePage) -> None:
    state = page.current_workflow_task_state
    relecture.publish(page, distribution.responsable)
    state.refresh_from_db()
    with pytest.raises(PermissionDenied):
        state.approve(user=distribution.responsable)

"""What the home page, the cards and the town halls say of the resources, to each what they may read."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from wagtail.models import Workflow

from collectivites.diffusion import ELUS, code_collectivite
from collectivites.models import Agent
from extranet.lib.apports import AFaire
from notifications.models import Notification
from ressources import apports, echanges
from ressources.enums import GenreEchange
from ressources.models import DemandeDocument, Echange, Lecture, Reprise, RessourcePage
from ressources.rappels import keepers_of
from tests.distribution import Distribution
from tests.ressources.factories import make_ressource
from tests.sessions import open_session

pytestmark = pytest.mark.django_db


def todo(agent: Agent) -> dict[str, AFaire]:
    return {item.titre: item for item in apports.a_faire(Agent.objects.get(pk=agent.pk), None)}


class TestTodo:
    def test_nothing(self, distribution: Distribution):
        make_ressource(collectivite=distribution.a)
        for agent in (distribution.agent_a, distribution.responsable, distribution.sans_poste):
            assert todo(agent) == {}

    def test_to_check(self, distribution: Distribution):
        soon = timezone.localdate() + timedelta(days=3)
        page = make_ressource("Règlement", referent=distribution.agent_a, a_verifier_avant=soon)
        (item,) = todo(distribution.agent_a).values()
        assert (item.titre, item.avant) == (f"Vérifier «\u00a0{page.title}\u00a0»", soon)
        make_ressource(referent=distribution.agent_a, a_verifier_avant=soon - timedelta(days=9))
        (item,) = todo(distribution.agent_a).values()
        assert (item.titre, item.avant) == ("Vérifier deux documents", soon - timedelta(days=9))
        assert todo(distribution.elue_b) == {}

    def test_to_read(self, distribution: Distribution):
        page = make_ressource("Consignes", lecture_suivie=True)
        assert list(todo(distribution.agent_a)) == ["Lire «\u00a0Consignes\u00a0»"]
        Lecture.objects.create(version=page.fichiers.get().versions.get(), agent=distribution.agent_a)
        assert todo(distribution.agent_a) == {}

    def test_to_answer(self, distribution: Distribution):
        page = make_ressource("Règlement", referent=distribution.agent_a, owner=distribution.secretaire_a)
        Echange.objects.create(page=page, auteur=distribution.elue_b, texte="Et le samedi ?")
        Echange.objects.create(page=page, auteur=distribution.elue_b, texte="Très bien", genre=GenreEchange.REMARQUE)
        assert list(todo(distribution.agent_a)) == ["Répondre à une question"]
        assert todo(distribution.secretaire_a) == {}

    def test_to_answer_is_for_those_who_are_told(self, distribution: Distribution):
        """Without a référent·e in office: the gestionnaires, then the responsables; never its author as such."""
        page = make_ressource(
            "Règlement", referent=distribution.sans_poste, owner=distribution.secretaire_a, collectivite=distribution.a
        )
        place = distribution.b
        echanges.say(page, distribution.elue_b, place, texte="Et le samedi ?")
        for gestionnaire in (True, False):
            if not gestionnaire:
                distribution.gestionnaire_a.postes.update(gestionnaire=False)
                echanges.say(page, distribution.elue_b, place, texte="Et le dimanche ?")
            told = {agent.pk for agent in keepers_of(RessourcePage.objects.get(pk=page.pk))[0]}
            notified = Notification.objects.filter(cle=f"echange:{Echange.objects.latest('pk').pk}")
            assert set(notified.values_list("destinataire", flat=True)) == told
            people = [agent for agent in distribution.roles().values() if agent is not None]
            assert {agent.pk for agent in people if any("Répondre" in one for one in todo(agent))} == told
            assert (distribution.gestionnaire_a.pk in told) == gestionnaire
        assert list(todo(distribution.responsable)) == ["Répondre à deux questions"]
        assert list(todo(distribution.secretaire_a)) == []

    def test_to_review_and_to_take_back(self, distribution: Distribution):
        page = make_ressource(live=False, owner=distribution.agent_a)
        page.save_revision(user=distribution.agent_a)
        state = Workflow.objects.get(name="Relecture des ressources").start(page, distribution.agent_a)
        assert list(todo(distribution.responsable)) == ["Un document à relire"]
        assert todo(distribution.agent_a) == {}
        state.current_task_state.reject(user=distribution.responsable)
        assert list(todo(distribution.agent_a)) == ["Reprendre un document"]
        assert todo(distribution.responsable) == {}

    def test_asked_for(self, distribution: Distribution):
        DemandeDocument.objects.create(objet="Un bail", auteur=distribution.agent_a, collectivite=distribution.a)
        assert list(todo(distribution.responsable)) == ["Un document demandé"]
        assert todo(distribution.agent_a) == {}

    def test_many_cost_the_same(self, distribution: Distribution):
        counts = []
        todo(distribution.responsable)  # what is read once a process
        for _ in range(3):
            for number in range(4):
                page = make_ressource(
                    referent=distribution.responsable,
                    a_verifier_avant=timezone.localdate() + timedelta(days=number),
                    lecture_suivie=True,
                )
                Echange.objects.create(page=page, auteur=distribution.elue_b, texte="Et le samedi ?")
            agent = Agent.objects.get(pk=distribution.responsable.pk)
            with CaptureQueriesContext(connection) as queries:
                assert len(apports.a_faire(agent, None)) == 5
            counts.append(len(queries))
        assert counts[1] == counts[2] <= 16  # four addresses are read from the cache, which may be in the database


class TestBlocks:
    def test_the_home_page_shows_four_new_documents_of_the_reader(self, distribution: Distribution):
        now = timezone.now()
        for number in range(6):
            make_ressource(f"Document {number}", first_published_at=now - timedelta(days=number))
        make_ressource("Aux élus", diffusion=[ELUS])
        page = open_session(distribution.agent_a).get("/").content.decode()
        assert "Nouveaux documents" in page
        assert [f"Document {n}" in page for n in range(6)] == [True] * 4 + [False] * 2
        assert "Aux élus" not in page
        assert "Aux élus" in open_session(distribution.elue_b).get("/").content.decode()

    def test_without_any(self, distribution: Distribution):
        page = open_session(distribution.agent_a).get("/").content.decode()
        assert "Aucun document pour le moment" in page
        assert "Déposer un document" in page

    def test_nothing_for_who_has_no_poste(self, distribution: Distribution):
        make_ressource("Pour tous")
        page = open_session(distribution.sans_poste).get("/").content.decode()
        assert "Pour tous" not in page
        assert "Nouveaux documents" not in page

    def test_the_card_of_an_agent(self, distribution: Distribution):
        make_ressource("Pour tous", owner=distribution.agent_a)
        make_ressource("Pour Aval", owner=distribution.agent_a, diffusion=[code_collectivite(distribution.a.pk)])
        url = distribution.agent_a.get_absolute_url()
        assert "Pour Aval" in open_session(distribution.secretaire_a).get(url).content.decode()
        page = open_session(distribution.elue_b).get(url).content.decode()
        assert "Pour tous" in page
        assert "Pour Aval" not in page

    def test_the_page_of_a_town_hall(self, distribution: Distribution):
        own = make_ressource("De chez nous", collectivite=distribution.a)
        taken = make_ressource("De chez eux", collectivite=distribution.b)
        hidden = make_ressource("Aux élus", collectivite=distribution.b, diffusion=[ELUS])
        for page in (own, taken, hidden):
            Reprise.objects.create(page=page, collectivite=distribution.a, agent=distribution.agent_a, mot="Très bien")
        page = open_session(distribution.agent_a).get(distribution.a.get_absolute_url()).content.decode()
        assert page.count("De chez nous") == 1
        assert "Modèles utilisés" in page
        assert "De chez eux" in page
        assert "Aux élus" not in page

    def test_the_figures_count_what_everybody_reads(self, distribution: Distribution):
        shared = make_ressource(collectivite=distribution.a)
        hidden = make_ressource(collectivite=distribution.a, diffusion=[ELUS])
        for page, place in ((shared, distribution.a), (shared, distribution.b), (hidden, distribution.b)):
            Reprise.objects.create(page=page, collectivite=place, agent=distribution.agent_a)
        (figure,) = apports.chiffres(distribution.a, timezone.localdate().year)
        assert (figure.valeur, figure.libelle) == ("1", "document partagé")
        assert figure.detail == "repris 1 fois par d’autres mairies"
        assert apports.chiffres(distribution.b, timezone.localdate().year) == []

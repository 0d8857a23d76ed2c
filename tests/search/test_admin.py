"""What the responsables run: words, pins, questions, figures, explanations, the state of the index."""

import pytest
from django.contrib.auth.models import Group
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django_tasks_db.models import DBTaskResult

from collectivites.enums import Domaine
from collectivites.models import Agent, EntreeJournal
from notifications.models import Notification
from search import frequences
from search.analyse.requete import lire
from search.apports import a_faire
from search.chercher import chercher
from search.engines import moteur_de_base
from search.enums import StatutQuestion
from search.models import Epingle, QuestionRecherche, RechercheDuMois, SearchEntry, SearchTerm
from search.questions import QuestionRefusee, answer, file_away
from search.reconstruction import last_rebuilt
from search.synonymes import in_force
from search.tasks import rebuild_index
from tests.admin.formulaires import errors, send
from tests.collectivites.factories import AgentFactory
from tests.distribution import Distribution
from tests.search.factories import give, reader, titles
from tests.sessions import open_session

pytestmark = pytest.mark.django_db


def url(name: str, *args: object) -> str:
    return reverse(f"admin_{name}", args=args)


def words(response: object) -> str:
    return response.content.decode().replace("\u00a0", " ")


@pytest.fixture
def client(distribution: Distribution) -> Client:
    """A responsable of the content, of the intercommunalité."""
    distribution.responsable.groups.set([Group.objects.get(name=Domaine.CONTENU.label)])
    return open_session(distribution.responsable)


@pytest.fixture
def question(distribution: Distribution) -> QuestionRecherche:
    return QuestionRecherche.objects.create(
        requete="glisse", message="La patinoire ?", auteur=distribution.agent_a, collectivite=distribution.a
    )


def test_a_question_becomes_a_synonym_in_two_clicks(
    client: Client, distribution: Distribution, question: QuestionRecherche
) -> None:
    give("Règlement de la patinoire")
    page = words(client.get(url("recherches_sans_reponse:inspect", question.pk)))
    link = f"{url('synonymes:add')}?expressions=glisse%2C+"
    assert link in page
    response = send(client, link, expressions="glisse, patinoire")
    assert errors(response) == ""
    assert "Règlement de la patinoire" in titles(chercher("glisse", reader(distribution.agent_a)).rangs)
    assert EntreeJournal.objects.latest("pk").acte == "synonyme.cree"


def test_a_question_becomes_a_pinned_result_in_two_clicks(
    client: Client, distribution: Distribution, question: QuestionRecherche
) -> None:
    entry = give("Règlement de la patinoire")
    give("La glisse en hiver")
    link = f"{url('resultats_epingles:add')}?requete=glisse"
    assert link in words(client.get(url("recherches_sans_reponse:inspect", question.pk)))
    assert errors(send(client, link, entree=entry.pk)) == ""
    assert Epingle.objects.get().cle == lire("Glisses", in_force()).cle
    assert chercher("glisses", reader(distribution.agent_a)).epingles == [entry.pk]


def test_an_answer_reaches_its_author_once(
    client: Client, distribution: Distribution, question: QuestionRecherche
) -> None:
    send(client, url("recherches_sans_reponse:repondre", question.pk), reponse="Cherchez « patinoire ».")
    told = Notification.objects.get(destinataire=distribution.agent_a)
    assert told.texte == "Cherchez « patinoire »."
    assert told.url == "/recherche/?q=glisse"
    question.refresh_from_db()
    assert (question.statut, question.repondu_par) == (StatutQuestion.REPONDUE, distribution.responsable)
    line = EntreeJournal.objects.get(acte="questionrecherche.repondue")
    assert (line.agent, line.collectivite) == (distribution.responsable, distribution.epci)
    again = client.post(url("recherches_sans_reponse:repondre", question.pk), {"reponse": "Autre réponse"}, follow=True)
    assert "Cette demande est déjà répondue." in words(again)
    assert Notification.objects.filter(destinataire=distribution.agent_a).count() == 1


@pytest.mark.parametrize(("reponse", "said"), [("  ", "Écrivez une réponse"), ("x" * 501, "il y en a 501")])
def test_an_answer_that_cannot_be_sent_is_kept_on_the_page(
    client: Client, question: QuestionRecherche, reponse: str, said: str
) -> None:
    response = client.post(url("recherches_sans_reponse:repondre", question.pk), {"reponse": reponse})
    assert response.status_code == 422
    assert said in words(response)
    assert reponse in words(response)
    assert not Notification.objects.exists()


def test_a_question_filed_away_leaves_the_inbox(
    client: Client, distribution: Distribution, question: QuestionRecherche
) -> None:
    assert [one.titre for one in a_faire(distribution.responsable, None)] == ["Une recherche sans réponse"]
    client.post(url("recherches_sans_reponse:classer", question.pk))
    question.refresh_from_db()
    assert question.statut == StatutQuestion.CLASSEE
    assert a_faire(distribution.responsable, None) == []
    assert a_faire(distribution.secretaire_a, None) == []
    for act in (
        lambda: answer(question, "Oui", by=distribution.responsable, pour=None),
        lambda: file_away(question, by=distribution.responsable, pour=None),
    ):
        with pytest.raises(QuestionRefusee, match="déjà classée"):
            act()


@pytest.fixture
def hidden(distribution: Distribution) -> SearchEntry:
    """An entry for the agents of A only: the responsable does not see it."""
    return give("Licorne secrète", codes=(f"c:{distribution.a.pk}",))


def test_pins_of_hidden_entries_do_not_exist(client: Client, hidden: SearchEntry) -> None:
    pin = Epingle.objects.create(requete="licorne", cle="licorn", entree=hidden)
    assert "icorne" not in words(client.get(url("resultats_epingles:index")))
    for route in ("edit", "delete", "inspect", "history"):
        assert client.get(url(f"resultats_epingles:{route}", pin.pk)).status_code == 404, route
    assert client.post(url("resultats_epingles:delete", pin.pk)).status_code == 404
    workbook = client.get(url("resultats_epingles:index") + "?export=xlsx")
    assert b"icorne" not in b"".join(workbook)


def test_a_hidden_entry_cannot_be_chosen_nor_named(client: Client, hidden: SearchEntry) -> None:
    for address in ("/admin/choisir-resultat/", "/admin/choisir-resultat/results/?q=licorne"):
        assert "secrète" not in words(client.get(address)), address
    assert client.get(f"/admin/choisir-resultat/chosen/{hidden.pk}/").status_code == 404
    response = send(client, url("resultats_epingles:add"), requete="cheval", entree=hidden.pk)
    assert errors(response)
    assert "secrète" not in words(response)
    assert not Epingle.objects.exists()


def test_an_entry_is_chosen_in_a_window_rather_than_in_a_list_of_all(client: Client) -> None:
    give("Patinoire")
    page = words(client.get(url("resultats_epingles:add")))
    assert "Choisir un résultat" in page
    assert "Patinoire" not in page
    assert "Patinoire" in words(client.get("/admin/choisir-resultat/results/?q=patin"))


def test_the_label_of_a_pin_does_not_name_its_entry(client: Client) -> None:
    """The journal is read by some who may not see the entry."""
    send(client, url("resultats_epingles:add"), requete="glisse", entree=give("Patinoire").pk)
    assert EntreeJournal.objects.get(acte="epingle.cree").libelle == "glisse"


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"requete": '"glisse"'}, "mots simples"),
        ({"requete": "!!"}, "mots simples"),
        ({"jusqu_au": "01/01/2020"}, "passée"),
        ({"requete": "GLISSES"}, "déjà épinglé"),
    ],
)
def test_a_wrong_pin_is_refused_in_words(client: Client, changes: dict, said: str) -> None:
    entry = give("Patinoire")
    Epingle.objects.create(requete="glisse", cle=lire("glisse", in_force()).cle, entree=entry)
    response = send(client, url("resultats_epingles:add"), **{"requete": "hiver", "entree": entry.pk, **changes})
    assert said in errors(response)
    assert Epingle.objects.count() == 1


def test_a_pin_ends_with_its_day(distribution: Distribution) -> None:
    entry = give("Patinoire")
    pin = Epingle.objects.create(requete="hiver", cle="hiv", entree=entry, jusqu_au="2020-01-01")
    assert not Epingle.objects.in_force().exists()
    pin.jusqu_au = None
    pin.save()
    assert Epingle.objects.in_force().get() == pin


def test_figures_name_nobody(client: Client) -> None:
    agent = AgentFactory(nom="Zibeline")
    for text, total in (("cantine", 3), ("cantine", 3), ("licorne", 0)):
        frequences.note(agent, lire(text, in_force()), total)
    frequences.note_click(agent, lire("cantine", in_force()))
    liste = url("statistiques_recherche:index")
    page = words(client.get(liste))
    assert "rien ne contenait tout ce qui était tapé" in page
    assert "cantine" in page
    assert "licorne" in page
    assert "Zibeline" not in page
    assert "cantine" not in words(client.get(f"{liste}?regard=sans-resultat"))
    assert "licorne" not in words(client.get(f"{liste}?regard=jamais-ouvertes"))
    month = RechercheDuMois.objects.first().mois
    assert "licorne" in words(client.get(f"{liste}?mois={month:%Y-%m-%d}"))
    workbook = client.get(f"{liste}?export=xlsx")
    assert workbook["Content-Type"].endswith("spreadsheetml.sheet")


def explained(client: Client, text: str, agent: Agent | None = None) -> str:
    return words(client.get("/admin/expliquer-recherche/", {"q": text, "agent": agent.pk if agent else ""}))


def test_a_search_is_explained(client: Client, distribution: Distribution) -> None:
    give("Réunion de la CLECT", commune=distribution.epci.nom)
    give("Commission", "La commission locale d’évaluation des charges transférées", boost=0.5)
    page = explained(client, "la CLECT")
    assert "commission locale d’évaluation des charges transférées" in page
    assert "2 résultats" in page
    assert "de votre collectivité (+" in page
    assert "poids de l’objet (× 0,50)" in page


def test_an_explanation_for_somebody_shows_nothing_more(
    client: Client, distribution: Distribution, hidden: SearchEntry
) -> None:
    """Alain finds it; who explains may not, and learns no title, no number, no spelling."""
    moteur_de_base()
    SearchTerm.objects.create(premiere="l", longueur=7, terme="licorne", racine="licorn", forme="licorne", entrees=1)
    assert chercher("licorne", reader(distribution.agent_a)).total == 1
    for text in ("licorne", "licrone"):
        page = explained(client, text, distribution.agent_a)
        assert "Aucun résultat" in page
        assert "secrète" not in page
    assert "licorne" not in explained(client, "licrone", distribution.agent_a)


def test_an_explanation_for_somebody_shows_nothing_they_do_not_find(client: Client, distribution: Distribution) -> None:
    give("Zibeline", codes=("elus", "epci"))
    assert "1 résultat" in explained(client, "zibeline", distribution.elue_b)
    assert "Aucun résultat" in explained(client, "zibeline", distribution.agent_a)
    assert "Aucun résultat" in explained(client, "zibeline", distribution.sans_poste)


def test_the_state_of_the_index_is_for_administrators(client: Client, distribution: Distribution) -> None:
    assert client.get("/admin/etat-index/")["Location"] == "/admin/"
    assert client.post("/admin/etat-index/")["Location"] == "/admin/"
    assert not DBTaskResult.objects.exists()
    page = words(open_session(distribution.administrateur).get("/admin/etat-index/?comparer=1"))
    assert "aucun désaccord avec la base" in page
    assert "aucune n’est au journal" in page


def test_a_disagreement_is_told_and_mended(distribution: Distribution) -> None:
    entry = give("Patinoire")
    moteur_de_base().remove([entry.pk])
    client = open_session(distribution.administrateur)
    assert "absentes de l’index : 1" in words(client.get("/admin/etat-index/?comparer=1"))
    assert chercher("patinoire", reader(distribution.agent_a)).total == 0
    rebuild_index.call(distribution.administrateur.pk)
    assert chercher("patinoire", reader(distribution.agent_a)).total == 1
    assert last_rebuilt() is not None
    assert EntreeJournal.objects.get(acte="index.reconstruit").agent == distribution.administrateur


def test_rebuilding_is_asked_once(distribution: Distribution, django_capture_on_commit_callbacks: object) -> None:
    client = open_session(distribution.administrateur)
    for _ in range(2):
        with django_capture_on_commit_callbacks(execute=True):
            client.post("/admin/etat-index/")
    assert DBTaskResult.objects.count() == 1
    assert "Une reconstruction est en cours" in words(client.get("/admin/etat-index/"))


def test_the_menu_shows_what_one_may_open(client: Client, distribution: Distribution) -> None:
    addresses = ["/admin/synonymes/", "/admin/recherches-sans-reponse/", "/admin/expliquer-recherche/"]
    home = client.get("/admin/").content.decode()
    assert [address for address in addresses if address not in home] == []
    assert "/admin/etat-index/" not in home
    assert "/admin/etat-index/" in open_session(distribution.administrateur).get("/admin/").content.decode()


def test_lists_cost_the_same_for_one_row_and_for_ten(client: Client, distribution: Distribution) -> None:
    def add(n: int) -> None:
        Epingle.objects.create(requete=f"mot {n}", cle=f"mot {n}", entree=give(f"Titre {n}"))
        QuestionRecherche.objects.create(requete=f"mot {n}", auteur=AgentFactory(), collectivite=distribution.a)
        frequences.note(distribution.agent_a, lire(f"mot {n}", in_force()), 0)

    def cost() -> list[int]:
        counted = []
        for liste in ("resultats_epingles", "recherches_sans_reponse", "statistiques_recherche"):
            with CaptureQueriesContext(connection) as queries:
                client.get(url(f"{liste}:index"))
            counted.append(len(queries))
        with CaptureQueriesContext(connection) as queries:
            explained(client, "titre")
        return [*counted, len(queries)]

    add(0)
    cost()
    for_one = cost()
    for n in range(1, 11):
        add(n)
    assert cost() == for_one

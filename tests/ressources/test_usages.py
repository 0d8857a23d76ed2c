"""What readers do from a sheet: keep, judge, use, write."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from collectivites.models import EntreeJournal
from notifications.models import Notification
from ressources import relecture, usages
from ressources.enums import GenreEchange
from ressources.models import Avis, Echange, Favori, Reprise, RessourcePage
from tests.distribution import Distribution
from tests.fichiers import documents
from tests.ressources.actes import send
from tests.ressources.factories import make_ressource
from tests.sessions import open_session


@pytest.fixture
def client(distribution: Distribution) -> Client:
    return open_session(distribution.agent_a)


@pytest.fixture
def page(distribution: Distribution) -> RessourcePage:
    return make_ressource("Règlement", collectivite=distribution.b, referent=distribution.secretaire_b)


def act(client: Client, page: RessourcePage, what: str, **fields: object) -> int:
    return send(client, page.url, f"/ressources/{page.pk}/{what}/", **fields).status_code


def test_kept_with_a_note_that_nobody_else_reads(
    client: Client, page: RessourcePage, distribution: Distribution
) -> None:
    assert act(client, page, "favori") == 302
    assert act(client, page, "favori", note="Pour le conseil de mars") == 302
    assert Favori.objects.get().note == "Pour le conseil de mars"
    assert "Pour le conseil de mars" in client.get("/ressources/favoris/").content.decode()
    other = open_session(distribution.secretaire_b)
    assert "Pour le conseil de mars" not in other.get(page.url).content.decode()
    assert "Règlement" not in other.get("/ressources/favoris/").content.decode()
    assert act(client, page, "favori", retirer="1") == 302
    assert not Favori.objects.exists()


def test_what_one_may_no_longer_see_leaves_the_favourites(
    client: Client, page: RessourcePage, distribution: Distribution
) -> None:
    act(client, page, "favori")
    page.diffusion = ["elus"]
    page.save()
    assert "Règlement" not in client.get("/ressources/favoris/").content.decode()


def test_the_last_opinion_counts(client: Client, page: RessourcePage) -> None:
    act(client, page, "avis", utile="oui")
    assert "Utile à 1 personne" in client.get(page.url).content.decode()
    act(client, page, "avis", utile="non")
    assert Avis.objects.get().utile is False


def test_my_commune_uses_it(client: Client, page: RessourcePage, distribution: Distribution) -> None:
    acte = SimpleUploadedFile("Délibération n° 3.pdf", documents.pdf("= Le conseil adopte"))
    assert act(client, page, "reprise", mot="Sans l’article 18", telephone="03 53 01 00 12", acte=acte) == 302
    reprise = Reprise.objects.get()
    assert (reprise.collectivite, reprise.acte_nom) == (distribution.a, "Délibération n° 3.pdf")
    html = open_session(distribution.elue_b).get(page.url).content.decode()
    assert "Sans l’article 18" in html
    assert f"/ressources/actes/{reprise.pk}/" in html
    assert act(client, page, "reprise", mot="Avec l’article 18") == 302
    reprise.refresh_from_db()
    assert (reprise.mot, reprise.acte_nom) == ("Avec l’article 18", "Délibération n° 3.pdf")
    assert act(client, page, "reprise", retirer="1") == 302
    assert not Reprise.objects.exists()


def test_the_journal_tells_a_use_from_a_review_taken_back(page: RessourcePage, distribution: Distribution) -> None:
    """« ressource.reprise » said both: its old lines stay, and nothing is written under that name any more."""
    agent, place = distribution.agent_a, distribution.a
    page.save_revision(user=agent)
    page.get_workflow().start(page, agent)
    relecture.withdraw(page, agent)
    usages.take_up(page, agent, place)
    usages.drop_use(page, place, agent)
    acts = EntreeJournal.objects.filter(acte__startswith="ressource.").order_by("pk").values_list("acte", flat=True)
    assert list(acts) == ["ressource.sortie_de_relecture", "ressource.reprise_dite", "ressource.reprise_retiree"]


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"telephone": "appelez-moi"}, "Écrivez un numéro"),
        ({"acte": SimpleUploadedFile("acte.pdf", b"MZ\x90\x00")}, "acte.pdf"),
        ({"acte": SimpleUploadedFile("acte.exe", b"MZ\x90\x00")}, "acte.exe"),
        ({"mot": "x" * 301}, "300"),
    ],
)
def test_a_wrong_answer_is_said_and_the_words_stay(
    fields: dict, said: str, client: Client, page: RessourcePage
) -> None:
    response = send(client, page.url, f"/ressources/{page.pk}/reprise/", **{"mot": "Mes mots", **fields})
    assert response.status_code == 422
    html = response.content.decode()
    assert said in html
    assert "mot" in fields or "Mes mots" in html
    assert not Reprise.objects.exists()


def test_the_same_size_comes_first(client: Client, page: RessourcePage, distribution: Distribution) -> None:
    for place, population in ((distribution.a, 300), (distribution.b, 20_000), (distribution.epci, 350)):
        place.population_totale, place.population_annee = population, 2026
        place.save()
        if place != distribution.a:
            Reprise.objects.create(page=page, collectivite=place, agent=distribution.agent_a)
    html = client.get(page.url).content.decode()
    uses = html[html.index('id="h-repris"') :]
    assert uses.index("Grand Val") < uses.index("Bourg")


def test_a_question_reaches_the_referent_and_its_answer_comes_back(
    client: Client, page: RessourcePage, distribution: Distribution
) -> None:
    assert act(client, page, "echanges", genre="question", texte="L’article 18 vaut-il sans columbarium ?") == 302
    question = Echange.objects.get()
    told = Notification.objects.get()
    assert told.destinataire == distribution.secretaire_b
    assert told.url.endswith(f"#echange-{question.pk}")
    referent = open_session(distribution.secretaire_b)
    send(referent, page.url, f"/ressources/{page.pk}/echanges/{question.pk}/", texte="Retirez-le.")
    assert Notification.objects.get(destinataire=distribution.agent_a).texte == "Retirez-le."
    html = open_session(distribution.elue_b).get(page.url).content.decode()
    assert "Retirez-le." in html
    send(referent, page.url, f"/ressources/{page.pk}/echanges/{question.pk}/traite/")
    question.refresh_from_db()
    assert question.traite_par == distribution.secretaire_b


def test_a_mistake_is_between_its_author_and_those_who_edit(
    client: Client, page: RessourcePage, distribution: Distribution
) -> None:
    act(client, page, "echanges", genre="signalement", texte="Le tarif est faux", endroit="Page 4")
    told = Echange.objects.get(genre=GenreEchange.SIGNALEMENT)
    for agent, seen in [
        (distribution.agent_a, True),
        (distribution.secretaire_b, True),
        (distribution.responsable, True),
        (distribution.elue_b, False),
        (distribution.secretaire_a, False),
    ]:
        assert ("Le tarif est faux" in open_session(agent).get(page.url).content.decode()) is seen
    stranger = open_session(distribution.elue_b)
    answered = send(stranger, page.url, f"/ressources/{page.pk}/echanges/{told.pk}/", texte="Moi je vois")
    assert answered.status_code == 404


def test_only_those_who_edit_settle(client: Client, page: RessourcePage, distribution: Distribution) -> None:
    act(client, page, "echanges", genre="question", texte="Vraiment ?")
    question = Echange.objects.get()
    refused = send(client, page.url, f"/ressources/{page.pk}/echanges/{question.pk}/traite/")
    assert refused.status_code == 404


def test_an_empty_message_is_refused(client: Client, page: RessourcePage) -> None:
    response = send(client, page.url, f"/ressources/{page.pk}/echanges/", genre="question", texte="  ")
    assert response.status_code == 422
    assert not Echange.objects.exists()


@pytest.mark.parametrize("what", ["favori", "avis", "reprise", "echanges"])
def test_nothing_is_done_on_what_one_does_not_see(what: str, client: Client, distribution: Distribution) -> None:
    shown, hidden = make_ressource(), make_ressource(diffusion=["elus"])
    response = send(client, shown.url, f"/ressources/{hidden.pk}/{what}/", texte="x", genre="question", utile="oui")
    assert response.status_code == 404
    assert not any(model.objects.exists() for model in (Favori, Avis, Reprise, Echange))


def test_a_form_leads_back_to_our_pages_only(client: Client, page: RessourcePage) -> None:
    for target, where in [
        ("https://ailleurs.example/", page.url),
        ("//ailleurs.example", page.url),
        ("/aide/", "/aide/"),
    ]:
        response = send(client, page.url, f"/ressources/{page.pk}/avis/", utile="oui", next=target)
        assert response["Location"] == where

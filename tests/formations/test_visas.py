"""The visas of a mairie: who owes them, and what a signed link opens."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from collectivites.enums import Signature
from collectivites.models import Agent, Collectivite
from formations.enums import StatutInscription, Visa
from formations.inscrire import visas
from formations.models import Inscription, LienVisa, RegleVisa
from formations.places import retraits
from tests.collectivites.factories import CollectiviteFactory
from tests.formations.factories import reread, worker
from tests.formations.visas import asked, rule
from tests.sessions import open_session

pytestmark = pytest.mark.django_db
S = StatutInscription


@pytest.fixture
def place() -> Collectivite:
    return CollectiviteFactory(nom="Tavaux")


@pytest.fixture
def maire(place: Collectivite) -> Agent:
    return worker(place, signataire=Signature.DE_DROIT)


@pytest.fixture
def keeper(place: Collectivite) -> Agent:
    return worker(place, gestionnaire=True)


def post(client: Client, url: str, *chosen: Inscription, action: str = "accorder", **words: str) -> object:
    """With the key that the page holds, when it holds one."""
    page = client.get(url).content.decode()
    found = re.search(r'name="cle_unique" value="([^"]+)"', page)
    data = {"demande": [one.pk for one in chosen], "action": action, **words}
    return client.post(url, data | ({"cle_unique": found[1]} if found else {}))


# --- who ---


def test_who_may_give_them(place: Collectivite, maire: Agent, keeper: Agent) -> None:
    (seat,) = asked(place)
    stranger = worker(gestionnaire=True, signataire=Signature.DE_DROIT)
    assert [list(visas.to_give(one)) for one in (maire, keeper, seat.agent, stranger)] == [[seat], [seat], [], []]
    rule(place)
    assert [list(visas.to_give(one)) for one in (maire, keeper)] == [[seat], []]


def test_what_awaits_them_is_on_the_home_page(place: Collectivite, keeper: Agent) -> None:
    first, second = asked(place, 2)
    (line,) = visas.todo(keeper)
    assert (line.titre, line.avant) == ("2 visas à donner", timezone.localdate(first.tenue_jusqua))
    retraits.desister(second, None, "Non")
    assert visas.todo(keeper)[0].titre == "1 visa à donner"
    assert visas.todo(second.agent) == []


# --- the inbox ---


def test_several_are_given_at_once(place: Collectivite, keeper: Agent) -> None:
    first, second, third = asked(place, 3)
    client, url = open_session(keeper, Client()), reverse("formations:visa_list")
    assert post(client, url, first, second).status_code == 302
    assert [reread(one).statut for one in (first, second, third)] == [S.CONFIRMEE, S.CONFIRMEE, S.TENUE]
    assert reread(first).visa_par == keeper


def test_a_refusal_wants_a_reason_and_keeps_what_was_ticked(place: Collectivite, keeper: Agent) -> None:
    first, second = asked(place, 2)
    client, url = open_session(keeper, Client()), reverse("formations:visa_list")
    answer = post(client, url, second, action="refuser", motif="")
    assert answer.status_code == 422
    assert f'value="{second.pk}" checked' in answer.content.decode()
    assert "Dites pourquoi" in answer.content.decode()
    post(client, url, second, action="refuser", motif="Effectif trop juste")
    assert [reread(one).statut for one in (first, second)] == [S.TENUE, S.REFUSEE]
    assert reread(second).motif == "Effectif trop juste"


def test_the_visas_of_another_mairie_are_not_ours_to_give(place: Collectivite, keeper: Agent) -> None:
    (mine,), (other,) = asked(place), asked(CollectiviteFactory())
    post(open_session(keeper, Client()), reverse("formations:visa_list"), mine, other)
    assert (reread(mine).visa, reread(other).visa) == (Visa.ACCORDE, Visa.ATTENDU)


def test_what_was_given_meanwhile_is_left_out(place: Collectivite, keeper: Agent, maire: Agent) -> None:
    (seat,) = asked(place)
    client, url = open_session(keeper, Client()), reverse("formations:visa_list")
    key = re.search(r'name="cle_unique" value="([^"]+)"', client.get(url).content.decode())[1]
    visas.give(maire, visas.to_give(maire), [str(seat.pk)])
    page = client.post(url, {"demande": seat.pk, "action": "refuser", "motif": "Non", "cle_unique": key}, follow=True)
    assert "laissé de côté" in page.content.decode()
    assert reread(seat).statut == S.CONFIRMEE


def test_the_list_costs_the_same_for_one_or_ten(place: Collectivite, keeper: Agent) -> None:
    asked(place)
    client, url = open_session(keeper, Client()), reverse("formations:visa_list")
    client.get(url)
    with CaptureQueriesContext(connection) as one:
        client.get(url)
    asked(place, 9)
    with CaptureQueriesContext(connection) as ten:
        assert client.get(url).content.decode().count('name="demande"') == 10
    assert len(ten) == len(one)


def test_the_rule_is_that_of_the_commune_one_acts_for(place: Collectivite, keeper: Agent, maire: Agent) -> None:
    client, url = open_session(keeper, Client()), reverse("formations:visa_regle")
    stranger = worker()
    data = {"politique": "signataire", "viseur": maire.pk, "suppleant": keeper.pk}
    assert client.post(url, data | {"viseur": stranger.pk}).status_code == 422
    assert client.post(url, data | {"viseur": keeper.pk}).status_code == 422
    assert client.post(url, data).status_code == 302
    found = RegleVisa.objects.get()
    assert (found.collectivite, found.politique, found.viseur, found.suppleant) == (place, "signataire", maire, keeper)
    assert open_session(stranger, Client()).get(url).status_code == 403


# --- the link ---


@pytest.fixture
def jeton(place: Collectivite, maire: Agent) -> str:
    return visas.create_link(maire, place)


def open_link(jeton: str) -> object:
    return Client().get(reverse("formations:visa_lien", args=[jeton]))


def test_the_right_link_opens_the_visas_of_its_mairie_only(place: Collectivite, maire: Agent, jeton: str) -> None:
    (seat,), (other,) = asked(place), asked(CollectiviteFactory(nom="Ailleurs"))
    answer = open_link(jeton)
    page = answer.content.decode()
    assert answer.status_code == 200
    assert seat.agent.nom_complet in page
    assert other.agent.nom_complet not in page
    assert maire.email not in page
    assert "no-store" in answer["Cache-Control"]
    assert answer["X-Robots-Tag"] == "noindex"
    assert jeton not in str(LienVisa.objects.values().get())


def _revoked(lien: LienVisa) -> None:
    visas.revoke(lien)


def _expired(lien: LienVisa) -> None:
    LienVisa.objects.update(expire_le=timezone.now() - timedelta(minutes=1))


def _poste_ended(lien: LienVisa) -> None:
    lien.agent.postes.update(date_fin=timezone.localdate() - timedelta(days=1))


def _signs_no_more(lien: LienVisa) -> None:
    lien.agent.postes.update(signataire=Signature.NON)


def _account_closed(lien: LienVisa) -> None:
    Agent.objects.filter(pk=lien.agent_id).update(is_active=False)


def _replaced(lien: LienVisa) -> None:
    visas.create_link(lien.agent, lien.collectivite)


@pytest.mark.parametrize("change", [_revoked, _expired, _poste_ended, _signs_no_more, _account_closed, _replaced])
def test_a_link_that_is_no_longer_good_opens_and_gives_nothing(place: Collectivite, jeton: str, change) -> None:
    (seat,) = asked(place)
    url = reverse("formations:visa_lien", args=[jeton])
    change(LienVisa.objects.get())
    answers = [Client().get(url), Client().post(url, {"demande": seat.pk, "action": "accorder"})]
    assert [one.status_code for one in answers] == [404, 404]
    assert all(seat.agent.nom not in one.content.decode() for one in answers)
    assert reread(seat).visa == Visa.ATTENDU


def test_a_wrong_link_says_the_same_as_an_old_one(jeton: str) -> None:
    wrong = open_link(jeton[:-1])
    visas.revoke(LienVisa.objects.get())
    old = open_link(jeton)
    assert wrong.status_code == old.status_code == 404
    assert re.sub(r"nonce=\S+", "", wrong.content.decode()) == re.sub(r"nonce=\S+", "", old.content.decode())


def test_by_the_link_several_are_given_or_refused(place: Collectivite, maire: Agent, jeton: str) -> None:
    first, second, third = asked(place, 3)
    (other,) = asked(CollectiviteFactory())
    client, url = Client(), reverse("formations:visa_lien", args=[jeton])
    assert client.get(url).status_code == 200
    assert LienVisa.objects.get().servi_le is None, "looking changes nothing"
    assert post(client, url, first, second, other).status_code == 302
    assert post(client, url, third, action="refuser", motif="").status_code == 422
    post(client, url, third, action="refuser", motif="Pas ce mois-ci")
    assert [reread(one).statut for one in (first, second, third, other)] == [
        S.CONFIRMEE,
        S.CONFIRMEE,
        S.REFUSEE,
        S.TENUE,
    ]
    assert reread(first).visa_par == maire
    assert LienVisa.objects.get().servi_le is not None
    assert "Plus rien n’attend" in client.get(url).content.decode()


def test_a_form_that_says_neither_gives_nothing(place: Collectivite, jeton: str) -> None:
    (seat,) = asked(place)
    url = reverse("formations:visa_lien", args=[jeton])
    assert Client().post(url, {"demande": seat.pk}).status_code == 302
    assert reread(seat).visa == Visa.ATTENDU


@pytest.mark.parametrize("word", ["", "0", "-1", "x", "9" * 40, "١"])
def test_keys_that_are_not_keys_give_nothing(place: Collectivite, jeton: str, word: str) -> None:
    (seat,) = asked(place)
    url = reverse("formations:visa_lien", args=[jeton])
    assert Client().post(url, {"demande": word, "action": "accorder"}).status_code == 302
    assert reread(seat).visa == Visa.ATTENDU


def test_a_link_is_closed_by_its_mairie(place: Collectivite, keeper: Agent, jeton: str) -> None:
    lien = LienVisa.objects.get()
    url = reverse("formations:visa_lien_revoquer", args=[lien.pk])
    assert open_session(worker(), Client()).post(url).status_code == 403
    assert open_link(jeton).status_code == 200
    assert open_session(keeper, Client()).post(url).status_code == 302
    assert open_link(jeton).status_code == 404


def test_the_name_of_who_signs_is_elided(place: Collectivite, maire: Agent) -> None:
    Agent.objects.filter(pk=maire.pk).update(prenom="Anne-Lise", nom="Marchal")
    asked(place)
    page = Client().get(reverse("formations:visa_lien", args=[visas.create_link(maire, place)]))
    assert "Vous signez au nom d’Anne-Lise Marchal." in page.content.decode()
    assert "le lien d’Anne-Lise Marchal" in open_session(maire).get(reverse("formations:visa_list")).content.decode()

"""What a password may be."""

import pytest
from django.conf import settings as conf
from django.contrib.auth.hashers import get_hashers_by_algorithm, make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from collectivites.comptes.mots_de_passe import Argon2Hasher
from collectivites.models import EntreeJournal
from extranet.settings import comptes
from tests.collectivites.factories import CollectiviteFactory
from tests.comptes.entrees import PASSE, enter_by_code, enter_by_password, is_in, with_password
from tests.distribution import Distribution

GOOD = [
    "girafe lampe citron tambour",
    "quatre mots sans lien",
    "la nuit tous les chats dansent",
    "8371-4482-9057-6613",
    "日本語のパスフレーズは大丈夫ですか",
    "aaaa bbbb cccc dddd eeee ffff",
    "kf8-2hd.pw9_Lx!zq",
    "Vélo, pluie et confiture de mûres, " * 3,
]
SHORT = ["", "a", "14 caractères.", "mairie"]
GUESSED = [
    "mairiedefoucherans",
    "Mairie de Foucherans 39100",
    "FOUCHERANS-foucherans-2026",
    "m@irie-f0ucherans-39",
    "abergementlaronce39500",
    "secretaire de mairie",
    "motdepassemotdepasse",
    "azertyuiopqsdfghjklm",
    "123456789012345",
    "aaaaaaaaaaaaaaaaaaaa",
    "abababababababababab",
    "passwordpassword123",
    "Alain Aval Alain Aval",
    "Bonjour Bonjour Bonjour",
    "extranet des communes",
    "grand val grand val grand",
    "2026 2026 2026 2026",
]


@pytest.fixture
def place(distribution: Distribution) -> Distribution:
    CollectiviteFactory(nom="Foucherans", slug="foucherans", insee="39233", code_postal="39100")
    CollectiviteFactory(nom="Abergement-la-Ronce", slug="abergement-la-ronce", insee="39001", code_postal="39500")
    return distribution


@pytest.mark.parametrize("password", GOOD)
def test_a_long_phrase_is_good(place: Distribution, password: str):
    validate_password(password, place.agent_a)


@pytest.mark.parametrize("password", SHORT)
def test_a_short_one_says_how_much_is_missing(place: Distribution, password: str):
    with pytest.raises(ValidationError, match=f"Il manque {15 - len(password)} caractère"):
        validate_password(password, place.agent_a)


@pytest.mark.parametrize("password", GUESSED)
def test_a_guessed_one_is_refused(place: Distribution, password: str):
    with pytest.raises(ValidationError, match="se devine|trop courant"):
        validate_password(password, place.agent_a)


def test_it_is_not_endless(place: Distribution):
    with pytest.raises(ValidationError, match="128"):
        validate_password("girafe lampe citron tambour " * 5, place.agent_a)


def test_it_is_kept_as_argon2id(settings):
    settings.PASSWORD_HASHERS = ["collectivites.comptes.mots_de_passe.Argon2Hasher"]
    get_hashers_by_algorithm.cache_clear()
    kept = make_password(PASSE, hasher=Argon2Hasher())
    assert kept.startswith("argon2$argon2id$v=19$m=19456,t=3,p=1$")
    get_hashers_by_algorithm.cache_clear()


def test_production_uses_it():
    assert comptes.PASSWORD_HASHERS[0].endswith("Argon2Hasher")
    assert conf.AUTH_PASSWORD_VALIDATORS == comptes.AUTH_PASSWORD_VALIDATORS


def test_one_may_choose_a_password(place: Distribution):
    agent, client = place.agent_a, Client()
    enter_by_code(client, agent)
    address = reverse("account_set_password")
    page = client.post(address, {"password1": "mairie de Foucherans", "password2": "mairie de Foucherans"})
    assert "se devine" in page.content.decode()
    page = client.post(address, {"password1": PASSE, "password2": PASSE + "x"})
    assert "ne sont pas les mêmes" in page.content.decode()
    client.post(address, {"password1": PASSE, "password2": PASSE})
    assert EntreeJournal.objects.filter(acte="mot_de_passe.change", agent=agent).exists()
    other = Client()
    enter_by_password(other, agent.email, PASSE)
    assert is_in(other, agent)


def test_choosing_one_asks_for_a_recent_proof_and_keeps_no_word_of_it(place: Distribution):
    client = Client()
    client.force_login(place.agent_a)
    response = client.post(reverse("account_set_password"), {"password1": PASSE, "password2": PASSE})
    assert response["Location"].startswith(reverse("account_reauthenticate_code"))
    assert PASSE not in str(dict(client.session))


def test_changing_it_asks_for_the_present_one(place: Distribution):
    agent, client = with_password(place.agent_a), Client()
    enter_by_password(client, agent.email, PASSE)
    new = "ardoise fontaine merle pivoine"
    page = client.post(reverse("account_change_password"), {"oldpassword": "faux", "password1": new, "password2": new})
    assert "pas votre mot de passe actuel" in page.content.decode()
    agent.refresh_from_db()
    assert agent.check_password(PASSE)


def test_a_forgotten_one_is_chosen_again_after_a_code(place: Distribution):
    client = Client()
    client.post(reverse("account_reset_password"), {"email": place.agent_a.email})
    done = reverse("account_complete_password_reset")
    assert client.get(done)["Location"] == reverse("account_confirm_password_reset_code")
    assert client.post(done, {"password1": PASSE, "password2": PASSE}).status_code == 302
    place.agent_a.refresh_from_db()
    assert not place.agent_a.has_usable_password()

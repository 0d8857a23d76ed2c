"""The browser's own tools see what they are there to see: each is shown a fault first."""

from collections.abc import Callable

import pytest

from tests.e2e.browser import add_passkey_device, axe, no_horizontal_scroll
from tests.e2e.conftest import Visitor

Visit = Callable[..., Visitor]


def test_a_console_error_and_a_broken_policy_are_complaints(visitor: Visit):
    person = visitor()
    page = person.go("/connexion/")
    page.evaluate("console.error('panne voulue')")
    page.evaluate("document.body.setAttribute('style', 'color: red')")
    page.evaluate("fetch('/introuvable.png').then(answer => answer.status)")
    for complaint in ("panne voulue", "Content Security Policy", "404"):
        assert any(complaint in line for line in person.watch.complaints), complaint
        person.watch.forgive(complaint)
    assert person.watch.complaints == []


def test_forgiving_what_never_came_fails(visitor: Visit):
    person = visitor()
    person.go("/connexion/")
    with pytest.raises(AssertionError):
        person.watch.forgive("panne voulue")


def test_axe_sees_an_input_without_label(visitor: Visit):
    page = visitor().go("/connexion/")
    axe(page)
    page.evaluate("document.querySelector('main').insertAdjacentHTML('beforeend', '<input>')")
    with pytest.raises(AssertionError, match="label"):
        axe(page)


def test_a_wide_element_overflows(visitor: Visit):
    page = visitor(phone=True).go("/connexion/")
    no_horizontal_scroll(page)
    page.evaluate("document.querySelector('main').insertAdjacentHTML('beforeend', '<hr width=400>')")
    with pytest.raises(AssertionError, match="320 px"):
        no_horizontal_scroll(page)


def test_a_passkey_device_keeps_a_key(visitor: Visit):
    person = visitor()
    page = person.go("/connexion/")
    add_passkey_device(person.context, page)
    created = page.evaluate(
        """() => navigator.credentials.create({publicKey: {
            challenge: new Uint8Array(32), rp: {name: 'essai'},
            user: {id: new Uint8Array(8), name: 'a', displayName: 'a'},
            pubKeyCredParams: [{type: 'public-key', alg: -7}, {type: 'public-key', alg: -257}],
            authenticatorSelection: {residentKey: 'required'},
        }}).then(credential => credential.type)"""
    )
    assert created == "public-key"

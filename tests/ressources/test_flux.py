"""The feeds of the library: who reads them by their address, what they tell, and when they stop answering."""

import re
from datetime import date, timedelta
from xml.etree import ElementTree

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from icalendar import Calendar

from collectivites.diffusion import TOUTES, code_collectivite
from collectivites.models import Agent, EntreeJournal, Poste, Theme
from ressources import menage
from ressources.emporter import liens
from ressources.enums import Examen
from ressources.models import LienFlux, RessourcePage, VersionFichier
from ressources.verification import still_valid
from tests.distribution import Distribution
from tests.formations.formulaires import said
from tests.materiel.formulaires import send
from tests.ressources.factories import make_ressource, make_version
from tests.sessions import open_session

pytestmark = pytest.mark.django_db
PAGE = "/ressources/flux/"
ATOM = {"a": "http://www.w3.org/2005/Atom"}


def read(jeton: str, name: str = "flux_atom", **headers: str) -> object:
    return Client().get(reverse(f"ressources:{name}", args=[jeton]), headers=headers)


def entries(jeton: str) -> list[ElementTree.Element]:
    answer = read(jeton)
    assert answer.status_code == 200
    return ElementTree.fromstring(answer.content).findall("a:entry", ATOM)


def titles(jeton: str) -> list[str]:
    return [one.find("a:title", ATOM).text for one in entries(jeton)]


def told(jeton: str) -> list:
    answer = read(jeton, "flux_ics")
    assert answer.status_code == 200
    return Calendar.from_ical(answer.content).walk("VEVENT")


@pytest.fixture
def theme(db: None) -> Theme:
    return Theme.objects.last()


def test_a_theme_tells_its_documents_the_last_to_change_first(distribution: Distribution, theme: Theme) -> None:
    now = timezone.now()
    old, new = (
        make_ressource(
            title,
            theme=theme,
            collectivite=distribution.b,
            first_published_at=now - timedelta(days=days),
            resume="Pour tous.",
        )
        for title, days in (("Ancien", 30), ("Nouveau", 2))
    )
    VersionFichier.objects.update(publiee_le=now - timedelta(days=40))
    make_ressource("Ailleurs")
    jeton = liens.create(distribution.agent_a, theme)
    assert titles(jeton) == ["Nouveau", "Ancien"]
    make_version(old.fichiers.get())
    assert titles(jeton) == ["Ancien", "Nouveau"]
    first = entries(jeton)[0]
    assert first.find("a:summary", ATOM).text == "Pour tous."
    assert first.find("a:author/a:name", ATOM).text == "Bourg"
    assert first.find("a:link", ATOM).get("href").endswith(old.adresse)
    assert re.fullmatch(rf"tag:[^,]+,[\d-]+:ressource-{old.pk}", first.find("a:id", ATOM).text)
    assert new.pk != old.pk


def test_it_names_nobody(distribution: Distribution, theme: Theme) -> None:
    make_ressource(theme=theme, owner=distribution.secretaire_b, referent=distribution.secretaire_b)
    body = read(liens.create(distribution.agent_a, theme)).content.decode()
    assert distribution.secretaire_b.nom not in body
    assert distribution.agent_a.nom not in body


@pytest.mark.parametrize(
    "change",
    [
        {"diffusion": ["c:999999"]},
        {"live": False},
        {"expire_at": timezone.now() - timedelta(minutes=1)},
        {"live": False, "archivee_le": timezone.now()},
    ],
    ids=["réservée", "dépubliée", "finie", "archivée"],
)
def test_what_the_holder_may_no_longer_see_leaves_it(change: dict, distribution: Distribution, theme: Theme) -> None:
    page = make_ressource(theme=theme)
    jeton = liens.create(distribution.agent_a, theme)
    assert len(entries(jeton)) == 1
    RessourcePage.objects.filter(pk=page.pk).update(**change)
    assert entries(jeton) == []


def test_a_version_in_quarantine_changes_nothing(distribution: Distribution, theme: Theme) -> None:
    page = make_ressource(theme=theme)
    jeton = liens.create(distribution.agent_a, theme)
    before = read(jeton)["ETag"]
    make_version(page.fichiers.get(), examen=Examen.EN_ATTENTE)
    assert read(jeton)["ETag"] == before


def test_signs_that_xml_refuses_break_nothing(distribution: Distribution, theme: Theme) -> None:
    page = make_ressource("Bail", theme=theme)
    RessourcePage.objects.filter(pk=page.pk).update(title="Bail \x0b<script> & \uffff fin", resume="\x01")
    assert titles(liens.create(distribution.agent_a, theme)) == ["Bail <script> &  fin"]


def test_read_again_unchanged_and_at_a_constant_cost(
    distribution: Distribution, theme: Theme, django_assert_max_num_queries: object
) -> None:
    jeton, counts = liens.create(distribution.agent_a, theme), set()
    calendrier = liens.create(distribution.agent_a)
    read(jeton)
    read(calendrier, "flux_ics")
    for number in (1, 10):
        while RessourcePage.objects.count() < number:
            make_ressource(theme=theme, referent=distribution.agent_a, a_verifier_avant=date(2027, 3, 1))
        with django_assert_max_num_queries(20) as queries:
            first = read(jeton)
            known = read(calendrier, "flux_ics")
        counts.add(len(queries))
    assert len(counts) == 1
    for jeton_lu, name, answer in ((jeton, "flux_atom", first), (calendrier, "flux_ics", known)):
        assert "private" in answer["Cache-Control"]
        assert answer["X-Robots-Tag"] == "noindex"
        again = read(jeton_lu, name, if_none_match=answer["ETag"])
        assert (again.status_code, again.content) == (304, b"")


def test_an_empty_theme_is_the_same_at_each_reading(distribution: Distribution, theme: Theme) -> None:
    jeton = liens.create(distribution.agent_a, theme)
    assert read(jeton)["ETag"] == read(jeton)["ETag"]
    assert entries(jeton) == []


def test_review_dates_are_those_that_one_looks_after(distribution: Distribution) -> None:
    agent, day = distribution.secretaire_a, date(2027, 3, 1)
    mine = make_ressource("Le mien", collectivite=distribution.a, referent=agent, a_verifier_avant=day)
    make_ressource("D’un autre", referent=distribution.secretaire_b, a_verifier_avant=day)
    make_ressource("Sans date", referent=agent)
    make_ressource("Remplacé", referent=agent, a_verifier_avant=day, remplacee_par=mine)
    make_ressource("Archivé", referent=agent, a_verifier_avant=day, live=False, archivee_le=timezone.now())
    make_ressource("Périmé", referent=agent, a_verifier_avant=day, perime_le=date(2026, 1, 1))
    (event,) = told(liens.create(agent))
    assert str(event["SUMMARY"]).replace("\xa0", " ") == "À vérifier : Le mien"
    assert (event["DTSTART"].dt, event["DTEND"].dt) == (day, day + timedelta(days=1))
    assert f"#ressource-{mine.pk}" in event["URL"]
    assert str(agent) not in read(liens.create(agent), "flux_ics").content.decode()


def test_a_date_that_moves_keeps_its_uid_and_grows(distribution: Distribution) -> None:
    agent = distribution.secretaire_a
    old = timezone.now() - timedelta(days=90)
    page = make_ressource(
        collectivite=distribution.a, referent=agent, a_verifier_avant=timezone.localdate(), last_published_at=old
    )
    jeton = liens.create(agent)
    (before,) = told(jeton)
    still_valid(page, par=agent, collectivite=distribution.a)
    (checked,) = told(jeton)
    assert checked["DTSTART"].dt > before["DTSTART"].dt
    page = RessourcePage.objects.get(pk=page.pk)
    page.a_verifier_avant = timezone.localdate() + timedelta(days=400)
    page.save_revision().publish()
    (edited,) = told(jeton)
    assert str(before["UID"]) == str(checked["UID"]) == str(edited["UID"])
    assert before["SEQUENCE"] < checked["SEQUENCE"] < edited["SEQUENCE"] < 2**31


def test_what_one_looks_after_no_more_leaves_it(distribution: Distribution) -> None:
    agent = distribution.secretaire_a
    page = make_ressource(referent=agent, a_verifier_avant=timezone.localdate())
    jeton = liens.create(agent)
    assert len(told(jeton)) == 1
    RessourcePage.objects.filter(pk=page.pk).update(referent=distribution.secretaire_b)
    assert told(jeton) == []


def test_only_the_fingerprint_is_kept(distribution: Distribution, theme: Theme) -> None:
    jeton = liens.create(distribution.agent_a, theme)
    lien = LienFlux.objects.get()
    assert jeton not in str(LienFlux.objects.values().get())
    assert not EntreeJournal.objects.filter(donnees__icontains=jeton).exists()
    assert read(lien.empreinte).status_code == 404
    read(jeton)
    assert LienFlux.objects.get().lu_le == timezone.localdate()


@pytest.mark.parametrize("themed", [True, False])
@pytest.mark.parametrize("way", ["revoked", "replaced", "left", "closed", "shut", "erased", "wrong", "other kind"])
def test_it_answers_no_more(distribution: Distribution, theme: Theme, way: str, themed: bool) -> None:
    agent, of = distribution.gestionnaire_a, theme if themed else None
    name, other = ("flux_atom", "flux_ics") if themed else ("flux_ics", "flux_atom")
    jeton = liens.create(agent, of)
    assert read(jeton, name).status_code == 200
    yesterday = timezone.localdate() - timedelta(days=1)
    if way == "revoked":
        liens.revoke(LienFlux.objects.get(), agent)
    elif way == "replaced":
        assert read(liens.create(agent, of), name).status_code == 200
    elif way == "left":
        Poste.objects.filter(agent=agent).update(date_debut=yesterday, date_fin=yesterday)
    elif way == "closed":
        Poste.objects.filter(agent=agent).update(ferme_le=timezone.now())
    elif way == "shut":
        Agent.objects.filter(pk=agent.pk).update(is_active=False)
    elif way == "erased":
        Agent.objects.filter(pk=agent.pk).update(efface_le=timezone.now())
    elif way == "wrong":
        jeton += "x"
    else:
        name = other
    answer = read(jeton, name)
    assert answer.status_code == 404
    assert theme.nom not in answer.content.decode()


def test_made_on_the_page_shown_once_and_revoked(distribution: Distribution, theme: Theme) -> None:
    client = open_session(distribution.agent_a)
    assert send(client, PAGE, PAGE, theme=theme.slug).status_code == 302
    html = client.get(PAGE).content.decode()
    jeton = re.search(r"/ressources/flux/([\w-]+)\.atom", html)[1]
    assert read(jeton).status_code == 200
    later = client.get(PAGE).content.decode()
    assert jeton not in later
    assert f"{theme.nom} (vous avez une adresse)" in later
    assert send(client, PAGE, PAGE).status_code == 302
    calendrier = re.search(r"/ressources/flux/([\w-]+)\.ics", client.get(PAGE).content.decode())[1]
    assert read(calendrier, "flux_ics").status_code == 200
    assert "Remplacer mon adresse" in client.get(PAGE).content.decode()
    lien = LienFlux.objects.get(theme=theme)
    path = reverse("ressources:flux_revoquer", args=[lien.pk])
    assert send(open_session(distribution.responsable), PAGE, path).status_code == 404
    assert send(client, PAGE, path).status_code == 302
    assert read(jeton).status_code == 404
    assert send(client, PAGE, path).status_code == 404
    assert send(client, PAGE, PAGE, theme="licorne").status_code == 404


def test_without_a_poste_there_is_none(distribution: Distribution) -> None:
    assert open_session(distribution.sans_poste).get(PAGE).status_code == 403


def test_dead_addresses_are_forgotten_after_a_year(distribution: Distribution, theme: Theme) -> None:
    liens.create(distribution.agent_a, theme)
    kept = liens.create(distribution.agent_a)
    LienFlux.objects.filter(theme=theme).update(revoque_le=timezone.now() - timedelta(days=366))
    menage.tidy()
    assert LienFlux.objects.get().empreinte == liens.fingerprint(kept)


def test_the_page_of_a_theme_leads_to_its_feed(distribution: Distribution, theme: Theme) -> None:
    make_ressource(theme=theme, diffusion=[TOUTES, code_collectivite(distribution.a.pk)])
    client = open_session(distribution.agent_a)
    assert (
        f"/ressources/emporter/?theme={theme.slug}" in client.get(f"/ressources/themes/{theme.slug}/").content.decode()
    )
    assert (
        f"/ressources/flux/?theme={theme.slug}"
        in client.get(f"/ressources/emporter/?theme={theme.slug}").content.decode()
    )
    shown = client.get(f"{PAGE}?theme={theme.slug}")
    assert f'value="{theme.slug}" selected' in shown.content.decode()
    assert "Agenda et flux" in said(shown)

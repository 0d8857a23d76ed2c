"""Keeping a card: who writes what, what the person is told, and what stays out of reach."""

import re
from datetime import time

import pytest
from django.test import Client
from django.utils import timezone

from annuaire.fiche import relecture
from collectivites.models import Agent, EntreeJournal, Expertise, Poste, Presence, Theme
from extranet.lib.demi_journees import Jour, Moment, Semaine
from notifications.models import Notification
from search.models import SearchEntry
from tests.annuaire.portraits import key_of
from tests.distribution import Distribution
from tests.sessions import open_session

pytestmark = pytest.mark.django_db


def url_of(agent: Agent) -> str:
    return f"/annuaire/agents/{agent.slug}/modifier/"


def shown(client: Client, agent: Agent) -> dict[str, str]:
    """The fields of the page as a browser would send them back."""
    page = client.get(url_of(agent))
    form, fields = page.context["form"], {}
    for name in form.fields:
        value = form[name].value()
        if isinstance(value, time):
            value = value.strftime("%H:%M")
        if value not in (None, False):
            fields[name] = "on" if value is True else str(value)
    return fields | {"cle_unique": key_of(client, url_of(agent))}


def save(client: Client, agent: Agent, **given: str) -> object:
    fields = shown(client, agent) | given
    return client.post(url_of(agent), {name: value for name, value in fields.items() if value is not None})


def poste_of(agent: Agent, place: object = None) -> Poste:
    return agent.postes.get(**({"collectivite": place} if place else {}))


def test_one_writes_ones_own_card(distribution: Distribution) -> None:
    agent, client = distribution.agent_a, open_session(distribution.agent_a)
    pk, theme = poste_of(agent).pk, Theme.objects.first()
    response = save(
        client,
        agent,
        **{
            f"p{pk}_intitule": "Responsable du centre technique",
            f"p{pk}_telephone": "0353010040",
            f"p{pk}_mobile": "06.39.98.01.12",
            f"p{pk}_courriel": "technique@aval.example",
            f"p{pk}_1_matin_0_semaine": "toutes",
            f"p{pk}_1_matin_0_debut": "08:30",
            f"p{pk}_1_matin_0_fin": "12:00",
            f"p{pk}_3_apres_midi_0_semaine": "paires",
            "n0_libelle": "Choix d’engins",
            "n1_theme": str(theme.pk),
        },
    )
    assert response.status_code == 302
    poste = poste_of(agent)
    assert (poste.intitule, poste.telephone) == ("Responsable du centre technique", "03 53 01 00 40")
    assert (poste.mobile, poste.courriel) == ("06 39 98 01 12", "technique@aval.example")
    assert set(poste.presences.values_list("jour", "moment", "semaine", "heure_debut")) == {
        (1, "matin", "toutes", time(8, 30)),
        (3, "apres_midi", "paires", None),
    }
    assert set(agent.expertises.values_list("libelle", flat=True)) == {"Choix d’engins", theme.nom}
    agent.refresh_from_db()
    assert agent.confirmee_le is not None
    entry = SearchEntry.objects.get(kind="agent", objet=agent.pk)
    assert "engins" in entry.texte
    assert not Notification.objects.exists()
    assert EntreeJournal.objects.filter(acte="fiche.modifiee", objet_id=str(agent.pk)).exists()


def test_even_and_odd_weeks_are_two_lines(distribution: Distribution) -> None:
    agent, client = distribution.agent_a, open_session(distribution.agent_a)
    poste = poste_of(agent)
    Presence.objects.create(poste=poste, jour=Jour.LUNDI, moment=Moment.MATIN, semaine=Semaine.PAIRES)
    line = f"p{poste.pk}_1_matin_1_semaine"
    assert line in client.get(url_of(agent)).content.decode()
    save(
        client,
        agent,
        **{line: "impaires", f"p{poste.pk}_1_matin_1_debut": "9:00", f"p{poste.pk}_1_matin_1_fin": "11:00"},
    )
    assert set(poste.presences.values_list("semaine", "heure_debut")) == {("paires", None), ("impaires", time(9))}
    response = save(client, agent, **{f"p{poste.pk}_1_matin_0_semaine": "paires"})
    assert "choisissez l’autre semaine" in response.content.decode()
    assert poste.presences.count() == 2


def test_saving_without_a_change_writes_nothing(distribution: Distribution) -> None:
    agent = distribution.agent_a
    Presence.objects.create(
        poste=poste_of(agent), jour=7, moment=Moment.MATIN, heure_debut=time(8, 5), heure_fin=time(9)
    )
    Expertise.objects.create(agent=agent, libelle="Élections")
    before = [list(Presence.objects.values()), list(Expertise.objects.values()), list(Poste.objects.values())]
    save(open_session(distribution.gestionnaire_a), agent)
    assert [list(Presence.objects.values()), list(Expertise.objects.values()), list(Poste.objects.values())] == before
    assert not Notification.objects.exists()
    assert not EntreeJournal.objects.filter(acte="fiche.modifiee").exists()


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("telephone", "poste 12", "pas un numéro de téléphone"),
        ("mobile", "06 39", "pas un numéro de téléphone"),
        ("courriel", "mairie@", "pas complète"),
        ("1_matin_0_debut", "8:00", "dites quelles semaines"),
        ("1_matin_0_fin", "midi", "Écrivez une heure"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_written(
    distribution: Distribution, field: str, value: str, words: str
) -> None:
    agent = distribution.agent_a
    response = save(open_session(agent), agent, **{f"p{poste_of(agent).pk}_{field}": value, "n0_libelle": "Voirie"})
    assert response.status_code == 200
    assert words in response.content.decode().replace("&#x27;", "’")
    assert not agent.expertises.exists()


def test_hours_go_forward(distribution: Distribution) -> None:
    agent, given = distribution.agent_a, {}
    prefix = f"p{poste_of(agent).pk}_2_matin_0"
    given = {f"{prefix}_semaine": "toutes", f"{prefix}_debut": "12:00", f"{prefix}_fin": "8:00"}
    assert "dans l’ordre" in save(open_session(agent), agent, **given).content.decode()
    assert not Presence.objects.exists()


def test_the_same_subject_twice(distribution: Distribution) -> None:
    response = save(
        open_session(distribution.agent_a), distribution.agent_a, n0_libelle="Élections", n1_libelle="elections"
    )
    assert "déjà sur la fiche" in response.content.decode()


def test_the_same_theme_twice_without_words(distribution: Distribution) -> None:
    theme, agent = Theme.objects.create(nom="Girouettes", slug="girouettes"), distribution.agent_a
    response = save(open_session(agent), agent, n0_theme=str(theme.pk), n1_theme=str(theme.pk))
    assert "déjà sur la fiche" in response.content.decode()
    assert not agent.expertises.exists()


def test_two_subjects_exchange_their_words(distribution: Distribution) -> None:
    agent = distribution.agent_a
    one, other, gone = (Expertise.objects.create(agent=agent, libelle=words) for words in ("Bois", "Eau", "Feu"))
    save(
        open_session(agent),
        agent,
        **{f"e{one.pk}_libelle": "Eau", f"e{other.pk}_libelle": "Feu", f"e{gone.pk}_libelle": "", "n0_libelle": "Bois"},
    )
    assert set(agent.expertises.values_list("libelle", flat=True)) == {"Bois", "Eau", "Feu"}
    assert Expertise.objects.get(pk=one.pk).libelle == "Eau"


def test_a_gestionnaire_writes_the_poste_of_their_commune_alone(distribution: Distribution) -> None:
    both, client = distribution.partage_ab, open_session(distribution.gestionnaire_a)
    there, here = poste_of(both, distribution.b), poste_of(both, distribution.a)
    assert f"p{there.pk}_telephone" not in client.get(url_of(both)).context["form"].fields
    assert "montre_mobile" not in client.get(url_of(both)).context["form"].fields
    given = {f"p{here.pk}_telephone": "03 53 01 00 40", f"p{there.pk}_telephone": "03 53 01 00 99", "montre_mobile": ""}
    save(client, both, **given)
    here.refresh_from_db()
    there.refresh_from_db()
    both.refresh_from_db()
    assert (here.telephone, there.telephone, both.montre_mobile) == ("03 53 01 00 40", "", True)
    assert both.confirmee_le is None
    told = Notification.objects.get()
    assert (told.destinataire, told.sorte, told.auteur) == (
        both,
        "annuaire.fiche_modifiee",
        distribution.gestionnaire_a,
    )
    assert "03 53 01 00 40" in told.texte
    assert told.envoi == "resume"


def test_never_anothers(distribution: Distribution) -> None:
    client = open_session(distribution.gestionnaire_a)
    response = client.get(url_of(distribution.secretaire_b))
    assert response.status_code == 403
    assert "Bourg" in response.content.decode()
    assert open_session(distribution.secretaire_a).get(url_of(distribution.agent_a)).status_code == 403
    assert open_session(distribution.sans_poste).get(url_of(distribution.agent_a)).status_code == 404
    assert open_session(distribution.responsable).get(url_of(distribution.secretaire_b)).status_code == 200


def test_neither_rights_nor_address_nor_fonction(distribution: Distribution) -> None:
    agent = distribution.agent_a
    before = Agent.objects.filter(pk=agent.pk).values().get() | {
        "poste": Poste.objects.filter(agent=agent).values().get()
    }
    given = {"email": "x@y.fr", "is_superuser": "on", "gestionnaire": "on", "fonction": "1", "nom": "Autre"}
    given |= {f"p{poste_of(agent).pk}_{name}": "on" for name in ("gestionnaire", "signataire", "constats", "fonction")}
    save(open_session(agent), agent, **given)
    after = Agent.objects.filter(pk=agent.pk).values().get() | {
        "poste": Poste.objects.filter(agent=agent).values().get()
    }
    changed = {name for name in before if before[name] != after[name]}
    assert changed == {"confirmee_le", "last_login"}


def test_the_choices_are_followed_at_once(distribution: Distribution) -> None:
    agent, reader = distribution.agent_a, open_session(distribution.secretaire_b)
    agent.postes.update(mobile="06 39 98 01 12")
    Expertise.objects.create(agent=agent, libelle="Pelle mécanique")
    assert "06 39 98 01 12" in reader.get(agent.get_absolute_url()).content.decode().replace("\u00a0", " ")
    save(open_session(agent), agent, montre_mobile=None, montre_expertises=None)
    page = reader.get(agent.get_absolute_url()).content.decode().replace("\u00a0", " ")
    assert "06 39 98 01 12" not in page
    assert "Pelle mécanique" not in page
    entry = SearchEntry.objects.get(kind="agent", objet=agent.pk)
    assert "Pelle" not in entry.texte
    assert "06 39" not in entry.texte.replace("\u00a0", " ") + entry.telephone


def test_the_form_of_two_postes_is_cheap(distribution: Distribution, django_assert_max_num_queries: object) -> None:
    client = open_session(distribution.partage_ab)
    client.get(url_of(distribution.partage_ab))
    with django_assert_max_num_queries(25):
        client.get(url_of(distribution.partage_ab))


def stale(agent: Agent) -> None:
    Agent.objects.filter(pk=agent.pk).update(created_at=timezone.now() - 2 * relecture.AN)


def test_once_a_year_in_one_click(distribution: Distribution) -> None:
    agent = distribution.agent_a
    client = open_session(agent)
    assert "C’est juste" not in client.get(agent.get_absolute_url()).content.decode()
    assert "Votre fiche est-elle toujours juste" not in client.get("/").content.decode()
    stale(agent)
    assert "Votre fiche est-elle toujours juste" in client.get("/").content.decode()
    assert "C’est juste" in client.get(agent.get_absolute_url()).content.decode()
    client.post("/annuaire/ma-fiche/confirmer/")
    assert "C’est juste" not in client.get(agent.get_absolute_url()).content.decode()
    assert "Votre fiche est-elle toujours juste" not in client.get("/").content.decode()
    assert EntreeJournal.objects.get(acte="fiche.confirmee").agent == agent


def test_the_reminder_comes_once_a_year(distribution: Distribution) -> None:
    for agent in (distribution.agent_a, distribution.sans_poste):
        stale(agent)
    assert relecture.remind() == 1
    assert relecture.remind() == 0
    assert Notification.objects.get().destinataire == distribution.agent_a
    relecture.confirm(distribution.agent_a)
    assert relecture.remind() == 0
    Agent.objects.filter(pk=distribution.agent_a.pk).update(confirmee_le=timezone.now() - 1.05 * relecture.AN)
    assert relecture.remind() == 1


def test_what_is_missing_is_told_to_the_owner_alone(distribution: Distribution) -> None:
    agent = distribution.agent_a
    page = open_session(agent).get(agent.get_absolute_url()).content.decode()
    assert "Il manque" in page
    assert "vos jours de présence" in page
    for other in (distribution.gestionnaire_a, distribution.secretaire_b, distribution.responsable):
        assert "Il manque" not in open_session(other).get(agent.get_absolute_url()).content.decode()
    assert "photo" not in " ".join(relecture.completeness(agent, agent.postes_en_cours).manques)


def test_a_mandate_has_no_days_to_give(distribution: Distribution) -> None:
    elue = distribution.elue_b
    assert "présence" not in " ".join(relecture.completeness(elue, elue.postes_en_cours).manques)
    agent = distribution.agent_a
    assert "vos jours de présence" in relecture.completeness(agent, agent.postes_en_cours).manques


def test_the_button_is_for_those_who_keep_the_card(distribution: Distribution) -> None:
    for name, shown_to in (("agent_a", True), ("gestionnaire_a", True), ("responsable", True), ("secretaire_b", False)):
        page = open_session(getattr(distribution, name)).get(distribution.agent_a.get_absolute_url()).content.decode()
        assert bool(re.search(r'href="/annuaire/agents/alain-aval/modifier/"', page)) is shown_to, name

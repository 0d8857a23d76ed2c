"""Changing a sheet from the site: drafts, publication, conflicts, versions, archive, and who may."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from collectivites.diffusion import ELUS, TOUTES, code_collectivite
from collectivites.models import Agent
from ressources.enums import StatutVersion
from ressources.models import Depot, RessourcePage, VersionFichier
from tests.distribution import Distribution
from tests.ressources.deposes import Deposant, reglement
from tests.ressources.factories import make_ressource
from tests.ressources.formulaires import key_for
from tests.sessions import open_session

pytestmark = pytest.mark.django_db


@pytest.fixture
def page(distribution: Distribution) -> RessourcePage:
    page = make_ressource(
        "Règlement de la salle", "texte", owner=distribution.agent_a, collectivite=distribution.a, diffusion=[TOUTES]
    )
    page.save_revision(user=distribution.agent_a)
    return RessourcePage.objects.get(pk=page.pk)


def url(name: str, page: RessourcePage) -> str:
    return reverse(f"ressources:{name}", args=[page.pk])


def filled(page: RessourcePage, agent: Agent, **more: object) -> dict[str, object]:
    return {
        "cle_unique": key_for(agent),
        "titre": page.title,
        "theme": page.theme_id,
        "type": page.type_id,
        "qui": "toutes",
        "source": "commune",
        "licence": "interne",
        "base": page.latest_revision_id,
        **more,
    }


def post(agent: Agent, name: str, page: RessourcePage, **more: object) -> object:
    return open_session(agent).post(url(name, page), {"cle_unique": key_for(agent), **more})


def update(agent: Agent, page: RessourcePage, **more: object) -> object:
    return open_session(agent).post(url("ressource_update", page), filled(page, agent, **more))


def again(page: RessourcePage) -> RessourcePage:
    return RessourcePage.objects.get(pk=page.pk)


def test_one_sees_ones_own_with_their_state(distribution: Distribution, page: RessourcePage) -> None:
    make_ressource("Le document d’un autre", collectivite=distribution.b)
    html = open_session(distribution.agent_a).get(reverse("ressources:document_list")).content.decode()
    assert "Règlement de la salle" in html
    assert "Publié" in html
    assert "Le document d’un autre" not in html
    manager = open_session(distribution.gestionnaire_a).get(reverse("ressources:document_list")).content.decode()
    assert "Règlement de la salle" in manager


def test_ones_own_come_by_pages(distribution: Distribution, django_assert_max_num_queries: object) -> None:
    for n in range(45):
        make_ressource(f"Document {n:02}", owner=distribution.agent_a, collectivite=distribution.a, fichiers=0)
    client, address, seen = open_session(distribution.agent_a), reverse("ressources:document_list"), []
    client.get(address)
    with django_assert_max_num_queries(25):
        client.get(address)
    for number in (1, 2, 3, 99):
        html = client.get(address, {"page": number}).content.decode()
        assert 'aria-label="Pages de vos documents"' in html
        seen.append(re.findall(r"Document \d\d(?=</a></strong>)", html))
    assert [len(titles) for titles in seen] == [20, 20, 5, 5]
    assert seen[3] == seen[2]
    assert sorted(seen[0] + seen[1] + seen[2]) == [f"Document {n:02}" for n in range(45)]
    assert (
        re.findall(r"Document \d\d(?=</a></strong>)", client.get(address, {"page": "99"}).content.decode()) == seen[2]
    )


def test_a_draft_changes_nothing_for_readers(distribution: Distribution, page: RessourcePage) -> None:
    response = update(distribution.agent_a, page, titre="Nouveau titre", brouillon="1")
    assert response.status_code == 302, response.context["form"].errors
    now = again(page)
    assert (now.title, now.draft_title, now.workflow_in_progress) == ("Règlement de la salle", "Nouveau titre", False)


def test_a_change_is_reviewed_then_online(distribution: Distribution, page: RessourcePage) -> None:
    day = timezone.localdate() + timedelta(days=90)
    update(distribution.agent_a, page, titre="Nouveau titre", a_verifier_avant=day.isoformat(), resume="Pour louer.")
    assert again(page).workflow_in_progress
    assert again(page).title == "Règlement de la salle"
    state = again(page).current_workflow_task_state
    state.task.specific.on_action(state, distribution.responsable, "approve")
    now = again(page)
    assert (now.title, now.resume, now.a_verifier_avant) == ("Nouveau titre", "Pour louer.", day)
    refused = update(distribution.agent_a, page, a_verifier_avant="9999-12-31")
    assert "dans plus de dix ans" in refused.context["form"].errors["a_verifier_avant"][0]


def test_a_responsable_publishes_at_once(distribution: Distribution, page: RessourcePage) -> None:
    update(distribution.responsable, page, titre="Titre des responsables")
    assert again(page).title == "Titre des responsables"


def test_two_at_once_lose_nothing(distribution: Distribution, page: RessourcePage) -> None:
    base = page.latest_revision_id
    update(distribution.gestionnaire_a, page, titre="Le premier", brouillon="1")
    response = update(distribution.agent_a, page, titre="Le second", brouillon="1", base=base)
    assert "a été modifiée pendant" in response.content.decode()
    assert "Le second" in response.content.decode()
    assert again(page).draft_title == "Le premier"


def test_dates_that_contradict_are_told_on_their_field(distribution: Distribution, page: RessourcePage) -> None:
    today = timezone.localdate().isoformat()
    response = update(distribution.agent_a, page, verifie_le=today, brouillon="1")
    assert "Dites qui a vérifié." in response.content.decode()
    assert again(page).latest_revision_id == page.latest_revision_id


def test_a_narrower_diffusion_is_kept(distribution: Distribution, page: RessourcePage) -> None:
    update(distribution.responsable, page, qui="communes", communes=[distribution.b.pk])
    assert again(page).diffusion == [code_collectivite(distribution.b.pk)]


def test_a_mixed_diffusion_left_alone_stays(distribution: Distribution, page: RessourcePage) -> None:
    mixed = [ELUS, code_collectivite(distribution.a.pk)]
    page.diffusion = mixed
    page.save()
    page.save_revision()
    update(distribution.responsable, again(page), qui="elus", titre="Autre titre")
    assert again(page).diffusion == mixed


@pytest.mark.parametrize("role", ["secretaire_a", "secretaire_b", "elue_b"])
def test_a_reader_changes_nothing(distribution: Distribution, page: RessourcePage, role: str) -> None:
    agent = getattr(distribution, role)
    assert update(agent, page, titre="Piraté").status_code == 403
    for name in ("ressource_submit", "ressource_take_back", "version_create", "ressource_archive"):
        assert post(agent, name, page, motif="Non").status_code == 403
    version = VersionFichier.objects.get()
    client = open_session(agent)
    withdraw = reverse("ressources:version_withdraw", args=[version.pk])
    assert client.post(withdraw, {"cle_unique": key_for(agent), "motif": "Non"}).status_code == 403
    assert client.get(url("ressource_preview", page)).status_code == 403
    version.refresh_from_db()
    assert (again(page).title, version.statut) == ("Règlement de la salle", StatutVersion.PUBLIEE)


def test_a_sheet_that_one_does_not_read_does_not_exist(distribution: Distribution, page: RessourcePage) -> None:
    page.diffusion = [ELUS]
    page.save()
    client = open_session(distribution.secretaire_b)
    assert client.get(url("ressource_update", page)).status_code == 404
    assert client.get(url("ressource_archive", page)).status_code == 404


def test_nobody_changes_what_is_under_review(distribution: Distribution, page: RessourcePage) -> None:
    update(distribution.agent_a, page, titre="Proposé")
    html = open_session(distribution.agent_a).get(url("ressource_update", page)).content.decode()
    assert "en cours de relecture" in html
    response = update(distribution.agent_a, again(page), titre="Encore")
    assert again(page).draft_title == "Proposé"
    assert response.status_code == 200
    assert update(distribution.responsable, again(page), titre="Corrigé", brouillon="1").status_code == 302
    assert again(page).draft_title == "Corrigé"


def test_a_new_version_goes_to_its_file(distribution: Distribution, page: RessourcePage) -> None:
    client = open_session(distribution.agent_a)
    key = {"cle_unique": key_for(distribution.agent_a)}
    assert client.post(url("version_create", page), key).status_code == 302
    deposant = Deposant(client, Depot.objects.get().pk)
    deposant.drop("v2.pdf", reglement())
    assert "de trop" in deposant.drop("v3.pdf", reglement(" Trois.")).content.decode()
    html = client.get(deposant.page).content.decode()
    assert "Ce qui change depuis la version 1" in html
    assert "Qui pourra les lire" not in html
    line = deposant.lines[0]
    sent = {f"f{line.pk}-changements": "Les tarifs"}
    key = deposant.answers()["cle_unique"]
    assert client.post(deposant.page, {"cle_unique": key, **sent}).status_code == 302
    last = page.fichiers.get().versions.first()
    assert (last.numero, last.nom, last.changements) == (2, "v2.pdf", "Les tarifs")
    assert again(page).diffusion == [TOUTES]
    assert again(page).live


def test_archive_and_back(distribution: Distribution, page: RessourcePage) -> None:
    refused = post(distribution.agent_a, "ressource_archive", page)
    assert refused.status_code == 200
    assert post(distribution.agent_a, "ressource_archive", page, motif="La loi a changé").status_code == 302
    assert (again(page).live, bool(again(page).archivee_le)) == (False, True)
    assert not RessourcePage.objects.visible_to(distribution.secretaire_b).filter(pk=page.pk).exists()
    html = open_session(distribution.agent_a).get(url("ressource_update", page)).content.decode()
    assert "Sortez-le de l’archive" in html
    post(distribution.agent_a, "ressource_archive", page)
    assert (again(page).live, again(page).archivee_le) == (False, None)


def test_a_version_is_withdrawn_with_its_reason(distribution: Distribution, page: RessourcePage) -> None:
    version = VersionFichier.objects.get()
    client: Client = open_session(distribution.agent_a)
    withdraw = reverse("ressources:version_withdraw", args=[version.pk])
    assert client.get(withdraw).status_code == 200
    client.post(withdraw, {"cle_unique": key_for(distribution.agent_a), "motif": "Une erreur de tarif"})
    version.refresh_from_db()
    assert (version.statut, version.motif_retrait) == (StatutVersion.RETIREE, "Une erreur de tarif")


def test_a_draft_is_sent_from_the_list(distribution: Distribution) -> None:
    page = make_ressource("Brouillon", live=False, owner=distribution.agent_a, collectivite=distribution.a)
    assert post(distribution.agent_a, "ressource_submit", page).status_code == 302
    assert again(page).workflow_in_progress
    post(distribution.agent_a, "ressource_submit", page)
    assert again(page).workflow_states.count() == 1


def test_its_editor_sees_the_draft_as_readers_will(distribution: Distribution, page: RessourcePage) -> None:
    update(distribution.agent_a, page, titre="Titre à venir", brouillon="1")
    html = open_session(distribution.agent_a).get(url("ressource_preview", page)).content.decode()
    assert "Titre à venir" in html


def test_what_replaces_it_is_told_by_its_address(distribution: Distribution, page: RessourcePage) -> None:
    new = make_ressource("Le nouveau règlement")
    response = update(distribution.responsable, page, remplacee_par="/ressources/inconnue/")
    assert "ne mène à aucune autre fiche" in response.content.decode()
    update(distribution.responsable, page, remplacee_par=f"https://extranet.example{new.url}?q=1")
    assert again(page).remplacee_par == new
    html = open_session(distribution.responsable).get(url("ressource_update", page)).content.decode()
    assert f'value="{new.adresse}"' in html
    update(distribution.responsable, again(page), remplacee_par="")
    assert again(page).remplacee_par is None


def test_a_replacement_that_one_does_not_see_stays(distribution: Distribution, page: RessourcePage) -> None:
    hidden = make_ressource("Pour Bourg seulement", diffusion=[code_collectivite(distribution.b.pk)])
    page.remplacee_par = hidden
    page.save()
    page.save_revision()
    assert hidden.slug not in open_session(distribution.agent_a).get(url("ressource_update", page)).content.decode()
    update(distribution.agent_a, again(page), titre="Un autre titre", brouillon="1")
    assert again(page).get_latest_revision_as_object().remplacee_par == hidden

"""A link without account: who may make one, who sees it, who closes it."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from collectivites.models import Agent
from ressources.enums import Licence, Partage, StatutVersion
from ressources.models import LienPartage, RessourcePage
from ressources.partages import liens
from ressources.permissions import can_edit, kept_still
from ressources.versions import RessourceRefusee
from tests.distribution import Distribution
from tests.formations.formulaires import post, said
from tests.ressources.factories import make_ressource, make_version
from tests.ressources.partages import TITRE, narrow, see, set_rule, share, take, version_of
from tests.sessions import open_session

pytestmark = pytest.mark.django_db


PAGE = "/ressources/partages/"


@pytest.fixture
def page(distribution: Distribution) -> RessourcePage:
    """A sheet of Aval for all communes, that its agent deposited."""
    return make_ressource(TITRE, collectivite=distribution.a, owner=distribution.agent_a)


MADE_BY = {
    # rule, licence: who may among its author, its gestionnaire, a responsable, a reader of another commune
    (Partage.GARDIENS, Licence.INTERNE): [True, True, True, False],
    (Partage.GARDIENS, Licence.CC_BY): [True, True, True, False],
    (Partage.LECTEURS, Licence.INTERNE): [True, True, True, False],
    (Partage.LECTEURS, Licence.CC_BY): [True, True, True, True],
    (Partage.LECTEURS, Licence.TIERS): [False, False, False, False],
    (Partage.PERSONNE, Licence.CC_BY): [False, False, False, False],
}


@pytest.mark.parametrize(("rule", "licence"), MADE_BY)
def test_who_may_make_one(rule: Partage, licence: Licence, distribution: Distribution, page: RessourcePage) -> None:
    set_rule(rule)
    RessourcePage.objects.filter(pk=page.pk).update(licence=licence)
    cast = distribution
    may = []
    for agent in (cast.agent_a, cast.gestionnaire_a, cast.responsable, cast.secretaire_b):
        client = open_session(agent)
        shown = "Donner sans compte" in client.get(page.url).content.decode()
        answer = post(client, f"/ressources/{page.pk}/partager/", fichier=version_of(page).pk, jours=30)
        assert shown == (answer.status_code == 302), (agent, answer.status_code)
        may.append(shown)
    assert may == MADE_BY[rule, licence]
    assert LienPartage.objects.count() == sum(may)


def test_a_rule_made_stricter_closes_the_links_of_readers(distribution: Distribution, page: RessourcePage) -> None:
    set_rule(Partage.LECTEURS)
    RessourcePage.objects.filter(pk=page.pk).update(licence=Licence.CC_BY)
    of_reader, of_keeper = (
        share(page, agent, distribution) for agent in (distribution.secretaire_b, distribution.agent_a)
    )
    assert [see(jeton).status_code for jeton in (of_reader, of_keeper)] == [200, 200]
    set_rule(Partage.GARDIENS)
    assert [see(jeton).status_code for jeton in (of_reader, of_keeper)] == [404, 200]


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"licence": Licence.TIERS}, "Les droits de ce document sont ceux d’un tiers"),
        ({"perime_le": timezone.localdate() - timedelta(days=1)}, "Ce document est périmé"),
        ({"diffusion": ["elus", "epci"]}, "n’est pas ouvert à toutes les communes"),
    ],
)
def test_why_not_is_said(change: dict, sentence: str, distribution: Distribution, page: RessourcePage) -> None:
    RessourcePage.objects.filter(pk=page.pk).update(**change)
    client = open_session(distribution.responsable)
    answer = client.get(f"/ressources/{page.pk}/partager/")
    assert sentence in said(answer)
    assert "Envoyer la fiche à un collègue" in said(answer)


def test_a_reader_is_told_whom_to_ask(distribution: Distribution, page: RessourcePage) -> None:
    RessourcePage.objects.filter(pk=page.pk).update(referent=distribution.gestionnaire_a)
    answer = open_session(distribution.secretaire_b).get(f"/ressources/{page.pk}/partager/")
    assert f"Demandez-le à {distribution.gestionnaire_a}." in said(answer)


def test_what_one_does_not_see_has_no_page(distribution: Distribution, page: RessourcePage) -> None:
    narrow(page, distribution)
    client = open_session(distribution.secretaire_b)
    assert client.get(f"/ressources/{page.pk}/partager/").status_code == 404
    assert client.get(f"/ressources/{page.pk}/envoyer/").status_code == 404


def test_made_on_the_page_shown_once(distribution: Distribution, page: RessourcePage) -> None:
    client = open_session(distribution.agent_a)
    path = f"/ressources/{page.pk}/partager/"
    assert client.get(path).status_code == 200
    wrong = post(client, path, fichier="", jours=8, destinataire="Bureau d’études")
    assert wrong.status_code == 422
    assert "Bureau d’études" in wrong.content.decode()
    done = post(client, path, fichier=version_of(page).pk, jours=30, destinataire="Bureau d’études")
    assert done["Location"] == PAGE
    html = client.get(PAGE).content.decode()
    jeton = re.search(r"/partage/([\w-]+)/", html)[1]
    assert see(jeton).status_code == 200
    lien = LienPartage.objects.get()
    assert (lien.destinataire, lien.collectivite) == ("Bureau d’études", distribution.a)
    assert (lien.expire_le - lien.created_at).days == 30
    assert jeton not in client.get(PAGE).content.decode()


def test_a_file_that_changed_meanwhile_is_asked_again(distribution: Distribution, page: RessourcePage) -> None:
    old = version_of(page)
    make_version(page.fichiers.get())
    with pytest.raises(RessourceRefusee, match="Une autre version"):
        liens.create(old, distribution.agent_a, distribution.a, jours=7)
    waiting = make_version(page.fichiers.get(), statut=StatutVersion.A_RELIRE)
    with pytest.raises(RessourceRefusee):
        liens.create(waiting, distribution.agent_a, distribution.a, jours=7)
    answer = post(open_session(distribution.agent_a), f"/ressources/{page.pk}/partager/", fichier=old.pk, jours=7)
    assert "Ce fichier n’est plus en ligne" in said(answer)


def test_a_sheet_without_file_has_nothing_to_give(distribution: Distribution) -> None:
    empty = make_ressource(fichiers=0, owner=distribution.agent_a)
    client = open_session(distribution.agent_a)
    assert "n’a pas de fichier à donner" in said(client.get(f"/ressources/{empty.pk}/partager/"))
    assert "Donner sans compte" not in client.get(empty.url).content.decode()


def test_its_author_and_the_keepers_of_the_sheet_see_it_and_close_it(
    distribution: Distribution, page: RessourcePage
) -> None:
    cast = distribution
    for agent in (cast.agent_a, cast.gestionnaire_a, cast.responsable):
        jeton = share(page, cast.agent_a, cast)
        lien = LienPartage.objects.get(empreinte=liens.fingerprint(jeton))
        take(jeton)
        client = open_session(agent)
        told = said(client.get(PAGE))
        assert TITRE in told
        assert "pour Le cabinet" in told
        assert "Ouvert jusqu’au" in told
        assert "1 fois" in told
        stranger = open_session(cast.secretaire_b)
        assert TITRE not in stranger.get(PAGE).content.decode()
        assert post(stranger, f"{PAGE}{lien.pk}/revoquer/").status_code == 404
        assert post(client, f"{PAGE}{lien.pk}/revoquer/").status_code == 302
        assert see(jeton).status_code == 404
        lien.refresh_from_db()
        assert lien.revoque_par == agent
    told = said(open_session(cast.agent_a).get(PAGE))
    assert f"par {cast.responsable}" in told


def test_an_author_who_reads_the_sheet_no_more_is_not_told_its_title(distribution: Distribution) -> None:
    set_rule(Partage.LECTEURS)
    page = make_ressource(TITRE, collectivite=distribution.a, licence=Licence.CC_BY)
    share(page, distribution.secretaire_b, distribution)
    narrow(page, distribution)
    told = said(open_session(distribution.secretaire_b).get(PAGE))
    assert TITRE not in told
    assert "Un document que vous ne lisez plus" in told
    assert "Ne répond plus" in told


def test_a_link_follows_what_its_author_may_today(distribution: Distribution) -> None:
    """`kept_still` is `can_edit`, asked of several at once."""
    cast = distribution
    pages = [
        make_ressource(collectivite=cast.a, owner=cast.agent_a),
        make_ressource(collectivite=cast.b, owner=cast.responsable, referent=cast.elue_b),
    ]
    people = [Agent.objects.get(pk=agent.pk) for agent in filter(None, cast.roles().values())]
    pairs = [(agent, page) for agent in people for page in pages]
    expected = {(agent.pk, page.pk) for agent, page in pairs if can_edit(agent, page)}
    assert 0 < len(expected) < len(pairs)
    assert kept_still(pairs) == expected


def test_the_list_costs_the_same_whatever_the_number(
    distribution: Distribution, django_assert_max_num_queries: object
) -> None:
    client, counts = open_session(distribution.responsable), set()
    client.get(PAGE)
    for number in (1, 10):
        while LienPartage.objects.count() < number:
            page = make_ressource(owner=distribution.secretaire_a, collectivite=distribution.a)
            share(page, distribution.gestionnaire_a if LienPartage.objects.exists() else page.owner, distribution)
        with django_assert_max_num_queries(40) as queries:
            client.get(PAGE)
        counts.add(len(queries))
    assert len(counts) == 1

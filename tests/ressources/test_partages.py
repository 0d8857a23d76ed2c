"""A link without account: who may make one, what it opens, and when it stops."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.test import Client
from django.utils import timezone

from collectivites.diffusion import code_collectivite
from collectivites.models import Agent, EntreeJournal, Poste
from ressources import menage
from ressources.apports import reprendre
from ressources.enums import Examen, Licence, Partage, StatutVersion
from ressources.models import Fichier, LienPartage, ReglagesRessources, RessourcePage, Telechargement, VersionFichier
from ressources.partages import liens
from ressources.versions import RessourceRefusee, withdraw_version
from tests.distribution import Distribution
from tests.formations.formulaires import post, said
from tests.ressources.deposes import bytes_of
from tests.ressources.factories import fetch, make_ressource, make_version
from tests.sessions import open_session

pytestmark = pytest.mark.django_db
PAGE = "/ressources/partages/"
TITRE = "Zibeline de la mairie"


@pytest.fixture
def page(distribution: Distribution) -> RessourcePage:
    """A sheet of Aval for all communes, that its agent deposited."""
    return make_ressource(TITRE, collectivite=distribution.a, owner=distribution.agent_a)


def version_of(page: RessourcePage) -> VersionFichier:
    return VersionFichier.objects.current().select_related("fichier__page").get(fichier__page=page)


def share(page: RessourcePage, agent: Agent, cast: Distribution, jours: int = 7) -> str:
    place = next(iter(agent.postes_en_cours)).collectivite
    return liens.create(version_of(page), agent, place, jours=jours, destinataire="Le cabinet")[1]


def see(jeton: str) -> object:
    return Client().get(f"/partage/{jeton}/")


def take(jeton: str, client: Client | None = None) -> object:
    response = (client or Client(enforce_csrf_checks=True)).post(f"/partage/{jeton}/")
    response.data = b"".join(response.streaming_content) if response.streaming else response.content
    return response


def set_rule(rule: Partage) -> None:
    found = ReglagesRessources.load()
    found.partage = rule
    found.save()


def test_looking_says_whose_it_is_and_gives_nothing(distribution: Distribution, page: RessourcePage) -> None:
    jeton = share(page, distribution.agent_a, distribution)
    answer = see(jeton)
    end = timezone.localdate() + timedelta(days=7)
    told = said(answer)
    assert answer.status_code == 200
    assert TITRE in told
    assert f"{distribution.agent_a}, Aval, vous donne ce document jusqu’au" in told
    assert str(end.day) in told
    assert (answer["X-Robots-Tag"], answer["Referrer-Policy"]) == ("noindex, nofollow", "no-referrer")
    assert "no-store" in answer["Cache-Control"]
    assert 'content="noindex, nofollow"' in answer.content.decode()
    assert "Le cabinet" not in told
    lien = LienPartage.objects.get()
    assert (lien.nombre, lien.dernier_le) == (0, None)


def test_the_file_is_asked_for_then_counted_and_logged(distribution: Distribution, page: RessourcePage) -> None:
    jeton = share(page, distribution.agent_a, distribution)
    for number in (1, 2):
        answer = take(jeton)
        assert answer.data == bytes_of(version_of(page).file)
        assert answer["Content-Disposition"].startswith("attachment")
        assert answer["Referrer-Policy"] == "no-referrer"
        assert LienPartage.objects.get().nombre == number
    assert LienPartage.objects.get().dernier_le
    line = EntreeJournal.objects.filter(acte="partage.pris").first()
    assert (line.agent, line.collectivite, line.libelle) == (None, distribution.a, TITRE)
    assert not Telechargement.objects.exists()


def test_only_the_fingerprint_is_kept(distribution: Distribution, page: RessourcePage) -> None:
    jeton = share(page, distribution.agent_a, distribution)
    assert jeton not in str(LienPartage.objects.values().get())
    assert not EntreeJournal.objects.filter(donnees__icontains=jeton).exists()
    assert see(LienPartage.objects.get().empreinte).status_code == 404


def test_the_version_in_force_is_given(distribution: Distribution, page: RessourcePage) -> None:
    jeton = share(page, distribution.agent_a, distribution)
    newer = make_version(page.fichiers.get(), nom="nouvelle.pdf")
    assert "nouvelle.pdf" in said(see(jeton))
    assert take(jeton).data == bytes_of(newer.file)


def _narrow(page: RessourcePage, cast: Distribution) -> None:
    RessourcePage.objects.filter(pk=page.pk).update(diffusion=[code_collectivite(cast.a.pk)])


def _archive(page: RessourcePage, cast: Distribution) -> None:
    RessourcePage.objects.filter(pk=page.pk).update(live=False, archivee_le=timezone.now())


def _unpublish(page: RessourcePage, cast: Distribution) -> None:
    RessourcePage.objects.filter(pk=page.pk).update(live=False)


def _end(page: RessourcePage, cast: Distribution) -> None:
    RessourcePage.objects.filter(pk=page.pk).update(expire_at=timezone.now() - timedelta(minutes=1))


def _replace(page: RessourcePage, cast: Distribution) -> None:
    RessourcePage.objects.filter(pk=page.pk).update(remplacee_par=make_ressource())


def _outdate(page: RessourcePage, cast: Distribution) -> None:
    RessourcePage.objects.filter(pk=page.pk).update(perime_le=timezone.localdate())


def _third_party(page: RessourcePage, cast: Distribution) -> None:
    RessourcePage.objects.filter(pk=page.pk).update(licence=Licence.TIERS)


def _withdraw(page: RessourcePage, cast: Distribution) -> None:
    withdraw_version(version_of(page), par=cast.responsable, motif="Erreur")


def _withdraw_for_an_older(page: RessourcePage, cast: Distribution) -> None:
    """Another version is in force again: nobody vouched for it."""
    shared = version_of(page)
    VersionFichier.objects.filter(pk=shared.pk).update(numero=2)
    make_version(page.fichiers.get())
    VersionFichier.objects.exclude(pk=shared.pk).update(numero=1)
    withdraw_version(VersionFichier.objects.get(pk=shared.pk), par=cast.responsable, motif="Erreur")


def _infect(page: RessourcePage, cast: Distribution) -> None:
    VersionFichier.objects.filter(fichier__page=page).update(examen=Examen.INFECTE)


def _quarantine(page: RessourcePage, cast: Distribution) -> None:
    VersionFichier.objects.filter(fichier__page=page).update(examen=Examen.EN_ATTENTE)


def _expire(page: RessourcePage, cast: Distribution) -> None:
    past = timezone.now() - timedelta(minutes=1)
    LienPartage.objects.update(created_at=past - timedelta(days=7), expire_le=past)


def _revoke(page: RessourcePage, cast: Distribution) -> None:
    liens.revoke(LienPartage.objects.for_list().get(), cast.agent_a)


def _poste_ended(page: RessourcePage, cast: Distribution) -> None:
    yesterday = timezone.localdate() - timedelta(days=1)
    Poste.objects.filter(agent=cast.agent_a).update(date_debut=yesterday, date_fin=yesterday)


def _poste_elsewhere(page: RessourcePage, cast: Distribution) -> None:
    Poste.objects.filter(agent=cast.agent_a).update(collectivite=cast.b)


def _shut(page: RessourcePage, cast: Distribution) -> None:
    Agent.objects.filter(pk=cast.agent_a.pk).update(is_active=False)


def _erase(page: RessourcePage, cast: Distribution) -> None:
    Agent.objects.filter(pk=cast.agent_a.pk).update(efface_le=timezone.now())


def _forbid(page: RessourcePage, cast: Distribution) -> None:
    set_rule(Partage.PERSONNE)


ENDS = [
    *(_narrow, _archive, _unpublish, _end, _replace, _outdate, _third_party, _withdraw, _withdraw_for_an_older),
    *(_infect, _quarantine, _expire, _revoke, _poste_ended, _poste_elsewhere, _shut, _erase, _forbid),
]


@pytest.mark.parametrize("end", ENDS)
def test_it_opens_nothing_more_and_tells_no_title(end: object, distribution: Distribution, page: RessourcePage) -> None:
    jeton = share(page, distribution.agent_a, distribution)
    assert see(jeton).status_code == 200
    end(page, distribution)
    unknown = see("jamais-donne")
    for answer in (see(jeton), take(jeton)):
        assert answer.status_code == 404
        assert "Ce lien n’ouvre plus rien" in said(answer)
        assert TITRE not in answer.content.decode()
        assert distribution.agent_a.nom not in answer.content.decode()
        assert answer["Referrer-Policy"] == "no-referrer"
    assert said(see(jeton)) == said(unknown), "nothing is learnt by trying"
    assert LienPartage.objects.get().nombre == 0


def test_a_lost_file_is_not_counted(distribution: Distribution, page: RessourcePage) -> None:
    jeton = share(page, distribution.agent_a, distribution)
    Path(version_of(page).file.path).unlink()
    assert take(jeton).status_code == 404
    assert LienPartage.objects.get().nombre == 0


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
    _narrow(page, distribution)
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
    _narrow(page, distribution)
    told = said(open_session(distribution.secretaire_b).get(PAGE))
    assert TITRE not in told
    assert "Un document que vous ne lisez plus" in told
    assert "Ne répond plus" in told


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


def test_too_many_tries_are_slowed(distribution: Distribution) -> None:
    client = Client()
    assert {client.get("/partage/jamais-donne/").status_code for _ in range(60)} == {404}
    assert client.get("/partage/jamais-donne/").status_code == 429


def test_it_follows_its_author_into_a_new_commune(distribution: Distribution, page: RessourcePage) -> None:
    jeton = share(page, distribution.agent_a, distribution)
    reprendre(distribution.b, distribution.a)
    _poste_elsewhere(page, distribution)
    assert see(jeton).status_code == 200
    assert "Bourg, vous donne ce document" in said(see(jeton))


def test_dead_links_are_forgotten_after_a_year(distribution: Distribution, page: RessourcePage) -> None:
    share(page, distribution.agent_a, distribution)
    share(page, distribution.agent_a, distribution)
    long_ago = timezone.now() - timedelta(days=366)
    first = LienPartage.objects.first()
    LienPartage.objects.filter(pk=first.pk).update(created_at=long_ago - timedelta(days=7), expire_le=long_ago)
    menage.tidy()
    assert LienPartage.objects.exclude(pk=first.pk).count() == LienPartage.objects.count() == 1


def test_one_file_of_a_sheet_is_one_file(distribution: Distribution, page: RessourcePage) -> None:
    """The other file of the sheet is not behind the link."""
    make_version(Fichier.objects.create(page=page, nom="Annexe secrète"), nom="annexe.pdf")
    given = VersionFichier.objects.get(fichier__page=page, fichier__nom="")
    jeton = liens.create(given, distribution.agent_a, distribution.a, jours=7)[1]
    assert "annexe" not in see(jeton).content.decode().lower()
    assert fetch(Client(), f"/partage/{jeton}/?fichier=1").status_code == 200

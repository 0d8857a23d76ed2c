"""What the home page says of the loans, and the messages of the reminders of the preferences."""

from datetime import time

import pytest
from django.utils import timezone

from collectivites.models import Agent, Collectivite
from extranet.lib.apports import AFaire
from materiel import apports
from materiel.constats.incidents import Suite, settle
from materiel.enums import Cote, StatutPret
from materiel.models import Incident, Pret, Signature
from materiel.prets import modifications, reponses
from tests.distribution import Distribution
from tests.materiel.contrats import give_roles, granted, lent_and_lost, signed, today
from tests.materiel.factories import make_materiel
from tests.materiel.prets import ask, commune, days, keeper, lend, make_late, plain
from tests.sessions import open_session

pytestmark = pytest.mark.django_db


@pytest.fixture
def tavaux() -> Collectivite:
    return commune("Tavaux")


@pytest.fixture
def foucherans() -> Collectivite:
    return commune("Foucherans")


def todo(agent: Agent) -> list[AFaire]:
    return apports.a_faire(Agent.objects.get(pk=agent.pk), None)


def test_one_request_leads_to_it_several_to_the_inbox(tavaux, foucherans):
    lot = make_materiel("Chaises", collectivite=tavaux, stock=80, unite="chaises")
    pret = ask(lot, foucherans, quantite=20)
    (item,) = todo(keeper(tavaux))
    assert (item.titre, item.url, item.avant) == ("Répondre à Foucherans", pret.get_absolute_url(), pret.repondre_avant)
    assert plain(item.detail).startswith("Demande « 20 chaises », du ")
    ask(lot, commune("Gevry"))
    (item,) = todo(keeper(tavaux))
    assert (item.titre, item.url) == ("Répondre à deux demandes de prêt", "/materiel/demandes/")
    assert item.detail == "Foucherans, Gevry."
    assert todo(keeper(foucherans)) == []


def test_a_proposal_awaits_the_other_side_alone(tavaux, foucherans):
    pret = ask(make_materiel(collectivite=tavaux), foucherans)
    reponses.propose(pret, keeper(tavaux), **days(3, 3), quantite=1)
    (item,) = todo(keeper(foucherans))
    assert (item.titre, item.url) == ("Répondre à Tavaux", f"{pret.get_absolute_url()}#proposition")
    assert todo(keeper(tavaux)) == []


def test_a_change_asked_of_a_granted_loan(tavaux, foucherans):
    pret = lend(make_materiel(collectivite=tavaux), foucherans, 0, 0)
    modifications.ask_change(pret, keeper(foucherans), Cote.EMPRUNTEUR, **days(0, 2), quantite=1)
    assert [one.titre for one in todo(keeper(tavaux))] == ["Répondre à Foucherans"]


def test_the_late_comes_first_for_both(tavaux, foucherans):
    make_late(make_materiel("Podium", collectivite=tavaux), foucherans)
    (theirs,), (ours,) = todo(keeper(foucherans)), todo(keeper(tavaux))
    assert plain(theirs.titre) == "Rendre « Podium »"
    assert plain(ours.titre) == "Réclamer « Podium »"
    assert theirs.urgent
    assert ours.urgent


def test_nothing_for_who_manages_nothing(distribution: Distribution, foucherans):
    ask(make_materiel(collectivite=distribution.a), foucherans)
    assert len(todo(distribution.gestionnaire_a)) == 1
    for agent in (distribution.agent_a, distribution.elue_b, distribution.responsable, distribution.sans_poste):
        assert todo(agent) == []


def test_running_loans_of_the_collectivite_acted_for(tavaux, foucherans):
    assert apports.encarts_accueil(keeper(tavaux), tavaux) == []
    lend(make_materiel("Podium", collectivite=tavaux), foucherans)
    page = plain(open_session(keeper(foucherans)).get("/").content.decode())
    assert "Prêts en cours" in page
    assert "emprunt à Tavaux" in page
    assert "Convention à signer" in page


def test_figures_of_the_year(tavaux, foucherans):
    pret = lend(make_materiel(collectivite=tavaux), foucherans)
    gone = lend(make_materiel(collectivite=tavaux), foucherans)
    modifications.cancel(gone, keeper(foucherans), "Reporté")
    (figure,) = apports.chiffres(tavaux, pret.accepte_le.year)
    assert (figure.valeur, figure.libelle, figure.detail) == ("1", "prêt accordé", "0 reçu")
    assert apports.chiffres(commune("Gevry"), pret.accepte_le.year) == []


def test_who_signs_is_told_which_paper_awaits(distribution: Distribution) -> None:
    cast = distribution
    give_roles(cast)
    loan = granted(make_materiel("Barnum", collectivite=cast.a), cast.b)
    paper = signed(loan, cast.secretaire_a, signee_le=None)
    paper.signatures.all().delete()
    for agent in (cast.secretaire_a, cast.elue_b):
        (item,) = todo(agent)
        assert plain(item.titre) == "Signer la convention de « Barnum »"
        assert (item.url, item.action, item.avant) == (paper.get_absolute_url(), "Lire et signer", loan.date_debut)
    assert [one.action for one in todo(cast.partage_ab)] == []
    Signature.objects.create(
        convention=paper,
        cote=Cote.PRETEUR,
        agent=cast.secretaire_a,
        nom="Sylvie Aval",
        qualite="secrétaire",
        sha256=paper.sha256,
        signee_le=timezone.now(),
    )
    assert todo(cast.secretaire_a) == []
    assert len(todo(cast.elue_b)) == 1
    Pret.objects.filter(pk=loan.pk).update(statut=StatutPret.ANNULE, motif="Pluie")
    assert todo(cast.elue_b) == []


def test_who_hands_over_is_told_what_leaves_and_returns_today(distribution: Distribution) -> None:
    cast = distribution
    give_roles(cast)
    loan = granted(make_materiel("Barnum", collectivite=cast.a), cast.b, heure_remise=time(7, 45))
    (leaves,) = todo(cast.agent_a)
    assert plain(leaves.titre) == "Remettre « Barnum »"
    assert (leaves.url, leaves.avant) == (f"{loan.get_absolute_url()}remise/", today())
    assert plain(leaves.detail) == "Bourg, 7 h 45."
    Pret.objects.filter(pk=loan.pk).update(statut=StatutPret.REMIS, remis_le=timezone.now(), date_fin=today())
    (returns,) = todo(cast.agent_a)
    assert (returns.action, returns.url) == ("Recevoir", f"{loan.get_absolute_url()}retour/")
    assert todo(cast.secretaire_b) == []


def test_the_lender_is_told_of_the_copy_to_recognise_instead_of_the_signature(distribution: Distribution) -> None:
    cast = distribution
    give_roles(cast)
    loan = granted(make_materiel("Barnum", collectivite=cast.a), cast.b)
    paper = signed(loan, cast.secretaire_a, signee_le=None, copie_attend=True)
    paper.signatures.all().delete()
    for agent in (cast.gestionnaire_a, cast.secretaire_a):
        (item,) = todo(agent)
        assert plain(item.titre) == "Reconnaître la copie de la convention de « Barnum »"
        assert (item.url, item.detail) == (f"{paper.get_absolute_url()}#copie", "Bourg l’a déposée.")
    assert todo(cast.elue_b) == todo(cast.secretaire_b) == []


def test_an_open_incident_awaits_the_gestionnaires_of_the_owner(
    distribution: Distribution, django_assert_max_num_queries
) -> None:
    cast = distribution
    give_roles(cast)
    lent_and_lost(cast)
    incident = Incident.objects.get()
    agent = Agent.objects.get(pk=cast.gestionnaire_a.pk)
    assert agent.postes_en_cours
    with django_assert_max_num_queries(3):
        (item,) = apports.a_faire(agent, None)
    assert plain(item.titre) == "Régler l’incident sur « Sonorisation »"
    assert (item.url, item.action) == (incident.get_absolute_url(), "Suivre l’incident")
    assert todo(cast.secretaire_b) == todo(cast.agent_a) == []
    settle(incident, cast.gestionnaire_a, Suite("Remboursé"))
    assert todo(cast.gestionnaire_a) == []

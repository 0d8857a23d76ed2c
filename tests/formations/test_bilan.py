"""After the sessions: opinions without names, what each one followed, figures."""

import io
from decimal import Decimal

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from collectivites.cles import CHAMP
from collectivites.models import Theme
from formations.bilan import chiffres, evaluations
from formations.bilan.chiffres import Axe
from formations.bilan.tableau import beside_catalogue
from formations.enums import PayePar
from formations.models import Evaluation, SessionFormation
from formations.refus import InscriptionRefusee
from tests.distribution import Distribution
from tests.formations.factories import book, fresh, make_formation, make_session, monday, reread, worker
from tests.formations.seances import ABSENT, EXCUSE, finish, held, there
from tests.ressources.formulaires import key_for
from tests.sessions import open_session

pytestmark = pytest.mark.django_db
NOTES = {"objectifs": 4, "utilite": 3, "animation": 4, "organisation": 2}


@pytest.fixture
def followed(distribution: Distribution):
    """Alain of Aval was there all day, Paul in the morning; Bourg sent somebody who did not come."""
    first, second = Theme.objects.order_by("ordre")[:2]
    paid = make_formation("Payée", theme=first, cout=Decimal(100), paye_par=PayePar.PARTAGE)
    session = make_session(paid)
    alain = book(session, distribution.agent_a, distribution.a)
    paul = book(session, distribution.partage_ab, distribution.a)
    absent = book(session, worker(distribution.b))
    said = {alain: [there(), there()], paul: [there(), EXCUSE], absent: [ABSENT, ABSENT]}
    finish(session, distribution.responsable, said)
    free = make_session(make_formation("Offerte", theme=second, cout=Decimal(50), paye_par=PayePar.EPCI), on=monday(9))
    again = book(free, distribution.agent_a, distribution.a)
    finish(free, distribution.responsable, {again: [there(60), there()]})
    return session, alain


def test_an_opinion_is_given_once_and_says_no_name(boss):
    session, (one, away) = held()
    finish(session, boss, {one: [there(), there()], away: [ABSENT, ABSENT]})
    client, address = open_session(one.agent), reverse("formations:evaluation_create", args=[session.numero])
    assert client.get(address).status_code == 200
    wrong = client.post(address, {CHAMP: key_for(one.agent), "objectifs": 4, "plus": "Le formateur"})
    assert "Choisissez une réponse" in wrong.content.decode()
    assert "Le formateur" in wrong.content.decode()
    client.post(address, {CHAMP: key_for(one.agent), **NOTES, "plus": "Le formateur"})
    row, seat = Evaluation.objects.get(), reread(one)
    assert row.le.day == 1
    assert (seat.evaluee_le.hour, seat.evaluee_le.minute) in ((22, 0), (23, 0), (0, 0))
    assert not [
        field for field in Evaluation._meta.get_fields() if "inscription" in field.name or "agent" in field.name
    ]
    assert "déjà donné" in client.get(address).content.decode()
    with pytest.raises(InscriptionRefusee, match="déjà donné"):
        evaluations.repondre(seat, NOTES)
    assert open_session(away.agent).get(address).status_code == 404
    assert open_session(boss).get(address).status_code == 404


def test_under_three_opinions_nothing_is_read(boss):
    session, seats = held(3)
    finish(session, boss, {one: [there(), there()] for one in seats})
    client, address = open_session(boss), reverse("formations:evaluation_bilan", args=[session.numero])
    for rank, seat in enumerate(seats):
        words = evaluations.synthese(fresh(session))
        assert (words.reponses, words.notes, words.mots) == (rank, (), ())
        assert "Pas encore lisible" in client.get(address).content.decode()
        evaluations.repondre(seat, {**NOTES, "objectifs": rank + 1, "plus": f"Mot {9 - rank}"})
    words = evaluations.synthese(fresh(session))
    assert (words.notes[0].moyenne, words.notes[0].repartition[0]) == (2.0, ("Tout à fait", 0))
    assert words.mots == (("Ce qui m’a plu", ("Mot 7", "Mot 8", "Mot 9")),)
    assert "Mot 8" in client.get(address).content.decode()
    assert open_session(seats[0].agent).get(address).status_code == 403


def test_each_line_counts_people_hours_no_shows_and_costs(followed, distribution):
    by_commune = {one.libelle: one for one in chiffres.tableau(Axe.COMMUNE).rangs}
    aval, bourg = by_commune["Aval"], by_commune["Bourg"]
    assert (aval.agents, aval.inscrits, aval.demi_journees, aval.minutes, aval.absents) == (2, 3, 5, 780, 0)
    assert (aval.cout, aval.part) == (Decimal(250), Decimal(200))
    assert (bourg.agents, bourg.demi_journees, bourg.minutes, bourg.absents) == (1, 0, 0, 1)
    assert (bourg.cout, bourg.part) == (Decimal(100), Decimal(100))
    table = chiffres.tableau(Axe.THEME, collectivite=distribution.a)
    assert [(one.inscrits, one.cout) for one in table.rangs] == [(2, Decimal(200)), (1, Decimal(50))]
    assert (table.total.agents, table.total.inscrits, table.sessions) == (2, 3, 2)
    years = chiffres.tableau(Axe.ANNEE)
    assert {int(one.libelle) for one in years.rangs} == set(chiffres.annees())
    assert sum(one.inscrits for one in years.rangs) == 4


def test_open_and_cancelled_sessions_count_for_nothing():
    held(3)
    assert chiffres.tableau(Axe.COMMUNE).rangs == []
    assert chiffres.annees() == []


def test_a_gestionnaire_reads_their_commune_the_responsables_the_territory(followed, distribution, boss):
    session, _ = followed
    address = f"{reverse('formations:bilan')}?annee={session.date_debut.year}"
    mine = open_session(distribution.gestionnaire_a).get(address).content.decode()
    assert "Par thème" in mine
    assert distribution.agent_a.nom_complet in mine
    assert "Bourg" not in mine.partition("<main")[2].partition("</main>")[0]
    whole = open_session(boss).get(address).content.decode()
    assert "Par commune" in whole
    assert "Bourg" in whole
    for agent in (distribution.agent_a, distribution.elue_b, distribution.sans_poste):
        assert open_session(agent).get(address).status_code == 403


def test_the_table_is_taken_as_a_workbook(followed, boss):
    response = open_session(boss).get(f"{reverse('formations:bilan')}?par=commune&annee=tous&format=xlsx")
    rows = list(load_workbook(io.BytesIO(response.content)).active.values)
    assert rows[0][:3] == ("Commune", "Agents", "Inscriptions")
    assert rows[-1][0] == "Ensemble"
    assert "territoire" in response["Content-Disposition"]


def test_the_figures_cost_as_many_queries_for_one_row_as_for_ten(boss, django_assert_max_num_queries):
    client, counts = open_session(boss), []
    for count in (1, 9):
        session, seats = held(count)
        finish(session, boss, {one: [there(), there()] for one in seats})
        client.get(reverse("formations:bilan"))
        with django_assert_max_num_queries(40) as seen:
            client.get(reverse("formations:bilan"))
        counts.append(len(seen))
    assert counts[0] == counts[1]
    assert SessionFormation.objects.count() == 2


def test_one_reads_what_one_followed_and_the_gestionnaire_what_was_for_them(followed, distribution, boss):
    _, alain = followed
    own = open_session(distribution.agent_a).get(reverse("formations:parcours")).content.decode()
    assert own.count("Attestation<") >= 2
    assert "Mon avis" in own
    address = reverse("formations:parcours_agent", args=[alain.agent.slug])
    assert "Payée" in open_session(distribution.gestionnaire_a).get(address).content.decode()
    assert open_session(boss).get(address).status_code == 200
    for agent in (distribution.secretaire_b, distribution.partage_ab):
        assert open_session(agent).get(address).status_code == 404
    paul = reverse("formations:parcours_agent", args=[distribution.partage_ab.slug])
    there_b = open_session(distribution.secretaire_b).get(paul).content.decode()
    assert "Rien de terminé" in there_b


def test_as_many_queries_for_one_session_followed_as_for_six(boss, django_assert_max_num_queries):
    client, counts, agent = None, [], worker()
    for rank in range(6):
        session = make_session(on=monday(4 + rank))
        finish(session, boss, {book(session, agent): [there(), there()]})
        if rank in (0, 5):
            client = open_session(agent)
            client.get(reverse("formations:parcours"))
            with django_assert_max_num_queries(40) as seen:
                client.get(reverse("formations:parcours"))
            counts.append(len(seen))
    assert counts[0] == counts[1]


def test_beside_the_catalogue_stand_the_ways_to_what_was_followed(followed, distribution, boss):
    def links(agent, place):
        return [link.libelle for link in beside_catalogue(agent, place).contexte["liens"]]

    assert links(distribution.agent_a, distribution.a) == ["Mes formations suivies"]
    assert links(distribution.gestionnaire_a, distribution.a) == ["Mes formations suivies", "Bilan d’Aval"]
    assert links(boss, distribution.epci) == ["Mes formations suivies", "Bilan du territoire"]


def test_what_one_followed_offers_an_attestation_to_who_was_there_alone(boss):
    session, (one, away) = held()
    finish(session, boss, {one: [there(), there()], away: [ABSENT, ABSENT]})
    shown = [open_session(each.agent).get(reverse("formations:parcours")).content.decode() for each in (one, away)]
    assert ["/formations/attestations/" in html for html in shown] == [True, False]
    assert all(session.titre in html for html in shown)


def test_who_has_followed_nothing_reads_so(distribution):
    html = open_session(distribution.elue_b).get(reverse("formations:parcours")).content.decode()
    assert "Rien de terminé pour le moment" in html

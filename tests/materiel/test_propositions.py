"""A proposal and what happens to its loan meanwhile: handed over, back, closed; its thing given to another commune."""

import re
from datetime import timedelta

import pytest

from extranet.lib.demi_journees import DemiJournee, Moment
from materiel.constats.passation import hand_over, take_back
from materiel.enums import Conducteur, Cote, StatutPret, StatutProposition
from materiel.models import Materiel, Proposition
from materiel.parc.edition import transfer
from materiel.passages import PretChange
from materiel.prets import demandes, modifications, reponses
from materiel.refus import PretRefuse
from materiel.registre.verification import differences
from tests.distribution import Distribution
from tests.materiel.contrats import give_roles, granted, out, seen, signed, today
from tests.materiel.factories import make_materiel
from tests.materiel.formulaires import dated, text
from tests.materiel.prets import ask, commune, days, fresh, keeper, lend
from tests.sessions import open_session

pytestmark = pytest.mark.django_db
CADUQUE = StatutProposition.CADUQUE


@pytest.fixture
def cast(distribution: Distribution) -> Distribution:
    give_roles(distribution)
    return distribution


def in_days(count: int) -> DemiJournee:
    return DemiJournee(today() + timedelta(days=count), Moment.APRES_MIDI)


def prolong(pret, agent, count=5, cote=Cote.EMPRUNTEUR):
    return modifications.ask_change(pret, agent, cote, debut=pret.debut, fin=in_days(count), quantite=pret.quantite)


class TestAfterwards:
    def test_handed_over_what_was_proposed_before_is_void(self, cast):
        lot = make_materiel("Barrières", collectivite=cast.a, stock=20)
        pret = granted(lot, cast.b, quantite=10)
        signed(pret, cast.elue_b)
        found = reponses.propose(pret, cast.gestionnaire_a, debut=pret.debut, fin=pret.fin, quantite=2)
        hand_over(pret, cast.agent_a, seen(10))
        assert Proposition.objects.get().statut == CADUQUE
        with pytest.raises(PretChange, match="n’attend plus de réponse"):
            reponses.answer_proposal(pret, cast.secretaire_b, True, lue=found.pk)
        assert fresh(pret).quantite == 10

    def test_out_only_its_end_is_agreed_upon(self, cast):
        lot = make_materiel("Barrières", collectivite=cast.a, stock=20)
        pret = out(lot, cast.b, cast.elue_b, quantite=10)
        found = prolong(pret, cast.secretaire_b)
        Proposition.objects.update(quantite=2)
        with pytest.raises(PretChange):
            reponses.answer_proposal(pret, cast.gestionnaire_a, True, lue=found.pk)
        Proposition.objects.update(quantite=10)
        reponses.answer_proposal(pret, cast.gestionnaire_a, True, lue=found.pk)
        assert (fresh(pret).fin, differences()) == (in_days(5), [])

    @pytest.mark.parametrize(("caution", "statut"), [(None, StatutPret.CLOS), (100, StatutPret.RESTITUE)])
    def test_back_nothing_opens_it_again(self, cast, caution, statut):
        pret = out(make_materiel("Pelle", collectivite=cast.a, caution=caution), cast.b, cast.elue_b)
        found = prolong(pret, cast.secretaire_b)
        take_back(pret, cast.agent_a, seen())
        assert (fresh(pret).statut, Proposition.objects.get().statut) == (statut, CADUQUE)
        page = open_session(cast.gestionnaire_a).get(pret.get_absolute_url()).content.decode()
        assert 'name="lue"' not in page
        Proposition.objects.update(statut=StatutProposition.EN_ATTENTE)
        page = open_session(cast.gestionnaire_a).get(pret.get_absolute_url()).content.decode()
        assert 'name="lue"' not in page
        with pytest.raises(PretChange, match="ceci ne s’y applique plus"):
            reponses.answer_proposal(pret, cast.gestionnaire_a, True, lue=found.pk)
        assert fresh(pret).statut == statut

    def test_a_part_given_back_leaves_the_question_of_the_rest(self, cast):
        lot = make_materiel("Barrières", collectivite=cast.a, stock=20)
        pret = out(lot, cast.b, cast.elue_b, quantite=10)
        found = prolong(pret, cast.secretaire_b)
        take_back(pret, cast.agent_a, seen(4))
        reponses.answer_proposal(pret, cast.gestionnaire_a, True, lue=found.pk)
        assert (fresh(pret).fin, differences()) == (in_days(5), [])


class TestOwner:
    """X is asked of Tavaux, which proposes Y."""

    def test_what_is_proposed_for_another_loan_is_not_transferred(self):
        tavaux, gevry = commune("Tavaux"), commune("Gevry")
        x, y = make_materiel("X", collectivite=tavaux), make_materiel("Y", collectivite=tavaux)
        pret = ask(x, commune("Foucherans"))
        reponses.propose(pret, keeper(tavaux), **days(), quantite=1, materiel=y)
        with pytest.raises(PretRefuse, match="est proposé pour le prêt"):
            transfer(y, gevry, keeper(tavaux), "Cédée")
        reponses.answer_proposal(pret, keeper(pret.emprunteur), False)
        transfer(y, gevry, keeper(tavaux), "Cédée")
        assert Materiel.objects.get(pk=y.pk).collectivite == gevry

    def test_a_thing_given_to_another_is_neither_asked_nor_lent(self):
        """As by an act that read it before."""
        tavaux, gevry = commune("Tavaux"), commune("Gevry")
        x, y = make_materiel("X", collectivite=tavaux), make_materiel("Y", collectivite=tavaux)
        foucherans = commune("Foucherans")
        asked, proposed = ask(x, foucherans), ask(x, foucherans, 5, 5)
        read = Materiel.objects.select_related("collectivite", "page").get(pk=x.pk)
        old = Materiel.objects.select_related("collectivite", "page").get(pk=y.pk)
        reponses.propose(proposed, keeper(tavaux), **days(5, 5), quantite=1, materiel=y)
        Materiel.objects.filter(pk__in=[x.pk, y.pk]).update(collectivite=gevry)
        with pytest.raises(PretRefuse, match="vient de changer de propriétaire"):
            demandes.ask(read, keeper(foucherans), foucherans, **days(9, 9), usage="Fête", reglement=True)
        with pytest.raises(PretRefuse, match="n’est plus à cette commune"):
            reponses.accept(asked, keeper(tavaux))
        with pytest.raises(PretRefuse, match="n’est plus à cette commune"):
            reponses.answer_proposal(proposed, keeper(foucherans), True)
        with pytest.raises(PretRefuse, match="n’est plus à cette commune"):
            reponses.propose(asked, keeper(tavaux), **days(7, 7), quantite=1, materiel=old)


class TestOldTab:
    def test_another_request_does_not_decline_a_proposal_unread(self):
        tavaux, foucherans = commune("Tavaux"), commune("Foucherans")
        pret = ask(make_materiel(collectivite=tavaux), foucherans)
        reponses.propose(pret, keeper(tavaux), **days(3, 3), quantite=1)
        client, url = open_session(keeper(foucherans)), f"{pret.get_absolute_url()}modifier/"
        page = client.get(url)
        key = re.search(r'name="cle_unique" value="([^"]+)"', page.content.decode())[1]
        sent = dated(6, 6, cle_unique=key, vu=page.context["form"]["vu"].value())
        last = reponses.propose(pret, keeper(tavaux), **days(4, 4), quantite=1)
        response = client.post(url, sent)
        assert response.status_code == 422
        assert "a changé depuis que vous avez ouvert cette page" in text(response)
        assert Proposition.objects.get(pk=last.pk).statut == StatutProposition.EN_ATTENTE

    def test_nor_does_a_change_of_a_loan_already_granted(self):
        tavaux, foucherans = commune("Tavaux"), commune("Foucherans")
        pret = lend(make_materiel(collectivite=tavaux), foucherans, 0, 3)
        client, url = open_session(keeper(foucherans)), f"{pret.get_absolute_url()}modifier/"
        vu = client.get(url).context["form"]["vu"].value()
        reponses.propose(pret, keeper(tavaux), **days(4, 4), quantite=1)
        with pytest.raises(PretChange):
            modifications.ask_change(pret, keeper(foucherans), Cote.EMPRUNTEUR, **days(0, 1), quantite=1, vu=vu)


class TestDirect:
    """A loan that its owner grants without being asked does not change past what it would grant."""

    def change(self, pret, first, last, quantite=1):
        period = days(first, last)
        return modifications.ask_change(pret, keeper(pret.emprunteur), Cote.EMPRUNTEUR, **period, quantite=quantite)

    @pytest.mark.parametrize(
        ("first", "last", "words"),
        [
            (40, 42, "au plus pour ce matériel"),
            (0, 0, "à l’avance"),
            (40, 900, "On réserve jusqu’au"),
        ],
    )
    def test_refused_where_a_request_would_be(self, first, last, words):
        thing = make_materiel(collectivite=commune("Tavaux"), accord_direct=1, duree_max_jours=2, preavis_jours=20)
        pret = lend(thing, commune("Foucherans"), 40, 41)
        with pytest.raises(PretRefuse, match=words):
            self.change(pret, first, last)
        assert fresh(pret).debut == pret.debut

    def test_a_thing_withdrawn_is_given_back_but_not_kept_longer(self):
        thing = make_materiel(collectivite=commune("Tavaux"), accord_direct=1)
        pret = lend(thing, commune("Foucherans"), 0, 1)
        Materiel.objects.update(statut="retire")
        with pytest.raises(PretRefuse, match="n’est plus proposé au prêt"):
            self.change(pret, 0, 2)
        assert self.change(pret, 0, 0) is None

    def test_who_asked_before_is_not_overtaken(self):
        tavaux = commune("Tavaux")
        thing = make_materiel(collectivite=tavaux, accord_direct=1)
        pret = lend(thing, commune("Foucherans"), 0, 0)
        Materiel.objects.update(accord_direct=None)
        thing.refresh_from_db()
        ask(thing, commune("Gevry"), 3, 4)
        Materiel.objects.update(accord_direct=1)
        assert self.change(pret, 3, 3).cote == Cote.EMPRUNTEUR
        assert fresh(pret).debut == days()["debut"]
        assert self.change(pret, 1, 1) is None

    def test_what_it_holds_already_is_free_for_it(self):
        lot = make_materiel(collectivite=commune("Tavaux"), stock=10, accord_direct=10)
        pret = lend(lot, commune("Foucherans"), 0, 1, quantite=6)
        assert self.change(pret, 0, 2, 8) is None
        assert (fresh(pret).quantite, differences()) == (8, [])

    def test_nor_is_its_driver_promised(self):
        thing = make_materiel(collectivite=commune("Tavaux"), accord_direct=1, conducteur=Conducteur.OBLIGATOIRE)
        pret = lend(thing, commune("Foucherans"), 0, 0)
        assert self.change(pret, 4, 5) is not None

    def test_none_is_not_a_number(self):
        pret = lend(make_materiel(collectivite=commune("Tavaux")), commune("Foucherans"), 0, 1)
        with pytest.raises(PretRefuse, match="Gardez-en un"):
            self.change(pret, 0, 1, 0)


class TestShorter:
    @pytest.mark.parametrize("tampon", [0, 1])
    def test_after_a_part_came_back(self, cast, tampon):
        lot = make_materiel("Barrières", collectivite=cast.a, stock=20, tampon_apres=tampon)
        pret = out(lot, cast.b, cast.elue_b, quantite=10, date_fin=today() + timedelta(days=10))
        take_back(pret, cast.agent_a, seen(5))
        pret = fresh(pret)
        assert differences() == []
        assert prolong(pret, cast.secretaire_b, 0) is None
        assert (fresh(pret).fin, differences()) == (in_days(0), [])
        found = prolong(fresh(pret), cast.secretaire_b, 20)
        reponses.answer_proposal(pret, cast.gestionnaire_a, True, lue=found.pk)
        assert (fresh(pret).fin, differences()) == (in_days(20), [])
        take_back(pret, cast.agent_a, seen(5))
        assert (fresh(pret).statut, differences()) == (StatutPret.CLOS, [])

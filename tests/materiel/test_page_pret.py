"""The page of a loan: who sees it, who may do what, what a form sent late or wrong does."""

import re
from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from icalendar import Calendar

from collectivites.enums import Signature as Pouvoir
from collectivites.models import Collectivite
from materiel.constats.cloture import close
from materiel.constats.passation import take_back
from materiel.entraide import agendas
from materiel.enums import Cote, StatutPret, TypePapier
from materiel.models import Engagement, Papier, Pret
from materiel.passages import stamp
from materiel.prets import modifications, reponses
from tests.materiel.contrats import give, granted, out, seen, signed, today
from tests.materiel.factories import make_materiel
from tests.materiel.formulaires import dated, send, text
from tests.materiel.prets import ask, commune, days, fresh, keeper, lend, make_late, manager
from tests.sessions import open_session

pytestmark = pytest.mark.django_db


@pytest.fixture
def tavaux() -> Collectivite:
    return commune("Tavaux", latitude=47.03, longitude=5.40, telephone="0353010061")


@pytest.fixture
def foucherans() -> Collectivite:
    return commune("Foucherans", latitude=47.08, longitude=5.46)


@pytest.fixture
def owner(tavaux) -> Client:
    return open_session(keeper(tavaux))


@pytest.fixture
def borrower(foucherans) -> Client:
    return open_session(keeper(foucherans))


class TestLoan:
    def test_it_is_read_by_its_parties_and_the_responsables(self, distribution, tavaux, foucherans):
        pret = ask(make_materiel(collectivite=tavaux), foucherans)
        outsider = open_session(distribution.gestionnaire_a)
        for path in ("", "message/", "repondre/", "proposition/", "modifier/", "annuler/", "non-retire/"):
            url = f"{pret.get_absolute_url()}{path}"
            assert outsider.get(url).status_code == 404
            assert open_session(distribution.sans_poste).get(url).status_code == 404
        assert pret.numero not in text(outsider.get("/materiel/prets/"))
        watcher = open_session(distribution.responsable)
        assert watcher.get(pret.get_absolute_url()).status_code == 200

    def test_the_responsables_see_and_do_not_accept(self, distribution, tavaux, foucherans, owner):
        pret = ask(make_materiel(collectivite=tavaux), foucherans)
        watcher = open_session(distribution.responsable)
        page = text(watcher.get(pret.get_absolute_url()))
        assert "Accepter" not in page
        key = re.search(r'name="cle_unique" value="([^"]+)"', watcher.get(pret.get_absolute_url()).content.decode())[1]
        response = watcher.post(
            f"{pret.get_absolute_url()}repondre/", {"cle_unique": key, "action": "accepter", "vu": stamp(pret)}
        )
        assert response.status_code == 403
        assert "Répondre à une demande revient aux gestionnaires de la commune qui prête." in text(response)
        assert fresh(pret).statut == StatutPret.DEMANDE

    def test_nor_does_the_borrower_nor_an_agent_of_the_owner(self, tavaux, foucherans, borrower, distribution):
        pret = ask(make_materiel(collectivite=tavaux), foucherans)
        url = pret.get_absolute_url()
        response = send(borrower, url, f"{url}repondre/", action="accepter", vu=stamp(pret))
        assert response.status_code == 403
        assert fresh(pret).statut == StatutPret.DEMANDE

    def test_accepted_in_one_click(self, tavaux, foucherans, owner):
        pret = ask(make_materiel(collectivite=tavaux), foucherans)
        url = pret.get_absolute_url()
        page = text(owner.get(url))
        assert "Foucherans attend votre réponse" in page
        assert "Libre à ces dates" in page
        send(owner, url, f"{url}repondre/", action="accepter", vu=stamp(pret))
        assert fresh(pret).statut == StatutPret.ACCEPTE
        assert "Convention à signer" in text(owner.get(url))

    def test_the_third_eighty_is_refused_and_forty_is_offered(self, tavaux, owner):
        lot = make_materiel("Barrières", collectivite=tavaux, stock=200, unite="barrières")
        wanted = [ask(lot, commune(nom), quantite=80) for nom in ("Choisey", "Gevry", "Jouhe")]
        third, url = wanted[2], wanted[2].get_absolute_url()
        key = re.search(r'name="cle_unique" value="([^"]+)"', owner.get(url).content.decode())[1]
        for pret in wanted[:2]:
            reponses.accept(pret, keeper(tavaux))
        response = owner.post(f"{url}repondre/", {"cle_unique": key, "action": "accepter", "vu": stamp(third)})
        assert response.status_code == 422
        page = text(response)
        assert "il n’en reste que 40 sur 200" in page
        assert "En prêter 40" in page
        assert 'value="40"' in page
        assert "Vous en avez 200 : 80 promis à Choisey" in page
        send(owner, url, f"{url}repondre/", action="partie", quantite=40, vu=stamp(fresh(third)))
        third = fresh(third)
        assert (third.statut, third.quantite) == (StatutPret.ACCEPTE, 40)

    def test_a_part_too_large_is_told_in_its_field(self, tavaux, foucherans, owner):
        lot = make_materiel(collectivite=tavaux, stock=50)
        pret = ask(lot, foucherans, quantite=50)
        lend(lot, commune("Gevry"), quantite=30)
        url = pret.get_absolute_url()
        response = send(owner, url, f"{url}repondre/", action="partie", quantite=40, vu=stamp(pret))
        assert response.status_code == 422
        assert "il n’en reste que 20 sur 50" in text(response)

    def test_an_old_tab_is_told(self, tavaux, foucherans, owner):
        pret = ask(make_materiel(collectivite=tavaux), foucherans)
        url, read = pret.get_absolute_url(), stamp(pret)
        modifications.ask_change(pret, keeper(foucherans), Cote.EMPRUNTEUR, **days(0, 3), quantite=1)
        response = send(owner, url, f"{url}repondre/", action="accepter", vu=read)
        assert response.status_code == 422
        assert "a changé depuis que vous avez ouvert cette page" in text(response)
        assert fresh(pret).statut == StatutPret.DEMANDE

    def test_proposed_by_a_free_day_then_agreed(self, tavaux, foucherans, owner, borrower):
        thing = make_materiel("Balayeuse", collectivite=tavaux)
        pret = ask(thing, foucherans, 0, 1)
        lend(thing, commune("Gevry"), 0, 1)
        url = pret.get_absolute_url()
        page = owner.get(url).content.decode()
        choice = re.search(r'name="jours" value="([^"]+)"', page)[1]
        send(
            owner, url, f"{url}repondre/", action="proposer", jours=choice, materiel=thing.pk, quantite=1,
            vu=stamp(pret), mot="Dès son retour.",
        )  # fmt: skip
        pret = fresh(pret)
        assert pret.statut == StatutPret.PROPOSE
        page = text(borrower.get(url))
        assert "Tavaux propose" in page
        assert "« Dès son retour. »" in page
        lue = pret.propositions.get().pk
        send(borrower, url, f"{url}proposition/", choix="accepter", lue=lue)
        assert fresh(pret).statut == StatutPret.ACCEPTE

    def test_only_the_other_side_answers_a_proposal(self, tavaux, foucherans, owner):
        pret = ask(make_materiel(collectivite=tavaux), foucherans)
        found = reponses.propose(pret, keeper(tavaux), **days(3, 3), quantite=1)
        url = pret.get_absolute_url()
        response = send(owner, url, f"{url}proposition/", choix="accepter", lue=found.pk)
        assert response.status_code == 403
        assert fresh(pret).statut == StatutPret.PROPOSE

    def test_refused_with_a_reason(self, tavaux, foucherans, owner, borrower):
        pret = ask(make_materiel(collectivite=tavaux), foucherans)
        url = pret.get_absolute_url()
        response = send(owner, url, f"{url}repondre/", action="refuser", motif="Autre", mot="", vu=stamp(pret))
        assert response.status_code == 422
        assert "Expliquez pourquoi" in text(response)
        send(owner, url, f"{url}repondre/", action="refuser", motif="Autre", mot="Il est au salon.", vu=stamp(pret))
        assert "Il est au salon." in text(borrower.get(url))

    def test_put_in_the_waiting_list(self, tavaux, foucherans, owner):
        thing = make_materiel(collectivite=tavaux)
        pret = ask(thing, foucherans)
        lend(thing, commune("Gevry"))
        url = pret.get_absolute_url()
        send(owner, url, f"{url}repondre/", action="attente", mot="Gevry avant.", vu=stamp(pret))
        assert fresh(pret).statut == StatutPret.ATTENTE

    def test_a_text_too_long_says_how_long_it_is_and_is_kept(self, tavaux, foucherans, owner):
        pret = ask(make_materiel(collectivite=tavaux), foucherans)
        url, words = pret.get_absolute_url(), "Il faut une remorque. " * 100
        response = send(owner, url, f"{url}message/", texte=words)
        assert response.status_code == 422
        assert "2000 caractères au plus : il y en a 2199. Raccourcissez votre texte." in text(response)
        assert words.strip() in response.content.decode()

    def test_changed_and_cancelled(self, tavaux, foucherans, borrower):
        pret = lend(make_materiel(collectivite=tavaux), foucherans, 0, 2)
        url = pret.get_absolute_url()
        send(borrower, f"{url}modifier/", f"{url}modifier/", **dated(0, 0), vu=stamp(pret))
        assert fresh(pret).date_fin == days(0, 0)["fin"].date
        send(borrower, f"{url}modifier/", f"{url}modifier/", **dated(0, 1), vu=stamp(fresh(pret)))
        assert "L’autre commune n’a pas encore répondu." in text(borrower.get(url))
        response = send(borrower, f"{url}annuler/", f"{url}annuler/", motif=" ")
        assert response.status_code == 422
        send(borrower, f"{url}annuler/", f"{url}annuler/", motif="La foire est reportée.", vu=stamp(fresh(pret)))
        assert fresh(pret).statut == StatutPret.ANNULE
        assert not Engagement.objects.held().exists()
        assert "La foire est reportée." in text(borrower.get(url))

    def test_nobody_came(self, tavaux, foucherans, owner, borrower):
        pret = lend(make_materiel(collectivite=tavaux), foucherans)
        url = f"{pret.get_absolute_url()}non-retire/"
        assert borrower.get(url).status_code == 403
        assert "attendez" in text(send(owner, url, url, vu=stamp(pret)))
        Pret.objects.filter(pk=pret.pk).update(date_debut=timezone.localdate() - timedelta(days=1))
        send(owner, url, url)
        assert fresh(pret).statut == StatutPret.NON_RETIRE

    @pytest.mark.parametrize("cote", list(Cote))
    @pytest.mark.parametrize("etat", [*StatutPret, "menace"])
    def test_a_bounded_number_of_queries(self, tavaux, foucherans, owner, borrower, etat, cote):
        """Whatever the state and the side; the last granted one waits for a loan that is not back."""
        pret = in_state(etat, tavaux, foucherans)
        client = owner if cote == Cote.PRETEUR else borrower
        client.get(pret.get_absolute_url())
        with CaptureQueriesContext(connection) as queries:
            page = client.get(pret.get_absolute_url())
        assert ("n’a pas encore rendu" in text(page)) is (etat == "menace")
        assert len(queries) <= 25, len(queries)

    def test_its_papers_with_their_file_or_without(self, tavaux, foucherans, borrower):
        pret = granted(make_materiel(collectivite=tavaux), foucherans)
        kept = {"file": ContentFile(b"x" * 84_000, "vgp.pdf"), "nom": "vgp.pdf"}
        Papier.objects.create(materiel=pret.materiel, type=TypePapier.VGP, **kept)
        notice = Papier.objects.create(materiel=pret.materiel, type=TypePapier.NOTICE)
        convention = signed(pret, keeper(tavaux), signee_le=None)
        convention.signatures.filter(cote=Cote.EMPRUNTEUR).delete()
        response = borrower.get(pret.get_absolute_url())
        page = text(response)
        assert f"Convention n° {convention.numero}</a>" in page
        assert "PDF, 1 Ko" in page
        assert "Une signature manque" in page
        assert "PDF, 84 Ko" in page
        assert "Fichier non joint" in page
        html = response.content.decode()
        assert f"/materiel/papiers/{notice.pk}/" not in html
        assert html.count("ec-doc--s") == 2
        convention.signee_le = timezone.now()
        convention.save()
        assert "Signée le" in text(borrower.get(pret.get_absolute_url()))

    def test_whoever_signs_by_delegation_is_named_with_whom_they_sign_for(self, tavaux, foucherans, owner):
        pret = granted(make_materiel(collectivite=tavaux), foucherans)
        mayor, deputy = manager(foucherans, "Hélène"), manager(foucherans, "Paul")
        give(mayor, foucherans, signataire=Pouvoir.DE_DROIT, date_debut=today() - timedelta(days=30))
        power = {"delegation_reference": "arrêté n° 3", "delegation_date": today()}
        give(deputy, foucherans, signataire=Pouvoir.DELEGATION, **power)
        convention = signed(pret, keeper(tavaux), signee_le=None)
        convention.signatures.filter(cote=Cote.EMPRUNTEUR).delete()
        assert f"{mayor}, " in text(owner.get(pret.get_absolute_url()))
        page = text(open_session(deputy).get(pret.get_absolute_url()))
        assert f"Vous signez pour {mayor}, " in page
        assert "par délégation" in page

    def test_its_event_for_ones_own_agenda(self, distribution, tavaux, foucherans, owner, borrower):
        pret = ask(make_materiel("Mini-pelle", collectivite=tavaux), foucherans)
        url = f"{pret.get_absolute_url()}agenda.ics"
        assert "agenda.ics" not in text(owner.get(pret.get_absolute_url()))
        assert owner.get(url).status_code == 404
        reponses.accept(pret, keeper(tavaux))
        assert url in owner.get(pret.get_absolute_url()).content.decode()
        (event,) = Calendar.from_ical(owner.get(url).content).walk("VEVENT")
        assert event["summary"] == "Prêt à Foucherans\u00a0: Mini-pelle"
        assert event.decoded("dtstart") == pret.date_debut
        (same,) = [one for one in agendas.events(tavaux) if one.uid == event["uid"]]
        assert same.titre == event["summary"]
        assert "Emprunt à Tavaux" in borrower.get(url).content.decode().replace("\r\n ", "")
        assert open_session(distribution.gestionnaire_a).get(url).status_code == 404


def in_state(etat: str, tavaux: Collectivite, foucherans: Collectivite) -> Pret:
    """As full as a loan may be there: rivals, a convention that one side has signed, an incident."""
    thing = make_materiel("Mini-pelle", collectivite=tavaux, stock=2)
    other = make_materiel("Mini-pelle 2", collectivite=tavaux, categorie=thing.categorie, stock=2)
    agent = keeper(tavaux)
    if etat == "menace":
        make_late(thing, commune("Gevry"))
        pret = granted(thing, foucherans, quantite=2)
    elif etat in (StatutPret.ACCEPTE, StatutPret.NON_RETIRE):
        pret = granted(thing, foucherans, date_debut=today() - timedelta(days=1))
    elif etat in (StatutPret.REMIS, StatutPret.RESTITUE, StatutPret.CLOS):
        take_back(out(thing, commune("Jouhe"), agent), agent, seen(photos=()))
        pret = out(thing, foucherans, agent)
    else:
        ask(thing, commune("Gevry"), quantite=2)
        pret = ask(thing, foucherans)
    if etat in ("menace", StatutPret.ACCEPTE):
        convention = signed(pret, agent, signee_le=None)
        convention.signatures.filter(cote=Cote.EMPRUNTEUR).delete()
    if etat in (StatutPret.RESTITUE, StatutPret.CLOS):
        take_back(pret, agent, seen(0, perdue=1))
    _end(pret, etat, agent, other)
    return fresh(pret)


def _end(pret: Pret, etat: str, agent, other) -> None:
    if etat == StatutPret.PROPOSE:
        reponses.propose(pret, agent, **days(3, 3), quantite=1, materiel=other)
    elif etat == StatutPret.REFUSE:
        reponses.refuse(pret, agent, "Il est au salon.")
    elif etat == StatutPret.CLOS:
        pret.incidents.update(statut="clos", suite="Remplacée.", clos_le=timezone.now())
        close(fresh(pret), agent)
    elif etat == StatutPret.NON_RETIRE:
        modifications.no_show(pret, agent)
    elif etat in (StatutPret.ATTENTE, StatutPret.ANNULE, StatutPret.EXPIRE):
        Pret.objects.filter(pk=pret.pk).update(statut=etat, motif="La foire est reportée.")

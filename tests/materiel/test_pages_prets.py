"""The pages of the loans: who sees them, who may do what, what a form sent twice, late or wrong does."""

import re
from datetime import timedelta
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from PIL import Image

from collectivites.models import Collectivite, Habilitation, TypeHabilitation
from materiel import modifications, reponses
from materiel.enums import Conducteur, Cote, StatutPret, Transport
from materiel.models import Engagement, MaterielsPage, Papier, Pret, ReglementPretPage
from materiel.passages import stamp
from tests.distribution import Distribution
from tests.materiel.factories import make_materiel, monday
from tests.materiel.prets import ask, commune, days, fresh, keeper, lend, make_late, plain
from tests.sessions import open_session

pytestmark = pytest.mark.django_db
INBOX = "/materiel/demandes/"


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


def text(response: HttpResponse) -> str:
    return plain(re.sub(r"\s+", " ", response.content.decode()))


def send(client: Client, shown: str, url: str, **fields: object) -> HttpResponse:
    key = re.search(r'name="cle_unique" value="([^"]+)"', client.get(shown).content.decode())
    return client.post(url, {"cle_unique": key[1], **fields})


def dated(first: int = 0, last: int | None = 1, **fields: object) -> dict[str, object]:
    period = days(first, last)
    return {
        "date_debut": period["debut"].date.isoformat(),
        "moment_debut": "matin",
        "date_fin": period["fin"].date.isoformat(),
        "moment_fin": "apres_midi",
        **fields,
    }


class TestAsking:
    def test_the_form_says_what_is_free_and_asks(self, tavaux, borrower):
        thing = make_materiel("Mini-pelle", collectivite=tavaux)
        url = f"/materiel/{thing.pk}/demander/"
        asked = days(0, 1)
        page = text(borrower.get(f"{url}?du={asked['debut'].date}&au={asked['fin'].date}"))
        assert "Libre du lundi" in page
        response = send(borrower, url, url, **dated(usage="Curage du fossé"))
        pret = Pret.objects.get()
        assert response["Location"] == f"/materiel/prets/{pret.numero}/"
        assert "Votre demande est partie." in text(borrower.get(response["Location"]))

    def test_a_fragment_follows_the_dates(self, tavaux, borrower):
        lot = make_materiel("Barrières", collectivite=tavaux, stock=200)
        lend(lot, commune("Gevry"), quantite=160)
        url = f"/materiel/{lot.pk}/demander/"
        response = borrower.get(url, dated(0, 0, quantite=80), headers={"HX-Request": "true"})
        assert "HX-Request" in response["Vary"]
        page = text(response)
        assert "<html" not in page
        assert "40 libres sur 200, et vous en demandez 80." in page
        assert "En demander 40" in page
        assert "Prêté à Gevry, jusqu’au mardi" in page
        assert "liste d’attente" in page

    def test_the_second_is_told_by_whom_and_until_when(self, tavaux, borrower):
        thing = make_materiel("Balayeuse", collectivite=tavaux)
        ask(thing, commune("Champvans"), 0, 2)
        page = text(borrower.get(f"/materiel/{thing.pk}/demander/", dated(1, 2), headers={"HX-Request": "true"}))
        assert "mais une autre demande est arrivée avant." in page
        assert "Demandé avant vous par Champvans, jusqu’au mercredi" in page
        assert "Jours libres les plus proches" in page

    @pytest.mark.parametrize(
        ("wrong", "said"),
        [
            (dated(1, 0), "Le retour vient avant le départ."),
            (dated(0, 20), "au plus pour ce matériel"),
            (dated(quantite=41), "40 au plus par prêt, sur 80."),
            (dated(quantite=0), "Demandez-en un au moins."),
            (dated(quantite=""), "Dites combien il vous en faut."),
            (dated(date_debut="2026-13-45"), "Dites à partir de quel jour."),
            (dated(date_fin=""), "Dites jusqu’à quel jour."),
            (dated(usage=" "), "Dites pour quoi"),
        ],
        ids=["order", "length", "cap", "none", "empty", "absurd", "open", "usage"],
    )
    def test_bad_input_is_told_and_nothing_is_lost(self, tavaux, borrower, wrong, said):
        lot = make_materiel("Barrières", collectivite=tavaux, stock=80, part_max=50, duree_max_jours=10)
        url = f"/materiel/{lot.pk}/demander/"
        fields = {"quantite": 10, "usage": "Course cycliste", "message": "Nous les transportons.", **wrong}
        response = send(borrower, url, url, **fields)
        assert response.status_code == 422
        assert said in text(response)
        assert "Nous les transportons." in text(response)
        assert not Pret.objects.exists()

    def test_what_is_taken_is_refused_and_one_may_wait(self, tavaux, borrower):
        thing = make_materiel("Balayeuse", collectivite=tavaux)
        lend(thing, commune("Champvans"))
        url = f"/materiel/{thing.pk}/demander/"
        response = send(borrower, url, url, **dated(usage="Fête"))
        assert response.status_code == 422
        assert "il est déjà pris" in text(response)
        assert "Nous inscrire en liste d’attente" in text(response)
        response = send(borrower, url, url, **dated(usage="Fête", attente="1"))
        assert Pret.objects.latest("pk").statut == StatutPret.ATTENTE
        assert "Vous êtes en liste d’attente." in text(borrower.get(response["Location"]))

    def test_a_double_click_asks_once(self, tavaux, borrower):
        thing = make_materiel(collectivite=tavaux)
        url = f"/materiel/{thing.pk}/demander/"
        key = re.search(r'name="cle_unique" value="([^"]+)"', borrower.get(url).content.decode())[1]
        answers = [borrower.post(url, {"cle_unique": key, **dated(usage="Fête")}) for _ in range(2)]
        assert Pret.objects.count() == 1
        assert len({one["Location"] for one in answers}) == 1

    def test_not_to_oneself_nor_without_the_right(self, tavaux, owner, foucherans):
        thing = make_materiel(collectivite=tavaux)
        response = owner.get(f"/materiel/{thing.pk}/demander/")
        assert response.status_code == 403
        assert "à votre commune" in text(response)

    def test_only_gestionnaires_ask(self, distribution: Distribution, tavaux):
        thing = make_materiel(collectivite=tavaux)
        url = f"/materiel/{thing.pk}/demander/"
        assert open_session(distribution.secretaire_a).get(url).status_code == 403
        assert open_session(distribution.gestionnaire_a).get(url).status_code == 200
        assert open_session(distribution.sans_poste).get(url).status_code == 403

    def test_a_hidden_thing_is_unknown(self, tavaux, borrower):
        thing = make_materiel(collectivite=tavaux, diffusion=[f"c{tavaux.pk}"])
        assert borrower.get(f"/materiel/{thing.pk}/demander/").status_code == 404

    def test_all_its_questions(self, tavaux, foucherans, borrower):
        kind = TypeHabilitation.objects.create(code="caces-x", libelle="CACES R482 A")
        thing = make_materiel(
            "Mini-pelle", collectivite=tavaux, conducteur=Conducteur.POSSIBLE, transport=Transport.LIVRAISON,
            prix_livraison=35,
        )  # fmt: skip
        thing.habilitations.add(kind)
        end = monday() + timedelta(days=400)
        Habilitation.objects.create(
            agent=keeper(foucherans), type=kind, obtenue_le=timezone.localdate(), valable_jusqu_au=end
        )
        rules = MaterielsPage.objects.get().add_child(
            instance=ReglementPretPage(title="Règlement", diffusion=["toutes"])
        )
        rules.save_revision().publish()
        url = f"/materiel/{thing.pk}/demander/"
        page = text(borrower.get(url))
        assert f"{keeper(foucherans)}, CACES R482 A valable jusqu’au" in page
        assert "Livraison par Tavaux, 35 €" in page
        fields = dated(usage="Fossé", conducteur=keeper(foucherans).pk, transport="livraison", heure_remise="07:45")
        assert "Acceptez le règlement de prêt" in text(send(borrower, url, url, **fields))
        send(borrower, url, url, **fields, reglement="on")
        pret = Pret.objects.get()
        assert (pret.conducteur, pret.transport) == (keeper(foucherans), Transport.LIVRAISON)
        assert f"{pret.heure_remise:%H:%M}" == "07:45"


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

    def test_the_thread_takes_words_and_photos(self, tavaux, foucherans, owner, borrower, distribution):
        pret = lend(make_materiel(collectivite=tavaux), foucherans)
        url = pret.get_absolute_url()
        buffer = BytesIO()
        Image.new("RGB", (40, 30), "red").save(buffer, "JPEG", exif=_gps())
        photo = SimpleUploadedFile("coin.jpg", buffer.getvalue(), "image/jpeg")
        send(borrower, url, f"{url}message/", texte="Le coin est venté.", photo=photo)
        page = text(owner.get(url))
        assert "Le coin est venté." in page
        message = pret.messages.get()
        assert (message.cote, message.auteur) == (Cote.EMPRUNTEUR, keeper(foucherans))
        served = owner.get(f"{url}messages/{message.pk}/photo/")
        assert served["Content-Type"] == "image/jpeg"
        assert b"Exif" not in b"".join(served)
        stranger = open_session(distribution.gestionnaire_a)
        assert stranger.get(f"{url}messages/{message.pk}/photo/").status_code == 404

    @pytest.mark.parametrize(
        ("name", "content", "said"),
        [
            ("grande.jpg", b"\xff\xd8\xff" + b"0" * (25 * 1024 * 1024), "25"),
            ("note.pdf", b"%PDF-1.7", "pas une photo"),
            ("cassee.jpg", b"\xff\xd8\xff\xe0 rien", "abîmée"),
            ("vide.jpg", b"", "vide"),
        ],
        ids=["25MB", "pdf", "broken", "empty"],
    )
    def test_a_bad_photo_is_told_and_the_words_stay(self, tavaux, foucherans, borrower, name, content, said):
        pret = lend(make_materiel(collectivite=tavaux), foucherans)
        url = pret.get_absolute_url()
        photo = SimpleUploadedFile(name, content)
        response = send(borrower, url, f"{url}message/", texte="Voici le coin.", photo=photo)
        assert response.status_code == 422
        assert said in text(response)
        assert "Voici le coin." in text(response)
        assert not pret.messages.exists()

    def test_a_heic_photo_is_converted(self, tavaux, foucherans, borrower):
        pret = lend(make_materiel(collectivite=tavaux), foucherans)
        url, buffer = pret.get_absolute_url(), BytesIO()
        Image.new("RGB", (64, 64), "blue").save(buffer, "HEIF")
        send(borrower, url, f"{url}message/", texte="", photo=SimpleUploadedFile("a.heic", buffer.getvalue()))
        assert pret.messages.get().photo.name.endswith(".jpg")

    def test_an_empty_message_is_told(self, tavaux, foucherans, borrower):
        pret = lend(make_materiel(collectivite=tavaux), foucherans)
        url = pret.get_absolute_url()
        response = send(borrower, url, f"{url}message/", texte=" ")
        assert response.status_code == 422
        assert "Écrivez votre message" in text(response)

    def test_nobody_came(self, tavaux, foucherans, owner, borrower):
        pret = lend(make_materiel(collectivite=tavaux), foucherans)
        url = f"{pret.get_absolute_url()}non-retire/"
        assert borrower.get(url).status_code == 403
        assert "attendez" in text(send(owner, url, url, vu=stamp(pret)))
        Pret.objects.filter(pk=pret.pk).update(date_debut=timezone.localdate() - timedelta(days=1))
        send(owner, url, url)
        assert fresh(pret).statut == StatutPret.NON_RETIRE

    @pytest.mark.parametrize("statut", [StatutPret.DEMANDE, StatutPret.ACCEPTE])
    def test_a_bounded_number_of_queries(self, tavaux, foucherans, owner, statut):
        thing = make_materiel(collectivite=tavaux)
        pret = ask(thing, foucherans)
        if statut == StatutPret.ACCEPTE:
            reponses.accept(pret, keeper(tavaux))
        else:
            ask(thing, commune("Gevry"))
        owner.get(pret.get_absolute_url())
        with CaptureQueriesContext(connection) as queries:
            owner.get(pret.get_absolute_url())
        assert len(queries) <= 25, len(queries)


def _gps() -> Image.Exif:
    exif = Image.Exif()
    exif[0x010F] = "Telephone"
    return exif


class TestList:
    def test_lent_and_borrowed(self, tavaux, foucherans, owner):
        lend(make_materiel("Podium", collectivite=tavaux), foucherans)
        ask(make_materiel("Balayeuse", collectivite=foucherans), tavaux)
        gone = ask(make_materiel("Sono", collectivite=tavaux), foucherans)
        modifications.cancel(gone, keeper(foucherans), "Reporté")
        page = text(owner.get("/materiel/prets/"))
        assert "prêté à Foucherans" in page
        assert "demandé à Foucherans" in page
        assert "Sono" not in page
        assert "Sono" in text(owner.get("/materiel/prets/?vue=termines"))
        assert "Balayeuse" not in text(owner.get("/materiel/prets/?sens=preteur"))
        assert "Podium" not in text(owner.get("/materiel/prets/?q=balay"))

    def test_the_same_number_of_queries_whatever_the_loans(self, tavaux, foucherans, owner):
        def queries() -> int:
            with CaptureQueriesContext(connection) as found:
                owner.get("/materiel/prets/")
            return len(found)

        ask(make_materiel(collectivite=tavaux), foucherans)
        owner.get("/materiel/prets/")
        one = queries()
        for _ in range(4):
            lend(make_materiel(collectivite=tavaux), foucherans)
        assert queries() == one <= 25


class TestInbox:
    def test_what_awaits_and_who_asked_before(self, tavaux, foucherans, owner):
        thing = make_materiel("Balayeuse", collectivite=tavaux)
        lot = make_materiel("Barrières", collectivite=tavaux, stock=40, unite="barrières")
        lend(lot, commune("Damparis"), quantite=12)
        Pret.objects.filter(materiel=lot).update(quantite_demandee=12)
        ask(thing, foucherans)
        ask(thing, commune("Jouhe"), 1, 1)
        Pret.objects.filter(emprunteur__nom="Foucherans").update(created_at=timezone.now() - timedelta(days=1))
        big = ask(lot, commune("Choisey"), 4, 4, quantite=40)
        lend(lot, commune("Brevans"), 4, 4, quantite=12)
        page = text(owner.get(INBOX))
        assert "Trois demandes attendent votre réponse, la plus ancienne reçue hier." in page
        assert "Demandé avant par Foucherans" in page
        assert "28 libres sur 40" in page
        assert "En prêter 28" in page
        assert "Vous en avez 40 : 12 promis à Brevans" in page
        assert page.index("Foucherans") < page.index("Jouhe")
        assert big.numero in page

    def test_batch_says_what_passed_and_what_did_not(self, tavaux, owner):
        thing = make_materiel("Balayeuse", collectivite=tavaux)
        lot = make_materiel("Chaises", collectivite=tavaux, stock=80, unite="chaises")
        first, second = ask(thing, commune("Jouhe")), ask(thing, commune("Gevry"))
        other = ask(lot, commune("Choisey"), quantite=50)
        ticked = [f"{one.numero}|{stamp(one)}" for one in (second, other, first)]
        response = send(owner, INBOX, INBOX, action="accepter", demande=ticked)
        assert response.status_code == 302
        page = text(owner.get(INBOX))
        assert "2 demandes accordées : Jouhe (Balayeuse), Choisey (50 chaises)." in page
        assert "Pas faite, Gevry (Balayeuse) : « Balayeuse » n’est pas libre" in page
        assert [fresh(one).statut for one in (first, second, other)] == ["accepte", "demande", "accepte"]

    def test_batch_refusal(self, tavaux, owner):
        thing = make_materiel("Balayeuse", collectivite=tavaux)
        wanted = [ask(thing, commune(nom)) for nom in ("Jouhe", "Gevry")]
        ticked = [f"{one.numero}|{stamp(one)}" for one in wanted]
        response = send(owner, INBOX, INBOX, action="refuser", motif="Autre", demande=ticked)
        assert response.status_code == 422
        send(owner, INBOX, INBOX, action="refuser", motif="Il est en réparation.", demande=ticked)
        assert {fresh(one).statut for one in wanted} == {StatutPret.REFUSE}

    def test_batch_of_nothing_and_of_others(self, tavaux, owner, foucherans):
        ask(make_materiel(collectivite=tavaux), foucherans)
        ask(make_materiel(collectivite=tavaux), commune("Jouhe"))
        theirs = ask(make_materiel(collectivite=foucherans), tavaux)
        for ticked in ([], [f"{theirs.numero}|{stamp(theirs)}"]):
            send(owner, INBOX, INBOX, action="accepter", demande=ticked)
            assert "Choisissez au moins une demande." in text(owner.get(INBOX))
        assert fresh(theirs).statut == StatutPret.DEMANDE

    def test_read_by_who_works_there_answered_by_gestionnaires(self, distribution, foucherans):
        ask(make_materiel(collectivite=distribution.a), foucherans)
        client = open_session(distribution.agent_a)
        page = text(client.get(INBOX))
        assert "Une demande attend votre réponse" in page
        assert "Accepter" not in page
        assert open_session(distribution.sans_poste).get(INBOX).status_code == 403

    def test_the_day_the_late_and_the_papers(self, tavaux, foucherans, owner):
        today = timezone.localdate()
        lend(make_materiel("Sono", collectivite=tavaux), foucherans)
        Pret.objects.update(date_debut=today)
        thing = make_materiel("Podium", collectivite=tavaux)
        make_late(thing, commune("Villette", telephone="0353010062"))
        Papier.objects.create(materiel=thing, type="vgp", valable_jusqu_au=today + timedelta(days=7), bloquant=True)
        page = text(owner.get(INBOX))
        assert "1</strong>remise aujourd’hui" in page
        assert "Deux jours de retard" in page
        assert "03 53 01 00 62" in page
        assert "Dans 7 jours" in page
        assert "2 prêts accordés et 0 reçus cette année" in page

    def test_the_same_number_of_queries_whatever_the_requests(self, tavaux, owner):
        thing = make_materiel(collectivite=tavaux)

        def queries() -> int:
            with CaptureQueriesContext(connection) as found:
                assert owner.get(INBOX).status_code == 200
            return len(found)

        ask(thing, commune("Jouhe"))
        ask(thing, commune("Gevry"))
        owner.get(INBOX)
        two = queries()
        for n in range(6):
            ask(make_materiel(collectivite=tavaux), commune(f"Commune {n}"))
        assert queries() == two <= 25, two

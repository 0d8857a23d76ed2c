"""Told: every line of the history once, to those whom it concerns, and to nobody else."""

import random
from types import SimpleNamespace

import pytest
from django.utils import timezone

from collectivites.diffusion import code_collectivite
from collectivites.enums import Signature
from collectivites.models import Agent, Collectivite
from extranet.lib.apports import collect
from formations.enums import PolitiqueVisa, StatutInscription, Visa
from formations.models import Inscription, Mouvement, RegleVisa
from formations.places import (
    annulation,
    dates,
    echeances,
    offres,
    remplacement,
    reserver,
    retraits,
    sessions,
    visas,
)
from formations.prevenir import annonces, annonces_session, menaces, mouvements
from formations.prevenir.mouvements import Annonceur
from formations.prevenir.sortes import ATTENTE, COMMUNE, NOUVELLE, OFFRE, ORGANISER, PLACE, SESSION, VISA
from formations.refus import InscriptionRefusee
from notifications.models import Courriel, Notification
from tests.collectivites.factories import CollectiviteFactory
from tests.distribution import Distribution
from tests.formations.annonces import quiet, tell, told, words
from tests.formations.factories import book, day, make_formation, make_session, monday, reread, worker

pytestmark = pytest.mark.django_db


@pytest.fixture
def place() -> SimpleNamespace:
    commune = CollectiviteFactory()
    return SimpleNamespace(commune=commune, boss=worker(commune, gestionnaire=True), agent=worker(commune))


def test_a_seat_is_told_to_the_person_and_to_the_mairie(place: SimpleNamespace) -> None:
    session = make_session()
    quiet()
    book(session, place.agent)
    assert tell() == 1
    assert (told(place.agent), told(place.boss)) == ([PLACE], [COMMUNE])
    assert words(place.agent).startswith("Votre place est confirmée : « Gestes et postures », lundi")
    assert tell() == 0
    assert Notification.objects.count() == 2


def test_who_acts_is_not_told(place: SimpleNamespace) -> None:
    session = make_session()
    quiet()
    reserver.reserver(session.pk, [reserver.Demande(place.agent, place.commune)], place.boss)
    tell()
    assert (told(place.agent), told(place.boss)) == ([PLACE], [])


def test_a_group_is_told_once_to_the_mairie(place: SimpleNamespace) -> None:
    session, others = make_session(), [worker(place.commune) for _ in range(3)]
    quiet()
    reserver.reserver(session.pk, [reserver.Demande(one, place.commune) for one in others], None)
    assert tell() == 3
    assert [told(one) for one in others] == [[PLACE]] * 3
    assert told(place.boss) == [COMMUNE]
    assert "Inscription de 3 agents" in words(place.boss)
    assert all(one.nom_complet in words(place.boss).replace("\xa0", " ") for one in others)


def test_a_visa_is_asked_of_those_who_may_give_it(place: SimpleNamespace) -> None:
    mayor = worker(place.commune, signataire=Signature.DE_DROIT)
    session = make_session()
    quiet()
    book(session, place.agent, visa=Visa.ATTENDU)
    tell()
    assert (told(place.agent), told(place.boss), told(mayor)) == ([PLACE], [VISA], [])
    RegleVisa.objects.create(collectivite=place.commune, politique=PolitiqueVisa.SIGNATAIRE)
    quiet()
    book(session, worker(place.commune), visa=Visa.ATTENDU)
    tell()
    assert (told(place.boss), told(mayor)) == ([COMMUNE], [VISA])


def test_what_became_false_is_not_told(place: SimpleNamespace) -> None:
    session = make_session(capacite=1)
    first = book(session, worker())
    waiting = book(session, place.agent)
    quiet()
    retraits.desister(first, None, "Malade")
    assert reread(waiting).statut == StatutInscription.CONFIRMEE
    retraits.desister(waiting, place.agent, "Plus libre")
    assert tell() == Mouvement.objects.filter(created_at__gte=first.created_at).exclude(acte="inscrite").count() - 1
    assert told(place.agent) == []
    assert "Désistement de" in words(place.boss)
    assert Notification.objects.filter(destinataire=place.boss).count() == 1


def test_a_rank_then_a_seat_offered(place: SimpleNamespace) -> None:
    session = make_session(capacite=1, on=monday(1))
    first = book(session, worker())
    quiet()
    waiting = book(session, place.agent)
    tell()
    assert "rang 1" in words(place.agent)
    retraits.desister(first, None, "Malade")
    tell()
    assert told(place.agent) == [ATTENTE, OFFRE]
    assert Courriel.objects.filter(agent=place.boss, notification__sorte=COMMUNE).count() == 1
    offres.prendre(reread(waiting), place.agent)
    tell()
    assert told(place.agent) == [ATTENTE, OFFRE]
    assert "Place acceptée par" in words(place.boss)


def test_a_replacement_tells_both(place: SimpleNamespace) -> None:
    one, colleague = book(make_session(), place.agent), worker(place.commune)
    quiet()
    remplacement.remplacer(one, colleague, place.boss, Visa.ACCORDE, "Congé")
    tell()
    assert f"{colleague.nom_complet} vous remplace" in words(place.agent)
    assert f"Vous remplacez {place.agent.nom_complet}" in words(colleague)
    assert told(place.boss) == []


def test_a_cancelled_session_is_told_at_once_to_all(place: SimpleNamespace) -> None:
    session = make_session(capacite=1)
    book(session, place.agent)
    waiting = book(session, worker())
    quiet()
    annulation.annuler(session.pk, worker(), "Formateur absent.")
    tell()
    assert (told(place.agent), told(waiting.agent), told(place.boss)) == ([SESSION], [SESSION], [SESSION])
    assert "Formateur absent." in words(place.agent)


def test_a_session_without_dates_is_dated(place: SimpleNamespace) -> None:
    session = make_session(datee=False, capacite=1)
    first, second = book(session, place.agent), book(session, worker())
    quiet()
    dates.fixer(session.pk, day(monday()), None)
    tell()
    assert (told(first.agent), told(second.agent)) == ([PLACE], [SESSION])
    dates.fixer(session.pk, day(monday(7)), None)
    quiet_before = Notification.objects.count()
    tell()
    assert Notification.objects.count() == quiet_before + 2
    assert "Nouvelles dates" in words(first.agent)


def test_whoever_came_after_a_change_is_not_told_of_it(place: SimpleNamespace) -> None:
    session = make_session(capacite=1)
    book(session, worker())
    quiet()
    dates.fixer(session.pk, day(monday(7)), None)
    sessions.modifier(session.pk, None, lieu_nom="Salle Doubs")
    book(session, place.agent)
    tell()
    assert told(place.agent) == [ATTENTE]


def test_only_what_matters_of_a_change_is_told(place: SimpleNamespace) -> None:
    session = make_session()
    book(session, place.agent)
    quiet()
    sessions.modifier(session.pk, None, capacite=20)
    tell()
    assert told(place.agent) == []
    sessions.modifier(session.pk, None, lieu_nom="Salle Doubs")
    sessions.modifier(session.pk, None, acces="Derrière la mairie")
    tell()
    assert told(place.agent) == [SESSION]
    assert "le lieu, l’accès" in words(place.agent)


def test_a_new_session_is_told_to_those_who_may_read_it(distribution: Distribution) -> None:
    elsewhere = worker(distribution.b, gestionnaire=True)
    make_session(make_formation("Pour A", diffusion=[code_collectivite(distribution.a.pk)]))
    tell()
    assert NOUVELLE in told(distribution.gestionnaire_a)
    assert NOUVELLE not in told(elsewhere)


def test_a_session_opened_before_its_sheet_is_published_is_told_then(distribution: Distribution) -> None:
    page = make_formation(publie=False)
    make_session(page)
    tell()
    assert annonces_session.tell_published() == 0
    assert NOUVELLE not in told(distribution.gestionnaire_a)
    page.save_revision().publish()
    for _ in range(2):
        annonces_session.tell_published()
        assert told(distribution.gestionnaire_a).count(NOUVELLE) == 1


def test_a_threatened_session_is_told_once(distribution: Distribution) -> None:
    session = make_session(on=monday(1), minimum=4)
    assert menaces.warn_threatened() == 1
    assert menaces.warn_threatened() == 0
    assert ORGANISER in told(distribution.responsable)
    sessions.maintenir(session.pk, None)
    assert menaces.warn_threatened() == 0


def test_a_crash_tells_nobody_twice(place: SimpleNamespace, monkeypatch: pytest.MonkeyPatch) -> None:
    session, other = make_session(), CollectiviteFactory()
    quiet()
    book(session, place.agent)
    passing = book(session, worker(other))
    real = annonces.tell_person

    def breaks(nouvelle, inscription, *args) -> int:
        result = real(nouvelle, inscription, *args)
        if inscription.agent == place.agent:
            raise RuntimeError("coupure")
        return result

    monkeypatch.setattr(annonces, "tell_person", breaks)
    annonceur = Annonceur()
    assert annonceur.tell_due() == 1
    assert (told(place.agent), told(passing.agent)) == ([], [PLACE])
    monkeypatch.setattr(annonces, "tell_person", real)
    assert annonceur.tell_due() == 0, "what has just failed is tried later"
    assert tell() == 1
    assert (told(place.agent), told(place.boss)) == ([PLACE], [COMMUNE])


def test_two_processes_share_the_lines(place: SimpleNamespace) -> None:
    session = make_session()
    quiet()
    book(session, place.agent)
    pks = list(Mouvement.objects.filter(annonce_le=None).values_list("pk", flat=True))
    assert (mouvements.tell(pks), mouvements.tell(pks)) == (1, 0)
    assert Notification.objects.count() == 2


def test_it_is_run_by_veille_and_declared() -> None:
    assert "formations-annonces" in [one.nom for one in collect("boucles")]
    assert "sessions-menacees" in [one.nom for one in collect("echeances")]
    assert {PLACE, VISA, ORGANISER} <= {one.code for one in collect("sortes")}


@pytest.mark.parametrize("seed", range(6))
def test_whatever_happens_each_line_is_told_once_to_those_who_may_see(seed: int) -> None:
    """A few dozen random acts, told at random moments: each ends told, and only to its person or their mairie."""
    rng = random.Random(seed)  # noqa: S311 - a seed that fails is played again
    communes = [CollectiviteFactory() for _ in range(3)]
    bosses = {one.pk: worker(one, gestionnaire=True) for one in communes}
    people = [worker(one) for one in communes for _ in range(4)]
    session = make_session(make_formation(), capacite=4, quota_commune=2)
    quiet()
    for _ in range(30):
        _act(rng, session.pk, people, bosses)
        if rng.random() < 0.3:
            tell()
    tell()
    assert not Mouvement.objects.filter(annonce_le=None).exists()
    before = Notification.objects.count()
    assert tell() == 0
    assert Notification.objects.count() == before
    keys = list(Notification.objects.exclude(cle="").values_list("destinataire", "cle"))
    assert len(keys) == len(set(keys))
    for line in Notification.objects.filter(objet="formations.inscription").select_related("destinataire"):
        assert Inscription.objects.visible_to(line.destinataire).filter(pk=line.objet_id).exists(), line.titre
    _last_word_is_true(session.pk)


def _act(rng: random.Random, session: int, people: list[Agent], bosses: dict[int, Agent]) -> None:
    rows = list(Inscription.objects.filter(session=session).open().select_related("agent", "collectivite"))
    free = [one for one in people if one.pk not in {row.agent_id for row in rows}]
    try:
        match rng.choice(["book", "book", "group", "leave", "visa", "refuse", "expire"]):
            case "book" if free:
                book(_session(session), rng.choice(free), visa=rng.choice([Visa.ATTENDU, Visa.NON_REQUIS]))
            case "group" if free:
                place: Collectivite = free[0].postes_en_cours[0].collectivite
                team = [one for one in free if one.postes_en_cours[0].collectivite == place]
                reserver.reserver(session, [reserver.Demande(one, place) for one in team], bosses[place.pk])
            case "leave" if rows:
                one = rng.choice(rows)
                retraits.desister(one, rng.choice([one.agent, bosses[one.collectivite_id]]), "Empêchement")
            case "visa" if rows:
                visas.accorder(rows[:2], bosses[rows[0].collectivite_id])
            case "refuse" if rows:
                visas.refuser([rng.choice(rows)], bosses[rows[0].collectivite_id], "Effectif")
            case "expire" if rows:
                echeances.expire_due(timezone.now() + timezone.timedelta(days=9))
    except InscriptionRefusee:
        pass


def _session(pk: int):
    return SimpleNamespace(pk=pk)


def _last_word_is_true(session: int) -> None:
    """Whoever has a seat and did not book it oneself has been told of a seat last."""
    for one in Inscription.objects.filter(session=session, statut__in=["tenue", "confirmee"]).select_related("agent"):
        last = Notification.objects.filter(objet_id=str(one.pk), destinataire=one.agent).latest("pk")
        assert last.sorte == PLACE

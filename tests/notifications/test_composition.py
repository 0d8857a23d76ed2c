"""What leaves is what its reader may still see at that moment."""

import pytest
from django.utils import timezone

from collectivites.models import Poste, Territoire
from extranet.lib.emails import Piece
from notifications.composition import SansObjet, compose
from notifications.envoi import notify, write_mail
from notifications.models import Courriel
from tests.collectivites.factories import AdhesionFactory
from tests.distribution import Distribution
from tests.notifications.factories import MAIL, mail_context

pytestmark = pytest.mark.django_db


def written(distribution: Distribution, **options: object) -> Courriel:
    notify([distribution.agent_a], "essai", "Aval change d’adresse", url="/annuaire/", **options)
    return Courriel.objects.select_related("agent").get()


def leave(distribution: Distribution) -> None:
    """Alain’s poste ends at once."""
    poste = Poste.objects.get(agent=distribution.agent_a)
    poste.end(timezone.localdate())


def test_the_mail_says_what_the_notification_says(distribution: Distribution):
    Territoire.objects.update_or_create(pk=Territoire.load().pk, defaults={"courriel": "equipe@essai.example"})
    message = compose(written(distribution, texte="Rue Haute.", objet=distribution.a, action="Voir la mairie"))
    assert message.subject == "Aval change d’adresse"
    assert "Rue Haute." in message.body
    assert "Voir la mairie\u00a0:\nhttp://testserver/annuaire/" in message.body
    assert message.to == [distribution.agent_a.email]
    assert message.reply_to == ["equipe@essai.example"]
    assert "List-Unsubscribe" in message.extra_headers


def test_it_says_why_one_gets_it(distribution: Distribution):
    assert (
        "Vos préférences prévoient ce message tout de suite\u00a0: «\u00a0Un essai\u00a0»."
        in compose(written(distribution)).body
    )
    Courriel.objects.all().delete()
    assert "Ce message part toujours tout de suite" in compose(written(distribution, urgente=True)).body


def test_an_urgent_mail_says_so_in_its_subject(distribution: Distribution):
    assert compose(written(distribution, urgente=True)).subject == "Urgent\u00a0: Aval change d’adresse"


@pytest.mark.parametrize("options", ["collectivite", "visible_par", "objet"])
def test_nothing_leaves_for_somebody_who_left(distribution: Distribution, options: str):
    told = {
        "collectivite": {"collectivite": distribution.a},
        "visible_par": {"visible_par": ["toutes"]},
        "objet": {"objet": distribution.a},
    }
    courriel = written(distribution, **told[options])
    leave(distribution)
    courriel = Courriel.objects.select_related("agent").get()
    with pytest.raises(SansObjet, match="ne peut plus voir"):
        compose(courriel)


def test_a_network_left_silences_its_mails(distribution: Distribution):
    adhesion = AdhesionFactory(agent=distribution.agent_a)
    courriel = written(distribution, visible_par=[f"r:{adhesion.reseau_id}"])
    adhesion.date_fin = timezone.localdate()
    adhesion.save()
    with pytest.raises(SansObjet):
        compose(courriel)


def test_nothing_leaves_for_a_closed_account(distribution: Distribution):
    courriel = written(distribution)
    courriel.agent.is_active = False
    with pytest.raises(SansObjet, match="fermé"):
        compose(courriel)


def test_the_mail_follows_a_new_address(distribution: Distribution):
    courriel = written(distribution)
    courriel.agent.email = "nouvelle@essai.example"
    assert compose(courriel).to == ["nouvelle@essai.example"]


def test_a_direct_mail_keeps_the_address_it_was_written_for(distribution: Distribution):
    contexte = mail_context("Confirmez")
    (courriel,) = write_mail(MAIL, contexte, adresse="future@essai.example", agent=distribution.agent_a, compte=True)
    leave(distribution)
    assert compose(Courriel.objects.get(pk=courriel.pk)).to == ["future@essai.example"]


def test_a_direct_mail_about_the_work_needs_a_poste(distribution: Distribution):
    contexte = mail_context("Question")
    (courriel,) = write_mail(MAIL, contexte, agent=distribution.agent_a)
    leave(distribution)
    with pytest.raises(SansObjet, match="poste"):
        compose(Courriel.objects.get(pk=courriel.pk))


def test_what_a_mail_carries_leaves_with_it_and_is_erased_with_its_words(distribution: Distribution):
    agenda = Piece("rendez-vous.ics", "text/calendar; method=REQUEST; charset=utf-8", "été".encode())
    (mail,) = write_mail(MAIL, mail_context("Bonjour"), agent=distribution.agent_a, pieces=[agenda])
    (other,) = write_mail(MAIL, mail_context("Bonjour"), agent=distribution.agent_a)
    part = compose(mail).message().get_payload()[-1]
    assert (part.get_content_type(), part.get_param("method"), part.get_filename()) == (
        "text/calendar",
        "REQUEST",
        "rendez-vous.ics",
    )
    assert part.get_payload(decode=True).decode() == "été"
    assert not compose(other).message().get_payload()[-1].get_filename()
    mail.refuse(550, "Adresse inconnue")
    assert mail.pieces.count() == 1, "an administrator may send it again"
    mail.send_again()
    mail.cancel("Annulé")
    assert mail.pieces.count() == 0


def test_a_mail_written_once_carries_its_pieces_once(distribution: Distribution):
    pieces = [Piece("lettre.pdf", "application/pdf", b"%PDF-1.7")]
    for _ in range(2):
        write_mail(MAIL, mail_context("Bonjour"), agent=distribution.agent_a, cle="essai", pieces=pieces)
    assert Courriel.objects.get().pieces.count() == 1

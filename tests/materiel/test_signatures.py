"""Signing: for whom, on what exactly, once a party, and what is kept of it."""

import hashlib
import io
from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.test import override_settings
from django.utils import timezone
from pypdf import PdfReader

from collectivites.enums import Signature as Pouvoir
from collectivites.models import EntreeJournal, Poste
from materiel.constats.passation import hand_over
from materiel.contrats.conventions import end_frame, prepare, prepare_frame
from materiel.contrats.copies import Papier, disown, recognise, sign_on_paper
from materiel.contrats.signatures import sign
from materiel.enums import Cote, ModeSignature
from materiel.models import Convention, Pret
from materiel.refus import PretRefuse
from notifications.models import Notification
from tests.materiel.contrats import give, give_roles, granted, seen, today
from tests.materiel.factories import make_materiel

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast(distribution):
    give_roles(distribution)
    return distribution


@pytest.fixture
def pret(cast):
    return granted(make_materiel(collectivite=cast.a), cast.b)


@pytest.fixture
def convention(cast, pret):
    return prepare(pret, cast.gestionnaire_a)


def fresh(convention):
    return Convention.objects.get(pk=convention.pk)


def text(file):
    with file.open("rb") as kept:
        pages = PdfReader(io.BytesIO(kept.read())).pages
    return " ".join(" ".join(page.extract_text() for page in pages).replace("\u00a0", " ").split())


def test_both_sign_and_the_thing_may_leave(cast, pret, convention):
    first = sign(convention, cast.secretaire_a, Cote.PRETEUR, lu=convention.sha256)
    assert (first.qualite, first.delegation) == ("essai secretaire", "arrêté n° 2026-31 du 3 avril 2026")
    with pytest.raises(PretRefuse, match="pas signée par Bourg"):
        hand_over(pret, cast.agent_a, seen())
    sign(convention, cast.elue_b, Cote.EMPRUNTEUR, preuve="double authentification")
    done = fresh(convention)
    assert done.signee_le
    words = text(done.signe)
    assert "par Sylvie Aval, essai secretaire" in words
    assert "Signé en ligne (double authentification)." in words
    assert done.sha256[:8] in words
    with done.file.open("rb") as kept:
        assert hashlib.sha256(kept.read()).hexdigest() == done.sha256
    hand_over(pret, cast.agent_a, seen())


def test_the_journal_holds_who_when_and_what(cast, convention):
    sign(convention, cast.elue_b, Cote.EMPRUNTEUR)
    line = EntreeJournal.objects.get(acte="convention.signee")
    assert line.agent == cast.elue_b
    assert line.collectivite == cast.b
    assert line.donnees["sha256"] == convention.sha256
    assert line.donnees["qualite"] == "essai maire"


@pytest.mark.parametrize("role", ["gestionnaire_a", "agent_a", "elue_b", "responsable", "administrateur", "sans_poste"])
def test_only_who_signs_for_a_party_signs_for_it(cast, convention, role):
    with pytest.raises(PretRefuse, match="Signer revient"):
        sign(convention, getattr(cast, role), Cote.PRETEUR)
    assert not convention.signatures.exists()


def test_whoever_left_signs_no_more(cast, convention):
    Poste.objects.filter(agent=cast.secretaire_a).update(date_fin=today() - timedelta(days=1))
    with pytest.raises(PretRefuse, match="Signer revient"):
        sign(convention, cast.secretaire_a, Cote.PRETEUR)


def test_a_party_signs_once(cast, convention):
    sign(convention, cast.elue_b, Cote.EMPRUNTEUR)
    with pytest.raises(PretRefuse, match="a déjà signé"):
        sign(convention, cast.elue_b, Cote.EMPRUNTEUR)
    assert convention.signatures.count() == 1


def test_nobody_signs_for_both(cast, convention):
    give(cast.elue_b, cast.a, signataire=Pouvoir.DE_DROIT)
    sign(convention, cast.elue_b, Cote.EMPRUNTEUR)
    with pytest.raises(PretRefuse, match="ne signe pas pour les deux"):
        sign(convention, cast.elue_b, Cote.PRETEUR)


def test_a_file_that_changed_is_not_signed(cast, convention):
    with convention.file.open("rb") as kept:
        content = kept.read()
    path = convention.file.path
    with open(path, "wb") as file:
        file.write(content + b"%")
    with pytest.raises(PretRefuse, match="n’est plus celui"):
        sign(convention, cast.elue_b, Cote.EMPRUNTEUR)
    convention.file.storage.delete(convention.file.name)
    with pytest.raises(PretRefuse, match="n’est plus celui"):
        sign(convention, cast.elue_b, Cote.EMPRUNTEUR)


def test_another_text_than_the_one_read_is_not_signed(cast, pret, convention):
    with pytest.raises(PretRefuse, match="plus le texte que vous avez lu"):
        sign(convention, cast.elue_b, Cote.EMPRUNTEUR, lu="f" * 64)
    Pret.objects.filter(pk=pret.pk).update(date_fin=pret.date_fin + timedelta(days=1))
    prepare(pret, cast.gestionnaire_a)
    with pytest.raises(PretRefuse, match="Un autre texte a remplacé"):
        sign(convention, cast.elue_b, Cote.EMPRUNTEUR)


def test_the_other_party_is_asked_then_both_are_told(cast, convention):
    sign(convention, cast.secretaire_a, Cote.PRETEUR)
    assert Notification.objects.filter(destinataire=cast.elue_b).count() == 1
    sign(convention, cast.elue_b, Cote.EMPRUNTEUR)
    told = Notification.objects.filter(cle=f"convention:{convention.pk}:signee").values_list("destinataire", flat=True)
    assert set(told) == {cast.gestionnaire_a.pk, cast.secretaire_b.pk}


def test_the_scan_of_the_paper_signs_for_whoever_had_not(cast, pret, convention):
    sign(convention, cast.secretaire_a, Cote.PRETEUR)
    scan = ContentFile(b"%PDF-1.7 scan", "signee.pdf")
    with pytest.raises(PretRefuse, match="Dites qui a signé"):
        sign_on_paper(convention, cast.gestionnaire_a, scan, "signee.pdf", [])
    sign_on_paper(
        convention,
        cast.gestionnaire_a,
        scan,
        "signee.pdf",
        [Papier(Cote.EMPRUNTEUR, "Hélène Vannier", "maire", today())],
    )
    done = fresh(convention)
    paper = done.signatures.get(cote=Cote.EMPRUNTEUR)
    assert (paper.mode, paper.nom, paper.agent) == (ModeSignature.PAPIER, "Hélène Vannier", cast.gestionnaire_a)
    assert done.signatures.get(cote=Cote.PRETEUR).mode == ModeSignature.SITE
    assert done.scan_nom == "signee.pdf"
    assert "Signature manuscrite" in text(done.signe)
    hand_over(pret, cast.agent_a, seen())
    with pytest.raises(PretRefuse, match="déjà signée par les deux"):
        sign_on_paper(done, cast.gestionnaire_a, scan, "signee.pdf", [])


PAPIERS = (Cote.PRETEUR, "Sylvie Aval", "maire"), (Cote.EMPRUNTEUR, "Hélène Vannier", "maire")


def papers(le=None):
    return [Papier(cote, nom, qualite, le or today()) for cote, nom, qualite in PAPIERS]


def filed(convention, agent, **changes):
    scan = ContentFile(b"%PDF-1.7 scan", "signee.pdf")
    return sign_on_paper(convention, agent, scan, "signee.pdf", changes.get("papiers", papers()))


def test_the_scan_of_the_lender_is_final_and_the_borrower_told(cast, pret, convention):
    done = filed(convention, cast.gestionnaire_a)
    assert done.signee_le
    assert set(fresh(convention).signatures.values_list("nom", flat=True)) == {"Sylvie Aval", "Hélène Vannier"}
    told = Notification.objects.get(cle=f"convention:{convention.pk}:signee", destinataire=cast.secretaire_b)
    assert "la copie est déposée par" in told.texte.replace("\u00a0", " ")
    hand_over(pret, cast.agent_a, seen())


def test_the_scan_of_the_borrower_awaits_the_word_of_the_lender(cast, pret, convention):
    waiting = filed(convention, cast.secretaire_b)
    assert (waiting.copie_attend, waiting.signee_le, waiting.signatures.count()) == (True, None, 0)
    assert Notification.objects.filter(destinataire=cast.gestionnaire_a, titre__startswith="Copie à reconn").exists()
    with pytest.raises(PretRefuse, match="Aval doit dire si la copie signée déposée par Bourg"):
        hand_over(pret, cast.agent_a, seen())
    with pytest.raises(PretRefuse, match="déjà déposée"):
        filed(convention, cast.secretaire_b)
    for stranger in (cast.secretaire_b, cast.elue_b, cast.agent_a, cast.responsable):
        with pytest.raises(PretRefuse, match="Reconnaître une copie"):
            recognise(convention, stranger, waiting.scan.name)
    with pytest.raises(PretRefuse, match="plus la copie que vous avez ouverte"):
        recognise(convention, cast.gestionnaire_a, "conventions/2026/une-autre.pdf")
    done = recognise(convention, cast.gestionnaire_a, waiting.scan.name)
    assert done.signee_le
    paper = fresh(convention).signatures.get(cote=Cote.PRETEUR)
    assert (paper.mode, paper.nom, paper.agent) == (ModeSignature.PAPIER, "Sylvie Aval", cast.secretaire_b)
    assert (fresh(convention).copie_attend, fresh(convention).copie_dit) == (False, [])
    assert EntreeJournal.objects.get(acte="convention.copie_reconnue").agent == cast.gestionnaire_a
    assert Notification.objects.filter(cle=f"convention:{convention.pk}:signee", destinataire=cast.secretaire_b)
    hand_over(pret, cast.agent_a, seen())
    with pytest.raises(PretRefuse, match="plus de réponse"):
        recognise(convention, cast.gestionnaire_a, waiting.scan.name)


def test_a_copy_that_is_not_theirs_is_put_back_to_be_signed(cast, pret, convention, django_capture_on_commit_callbacks):
    waiting = filed(convention, cast.secretaire_b)
    kept, name = waiting.scan.storage, waiting.scan.name
    with pytest.raises(PretRefuse, match="Dites pourquoi"):
        disown(convention, cast.gestionnaire_a, name, "  ")
    with django_capture_on_commit_callbacks(execute=True):
        back = disown(convention, cast.gestionnaire_a, name, "La page des signatures manque.")
    assert (back.copie_attend, back.scan.name, back.signatures.count()) == (False, "", 0)
    assert not kept.exists(name)
    told = Notification.objects.get(destinataire=cast.secretaire_b, titre__startswith="Copie refusée")
    assert "La page des signatures manque." in told.texte
    assert EntreeJournal.objects.get(acte="convention.copie_refusee").donnees["motif"].startswith("La page")
    with pytest.raises(PretRefuse, match="pas signée par Aval et par Bourg"):
        hand_over(pret, cast.agent_a, seen())
    assert filed(convention, cast.secretaire_b).copie_refus == ""


def test_a_copy_that_nobody_recognised_goes_once_both_have_signed_here(
    cast, convention, django_capture_on_commit_callbacks
):
    """It would be shown as « La copie papier » of the signed convention."""
    waiting = filed(convention, cast.secretaire_b)
    sign(convention, cast.secretaire_a, Cote.PRETEUR)
    assert fresh(convention).copie_attend
    with django_capture_on_commit_callbacks(execute=True):
        sign(convention, cast.elue_b, Cote.EMPRUNTEUR)
    done = fresh(convention)
    assert (done.copie_attend, done.scan.name, done.copie_par) == (False, "", None)
    assert done.signee_le
    assert not waiting.scan.storage.exists(waiting.scan.name)


def test_a_paper_is_not_signed_before_it_existed_nor_later_than_today(cast, convention):
    year = today() - timedelta(days=365)
    for day, words in (
        (year - timedelta(days=1), "n’existait pas encore"),
        (today() + timedelta(days=1), "ne peut pas être à venir"),
    ):
        with pytest.raises(PretRefuse, match=words):
            filed(convention, cast.gestionnaire_a, papiers=papers(day))
    assert filed(convention, cast.gestionnaire_a, papiers=papers(year)).signee_le


def test_nobody_else_files_a_copy(cast, convention):
    for stranger in (cast.agent_a, cast.responsable, cast.sans_poste):
        with pytest.raises(PretRefuse, match="Préparer une convention"):
            filed(convention, stranger)


def test_a_seal_that_fails_does_not_undo_the_signatures(cast, convention, tmp_path):
    broken = tmp_path / "sceau.p12"
    broken.write_bytes(b"rien")
    sign(convention, cast.secretaire_a, Cote.PRETEUR)
    with override_settings(SCEAU_CERTIFICAT=str(broken), SCEAU_MOT_DE_PASSE=""):
        sign(convention, cast.elue_b, Cote.EMPRUNTEUR)
    assert fresh(convention).signee_le
    assert "Signé le" in text(fresh(convention).signe)
    assert EntreeJournal.objects.filter(acte="convention.sans_sceau").count() == 1


def test_a_frame_is_signed_then_covers_the_next_loans_until_it_is_ended(cast, pret):
    one = prepare_frame(
        cast.gestionnaire_a, cast.a, cast.b, today(), today() + timedelta(days=364), avec_conducteur=False
    )
    with pytest.raises(PretRefuse, match="Aucune convention"):
        hand_over(pret, cast.agent_a, seen())
    sign(one, cast.secretaire_a, Cote.PRETEUR)
    sign(one, cast.elue_b, Cote.EMPRUNTEUR)
    hand_over(pret, cast.agent_a, seen())
    ended = end_frame(fresh(one), cast.gestionnaire_a, Cote.PRETEUR)
    assert timezone.localdate(ended.resiliee_le) == today()
    with pytest.raises(PretRefuse, match="résiliée"):
        sign(ended, cast.elue_b, Cote.EMPRUNTEUR)


def test_the_convention_of_a_loan_is_not_ended_by_hand(cast, convention):
    with pytest.raises(PretRefuse, match="annulez plutôt le prêt"):
        end_frame(convention, cast.gestionnaire_a, Cote.PRETEUR)

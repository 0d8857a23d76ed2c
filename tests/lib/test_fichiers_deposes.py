"""The 25 good files and the 25 bad ones, deposited from end to end: the confined process is the real one."""

import re

import pytest
from PIL import Image

from extranet.lib.extraction import Lecture
from extranet.lib.tableur import Colonne, TableurRefuse, read_rows
from extranet.lib.uploads import FichierRefuse, clean_picture
from tests.fichiers.bons import GOOD, Bon
from tests.fichiers.deposer import deposit
from tests.fichiers.documents import phone_photo
from tests.fichiers.mauvais import BAD, Mauvais, photo_with_code
from tests.lib.envois import plain, sent

APART = {8, 24, 25}


def refused(bad: Mauvais) -> str:
    with pytest.raises(FichierRefuse) as refusal:
        deposit(sent(bad.nom, bad.contenu()))
    return plain(refusal.value)


@pytest.mark.parametrize("bad", BAD, ids=lambda bad: f"{bad.numero}-{bad.phrase[:30]}")
def test_bad_file_is_refused_with_cause_and_cure(bad: Mauvais):
    sentence = refused(bad)
    assert bad.phrase in sentence
    assert re.search(r"\w{3,}ez\b", sentence), "rien à faire n’est dit"
    assert "\0" not in sentence
    assert "\u202e" not in sentence


def test_each_of_the_bad_files_has_a_sentence_of_its_own():
    said = {bad.numero: re.sub("«[^»]*»", "", refused(bad)) for bad in BAD}
    assert set(said) == set(range(1, 26)) - APART
    assert len(set(said.values())) == len(said)


def test_photo_followed_by_code_is_kept_without_it():
    """Number 8."""
    clean = clean_picture(sent("photo.png", photo_with_code())).read()
    assert not any(word in clean for word in (b"script", b"php", b"html"))


def test_cells_and_encodings_are_the_business_of_imports():
    """Numbers 24 and 25: an import says no, a deposit takes the same file."""
    columns = [Colonne("nom", "Nom", obligatoire=True)]
    formulas = b"Nom\n=1+1\n@x\n"
    assert len(read_rows(sent("a.csv", formulas), colonnes=columns).erreurs) == 2
    for content in (b"Commune\nDole\n", "Nom\nMickaël\n".encode("mac_roman"), b"Nom\n" + b"Dole\n" * 20_001):
        with pytest.raises(TableurRefuse):
            read_rows(sent("a.csv", content), colonnes=columns)
        assert deposit(sent("a.csv", content)).etat == "ok"
    assert deposit(sent("a.csv", formulas)).etat == "ok"


def test_there_are_twenty_five_good_files():
    assert len({good.nom for good in GOOD}) == 25


@pytest.mark.parametrize("good", GOOD, ids=lambda good: good.nom[:40].encode("ascii", "ignore").decode())
def test_good_file_is_accepted_and_read(good: Bon):
    result = deposit(sent(good.nom, good.contenu()))
    if not good.etat:
        assert not isinstance(result, Lecture)
        return
    assert (result.etat, result.dangers) == (good.etat, ()), result.motif
    assert [word for word in good.mots if word not in result.texte] == []
    assert not good.titre or result.titre == good.titre


def test_photo_of_a_phone_stands_up_and_forgets_where_it_was_taken():
    clean = deposit(sent("IMG_0042.JPG", phone_photo()))
    image = Image.open(clean)
    assert image.size == (600, 800)
    assert not image.getexif()


def test_reading_counts_pages_and_says_what_is_scanned():
    by_name = {good.nom: good for good in GOOD}
    for nom, pages in {"scan de la mairie.pdf": 22, "Cantine.DOCX": 2, "budget.xlsx": 2, "réunion.pptx": 2}.items():
        assert deposit(sent(nom, by_name[nom].contenu())).pages == pages
    scan = deposit(sent("scan.pdf", by_name["scan de la mairie.pdf"].contenu()))
    assert len(by_name["scan de la mairie.pdf"].contenu()) > 20 * 1024**2
    assert plain(scan.motif) == "Ce document est numérisé : son texte n’est pas cherchable."

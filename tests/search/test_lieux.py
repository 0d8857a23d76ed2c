"""Where words are found in a text of several files and parts."""

import pytest

from extranet.lib.feuillets import MARQUES
from tests.distribution import Distribution
from tests.search.ecran import FICHE, ask
from tests.search.factories import give

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("texte", "lieu"),
    [
        ("Le budget", ""),
        ("Un\x1dLe budget", "Trouvé feuille\u00a02"),
        ("Un\x1eDeux\x1eLe budget", "Trouvé diapositive\u00a03"),
        ("Un\fDeux\x1cLe budget", ""),
        ("Un\fDeux\x1cTrois\x1dLe budget\x1dQuatre", "Trouvé feuille\u00a02"),
    ],
    ids=["one part", "workbook", "slides", "another file of one part", "another file"],
)
def test_the_place_is_said_by_its_own_word_in_its_own_file(texte: str, lieu: str, distribution: Distribution):
    give("Des comptes", texte, kind=FICHE)
    (one,) = ask(distribution.agent_a, "q=budget").resultats
    assert one.ou == lieu
    assert "Le <mark>budget</mark>" in one.passage
    assert not MARQUES & set(one.passage)

"""Loading an intercommunalité: all or nothing, and again without doubles."""

from io import BytesIO, StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from collectivites.importation.refus import ImportRefuse
from collectivites.importation.territoire import import_territoire, split_nom
from collectivites.listes import DATA
from collectivites.models import Collectivite, EntreeJournal, Territoire
from extranet.lib.noms import place_sort_key
from extranet.lib.tableur import TableurRefuse
from tests.collectivites.factories import CollectiviteFactory

pytestmark = pytest.mark.django_db

DOLE, CHARTRES = "200010650", "200033181"
HEADER = "epci_siren,epci_nom,insee,nom,population,code_postal,latitude,longitude,siren,population_totale"
TAVAUX = "200010650,CA du Grand Dole,39526,Tavaux,3888,39500,47.03759,5.40290,213905268,3939"
FOUCHERANS = "200010650,CA du Grand Dole,39233,Foucherans,2284,39100,47.08560,5.44447,213902331,2322"


def load(*lines: str, siren: str = DOLE, encoding: str = "utf-8") -> object:
    return import_territoire(BytesIO("\n".join([HEADER, *lines]).encode(encoding)), siren, 2026)


def load_file(siren: str = DOLE) -> object:
    return import_territoire(BytesIO((DATA / "communes.csv").read_bytes()), siren, 2026)


@pytest.mark.parametrize(
    ("siren", "communes", "municipale", "totale", "nom", "de_nom", "designation"),
    [
        (DOLE, 47, 54_685, 56_322, "Grand Dole", "du Grand Dole", "la communauté d’agglomération du Grand Dole"),
        (
            CHARTRES,
            66,
            137_384,
            140_292,
            "Chartres Métropole",
            "de Chartres Métropole",
            "la communauté d’agglomération Chartres Métropole",
        ),
        (
            "242600252",
            29,
            31_268,
            31_699,
            "Val de Drôme en Biovallée",
            "du Val de Drôme en Biovallée",
            "la communauté de communes du Val de Drôme en Biovallée",
        ),
        ("244400404", 24, 689_456, 695_303, "Nantes Métropole", "de Nantes Métropole", "Nantes Métropole"),
    ],
)
def test_the_four_intercommunalites(
    siren: str, communes: int, municipale: int, totale: int, nom: str, de_nom: str, designation: str
) -> None:
    bilan = load_file(siren)
    territoire = Territoire.load()
    assert len(bilan.ajoutees) == communes == Collectivite.objects.communes().count()
    assert (bilan.epci.nom, bilan.epci.de_nom) == (nom, de_nom)
    assert (bilan.epci.population_municipale, bilan.epci.population_totale) == (municipale, totale)
    assert (territoire.epci, territoire.nom, territoire.designation) == (bilan.epci, nom, designation)
    one = Collectivite.objects.communes().first()
    assert (one.rattachement, one.population_annee) == (bilan.epci, 2026)
    assert None not in (one.siren, one.latitude, one.population_totale)


def test_again_changes_nothing() -> None:
    load_file()
    before = list(Collectivite.objects.order_by("pk").values())
    bilan = load_file()
    assert (bilan.ajoutees, bilan.mises_a_jour, bilan.inchangees) == ([], [], 47)
    assert list(Collectivite.objects.order_by("pk").values()) == before


def test_facts_are_rewritten_and_corrections_kept() -> None:
    load(TAVAUX, FOUCHERANS)
    Collectivite.objects.filter(insee="39526").update(
        latitude=47.04, longitude=5.41, code_postal="39501", telephone="03 53 01 00 40", population_totale=1
    )
    Collectivite.objects.filter(siren=DOLE).update(nom="Grand Dole agglo")
    bilan = load(TAVAUX.replace("Tavaux", "Tavaux-la-Neuve"), FOUCHERANS)
    tavaux = Collectivite.objects.get(insee="39526")
    assert bilan.mises_a_jour == ["Tavaux"]
    assert (tavaux.nom, tavaux.population_totale) == ("Tavaux-la-Neuve", 3939)
    assert (tavaux.latitude, tavaux.code_postal, tavaux.telephone) == (47.04, "39501", "03 53 01 00 40")
    assert (tavaux.slug, bilan.epci.nom) == ("tavaux", "Grand Dole agglo")


def test_a_commune_that_the_file_no_longer_names_is_told_and_left() -> None:
    load(TAVAUX, FOUCHERANS)
    assert load(TAVAUX).absentes == ["Foucherans"]
    assert Collectivite.objects.communes().count() == 2


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (TAVAUX.replace("3888", "3 888 hab"), "n’est pas un nombre d’habitants"),
        (TAVAUX.replace("3888", "-5"), "n’est pas un nombre d’habitants"),
        (TAVAUX.replace("3888", "３８８８"), "n’est pas un nombre d’habitants"),
        (TAVAUX.replace("213905268", "213905269"), "n’est pas un SIREN"),
        (TAVAUX.replace("213905268", "21390526"), "n’est pas un SIREN"),
        (TAVAUX.replace("39526", "3952"), "n’est pas un code INSEE"),
        (TAVAUX.replace("Tavaux", ""), "est vide"),
        (TAVAUX.replace("Tavaux", "=HYPERLINK(1)"), "commence par"),
        (TAVAUX.replace("47.03759", "nord"), "n’est pas un nombre de degrés"),
        (TAVAUX.replace("47.03759", ""), "vont ensemble"),
        (TAVAUX.replace("47.03759", "100"), "ne dépasse pas 90 degrés"),
        (FOUCHERANS, "est déjà à la ligne 2"),
        (TAVAUX.replace("200010650", "200010651"), "n’est pas un SIREN"),
    ],
)
def test_one_bad_line_writes_nothing_and_is_named(line: str, words: str) -> None:
    with pytest.raises(ImportRefuse) as refusal:
        load(FOUCHERANS, line)
    assert {erreur.numero for erreur in refusal.value.erreurs} == {3}
    assert words in str(refusal.value.erreurs[0])
    assert "1 ligne est à corriger sur 2" in str(refusal.value)
    assert not Collectivite.objects.exists()


def test_a_bad_line_of_another_intercommunalite_stops_too() -> None:
    """A slip in the SIREN of the EPCI would lose its commune in silence."""
    with pytest.raises(ImportRefuse):
        load(FOUCHERANS, TAVAUX.replace("200010650", "200033181").replace("3888", "x"))


def test_an_unknown_intercommunalite_names_those_of_the_file() -> None:
    with pytest.raises(ImportRefuse, match=r"Il contient\s: CA du Grand Dole \(200010650\)"):
        load(TAVAUX, siren=CHARTRES)


def test_one_installation_serves_one_intercommunalite() -> None:
    load_file()
    with pytest.raises(ImportRefuse, match="sert déjà Grand Dole"):
        load_file(CHARTRES)
    assert Collectivite.objects.communes().count() == 47


def test_the_intercommunalite_may_have_been_written_by_hand() -> None:
    """Without SIREN it is that one; with another, it is another."""
    by_hand = CollectiviteFactory(epci=True, siren=None)
    load(FOUCHERANS)
    by_hand.refresh_from_db()
    assert (by_hand.siren, by_hand.nom) == (DOLE, "Grand Val")
    assert Territoire.load().epci == by_hand


def test_another_one_written_by_hand_is_in_the_way() -> None:
    CollectiviteFactory(epci=True, siren=CHARTRES)
    with pytest.raises(ImportRefuse, match="sert déjà Grand Val"):
        load(FOUCHERANS)


@pytest.mark.parametrize("content", [b"", b"\n\n", b"PK\x03\x04rien", b"\x00\x01", b"a,b\n1,2"])
def test_what_is_no_table(content: bytes) -> None:
    with pytest.raises(TableurRefuse):
        import_territoire(BytesIO(content), DOLE, 2026)


def test_windows_1252_and_semicolons() -> None:
    eclans = "200010650;CA du Grand Dole;39205;Éclans-Nenon;371;39700;47,10385;5,61224;213902059;377"
    content = "\n".join([HEADER.replace(",", ";"), eclans]).encode("cp1252")
    import_territoire(BytesIO(content), DOLE, 2026)
    found = Collectivite.objects.get(insee="39205")
    assert (found.nom, found.slug, found.latitude) == ("Éclans-Nenon", "eclans-nenon", 47.10385)


def test_the_command(tmp_path: Path) -> None:
    out, err = StringIO(), StringIO()
    call_command("importer_collectivites", epci=DOLE, stdout=out)
    assert "47 commune(s) ajoutée(s)" in out.getvalue()
    bad = tmp_path / "mauvais.csv"
    bad.write_text(f"{HEADER}\n{TAVAUX.replace('3888', 'x')}", encoding="utf-8")
    with pytest.raises(CommandError, match="1 ligne est à corriger"):
        call_command("importer_collectivites", str(bad), epci=DOLE, stderr=err)
    assert "Ligne 2" in err.getvalue()
    with pytest.raises(CommandError, match="ne s’ouvre pas"):
        call_command("importer_collectivites", str(tmp_path / "rien.csv"), epci=DOLE)
    with pytest.raises(CommandError, match="1789"):
        call_command("importer_collectivites", epci=DOLE, millesime=1789)


def test_it_is_written_in_the_journal() -> None:
    load(TAVAUX)
    entry = EntreeJournal.objects.get(acte="territoire.importe")
    assert entry.donnees == {"ajoutees": 1, "mises_a_jour": 0, "millesime": 2026}


def test_names_of_the_166_communes_in_a_sentence() -> None:
    """Every way a name of the file goes after « de » and « à », the usual ones aside (looked at one by one)."""
    unusual = {}
    for siren in (DOLE, CHARTRES, "242600252", "244400404"):
        Territoire.objects.all().delete()
        Collectivite.objects.filter(rattachement__isnull=False).delete()
        Collectivite.objects.all().delete()
        load_file(siren)
        for one in Collectivite.objects.communes():
            if one.de_nom != f"de {one.nom}" or one.a_nom != f"à {one.nom}":
                unusual[one.nom] = (one.de_nom, one.a_nom)
    elided = [nom for nom, (de, _) in unusual.items() if de == f"d’{nom}"]
    assert {nom: words for nom, words in unusual.items() if nom not in elided} == {
        "Le Deschaux": ("du Deschaux", "au Deschaux"),
        "Le Coudray": ("du Coudray", "au Coudray"),
        "Le Poët-Célard": ("du Poët-Célard", "au Poët-Célard"),
        "Le Pellerin": ("du Pellerin", "au Pellerin"),
        "Les Sorinières": ("des Sorinières", "aux Sorinières"),
    }
    assert sorted(elided, key=place_sort_key) == ELIDED


ELIDED = [
    *("Abergement-la-Ronce", "Allex", "Allonnes", "Amange", "Ambonil", "Amilly", "Archelange", "Audelange", "Aumur"),
    *("Authume", "Autichamp", "Auxange", "Éclans-Nenon", "Ermenonville-la-Grande", "Eurre", "Eygluy-Escoulin"),
    *("Houville-la-Branche", "Houx", "Indre", "Oinville-sous-Auneau", "Ollé", "Omblèze", "Orvault", "Umpeau"),
]


def test_names_of_intercommunalites() -> None:
    assert split_nom("CC des Lacs")[:2] == ("Lacs", "les")
    assert split_nom("CC de la Plaine")[:2] == ("Plaine", "la")
    assert split_nom("CC de l’Ouest")[:2] == ("Ouest", "l")
    assert split_nom("CC d’Arbois")[2] == "la communauté de communes d’Arbois"

"""The week of a poste, opening hours, and the small map."""

from datetime import date, time

import pytest

from annuaire.consulter import carte, semaine
from collectivites.enums import TypeCollectivite
from collectivites.models import Collectivite, PlageOuverture, Presence
from extranet.lib.demi_journees import Jour, Moment, Semaine

MATIN, APRES_MIDI = Moment.MATIN, Moment.APRES_MIDI


def plain(text: str) -> str:
    return text.replace("\u00a0", " ")


def presence(jour: int, moment: str, semaine: str = Semaine.TOUTES, hours: tuple | None = None) -> Presence:
    debut, fin = hours or (None, None)
    return Presence(jour=jour, moment=moment, semaine=semaine, heure_debut=debut, heure_fin=fin)


def test_the_week_shows_working_days_and_the_others_when_worked() -> None:
    assert [day["nom"] for day in semaine.week_of([])] == ["Lundi", "Mardi", "Mercredi", "Jeudi", "Vendredi"]
    days = semaine.week_of([presence(Jour.SAMEDI, MATIN)])
    assert days[-1] == {"nom": "Samedi", "matin": "matin", "apres_midi": ""}


def test_even_and_odd_weeks_are_told_and_both_are_every_week() -> None:
    days = semaine.week_of(
        [
            presence(Jour.LUNDI, MATIN, Semaine.PAIRES),
            presence(Jour.MARDI, MATIN, Semaine.PAIRES),
            presence(Jour.MARDI, MATIN, Semaine.IMPAIRES),
        ]
    )
    assert [day["matin"] for day in days[:2]] == ["paires", "matin"]


def test_what_even_means_this_week() -> None:
    even = [presence(Jour.LUNDI, MATIN, Semaine.PAIRES)]
    assert plain(semaine.parity_note(even, date(2026, 10, 15))) == "Cette semaine, n° 42, est paire."
    assert plain(semaine.parity_note(even, date(2026, 12, 31))) == "Cette semaine, n° 53, est impaire."
    assert semaine.parity_note([presence(Jour.LUNDI, MATIN)], date(2026, 10, 15)) == ""


def test_days_with_the_same_hours_are_told_together() -> None:
    day = [(MATIN, (time(8, 30), time(12))), (APRES_MIDI, (time(13, 30), time(17)))]
    rows = [presence(jour, m, hours=h) for jour in (1, 2, 4) for m, h in day]
    rows += [presence(Jour.VENDREDI, MATIN, hours=(time(9), time(12))), presence(Jour.SAMEDI, MATIN)]
    assert [plain(note) for note in semaine.hours_note(rows)] == [
        "Lundi, mardi et jeudi : 8 h 30 à 12 h, 13 h 30 à 17 h",
        "Vendredi : 9 h à 12 h",
    ]


def test_opening_hours_say_the_closed_days_and_today() -> None:
    rows = [PlageOuverture(jour=Jour.LUNDI, ouverture=time(9), fermeture=time(12))]
    days = semaine.opening_days(rows, date(2026, 10, 8))
    assert [day["nom"] for day in days][-1] == "Samedi"
    assert [day["nom"] for day in days if day["aujourdhui"]] == ["Jeudi"]
    assert [plain(p) for p in days[0]["plages"]] == ["9 h à 12 h"]
    assert days[1]["plages"] == []
    sunday = PlageOuverture(jour=Jour.DIMANCHE, ouverture=time(9), fermeture=time(10))
    assert len(semaine.opening_days([*rows, sunday], date(2026, 10, 8))) == 7


def place(
    pk: int, nom: str, latitude: float | None, longitude: float | None = 5.4, kind: str = "commune"
) -> Collectivite:
    return Collectivite(pk=pk, nom=nom, slug=f"p{pk}", latitude=latitude, longitude=longitude, type=kind)


TAVAUX, FOUCHERANS = place(1, "Tavaux", 47.03759, 5.40290), place(2, "Foucherans", 47.08560, 5.44447)
OTHERS = [TAVAUX, FOUCHERANS, place(3, "Damparis", 47.07061, 5.40825), place(4, "Pointre", 47.22208, 5.49015)]


def test_the_map() -> None:
    drawn = carte.draw(TAVAUX, FOUCHERANS, OTHERS)
    assert plain(drawn.legende) == "Position de Tavaux, à 6 km de Foucherans"
    assert [(one.nom, km) for one, km in drawn.voisines] == [("Damparis", 4), ("Foucherans", 6), ("Pointre", 22)]
    assert len(drawn.points) == 2
    assert drawn.ici.y > drawn.vous.y, "the north is at the top"
    assert drawn.ici.x < drawn.vous.x, "the east is at the right"
    for point in (*drawn.points, drawn.ici, drawn.vous):
        assert 0 <= point.x <= drawn.largeur
        assert 0 <= point.y <= drawn.hauteur


@pytest.mark.parametrize(
    ("own", "words"),
    [
        (None, "Position de Tavaux parmi les communes du territoire"),
        (TAVAUX, "Position de Tavaux parmi les communes du territoire"),
        (place(9, "Sans lieu", None, None), "Position de Tavaux parmi les communes du territoire"),
    ],
)
def test_the_map_without_oneself(own: Collectivite | None, words: str) -> None:
    drawn = carte.draw(TAVAUX, own, OTHERS)
    assert (drawn.vous, drawn.km, drawn.legende) == (None, None, words)


def test_no_position_no_map() -> None:
    assert carte.draw(place(9, "Sans lieu", None, None), FOUCHERANS, OTHERS) is None


def test_a_commune_alone_or_two_at_the_same_place() -> None:
    for others in ([TAVAUX], [TAVAUX, place(5, "Jumelle", 47.03759, 5.40290)]):
        drawn = carte.draw(TAVAUX, None, others)
        assert 0 <= drawn.ici.x <= drawn.largeur
        assert 0 <= drawn.ici.y <= drawn.hauteur


def test_only_communes_are_neighbours() -> None:
    epci = place(6, "Grand Dole", 47.04, 5.40, TypeCollectivite.EPCI)
    assert epci not in [one for one, _ in carte.draw(TAVAUX, None, [*OTHERS, epci]).voisines]

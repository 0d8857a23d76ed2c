import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar, Event

from extranet.lib.demi_journees import DemiJournee, Moment
from extranet.lib.ical import PARIS, Contact, Evenement, bounds, calendar

HIER = datetime.datetime(2026, 10, 3, 8, 40, tzinfo=datetime.UTC)
FOIRE = Evenement(
    uid="pret-2026-107@extranet.example",
    titre="Barnum 5 × 8 m, prêté à Foucherans",
    debut=datetime.date(2026, 10, 16),
    fin=datetime.date(2026, 10, 19),
    lieu="Centre technique de Tavaux, rue des Vernes",
    description="Remise à 7 h 45.\r\nMickaël Prost ; 06 39 98 01 31",
    url="https://extranet.example/materiel/prets/107/",
    sequence=2,
    modifie_le=HIER,
)


def changed(**changes) -> Evenement:
    return Evenement(**(FOIRE.__dict__ | changes))


def event_of(evenement: Evenement) -> Event:
    (event,) = Calendar.from_ical(calendar("Prêts", [evenement])).walk("VEVENT")
    return event


def paris(year: int, month: int, day: int, hour: int = 0, minute: int = 0) -> datetime.datetime:
    return datetime.datetime(year, month, day, hour, minute, tzinfo=PARIS)


def half_day(year: int, month: int, day: int, moment: Moment) -> DemiJournee:
    return DemiJournee(datetime.date(year, month, day), moment)


def test_calendar_says_its_name_and_when_to_come_back():
    text = calendar("Matériel de Foucherans", []).decode()
    for line in (
        "VERSION:2.0",
        "METHOD:PUBLISH",
        "X-WR-CALNAME:Matériel de Foucherans",
        "NAME:Matériel de Foucherans",
        "X-WR-TIMEZONE:Europe/Paris",
        "REFRESH-INTERVAL;VALUE=DURATION:PT1H",
        "X-PUBLISHED-TTL:PT1H",
    ):
        assert f"\r\n{line}\r\n" in text
    assert text.startswith("BEGIN:VCALENDAR\r\n")


def test_another_method_may_be_asked():
    assert b"METHOD:REQUEST\r\n" in calendar("Prêts", [FOIRE], methode="REQUEST")


def test_event_keeps_its_words_and_its_identity():
    event = event_of(FOIRE)
    assert event["uid"] == "pret-2026-107@extranet.example"
    assert event["summary"] == "Barnum 5 × 8 m, prêté à Foucherans"
    assert event["location"] == "Centre technique de Tavaux, rue des Vernes"
    assert event["description"] == "Remise à 7 h 45.\nMickaël Prost ; 06 39 98 01 31"
    assert event["url"] == "https://extranet.example/materiel/prets/107/"
    assert (event["sequence"], event["status"]) == (2, "CONFIRMED")
    assert event["dtstamp"].dt == event["last-modified"].dt == HIER


def test_whole_days_end_the_day_after_for_the_standard():
    text = calendar("Prêts", [FOIRE]).decode()
    assert "DTSTART;VALUE=DATE:20261016\r\n" in text
    assert "DTEND;VALUE=DATE:20261020\r\n" in text


def test_one_day_is_a_day():
    event = event_of(changed(fin=FOIRE.debut))
    assert event["dtend"].dt - event["dtstart"].dt == datetime.timedelta(days=1)


def test_what_is_cancelled_says_so_twice():
    event = event_of(changed(annule=True, sequence=3))
    assert event["status"] == "CANCELLED"
    assert event["summary"] == "Annulé\u00a0: Barnum 5 × 8 m, prêté à Foucherans"


@pytest.mark.parametrize(
    ("start", "end", "in_utc"),
    [
        (paris(2026, 10, 24, 8), paris(2026, 10, 25, 12), ("20261024T060000Z", "20261025T110000Z")),
        (paris(2027, 3, 27, 13, 30), paris(2027, 3, 28, 17, 30), ("20270327T123000Z", "20270328T153000Z")),
        (paris(2026, 12, 31, 8), paris(2027, 1, 1, 12), ("20261231T070000Z", "20270101T110000Z")),
    ],
)
def test_hours_are_right_through_a_change_of_hour(start: datetime.datetime, end: datetime.datetime, in_utc: tuple):
    text = calendar("Prêts", [changed(debut=start, fin=end)]).decode()
    assert f"DTSTART:{in_utc[0]}\r\n" in text
    assert f"DTEND:{in_utc[1]}\r\n" in text
    event = event_of(changed(debut=start, fin=end))
    assert event["dtstart"].dt.astimezone(PARIS).replace(tzinfo=PARIS) == start


def test_whole_half_days_are_days():
    debut, fin = half_day(2026, 10, 16, Moment.MATIN), half_day(2026, 10, 19, Moment.APRES_MIDI)
    assert bounds(debut, fin) == (datetime.date(2026, 10, 16), datetime.date(2026, 10, 19))


def test_half_days_have_the_hours_of_the_town_hall():
    debut, fin = half_day(2026, 10, 24, Moment.APRES_MIDI), half_day(2026, 10, 26, Moment.MATIN)
    assert bounds(debut, fin) == (paris(2026, 10, 24, 13, 30), paris(2026, 10, 26, 12))
    # The hour changed in between: two hours ahead of UTC, then one.
    assert [bound.utcoffset().seconds // 3600 for bound in bounds(debut, fin)] == [2, 1]
    assert bounds(debut, debut) == (paris(2026, 10, 24, 13, 30), paris(2026, 10, 24, 17, 30))


def test_same_events_give_the_same_bytes():
    assert calendar("Prêts", [FOIRE]) == calendar("Prêts", [FOIRE])


def test_without_a_date_of_change_the_stamp_is_now():
    before = datetime.datetime.now(datetime.UTC).replace(microsecond=0)
    event = event_of(changed(modifie_le=None))
    assert event["dtstamp"].dt >= before
    assert "last-modified" not in event


@pytest.mark.parametrize(
    "changes",
    [
        {"uid": ""},
        {"fin": datetime.date(2026, 10, 15)},
        {"fin": HIER},
        {"debut": datetime.datetime(2026, 10, 16, 8), "fin": datetime.datetime(2026, 10, 16, 12)},  # noqa: DTZ001
    ],
)
def test_an_event_that_makes_no_sense_is_refused(changes: dict):
    with pytest.raises(ValueError, match=r"\."):
        changed(**changes)


def test_a_text_cannot_end_the_event():
    text = calendar("Prêts", [changed(titre="Barnum\r\nEND:VEVENT\rATTENDEE:x\0\u2028y", description="a,b;c\\n")])
    assert text.count(b"\r\nEND:VEVENT") == 1
    assert b"\r\nATTENDEE" not in text
    assert b"\0" not in text
    assert event_of(changed(description="a,b;c\\n"))["description"] == "a,b;c\\n"


@given(st.text(st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"]), min_size=1, max_size=200))
def test_any_title_comes_back_from_lines_of_75_bytes(title: str):
    text = calendar(title, [changed(titre=title)])
    assert max(len(line) for line in text.split(b"\r\n")) <= 75
    assert event_of(changed(titre=title))["summary"] == title


def test_several_days_keep_one_identity_and_their_hours_through_a_change_of_hour():
    """On Friday, Monday after the clocks go back, then Tuesday morning only."""
    days = tuple((paris(2026, 10, day, 9), paris(2026, 10, day, end)) for day, end in ((26, 16), (27, 12)))
    training = changed(debut=paris(2026, 10, 23, 9), fin=paris(2026, 10, 23, 16), ensuite=days)
    main, *others = Calendar.from_ical(calendar("Formation", [training])).walk("vevent")
    assert (main["rrule"]["freq"], main["rrule"]["count"]) == (["DAILY"], [5])
    assert [one.dt.day for one in main["exdate"].dts] == [24, 25]
    assert [one["uid"] for one in others] == [training.uid] * 2
    assert [one["recurrence-id"].dt.day for one in others] == [26, 27]
    assert [one["dtstart"].dt.astimezone(PARIS).hour for one in others] == [9, 9]
    assert others[1]["dtend"].dt.astimezone(PARIS).hour == 12
    assert "rrule" not in others[0]
    same = changed(
        debut=paris(2026, 10, 12, 9),
        fin=paris(2026, 10, 12, 16),
        ensuite=((paris(2026, 10, 13, 9), paris(2026, 10, 13, 16)),),
    )
    assert len(Calendar.from_ical(calendar("Formation", [same])).walk("vevent")) == 1


def test_people_are_named_and_their_names_add_no_line():
    who = Contact('Odile "la" Vuillermet\r\nATTENDEE:mailto:autre@essai.example', "odile@essai.example")
    text = calendar("Formation", [changed(organisateur=who, participant=who, occupe=True)], methode="REQUEST")
    event = Calendar.from_ical(text).walk("vevent")[0]
    assert event["organizer"] == event["attendee"] == "mailto:odile@essai.example"
    assert (event["transp"], text.count(b"\r\nATTENDEE")) == ("OPAQUE", 1)
    assert "organizer" not in event_of(changed())

from __future__ import annotations

import pytest

from importers.captures.windows._dates import MachineDates, file_time, month_first

US, BRITISH, GERMAN, SWEDISH = "M/d/yyyy", "dd/MM/yyyy", "dd.MM.yyyy", "yyyy-MM-dd"


@pytest.mark.parametrize("pattern", [US, BRITISH, GERMAN, SWEDISH, ""])
@pytest.mark.parametrize("said", ["20230405", "2023-04-05", "2023/04/05", "05.04.2023", "5.4.2023", "2023.04.05."])
def test_what_can_be_one_day_only_is_that_day_in_every_culture(said: str, pattern: str) -> None:
    assert MachineDates(0, pattern).day(said) == "2023-04-05"


@pytest.mark.parametrize(
    ("said", "pattern", "day"),
    [
        ("4/5/2023", US, "2023-04-05"),
        ("4/5/2023", BRITISH, "2023-05-04"),
        ("4/5/2023", "", ""),
        ("4/5/2023", SWEDISH, ""),  # nobody there writes so
        ("4/25/2023", "", "2023-04-25"),
        ("25/4/2023", US, "2023-04-25"),
        ("5/5/2023", "", "2023-05-05"),
        ("04-05-2023", "d-M-yyyy", "2023-05-04"),
        ("4/5/23", US, ""),
        ("25.13.2023", GERMAN, ""),
        ("20231305", US, ""),
        ("00000000", US, ""),
        ("4/5/2566", US, ""),  # a year of another calendar
        ("Wed Apr  5 10:15:00 2023", US, ""),
        ("", US, ""),
        ("4/5.2023", US, ""),
    ],
)
def test_what_can_be_two_days_is_left_out_without_a_culture(said: str, pattern: str, day: str) -> None:
    assert MachineDates(0, pattern).day(said) == day


@pytest.mark.parametrize(
    "said",
    [
        "2023-04-05T08:15:00.0000000Z",
        "2023-04-05T10:15:00.0000000+02:00",
        "/Date(1680682500000)/",
        "/Date(1680682500000+0200)/",
        "20230405101500.000000+120",
        "20230405081500.000000+000",
    ],
)
def test_every_form_of_a_time_is_the_machine_s_own_time(said: str) -> None:
    assert MachineDates(120, US).local({"at": said}, "at") == "2023-04-05 10:15:00"
    assert MachineDates(-60, US).local({"at": said}, "at") == "2023-04-05 07:15:00"


@pytest.mark.parametrize(
    "said",
    [
        "16010101000000.000000+000",
        "/Date(-62135596800000)/",
        "soon",
        "99999999999999.000000+000",
        "2023-13-05T08:15:00Z",
        "/Date(999999999999999)/",
        "",
        None,
        5,
    ],
)
def test_what_is_no_time_is_none(said: object) -> None:
    assert MachineDates(0, US).local({"at": said}, "at") == ""


def test_times_of_the_registry() -> None:
    assert MachineDates(60, US).of_seconds(1700035950) == "2023-11-15 09:12:30"
    assert MachineDates(0, US).of_seconds(None) == ""
    ticks = file_time({"High": 31_068_000, "Low": 0xFFFFFFFF}, "High", "Low")
    assert MachineDates(0, US).of_ticks(ticks)[:4] == "2023"
    assert MachineDates(0, US).of_ticks(file_time({"High": 1}, "High", "Low")) == ""


def test_dates_of_updates_are_month_first_whatever_the_culture() -> None:
    assert month_first("4/5/2023") == "2023-04-05"

from __future__ import annotations

from importers.captures.capture import Capture, CaptureSection
from importers.captures.subject import Subject, combined, read
from importers.captures.windows._rows import rows
from importers.discovery.collector import Content, Section

SECTIONS = (Section("softwares"), Section("user_softwares", "other people's software"))


def _parse(capture: Capture) -> Content:
    found = [{"name": str(one["DisplayName"])} for one in rows(capture, "machine")]
    return {"softwares": found} if found else {}


SUBJECT = Subject("software", _parse, ("machine", "people"), SECTIONS)


def _capture(**sections: CaptureSection) -> Capture:
    return Capture("windows", "2026-11-30T17:26:22Z", sections)


def _seen(content: str = "", elevate: str = "", outcome: str = "collected") -> CaptureSection:
    return CaptureSection(outcome, 0.5, (elevate,) if elevate else (), content)


def test_a_subject_whose_sections_were_seen_is_complete() -> None:
    outcome, content = read(SUBJECT, _capture(machine=_seen('[{"DisplayName":"7-Zip"}]'), people=_seen("[]")))
    assert content == {"softwares": [{"name": "7-Zip"}]}
    assert (outcome.state, outcome.seconds) == ("collected", 1.0)
    assert outcome.complete == ("softwares", "user_softwares")


def test_what_an_administrator_would_get_makes_its_own_section_incomplete() -> None:
    people = _seen("[]", "other people's software")
    outcome, _ = read(SUBJECT, _capture(machine=_seen('[{"DisplayName":"7-Zip"}]'), people=people))
    assert outcome.elevate == ("other people's software",)
    assert (outcome.complete, outcome.incomplete) == (("softwares",), ("user_softwares",))


def test_what_was_not_seen_is_not_gone() -> None:
    machine = _seen('{"DisplayName":"7-Zip"}')
    timed_out, refused = _seen(outcome="timed out"), _seen(outcome="not permitted")
    for sections in ({"machine": machine}, {"machine": machine, "people": timed_out},
                     {"machine": machine, "people": refused}):  # fmt: skip
        outcome, content = read(SUBJECT, _capture(**sections))
        assert content == {"softwares": [{"name": "7-Zip"}]}
        assert (outcome.complete, outcome.incomplete) == ((), ("softwares", "user_softwares"))


def test_a_subject_without_content_has_the_state_of_its_sections() -> None:
    for one, other, state in (
        ("absent", "absent", "absent"),
        ("absent", "not permitted", "not permitted"),
        ("timed out", "not permitted", "timed out"),
    ):
        outcome, _ = read(SUBJECT, _capture(machine=_seen(outcome=one), people=_seen(outcome=other)))
        assert outcome.state == state


def test_an_answer_that_is_no_json_costs_its_subject_only() -> None:
    other = Subject("memory", lambda capture: {"memories": rows(capture, "memory")}, ("memory",))
    capture = _capture(machine=_seen('[{"DisplayName":'), memory=_seen('[{"Capacity":1}]'))
    content = combined((SUBJECT, other), capture)
    assert content["memories"] == [{"Capacity": 1}]
    failed, collected = content["terrier"]["collectors"]
    assert (failed["state"], failed["incomplete"]) == ("failed", ["softwares", "user_softwares"])
    assert "not valid JSON (line 1, column 17)" in failed["note"]
    assert collected["state"] == "collected"


def test_a_defect_of_a_parser_costs_its_subject_only() -> None:
    outcome, content = read(SUBJECT, _capture(machine=_seen("[{}]"), people=_seen()))
    assert (outcome.state, content) == ("failed", {})
    assert str(outcome.note) == "KeyError: 'DisplayName'"


def test_powershell_writes_lists_in_three_ways() -> None:
    for content in ('[{"a":1}]', '{"a":1}', '{"value":[{"a":1}],"Count":1}'):
        assert rows(_capture(one=_seen(content)), "one") == [{"a": 1}]
    for content in ("", "null", "[]", '"text"', "5", "[1]"):
        assert rows(_capture(one=_seen(content)), "one") == []

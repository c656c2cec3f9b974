from __future__ import annotations

import codecs

import pytest

from cmdb.model.errors import FileProblem
from importers.captures.capture import Capture, CaptureSection, decoded, parse, recognises, write

HEAD = "#terrier-capture 1 windows 2026-11-30T17:26:22Z"
TEXT = f"""{HEAD}
#section memory collected 0.21
[{{"Capacity":8589934592}}]
#section bitlocker not-permitted 0.05 disk encryption in detail; keys
#section note absent 0
 # a comment
second line
#end
"""


def test_sections_have_outcome_duration_words_and_content() -> None:
    found = parse(TEXT)
    assert (found.platform, found.taken_at) == ("windows", "2026-11-30T17:26:22Z")
    assert found.sections["memory"] == CaptureSection("collected", 0.21, (), '[{"Capacity":8589934592}]')
    assert found.sections["bitlocker"] == CaptureSection(
        "not permitted", 0.05, ("disk encryption in detail", "keys"), ""
    )
    assert found.content("note") == "# a comment\nsecond line"
    assert found.content("nothing") == ""


@pytest.mark.parametrize(
    "raw",
    [
        TEXT.encode(),
        codecs.BOM_UTF8 + TEXT.encode(),
        TEXT.replace("\n", "\r\n").encode(),
        TEXT.encode("utf-16"),
        TEXT.replace("\n", "\r\n").encode("utf-16-le"),
        TEXT.encode("utf-16-be"),
        codecs.BOM_UTF16_BE + TEXT.encode("utf-16-be"),
        ("\r\n\r\n" + TEXT).encode(),
    ],
    ids=["utf-8", "mark", "crlf", "utf-16", "le", "be", "be-mark", "empty-lines"],
)
def test_it_reads_the_same_in_every_encoding(raw: bytes) -> None:
    assert recognises(raw[:4096])
    assert parse(decoded(raw)) == parse(TEXT)


def test_content_is_never_taken_for_a_section() -> None:
    content = "#end\n #section memory collected 1\n  # two\nplain\n\nlast"
    one = Capture("macos", "2026-11-30T17:26:22Z", {"a": CaptureSection("collected", 1.5, (), content)})
    assert parse(write(one)) == one


def test_the_first_section_of_a_name_counts() -> None:
    assert parse(f"{HEAD}\n#section a collected 1\none\n#section a collected 1\ntwo\n#end").content("a") == "one"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "does not begin with"),
        ("hello", "does not begin with"),
        (HEAD + "\n#section memory collected 1\n[{", "its end is missing"),
        (HEAD, "its end is missing"),
        ("#terrier-capture 2 windows 2026-11-30T17:26:22Z\n#end", "format 2 of captures"),
        ("#terrier-capture 1 amiga 2026-11-30T17:26:22Z\n#end", "“amiga”"),
        ("#terrier-capture 1 windows yesterday\n#end", "which machine it is of, and when"),
        ("#terrier-capture 1 windows 2026-11-30T17:26:2Z\n#end", "which machine it is of, and when"),
        ("#terrier-capture 1 windows 2026-11-30T17:26:60Z\n#end", "which machine it is of, and when"),
        ("#terrier-capture 1 windows 2026-11-30T17:26:٢2Z\n#end", "which machine it is of, and when"),
        ("#terrier-capture 1\n#end", "which machine it is of, and when"),
        (HEAD + "\n#section memory eaten 1\n#end", "from line 2 on: “#section memory eaten 1”"),
        (HEAD + "\n#section memory collected soon\n#end", "from line 2 on"),
        (HEAD + "\n#other\n#end", "from line 2 on: “#other”"),
        (HEAD + "\nfree text\n#end", "from line 2 on: “free text”"),
        (HEAD + "\n#end\n#section a collected 1\n", "from line 3 on"),
    ],
)
def test_what_is_no_capture_is_refused_with_one_line(text: str, message: str) -> None:
    with pytest.raises(FileProblem) as refused:
        parse(text, "one.capture")
    assert message in str(refused.value)
    assert str(refused.value).startswith("one.capture ")
    assert "\n" not in str(refused.value)

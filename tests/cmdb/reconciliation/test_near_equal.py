"""Nearly equal texts stand together; different things do not."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from cmdb.reconciliation.near_equal import fingerprint, near_codes, near_equal
from cmdb.reconciliation.similar_names import similar
from tests.laws import examples


def groups(*texts: str, **counts: int) -> list[tuple[str, ...]]:
    return [one.texts for one in near_equal({**dict.fromkeys(texts, 1), **counts})]


def test_texts_that_are_meant_to_be_one_stand_together_the_most_frequent_first() -> None:
    assert groups("LENOVO ", "Lenvo", Lenovo=40) == [("Lenovo", "LENOVO ", "Lenvo")]
    assert groups("José Núñez", "Jose\u0301 Nu\u0301n\u0303ez", "Nunez, Jose") == [
        ("Jose\u0301 Nu\u0301n\u0303ez", "José Núñez", "Nunez, Jose")
    ]
    assert groups("Müller GmbH", "Mueller GmbH", "Mueler GmbH") == [("Mueler GmbH", "Mueller GmbH", "Müller GmbH")]
    assert groups("Hewlett-Packard", "Hewlett Packard", "ThinkPad X1", "Think Pad X1") == [
        ("Hewlett Packard", "Hewlett-Packard"), ("Think Pad X1", "ThinkPad X1"),
    ]  # fmt: skip
    assert groups("Latitude 5420", "Lattitude 5420", "Room 7", "Room 007")[0] == ("Latitude 5420", "Lattitude 5420")
    assert [one.misspelt for one in near_equal({"Dell": 1, "DELL": 1, "Lenovo": 2, "Lenvo": 1})] == [False, True]


def test_companies_are_one_with_and_without_their_legal_form() -> None:
    names = dict.fromkeys(
        ("Microsoft Corporation", "Microsoft Corp.", "Microsoft", "Dell", "Dell Technologies", "AG"), 1
    )
    assert len(near_equal(names)) == 0
    (found,) = near_equal(names, legal_forms={"corporation", "corp", "ag"})
    assert found.texts == ("Microsoft", "Microsoft Corp.", "Microsoft Corporation")


def test_different_things_stay_apart() -> None:
    assert groups("Dell", "Bell", "Room 101", "Room 102", "Optiplex 7040", "Optiplex 7050", "HP", "IP") == []
    assert groups("in use", "not in use", "enabled", "disabled", "Deployable", "Undeployable") == []
    assert groups("", " ", "-", "?") == []


def test_a_chain_of_small_errors_is_no_group() -> None:
    chain = {"Barcelona": 9, "Barcelone": 5, "Barcelons": 4, "Berceluns": 4, "Bercelund": 3}
    assert near_equal(chain)[0].texts == ("Barcelona", "Barcelone", "Barcelons")


def test_tags_that_look_alike() -> None:
    counts = dict.fromkeys(("1000", "01000", "PF0X1", "PFOXI", "A-17", "A17", "1001"), 1)
    assert [one.texts for one in near_codes(counts)] == [("01000", "1000"), ("A-17", "A17"), ("PF0X1", "PFOXI")]


def test_new_names_are_likened_to_known_ones_whatever_their_accents_and_order() -> None:
    assert similar({"Jose Nunez", "Muller, Karl"}, {"José Núñez", "Karl Müller", "Ann Lee"}) == {
        "Jose Nunez": "José Núñez", "Muller, Karl": "Karl Müller",
    }  # fmt: skip


@examples(60, soak=500)
@given(st.lists(st.text("aábBé -.'01", max_size=9), max_size=12, unique=True))
def test_each_text_is_in_one_group_at_most_and_equal_words_are_in_one(texts: list[str]) -> None:
    found = near_equal(dict.fromkeys(texts, 1))
    grouped = [text for one in found for text in one.texts]
    assert len(grouped) == len(set(grouped)) <= len(texts)
    place = {text: at for at, one in enumerate(found) for text in one.texts}
    for text in texts:
        like = [other for other in texts if other.strip() and text.strip() and fingerprint(other) == fingerprint(text)]
        assert len({place.get(other, -1) for other in like}) <= 1

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cmdb.model.group_names import is_group
from cmdb.model.person_names import (
    Listed,
    account,
    is_place,
    is_stock,
    is_unfilled,
    people_in,
    plain,
    spellings,
)


@pytest.mark.parametrize(
    ("written", "spoken"),
    [
        ("Lee, Ann", "Ann Lee"),
        ("Lee, Ann (IT)", "Ann Lee"),
        ("Ann Lee [external]", "Ann Lee"),
        ('"Ann Lee"', "Ann Lee"),
        ("Dr. Ann  Lee", "Ann Lee"),
        ("van der Berg, Jan Willem", "Jan Willem van der Berg"),
        ("Ms Lee", "Lee"),
        ("Hr. Meyer", "Meyer"),
        ("Hr Meyer", "Meyer"),
        ("Frau Dr. Weiß", "Weiß"),
        ("Prof. Dr.-Ing. Jörg Müller", "Jörg Müller"),
        ("Weiß, Dr. Anna", "Anna Weiß"),
        ("Meyer, Herr", "Meyer"),
        ("Sra. García", "García"),
        ("Anna Weiß geb. Schulz", "Anna Weiß"),
        ("Mme MARTIN Claire", "Claire MARTIN"),
        ("VAN DIJK Jan", "Jan VAN DIJK"),
        ("JM Smith", "JM Smith"),
        ("ANN LEE", "ANN LEE"),
        ("Claire MARTIN", "Claire MARTIN"),
        ("alee (Ann Lee)", "Ann Lee"),
        ("alee [Lee, Ann]", "Ann Lee"),
        ("Ann Lee ann@example.org", "Ann Lee"),
        ("Lee, Ann - ann@example.org", "Ann Lee"),
        ("ann@example.org", "ann@example.org"),
        ("Ann Lee seit 1.1.2024", "Ann Lee"),
        ("Ann Lee until 12/25", "Ann Lee"),
        ("Drake Miss", "Drake Miss"),
        ("HR Berlin", "HR Berlin"),
        ("Mara Stone", "Mara Stone"),
        ("Poe, Cy, Jr.", "Poe, Cy, Jr."),
        ("(unknown)", "(unknown)"),
        ("CN=Ann Lee,OU=People,DC=example", "Ann Lee"),
        (r"CN=Lee\, Ann,OU=People,DC=example", "Ann Lee"),
    ],
)
def test_a_name_as_it_is_spoken(written: str, spoken: str) -> None:
    assert plain(written) == spoken


def test_logins_and_spellings() -> None:
    assert [account(word) for word in (r"CORP\ann", r"CORP\ann.lee", "ann", "Ann Lee")] == ["ann", "ann.lee", "", ""]
    assert spellings("Lee, Ann (IT)") == ("Lee, Ann (IT)", "Ann Lee", "Lee, Ann")
    assert spellings("Ann Lee") == ("Ann Lee", "Lee, Ann")
    assert spellings("ann@example.org") == ("ann@example.org",)


@pytest.mark.parametrize(
    ("text", "listed", "parts"),
    [
        ("Ann Lee; Bob Roe", Listed.SURELY, ("Ann Lee", "Bob Roe")),
        ("Ann Lee\nBob Roe", Listed.SURELY, ("Ann Lee", "Bob Roe")),
        ("Ann Lee & Bob Roe", Listed.SURELY, ("Ann Lee", "Bob Roe")),
        ("Ann Lee -> Bob Roe", Listed.SURELY, ("Ann Lee", "Bob Roe")),
        ("Ann Lee and Bob Roe", Listed.SURELY, ("Ann Lee", "Bob Roe")),
        ("a@example.org,b@example.org", Listed.SURELY, ("a@example.org", "b@example.org")),
        ("Ann <a@example.org>, Bob <b@example.org>", Listed.SURELY, ("Ann <a@example.org>", "Bob <b@example.org>")),
        ("Ann Lee, Bob Roe, Cy Poe", Listed.SURELY, ("Ann Lee", "Bob Roe", "Cy Poe")),
        ("Ann Lee, Bob Roe", Listed.PERHAPS, ("Ann Lee", "Bob Roe")),
        ("Garcia Marquez, Gabriel Jose", Listed.PERHAPS, ("Garcia Marquez", "Gabriel Jose")),
        ("van der Berg, Jan Willem", Listed.IF_KNOWN, ("van der Berg", "Jan Willem")),
        ("Lee, Ann", Listed.IF_KNOWN, ("Lee", "Ann")),
        ("Poe, Cy, Jr.", Listed.IF_KNOWN, ("Poe", "Cy")),
        ("Lee, Ann (IT / Support)", Listed.IF_KNOWN, ("Lee", "Ann")),
        ("Alexandra von und zu Hohenfels", None, ()),
        (r"CORP\ann", None, ()),
        ("Andrew Sandoval", None, ()),
        ("a&b/c@example.org", None, ()),
        ("Ann Lee", None, ()),
        ("CN=Ann Lee,OU=People,DC=example", None, ()),
    ],
)
def test_whether_a_text_lists_several_people(text: str, listed: Listed | None, parts: tuple[str, ...]) -> None:
    assert people_in(text) == (parts, listed)


@pytest.mark.parametrize(
    "name",
    ["Web team", "DBA", "HR", "Vertrieb", "IT Support", "Team IT", "R&D", "Personalabteilung", "Human Resources",
     "Abt. Einkauf", "Service Desk", "Ventas", "Comptabilité", "Einkauf 2", "AG Klein", "Lehrstuhl für Physik"],
)  # fmt: skip
def test_words_for_teams_are_no_people(name: str) -> None:
    assert is_group(name)


@pytest.mark.parametrize(
    "name",
    ["Hans Abt", "Ann Hall", "Anna Keller", "Sales, Ann", "Ann Lee", "hr@example.org", "Support Ann", "jm", "Ed Itter"],
)
def test_names_of_people_are_no_words_for_teams_things_or_places(name: str) -> None:
    assert not any(says(name) for says in (is_group, is_stock, is_place, is_unfilled))


@pytest.mark.parametrize(
    "name",
    ["Lager", "Empfang", "frei", "Konferenzraum 2", "Schrank 3", "Demo-Laptop 2", "Leihgerät", "Kasse 1", "Almacén",
     "Stolen", "Leaver - Bob Roe", "wechselnd",
     "Rack A", "R 103", "Sala de juntas", "Neueinstellung", "TBD", "N.N.", "vacant", "Poste vacant", "Praktikant 2"],
)  # fmt: skip
def test_words_for_stock_places_and_nobody_are_no_people(name: str) -> None:
    assert is_stock(name) or is_place(name) or is_unfilled(name)


@given(st.text(alphabet=st.sampled_from("AbÉ .,;&/()<>@\\\n|'CN=OU-")))
def test_any_text_is_a_name_or_a_list_of_names(text: str) -> None:
    parts, listed = people_in(text)
    assert (listed is None) == (parts == ())
    assert all(part.strip() for part in parts)
    assert not text.strip() or plain(text).strip() or not text.strip(" \"'\n")
    assert text in spellings(text)

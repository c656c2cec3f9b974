from __future__ import annotations

import copy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from importers.inventory.constraints import unknown, violations
from tests.importers.inventory.documents import laptop


def set_in(document: dict[str, Any], path: str, value: Any) -> dict[str, Any]:
    """A copy of a document with one value replaced; ``path`` has dots, and numbers for places in lists."""
    changed = copy.deepcopy(document)
    at: Any = changed
    *way, last = path.split(".")
    for word in way:
        at = at[int(word)] if isinstance(at, list) else at.setdefault(word, {})
    at[int(last) if isinstance(at, list) else last] = value
    return changed


def test_a_good_document_has_none() -> None:
    assert violations(laptop()) == []
    assert unknown(laptop()) == []


@pytest.mark.parametrize(
    ("path", "value", "said"),
    [
        ("extra", 1, "extra: the root takes no further keys"),
        ("itemtype", "Toaster", "itemtype: 'Toaster' is no itemtype"),
        ("partial", "yes", "partial: must be boolean, not str"),
        ("content.hardware.memory", "16384", "content.hardware.memory: must be integer, not str"),
        ("content.hardware.memory", True, "content.hardware.memory: must be integer, not bool"),
        ("content.hardware.uuid", None, "content.hardware.uuid: is null; what is not there is left out"),
        ("content.accesslog.logdate", "2026-03-31T10:15:00.123", "is no time"),
        ("content.accesslog.logdate", "2026-03-31 10:15:00+02:00", "is no time"),
        ("content.operatingsystem.install_date", "31.03.2026", "is no date or time"),
        ("content.operatingsystem.timezone.offset", "+02:00", "is no offset"),
        ("content.cpus.0.arch", "AMD64", "is no arch"),
        ("content.cpus.0.arch", "riscv64", "is no arch"),
        ("content.cpus.0.speed", "1700", "content.cpus[0].speed: must be integer, not str"),
        ("content.networks.0.speed", 1000, "content.networks[0].speed: must be text, not int"),
        ("content.networks.0.ipaddress", "10.0.0.1,10.0.0.2", "repeated once per address"),
        ("content.networks.0.status", "connected", "is no link"),
        ("content.networks.0.type", "tunnel", "is no adapter"),
        ("content.memories", [{"speed": 3200}], "content.memories[0].speed: must be text, not int"),
        ("content.drives.0.total", 1.5, "content.drives[0].total: must be integer, not float"),
        ("content.processes", [{"cmd": "x", "pid": 1}], "content.processes[0].user: must be there"),
        ("content.bios.secure_boot", "on", "is no secure boot"),
        ("content.bios", [], "content.bios: must be an object"),
        ("content.softwares", {}, "content.softwares: must be a list"),
        ("content.softwares.0", "7-Zip", "content.softwares[0]: must be an object"),
        ("content.local_groups", [{"id": "1", "name": "x", "members": [1]}], "content.local_groups[0].members"),
        ("content.versionclient", 1, "content.versionclient: must be there, as text"),
    ],
)
def test_each_departure_is_named_with_its_place(path: str, value: Any, said: str) -> None:
    found = violations(set_in(laptop(), path, value))
    assert any(said in one for one in found), found


def test_what_must_be_there() -> None:
    assert "deviceid: must be there" in violations({"content": {"versionclient": "x"}})
    assert "content: must be there" in violations({"deviceid": "x"})
    assert any("accesslog.logdate: must be there" in v for v in violations(laptop(accesslog={})))


def test_dates_come_in_the_forms_that_the_format_knows() -> None:
    for good in ("2026-03-31", "2026-03-31 10:15:00", "2026-03-31T10:15:00Z"):
        assert violations(set_in(laptop(), "content.softwares.0.install_date", good)) == []


def test_keys_that_nobody_else_reads_are_told_apart() -> None:
    document = set_in(laptop(), "content.bios.colour", "black")
    assert violations(document) == []
    assert unknown(document) == ["bios.colour"]


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["name", "cpus", "bios", "x"]), inner),
    max_leaves=10,
)


@given(st.dictionaries(st.sampled_from(["deviceid", "content", "itemtype"]), _JSON))
def test_any_document_is_judged_without_an_error(document: dict[str, Any]) -> None:
    if not isinstance(document.get("content"), dict) or "deviceid" not in document:
        assert violations(document)
    violations(document)

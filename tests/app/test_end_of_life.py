"""End-of-life data is taken in as other files are: products get their ends, the data is kept, reports tell it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from app.assets.item_edits import new_item
from app.import_proposal import propose, read_files
from app.jobs import Jobs
from app.overview.attention import endings
from app.overview.figures import attention_items
from app.reports.end_of_life import REPORT
from app.reports.end_of_life_unknown import REPORT as UNKNOWN
from app.reports.model import ReportContext
from app.sources import effects, forget, named_source, sources
from cmdb.licences.kept_life_cycles import KIND
from cmdb.model.revision import Edit, Record, Revision, ci, new_id
from cmdb.model.selection import Selection
from cmdb.reconciliation import Proposal
from cmdb.register.history import undo
from cmdb.store.store import Store
from cmdb.store.upkeep.startup import create_estate

DAY = date(2026, 11, 30)


def _release(name: str, end: str | None, label: str = "", support: str | None = None, latest: str = "") -> object:
    return {
        "name": name, "label": label or name, "isEol": False, "eolFrom": end, "eoasFrom": support,
        "latest": {"name": latest},
    }  # fmt: skip


def _document(sql: str = "2027-01-08") -> object:
    products = [
        {"name": "mssqlserver", "label": "Microsoft SQL Server", "releases": [
            _release("15.0", sql, "2019 'Aris'", "2025-02-28", "15.0.4460.4"),
            _release("16.0", "2033-01-11", "2022 'Dallas'", None, "16.0.4245.2"),
        ]},
        {"name": "ubuntu", "label": "Ubuntu", "releases": [
            _release("22.04", "2027-04-01"), _release("20.04", "2025-05-31"),
        ]},
        {"name": "firefox", "label": "Mozilla Firefox", "releases": [_release("121", "2024-01-23")]},
    ]  # fmt: skip
    return {"schema_version": "1.2.0", "result": products}


def _new(cls: str, **values: Any) -> Edit:
    return Edit(ci(new_id()), "", None, {"class": cls, **values})


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    made = create_estate(tmp_path / "estate.terrier")
    place, anna = _new("site", name="Graz"), _new("person", name="Anna")
    pc = _new("laptop", name="PC-1", location=place.record.key[0], assigned_to=anna.record.key[0])
    servers = [
        _new("server", name="srv-1", operating_system="Ubuntu", os_version="20.04.6 LTS"),
        _new("server", name="srv-2", operating_system="Ubuntu", os_version="22.04.3 LTS"),
        _new("server", name="srv-3", operating_system="Ubuntu", os_version="19.10"),
        _new("server", name="srv-4", operating_system="Ubuntu", os_version="20.04", status="Retired"),
    ]
    products = [
        _new("software_product", name="SQL Server", publisher="Microsoft", version="2019"),
        _new("software_product", name="SQL Server 2099", publisher="Microsoft", version="2099"),
        _new("software_product", name="Frob", version="1"),
        _new("software_product", name="Office Standard 2019", publisher="Microsoft", end_of_life="2025-10-14"),
    ]
    made.apply(Revision([place, anna, pc, *servers, *products], "anna"))
    installed = [
        (pc, "Mozilla Firefox (x64 de)", "Mozilla", "121.0", "registry"),
        (servers[0], "Microsoft SQL Server 2019 (64-bit)", "Microsoft Corporation", "15.0.2000.5", "registry"),
        (servers[1], "Microsoft Office Standard 2021", "Microsoft Corporation", "16.0", "registry"),
        (servers[1], "firefox-esr", "Debian", "121.0", "deb"),
    ]
    made.apply(Revision([
        Edit(Record("installation", (one.record.key[0], "", maker, name, "", version)), "", None, {"origin": origin})
        for one, name, maker, version, origin in installed
    ], "anna", "scan"))  # fmt: skip
    yield made
    made.close()


def _proposed(store: Store, folder: Path, document: object) -> Proposal:
    path = folder / "full.json"
    path.write_text(json.dumps(document), "utf-8")
    return propose(store, read_files([path], store.schema)[0], "anna")


def _products(store: Store) -> dict[str, tuple[Any, Any]]:
    with store.read() as reader:
        found = list(reader.all(Selection("software_product")))
    return {one.name: (one.values.get("end_of_life"), one.values.get("active_support_until")) for one in found}


def _needing_attention(store: Store) -> list[tuple[str, str, dict[str, object]]]:
    with store.read() as reader:
        return [(str(one.subject), one.page, one.params) for one in endings(reader, DAY, Jobs(workers=1))]


def _lines(store: Store, report: Any = REPORT) -> list[tuple[Any, ...]]:
    with store.read() as reader:
        return [row.cells for row in report.rows(ReportContext(reader, DAY))]


def test_products_get_their_ends_and_what_fits_no_release_is_listed(store: Store, tmp_path: Path) -> None:
    proposal = _proposed(store, tmp_path, _document())
    assert (proposal.updated, proposal.created) == (1, 0)
    assert [str(one.message) for one in proposal.problems] == [
        "“SQL Server 2099” gets no end of life: no release of Microsoft SQL Server is 2099."
    ]
    number = store.apply(proposal.revision).number
    assert _products(store) == {
        "SQL Server": ("2027-01-08", "2025-02-28"), "SQL Server 2099": (None, None), "Frob": (None, None),
        "Office Standard 2019": ("2025-10-14", None),
    }  # fmt: skip
    with store.read() as reader:
        assert {key[0] for key in reader.records(KIND)} == {"mssqlserver", "ubuntu", "firefox"}
    assert not list(_proposed(store, tmp_path, _document()).revision.edits)  # the same data again changes nothing
    with store.read() as reader:
        source = named_source(reader, "endoflife.date")
    gone, applied = forget(store, source, "anna")
    assert [str(line) for line in effects(gone)] == [
        "1 record shows what other sources say of it", "what only it states goes: 3 products of end-of-life data",
    ]  # fmt: skip
    with store.read() as reader:
        assert (dict(reader.records(KIND)), sources(reader)) == ({}, []), "what was kept goes with its source"
    assert _products(store)["SQL Server"] == (None, None)
    undo(store, applied.number, "anna")
    with store.read() as reader:
        assert [(one.source, one.records) for one in sources(reader)] == [(source, 4)]
    later = _proposed(store, tmp_path, _document("2030-01-08"))
    assert {edit.record.kind for edit in later.revision.edits} >= {KIND}
    changed = store.apply(later.revision).number
    assert _products(store)["SQL Server"][0] == "2030-01-08"
    undo(store, changed, "anna")
    undo(store, number, "anna")
    assert _products(store)["SQL Server"] == (None, None)


def test_a_persons_end_of_life_stays_and_a_new_product_gets_the_datas(store: Store, tmp_path: Path) -> None:
    with store.read() as reader:
        (sql,) = reader.page(Selection("software_product", 'name = "SQL Server"'), limit=2)
    store.apply(Revision([Edit(ci(sql.uid), "end_of_life", None, "2026-12-24")], "anna"))
    store.apply(_proposed(store, tmp_path, _document()).revision)
    assert _products(store)["SQL Server"][0] == "2026-12-24"
    with store.read() as reader:
        made = new_item(reader, "software_product", {"name": "SQL Server", "version": "2022"}, "anna")
        own = new_item(reader, "software_product", {"name": "SQL Server", "end_of_life": "2028-01-01"}, "anna")
        assert next(iter(own.edits)).after["end_of_life"] == "2028-01-01"  # type: ignore[index, call-overload]
    store.apply(made)
    with store.read() as reader:
        (new,) = reader.page(Selection("software_product", "version = 2022"), limit=2)
    assert new.values["end_of_life"] == "2033-01-11"


def test_the_reports_tell_what_ends_on_which_computers_and_what_is_not_known(store: Store, tmp_path: Path) -> None:
    office = ("Office Standard 2019", "2019", "software", "2025-10-14", -412, 0, "", "", "")  # 2021 is another one
    assert [(*line[:5], *line[6:]) for line in _lines(store)] == [office]
    assert _needing_attention(store) == [("Office Standard 2019", "reports", {"report": "end_of_life"})]
    store.apply(_proposed(store, tmp_path, _document()).revision)
    assert [(*line[:5], *line[6:]) for line in _lines(store)] == [
        ("Mozilla Firefox", "121", "software", "2024-01-23", -1042, 1, "PC-1", "Graz", "Anna"),
        ("Ubuntu", "20.04", "operating system", "2025-05-31", -548, 1, "srv-1", "", ""),
        office,
        ("SQL Server", "2019", "software", "2027-01-08", 39, 1, "srv-1", "", ""),
        ("Ubuntu", "22.04", "operating system", "2027-04-01", 122, 1, "srv-2", "", ""),
    ]
    assert _needing_attention(store)[0][0] == f"{len(_lines(store))} releases", "the report that it opens has as many"
    with store.read() as reader:
        items = [str(one.text) for one in attention_items(reader, DAY)]
    assert "at the end of life in 12 months" not in items, "it is told once"
    assert [line[:4] for line in _lines(store, UNKNOWN)] == [
        ("Microsoft Office Standard 2021", "16.0", "software", 1), ("Ubuntu", "19.10", "operating system", 1),
        ("firefox-esr", "121.0", "software", 1),
    ]  # fmt: skip

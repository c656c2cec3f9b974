"""``source-order``: orders are listed, shown, planned, changed in one revision and inherited again."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from cmdb.model.revision import Edit, Record, Revision, ci, new_id
from cmdb.store.upkeep.startup import create_estate
from tests.app.cli.conftest import Done

Terrier = Callable[..., Done]


def test_an_order_is_planned_changed_listed_and_inherited_again(tmp_path: Path, terrier: Terrier) -> None:
    path, uid = tmp_path / "e.terrier", new_id()
    store = create_estate(path)
    row = Edit(Record("section", (uid, "memory_modules", "scan:a", "0")), "", None, {"slot": 0})
    made = [Edit(ci(uid), "", None, {"class": "laptop", "name": "LT-1", "memory": 8192, "asset_tag": "A1"}), row]
    store.apply(Revision(made, "anna", "scan:a"))
    said = Edit(Record("claim", (uid, "sheet:b")), "memory", None, [4096, "2026-01-01T00:00:00.000Z"])
    store.apply(Revision([said], "anna"))
    store.close()

    def run(*words: str, status: int = 0) -> Any:
        done = terrier("--db", str(path), "source-order", *words, "--json")
        assert done.status == status, done.err
        return done.json

    planned = run("Laptop.Memory", "sheet", "scan=hold", "--dry-run")
    assert (planned["revision"], planned["refusals"]) == (None, [])
    assert planned["values"] == [{"class": "laptop", "attribute": "memory", "records": 1}]
    done = run("laptop.memory", "sheet", "scan=hold")
    assert (done["revision"], done["values"]) == (3, planned["values"])
    kept = run("laptop.asset_tag", "person", "scan=hold", "--dry-run")
    assert kept["values"] == kept["kept"] == [], "what identifies a record counts, held or not"
    text = terrier("--db", str(path), "source-order", "laptop.memory modules", "scan=ask").out
    assert "Memory modules: 1 row stays as it is: a change of it is asked about." in text
    assert [tuple(one.values()) for one in run("laptop.memory")["sources"]] == [
        ("person", "apply"), ("sheet", "apply"), ("scan", "hold"),
    ]  # fmt: skip
    assert [(one["class"], one["name"]) for one in run()] == [
        ("", "measured"), ("", "general"), ("Laptop", "memory"), ("Laptop", "memory_modules"),
    ]  # fmt: skip
    assert run("laptop.memory", "--inherit")["values"] == planned["values"]
    assert len(run()) == 3
    assert run("laptop.memory", "--inherit")["revision"] is None
    section = run("laptop.section.operating_system", "scan", "sheet", "import=ask")
    assert section["revision"]
    assert run("laptop.operating_system")["own"] is False
    listed = terrier("--db", str(path), "source-order").out
    assert "laptop.section.operating_system" in listed
    assert "laptop.memory_modules" in listed
    for words, says in (
        (("laptop.memory", "scan=asked"), "apply, ask, hold"),
        (("laptop.memory", "person=hold", "scan"), "a person says always counts most"),
    ):
        done = terrier("--db", str(path), "source-order", *words)
        assert (done.status, says in done.err) == (2, True)
    for words in (("laptop.colour",), ("laptop.memory", "nobody"), ("laptop.processes", "scan=ask"), ("x",)):
        assert terrier("--db", str(path), "source-order", *words).status == 2

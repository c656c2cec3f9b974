"""The command line as a person uses it: words in, status and text out."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

import main
from cmdb.model.revision import Edit, Record, Revision, new_id
from cmdb.store.upkeep.startup import create_estate
from tests.cmdb.grouped_links import grouped


@dataclass
class Done:
    status: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


@pytest.fixture
def terrier(capsys: pytest.CaptureFixture[str]) -> Callable[..., Done]:
    """Runs the program with these words."""

    def run(*words: object) -> Done:
        capsys.readouterr()
        status = main.main([str(w) for w in words])
        captured = capsys.readouterr()
        return Done(status, captured.out, captured.err)

    return run


@pytest.fixture(scope="session")
def small_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small estate: a shop that runs on one of two redundant servers in Berlin, and a laptop. To be copied."""
    path = tmp_path_factory.mktemp("small") / "small.terrier"
    edits: list[Edit] = []

    def ci(cls: str, name: str, **values: Any) -> str:
        uid = new_id()
        edits.append(Edit(Record("ci", (uid,)), "", None, {"class": cls, "name": name, **values}))
        return uid

    berlin = ci("site", "Berlin")
    one = ci("server", "srv-01", asset_tag="A-1", serial_number="S1", location=berlin, memory=8192)
    two = ci("server", "srv-02", asset_tag="A-2", serial_number="S2", location=berlin, memory=16384)
    shop = ci("application", "Shop")
    sales = ci("business_service", "Sales")
    ci("laptop", "nb-1", asset_tag="A-3", purchase_cost=Decimal("1234.5"), purchase_date="2024-05-06")
    ci("laptop", "twin")
    ci("laptop", "twin")
    pair = new_id()
    edits.append(Edit(Record("group", (pair,)), "", None, {"owner": shop, "label": "servers", "needs": "1"}))
    for server in (one, two):
        edits += grouped("depends_on", shop, server, pair)
    edits.append(Edit(Record("relationship", ("supports", shop, sales)), "", None, {}))
    store = create_estate(path)
    store.apply(Revision(edits, "tester", reason="first"))
    store.close()
    return path


@pytest.fixture
def estate(small_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the small estate, which TERRIER_DB names."""
    path = Path(shutil.copy(small_file, tmp_path / "small.terrier"))
    monkeypatch.setenv("TERRIER_DB", str(path))
    return path

"""End-of-life data is read in both forms of the API, and what it lacks stays unknown."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from app.import_proposal import recognise
from cmdb.model.errors import FileProblem
from cmdb.model.observation import ObservedRelease
from importers.end_of_life.documents import life_cycles
from importers.registry import all_importers
from importers.source_documents import document_of

CYCLES = [
    {"cycle": "22.04", "codename": "Jammy", "releaseDate": "2022-04-21", "support": "2024-09-30", "eol": "2027-04-01",
     "extendedSupport": "2032-04-09", "latest": "22.04.5", "lts": True, "link": None},
    {"cycle": 9, "eol": True, "releaseDate": "2014-01-01", "latest": "9.9"},
    {"cycle": "rolling", "eol": False, "support": True, "lts": "2020-01-01"},
    {"cycle": {"no": "text"}, "eol": "2020-01-01"},
    "no release",
]  # fmt: skip
PRODUCT = {
    "name": "mssqlserver", "label": "Microsoft SQL Server", "aliases": ["mssql"], "category": "database",
    "identifiers": [{"type": "cpe", "id": "cpe:/a:microsoft:sql_server"}, {"type": "cpe"}],
    "releases": [
        {"name": "15.0", "codename": "Aris", "label": "2019 'Aris'", "releaseDate": "2019-11-04", "isLts": False,
         "isEoas": True, "eoasFrom": "2025-02-28", "isEol": False, "eolFrom": "2030-01-08", "isEoes": None,
         "eoesFrom": None, "latest": {"name": "15.0.4460.4 CU32", "date": "2026-03-10", "link": None}},
        {"name": "9.0", "label": "2005", "releaseDate": "2006-01-14", "isEol": True, "eolFrom": None, "latest": None},
    ],
}  # fmt: skip


def _written(folder: Path, name: str, document: object, encoding: str = "utf-8") -> Path:
    path = folder / name
    path.write_text(json.dumps(document, indent=1), encoding)
    return path


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_list_of_cycles_is_of_the_product_that_the_file_is_called(tmp_path: Path, encoding: str) -> None:
    path = _written(tmp_path, "Ubuntu.json", CYCLES, encoding)
    assert recognise(path, all_importers()).name == "end_of_life"
    (found,) = life_cycles(document_of(path))
    assert (found.product, found.label) == ("ubuntu", "")
    assert found.releases == (
        ObservedRelease("22.04", "", "2022-04-21", "2024-09-30", "2027-04-01", "2032-04-09", "22.04.5"),
        ObservedRelease("9", "", "2014-01-01", latest="9.9", over=True),
        ObservedRelease("rolling"),
    )


@pytest.mark.parametrize("result", [PRODUCT, [PRODUCT, {**PRODUCT, "name": "other"}, {"name": "summary"}, 7]])
def test_products_of_version_1_have_their_names_and_ends(tmp_path: Path, result: object) -> None:
    path = _written(tmp_path, "full.json", {"schema_version": "1.2.0", "total": 2, "result": result})
    assert recognise(path, all_importers()).name == "end_of_life"
    found = life_cycles(document_of(path))
    assert [one.product for one in found] == ["mssqlserver", "other"][: len(found)]
    assert (found[0].label, found[0].other_names, found[0].identifiers) == (
        "Microsoft SQL Server", ("mssql",), ("cpe:/a:microsoft:sql_server",),
    )  # fmt: skip
    newest, oldest = found[0].releases
    assert newest == ObservedRelease(
        "15.0", "2019 'Aris'", "2019-11-04", "2025-02-28", "2030-01-08", "", "15.0.4460.4 CU32"
    )
    assert oldest == ObservedRelease("9.0", "2005", "2006-01-14", over=True)


@pytest.mark.parametrize(
    ("name", "document", "says"),
    [
        ("-.json", CYCLES, "of which product"),
        (
            "list.json",
            {"schema_version": "1.2.0", "result": [{"name": "ubuntu", "label": "Ubuntu"}]},
            "no product with",
        ),
        ("odd.json", {"schema_version": "1.2.0", "result": "text"}, "no product with"),
    ],
)
def test_what_has_no_releases_is_refused(tmp_path: Path, name: str, document: object, says: str) -> None:
    with pytest.raises(FileProblem, match=says):
        life_cycles(document_of(_written(tmp_path, name, document)))

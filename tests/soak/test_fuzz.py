"""Whatever stands in a file, taking it in ends with a reading or one clear line."""

from __future__ import annotations

import json
import random
from pathlib import Path

import pytest

from app.intake import propose, read
from cmdb.errors import UserError
from cmdb.store import Store
from importers.tables import Column, Table, write

pytestmark = pytest.mark.soak

ODD = (b"\0", b"\xff\xfe", b'"', b"\r", b"\n\n", b",,", b"=cmd|' /C calc'!A0", b"null")
KINDS = (".xlsx", ".ods", ".csv", ".json")


def good(folder: Path, ending: str) -> bytes:
    path = folder / f"good{ending}"
    if ending == ".json":
        content = {
            "hardware": {"name": "one", "uuid": "3f2504e0-4f89-41d3-9a0c-0305e82c3301", "memory": 8192},
            "softwares": [{"name": f"p{n}", "version": f"1.{n}"} for n in range(30)],
            "networks": [{"description": "eth0", "mac": "00:11:22:33:44:55", "ipaddress": "10.0.0.1"}],
            "versionclient": "test",
        }
        path.write_text(json.dumps({"deviceid": "one-1", "itemtype": "Computer", "content": content}), "utf-8")
    else:
        columns = [
            Column("asset_tag", "Asset tag"),
            Column("name", "Name"),
            Column("memory", "Memory", "integer", "MiB"),
            Column("purchase_date", "Purchase date", "date"),
            Column("location", "Location"),
        ]
        rows = [[f"T-{n}", f"pc-{n}", 1024 * n, f"2024-01-{n % 28 + 1:02d}", f"Site {n % 3}"] for n in range(40)]
        write(path, [Table("Laptops", columns, rows)])
    return path.read_bytes()


def spoiled(data: bytes, chance: random.Random) -> bytes:
    found = bytearray(data)
    for _ in range(chance.randint(1, 12)):
        at = chance.randrange(len(found) or 1)
        what = chance.randrange(4)
        if what == 0:
            found[at : at + 1] = bytes([chance.randrange(256)])
        elif what == 1:
            del found[at : at + chance.randint(1, 40)]
        elif what == 2:
            found[at:at] = found[at : at + chance.randint(1, 200)]
        else:
            found[at:at] = chance.choice(
                (b"\0", b"\xff\xfe", b'"', b"\r", b"\n\n", b",,", b"=cmd|' /C calc'!A0", b"null")
            )
    return bytes(found)


@pytest.mark.parametrize("ending", KINDS)
def test_a_spoiled_file_never_surprises(ending: str, tmp_path: Path) -> None:
    data = good(tmp_path, ending)
    store = Store.create(tmp_path / "estate.terrier")
    path = tmp_path / f"spoiled{ending}"
    said: list[str] = []
    try:
        for seed in range(400):
            path.write_bytes(spoiled(data, random.Random(seed)))
            try:
                readings = read([path], store.schema)
                proposal = propose(store, readings, "fuzz")
                if seed % 20 == 0:
                    store.apply(proposal.revision)
            except UserError as error:
                said.append(str(error))
            except Exception as error:
                raise AssertionError(f"seed {seed}: {error!r}") from error
    finally:
        store.close()
    assert [line for line in said if not line or "\n" in line] == []

"""Damaged files: valid ones with changed bytes, parts and values, chosen by hypothesis."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hypothesis import strategies as st

from importers.tables import Column, Table, write

#: What often trips a reader up.
ODD = (
    b"\0", b"\xff\xfe", b'"', b"\r", b"\n\n", b",,", b";", b"=1+1", b"null", b"&#0;", b"<", b"]]>", b"1e999", b"\xc3",
    "İ".encode(), b"9" * 400, b"-", b"1900-02-29", b"PK\x03\x04",
)  # fmt: skip
Change = tuple[str, float, int, bytes]

CHANGES: st.SearchStrategy[list[Change]] = st.lists(
    st.tuples(
        st.sampled_from(("set", "cut", "double", "put", "end")),
        st.floats(0, 1, exclude_max=True),
        st.integers(1, 60),
        st.one_of(st.sampled_from(ODD), st.binary(min_size=1, max_size=8)),
    ),
    min_size=1,
    max_size=6,
)


def changed(data: bytes, changes: list[Change]) -> bytes:
    """The bytes after the changes."""
    for how, place, size, new in changes:
        at = int(place * len(data))
        if how == "set":
            data = data[:at] + new + data[at + len(new) :]
        elif how == "cut":
            data = data[:at] + data[at + size :]
        elif how == "double":
            data = data[:at] + data[at : at + size] * 3 + data[at + size :]
        elif how == "put":
            data = data[:at] + new + data[at:]
        else:
            data = data[:at]
    return data


@cache
def good(ending: str) -> bytes:
    """A file that can be read."""
    columns = [
        Column("asset_tag", "Asset tag"),
        Column("name", "Name"),
        Column("memory", "Memory", "integer", "MiB"),
        Column("purchase_date", "Purchase date", "date"),
        Column("location", "Location"),
        Column("notes", "Notes"),
    ]
    rows = [
        [f"T-{n}", f"pc-{n}", 1024 * n, f"2024-01-{n % 28 + 1:02d}", f"Site {n % 3}", "more, “words” & so on"]
        for n in range(12)
    ]
    links = [Column("source", "Source"), Column("relationship", "Relationship"), Column("target", "Target")]
    tables = [Table("Laptops", columns, rows)]
    if ending != ".csv":
        tables.append(Table("Links", links, [["pc-1", "depends on", "pc-2"], ["pc-2", "uses", "pc-3"]]))
    with TemporaryDirectory() as folder:
        path = Path(folder) / f"good{ending}"
        write(path, tables)
        return path.read_bytes()


def repacked(data: bytes, which: float, changes: list[Change]) -> bytes:
    """An archive (xlsx, ods) with the content of one of its parts changed, packed properly again."""
    found = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(found, "w", zipfile.ZIP_DEFLATED) as new:
        names = old.namelist()
        for name in names:
            content = old.read(name)
            new.writestr(name, changed(content, changes) if name == names[int(which * len(names))] else content)
    return found.getvalue()


ENDINGS = (".xlsx", ".csv", ".ods")
SPOILED: st.SearchStrategy[tuple[str, bytes]] = st.one_of(
    st.tuples(st.sampled_from((*ENDINGS, ".xls", ".txt", "")), st.binary(max_size=600)),
    st.builds(lambda ending, changes: (ending, changed(good(ending), changes)), st.sampled_from(ENDINGS), CHANGES),
    st.builds(
        lambda ending, which, changes: (ending, repacked(good(ending), which, changes)),
        st.sampled_from((".xlsx", ".ods")),
        st.floats(0, 1, exclude_max=True),
        CHANGES,
    ),
    st.builds(lambda table: (".csv", table.encode("utf-8", "surrogatepass")), st.text(max_size=300)),
)
"""(ending, content) of a file that claims to be a table."""

INVENTORY: dict[str, Any] = {
    "deviceid": "one-2026-01-01-00-00-00",
    "itemtype": "Computer",
    "action": "inventory",
    "content": {
        "hardware": {"name": "one", "uuid": "3f2504e0-4f89-41d3-9a0c-0305e82c3301", "memory": 8192},
        "bios": {"ssn": "ABC123", "smanufacturer": "Dell Inc.", "smodel": "Latitude", "bdate": "2024-01-02"},
        "operatingsystem": {"name": "Debian", "full_name": "Debian GNU/Linux 12", "version": "12", "arch": "x86_64"},
        "cpus": [{"name": "i7", "core": 4, "thread": 8, "speed": 2400}],
        "memories": [{"capacity": 4096, "numslots": 1}, {"capacity": 4096, "numslots": 2}],
        "storages": [{"name": "sda", "disksize": 512000, "serial": "S1", "type": "disk"}],
        "drives": [{"volumn": "/dev/sda1", "type": "/", "total": 100000, "free": 5000, "filesystem": "ext4"}],
        "networks": [{"description": "eth0", "mac": "00:11:22:33:44:55", "ipaddress": "10.0.0.1", "status": "up"}],
        "monitors": [{"caption": "DELL", "serial": "M1", "manufacturer": "Dell"}],
        "softwares": [{"name": "bash", "version": "5.2", "publisher": "Debian", "install_date": "2024-01-01"}],
        "users": [{"login": "anja", "domain": "HARBOUR"}],
        "virtualmachines": [{"name": "vm1", "uuid": "1", "memory": "2048", "vcpu": 2, "status": "running"}],
        "versionclient": "test",
    },
}

JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**20), 10**20) | st.floats() | st.text(max_size=8)
    | st.sampled_from(["", "0", "2024-13-45", "00:00:00:00:00:00", "To be filled by O.E.M.", "x" * 300]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)  # fmt: skip


@st.composite
def inventories(draw: Callable[[st.SearchStrategy[Any]], Any]) -> bytes:
    """An inventory with values in it replaced, taken out and doubled; or its bytes changed."""
    document = json.loads(json.dumps(INVENTORY))
    for _ in range(draw(st.integers(1, 4))):
        holder: Any = document
        while True:
            keys = list(holder) if isinstance(holder, dict) else list(range(len(holder)))
            if not keys:
                break
            key = keys[draw(st.integers(0, len(keys) - 1))]
            if isinstance(holder[key], (dict, list)) and holder[key] and draw(st.integers(0, 3)):
                holder = holder[key]
                continue
            how = draw(st.sampled_from(("set", "set", "take", "wrap")))
            if how == "set":
                holder[key] = draw(JSON)
            elif how == "take":
                del holder[key]
            else:
                holder[key] = [holder[key], holder[key]]
            break
    found = json.dumps(document).encode()
    return changed(found, draw(CHANGES)) if draw(st.integers(0, 4)) == 0 else found

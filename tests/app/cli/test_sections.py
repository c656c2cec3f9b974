"""The sections of a record on the command line."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.app.cli.conftest import Done
from tests.importers.inventory.documents import laptop

Run = Callable[..., Done]


def module(slot: int, size: int, serial: str) -> dict[str, Any]:
    return {"numslots": slot, "caption": f"DIMM {slot}", "capacity": size, "serialnumber": serial}


def inventory(folder: Path, day: int, *modules: dict[str, Any]) -> Path:
    """The inventory of a laptop with these memory modules; its free space is another one each day."""
    document = laptop(
        memories=list(modules), drives=[{"letter": "C:", "filesystem": "NTFS", "total": 4096, "free": 1024 * day}]
    )
    document["content"]["accesslog"]["logdate"] = f"2026-03-0{day} 10:15:00"
    path = folder / f"day-{day}.json"
    path.write_text(json.dumps(document), "utf-8")
    return path


def test_a_section_is_shown_with_units_sources_and_the_last_values(terrier: Run, estate: Path, tmp_path: Path) -> None:
    before = terrier("import", inventory(tmp_path, 1, module(1, 16384, "KX77-A1")), "--json").json["revision"]
    assert terrier("import", inventory(tmp_path, 2, module(1, 32768, "KX99-B2")), "--json").json["revision"]
    words = terrier("show", "NB-017").out
    assert "Memory modules" in words
    assert "KX99-B2" not in words, "which sections there are, not their rows"
    table = terrier("show", "NB-017", "--section", "memory module").out
    assert all(word in table for word in ("SIZE", "32 GiB", "KX99-B2", "scan NB-017"))
    whole = terrier("show", "NB-017", "--json").json["sections"]
    one = terrier("show", "NB-017", "--section", "Volumes", "--json").json["sections"]
    assert one == {"volumes": whole["volumes"]}
    (volume,) = one["volumes"]
    assert (volume["volatile"], volume["observed"]) == ({"free": 2 * 1024**3}, volume["volatile_observed"])
    assert volume["columns"]["size"] == 4 * 1024**3
    assert "FREE *" in terrier("show", "NB-017", "--section", "volumes").out
    then = terrier("show", "NB-017", "--section", "volumes", "--as-of", before).out
    assert "4 GiB" in then
    assert "FREE" not in then
    nothing = terrier("show", "NB-017", "--section", "sensors", "--json")
    assert (nothing.status, nothing.json["sections"]) == (0, {"sensors": []})
    unknown = terrier("show", "NB-017", "--section", "chips")
    assert unknown.status == 2
    assert "Memory modules" in unknown.err
    assert "Sensors" not in unknown.err
    assert "Memory modules" in terrier("show", "A-1", "--section", "chips").err

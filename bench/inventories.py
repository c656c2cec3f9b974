"""A thousand inventories with a thousand rows of software each, in CPU seconds against json.loads of the same files.

Reading is what the importer makes of the files' text: observations, with all rows in their canonical forms. The import
is a whole process: it reads, finds whose the inventories are, and writes installations and rows of sections with their
history. Its memory is the peak with a thousand files against that with a hundred.
"""

from __future__ import annotations

import json
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "bench")]

from result import Result
from sheets import terrier

from cmdb.model.gc_pause import gc_paused
from importers.inventory import read

FILES = 1_000
FEW = 100
ROWS = 1_000


def document(number: int) -> dict[str, Any]:
    """The inventory of a computer, whose software is drawn from what all have; each installed it on another day."""
    one = Random(number)
    software = [
        {"name": f"Package {n}", "version": f"{n % 7}.{one.randrange(3)}.0", "publisher": f"Publisher {n % 97}",
         "arch": "amd64", "from": "deb", "install_date": f"2026-{1 + one.randrange(12):02}-{1 + one.randrange(28):02}",
         "filesize": 1_000 + n, "comments": f"Does {n}"}
        for n in sorted(one.sample(range(2 * ROWS), ROWS))
    ]  # fmt: skip
    name = f"pc-{number:04}"
    content = {
        "versionclient": "bench",
        "hardware": {"name": name, "uuid": f"{number:08x}-0000-4000-8000-000000000000", "memory": 16_384,
                     "chassis_type": "Notebook", "vmsystem": "Physical"},
        "bios": {"ssn": f"SN{number:06}", "smanufacturer": "LENOVO", "smodel": "20XW0055GE"},
        "operatingsystem": {"name": "Debian", "version": "12",
                            "timezone": {"name": "Europe/Berlin", "offset": "+0100"}},
        "softwares": software,
    }  # fmt: skip
    return {"deviceid": name, "action": "inventory", "itemtype": "Computer", "content": content}


def write(folder: Path, files: int) -> Path:
    """A folder with so many inventories."""
    folder.mkdir()
    for number in range(files):
        (folder / f"pc-{number:04}.json").write_text(json.dumps(document(number)), "utf-8")
    return folder


def cpu(work: Callable[[Path], object], paths: list[Path]) -> float:
    """The CPU seconds of doing something with each file, nothing kept."""
    start = time.process_time()
    with gc_paused():
        for path in paths:
            work(path)
    return time.process_time() - start


def measure(folder: Path, times: int) -> list[Result]:
    """Reading against json.loads; the import of all, and its memory."""
    many, few = write(folder / "many", FILES), write(folder / "few", FEW)
    paths = sorted(many.iterdir())
    parsed, ours = [], []
    for _ in range(times + 1):
        parsed.append(cpu(lambda path: json.loads(path.read_bytes()), paths))
        ours.append(cpu(read, paths))
    yardstick = statistics.median(parsed[1:])
    size = f"{FILES:,} inventories x {ROWS:,}"
    found = [Result(f"reading of {size} programs", statistics.median(ours[1:]), yardstick, 5).told()]
    small = terrier(folder / "few.terrier", "import", str(few))
    large = terrier(folder / "many.terrier", "import", str(many))
    found.append(Result(f"import of {size} programs", large.seconds, yardstick, 25).told())
    found.append(Result("its peak memory, against a tenth of them", large.memory, small.memory, 1.5, "MB").told())
    return found

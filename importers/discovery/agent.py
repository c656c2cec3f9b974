"""The agent alone: inventories the computer on which it runs, where Terrier is not installed.

It is packed into one file (``app/agent_folder.py``) with what it imports, and runs with Python 3.9 and later: neither
it nor what it imports may use what later versions brought. Without translations, it speaks English.
"""

from __future__ import annotations

import argparse
import os
import re
import sys
import time
import traceback
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TextIO

from cmdb.model import clock
from cmdb.model.characters import escaped
from cmdb.model.control import Control
from cmdb.model.errors import FileProblem, UserError
from cmdb.model.formats import sentence_case
from cmdb.model.messages import Message, tr
from importers.discovery import signing
from importers.discovery.collector import ABSENT, COLLECTED, CollectorOutcome
from importers.discovery.collector_words import collector_name, collector_state, elevated_part
from importers.discovery.inventory_document import Inventory, scan
from importers.discovery.registry import collectors
from importers.discovery.watch import Watch, ended_by_interrupt
from importers.inventory.files import write

DONE, UNUSABLE, FAULT, INTERRUPTED = 0, 2, 3, 130


def main(words: Sequence[str]) -> int:
    """Scans, writes the inventory and says what was found; the exit status."""
    options = _parser().parse_args(words)
    try:
        if options.sign:
            signing.refuse_unreadable(options.sign)
        watch = Watch(options.watch) if options.watch > 0 else None
        with ended_by_interrupt(watch):
            inventory = scan(Control(_progress), collectors=collectors(asked=options.arguments), watch=watch)
        path = Path(options.out) if options.out else free_path(Path(sys.argv[0]).absolute().parent, inventory)
        write(path, inventory.document)
        signature = signing.sign(path, options.sign) if options.sign else None
    except UserError as error:
        _say(str(error), sys.stderr)
        return UNUSABLE
    except KeyboardInterrupt:
        return INTERRUPTED
    except Exception:
        traceback.print_exc()
        _say(tr("This is a fault of the program; nothing was written."), sys.stderr)
        return FAULT
    for line in report(inventory, path):
        _say(line)
    if signature is not None:
        _say(tr("Wrote {file}.", file=signature))
    return DONE


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog=os.path.basename(sys.argv[0]) or "terrier-agent.pyz",
        description=tr("Inventories this computer into one file. It installs nothing, and needs no network."),
    )
    parser.add_argument(
        "--out",
        metavar="FILE",
        default="",
        help=tr("write the inventory to this file, not to a new one beside this program"),
    )
    parser.add_argument(
        "--sign", metavar="KEY", default="", help=tr("also sign it with this private key: FILE.sig, by ssh-keygen")
    )
    parser.add_argument(
        "--watch",
        metavar="N",
        type=int,
        default=0,
        help=tr("watch connections for N seconds as well; Ctrl-C ends it with what was seen"),
    )
    parser.add_argument(
        "--arguments", action="store_true", help=tr("also the arguments of processes, which can hold passwords")
    )
    return parser


def free_path(folder: Path, inventory: Inventory) -> Path:
    """A file in the folder that is not there yet, named after the computer and the time. Raises FileProblem."""
    if not os.access(folder, os.W_OK):
        raise FileProblem(Message("{folder} cannot be written to: name a file with --out.", folder=folder))
    name = str(inventory.document["content"].get("hardware", {}).get("name") or "computer")
    when = time.strftime("%Y%m%d-%H%M%S", time.localtime(clock.moment().timestamp()))
    stem = f"{re.sub(r'[^A-Za-z0-9._-]+', '-', name).strip('.-')[:60] or 'computer'}-{when}"
    number, path = 1, folder / f"{stem}.json"
    while path.exists():
        number += 1
        path = folder / f"{stem}-{number}.json"
    return path


def report(inventory: Inventory, path: Path) -> Iterator[str]:
    """What was collected, what could not be, what an administrator would get besides, and the file; in lines."""
    for state in (COLLECTED, ABSENT):
        named = [str(collector_name(one.name)) for one in inventory.outcomes if one.state == state and not one.note]
        if named:
            yield f"{sentence_case(collector_state(state))}: {', '.join(named)}."
    for one in inventory.outcomes:
        if one.note or one.state not in (COLLECTED, ABSENT):
            yield _outcome(one)
    if inventory.elevate:
        parts = ", ".join(str(elevated_part(part)) for part in inventory.elevate)
        yield tr("Run as administrator to find also: {facts}.", facts=parts)
    yield tr("Wrote {file}.", file=path)


def _outcome(one: CollectorOutcome) -> str:
    said = [str(collector_state(one.state)), *([str(one.note)] if one.note else [])]
    return f"{sentence_case(collector_name(one.name))}: {', '.join(said)}."


def _progress(done: int, total: int, text: Message) -> None:
    if sys.stderr is not None and sys.stderr.isatty():
        print(f"\r{text}: {done} / {total} ", end="\n" if done == total else "", file=sys.stderr, flush=True)


def _say(line: str, file: TextIO | None = None) -> None:
    """Says a line, as far as anybody can hear it: the inventory is written whatever becomes of what is said of it."""
    stream = file or sys.stdout
    if stream is None:  # there is no console
        return
    encoding = stream.encoding or "utf-8"
    try:
        print(escaped(line).encode(encoding, "backslashreplace").decode(encoding), file=stream, flush=True)
    except OSError:  # a full disk, or whoever reads has gone away: nothing is written there at the end, either
        with suppress(OSError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())

"""Makes the estate that is kept of a format, for every later Terrier to open.

    python -m tests.cmdb.store.upkeep.kept.generator FOLDER

writes ``format-<n>.terrier.gz``, as the Terrier that runs it lays it out and writes it, and ``format-<n>.json.xz``:
what was in it after each of its revisions; and ``pruned-<n>.terrier.gz``, the same estate with a part of its history
pruned. It is run once for each format, by the last Terrier before the format is
raised (check that one out, put this file into it), and the files are added beside this one. They never change
afterwards; ``test_old_formats`` opens whatever stands there.

The story is made only of ``Edit`` and ``Revision``, whose meaning does not change, so that it can be told by each. It
has every kind of record, sources that contradict each other, a class and a relationship type of the estate's own,
deletions with what hangs on them, undos, an undo of an undo, and an import that is staged and not applied. Ids and
times are made up and the same each time.
"""

from __future__ import annotations

import gzip
import json
import lzma
import sqlite3
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import UUID, uuid5

from cmdb.model.exact_json import written
from cmdb.model.revision import Edit, Record, Revision, ci
from cmdb.model.selection import Selection
from cmdb.register import history, retention
from cmdb.store.rows import tables
from cmdb.store.staging import stage
from cmdb.store.store import Store
from cmdb.store.upkeep.integrity import check_integrity
from cmdb.store.upkeep.startup import create_estate, open_estate
from tests.cmdb.grouped_links import grouped, joined, left

SPACE = UUID("6f0c5b1e-2a58-7c3e-9b7d-54455252494b")
START = datetime(2025, 3, 3, 8, 0)
PRUNED = 20
"""The revision up to which the history of the pruned estate is not kept."""
KINDS = (
    "relationship", "group", "membership", "sighting", "assignment", "decision", "saved_view", "mapping", "lock",
    "attachment", "snapshot", "schema_entry",
)  # fmt: skip
OWN = {
    "class": {
        "forklift": {
            "label": "Forklift", "parent": "hardware",
            "attributes": {"reach": {"type": "integer", "unit": "mm", "indexed": True}},
        },
        "laptop": {"attributes": {"sticker": {"type": "text", "label": "Sticker"}}},
    },
    "relationship": {
        "tows": {"label": "tows", "inverse": "is towed by", "subjects": ["forklift"], "objects": ["hardware"]},
    },
}  # fmt: skip


def uid(name: str) -> str:
    """The id of what is called that: always the same."""
    return str(uuid5(SPACE, name))


def new(cls: str, name: str, **values: Any) -> Edit:
    """The edit that creates a CI."""
    return Edit(ci(uid(name)), "", None, {"class": cls, "name": name, **values})


def put(kind: str, /, *key: str, **fields: Any) -> Edit:
    """The edit that creates another record."""
    return Edit(Record(kind, key), "", None, fields)


class Story:
    """Writes revisions, an hour apart."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.number = 0
        store.clock = lambda: self.moment(5)

    def moment(self, minute: int = 0) -> str:
        """A time in the hour of the revision that comes next."""
        return (START + timedelta(hours=self.number, minutes=minute)).isoformat(timespec="milliseconds") + "Z"

    def write(self, *edits: Edit, author: str = "Anja", source: str = "person", reason: str = "") -> int:
        """Applies a revision; its number."""
        self._apply(Revision(edits, author, source, reason))
        return self.number

    def undo(self, number: int) -> int:
        """Takes a revision back; the number of the undo."""
        with self.store.read() as reader:
            revision, _ = history.preview_undo(reader, number, "Tom")
        self._apply(revision)
        return self.number

    def set(self, name: str, field: str, value: Any) -> Edit:
        """The edit of one value as it is now."""
        with self.store.read() as reader:
            return Edit(ci(uid(name)), field, reader.get(uid(name)).values.get(field), value)

    def _apply(self, revision: Revision) -> None:
        fixed = replace(revision, id=uid(f"revision {self.number + 1}"), time=self.moment())
        assert self.store.apply(fixed).number == self.number + 1
        self.number += 1


def tell(store: Store) -> None:
    """Writes the story into an empty estate."""
    story = Story(store)
    _ground(story)
    _links(story)
    _own_classes(story)
    _documents(story)
    _contradictions(story)
    _changes(story)
    _regroupings(story)
    _amounts(story)
    _reviews(story)
    _sightings(story)
    staged = [new("laptop", f"LT-{n} (staged)", asset_tag=f"STAGED-{n}") for n in range(4)]
    stage(store, Revision(staged, "Anja", "import:later.xlsx", "not applied yet", uid("staged"), story.moment()), {})


def _ground(story: Story) -> None:
    places = [new("site", name, notes=f"{name}: Hafen, Kai 3, “Speicher”") for name in ("Rotterdam", "Gent", "Łódź")]
    people = [
        new("person", name, email=f"{name.split()[0].lower()}@harbour.example", user_name=name.split()[0].lower())
        for name in ("Anja Vogt", "Tom Okafor", "Zoë Brandt", "Ülkü Şahin")
    ]
    story.write(*places, *people, new("manufacturer", "Northwind"), source="import:people.xlsx", reason="Import")
    names = ("Rotterdam", "Gent", "Łódź"), ("Anja Vogt", "Tom Okafor", "Zoë Brandt")
    laptops = [
        new(
            "laptop", f"LT-{n:03d}", asset_tag=f"A{n:05d}", serial_number=f"sn-{n * 7919:07d}", memory=8192,
            location=uid(names[0][n % 3]), assigned_to=uid(names[1][n % 3]), manufacturer=uid("Northwind"),
            purchase_date=f"2024-0{n % 9 + 1}-15", purchase_cost=Decimal("899.50") + n,
            notes="words to be found " * (n % 4) + "x",
        )
        for n in range(40)
    ]  # fmt: skip
    servers = [new("server", f"srv-{n}", host_name=f"srv-{n}.harbour.example", memory=65536) for n in range(8)]
    guests = [new("virtual_machine", f"vm-{n}", host=uid(f"srv-{n % 8}")) for n in range(12)]
    story.write(*laptops, *servers, *guests, source="import:register.xlsx", reason="Import of register.xlsx")


def _links(story: Story) -> None:
    story.write(new("application", "Booking"), new("business_service", "Shipping"), new("application", "Mail"))
    group = uid("group of hosts")
    story.write(
        put("group", group, owner=uid("Booking"), label="hosts", needs="2"),
        *(edit for n in range(3) for edit in grouped("depends_on", uid("Booking"), uid(f"vm-{n}"), group)),
        put("relationship", "depends_on", uid("Mail"), uid("vm-5"), note="since the move"),
        put("relationship", "depends_on", uid("Shipping"), uid("Booking")),
    )
    software = (("Mozilla", "Firefox", "", "128.0"), ("Contoso", "Planner", "Professional", "11"))
    story.write(
        *(
            put("installation", uid(f"LT-{n:03d}"), "user" if n % 2 else "", *software[n % 2],
                installed_on="2025-01-10", origin="deb", **({"user": uid("Anja Vogt")} if n % 3 == 0 else {}))
            for n in range(20)
        ),
        *(put("sighting", uid(f"LT-{n:03d}"), "scan:agent", "software", observed=story.moment()) for n in range(20)),
        author="agent", source="scan:agent", reason="Scan",
    )  # fmt: skip
    story.write(
        new("entitlement", "Planner for twelve", product="Planner", publisher="Contoso", metric="device", quantity=12),
        put("assignment", uid("Planner for twelve"), uid("Anja Vogt"), since="2025-02-01"),
        put("assignment", uid("Planner for twelve"), uid("LT-004"), since="2025-02-02"),
    )


def _own_classes(story: Story) -> None:
    story.write(put("schema_entry", uid("own classes"), document=OWN), reason="Classes of our own")
    lifts = [new("forklift", f"FL-{n}", reach=3000 + 100 * n, asset_tag=f"F{n}") for n in range(5)]
    story.write(
        *lifts, put("relationship", "tows", uid("FL-1"), uid("srv-0")), Edit(ci(uid("LT-001")), "sticker", None, "red")
    )


def _documents(story: Story) -> None:
    question = {"kind": "identity", "state": "open", "question": "Is it the same?", "candidates": [uid("LT-002")]}
    story.write(
        put("decision", uid("decision"), **question),
        put(
            "saved_view", uid("view"), name="Mine", cls="laptop", where="memory > 4096", sort="-name", columns=["name"]
        ),
        put("mapping", uid("mapping"), name="register", headers=["Tag", "Name"], columns={"Tag": "asset_tag"}),
        put("lock", uid("lock"), ci=uid("LT-003"), attribute="memory"),
        put("attachment", uid("attachment"), record=uid("LT-003"), name="invoice.pdf", size=12345),
        put("snapshot", uid("snapshot"), name="Year's end", revision=5),
    )
    story.write(
        Edit(Record("decision", (uid("decision"),)), "state", "open", "done"),
        Edit(Record("saved_view", (uid("view"),)), "name", "Mine", "Ours"),
        Edit(Record("lock", (uid("lock"),)), "", {}, None),
    )


def _contradictions(story: Story) -> None:
    """Sources that say different things of the same; the best, or the latest, wins."""
    for source, memory, observed in (
        ("scan:agent", 16384, "2025-03-04T10:00:00Z"),
        ("sheet:old.xlsx", 4096, "2024-01-01T00:00:00Z"),
        ("sheet:new.xlsx", 8192, "2025-03-05T00:00:00Z"),
    ):
        claims = [
            Edit(Record("claim", (uid(f"LT-{n:03d}"), source)), "memory", None, [memory, observed]) for n in range(10)
        ]
        mac = Edit(Record("claim", (uid("LT-000"), source)), "evidence.mac", None, [["02:00:00:00:00:01"], observed])
        story.write(*claims, mac, source=source.partition(":")[0] + ":" + source.partition(":")[2], reason=source)


def _changes(story: Story) -> None:
    many = story.write(*(story.set(f"LT-{n:03d}", "status", "In repair") for n in range(15)), reason="All to repair")
    story.write(story.set("LT-003", "status", "Retired"), story.set("LT-004", "notes", None))
    undone = story.undo(many)
    story.undo(undone)
    story.write(Edit(ci(uid("LT-030")), "class", "laptop", "desktop"), reason="Is a desktop")
    gone = story.write(
        *(Edit(ci(uid(name)), "", {}, None) for name in ("Zoë Brandt", "srv-1", "LT-002", "FL-4")), reason="Gone"
    )
    story.write(story.set("LT-010", "location", uid("Łódź")), story.set("FL-1", "reach", 4200))
    story.undo(gone)
    story.write(Edit(ci(uid("srv-2")), "", {}, None), reason="Gone for good")
    installation = Record("installation", (uid("LT-000"), "", "Mozilla", "Firefox", "", "128.0"))
    story.write(Edit(installation, "last_used", None, "2025-03-01"), author="agent", source="scan:agent")
    story.write(Edit(Record("installation", (uid("LT-006"), "", "Mozilla", "Firefox", "", "128.0")), "", {}, None))
    story.write(Edit(Record("relationship", ("depends_on", uid("Mail"), uid("vm-5"))), "note", "since the move", None))


def _regroupings(story: Story) -> None:
    """A relationship joins a redundancy group, goes to another one, stands alone, and its group is deleted."""
    one, other = uid("group of mail hosts"), uid("group of mail stores")
    mail = [Record("relationship", ("depends_on", uid("Mail"), uid(f"vm-{n}"))) for n in (5, 6, 7)]
    story.write(
        put("group", one, owner=uid("Mail"), label="mail hosts", needs="1"),
        Edit(mail[0], "alone", None, False),
        joined(mail[0], one),
        *(edit for record in mail[1:] for edit in grouped(*record.key, one)),
        reason="Mail runs twice",
    )
    story.write(
        put("group", other, owner=uid("Mail"), label="mail stores", needs="50%"),
        left(mail[1], one), joined(mail[1], other), Edit(mail[1], "note", None, "moved"),
    )  # fmt: skip
    story.write(Edit(mail[2], "note", None, "second site"), left(mail[0], one))
    story.write(
        Edit(mail[0], "alone", None, False), joined(mail[0], one), Edit(Record("group", (one,)), "needs", "1", "2")
    )
    gone = story.write(
        Edit(Record("group", (one,)), "", {"owner": uid("Mail"), "label": "mail hosts", "needs": "2"}, None)
    )
    story.undo(gone)
    story.write(Edit(Record("group", (other,)), "", {}, None), Edit(mail[2], "", {}, None))


def _amounts(story: Story) -> None:
    """Amounts in several currencies, and what changed of them."""
    story.write(
        *(story.set(f"LT-{n:03d}", "currency", ("EUR", "USD", "JPY")[n % 3]) for n in range(12)),
        new("desktop", "WS-1", purchase_cost=Decimal("1234.56"), currency="EUR"),
        new("desktop", "WS-2", purchase_cost=Decimal("0.1"), currency="USD"),
        new("desktop", "WS-3", purchase_cost=Decimal("999999999.99"), currency="JPY"),
        new("entitlement", "Planner, more", product="Planner", publisher="Contoso", metric="device", quantity=5,
            cost=Decimal("1999.95"), currency="USD"),
    )  # fmt: skip
    story.write(story.set("WS-1", "purchase_cost", Decimal("1300.0")), story.set("WS-2", "purchase_cost", None))
    story.write(story.set("Planner, more", "cost", Decimal("2100.05")), source="sheet:costs.xlsx")


def _reviews(story: Story) -> None:
    """Questions of a review: answered, open, and asked again."""
    for number, state in enumerate(("open", "done", "open")):
        body = {"kind": "identity", "state": state, "candidates": [uid("LT-005"), uid("LT-006")], "score": 0.5 + number}
        story.write(put("decision", uid(f"question {number}"), **body), source="import:later.xlsx")
    story.write(Edit(Record("decision", (uid("question 0"),)), "state", "open", "done"))
    story.write(Edit(Record("decision", (uid("question 1"),)), "state", "done", "open"))


def _sightings(story: Story) -> None:
    """A scan that finds everything unchanged, and one of another section."""
    seen = [Record("sighting", (uid(f"LT-{n:03d}"), "scan:agent", "software")) for n in range(3)]
    with story.store.read() as reader:
        known = reader.records("sighting")
    story.write(
        *(Edit(one, "observed", known[one.key]["observed"], story.moment()) for one in seen),
        put("sighting", uid("LT-000"), "scan:agent", "disks", observed=story.moment()),
        author="agent", source="scan:agent",
    )  # fmt: skip


# -- what is in it --------------------------------------------------------------------------------------------------


def told(store: Store) -> dict[str, Any]:
    """All that an estate holds after each of its revisions, and its journal, as plain JSON."""
    with store.read() as reader:
        journal = [
            {
                "number": h.number, "id": h.id, "time": h.time, "recorded": h.recorded, "author": h.author,
                "source": h.source, "reason": str(h.reason), "undoes": h.undoes, "undone_by": h.undone_by,
                "counts": [h.created, h.updated, h.deleted],
            }
            for h in reversed(reader.revisions(limit=10_000))
        ]  # fmt: skip
        found = {c.uid for number in range(1, reader.number + 1) for c in _cis(store, number)}
        versions = {u: [v.number for v in reader.versions(u)] for u in sorted(found)}
    moments = [moment(store, entry["number"]) for entry in journal]
    return _plain({"journal": journal, "versions": versions, "moments": moments})


def moment(store: Store, number: int | None = None) -> dict[str, Any]:
    """All that an estate holds after one revision."""
    with store.read(number) as reader:
        cis = {c.uid: [c.cls, dict(c.values)] for c in reader.all(Selection())}
        records = {kind: _records(reader.records(kind)) for kind in KINDS}
        installations = sorted(
            [
                [i.computer, i.scope, i.publisher, i.product, i.edition, i.version, i.user, i.environment,
                 i.installed_on, i.last_used, i.origin]
                for i in reader.all_installations()
            ]
        )  # fmt: skip
        said = {u: {s: dict(sorted(v.items())) for s, v in its.items()} for u, its in reader.said(cis).items()}
    found: dict[str, Any] = {"cis": cis, "said": said, "records": records, "installations": installations}
    return _plain(found)


def _plain(found: dict[str, Any]) -> dict[str, Any]:
    """As it is read back from the file of what is expected: amounts and other numbers exact."""
    plain: dict[str, Any] = json.loads(written(found), parse_float=Decimal)
    return plain


def _records(found: dict[tuple[str, ...], dict[str, Any]]) -> list[list[Any]]:
    return sorted(([list(key), fields] for key, fields in found.items()), key=lambda one: one[0])


def _cis(store: Store, number: int) -> Iterator[Any]:
    with store.read(number) as reader:
        yield from reader.all(Selection())


def make(folder: Path, tell: Callable[[Store], None] = tell) -> list[Path]:
    """Makes the files of the format that this Terrier writes."""
    with TemporaryDirectory() as scratch:
        where = Path(scratch) / "estate.terrier"
        store = create_estate(where)
        tell(store)
        assert check_integrity(store) == []
        expected = told(store)
        store.close()
        content = _content(where)
        store = open_estate(where)
        _prune(store)
        assert check_integrity(store) == []
        store.close()
        pruned = _content(where)
    document = written(expected).encode()
    made = {
        f"format-{tables.FORMAT}.terrier.gz": gzip.compress(content, 9, mtime=0),
        f"format-{tables.FORMAT}.json.xz": lzma.compress(document, preset=9),
        f"pruned-{tables.FORMAT}.terrier.gz": gzip.compress(pruned, 9, mtime=0),
    }
    for name, data in made.items():
        (folder / name).write_bytes(data)
    return [folder / name for name in made]


def _prune(store: Store) -> None:
    """Prunes the history before the revision ``PRUNED``."""
    with store.read() as reader:
        rule = retention.set_rule(reader, "1m", "Anja")
    store.apply(rule)
    kept = START + timedelta(hours=PRUNED, days=31)
    assert retention.prune(store, "Anja", now=kept.replace(tzinfo=UTC)).number


def _content(where: Path) -> bytes:
    with closing(sqlite3.connect(where, isolation_level=None)) as connection:
        connection.execute("VACUUM")
    return where.read_bytes()


if __name__ == "__main__":
    for written in make(Path(sys.argv[1])):
        print(written, written.stat().st_size)

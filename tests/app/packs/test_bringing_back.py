"""What is done in packs comes back: once, in any order, and what two people changed is a question."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from app.packs.bringing_back import BroughtPack, UnknownPack, bring_back
from app.packs.conflicts import open_conflicts
from app.packs.taking_along import Luggage, mark, pack_opened, take_along
from app.reviews.decisions import decision_revision
from app.reviews.inbox import gather
from cmdb.model.actors import Actor
from cmdb.model.errors import FileProblem, InvalidValue, UserError
from cmdb.model.revision import Edit, Revision, ci, new_id
from cmdb.store.store import Store
from cmdb.store.upkeep.integrity import check_integrity
from cmdb.store.upkeep.startup import create_estate, open_estate


class PackedSite:
    """An estate with a laptop, two rooms and a person; packs of it are written beside it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.store = create_estate(folder / "estate.terrier")
        self.uids = {name: new_id() for name in ("R0", "R1", "R2", "Anna", "LT-7")}
        self.apply(
            self.store,
            *(Edit(ci(self.uids[n]), "", None, {"class": "room", "name": n}) for n in ("R0", "R1", "R2")),
            Edit(ci(self.uids["Anna"]), "", None, {"class": "person", "name": "Anna"}),
            Edit(ci(self.uids["LT-7"]), "", None,
                 {"class": "laptop", "name": "LT-7", "location": self.uids["R0"], "serial_number": "S7"}),
        )  # fmt: skip

    def pack(self, name: str, luggage: Luggage | None = None) -> Path:
        path = self.folder / f"{name}.terrier"
        take_along(self.store, path, luggage or Luggage(), name)
        return path

    def apply(self, store: Store, *edits: Edit, author: str = "tester", time: str = "") -> None:
        store.apply(Revision(edits, author, **({"time": time} if time else {})))

    def work(self, path: Path, *revisions: list[Edit], time: str = "") -> None:
        """Writes revisions in a pack."""
        store = open_estate(path, writer=lambda: Actor(path.stem, login=f"{path.stem}-laptop"))
        for edits in revisions:
            self.apply(store, *edits, author=path.stem, time=time)
        store.close()

    def place(self, before: str, after: str) -> Edit:
        return Edit(ci(self.uids["LT-7"]), "location", self.uids[before], self.uids[after])

    def bring(self, path: Path, **options: Any) -> BroughtPack:
        return bring_back(self.store, path, "office", **options)

    def laptop(self) -> dict[str, Any]:
        with self.store.read() as reader:
            return dict(reader.get(self.uids["LT-7"]).values)

    def number(self) -> int:
        return self.store.data_version()

    def decide(self, choice: str) -> None:
        with self.store.read() as reader:
            (one,) = open_conflicts(reader)
            revision = decision_revision(reader, one.id, choice, "office")
        self.store.apply(revision)


@pytest.fixture
def site(tmp_path: Path) -> Iterator[PackedSite]:
    made = PackedSite(tmp_path)
    yield made
    assert check_integrity(made.store) == []
    made.store.close()


def test_two_packs_one_conflict_and_the_person_goes_in(site: PackedSite) -> None:
    a, b = site.pack("A"), site.pack("B")
    site.work(a, [site.place("R0", "R1")])
    person = Edit(ci(site.uids["LT-7"]), "assigned_to", None, site.uids["Anna"])
    site.work(b, [site.place("R0", "R2"), person])
    assert site.bring(a).conflicts == ()
    (conflict,) = site.bring(b).conflicts
    assert (conflict.record, conflict.field, conflict.who) == (site.uids["LT-7"], "location", "B")
    assert (conflict.said, conflict.present) == (site.uids["R2"], site.uids["R1"])
    assert conflict.device == "B-laptop"
    assert site.laptop()["location"] == site.uids["R1"]
    assert site.laptop()["assigned_to"] == site.uids["Anna"]
    number = site.number()
    again = site.bring(a)
    assert (again.numbers, again.known, site.number()) == ((), 1, number)
    with site.store.read() as reader:
        header = reader.revision(number - 1)
        assert (header.author, header.actor) == ("B", Actor("B", login="B-laptop"))
        (question,) = gather(reader).questions
        assert [side.values.get("location") for side in question.sides] == [site.uids["R2"], site.uids["R1"]]
    site.decide("take")
    assert site.laptop()["location"] == site.uids["R2"]
    assert site.bring(b).numbers == ()


def test_what_the_estate_says_can_be_kept_and_is_not_asked_again(site: PackedSite) -> None:
    a = site.pack("A")
    site.work(a, [site.place("R0", "R1")])
    site.apply(site.store, site.place("R0", "R2"))
    assert len(site.bring(a, preview=True).conflicts) == 1
    with site.store.read() as reader:
        assert open_conflicts(reader) == []
    site.bring(a)
    site.work(a, [site.place("R1", "R2")])  # The pack comes to say what the estate has.
    assert site.bring(a).conflicts == ()
    with site.store.read() as reader:
        assert open_conflicts(reader) == []
    assert site.laptop()["location"] == site.uids["R2"]


def test_a_record_made_twice_is_one_in_any_order(site: PackedSite) -> None:
    a, b = site.pack("A"), site.pack("B")
    first, second = sorted((new_id(), new_id()))
    site.work(a, [Edit(ci(first), "", None, {"class": "laptop", "name": "LT-8", "serial_number": "X99-4711"})])
    site.work(
        b, [Edit(ci(second), "", None, {"class": "laptop", "name": "LT-8", "serial_number": "X99-4711"})],
        [Edit(ci(second), "location", None, site.uids["R1"])],
    )  # fmt: skip
    other = create_other(site)
    for store, order in ((site.store, (a, b)), (other, (b, a))):
        for path in (*order, *order):
            bring_back(store, path, "office")
        with store.read() as reader:
            found = reader.get(first)
            assert (found.values["serial_number"], found.values["location"]) == ("X99-4711", site.uids["R1"])
            assert reader.find(second).uid == first
            assert second not in reader.names([second])
    assert check_integrity(other) == []
    other.close()


def create_other(site: PackedSite) -> Store:
    """The estate once more, as it is now."""
    site.store.close()
    path = site.folder / "other.terrier"
    shutil.copy(site.folder / "estate.terrier", path)
    site.store = open_estate(site.folder / "estate.terrier")
    return open_estate(path)


def test_what_was_deleted_meanwhile_is_a_conflict(site: PackedSite) -> None:
    a, b = site.pack("A"), site.pack("B")
    site.work(a, [site.place("R0", "R1")])
    site.work(b, [Edit(ci(site.uids["LT-7"]), "", {"class": "laptop"}, None)])
    site.apply(site.store, Edit(ci(site.uids["R1"]), "", {"class": "room"}, None))
    (gone,) = site.bring(a).conflicts
    assert (gone.field, gone.said) == ("location", site.uids["R1"])
    with pytest.raises(UserError):
        site.decide("take")
    site.decide("keep")
    assert site.bring(b).conflicts == ()
    with site.store.read() as reader:
        assert site.uids["LT-7"] not in reader.names([site.uids["LT-7"]])


def test_numbers_that_clash_keep_the_old_one_findable(site: PackedSite) -> None:
    a = site.pack("A")
    task, other = new_id(), new_id()
    site.work(a, [Edit(ci(task), "", None, {"class": "task", "name": "Look for it"})])
    site.apply(site.store, Edit(ci(other), "", None, {"class": "task", "name": "Buy paper"}))
    assert site.bring(a).conflicts == ()
    with site.store.read() as reader:
        numbers = [reader.get(uid).values["number"] for uid in (other, task)]
        assert len(set(numbers)) == 2
        assert "number" in {key[0] for key in aliases(reader, task)}


def aliases(reader: Any, uid: str) -> list[tuple[str, ...]]:
    from cmdb.store.reading.naming import naming

    return list(naming(reader, "alias", [uid]))


def test_a_pack_holds_what_its_records_name_and_says_what_it_is(site: PackedSite) -> None:
    path = site.pack("A", Luggage("name = LT-7"))
    store = open_estate(path)
    with store.read() as reader:
        assert {one for _, one in reader.names(site.uids.values()).values()} == {"LT-7", "R0"}
        pack = pack_opened(reader)
        assert pack is not None
        assert (pack.by, pack.records) == ("A", 2)
        assert "A.terrier" in str(mark(pack))
    assert check_integrity(store) == []
    store.close()
    with site.store.read() as reader:
        assert pack_opened(reader) is None
    with pytest.raises(InvalidValue):
        site.pack("B", Luggage("name = nobody"))


def test_a_clock_that_is_wrong_by_a_year_is_told(site: PackedSite) -> None:
    a = site.pack("A")
    site.work(a, [site.place("R0", "R1")], time="2031-01-01T00:00:00.000Z")
    done = site.bring(a)
    assert "2031" in str(done.remarks[0])
    with site.store.read() as reader:
        header = reader.revision(done.numbers[0])
        assert header.time == "2031-01-01T00:00:00.000Z"
        assert header.recorded < "2031"


def changed_byte(path: Path) -> None:
    content = bytearray(path.read_bytes())
    place = content.rindex(b"LT-7")
    content[place : place + 4] = b"LT-9"
    path.write_bytes(content)


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def left_open(path: Path) -> None:
    path.with_name(f"{path.name}-wal").write_bytes(b"something")


def no_estate(path: Path) -> None:
    path.write_text("Dear all,\n")


@pytest.mark.parametrize("spoil", [changed_byte, cut, left_open, no_estate])
def test_a_spoiled_pack_is_refused_in_one_line(site: PackedSite, spoil: Callable[[Path], None]) -> None:
    a = site.pack("A")
    site.work(a, [site.place("R0", "R1")])
    spoil(a)
    number = site.number()
    with pytest.raises(UserError) as caught:
        site.bring(a)
    assert "A.terrier" in str(caught.value)
    assert site.number() == number


def test_strangers_are_refused_and_unknown_keys_are_asked_about(site: PackedSite, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    elsewhere = PackedSite(tmp_path / "elsewhere")
    with pytest.raises(FileProblem, match="another estate"):
        site.bring(elsewhere.pack("C"))
    elsewhere.store.close()
    with pytest.raises(UserError, match="no pack"):
        site.bring(tmp_path / "elsewhere" / "estate.terrier")
    other = create_other(site)
    path = site.pack("A")
    site.work(path, [site.place("R0", "R1")])
    with pytest.raises(UnknownPack):
        bring_back(other, path, "office")
    assert len(bring_back(other, path, "office", trust=True).numbers) == 2
    assert bring_back(other, path, "office").numbers == ()
    other.close()

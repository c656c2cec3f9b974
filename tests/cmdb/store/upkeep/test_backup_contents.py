"""An estate's own backups hold the contents of attached files once, and a restored one holds them again."""

from __future__ import annotations

import os
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from cmdb.model.control import Control
from cmdb.model.errors import Cancelled
from cmdb.model.revision import Edit, Record
from cmdb.register import retention
from cmdb.store.connection.ciphers import Key, is_encrypted, new_key
from cmdb.store.store import Store
from cmdb.store.upkeep import backup_contents
from cmdb.store.upkeep.backups import BackupReason, back_up, folder_of, kept
from cmdb.store.upkeep.copies import restore, write_backup
from cmdb.store.upkeep.integrity import check_integrity
from cmdb.store.upkeep.rekeying import rekey_estate
from cmdb.store.upkeep.startup import create_estate, open_estate
from tests.cmdb.some_files import content
from tests.cmdb.store.conftest import Hand
from tests.cmdb.store.test_attachments import attach, read

NOON = datetime(2026, 7, 15, 12, 0)
PHOTO = os.urandom(3 << 20)


@pytest.fixture(autouse=True)
def _few(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(backup_contents, "LEAST", 1 << 19)


def filled(where: Path, key: Key | None = None) -> tuple[Store, str]:
    """An estate with a laptop and its photo."""
    store = create_estate(where, key=key)
    laptop = Hand(store).make("laptop", "LT-1")
    attach(store, laptop, content(PHOTO))
    return store, laptop


def backed_up(store: Store, days: int) -> list[Path]:
    """A backup on each of some days, something changing in between."""
    hand, found = Hand(store), []
    for day in range(days):
        hand.make("site", f"Site {day} {NOON}")
        found.append(back_up(Path(str(store.where)), BackupReason.DAILY, moment=NOON + timedelta(day), key=store.key))
    return [path for path in found if path is not None]


def size_of(where: Path) -> int:
    return sum(path.stat().st_size for path in folder_of(where).iterdir())


@pytest.mark.parametrize("encrypted", [False, True])
def test_contents_stand_once_beside_all_backups(tmp_path: Path, encrypted: bool) -> None:
    key = new_key("nine lives of a cat") if encrypted else None
    where = tmp_path / "estate.terrier"
    store, laptop = filled(where, key)
    made = backed_up(store, 4)
    place = backup_contents.place_of(made[0])
    assert size_of(where) < 3 * len(PHOTO)
    assert is_encrypted(place) is encrypted
    assert place.stat().st_mode & 0o777 == where.stat().st_mode & 0o777
    store.close()
    for target in (where, tmp_path / "again.terrier"):
        restore(made[1], target, key, key)
        again = open_estate(target, key=key)
        assert read(again, laptop) == {"photo.jpg": PHOTO}
        assert check_integrity(again) == []
        again.close()


def test_a_copy_that_a_person_makes_is_whole(tmp_path: Path) -> None:
    store, laptop = filled(tmp_path / "estate.terrier")
    write_backup(store, tmp_path / "copy.terrier")
    store.close()
    copied = open_estate(tmp_path / "copy.terrier")
    assert read(copied, laptop) == {"photo.jpg": PHOTO}
    copied.close()


def test_they_are_encrypted_and_decrypted_with_the_backups(tmp_path: Path) -> None:
    where, key = tmp_path / "estate.terrier", new_key("nine lives of a cat")
    store, laptop = filled(where)
    made = backed_up(store, 2)
    store.close()
    assert rekey_estate(where, None, key).left == ()
    assert PHOTO[:64] not in backup_contents.place_of(made[0]).read_bytes()
    restore(made[0], tmp_path / "again.terrier", key)
    again = open_estate(tmp_path / "again.terrier", key=key)
    assert read(again, laptop) == {"photo.jpg": PHOTO}
    again.close()
    assert rekey_estate(where, key, None).left == ()
    assert not is_encrypted(backup_contents.place_of(made[0]))


def test_contents_that_no_backup_names_go(tmp_path: Path) -> None:
    where = tmp_path / "estate.terrier"
    store, _ = filled(where)
    backed_up(store, 1)
    with store.read() as reader:
        records = reader.records("attachment")
        rule = retention.set_rule(reader, "12m", "anna")
    store.apply(rule)
    Hand(store).apply(*(Edit(Record("attachment", key), "", fields, None) for key, fields in records.items()))
    retention.prune(store, "anna", now=datetime(2100, 1, 1).astimezone())
    place = backup_contents.place_of(kept(where)[0].path)
    assert place.stat().st_size > 1 << 20
    backed_up(store, 9)
    assert place.stat().st_size < 1 << 18
    store.close()


def test_what_is_not_there_or_not_readable_stops_nothing(tmp_path: Path) -> None:
    where = tmp_path / "estate.terrier"
    store, _ = filled(where)
    (made,) = backed_up(store, 1)
    place = backup_contents.place_of(made)
    place.unlink()
    restore(made, tmp_path / "alone.terrier")
    assert backup_contents.lost(tmp_path / "alone.terrier", None) == 1
    alone = open_estate(tmp_path / "alone.terrier")
    assert len(check_integrity(alone)) == 1
    alone.close()
    place.write_bytes(b"nothing that can be read" * 200)
    (whole,) = backed_up(store, 1)
    assert whole.stat().st_size > len(PHOTO)
    Hand(store).make("site", "Another")
    control = Control()
    control.cancel()
    with pytest.raises(Cancelled):
        back_up(where, BackupReason.IMPORT, control, moment=NOON + timedelta(9))
    store.close()

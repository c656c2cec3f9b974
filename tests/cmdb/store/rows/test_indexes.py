"""The indexes of attributes that no CI has: they are put off after a load, and made for the first value."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from cmdb.model.revision import Edit, Record, Revision, ci, new_id
from cmdb.register.drafts import new_draft
from cmdb.store.connection import engine as engines
from cmdb.store.drafts.draft_store import DraftStore
from cmdb.store.reading.lookup import StoreLookup
from cmdb.store.rows import indexes, tables
from cmdb.store.store import Store
from cmdb.store.upkeep.estate_transfer import move
from cmdb.store.upkeep.integrity import check_integrity
from cmdb.store.upkeep.startup import create_estate, open_estate
from cmdb.store.writing import revision_transaction
from tests.cmdb.store.conftest import Hand


@pytest.fixture
def loaded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    """A file that three phones were loaded into, of which one has a number."""
    monkeypatch.setattr(revision_transaction, "LOADING", 3)
    store = create_estate(tmp_path / "loaded.terrier")
    edits = [Edit(ci(new_id()), "", None, {"class": "phone", "name": f"PH-{n}"}) for n in range(3)]
    edits.append(Edit(edits[0].record, "phone_number", None, "+41 44 668 18 00"))
    store.apply(Revision(edits, "anna"))
    yield store
    store.close()


def present(store: Store) -> set[str]:
    with store._engine.connect() as connection:
        return indexes.present(connection)


def waiting(store: Store) -> set[str]:
    with store._engine.connect() as connection:
        return indexes.put_off(connection)


def test_after_a_load_no_index_is_made_that_would_hold_nothing(loaded: Store) -> None:
    assert "ix_extra_phone_number" in present(loaded)
    assert {"ix_extra_imei", "ix_extra_sku", "ix_ci_end"} <= waiting(loaded)
    assert not waiting(loaded) & present(loaded)
    assert loaded.missing_indexes() == []
    loaded.follow_schema()
    assert "ix_extra_imei" not in present(loaded)
    assert check_integrity(loaded) == []


def test_the_first_value_makes_its_index(loaded: Store) -> None:
    with loaded.read() as reader:
        uid = reader.find("PH-1").uid
        assert StoreLookup(reader).by_attribute(["phone"], "imei", ["356938035643809"]) == {}
    Hand(loaded).set(uid, "imei", "356938035643809")
    assert "ix_extra_imei" in present(loaded)
    assert "ix_extra_imei" not in waiting(loaded)
    assert "ix_extra_sku" in waiting(loaded)
    with loaded.read() as reader:
        assert StoreLookup(reader).by_attribute(["phone"], "imei", ["356938035643809"]) == {"356938035643809": [uid]}
    assert check_integrity(loaded) == []


def test_a_first_value_in_a_draft_is_found_there_and_makes_its_index_when_applied(loaded: Store) -> None:
    with loaded.read() as reader:
        draft, revision = new_draft(reader, "Phones of 2027", "anna")
        uid = reader.find("PH-1").uid
    loaded.apply(revision)
    drafted = DraftStore(loaded, draft)
    drafted.apply(Revision([Edit(ci(uid), "imei", None, "356938035643809")], "anna"))
    with drafted.read() as reader:
        assert StoreLookup(reader).by_attribute(["phone"], "imei", ["356938035643809"]) == {"356938035643809": [uid]}
    with loaded.read() as reader:
        assert StoreLookup(reader).by_attribute(["phone"], "imei", ["356938035643809"]) == {}
    assert "ix_extra_imei" in waiting(loaded)
    drafted.commit("anna")
    assert "ix_extra_imei" in present(loaded)
    assert "ix_extra_imei" not in waiting(loaded)
    assert check_integrity(loaded) == []


def test_a_second_load_makes_what_it_fills(loaded: Store) -> None:
    hand = Hand(loaded)
    with loaded.read() as reader:
        uids = [reader.find(f"PH-{n}").uid for n in range(3)]
        wholes: list[Any] = [{"class": "phone", **reader.get(uid).values} for uid in uids]
    hand.apply(*(Edit(ci(uid), "", whole, None) for uid, whole in zip(uids, wholes, strict=True)))
    whole = {"class": "phone", "imei": "356938035643809"}
    hand.apply(*(Edit(ci(new_id()), "", None, {**whole, "name": f"PH-{n}"}) for n in range(3)))
    assert "ix_extra_imei" in present(loaded)
    assert "ix_extra_phone_number" in waiting(loaded)
    assert not waiting(loaded) & present(loaded)
    assert check_integrity(loaded) == []


def test_an_attribute_that_is_unmarked_meanwhile_is_not_waited_for(loaded: Store) -> None:
    hand = Hand(loaded)
    entry = Record("schema_entry", (new_id(),))
    fields: Any = {"document": {"class": {"phone": {"attributes": {"paint": {"label": "Paint", "indexed": True}}}}}}
    plain: Any = {"document": {"class": {"phone": {"attributes": {"paint": {"label": "Paint"}}}}}}
    hand.apply(Edit(entry, "", None, fields))
    with engines.writing(loaded._engine) as connection:
        connection.exec_driver_sql("DROP INDEX ix_extra_paint")
        indexes.put_off_where_empty(connection, loaded.schema, ["ix_extra_paint"], ())
    hand.apply(Edit(entry, "document", fields["document"], plain["document"]))
    assert "ix_extra_paint" not in waiting(loaded)
    with loaded.read() as reader:
        uid = reader.find("PH-1").uid
    hand.set(uid, "paint", "blue")
    hand.apply(Edit(entry, "document", plain["document"], fields["document"]))
    assert "ix_extra_paint" in present(loaded)


@pytest.mark.parametrize("names", ["ix_extra_phone_number", "ix_ci_location", "ix_ci_name", "ix_extra_nothing"])
def test_what_is_said_to_wait_and_has_values_is_found(loaded: Store, names: str) -> None:
    with engines.writing(loaded._engine) as connection:
        connection.execute(tables.meta.update().where(tables.meta.c.key == indexes.PUT_OFF), {"value": names})
    assert any("changed from outside: indexes_put_off" in str(one) for one in check_integrity(loaded))


def test_an_estate_that_is_copied_to_another_database_has_all_indexes(loaded: Store, tmp_path: Path) -> None:
    move(loaded, tmp_path / "other.terrier")
    other = open_estate(tmp_path / "other.terrier")
    assert {"ix_extra_imei", "ix_extra_phone_number"} <= present(other)
    assert waiting(other) == set()
    assert check_integrity(other) == []
    other.close()

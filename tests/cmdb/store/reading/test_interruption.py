"""A query that is no longer needed is interrupted."""

from __future__ import annotations

import threading
import time
from pathlib import Path

import pytest
from sqlalchemy import text

from cmdb.model.errors import UserError
from cmdb.store.upkeep.startup import create_estate

ENDLESS = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n"


def test_a_statement_is_ended_from_another_thread_and_the_reader_goes_on(tmp_path: Path) -> None:
    store = create_estate(tmp_path / "a.terrier")
    started = time.monotonic()
    with pytest.raises(Exception, match="interrupt") as found, store.read() as reader:  # noqa: PT012
        threading.Timer(0.05, reader.interrupt).start()
        reader._connection.execute(text(ENDLESS))
    assert not isinstance(found.value, UserError), "nobody is told: the answer is not wanted"
    assert time.monotonic() - started < 5
    with store.read() as reader:
        assert reader.counts() == {}
    store.close()

"""Whoever loses a race on the command line reads what the other one wrote, whatever the command."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from cmdb.model.applied_revision import AppliedRevision
from cmdb.model.control import Control
from cmdb.model.revision import Edit, Revision, ci
from cmdb.store.store import Store
from tests.app.cli.conftest import Done

Run = Callable[..., Done]


@pytest.fixture
def beside(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Lets Bea write something of a record when the next command has decided."""
    apply = Store.apply
    planned: list[tuple[str, str, str]] = []

    def together(store: Store, revision: Revision, control: Control | None = None) -> AppliedRevision:
        if planned:
            word, field, value = planned.pop()
            with store.read() as reader:
                one = reader.find(word)
            target = ci(one.uid)
            apply(store, Revision([Edit(target, field, one.values.get(field), value)], "Bea", reason="stocktaking"))
        return apply(store, revision, control)

    monkeypatch.setattr(Store, "apply", together)
    return lambda word, field, value: planned.append((word, field, value))


@pytest.mark.parametrize(
    ("words", "field", "value"),
    [
        (("set", "A-3", "notes=mine"), "notes", "hers"),
        (("relocate", "A-3", "to=Berlin"), "status", "Lost"),
        (("merge", "A-3", "A-1", "into=A-1"), "notes", "hers"),
    ],
)
def test_it_is_told(
    words: tuple[str, ...], field: str, value: str, terrier: Run, estate: Path, beside: Callable[..., None]
) -> None:
    terrier("change-class", "A-1", "class=Laptop")
    beside("A-3", field, value)
    done = terrier(*words, "--json")
    assert done.status == 0, done.err
    assert done.json["revision"] == 4
    assert "nb-1 was changed meanwhile" in done.err
    assert "Revision 3 by " in done.err
    assert "stocktaking" in done.err
    assert "decided anew" in done.err


def test_an_undo_tells_it_too(terrier: Run, estate: Path, beside: Callable[..., None]) -> None:
    terrier("set", "A-3", "notes=mine", "status=Lost")
    beside("A-3", "notes", "hers")
    done = terrier("undo", "2")
    assert "Revision 3 by " in done.err
    assert "Kept:" in done.out

"""The contract of ``create``: a record of any root; `id`, `number` where it has one, `revision`."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.app.cli.conftest import Done

Run = Callable[..., Done]


@pytest.fixture(autouse=True)
def _estate(estate: Path) -> None:
    """The small estate is the one that is asked."""


def test_a_record_is_made_and_answered_with_its_id_and_revision(terrier: Run) -> None:
    before = terrier("history", "--json").json["revisions"][0]["revision"]
    done = terrier("create", "Server", "name=srv-09", "memory=16 GB", "location=Berlin", "asset_tag=A-9",
                   "purchase_cost=1234.50", "currency=EUR", "--reason", "arrived", "--json")  # fmt: skip
    assert done.status == 0
    assert set(done.json) == {"id", "revision"}
    assert done.json["revision"] == before + 1
    shown = terrier("show", done.json["id"], "--json").json
    assert (shown["class"], shown["name"]) == ("Server", "srv-09")
    assert shown["attributes"]["memory"] == 16384
    assert shown["attributes"]["location"]["name"] == "Berlin"
    assert terrier("history", "--json").json["revisions"][0]["reason"] == "arrived"
    assert terrier("undo").status == 0
    assert terrier("show", "A-9").status == 2


@pytest.mark.parametrize("cls", ["Virtual machine", "virtual_machine", "virtual machines", "VM"])
def test_the_class_is_a_label_or_a_key(terrier: Run, cls: str) -> None:
    uid = terrier("create", cls, "name=vm-1", "host=srv-01", "--json").json["id"]
    shown = terrier("show", uid, "--json").json
    assert shown["class"] == "Virtual machine"
    assert shown["attributes"]["host"]["name"] == "srv-01"


def test_for_people_it_is_one_line(terrier: Run) -> None:
    done = terrier("create", "person", "name=Anja Vogt", "email=anja@harbour.example")
    assert done.status == 0
    assert done.out.startswith("Revision 2: Person Anja Vogt created (")
    assert len(done.out.splitlines()) == 1


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["Server"], "required"),
        (["Nonsense", "name=x"], "no class “Nonsense”"),
        (["Hardware", "name=x"], "Hardware is a group of classes"),
        (["Server", "memory=1024"], "Server needs Name"),
        (["Server", "name="], "Server needs Name"),
        (["Server", "name=x", "memory=much"], "number"),
        (["Server", "name=x", "flavour=sweet"], "no attribute “flavour”"),
        (["Server", "name=x", "location=Atlantis"], "There is no record “Atlantis” of class Place"),
        (["Server", "name=x", "location=Shop"], "Shop"),
        (["Server", "name=x", "asset_tag=A-1"], "must be unique"),
        (["Server", "name"], "ATTRIBUTE=VALUE"),
        (["Server", "name=x", "Name=y"], "Name is given twice"),
    ],
)
def test_what_cannot_be_is_one_line_and_nothing_is_written(terrier: Run, words: list[str], said: str) -> None:
    done = terrier("create", *words)
    assert done.status == 2
    assert said in done.err
    assert len(done.err.splitlines()) == 1
    assert done.out == ""
    assert len(terrier("history", "--json").json["revisions"]) == 1


def test_set_of_several_attributes_is_one_revision(terrier: Run) -> None:
    """The contract: `set RECORD ATTRIBUTE=VALUE…` … | one revision each | `revision`."""
    assert terrier("set", "A-1", "memory=1024", "notes=x", "status=In repair", "--json").json["revision"] == 2
    assert terrier("set", "A-1", "memory=1024", "--json").json["revision"] is None
    assert terrier("set", "A-1", "memory=1", "Memory=2").status == 2


def test_a_relationship_links_the_new_record_in_the_same_revision(terrier: Run) -> None:
    before = terrier("history", "--json").json["revisions"][0]["revision"]
    done = terrier("create", "task", "name=Swap disks", "concerns=srv-01", "concerns=Berlin", "--json")
    assert done.json == {"id": done.json["id"], "number": "TSK-1", "revision": before + 1}
    linked = {one["name"] for one in terrier("show", "TSK-1", "--json").json["relationships"]}
    assert linked == {"srv-01", "Berlin"}
    made = terrier("create", "Server", "name=srv-9", "located in=Berlin", "--json")
    assert terrier("show", made.json["id"], "--json").json["attributes"]["location"]["name"] == "Berlin", "stored there"
    for words, said in (
        (["site", "name=x", "concerns=srv-01"], "Class Site has no relationship “concerns”"),
        (["task", "name=x", "concerns=nothing"], "nothing"),
        (["Site", "name=x", "located in=Shop"], "cannot stand between"),
    ):
        refused = terrier("create", *words)
        assert refused.status == 2
        assert said in refused.err

"""An export that was edited and comes back: what the file changed, what the register changed, and what neither did."""

from __future__ import annotations

from pathlib import Path

import openpyxl

from app.import_proposal import propose, read_files
from app.record_tables import class_tables
from cmdb.model.revision import Edit, Revision, ci
from cmdb.model.selection import Selection
from cmdb.store.store import Store
from cmdb.store.upkeep.startup import create_estate
from importers.tables import write


def test_five_of_seven_changes_are_taken_and_two_conflict(tmp_path: Path) -> None:
    store = create_estate(tmp_path / "estate.terrier")
    people = {f"Person {n}": ci(f"01900000-0000-7000-8000-00000000000{n}") for n in range(8)}
    laptops = [ci(f"01900000-0000-7000-9000-0000000000{n:02}") for n in range(20)]
    owner = people["Person 0"].key[0]
    made = [Edit(record, "", None, {"class": "person", "name": name}) for name, record in people.items()]
    made += [
        Edit(record, "", None, {"class": "laptop", "name": f"LT-{n:02}", "assigned_to": owner})
        for n, record in enumerate(laptops)
    ]
    store.apply(Revision(made, "ann", "person"))
    path = tmp_path / "laptops.xlsx"
    with store.read() as reader:
        write(path, class_tables(reader, ["laptop"]))

    book = openpyxl.load_workbook(path)
    sheet = book.worksheets[0]
    column = [cell.value for cell in sheet[1]].index("Assigned to") + 1
    for number in range(7):
        sheet.cell(2 + number, column).value = f"Person {number + 1}"
    book.save(path)
    meanwhile = [Edit(one, "assigned_to", owner, people["Person 7"].key[0]) for one in laptops[:2]]
    store.apply(Revision(meanwhile, "bob", "person"))

    proposal = propose(store, read_files([path], store.schema)[0], "ann")
    assert (proposal.updated, proposal.rejected, proposal.unchanged, proposal.created) == (5, 2, 13, 0)
    assert [(p.row, p.column, p.value, p.accepted_text, p.code) for p in proposal.problems] == [
        (2, "Assigned to", "Person 1", "Person 7", "conflict.changed"),
        (3, "Assigned to", "Person 2", "Person 7", "conflict.changed"),
    ]
    store.apply(proposal.revision)
    assert holders(store) == [7, 7, 3, 4, 5, 6, 7, *[0] * 13]
    again = propose(store, read_files([path], store.schema)[0], "ann")
    assert (again.updated, again.rejected, list(again.revision.edits)) == (0, 2, [])
    store.close()


def holders(store: Store) -> list[int]:
    """The number of the person that has each laptop, in the order of their names."""
    with store.read() as reader:
        found = sorted(
            (str(one.values["name"]), str(one.values["assigned_to"])) for one in reader.all(Selection("laptop"))
        )
    return [int(uid[-1]) for _, uid in found]

"""Clean up in the window: records of nearly equal names are merged into the one to keep, as one revision."""

from __future__ import annotations

from collections.abc import Callable

from app.workspace import Workspace
from cmdb.model.revision import Edit, Revision, ci, new_id
from cmdb.model.selection import Selection
from ui.context import Context
from ui.proposals.clean_up import CleanUpList

Settle = Callable[..., None]


def test_groups_are_merged_into_the_record_to_keep_and_come_back_by_undo(
    context: Context, workspace: Workspace, settle: Settle
) -> None:
    ids = {name: new_id() for name in ("Nordwind", "NORDWIND ", "Südwerk", "Sudwerk", "nb-77")}
    made = [Edit(ci(uid), "", None, {"class": "manufacturer", "name": name.strip()}) for name, uid in ids.items()][:4]
    user = Edit(ci(ids["nb-77"]), "", None, {"class": "laptop", "name": "nb-77", "manufacturer": ids["NORDWIND "]})
    workspace.store.apply(Revision([*made, user], "test"))
    page = CleanUpList(context)
    page.ask()
    settle(lambda: page._groups.rowCount() > 0)
    found = {group.keep.name: [one.name for one in group.others] for group in page._groups.rows}
    assert found["NORDWIND"] == ["Nordwind"]
    assert "Südwerk" in found or "Sudwerk" in found
    line = next(i for i, group in enumerate(page._groups.rows) if group.keep.name == "NORDWIND")
    page.table.selectRow(line)
    page.records.selectRow(1)
    page.keep()
    page.merge(page._groups.rows)
    settle(lambda: page._groups.rowCount() == 0)

    def names() -> dict[str, str]:
        with workspace.store.read() as reader:
            return {one.uid: one.name for one in reader.all(Selection("manufacturer"))}

    assert names()[ids["Nordwind"]] == "Nordwind"
    assert ids["NORDWIND "] not in names()
    with workspace.store.read() as reader:
        assert reader.get(ids["nb-77"]).values["manufacturer"] == ids["Nordwind"]
    workspace.undo_stack.undo()
    assert names()[ids["NORDWIND "]] == "NORDWIND"

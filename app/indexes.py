"""Missing indexes of an estate's schema: their attributes, and building them."""

from __future__ import annotations

from app.workspace import Workspace
from cmdb.model.control import Control
from cmdb.model.messages import tr, verbatim
from cmdb.model.schema import Schema
from cmdb.store.rows.indexes import of_attribute


def build_indexes(workspace: Workspace, control: Control) -> list[str]:
    """Builds the missing indexes one by one. Returns their attributes' labels. Raises Cancelled, StoreProblem."""
    missing = workspace.missing_indexes()
    for number, name in enumerate(missing):
        control.check()
        control.progress(number, len(missing), verbatim(index_labels(workspace.schema, [name])[0]))
        workspace.build_index(name, control)
    return index_labels(workspace.schema, missing)


def index_labels(schema: Schema, names: list[str]) -> list[str]:
    """The labels of the attributes whose indexes have these names."""
    attributes = schema.all_attributes().values()
    known = {
        name: attribute.label
        for attribute in attributes
        for dialect in ("sqlite", "postgresql")
        for name, _ in of_attribute(attribute, dialect)
    }
    return list(dict.fromkeys(known.get(name, tr("Open questions")) for name in names))

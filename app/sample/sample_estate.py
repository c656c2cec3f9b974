"""The sample estate, Harbour Works, as revisions: the start of its register, and the events of two years."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from app.sample import data_centre, end_user_devices, events, organisation, purchases, services, tasks
from app.sample.revision_builder import RevisionBuilder
from cmdb.model.revision import Revision
from cmdb.model.schema import Schema


def revisions(schema: Schema, today: date) -> Iterator[Revision]:
    """The sample estate's revisions, oldest first; the same for the same ``today``."""
    yield from _revisions(RevisionBuilder(schema, today))


def estate(schema: Schema, today: date) -> RevisionBuilder:
    """The resulting numbers of the sample estate."""
    builder = RevisionBuilder(schema, today)
    for _ in _revisions(builder):
        pass
    return builder


def _revisions(builder: RevisionBuilder) -> Iterator[Revision]:
    planned_revisions = [
        c
        for part in (organisation, data_centre, services, end_user_devices, purchases, events, tasks)
        for c in part.planned_revisions()
    ]
    for planned in sorted(planned_revisions, key=lambda c: (c.day, c.hour)):
        revision = builder.revision(planned)
        if revision is not None:
            yield revision

"""End-of-life data of the estate: what an import of it writes, and what new products get of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from cmdb.licences.engine.life_cycles import FoundCycle, LifeCycles
from cmdb.licences.kept_life_cycles import KIND, fields_of, life_cycles_of, observed
from cmdb.licences.said_names import catalogue_of
from cmdb.model.messages import Message
from cmdb.model.observation import Observation, ObservedLifeCycle, Problem, Reading
from cmdb.model.revision import Edit, Record
from cmdb.model.selection import Selection

if TYPE_CHECKING:
    from cmdb.licences.engine.catalogue import Catalogue
    from cmdb.model.records import CI
    from cmdb.model.values import Value
    from cmdb.reconciliation import Proposal
    from cmdb.store.reading.reader import Reader

#: The class whose records get ends of life, and its attributes for them.
PRODUCT, END, SUPPORT = "software_product", "end_of_life", "active_support_until"


def with_ends_of_life(reader: Reader, readings: Iterable[Reading]) -> list[Reading]:
    """The readings; one of end-of-life data also says of each known product of the register when its life ends."""
    readings = list(readings)
    data = [one for reading in readings for one in reading.life_cycles]
    if not data or PRODUCT not in reader.schema.classes:
        return readings
    catalogue = catalogue_of(reader)
    cycles = LifeCycles([observed(one) for one in data], catalogue)
    products = [(one, _found(cycles, catalogue, one.name, one.values)) for one in reader.all(Selection(PRODUCT))]
    made = []
    first = next(reading for reading in readings if reading.life_cycles)
    for reading in readings:
        if reading is first:
            known = [obs for one, found in products if (obs := _observation(one, found)) is not None]
            reading = replace(
                reading, observations=[*reading.observations, *known],
                problems=[*reading.problems, *_unfit(products, reading.source.name)],
            )  # fmt: skip
        made.append(reading)
    return made


def keep_life_cycles(reader: Reader, readings: Iterable[Reading], proposal: Proposal) -> None:
    """Adds to a proposal that the estate keeps the end-of-life data: what is new or said otherwise, by product."""
    data = {one.product: one for reading in readings for one in reading.life_cycles}
    if not data:
        return
    kept = reader.records(KIND)
    changed = [edits for one in data.values() if (edits := list(_kept(one, kept.get((one.product,)))))]
    proposal.life_cycles = len(changed)
    if changed:
        made = [edit for edits in changed for edit in edits]
        proposal.revision = replace(proposal.revision, edits=[*proposal.revision.edits, *made])


def with_end_of_life(reader: Reader, values: Mapping[str, Any]) -> dict[str, Any]:
    """The values of a new software product with its end of life, where the estate's data knows it."""
    found = dict(values)
    if not found.get(END):
        catalogue = catalogue_of(reader)
        cycles = life_cycles_of(reader, catalogue)
        if cycles is not None:
            for name, value in _ends(_found(cycles, catalogue, str(found.get("name", "")), found)).items():
                found.setdefault(name, value)
    return found


def _found(cycles: LifeCycles, catalogue: Catalogue, name: str, values: Mapping[str, Any]) -> FoundCycle:
    publisher, edition, version = (str(values.get(part) or "") for part in ("publisher", "edition", "version"))
    if values.get("kind") == "operating system":
        return cycles.of_system(name, version, edition)
    what = catalogue.recognise(name, publisher, edition, version)
    return cycles.of_software(what, name, version)


def _ends(found: FoundCycle) -> dict[str, Value]:
    """What is known of the ends of a release, by attribute."""
    if found.cycle is None:
        return {}
    pairs = ((END, found.cycle.end), (SUPPORT, found.cycle.support))
    return {name: value for name, value in pairs if value}


def _observation(one: CI, found: FoundCycle) -> Observation | None:
    ends = _ends(found)
    if not ends:
        return None
    values: dict[str, Any] = {"name": one.name, **ends}
    return Observation(one.cls, values, evidence={"record": [one.uid]}, partial=True)


def _unfit(products: Iterable[tuple[CI, FoundCycle]], source: str) -> Iterator[Problem]:
    """Products of the register that the data has, of which no release is theirs: listed, as nothing is guessed."""
    for one, found in products:
        if found.product is not None and found.cycle is None and found.why is not None:
            text = Message("“{name}” gets no end of life: {why}.", name=one.name, why=found.why)
            yield Problem(source, "", 0, "", one.name, text, "warning", kind="end_of_life", code="end_of_life.unfit")


def _kept(one: ObservedLifeCycle, before: Mapping[str, Any] | None) -> Iterator[Edit]:
    record, after = Record(KIND, (one.product,)), fields_of(one)
    if before is None:
        yield Edit(record, "", None, after)
        return
    for name in sorted(before.keys() | after.keys()):
        if before.get(name) != after.get(name):
            yield Edit(record, name, before.get(name), after.get(name))

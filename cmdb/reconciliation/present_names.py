"""What readings name, by the names that the register has now: sources that were named otherwise, merged records."""

from __future__ import annotations

from dataclasses import replace

from cmdb.model.observation import Observation, Reading
from cmdb.reconciliation.lookup import Lookup


def of_known_sources(readings: list[Reading], lookup: Lookup) -> list[Reading]:
    """The readings; one whose source the register knows by an earlier name has that: what the source saw before would
    otherwise stay for ever as the word of another one.
    """
    former = {reading.former_source for reading in readings if reading.former_source}
    known = lookup.known_sources(former) if former else ()
    if not known:
        return readings
    return [
        replace(reading, source=replace(reading.source, name=reading.former_source.partition(":")[2]))
        if reading.former_source in known
        else reading
        for reading in readings
    ]


def of_merged_records(readings: list[Reading], lookup: Lookup) -> list[Reading]:
    """The readings; rows that give the id of a record that was merged into another one give that one's."""
    named = {uid for reading in readings for obs in reading.observations for uid in obs.evidence.get("record", ())}
    merged = lookup.merged_into(named) if named else {}
    if not merged:
        return readings

    def of_present(obs: Observation) -> Observation:
        given = obs.evidence.get("record", ())
        if merged.keys().isdisjoint(given):
            return obs
        return replace(obs, evidence={**obs.evidence, "record": [merged.get(uid, uid) for uid in given]})

    return [replace(reading, observations=[of_present(obs) for obs in reading.observations]) for reading in readings]

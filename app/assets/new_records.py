"""New records: what one like another shares with it, and the next free number of a series of tags or names."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING, Any

from app.assets.tag_patterns import TagPattern, pattern_of, tag_patterns
from app.estate_settings import TAG_PATTERNS, estate_settings
from cmdb.model.errors import InvalidValue
from cmdb.model.guards import CreationGuard
from cmdb.model.life_cycle import phase_of, statuses_in
from cmdb.model.messages import Message, counted
from cmdb.model.phase import Phase
from cmdb.model.revision import Edit, Revision, ci

if TYPE_CHECKING:
    from cmdb.model.records import CI
    from cmdb.model.schema import Attribute, Schema
    from cmdb.store.reading.reader import Reader

_ONE_THING = frozenset(
    {
        # who has it, and since when
        "assigned_to", "assigned_on", "main_user", "returned_on", "returned_for", "condition",
        "expected_return", "accessories", "missing_accessories",
        # how it ended
        "retired_on", "retirement_reason", "disposal", "disposed_on", "data_erased", "data_erasure_method",
        "data_erased_by", "data_erased_on", "data_erasure_serial", "data_erasure_certificate",
        "data_erasure_exception",
        # where exactly it is, and by what it is called
        "rack_position", "phone_number", "sim_number", "first_name", "last_name", "notes",
        # in which state its software is
        "os_version", "os_installed_on", "bios_version", "firmware_version", "disk_encrypted",
    }
)  # fmt: skip
"""Attributes whose values are of one thing, beside those that the schema says identify it."""
_WITH_HOLDER = ("location", "department", "cost_centre")
"""What a thing has from its holder."""
_TAG = "asset_tag"
_READY = (Phase.PLANNED, Phase.STOCK)


@dataclass(frozen=True, slots=True)
class NewValues:
    """What a new record begins with. ``free`` are the next free values of attributes whose values are a series."""

    cls: str
    values: dict[str, Any] = field(default_factory=dict)
    free: dict[str, str] = field(default_factory=dict)


def is_shared(attribute: Attribute) -> bool:
    """Whether alike things share an attribute's value: it neither names one of them nor tells its own story."""
    own = attribute.unique or attribute.identifying or attribute.name == "name" or attribute.name in _ONE_THING
    addressed = bool(attribute.form) or attribute.type in ("uuid", "email", "url")
    return not (own or addressed or (attribute.past and attribute.measured))


def blank(reader: Reader, cls: str) -> NewValues:
    """A new record of a class, with nothing but the next free tag. Raises SchemaError for an unknown class."""
    return NewValues(cls, {}, _free(reader, cls))


def alike(reader: Reader, uid: str) -> NewValues:
    """A new record like another one: the values that alike things share. Raises NotFound.

    It is where it was before somebody had it: what came with the holder doesn't come along. A thing in use is followed
    by one in stock. Serial numbers, tags, addresses and holders are never copied.
    """
    one = reader.get(uid)
    known = reader.schema.cls(one.cls).shown_attributes
    values = {name: value for name, value in one.values.items() if name in known and is_shared(known[name])}
    if one.values.get("assigned_to"):
        home = one.values.get("home_place")
        values = {name: value for name, value in values.items() if name not in _WITH_HOLDER}
        if home is not None:
            values["location"] = home
    standing = reader.schema.cls(one.cls).standing.name
    if standing in values:
        values[standing] = _first_status(reader.schema, one)
    return NewValues(one.cls, values, _free(reader, one.cls, one))


def next_free(reader: Reader, cls: str, attribute: str, like: str = "", number: int = 1) -> list[str]:
    """The next free values of a series: for tags that of the class's pattern, else that of ``like``, or the one that
    the class uses. [] where there is none. Raises InvalidValue where a block of numbers is used up.
    """
    from cmdb.store.reading.number_series import NumberSeries, free_numbers, series_in_use, series_of

    pattern = _pattern(reader, cls) if attribute == _TAG else None
    if pattern is not None:
        series: NumberSeries | None = NumberSeries(pattern.prefix, pattern.width)
    else:
        series = series_of(like) if like else series_in_use(reader, cls, attribute)
    return list(islice(free_numbers(reader, attribute, series), number)) if series is not None else []


def _pattern(reader: Reader, cls: str) -> TagPattern | None:
    text = estate_settings(reader)[TAG_PATTERNS.name]
    return pattern_of(reader.schema, cls, tag_patterns(text)) if text else None


def tagged(reader: Reader, uids: Sequence[str], author: str) -> Revision:
    """A revision that gives items without an asset tag the next free ones, in their order by name.

    Raises InvalidValue where all have one, or no series of tags is in use.
    """
    schema = reader.schema
    wanted = [one for one in reader.by_uid(uids).values() if _TAG in schema.cls(one.cls).attributes]
    wanted = sorted((one for one in wanted if not one.text(_TAG)), key=lambda one: (one.name.casefold(), one.uid))
    if not wanted:
        raise InvalidValue(Message("They have asset tags already, or are of a class that has none."))
    given: list[tuple[CI, str]] = []
    for cls in dict.fromkeys(one.cls for one in wanted):
        of_class = [one for one in wanted if one.cls == cls]
        free = _series_tags(reader, cls, len(of_class) + len(given))
        used = {tag for _, tag in given}
        given += zip(of_class, [tag for tag in free if tag not in used], strict=False)
    reason = counted("Asset tag given to {name}", "Asset tags given to {count} items", len(given), name=wanted[0].name)
    edits = [Edit(ci(one.uid), _TAG, None, tag) for one, tag in given]
    # Who gives tags at the same moment gets the next ones: the guard has this decided anew.
    return Revision(edits, author, reason=reason, guards=(CreationGuard(),), decided_at=reader.number)


def _series_tags(reader: Reader, cls: str, number: int) -> list[str]:
    """The next tags of a class; where it has no series of its own, of the nearest class above that has one."""
    for one in reader.schema.ancestors(cls):
        if found := next_free(reader, one, _TAG, number=number):
            return found
    raise InvalidValue(
        Message("No series of asset tags is in use: give one that ends in a number, such as {example}.",
                example="NB-0001")
    )  # fmt: skip


def _free(reader: Reader, cls: str, like: CI | None = None) -> dict[str, str]:
    found: dict[str, str] = {}
    if _TAG in reader.schema.cls(cls).attributes:
        tags = next_free(reader, cls, _TAG, like.text(_TAG)) if like is not None else []
        tags = tags or next_free(reader, cls, _TAG)
        found |= dict(zip((_TAG,), tags, strict=False))
    names = next_free(reader, cls, "name", like.name) if like is not None else []
    return found | dict(zip(("name",), names, strict=False))


def _first_status(schema: Schema, one: CI) -> Any:
    """The status of a new thing like another: ready where things are ready first, else as the other, or live."""
    status = one.values.get(schema.cls(one.cls).standing.name)
    phase = phase_of(schema, one.cls, status)
    if phase in _READY:
        return status
    ready = statuses_in(schema, one.cls, Phase.STOCK)
    if ready:
        return ready[0]
    return status if phase == Phase.LIVE else next(iter(statuses_in(schema, one.cls, Phase.LIVE)), None)

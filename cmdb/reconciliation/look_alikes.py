"""New records whose tag or serial number looks like that of another one: 1000 and 01000, O and 0, swapped columns."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping, Sequence

from cmdb.model.messages import Message
from cmdb.model.schema import Schema
from cmdb.reconciliation.cluster import Cluster
from cmdb.reconciliation.doubles import SIMILAR, looks
from cmdb.reconciliation.lookup import Lookup
from cmdb.reconciliation.problems import ProblemCollector

_FEW = 200
"""So many new records are looked up by themselves."""
_ZEROS = 5
"""Zeros in front that a number may lack or have."""
_PAIRS = ((("o", "0"), ("0", "o")), (("i", "1"), ("l", "1"), ("1", "i"), ("1", "l")), (("s", "5"), ("5", "s")))
_MARKS = re.compile(r"[\s\-_./]+")
_NUMBERED = re.compile(r"(\D*)(0*)(\d+)")
_LEAST = 4
"""Characters from which a likeness is no chance."""


def point_out_look_alikes(
    schema: Schema, lookup: Lookup, clusters: Collection[Cluster], collector: ProblemCollector,
    name_of: Callable[[str], tuple[str, str]],
) -> None:  # fmt: skip
    """Warns of each new record that looks like one of the register, or like an earlier one of the import.

    ``name_of``: id → (class, name).
    """
    if "hardware" not in schema.classes:
        return
    family = schema.family("hardware")
    among = frozenset(family)
    new = [c for c in clusters if c.state == "new" and not c.implied and not c.reasons and c.cls in among]
    if not new:
        return
    known = {attribute: _known(lookup, family, attribute, new) for attribute in SIMILAR}
    for attribute in SIMILAR:
        stated = [cluster for cluster in new if _value(cluster, attribute)]
        values = [_value(cluster, attribute) for cluster in stated]
        shapes = looks(values)
        there = known[attribute]
        if not there and len(set(shapes)) == len(shapes):
            continue
        before: dict[str, tuple[str, str]] = {}
        for shape, (value, uid) in zip(looks(list(there)), there.items(), strict=True):
            before.setdefault(shape, (value, uid))
        for shape, value, cluster in zip(shapes, values, stated, strict=True):
            like, uid = before.setdefault(shape, (value, cluster.uid))
            if uid != cluster.uid and len(shape) >= _LEAST and like.casefold() != value.casefold():
                message = Message(
                    "{attribute} “{value}” looks like “{other}” of {name}. Is it the same item?",
                    attribute=schema.attribute(cluster.cls, attribute).label,
                    value=value,
                    other=like,
                    name=name_of(uid)[1],
                )
                _warn(cluster, schema, attribute, value, message, collector, like)
    _swapped(schema, new, known, collector, name_of)


def _known(lookup: Lookup, family: Sequence[str], attribute: str, new: Collection[Cluster]) -> Mapping[str, str]:
    """The values of the register that new ones may look like, as written → id; of a few new ones only their forms are
    looked for, as a large register has many.
    """
    if len(new) > _FEW:
        return lookup.written(family, attribute)
    forms = {form for cluster in new if (value := _value(cluster, attribute)) for form in look_alikes(value)}
    for other in SIMILAR:  # in the other column, where the columns were swapped
        forms.update(value.casefold() for cluster in new if (value := _value(cluster, other)))
    return lookup.written(family, attribute, sorted(forms)) if forms else {}


def look_alikes(value: str) -> set[str]:
    """The likely forms of a tag or number, in lower case: with fewer or more zeros in front, with O for 0, …"""
    plain = value.casefold()
    bare = _MARKS.sub("", plain)
    forms = {plain, bare}
    for pairs in _PAIRS:
        forms |= {form.replace(one, other) for form in forms for one, other in pairs}
    for form in (plain, bare):
        match = _NUMBERED.fullmatch(form)
        if match:
            front, number = match[1], match[3].lstrip("0") or "0"
            forms.update(f"{front}{number.zfill(len(number) + more)}" for more in range(_ZEROS))
    return forms - {""}


def _swapped(
    schema: Schema, new: Collection[Cluster], known: Mapping[str, Mapping[str, str]], collector: ProblemCollector,
    name_of: Callable[[str], tuple[str, str]],
) -> None:  # fmt: skip
    """Warns of records that are known with their tag and serial number the other way round."""
    one, other = SIMILAR
    tags = {tag.casefold(): uid for tag, uid in known[one].items()}
    serials = {serial.casefold(): uid for serial, uid in known[other].items()}
    for cluster in new if tags and serials else ():
        tag, serial = _value(cluster, one), _value(cluster, other)
        if tag and serial and (uid := serials.get(tag.casefold())) and uid == tags.get(serial.casefold()):
            message = Message(
                "{tag} and {serial} are those of {name} the other way round. Are the columns swapped?",
                tag=schema.attribute(cluster.cls, one).label,
                serial=schema.attribute(cluster.cls, other).label,
                name=name_of(uid)[1],
            )
            _warn(cluster, schema, one, tag, message, collector, serial, "similar.swapped")


def _value(cluster: Cluster, attribute: str) -> str:
    for statement in cluster.statements:
        value = statement.values.get(attribute)
        if value is not None:
            return str(value)
    return ""


def _warn(
    cluster: Cluster, schema: Schema, attribute: str, value: str, message: Message, collector: ProblemCollector,
    other: str, code: str = "similar.look",
) -> None:  # fmt: skip
    origin = next((m for m in cluster.members if not m.implied), cluster.members[0]).obs.origin
    label = schema.attribute(cluster.cls, attribute).label
    collector.warning(origin, label, value, message, "similar", suggested=(other,), code=code)

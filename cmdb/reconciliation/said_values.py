"""What programs say of a thing, without values that are none of their attributes: a text without end, no day of the
calendar. Sheets are checked cell by cell when they are read.
"""

from __future__ import annotations

from cmdb.model.errors import InvalidValue
from cmdb.model.messages import Message
from cmdb.model.observation import NamedReference, Observation
from cmdb.model.schema import Schema
from cmdb.model.values import MAX_TEXT, check
from cmdb.reconciliation.problems import ProblemCollector

UNCHECKED = ("scan", "import")
"""The kinds of sources whose values no reader of cells has checked."""
_SHOWN = 80


def without_wrong_values(obs: Observation, schema: Schema, collector: ProblemCollector) -> None:
    """Leaves out, and lists, the values of an observation that the register would refuse."""
    attributes = schema.classes[obs.cls].attributes if obs.cls in schema.classes else {}
    wrong: dict[str, Message] = {}
    for name, value in obs.values.items():
        attribute = attributes.get(name)
        if attribute is None:
            continue
        if isinstance(value, NamedReference):
            if len(value.name) > MAX_TEXT:
                wrong[name] = Message("{attribute} is too long.", attribute=attribute.label)
            continue
        try:
            check(attribute, value)
        except InvalidValue as error:
            wrong[name] = error.message
    for name, problem in wrong.items():
        value = obs.values.pop(name)
        said = value.name if isinstance(value, NamedReference) else str(value)
        message = Message("{problem} It was left out.", problem=problem)
        collector.left_out(obs.origin, attributes[name].label, said[:_SHOWN], message, "value", code="value.wrong")

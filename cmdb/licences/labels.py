"""Metrics, verdicts, rights, units and kinds of exceptions, as publishers' documents and people write them.

The licence engine and the command line's JSON name them by ids ("user cal"), which stay as they are.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from cmdb.model.messages import Message, counted, declared, verbatim

METRICS: Mapping[str, Message] = {
    "device": Message("Device"),
    "installation": Message("Installation"),
    "named user": Message("Named User"),
    "concurrent user": Message("Concurrent User"),
    "socket": Message("Processor Socket"),
    "core": Message("Core"),
    "sql server core": Message("Core (SQL Server)"),
    "windows server core": Message("Core (Windows Server)"),
    "oracle processor": Message("Processor (Oracle)"),
    "oracle nup": Message("Named User Plus (Oracle)"),
    "oracle se2": Message("Socket (Oracle SE2)"),
    "ibm pvu": Message("PVU (IBM)"),
    "ibm vpc": Message("VPC (IBM)"),
    "ibm rvu": Message("RVU (IBM)"),
    "vmware core": Message("Core (VMware)"),
    "vmware cpu": Message("CPU (VMware)"),
    "user cal": Message("User CAL"),
    "device cal": Message("Device CAL"),
    "site": Message("Site"),
}
VERDICTS: Mapping[str, Message] = {
    "compliant": Message("Compliant"),
    "short": Message("Short"),
    "over-licensed": Message("Over-licensed"),
    "unknown": Message("Unknown"),
    "ineligible": Message("Ineligible"),
    "exempt": Message("Exempt"),
}
VERDICT_WORDS: Mapping[str, Message] = {
    "compliant": Message("compliant"),
    "short": Message("short"),
    "over-licensed": Message("over-licensed"),
    "unknown": Message("unknown"),
    "ineligible": Message("ineligible"),
    "exempt": Message("exempt"),
}
"""Verdicts on the command line: in English the ids, so that they are found again in the JSON."""
RIGHTS: Mapping[str, Message] = {
    "exact": Message("Same edition and version"),
    "oem": Message("OEM"),
    "maintenance": Message("Maintenance"),
    "subscription": Message("Subscription"),
    "downgrade": Message("Downgrade right"),
    "down-edition": Message("Down-edition right"),
    "suite": Message("Suite"),
    "secondary use": Message("Secondary use right"),
    "virtual machine": Message("Licence of one virtual machine"),
}
CHANNELS: Mapping[str, Message] = {
    "retail": Message("Retail"),
    "OEM": Message("OEM"),
    "volume": Message("Volume"),
    "subscription": Message("Subscription"),
}
EXCEPTIONS: Mapping[str, Message] = {
    "assumed": Message("Assumed"),
    "contested": Message("Contested"),
    "exempt": Message("Exempt"),
    "ineligible": Message("Ineligible"),
    "left": Message("Person left"),
    "maintenance": Message("Maintenance"),
    "never inventoried": Message("Never inventoried"),
    "no right": Message("No right"),
    "not counted": Message("Not counted"),
    "overlapping": Message("Overlapping"),
    "retired but seen": Message("Retired but seen"),
    "seat": Message("Seat"),
    "stale": Message("Stale"),
    "unknown": Message("Unknown"),
    "unrecognised": Message("Unrecognised"),
}
FACTS: Mapping[str, Message] = {
    "access data (assignments)": Message("Access data (assignments)"),
    "answer": Message("Answer"),
    "channel or terms": Message("Channel or terms"),
    "cores per processor": Message("Cores per processor"),
    "device": Message("Device"),
    "devices that reach it (assignments)": Message("Devices that reach it (assignments)"),
    "edition": Message("Edition"),
    "end": Message("End"),
    "headcount": Message("Headcount"),
    "host": Message("Host"),
    "last seen": Message("Last seen"),
    "main user": Message("Main user"),
    "metric": Message("Metric"),
    "named users (assignments)": Message("Named users (assignments)"),
    "operating system": Message("Operating system"),
    "processor model": Message("Processor model"),
    "processor sockets": Message("Processor sockets"),
    "quantity": Message("Quantity"),
    "release date": Message("Release date"),
    "rule for metric": Message("Rule for the metric"),
    "session records": Message("Session records"),
    "socket capacity": Message("Socket capacity"),
    "software inventory": Message("Software inventory"),
    "status": Message("Status"),
    "value units per core": Message("Value units per core"),
    "version": Message("Version"),
    "virtual cores": Message("Virtual cores"),
}
FACT_WORDS: Mapping[str, Message] = {
    "access data (assignments)": Message("access data (assignments)"),
    "cores per processor": Message("cores per processor"),
    "device": Message("device"),
    "devices that reach it (assignments)": Message("devices that reach it (assignments)"),
    "edition": Message("edition"),
    "headcount": Message("headcount of the organisation"),
    "host": Message("host"),
    "main user": Message("main user"),
    "metric": Message("metric"),
    "named users (assignments)": Message("named users (assignments)"),
    "operating system": Message("operating system"),
    "processor model": Message("processor model"),
    "processor sockets": Message("processor sockets"),
    "quantity": Message("quantity"),
    "release date": Message("release date"),
    "session records": Message("session records"),
    "socket capacity": Message("socket capacity"),
    "software inventory": Message("software inventory"),
    "version": Message("version"),
    "virtual cores": Message("virtual cores"),
}
"""Facts inside a sentence; ``FACTS`` has them as headings."""
_AMOUNTS: Mapping[str, Callable[[int], Message]] = {
    "core": lambda number: counted("{count} core", "{count} cores", number),
    "device": lambda number: counted("{count} device", "{count} devices", number),
    "installation": lambda number: counted("{count} installation", "{count} installations", number),
    "person": lambda number: counted("{count} person", "{count} people", number),
    "processor": lambda number: counted("{count} processor", "{count} processors", number),
    "server": lambda number: counted("{count} server", "{count} servers", number),
    "session": lambda number: counted("{count} session", "{count} sessions", number),
    "socket": lambda number: counted("{count} socket", "{count} sockets", number),
    "user": lambda number: counted("{count} user", "{count} users", number),
}
KINDS: Mapping[str, Message] = {
    "component": Message("component"),
    "driver": Message("driver"),
    "language pack": Message("language pack"),
    "none": Message("no product of interest"),
    "runtime": Message("runtime"),
    "unknown": Message("unknown"),
    "unrecognised": Message("unrecognised"),
    "update": Message("update"),
}
"""What an installed name is that is no product."""
NAME_KINDS: Mapping[str, Message] = {
    "product": Message("application"),
    **{kind: words for kind, words in KINDS.items() if kind not in ("unknown", "unrecognised")},
}
"""What a person may say that an installed name is."""
UNITS: Mapping[str, Message] = {
    "core": Message("cores"),
    "device": Message("devices"),
    "installation": Message("installations"),
    "person": Message("people"),
    "processor": Message("processors"),
    "session": Message("sessions"),
    "socket": Message("sockets"),
    "user": Message("users"),
}


def label(labels: Mapping[str, Message], name: str) -> str:
    """The words for an id; an id without a label (of a metric of one's own) is shown as it is."""
    found = labels.get(name)
    return name if found is None else str(found)


def amount(number: int, unit: str) -> Message:
    """A number with its unit: "64 cores", "1 user", "2,400 PVU"; the number alone where there is no unit."""
    made = _AMOUNTS.get(unit)
    if made is not None:
        return made(number)
    return Message("{number} {unit}", number=number, unit=unit) if unit else Message("{number}", number=number)


def channel(name: str) -> Message:
    """A purchase channel's label; one of one's own is shown as it is."""
    found = next((words for known, words in CHANNELS.items() if known.casefold() == name.casefold()), None)
    return found or verbatim(name)


def fact_words(fact: str, detail: str = "") -> Message:
    """A fact inside a sentence: "processor model", "answer (Is it used for private purposes only?)"."""
    if fact == "answer":
        return Message("answer ({question})", question=declared(detail))
    if fact == "value units per core":
        return Message("value units per core ({processor})", processor=detail)
    if fact == "rule for metric":
        return Message("rule for metric “{metric}”", metric=detail)
    return FACT_WORDS.get(fact) or verbatim(fact)


def units(unit: str) -> str:
    """A unit in the plural, without a number: "cores", "PVU"."""
    return label(UNITS, unit)


def packs(number: int, size: int, unit: str) -> Message:
    """How many packs of a size: "3 × 2-core packs"; "3 packs of 10" of other units."""
    if unit == "core":
        return counted("{count} × {size}-core pack", "{count} × {size}-core packs", number, size=size)
    return counted("{count} pack of {size}", "{count} packs of {size}", number, size=size)


def pack_size(size: int, unit: str) -> Message:
    """The packs that something is sold in, as publishers write it: "2-core packs"; "packs of 10" of other units."""
    return Message("{size}-core packs", size=size) if unit == "core" else Message("packs of {size}", size=size)

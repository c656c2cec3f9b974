"""The canonical form of identifying values (serial numbers, UUIDs, MACs, host names), and placeholders to ignore.

Values to ignore, and the names of manufacturers, are in ``resources/identification/``.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from cmdb.model.mac_addresses import read_macs
from cmdb.model.name_keys import name_key
from cmdb.model.resources import RESOURCES
from cmdb.model.schema import fold
from cmdb.model.text_forms import swapped_uuid

FOLDER = RESOURCES / "identification"
_EDGES = " \t.,;:_-#*'\"()[]<>/\\"


_ONE_BYTE_REPEATED = frozenset(0x01010101 * byte for byte in range(1, 256))


def _compiled(pattern: str) -> Callable[[str], re.Match[str] | None]:
    """Matches whole texts in lower case. Where the pattern is so, too, letters of one case are compared, which is
    faster.
    """
    return re.compile(pattern, 0 if pattern == pattern.lower() else re.IGNORECASE).fullmatch


class Placeholders:
    """Values of one kind that identify nothing."""

    def __init__(self, *tables: Mapping[str, Any]) -> None:
        self._values = frozenset(v.casefold() for t in tables for v in t.get("values", ()))
        self._stripped = frozenset(v.strip(_EDGES) for v in self._values)
        patterns = [p for t in tables for p in t.get("patterns", ())]
        # A back reference such as \1 counts groups, so patterns with one are compiled separately. Only the others are
        # joined.
        plain = [f"(?:{p})" for p in patterns if "\\1" not in p]
        self._joined = _compiled("|".join(plain or [r"(?!)"]))
        self._repeated = [_compiled(p) for p in patterns if "\\1" in p and p != r"(.)\1*"]
        self._one_character = any(p == r"(.)\1*" for p in patterns)
        self._one_byte = any(t.get("one_byte_repeated") for t in tables)

    def __contains__(self, value: object) -> bool:
        return isinstance(value, str) and self.has(value.casefold())

    def has(self, text: str) -> bool:
        """Whether a text in lower case is a placeholder. A blank text is one."""
        if text in self._values or not text:
            return True
        if not (text[0].isalnum() and text[-1].isalnum()) and text.strip(_EDGES) in self._stripped:
            return True
        if self._one_character and text.count(text[0]) == len(text):
            return True
        if self._joined(text):
            return True
        if self._one_byte and text.isdecimal() and is_one_byte_repeated(text):
            return True
        for pattern in self._repeated:  # noqa: SIM110 - a generator costs more than the match
            if pattern(text):
                return True
        return False


class ManufacturerNames:
    """The names of manufacturers, with one canonical name each."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        self._forms = {fold(w) for w in document.get("legal_forms", ())}
        self._names: dict[str, str] = {}
        self._variants: dict[str, tuple[str, ...]] = {}
        self._prefixes: list[tuple[str, re.Pattern[str]]] = []
        makers: Mapping[str, Mapping[str, Any]] = document.get("manufacturer", {})
        for name in makers:
            self._names[self._bare(name)] = name
        for name, entry in makers.items():
            variants = tuple(entry.get("variants", ()))
            self._variants[name] = variants
            for variant in variants:
                self._names.setdefault(self._bare(variant), name)
            self._prefixes += [(name, re.compile(p, re.IGNORECASE)) for p in entry.get("serial_prefixes", ())]
        self._cache: dict[str, str] = {}

    @property
    def with_prefixes(self) -> tuple[str, ...]:
        """The manufacturers whose barcodes put something before the serial number."""
        return tuple(dict.fromkeys(name for name, _ in self._prefixes))

    @property
    def legal_forms(self) -> frozenset[str]:
        """Words that say what kind of company one is, folded."""
        return frozenset(self._forms)

    def canonical(self, name: str) -> str:
        """The canonical name of a manufacturer. An unknown name stays unchanged, with single spaces."""
        found = self._cache.get(name)
        if found is None:
            found = self._cache[name] = self._names.get(self._bare(name)) or " ".join(name.split())
        return found

    def key(self, name: str) -> str:
        """The key by which manufacturers are compared."""
        canonical = self.canonical(name)
        return self._bare(canonical) or name_key(canonical)

    def spellings(self, name: str) -> tuple[str, ...]:
        """All known names of a manufacturer."""
        canonical = self.canonical(name)
        return (canonical, name, *self._variants.get(canonical, ()))

    def serial(self, serial: str, maker: str) -> str:
        """A serial number without the prefix of the maker's barcodes. ``maker`` may be ""."""
        known = self.canonical(maker) if maker else ""
        for name, pattern in self._prefixes:
            if known and name != known:
                continue
            match = pattern.match(serial)
            # Without a maker, only a prefix that is too long to be chance is removed.
            if match and match.end() < len(serial) and (known or match.end() >= 6):
                return serial[match.end() :]
        return serial

    def _bare(self, name: str) -> str:
        words = fold(name).split()
        while len(words) > 1 and words[-1] in self._forms:
            words.pop()
        return " ".join(words)


class Identifiers:
    """Converts identifying values into the form in which they are compared; "" for a placeholder."""

    def __init__(self, junk: Mapping[str, Any], makers: ManufacturerNames) -> None:
        nothing = junk.get("any", {})
        self.makers = makers
        nobody = junk.get("identities", {})
        self._serials = Placeholders(nothing, nobody, junk.get("serial_numbers", {}))
        uuids = junk.get("uuids", {})
        listed = uuids.get("values", ())
        either = [*listed, *(swapped_uuid(u.casefold()) for u in listed if len(u) == 36)]
        self._uuids = Placeholders({**uuids, "values": either})
        self._machines = Placeholders(nothing, junk.get("machine_ids", {}))
        self._tags = Placeholders(nothing, nobody, junk.get("asset_tags", {}))
        self._hosts = Placeholders(nothing, junk.get("host_names", {}))
        self._any = Placeholders(nothing)
        self._junk = {
            "serial_number": self._serials, "asset_tag": self._tags, "uuid": self._uuids, "machine_id": self._machines,
        }  # fmt: skip
        macs = junk.get("macs", {})
        self._macs = Placeholders(macs)
        prefixes: Mapping[str, Iterable[str]] = macs.get("prefixes", {})
        self._moving = frozenset(p for kind, ps in prefixes.items() if kind != "hypervisor" for p in ps)
        self._hypervisors = frozenset(prefixes.get("hypervisor", ()))

    def is_junk(self, attribute: str, value: str) -> bool:
        """Whether a value stands for none where an identity belongs ("see sticker"), so that it is not worth keeping.

        A number such as 12345 identifies nothing, but may be what somebody means. No other attribute has junk.
        """
        known = self._junk.get(attribute)
        if known is None or value not in known or (len(value) == 1 and value.isalpha()):
            return False
        return not value.isdecimal() or not value.strip("0") or is_one_byte_repeated(value)

    def serial(self, value: str, maker: str = "") -> str:
        """A serial number in lower case, without spaces and without its maker's barcode prefix."""
        text = "".join(value.split())
        if len(text) > 12 and text[0] in "1sS":
            text = self.makers.serial(text, maker)
        text = text.casefold()
        if len(text) < 3 or self._serials.has(text) or (len(text) != len(value) and value in self._serials):
            return ""
        return text

    def uuid(self, value: str) -> str:
        """A UUID in that of its two byte orders which sorts first."""
        text = value.casefold()
        if len(text) != 36:
            return ""
        text = min(text, swapped_uuid(text))
        return "" if self._uuids.has(text) else text

    def machine(self, value: str) -> str:
        """A machine id in lower case, without braces."""
        text = value.casefold().strip("{} ")
        return "" if len(text) < 8 or self._machines.has(text) else text

    def tag(self, value: str) -> str:
        """An asset tag in lower case, single-spaced."""
        text = name_key(value)
        return "" if self._tags.has(text) else text

    def host(self, value: str) -> str:
        """A host name in lower case, without its domain."""
        text = value.casefold().strip().partition(".")[0]
        return "" if self._hosts.has(text) else text

    def user(self, value: str) -> str:
        """A user name in lower case, without the domain before or after it."""
        text = value.casefold().rpartition("\\")[2].partition("@")[0].strip()
        return "" if self._any.has(text) else text

    def text(self, value: Any) -> str:
        """Any other identifying value: lower case, single-spaced."""
        text = name_key(str(value))
        return "" if self._any.has(text) else text

    def macs(self, values: Iterable[str], *, virtual: bool) -> tuple[str, ...]:
        """The MACs among texts that identify a machine: colons, lower case, sorted. Those of docks, dongles, VPNs and
        random ones are left out; those of hypervisors count for virtual machines only.
        """
        found = set()
        for value in values:
            for mac in read_macs(value):
                prefix = mac[:8]
                if mac in self._macs or prefix in self._moving:
                    continue
                if not virtual and (prefix in self._hypervisors or mac[1] in "2367abef"):
                    continue
                if mac[1] in "13579bdf":
                    continue
                found.add(mac)
        return tuple(sorted(found))


def is_one_byte_repeated(text: str) -> bool:
    """Whether a number is four times the same byte, as monitors without a serial number have in the place of one."""
    return len(text) <= 10 and text.isdecimal() and int(text) in _ONE_BYTE_REPEATED


@cache
def shipped() -> Identifiers:
    """The identifiers of ``resources/identification/``, read once."""
    return Identifiers(_toml(FOLDER / "junk.toml"), ManufacturerNames(_toml(FOLDER / "manufacturers.toml")))


def _toml(path: Path) -> dict[str, Any]:
    return tomllib.loads(path.read_text("utf-8"))

"""Forms of texts that identify something technical: how one is kept, however people and programs write it.

An attribute or a section's column names its form in the schema (``form = "ip"``); e-mail addresses have theirs by type.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from cmdb.model.mac_addresses import canonical_mac, is_canonical_mac, read_macs
from cmdb.model.messages import Message


@dataclass(frozen=True, slots=True)
class TextForm:
    """One form of texts."""

    what: Message
    """What such a text is, for messages: "a MAC address"."""
    example: str
    read: Callable[[str], str]
    """The canonical text of one that a person typed; "" where it is none."""
    find: Callable[[str], list[str]]
    """The canonical texts of all that stand in a longer text, in their order, each once."""
    is_canonical: Callable[[str], bool]
    """Whether a text certainly is as it is kept. It is cheap; False is allowed for one that is."""
    nothing: frozenset[str] = frozenset()
    """Canonical texts that stand for none: 0.0.0.0."""

    def refusal(self, attribute: str, raw: str) -> Message:
        """Why a text is refused."""
        return Message(
            "{attribute} must be {form} such as {example}, not “{raw}”.",
            attribute=attribute,
            form=self.what,
            example=self.example,
            raw=raw,
        )


_OCTET = r"(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)"
_CANONICAL_IPV4 = re.compile(rf"{_OCTET}(?:\.{_OCTET}){{3}}", re.ASCII)
_IPV4 = re.compile(r"(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})", re.ASCII)
_ADDRESS = re.compile(
    r"(?<![\w.:])(?:\d{1,3}(?:\.\d{1,3}){3}(?![\w.])|(?=[0-9a-f]*:[0-9a-f]*:)[0-9a-f:]+(?:\.\d{1,3}){0,3}(?![\w:]))",
    re.ASCII | re.IGNORECASE,
)
"""What may be an address within a text."""
_WITH_LENGTH = re.compile(r"(\S+?)\s*/\s*(\d{1,3})", re.ASCII)
_WITH_MASK = re.compile(r"(\S+?)(?:\s*/\s*|\s+)(\d{1,3}(?:\.\d{1,3}){3})", re.ASCII)


def canonical_ip(text: str) -> str:
    """An IP address of version 4 or 6 as it is kept, without zone, brackets and the length of its prefix; else ""."""
    if _CANONICAL_IPV4.fullmatch(text):
        return text
    word = text.strip()
    with_length = _WITH_LENGTH.fullmatch(word)
    if with_length is not None:
        word = with_length[1]
        if int(with_length[2]) > (128 if ":" in word else 32):
            return ""
    word = word.removeprefix("[").removesuffix("]").partition("%")[0]
    four = _IPV4.fullmatch(word)
    if four is not None:  # 010.001.002.003 is a way to align columns
        numbers = [int(part) for part in four.groups()]
        return ".".join(map(str, numbers)) if max(numbers) <= 255 else ""
    return _six(word) if ":" in word else ""


def _six(word: str) -> str:
    from ipaddress import AddressValueError, IPv6Address  # few commands meet one

    try:
        found = IPv6Address(word)
        return str(found.ipv4_mapped or found)  # sockets of both versions write ::ffff:10.0.0.5 for 10.0.0.5
    except AddressValueError:
        return ""


def ips_in(text: str) -> list[str]:
    """All IP addresses that stand in a text."""
    return _each(canonical_ip(match[0].removesuffix(":")) for match in _ADDRESS.finditer(text))


def canonical_network(text: str) -> str:
    """A network as address/length. A mask is read as its length; an address alone stays one; "" for anything else."""
    word = text.strip()
    parts = _WITH_MASK.fullmatch(word) or _WITH_LENGTH.fullmatch(word)
    if parts is None:
        return canonical_ip(word)
    first, length = parts.groups()
    address = canonical_ip(first) if "/" not in first else ""
    if not address:
        return ""
    from ipaddress import ip_network

    if ":" in first and ":" not in address:  # an address of version 4 that was written as one of version 6
        length = str(int(length) - 96)
    try:
        return str(ip_network(f"{address}/{length}", strict=False))
    except ValueError:
        return ""


_NETWORK = re.compile(rf"{_ADDRESS.pattern}\s*/\s*\d{{1,3}}(?![\w.])", re.ASCII | re.IGNORECASE)


def networks_in(text: str) -> list[str]:
    """All networks with the length of their prefix that stand in a text."""
    return _each(canonical_network(match[0]) for match in _NETWORK.finditer(text))


def swapped_uuid(u: str) -> str:
    """A UUID's text with its first three groups in the other byte order, as SMBIOS 2.6 and hypervisors may write it."""
    return f"{u[6:8]}{u[4:6]}{u[2:4]}{u[0:2]}-{u[11:13]}{u[9:11]}-{u[16:18]}{u[14:16]}{u[18:]}"


_CANONICAL_IMEI = re.compile(r"\d{14,16}", re.ASCII)
_IMEI = re.compile(r"\d{14,16}|\d{18}|[0-9A-F]{14}", re.ASCII)
"""IMEI with or without the check digit or with the number of its software; MEID, decimal or hexadecimal."""
_MARKS = re.compile(r"[\s./-]")
_IMEI_WITHIN = re.compile(
    r"(?<![\w-])(?:\d{15}|\d{2}[ -]?\d{6}[ -]?\d{6}[ -]?\d(?:[ -]\d)?|\d{6}[ -]\d{2}[ -]\d{6}[ -]\d)(?![\w-])", re.ASCII
)


def canonical_imei(text: str) -> str:
    """The number of a mobile device (IMEI, MEID) without blanks and hyphens; "" where the text is none."""
    word = _MARKS.sub("", text).upper()
    return word if _IMEI.fullmatch(word) else ""


def imeis_in(text: str) -> list[str]:
    """All IMEIs of 15 digits that stand in a text."""
    found = (canonical_imei(match[0]) for match in _IMEI_WITHIN.finditer(text))
    return _each(one for one in found if len(one) == 15)


_ICCID = re.compile(r"89\d{16,20}F?", re.ASCII)


def canonical_iccid(text: str) -> str:
    """The number of a SIM card without blanks and hyphens; any other number of one as it is typed."""
    word = re.sub(r"[\s.-]", "", text).upper()
    return word if _ICCID.fullmatch(word) else text


_FINGERPRINT = re.compile(
    r"(?:(?:sha|md)-?\d{1,3}(?: fingerprint)?\s*[:=]\s*)?([0-9a-f]{2}(?:[: ]?[0-9a-f]{2})+)", re.IGNORECASE
)
_CANONICAL_FINGERPRINT = re.compile(r"[0-9a-f]{32}|[0-9a-f]{40}|[0-9a-f]{64}")


def canonical_fingerprint(text: str) -> str:
    """The fingerprint of a certificate (MD5, SHA-1, SHA-256) in lower case without colons; other text stays."""
    match = _FINGERPRINT.fullmatch(text)
    word = re.sub("[: ]", "", match[1]).lower() if match else ""
    return word if _CANONICAL_FINGERPRINT.fullmatch(word) else text


_HOST = re.compile(r"(?=[^.]*[\d.-])[A-Za-z0-9_][A-Za-z0-9_.-]+", re.ASCII)
_BETWEEN = re.compile(r"\s*[,;/\n]\s*")


def hosts_in(text: str) -> list[str]:
    """The names of hosts of which a text is a list; nothing where it is none, or has words that are none."""
    parts = _BETWEEN.split(text.strip())
    return _each(parts) if len(parts) > 1 and all(map(_HOST.fullmatch, parts)) else []


def _one_host(text: str) -> str:
    return "" if hosts_in(text) else text


_URL = re.compile(r"https?://[^\s,;<>\"]+", re.IGNORECASE)


def urls_in(text: str) -> list[str]:
    """All web addresses that stand in a text."""
    return _each(_URL.findall(text))


def _one_url(text: str) -> str:
    return "" if len(urls_in(text)) > 1 else text


_NO_PART = r"\s@,;:<>()\[\]\"|\\"
_EMAIL = re.compile(rf"[^{_NO_PART}]+@[^{_NO_PART}.]+(?:\.[^{_NO_PART}.]+)*")
_PLAIN_EMAIL = re.compile(r"[a-z0-9_+-]+(?:\.[a-z0-9_+-]+)*@[a-z0-9-]+(?:\.[a-z0-9-]+)+")


def canonical_email(text: str) -> str:
    """An e-mail address in lower case; "" where the text is none."""
    word = re.sub(r"^(mailto:)+", "", text.casefold())
    return word if _EMAIL.fullmatch(word) else ""


def emails_in(text: str) -> list[str]:
    """All e-mail addresses that stand in a text: the list of a mail program, a name before one in pointed brackets."""
    found = (match[0].rstrip(".'") for match in _EMAIL.finditer(text.casefold()))
    return _each(canonical_email(one) for one in found if "." in one.partition("@")[2])


def _each(found: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(filter(None, found)))


FORMS = {
    "mac": TextForm(
        Message("a MAC address"), "00:1a:2b:3c:4d:5e", canonical_mac, read_macs, is_canonical_mac
    ),
    "ip": TextForm(
        Message("an IP address"),
        "10.0.0.15",
        canonical_ip,
        ips_in,
        lambda text: _CANONICAL_IPV4.fullmatch(text) is not None,
        frozenset({"0.0.0.0", "::", "255.255.255.255", "127.0.0.1", "::1"}),
    ),
    "network": TextForm(
        Message("a network"), "10.0.0.0/24", canonical_network, networks_in, lambda text: False,
        frozenset({"0.0.0.0", "::"}),
    ),
    "imei": TextForm(
        Message("an IMEI"), "356938035643809", canonical_imei, imeis_in,
        lambda text: _CANONICAL_IMEI.fullmatch(text) is not None and len(set(text)) > 1,
        frozenset(digit * length for digit in "0123456789" for length in (14, 15, 16)),
    ),
    "iccid": TextForm(
        Message("the number of a SIM card"), "8949020000099123456", canonical_iccid, lambda text: [],
        lambda text: _ICCID.fullmatch(text) is not None,
    ),
    "fingerprint": TextForm(
        Message("a fingerprint"), "0beec7b5ea3f0fdbc95d0dd47f3c5bc275da8a33", canonical_fingerprint, lambda text: [],
        lambda text: _CANONICAL_FINGERPRINT.fullmatch(text) is not None,
    ),
    "host": TextForm(
        Message("the name of a host"), "nb-1.example.org", _one_host, hosts_in,
        lambda text: _HOST.fullmatch(text) is not None,
    ),
    "url": TextForm(
        Message("a web address"), "https://example.org/", _one_url, urls_in,
        lambda text: text.count("://") == 1 and _URL.fullmatch(text) is not None
    ),
    "email": TextForm(
        Message("an address"), "name@example.org", canonical_email, emails_in,
        lambda text: _PLAIN_EMAIL.fullmatch(text) is not None,
    ),
}  # fmt: skip
"""The forms by the names that the schema gives them."""


def form_of(form: str, kind: str) -> TextForm | None:
    """The form of an attribute or column, by the form and the type that the schema gives it."""
    if form:
        return FORMS[form]
    return FORMS[kind] if kind in ("email", "url") else None

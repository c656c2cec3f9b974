"""macOS: version, kernel, when it was set up and started, locale, time zone, names, directory, id."""

from __future__ import annotations

import re

from importers.captures.capture import Capture
from importers.captures.entries import text
from importers.captures.macos._answers import item, local_time, pairs, plists
from importers.captures.subject import Subject
from importers.discovery.collector import Content, Section, present

_NAMELESS = {"", "localhost", "localhost.localdomain", "localhost.local"}


def boot_time(words: str) -> int | None:
    """Seconds since 1970 of ``{ sec = 1764500000, usec = 1 } Sun Nov 30 …``."""
    match = re.search(r"\bsec = (\d{1,12})\b", words)
    return int(match[1]) if match else None


def time_zone(target: str) -> str:
    """The zone that /etc/localtime leads to: "Europe/Berlin"."""
    return target.strip().partition("zoneinfo/")[2]


def domain_of(dns: str) -> str:
    """The domain of the first resolver of ``scutil --dns`` that has one: its own, else what it searches first."""
    for pattern in (r"^[ \t]*domain\s*:\s*(\S+)", r"^[ \t]*search domain\[0\]\s*:\s*(\S+)"):
        names = (name.strip(".").lower() for name in re.findall(pattern, dns, re.MULTILINE))
        if found := next((name for name in names if name not in ("local", "") and not name.endswith(".arpa")), ""):
            return found
    return ""


def _parse(capture: Capture) -> Content:
    version, kernel = pairs(capture.content("version")), pairs(capture.content("sysctl"))
    if not version and not kernel:
        return {}
    name = kernel.get("kern.hostname", "")
    if name.lower() in _NAMELESS:
        name = capture.content("local-name").strip()
    short, _, rest = name.partition(".")
    rest = "" if rest in ("local", "lan", "home", "fritz.box") else rest.lower()
    booted = boot_time(kernel.get("kern.boottime", ""))
    made = capture.content("set-up").strip()
    uname = capture.content("kernel").split()
    number, product = version.get("ProductVersion", ""), version.get("ProductName", "")
    offset = capture.content("offset").strip()
    system = present(
        name=product,
        full_name=f"{product} {number}".strip(),
        version=number,
        arch=uname[2] if len(uname) > 2 else "",
        kernel_name="darwin",
        kernel_version=kernel.get("kern.osrelease") or (uname[1] if len(uname) > 1 else ""),
        boot_time=local_time(capture, booted) if booted else "",
        install_date=local_time(capture, int(made)) if re.fullmatch(r"[1-9]\d{8,10}", made) else "",
        fqdn=f"{short}.{rest}".lower() if rest else "",
        dns_domain=rest or domain_of(capture.content("dns")),
        timezone=present(
            name=time_zone(capture.content("time-zone")),
            offset=offset if re.fullmatch(r"[+-]\d{4}", offset) else "",
        ),
    )
    platform = next(iter(plists(capture, "platform")), {})
    own = present(
        machine_id=text(platform, "IOPlatformUUID") or text(item(capture, "hardware"), "platform_UUID"),
        operating_system=present(
            id="macos", version_id=number, build=version.get("BuildVersion"), locale=capture.content("locale").strip()
        ),
        elevated=capture.content("user-id").strip() == "0",
    )
    directory = pairs(capture.content("directory")).get("Active Directory Domain", "").lower()
    hardware = present(name=short, workgroup=directory)
    return {"operatingsystem": system, "hardware": hardware, "terrier": own}


SUBJECT = Subject(
    "operating system",
    _parse,
    (
        "version", "sysctl", "kernel", "local-name", "locale", "time-zone", "offset", "set-up", "directory", "dns",
        "platform", "hardware", "user-id",
    ),
    (Section("operatingsystem"), Section("hardware")),
)  # fmt: skip

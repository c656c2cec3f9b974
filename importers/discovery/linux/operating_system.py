"""The operating system: name, version, kernel, when it was installed and started, locale, time zone, domain, id."""

from __future__ import annotations

import os
import re
import time

from importers.discovery.collector import Collector, Content, Section, present
from importers.discovery.host import Probe

#: What exists since the day of the installation, best witness first: the installer's log, the root file system, the id.
_BIRTH_WITNESSES = ("/var/log/installer", "/lost+found", "/etc/machine-id")
#: The public keys by which other machines know this one, the most usual first.
_HOST_KEYS = ("ed25519", "ecdsa", "rsa")
_OLDEST = 631_152_000  # 1990: images are made with all times set to zero


def os_release(text: str) -> dict[str, str]:
    """The fields of an os-release file, whose values are quoted as in a shell (os-release(5))."""
    fields = {}
    for line in text.splitlines():
        name, equals, value = line.strip().partition("=")
        if equals and not name.startswith("#"):
            fields[name] = _unquoted(value.strip())
    return fields


def _unquoted(value: str) -> str:
    """A value as a shell reads it: without the quotes around it, and the backslashes within double ones."""
    quote = value[:1]
    if quote not in ("'", '"'):
        return value.replace("\\", "")
    inner = value[1:].removesuffix(quote)  # an unbalanced quote is taken away as well
    return re.sub(r'\\(["$`\\])', r"\1", inner) if quote == '"' else inner


def boot_time(stat: str) -> int | None:
    """Seconds since 1970 at which the kernel started, from /proc/stat."""
    for line in stat.splitlines():
        if line.startswith("btime "):
            return int(line.split()[1])
    return None


def qualified_name(name: str, hosts: str) -> str:
    """The fully qualified form of a host name that a hosts file gives, or ""."""
    for line in hosts.splitlines():
        for word in line.partition("#")[0].split()[1:]:
            if word.lower().startswith(name.lower() + ".") and not word.lower().endswith(".localdomain"):
                return word.lower()
    return ""


def search_domain(resolv_conf: str) -> str:
    """The machine's DNS domain by resolv.conf: its ``domain``, else the first of ``search``; "" if there is none."""
    found = ""
    for line in resolv_conf.splitlines():
        words = line.split()
        if len(words) > 1 and words[0] == "domain":
            return words[1].strip(".")
        if len(words) > 1 and words[0] == "search" and not found:
            found = words[1].strip(".")
    return found


def default_realm(krb5_conf: str) -> str:
    """The Kerberos realm that a machine belongs to (joined to Active Directory: its domain), in lower case, or ""."""
    for line in krb5_conf.splitlines():
        name, equals, value = line.partition("=")
        if equals and name.strip() == "default_realm":
            return value.strip().lower()
    return ""


def _stamp(seconds: float | None) -> str:
    return "" if seconds is None else time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(seconds))


def _collect(probe: Probe) -> Content:
    release = os_release(probe.read("/etc/os-release") or probe.read("/usr/lib/os-release"))
    name = probe.value("/proc/sys/kernel/hostname") or probe.value("/etc/hostname")
    short, _, rest = name.partition(".")
    fqdn = name if rest else qualified_name(short, probe.read("/etc/hosts"))
    domain = rest or fqdn.partition(".")[2] or search_domain(probe.read("/etc/resolv.conf"))
    kernel = probe.value("/proc/sys/kernel/osrelease")
    install = next((t for w in _BIRTH_WITNESSES if (t := _birth(probe, w)) and t > _OLDEST), None)
    system = present(
        name=release.get("NAME"),
        full_name=release.get("PRETTY_NAME"),
        version=release.get("VERSION") or release.get("VERSION_ID"),
        arch=os.uname().machine if probe.host.live else "",
        kernel_name="linux" if kernel else "",
        kernel_version=kernel,
        boot_time=_stamp(boot_time(probe.read("/proc/stat"))),
        install_date=_stamp(install),
        fqdn=fqdn,
        dns_domain=domain,
        ssh_key=next((key for name in _HOST_KEYS if (key := probe.value(f"/etc/ssh/ssh_host_{name}_key.pub"))), ""),
        timezone=_time_zone(probe),
    )
    own = present(
        machine_id=probe.value("/etc/machine-id") or probe.value("/var/lib/dbus/machine-id"),
        operating_system=present(
            id=release.get("ID"), version_id=release.get("VERSION_ID"), variant=release.get("VARIANT"),
            build=release.get("BUILD_ID"), support_end=release.get("SUPPORT_END"), locale=_locale(probe),
        ),
    )  # fmt: skip
    hardware = present(name=short, workgroup=default_realm(probe.read("/etc/krb5.conf")))
    return present(operatingsystem=system, hardware=hardware, terrier=own)


def _birth(probe: Probe, witness: str) -> float | None:
    """When a witness came to be; an empty machine-id is a file of an image that was never started."""
    return None if witness == "/etc/machine-id" and not probe.value(witness) else probe.modified(witness)


def _time_zone(probe: Probe) -> dict[str, str]:
    """Name and present offset of the machine's zone; nothing where the name is not told, or it has no zone of it."""
    _, found, zone = probe.link("/etc/localtime").partition("zoneinfo/")
    name = (zone if found else probe.value("/etc/timezone")) or (time.strftime("%Z") if probe.host.live else "")
    if not name:
        return {}
    if probe.host.live:
        return {"name": name, "offset": time.strftime("%z")}
    from zoneinfo import ZoneInfo  # not needed by a scan of the running machine

    from cmdb.model import clock

    try:
        offset = clock.moment().astimezone(ZoneInfo(name)).strftime("%z")
    except (ValueError, OSError):
        return {}
    return {"name": name, "offset": offset}


def _locale(probe: Probe) -> str:
    settings = os_release(probe.read("/etc/locale.conf") or probe.read("/etc/default/locale"))
    return settings.get("LANG", "")


COLLECTOR = Collector(
    "operating system",
    _collect,
    sections=(
        Section("operatingsystem"),
        Section("hardware"),
    ),
)

"""Finds the package of a program."""

from __future__ import annotations

from collections.abc import Iterable

from importers.discovery.host import Probe

_LISTS = "/var/lib/dpkg/info/"
_SHORT = {"/usr/bin/": "/bin/", "/usr/sbin/": "/sbin/"}  # old packages still list the names from before the merge


def owners(probe: Probe, paths: Iterable[str]) -> dict[str, str]:
    """Program path → package, for programs in dpkg's or rpm's packages. dpkg's file lists are searched as bytes, those
    of packages with a similar name first, until all are found.
    """
    wanted = {path for path in paths if path.startswith("/")}
    found: dict[str, str] = {}
    if not wanted:
        return found
    lists = [name for name in probe.names(_LISTS) if name.endswith(".list")]
    if lists:
        stems = {path.rpartition("/")[2].rstrip("d0123456789.-")[:6] for path in wanted}
        lists.sort(key=lambda name: not any(stem in name for stem in stems if stem))
        for name in lists:
            if not wanted:
                break
            content = b"\n" + probe.read_bytes(_LISTS + name)
            for path in [p for p in wanted if any(f"\n{one}\n".encode() in content for one in _names(p))]:
                found[path] = name.removesuffix(".list").partition(":")[0]
                wanted.discard(path)
    elif probe.exists("/usr/bin/rpm"):
        for path in sorted(wanted):
            answer = probe.run("rpm", "-qf", "--qf", "%{NAME}\n", path).strip()
            if answer and " " not in answer:
                found[path] = answer.splitlines()[0]
    return found


def _names(path: str) -> list[str]:
    return [path, *(path.replace(long, short, 1) for long, short in _SHORT.items() if path.startswith(long))]

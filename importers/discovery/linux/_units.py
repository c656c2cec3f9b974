"""systemd's unit files, read as files: no systemctl is started, and it works where systemd is not running."""

from __future__ import annotations

import re

from importers.discovery.host import Probe

#: The folders of units, those that override others first (systemd.unit(5)).
FOLDERS = ("/etc/systemd/system", "/run/systemd/system", "/usr/local/lib/systemd/system", "/usr/lib/systemd/system",
           "/lib/systemd/system")  # fmt: skip


def unit(text: str) -> dict[str, list[str]]:
    """The settings of a unit file as "Section.Name" → values in order; an empty one removes the earlier ones."""
    found: dict[str, list[str]] = {}
    section = ""
    for line in text.replace("\\\n", " ").splitlines():
        line = line.strip()
        if line.startswith("[") and line.endswith("]"):
            section = line[1:-1]
        elif line and line[0] not in "#;":
            name, equals, value = line.partition("=")
            if equals:
                values = found.setdefault(f"{section}.{name.strip()}", [])
                if value.strip():
                    values.append(value.strip())
                else:
                    values.clear()
    return found


def program(command: str) -> str:
    """The program of a command line as ExecStart has it, without its prefix characters and arguments."""
    words = command.lstrip("-@:+!|").split()
    return words[0].strip('"') if words else ""


#: With what parts of a shell command begin that only look, or prepare the next one.
_BEFORE = frozenset({"test", "[", "[[", "cd", "command", "if", "sleep", "true", ":", ".", "export", "umask", "exit"})


def job_program(command: str) -> str:
    """The program that a shell command of cron is about: the first path in it, else its first word. No arguments.

    What a command only looks at or prepares (``test -e FILE || ``, ``cd / && ``) is not what it is about.
    """
    parts = [_words(part) for part in re.split(r"&&|[|;]+", command)]
    about = [words for words in parts if words and words[0] not in _BEFORE] or [words for words in parts if words]
    words = about[0] if about else [""]
    return next((word for word in words if re.match(r"/[^/]", word) and not word.startswith("/dev/")), words[0])


def _words(part: str) -> list[str]:
    words = (word.strip("\"'&()!{}") for word in part.split())
    return [word for word in words if word and not re.match(r"[A-Za-z_]\w*=", word)]


def names(probe: Probe, suffix: str) -> dict[str, str]:
    """Unit name → its folder, for the units of a kind; the first folder that has one counts."""
    found: dict[str, str] = {}
    for folder in FOLDERS:
        for name in probe.names(folder):
            if name.endswith(suffix) and name not in found:
                found[name] = folder
    return found


def enabled(probe: Probe) -> set[str]:
    """Units that are started at boot: those that a .wants or .requires folder links to."""
    found = set()
    for folder in FOLDERS:
        for name in probe.names(folder):
            if name.endswith((".wants", ".requires")):
                found.update(probe.names(f"{folder}/{name}"))
    return found

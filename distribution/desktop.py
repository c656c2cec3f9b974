"""Puts Terrier into the desktop's menu, with its icon, and makes it open ``*.terrier`` files; and takes it out again.

    python -m distribution.desktop install|uninstall

For one person the files go to $XDG_DATA_HOME (~/.local/share), with PREFIX to PREFIX/share. Who makes a package puts
DESTDIR before either; the desktop's caches are then left to the package.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

#: The installed files, relative to a folder "share".
SHARE = Path(__file__).resolve().parent / "share"

#: The programs that announce new files to the desktop, with their arguments, relative to "share".
UPDATERS = (("update-desktop-database", "applications"), ("update-mime-database", "mime"))


def share_folder(environment: Mapping[str, str]) -> Path:
    """The folder "share" from the environment."""
    if prefix := environment.get("PREFIX", ""):
        folder = Path(prefix).absolute() / "share"
    else:
        named = Path(environment.get("XDG_DATA_HOME", ""))
        # The specification has relative paths ignored.
        folder = named if named.is_absolute() else Path.home() / ".local" / "share"
    return Path(f"{environment.get('DESTDIR', '')}{folder}").absolute()


def window_command() -> list[str]:
    """The command that opens the window: the installed one, or this clone's main.py with the running Python."""
    installed = shutil.which("terrier-window")
    return [installed] if installed else [sys.executable, str(ROOT / "main.py")]


def exec_value(command: Sequence[str]) -> str:
    """A command as the key Exec has it, followed by the file to open."""
    return " ".join((*(_quoted(word) for word in command), "%f"))


def _quoted(word: str) -> str:
    word = word.replace("%", "%%")
    if re.fullmatch(r"[\w./+:%@=-]+", word):
        return word
    # Once for the command line inside the quotes, and once more for a string of a desktop file.
    return '"' + re.sub(r'(["`$\\])', r"\\\1", word).replace("\\", "\\\\") + '"'


def install(share: Path, command: Sequence[str]) -> list[Path]:
    """Writes the files below ``share``; the files. Raises OSError."""
    made = []
    for source in sorted(one for one in SHARE.rglob("*") if one.is_file()):
        target = share / source.relative_to(SHARE)
        target.parent.mkdir(parents=True, exist_ok=True)
        text = source.read_text("utf-8")
        if source.suffix == ".desktop":
            # A function: the value has backslashes of its own.
            text = re.sub(r"^Exec=.*$", lambda _: f"Exec={exec_value(command)}", text, flags=re.MULTILINE)
        target.write_text(text, "utf-8")
        made.append(target)
    return made


def uninstall(share: Path) -> list[Path]:
    """Removes the files below ``share``; those that were there. Raises OSError."""
    targets = (share / one.relative_to(SHARE) for one in sorted(SHARE.rglob("*")) if one.is_file())
    found = [target for target in targets if target.exists()]
    for target in found:
        target.unlink()
    return found


def update_caches(share: Path) -> None:
    """Tells the desktop, where it has the programs for it."""
    for program, folder in UPDATERS:
        if (share / folder).is_dir() and shutil.which(program):
            subprocess.run([program, str(share / folder)], check=False)


def main(words: Sequence[str]) -> int:
    """Installs or uninstalls; the exit status."""
    if list(words) not in (["install"], ["uninstall"]):
        print("usage: python -m distribution.desktop install|uninstall", file=sys.stderr)
        return 2
    share = share_folder(os.environ)
    try:
        files = install(share, window_command()) if words[0] == "install" else uninstall(share)
    except OSError as error:
        print(f"{error.filename}: {error.strerror}.", file=sys.stderr)
        return 2
    if not os.environ.get("DESTDIR"):
        update_caches(share)
    for file in files:
        print(f"{'Wrote' if words[0] == 'install' else 'Removed'} {file}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

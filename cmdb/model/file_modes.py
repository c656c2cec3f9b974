"""Who may read the files that Terrier makes: their owner alone, unless the person shares them on purpose.

A new file is its owner's from the first moment. In a folder that is shared on purpose it is shared as the folder is: a
folder with the group bit (``chmod g+s``) gives its group what the folder gives it, one with a default access list gives
what the list says. What takes the place of a file takes over its mode, owner, group and access list. Where a disk or a
share knows no modes, nothing happens. See docs/decisions/privacy.md.
"""

from __future__ import annotations

import os
import stat
from contextlib import suppress
from pathlib import Path

_PRIVATE_FILE, _PRIVATE_FOLDER = 0o600, 0o700
_LIST, _DEFAULT_LIST = "system.posix_acl_access", "system.posix_acl_default"


def create(path: Path) -> None:
    """Makes an empty file for its owner. Raises FileExistsError, OSError."""
    # The mode of a file in a folder with a default access list is a limit to the list; the list says who may read.
    mode = 0o666 if _attribute(path.parent, _DEFAULT_LIST) else _PRIVATE_FILE
    os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode))


def make_folder(path: Path, like: Path) -> None:
    """Makes a folder for those who may use the file ``like``, if it is not there. Raises OSError."""
    try:
        path.mkdir(mode=_PRIVATE_FOLDER)
    except FileExistsError:
        if not path.is_dir():
            raise
        return
    if not _attribute(path, _LIST):
        shared = stat.S_IMODE(like.stat().st_mode) & 0o066
        listed = (shared & 0o044) >> 2
        _change(path, stat.S_IMODE(path.stat().st_mode) & 0o7700 | shared | listed)


def settle(made: Path, path: Path, like: Path | None = None) -> None:
    """Before a new file is put in the place ``path``: who may read it, as it was of what is there, or of ``like``."""
    model = path if path.exists() else like
    if model is not None:
        take_over(made, model)
    else:
        share_as_folder(made)


def take_over(made: Path, like: Path) -> None:
    """Gives a new file the owner, group, mode and access list of another one, as far as the system lets us."""
    if os.name == "nt":
        return
    try:
        model, new = like.stat(), made.stat()
        mode = stat.S_IMODE(model.st_mode) & 0o666
        if (model.st_uid, model.st_gid) != (new.st_uid, new.st_gid) and not _give(made, model):
            mode &= ~0o060  # what its group may do is not for another group
        _change(made, mode)
        if access := _attribute(like, _LIST):
            with suppress(OSError):
                os.setxattr(made, _LIST, access)
    except OSError:
        return


def share_as_folder(made: Path) -> None:
    """Gives a new file to the group of its folder, if that folder is a shared one."""
    with suppress(OSError):
        folder = made.parent.stat()
        if os.name != "nt" and folder.st_mode & stat.S_ISGID and not _attribute(made.parent, _DEFAULT_LIST):
            _change(made, _PRIVATE_FILE | folder.st_mode & 0o060)


def _give(made: Path, model: os.stat_result) -> bool:
    """Whether the file could be given the group (and, by the administrator, the owner) of another one."""
    for owner in (model.st_uid, -1):
        with suppress(OSError):
            os.chown(made, owner, model.st_gid)
            return True
    return False


def _change(path: Path, mode: int) -> None:
    with suppress(OSError):  # FAT, some shares
        path.chmod(mode)


def _attribute(path: Path, name: str) -> bytes:
    """An extended attribute of a file or folder; empty where there is none, or where systems have no such thing."""
    if not hasattr(os, "getxattr"):
        return b""
    try:
        return os.getxattr(path, name)
    except OSError:
        return b""

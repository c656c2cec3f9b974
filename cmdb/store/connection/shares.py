"""Files on network shares, where SQLite cannot use a write-ahead log: it needs memory that its readers and writers
share, which two computers do not have (https://www.sqlite.org/wal.html, "All processes using a database must be on the
same host"). There an estate has SQLite's older rollback journal: it is slower, and readers and writers wait for each
other. Whether two computers may write at the same time depends on the share's locks, which not all shares implement.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterable
from pathlib import Path

from cmdb.model.messages import Message

#: Types of file systems that other computers can write to at the same time, by operating systems' names for them.
KINDS = frozenset(
    {
        "cifs", "smb", "smb2", "smb3", "smbfs", "nfs", "nfs3", "nfs4", "afpfs", "afs", "webdav", "davfs", "ncpfs",
        "9p", "virtiofs", "vboxsf", "prl_fs", "ceph", "glusterfs", "lustre", "gfs2", "ocfs2", "beegfs", "gpfs",
        "orangefs", "pvfs2", "moosefs", "coda", "acfs", "fuse.sshfs", "fuse.davfs", "fuse.ceph", "fuse.glusterfs",
        "fuse.vmhgfs-fuse", "fuse.rclone", "fuse.s3fs", "fuse.gvfsd-fuse", "fuse.smbnetfs", "fuse.curlftpfs",
        "fuse.mfs", "fuse.seaweedfs", "fuse.juicefs", "macfuse.sshfs", "osxfuse.sshfs",
    }
)  # fmt: skip

Mount = tuple[str, str]
"""Where a file system is mounted, and its type; ``remote`` is the type of network drives on Windows."""


def kind_of(path: Path, mounts: Iterable[Mount] | None = None) -> str:
    """The type of the share that a file is on, or "" for a local disk.

    ``mounts``: by default those of this computer.
    """
    if is_unc(str(path)):
        return "smb"
    place = os.path.realpath(path) if mounts is None or os.name != "nt" else str(path)
    if is_unc(place):
        return "smb"
    best, found = -1, ""
    for point, kind in _mounts() if mounts is None else mounts:
        if len(point) >= best and _is_below(place, point):  # Of two mounts at one path the later hides the other.
            best, found = len(point), kind
    return found if found in KINDS or found == "remote" else ""


def is_unc(path: str) -> bool:
    r"""Whether a Windows path names another computer: ``\\server\share`` or ``\\?\UNC\server\share``."""
    return bool(re.match(r"\\\\(?:\?\\UNC\\|(?![?.]\\))[^\\]", path))


def remark(path: Path, kind: str) -> Message:
    """What the person who opens an estate on a network share should know."""
    return Message(
        "{file} is on a network share ({kind}). It works there, but slower, and only one person should have it "
        "open to write. For several people, keep the estate in a PostgreSQL database.",
        file=path.name,
        kind=kind,
    )


def _is_below(place: str, point: str) -> bool:
    folder = point.rstrip("/\\")
    return place == folder or place.startswith((folder + "/", folder + "\\")) or not folder


def _mounts() -> Iterable[Mount]:
    system: str = sys.platform
    if system == "linux":
        try:
            with open("/proc/self/mountinfo", encoding="utf-8", errors="surrogateescape") as file:
                return [mount for line in file if (mount := read_mount(line))]
        except OSError:
            return []
    import psutil

    return [
        (one.mountpoint, "remote" if "remote" in one.opts.split(",") else one.fstype)
        for one in psutil.disk_partitions(all=True)
    ]


def read_mount(line: str) -> Mount | None:
    """A line of Linux's ``mountinfo`` (see proc(5)); blanks and similar characters are octal codes there."""
    before, dash, after = line.partition(" - ")
    fields, kinds = before.split(" "), after.split(" ")
    if not dash or len(fields) < 5:
        return None
    return re.sub(r"\\([0-7]{3})", lambda code: chr(int(code[1], 8)), fields[4]), kinds[0]

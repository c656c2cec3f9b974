"""Why the operating system refused something, as texts in the reader's language."""

from __future__ import annotations

import errno

from cmdb.model.messages import Message, verbatim

#: The system's own words of the reasons that are met; the system knows them only in its own language.
_REASONS = {
    errno.ENOENT: Message("No such file or directory"),
    errno.EACCES: Message("Permission denied"),
    errno.EPERM: Message("Operation not permitted"),
    errno.EEXIST: Message("File exists"),
    errno.EISDIR: Message("Is a directory"),
    errno.ENOTDIR: Message("Not a directory"),
    errno.ENOTEMPTY: Message("Directory not empty"),
    errno.ENOSPC: Message("No space left on device"),
    errno.EDQUOT: Message("Disk quota exceeded"),
    errno.EFBIG: Message("File too large"),
    errno.EROFS: Message("Read-only file system"),
    errno.ENAMETOOLONG: Message("File name too long"),
    errno.ELOOP: Message("Too many levels of symbolic links"),
    errno.EIO: Message("Input/output error"),
    errno.EBUSY: Message("Device or resource busy"),
    errno.EXDEV: Message("Invalid cross-device link"),
    errno.EMFILE: Message("Too many open files"),
    errno.ENFILE: Message("Too many open files in system"),
    errno.ENOMEM: Message("Cannot allocate memory"),
    errno.EINVAL: Message("Invalid argument"),
    errno.ETIMEDOUT: Message("Connection timed out"),
    errno.ECONNREFUSED: Message("Connection refused"),
    errno.ECONNRESET: Message("Connection reset by peer"),
    errno.EHOSTUNREACH: Message("No route to host"),
    errno.ENETUNREACH: Message("Network is unreachable"),
    errno.ESTALE: Message("Stale file handle"),
}


def reason_of(error: OSError) -> Message:
    """Why a call of the operating system failed, without a full stop; rare reasons are in the system's own words."""
    known = _REASONS.get(error.errno or 0)
    return known or verbatim(error.strerror or str(error))

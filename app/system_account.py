"""The account of the operating system that the program runs as: asked of the system, never of the environment."""

from __future__ import annotations

import sys

UNKNOWN = "unknown"


def login() -> str:
    """The login of the account that this program runs as."""
    if sys.platform == "win32":
        return _windows_name(_SAM_COMPATIBLE).rpartition("\\")[2] or UNKNOWN
    import os
    import pwd

    try:
        return pwd.getpwuid(os.getuid()).pw_name
    except KeyError:  # an account without an entry, as containers have them
        return str(os.getuid())


def full_name() -> str:
    """The person's full name as the system knows it, or ""."""
    if sys.platform == "win32":
        return _windows_name(_DISPLAY)
    import os
    import pwd

    try:
        entry = pwd.getpwuid(os.getuid())
    except KeyError:
        return ""
    # The first field of several; "&" stands for the login.
    return entry.pw_gecos.partition(",")[0].replace("&", entry.pw_name.capitalize()).strip()


_SAM_COMPATIBLE, _DISPLAY = 2, 3


if sys.platform == "win32":

    def _windows_name(form: int) -> str:
        import ctypes

        size = ctypes.c_ulong(256)
        buffer = ctypes.create_unicode_buffer(size.value)
        found = ctypes.windll.secur32.GetUserNameExW(form, buffer, ctypes.byref(size))
        return buffer.value.strip() if found else ""

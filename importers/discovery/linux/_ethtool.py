"""What a driver tells of its adapter by the ethtool ioctl (linux/ethtool.h): it needs neither rights nor /sys."""

from __future__ import annotations

import socket
import struct
from typing import NamedTuple

from importers.discovery.host import Probe

_SIOCETHTOOL = 0x8946
_GET_SETTINGS, _GET_DRIVER, _GET_PERMANENT = 0x01, 0x03, 0x20
_DRIVER = struct.Struct("=I32s32s32s32s32s12s5I")
_UNKNOWN_SPEED = (0, 0xFFFF, 0xFFFFFFFF)


class Adapter(NamedTuple):
    """An adapter as its driver tells: "" and None where it does not. ``slot`` is where it is plugged in."""

    driver: str = ""
    firmware: str = ""
    slot: str = ""
    speed: int | None = None
    permanent: str = ""


def adapter(probe: Probe, name: str) -> Adapter:
    """What the driver of an interface of the running machine tells."""
    if not probe.host.live:
        return Adapter()
    try:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as channel:
            told = _asked(channel, name, struct.pack("=I", _GET_DRIVER).ljust(_DRIVER.size, b"\0"))
            speed = _asked(channel, name, struct.pack("=I", _GET_SETTINGS).ljust(44, b"\0"))
            mac = _asked(channel, name, struct.pack("=II", _GET_PERMANENT, 32).ljust(40, b"\0"))
    except OSError:
        return Adapter()
    return described(told, speed, mac)


def described(told: bytes, settings: bytes, mac: bytes) -> Adapter:
    """The adapter of the answers to ETHTOOL_GDRVINFO, _GSET and _GPERMADDR; empty ones are not supported."""
    driver = firmware = slot = ""
    if len(told) == _DRIVER.size:
        _, raw_driver, _, raw_firmware, raw_slot, *_ = _DRIVER.unpack(told)
        driver, firmware, slot = (_text(raw) for raw in (raw_driver, raw_firmware, raw_slot))
    speed = None
    if len(settings) == 44:
        low, high = struct.unpack_from("=12xH14xH", settings)
        speed = low | high << 16
    raw = mac[8 : 8 + struct.unpack_from("=4xI", mac)[0]] if len(mac) == 40 else b""
    return Adapter(
        driver,
        "" if firmware in ("N/A", "n/a") else firmware,
        "" if slot in ("N/A", "n/a") else slot,
        None if speed in _UNKNOWN_SPEED else speed,
        raw.hex(":") if len(raw) == 6 and any(raw) else "",
    )


def _asked(channel: socket.socket, name: str, question: bytes) -> bytes:
    import array
    import fcntl

    memory = array.array("B", question)
    request = struct.pack("16sP8x", name.encode()[:15], memory.buffer_info()[0])
    try:
        fcntl.ioctl(channel.fileno(), _SIOCETHTOOL, request)
    except OSError:  # the driver does not answer this question
        return b""
    return memory.tobytes()


def _text(raw: bytes) -> str:
    return raw.partition(b"\0")[0].decode("utf-8", "replace").strip()

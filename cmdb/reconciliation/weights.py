"""The weights of each kind of evidence, in points, with reasons.

``evidence`` applies them, ``docs/identification.md`` shows them. The weights are set so that the cases of the
documentation have the right outcome. A serial number outweighs everything that a swapped main board changes. Adapters
and names decide only without better evidence.
"""

from __future__ import annotations

from typing import NamedTuple


class Weight(NamedTuple):
    """Points of one kind of evidence where it agrees and where it differs, and the reason for them."""

    agrees: int
    differs: int
    shown: str
    reason: str


#: Values that alone identify hardware. ``board_serial`` alone is weak: boards are swapped and refurbished.
HARDWARE: dict[str, Weight] = {
    "serial_number": Weight(
        100, 100, "serial number (of the same manufacturer)", "stays with the case for life; outweighs all else"
    ),
    "uuid": Weight(60, 40, "UUID, in either byte order", "goes with the main board, and firmware may repeat it"),
    "asset_tag": Weight(60, 50, "asset tag", "people stick them on, and on the wrong machine now and then"),
    "board_serial": Weight(30, 10, "main board's serial number", "boards are swapped"),
    "source_id": Weight(
        25,
        10,
        "number in another tool, of the same table",
        "given once, but another installation of the tool counts alike",
    ),
}
NOT_ALONE = frozenset({"board_serial", "source_id"})
"""Those of them that identify hardware only beside something else."""
#: Attributes that the schema marks as identifying and that have no own weight.
IDENTIFYING = Weight(50, 40, "IMEI and other identifying attributes", "identify, but are typed by hand")
OTHER_MAKER = 40
"""The same serial number of another manufacturer: makers count alike, so it says less than a UUID."""

ALL_ADAPTERS = 35
"""All network adapters of one side are the other's: enough with a name, not by itself with another system."""
ONE_ADAPTER = 10
"""One adapter in common and others not: docks and dongles move between machines."""
OTHER_ADAPTERS = 5
"""No adapter in common: dongles come and go."""
OTHER_VIRTUAL_ADAPTERS = 15
"""No adapter in common with a virtual machine: a hypervisor gives each clone its own."""

MACHINE_ID = Weight(
    40,
    10,
    "machine id (Linux machine-id, Windows MachineGuid, macOS platform UUID)",
    "made at installation; goes with a cloned disk, and a new installation has another",
)
DISK = Weight(20, 0, "a disk's serial number", "disks are moved; another disk says nothing")
HOST_NAME = Weight(20, 5, "host name", "given again to the next machine; renamed at will")
HOST_NAME_IN_DOMAIN = 25
"""The same host name in the same domain, where a name is given once at a time."""
OTHER_DOMAIN = 30
"""The same host name in another domain or of another company: namesakes, so it speaks against."""
NAME = Weight(15, 0, "name, where a host name is not known of both", "people call several things alike")

PERSON: dict[str, Weight] = {
    "email": Weight(60, 20, "e-mail address", "people have several, and change them with their name"),
    "user_name": Weight(50, 20, "user name without its domain", "one person has several accounts"),
    "employee_number": Weight(70, 60, "employee number", "given once by one employer"),
}
PERSON_OTHER = Weight(60, 40, "other identifying attributes", "identify a person by themselves")
PERSON_NAME = 20
"""The name of a person: namesakes are common."""

NUMBER = Weight(60, 60, "identifying attributes", "identify by themselves")
TOLD_APART = 60
"""An attribute that distinguishes records with the same name (``keys.COMPOSITES``) differs: they are two."""
OTHER_NAME = 20
"""The name of anything else."""

LOOKS_ALIKE = 0.5
"""The share of its points by which a value counts that only looks the same: 1000 and 01000, O and 0."""

# -- thresholds, in points --------------------------------------------------------------------------------------------

SURE = 60
"""Hardware that agrees this much and differs in nothing is the same: a UUID or an asset tag suffices."""
LIKELY = 30
"""Hardware that agrees this much is the same unless the operating system is evidence against it."""
PARTLY = 40
"""Hardware that agrees and differs: agreement must outweigh difference by this (a serial number against a board)."""
MINOR = 15
"""Hardware that differs by at most this has only other adapters, a board or both, which may have been exchanged."""
SYSTEM_SURE = 30
"""Without known hardware: the operating system must agree by this much more than it differs."""
PERSON_SURE = 20
"""A person's identifying values must agree by this much more than they differ."""

"""What agents' XML calls the fields of the inventory format, where that is another name than the format's.

The names are those of FusionInventory's published specification and of OCS Inventory's agents, in small letters.
"""

from __future__ import annotations

from collections.abc import Mapping

#: Sections that are one object; all others are lists.
OBJECTS = ("accesslog", "bios", "hardware", "operatingsystem", "pagecounters", "versionprovider")

#: The section of an element of CONTENT whose name differs from it.
SECTIONS: Mapping[str, str] = {
    "firewall": "firewalls", "user": "users", "battery": "batteries", "sim": "simcards", "sims": "simcards",
}  # fmt: skip

#: Section → field in the XML → field of the format. What is there under the format's own name stands.
FIELDS: Mapping[str, Mapping[str, str]] = {
    "antivirus": {
        "datfilecreation": "base_creation", "datfileversion": "base_version", "engineversion64": "base_version",
        "engineversion32": "base_version", "product": "name", "category": "type", "scan_date": "",
    },
    "batteries": {"serialnumber": "serial"},
    "controllers": {"version": "rev"},
    "cpus": {
        "cores": "core", "logical_cpus": "thread", "type": "name", "serialnumber": "id", "cpuarch": "arch",
        "l2cachesize": "cache",
    },
    "drives": {"numfiles": ""},
    "inputs": {"pointtype": "pointingtype"},
    "local_groups": {"member": "members"},
    "memories": {"serial": "serialnumber"},
    "networks": {"macaddr": "mac", "typemib": "", "duplex": ""},
    "network_components": {"containedinindex": "contained_index", "stacknumber": "stack_number"},
    "simcards": {
        "line_number": "phone_number", "opname": "operator_name", "imsi": "subscriber_id", "serialnumber": "iccid",
        "deviceid": "+imei",
    },
    "softwares": {
        "installdate": "install_date", "architecture": "arch", "releasetype": "release_type", "filename": "",
        "source": "", "language": "", "is64bit": "", "bitswidth": "", "ismultiuser": "",
    },
    "storages": {"serialnumber": "serial"},
    "users": {"user": "login"},
    "videos": {"pciid": ""},
    "virtualmachines": {"vmid": ""},
}  # fmt: skip

#: Field of HARDWARE → field of the operating system. OCS Inventory knows no other place; beside an OPERATINGSYSTEM the
#: version is the kernel's.
SYSTEM: Mapping[str, str] = {"osname": "full_name", "osversion": "version", "arch": "arch"}

#: Sections that say nothing which the register keeps: settings of the agents, and what others of them repeat.
LEFT_OUT = frozenset({
    "registry", "userslist", "mib_applications", "mib_components", "jvms", "download", "repository", "rudder",
    "process", "moduleversion", "processnumber", "versionclient", "accountinfo", "device", "etime", "uuid", "saas",
    "snmp",
})  # fmt: skip

#: Days as an agent writes them: month first, or day first.
MONTH_FIRST = {("bios", "bdate"), ("firmwares", "date")}
DAYS = {
    ("bios", "bdate"), ("firmwares", "date"), ("softwares", "install_date"), ("batteries", "date"),
    ("antivirus", "expiration"), ("antivirus", "base_creation"), ("operatingsystem", "install_date"),
    ("licenseinfos", "activation_date"),
}  # fmt: skip
FLAGS = {
    ("networks", "virtualdev"), ("networks", "management"), ("drives", "systemdrive"),
}  # fmt: skip
LISTS = {
    ("local_groups", "members"), ("modems", "imei"), ("cameras", "resolution"), ("cameras", "imageformats"),
    ("cameras", "resolutionvideo"), ("versionprovider", "comments"),
}  # fmt: skip

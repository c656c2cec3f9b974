"""The constraints that GLPI requires of a document, as facts of the format, written by hand.

From GLPI's published inventory schema (MIT licence): required keys, types, patterns, date forms. Only what that schema
demands is checked; sections and keys that it does not have are ignored, apart from nulls, which it never allows.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import Any

_DATE = r"\d{4}-\d\d-\d\d"
_TIME = _DATE + r"[ |T]\d\d:\d\d:\d\d(Z|[+|-]\d\d:\d\d:\d\d)?"  # no fractions, no time zone
_PATTERNS = {
    "date": _DATE,
    "time": _TIME,
    "date_or_time": f"{_DATE}|{_TIME}",
    "arch": r"mips|mips64|alpha|sparc|sparc64|m68k|i\d86|x86_64|powerpc|powerpc64|arm.*|aarch64",
    "secure_boot": "enabled|disabled|unsupported",
    "link": "up|down|dormant|notpresent|lowerlayerdown|unknown|testing",
    "adapter": "ethernet|wifi|infiniband|aggregate|alias|dialup|loopback|bridge|fibrechannel|bluetooth",
    "offset": r"[+-]\d{4}",
    "guest": "running|blocked|idle|paused|shutdown|crashed|dying|off",
    "slot": "free|used",
    "itemtype": "Unmanaged|Computer|Phone|NetworkEquipment|Printer",
    "device": "Unmanaged|Computer|Networking|Printer|Storage|Power|Phone|Video|KVM",
}
_ADDRESSES = {"ipv4": IPv4Address, "ipv6": IPv6Address, "address": ip_address}
_WORDS = {"text": str, "integer": int, "boolean": bool, "object": dict, "list": list, "texts": list}


def _shape(**keys: str) -> dict[str, str]:
    return {key: kind for kind, names in keys.items() for key in names.split()}


#: Section → what its object, or each object of its list, may hold: key → kind. A leading "*" marks sections that are
#: lists, a dot lists within their objects; "!" after a key means that it is required.
SECTIONS: Mapping[str, Mapping[str, str]] = {
    "accesslog": _shape(
        time="logdate!",
        text="userid",
    ),
    "*antivirus": _shape(
        text="company guid name version base_version",
        boolean="enabled uptodate",
        date="expiration base_creation",
    ),
    "*batteries": _shape(
        text="chemistry manufacturer name serial",
        integer="capacity real_capacity voltage",
        date="date",
    ),
    "bios": _shape(
        text=(
            "assettag bmanufacturer bversion mmanufacturer mmodel msn skunumber smanufacturer smodel "
            "ssn biosserial enclosureserial"
        ),
        date_or_time="bdate",
        secure_boot="secure_boot",
    ),
    "*cameras": _shape(
        text="designation focallength lensfacing manufacturer model orientation sensorsize",
        texts="imageformats resolution resolutionvideo supports",
        boolean="flashunit",
    ),
    "*controllers": _shape(
        text=(
            "caption driver manufacturer name pcisubsystemid pciclass pcislot productid rev type vendorid model serial"
        ),
    ),
    "*cpus": _shape(
        text="description familyname familynumber id manufacturer model name serial cache",
        arch="arch",
        integer="core corecount external_clock speed stepping thread",
    ),
    "*databases_services": _shape(
        text="name! version! manufacturer path type",
        integer="port size",
        boolean="is_active is_onbackup",
        time="last_backup_date last_boot_date",
        list="databases",
    ),
    "*databases_services.databases": _shape(
        text="name!",
        integer="size",
        boolean="is_active is_onbackup",
        time="creation_date last_backup_date update_date",
    ),
    "*drives": _shape(
        text=(
            "description letter filesystem serial type volumn createdate label encrypt_name "
            "encrypt_algo encrypt_status encrypt_type"
        ),
        boolean="systemdrive",
        integer="free total",
    ),
    "*envs": _shape(
        text="key! val!",
    ),
    "*firewalls": _shape(
        text="description profile status!",
        ipv4="ipaddress",
        ipv6="ipaddress6",
    ),
    "*firmwares": _shape(
        text="description manufacturer name type version",
        date="date",
    ),
    "hardware": _shape(
        text=(
            "chassis_type datelastloggeduser defaultgateway dns lastloggeduser name uuid vmsystem "
            "workgroup type description winprodid winowner winprodkey wincompany winlang"
        ),
        integer="memory swap",
    ),
    "*licenseinfos": _shape(
        text="components fullname key name productid update",
        boolean="trial",
        time="activation_date",
    ),
    "*local_groups": _shape(
        text="id! name!",
        texts="members",
    ),
    "*local_users": _shape(
        text="id! home login name shell",
    ),
    "*inputs": _shape(
        text="caption description type name manufacturer interface layout pointingtype",
    ),
    "*logical_volumes": _shape(
        text="attr lv_name! lv_uuid! vg_name vg_uuid",
        integer="seg_count size!",
    ),
    "*physical_volumes": _shape(
        text="attr device! format! pv_uuid! vg_uuid",
        integer="free! pe_size pv_pe_count! size!",
    ),
    "*ports": _shape(
        text="caption description name type!",
    ),
    "*powersupplies": _shape(
        text="name serialnumber manufacturer partnum model status location",
        integer="power_max",
        boolean="hotreplaceable plugged",
    ),
    "*volume_groups": _shape(
        text="attr vg_extent_size! vg_name! vg_uuid!",
        integer="free! lv_count! pv_count! size!",
    ),
    "*memories": _shape(
        text=("caption description manufacturer memorycorrection serialnumber model speed type formfactor purpose"),
        integer="capacity numslots",
        boolean="removable",
    ),
    "*modems": _shape(
        text="description imei manufacturer model name serial type",
    ),
    "*monitors": _shape(
        text="base64 caption description manufacturer serial altserial port uuencode name type",
    ),
    "*network_components": _shape(
        text="description firmware mac manufacturer model name serial type",
        integer="contained_index fru index stack_number",
        address="ip",
    ),
    "*networks": _shape(
        text=(
            "ipaddress6 ipdhcp ipgateway ipmask ipmask6 ipsubnet ipsubnet6 mac pciid pnpdeviceid speed "
            "manufacturer model wwn driver firmware pcislot slaves base wifi_ssid wifi_bssid wifi_mode "
            "wifi_version description!"
        ),
        ipv4="ipaddress",
        boolean="management virtualdev",
        link="status",
        adapter="type",
        integer="mtu",
    ),
    "operatingsystem": _shape(
        text=("arch dns_domain fqdn full_name hostid kernel_name kernel_version name ssh_key service_pack version"),
        time="boot_time",
        date_or_time="install_date",
        object="timezone",
    ),
    "*printers": _shape(
        text=(
            "name! description driver port printprocessor resolution status comment errstatus "
            "servername sharename serial"
        ),
        boolean="network shared",
    ),
    "*processes": _shape(
        text="cmd! user! cpuusage mem tty",
        integer="pid! virtualmemory",
        time="started",
    ),
    "*remote_mgmt": _shape(
        text="id! type! version",
    ),
    "*sensors": _shape(
        text="manufacturer name type version",
    ),
    "*simcards": _shape(
        text="country iccid operator_code operator_name phone_number serial state subscriber_id",
    ),
    "*slots": _shape(
        text="name! description designation",
        slot="status",
    ),
    "*softwares": _shape(
        text=(
            "name! arch comments from guid publisher system_category uninstall_string url_info_about "
            "version folder helplink release_type version_minor version_major username userid"
        ),
        integer="filesize",
        date_or_time="install_date",
        boolean="no_remove",
    ),
    "*sounds": _shape(
        text="caption description manufacturer name",
    ),
    "*storages": _shape(
        text=(
            "description firmware interface manufacturer model name scsi_coid scsi_lun scsi_unid "
            "scsi_chid serial type wwn encrypt_name encrypt_algo encrypt_status encrypt_type"
        ),
        integer="disksize",
    ),
    "*usbdevices": _shape(
        text="caption class manufacturer name productid subclass vendorid serial",
    ),
    "*users": _shape(
        text="domain login",
    ),
    "*videos": _shape(
        text="name chipset resolution pcislot",
        integer="memory",
    ),
    "*virtualmachines": _shape(
        text="name! image subsystem uuid vmtype mac comment owner serial",
        integer="memory vcpu",
        object="operatingsystem",
        guest="status",
        address="ipaddress",
    ),
    "network_device": _shape(
        device="type!",
        texts="ips",
        text="description firmware location mac model name assettag serial uptime manufacturer contact",
        integer="cpu memory ram credentials",
    ),
    "terrier": {},
    "versionprovider": _shape(
        text="name perl_args perl_exe perl_inc perl_version program version",
        texts="comments perl_config perl_module",
        integer="etime",
    ),
}
_ROOT = {"deviceid": "text", "itemtype": "itemtype", "content": "object", "jobid": "integer", "partial": "boolean",
         "action": "text", "tag": "text"}  # fmt: skip


def violations(document: Mapping[str, Any]) -> list[str]:
    """Everything in which a document departs from the format, each with its place; empty if GLPI would take it."""
    return list(_violations(document))


def unknown(document: Mapping[str, Any]) -> list[str]:
    """Unknown keys in sections of the format: no violation, but other programs don't read them."""
    found: set[str] = set()
    for name, shape in SECTIONS.items():
        section = document["content"].get(name.lstrip("*"), [])
        for entry in section if isinstance(section, list) else [section]:
            known = {key.rstrip("!") for key in shape}
            found.update(f"{name.lstrip('*')}.{key}" for key in entry if shape and key not in known)
    sections = {name.lstrip("*") for name in SECTIONS} | {"versionclient"}
    found.update(key for key in document["content"] if key not in sections)
    return sorted(found)


def _violations(document: Mapping[str, Any]) -> Iterator[str]:
    for key in document:
        if key not in _ROOT:
            yield f"{key}: the root takes no further keys"
    for key in ("deviceid", "content"):
        if key not in document:
            yield f"{key}: must be there"
    for key, kind in _ROOT.items():
        if key in document:
            yield from value_problems(key, document[key], kind)
    content = document.get("content")
    if not isinstance(content, dict):
        return
    yield from _nulls("content", content)
    if not isinstance(content.get("versionclient"), str):
        yield "content.versionclient: must be there, as text"
    for name, shape in SECTIONS.items():
        if name.lstrip("*") in content:
            yield from _section(f"content.{name.lstrip('*')}", content[name.lstrip("*")], shape, name.startswith("*"))
    yield from _meaning(content)


def _section(place: str, section: Any, shape: Mapping[str, str], wants_list: bool) -> Iterator[str]:
    if not isinstance(section, list if wants_list else dict):
        yield f"{place}: must be {'a list' if wants_list else 'an object'}"
        return
    for number, entry in enumerate(section if wants_list else [section]):
        where = f"{place}[{number}]" if wants_list else place
        if not isinstance(entry, dict):
            yield f"{where}: must be an object"
            continue
        for key, kind in shape.items():
            bare = key.rstrip("!")
            if bare in entry:
                yield from value_problems(f"{where}.{bare}", entry[bare], kind)
            elif key.endswith("!"):
                yield f"{where}.{bare}: must be there"


def value_problems(where: str, value: Any, kind: str) -> Iterator[str]:
    """In what a value departs from its kind; ``where`` names its place."""
    wanted = _WORDS.get(kind, str)
    if not isinstance(value, wanted) or (wanted is int and isinstance(value, bool)):
        word = kind if kind in _WORDS and kind != "texts" else "text"
        yield f"{where}: must be {word}, not {type(value).__name__}"
    elif isinstance(value, list):
        if kind == "texts" and not all(isinstance(one, str) for one in value):
            yield f"{where}: must be text"
    elif kind in _ADDRESSES and not _is_address(str(value), kind):
        yield f"{where}: {value!r} is no {kind}"
    elif kind in _PATTERNS and not re.fullmatch(_PATTERNS[kind], str(value), re.ASCII):
        yield f"{where}: {value!r} is no {kind.replace('_', ' ')}"


def _is_address(value: str, kind: str) -> bool:
    try:
        return bool(_ADDRESSES[kind](value))
    except ValueError:
        return False


def _nulls(where: str, value: Any) -> Iterator[str]:
    if value is None:
        yield f"{where}: is null; what is not there is left out"
    elif isinstance(value, dict):
        for key, one in value.items():
            yield from _nulls(f"{where}.{key}", one)
    elif isinstance(value, list):
        for number, one in enumerate(value):
            yield from _nulls(f"{where}[{number}]", one)


def _meaning(content: Mapping[str, Any]) -> Iterator[str]:
    """Constraints that types do not express."""
    zone = content.get("operatingsystem", {})
    zone = zone.get("timezone") if isinstance(zone, dict) else None
    if isinstance(zone, dict):
        for key, kind in (("name", "text"), ("offset", "offset")):
            if key not in zone:
                yield f"content.operatingsystem.timezone.{key}: must be there"
            else:
                yield from value_problems(f"content.operatingsystem.timezone.{key}", zone[key], kind)
    for number, network in enumerate(content.get("networks", [])):
        if isinstance(network, dict) and "," in str(network.get("ipaddress", "")) + str(network.get("ipaddress6", "")):
            yield f"content.networks[{number}]: the interface is repeated once per address"
    for section, key, shape in (
        ("databases_services", "databases", "*databases_services.databases"),
        ("virtualmachines", "operatingsystem", "operatingsystem"),
    ):
        for number, entry in enumerate(content.get(section, [])):
            if isinstance(entry, dict) and key in entry:
                place = f"content.{section}[{number}].{key}"
                yield from _section(place, entry[key], SECTIONS[shape], shape.startswith("*"))

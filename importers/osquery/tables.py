"""Which table of osquery is which section of the inventory format, and how a table is known that nothing names."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple


class OsqueryTable(NamedTuple):
    """A table whose rows are entries of a section: section, field of the format → column, and fields that are fixed."""

    section: str
    fields: Mapping[str, str]
    fixed: Mapping[str, str] = {}


#: Tables whose rows are entries of a section as they are. Those of Terrier's own part begin with "terrier.".
TABLES: Mapping[str, OsqueryTable] = {
    "deb_packages": OsqueryTable(
        "softwares",
        {"name": "name", "version": "version", "arch": "arch", "publisher": "maintainer", "filesize": "size",
         "system_category": "section"},
        {"from": "deb"},
    ),
    "rpm_packages": OsqueryTable(
        "softwares",
        {"name": "name", "version": "version", "arch": "arch", "publisher": "vendor", "filesize": "size",
         "install_date": "install_time", "system_category": "package_group"},
        {"from": "rpm"},
    ),
    "programs": OsqueryTable(
        "softwares",
        {"name": "name", "version": "version", "publisher": "publisher", "install_date": "install_date",
         "folder": "install_location", "guid": "identifying_number", "uninstall_string": "uninstall_string"},
        {"from": "registry"},
    ),
    "apps": OsqueryTable(
        "softwares", {"name": "bundle_name", "version": "bundle_short_version", "folder": "path",
                      "guid": "bundle_identifier"}, {"from": "macos"},
    ),
    "homebrew_packages": OsqueryTable(
        "softwares", {"name": "name", "version": "version", "folder": "path"}, {"from": "brew"}
    ),
    "chocolatey_packages": OsqueryTable(
        "softwares", {"name": "name", "version": "version", "publisher": "author", "comments": "summary"},
        {"from": "chocolatey"},
    ),
    "python_packages": OsqueryTable(
        "softwares", {"name": "name", "version": "version", "publisher": "author", "comments": "summary",
                      "folder": "path"}, {"from": "pip"},
    ),
    "npm_packages": OsqueryTable(
        "softwares", {"name": "name", "version": "version", "publisher": "author", "comments": "description",
                      "folder": "path"}, {"from": "npm"},
    ),
    "patches": OsqueryTable(
        "softwares", {"name": "hotfix_id", "comments": "description", "install_date": "installed_on"},
        {"from": "registry", "release_type": "Update"},
    ),
    "cpu_info": OsqueryTable(
        "cpus", {"name": "model", "manufacturer": "manufacturer", "core": "number_of_cores",
                 "thread": "logical_processors", "speed": "max_clock_speed", "description": "socket_designation"},
    ),
    "memory_devices": OsqueryTable(
        "memories",
        {"caption": "device_locator", "capacity": "size", "type": "memory_type", "formfactor": "form_factor",
         "description": "bank_locator", "manufacturer": "manufacturer", "serialnumber": "serial_number",
         "model": "part_number", "speed": "configured_clock_speed"},
    ),
    "disk_info": OsqueryTable(
        "storages", {"name": "name", "model": "hardware_model", "manufacturer": "manufacturer", "serial": "serial",
                     "interface": "type", "description": "description", "+bytes": "disk_size"},
    ),
    "interface_details": OsqueryTable(
        "networks", {"description": "interface", "mac": "mac", "mtu": "mtu", "speed": "link_speed",
                     "manufacturer": "manufacturer", "model": "description", "pcislot": "pci_slot",
                     "+friendly": "friendly_name"},
    ),
    "routes": OsqueryTable(
        "terrier.routes", {"interface": "interface", "destination": "destination", "mask": "netmask",
                           "gateway": "gateway", "metric": "metric"},
    ),
    "users": OsqueryTable(
        "local_users", {"login": "username", "id": "uid", "name": "description", "home": "directory", "shell": "shell"}
    ),
    "groups": OsqueryTable("local_groups", {"id": "gid", "name": "groupname"}),
    "logged_in_users": OsqueryTable("users", {"login": "user"}),
    "services": OsqueryTable(
        "terrier.services", {"name": "name", "description": "display_name", "start": "start_type", "state": "status",
                             "user": "user_account", "pid": "pid", "+program": "path"}, {"manager": "windows"},
    ),
    "systemd_units": OsqueryTable(
        "terrier.services", {"name": "id", "description": "description", "state": "sub_state", "user": "user"},
        {"manager": "systemd"},
    ),
    "launchd": OsqueryTable(
        "terrier.services", {"name": "label", "program": "program", "user": "username"}, {"manager": "launchd"}
    ),
    "usb_devices": OsqueryTable(
        "usbdevices", {"name": "model", "manufacturer": "vendor", "serial": "serial", "vendorid": "vendor_id",
                       "productid": "model_id", "class": "class", "subclass": "subclass"},
    ),
    "pci_devices": OsqueryTable(
        "controllers", {"name": "model", "manufacturer": "vendor", "driver": "driver", "pcislot": "pci_slot",
                        "vendorid": "vendor_id", "productid": "model_id", "type": "pci_class"},
    ),
    "battery": OsqueryTable("batteries", {"name": "model", "manufacturer": "manufacturer", "serial": "serial_number"}),
    "processes": OsqueryTable(
        "processes", {"cmd": "path", "pid": "pid", "+uid": "uid", "+name": "name"},
    ),
}  # fmt: skip

#: Tables that say something of the machine itself, or of entries that other tables list.
OTHER_TABLES = (
    "system_info", "os_version", "kernel_info", "platform_info", "chassis_info", "osquery_info", "time", "uptime",
    "mounts", "logical_drives", "block_devices", "interface_addresses", "listening_ports", "process_open_sockets",
    "disk_encryption", "bitlocker_info", "windows_security_products",
)  # fmt: skip

#: Columns of which a table has all, the first table that fits; for rows that nothing names.
COLUMNS: tuple[tuple[str, frozenset[str]], ...] = tuple(
    (table, frozenset(columns.split()))
    for table, columns in (
        ("system_info", "hostname hardware_serial"), ("system_info", "hostname cpu_brand"),
        ("os_version", "name version platform build"), ("os_version", "name version platform major"),
        ("deb_packages", "name version maintainer"), ("deb_packages", "name version status arch"),
        ("rpm_packages", "name version release vendor"), ("rpm_packages", "name version release arch"),
        ("programs", "name publisher identifying_number"), ("programs", "name version install_date publisher"),
        ("apps", "bundle_identifier bundle_name"), ("patches", "hotfix_id"),
        ("listening_ports", "pid port protocol address"), ("process_open_sockets", "remote_address local_port"),
        ("interface_addresses", "interface address mask"), ("interface_details", "interface mac mtu"),
        ("mounts", "device path blocks_size"), ("logical_drives", "device_id free_space file_system"),
        ("memory_devices", "device_locator memory_type"), ("disk_info", "hardware_model disk_size"),
        ("block_devices", "parent block_size"), ("cpu_info", "number_of_cores logical_processors"),
        ("platform_info", "vendor version revision date"), ("kernel_info", "version device path arguments"),
        ("chassis_info", "chassis_types"), ("bitlocker_info", "drive_letter protection_status"),
        ("disk_encryption", "uuid encrypted encryption_status"), ("processes", "pid name cmdline"),
        ("services", "display_name start_type"), ("systemd_units", "fragment_path sub_state"),
        ("launchd", "label run_at_load"), ("usb_devices", "usb_address vendor_id"),
        ("pci_devices", "pci_slot pci_class"),
        ("users", "uid username directory"), ("groups", "gid groupname"), ("logged_in_users", "user tty host"),
        ("routes", "destination netmask gateway"), ("battery", "cycle_count designed_capacity"),
        ("python_packages", "name version license summary path"), ("osquery_info", "config_hash build_platform"),
    )
)  # fmt: skip


def table_named(name: str) -> str:
    """The table of a query's name: "deb_packages", "pack_inventory_deb_packages"; "" where it names none."""
    known = (*TABLES, *OTHER_TABLES)
    if name in known:
        return name
    return max(
        (one for one in known if name.endswith((f"_{one}", f"/{one}", f":{one}", f"-{one}"))), key=len, default=""
    )


def table_of_columns(columns: frozenset[str]) -> str:
    """The table that has such columns; "" where none has."""
    return next((table for table, own in COLUMNS if own <= columns), "")

"""Which field of the inventory format is which column of which section.

A path names the list or the object in ``content``; "terrier." is Terrier's own part of it. A field is its key there; a
pair is a number with what it is multiplied by. Fields that begin with "+" are no fields of the entry: they are put
into it before (``section_entries``). What the format names and is not here is what environment variables are set to
and the arguments of processes, which can hold secrets, and what the record itself has. A scan that was asked for
arguments has them in Terrier's own part.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple


class SectionSource(NamedTuple):
    """Where the rows of a section stand in an inventory: the path, and column → field."""

    path: str
    fields: Mapping[str, str | tuple[str, int]]


SOURCES: Mapping[str, SectionSource] = {
    "bios": SectionSource(
        "bios",
        {
            "manufacturer": "bmanufacturer", "version": "bversion", "date": "bdate",
            "system_manufacturer": "smanufacturer", "system_model": "smodel", "sku": "skunumber",
            "serial_number": "ssn", "asset_tag": "assettag", "board_manufacturer": "mmanufacturer",
            "board_model": "mmodel", "board_serial": "msn", "bios_serial": "biosserial",
            "enclosure_serial": "enclosureserial", "secure_boot": "secure_boot", "firmware_type": "+firmware",
            "family": "+family", "tpm": "+tpm", "product_number": "+product_number",
        },
    ),
    "firmware": SectionSource(
        "firmwares",
        {
            "name": "name", "description": "description", "type": "type", "version": "version", "date": "date",
            "manufacturer": "manufacturer",
        },
    ),
    "processors": SectionSource(
        "cpus",
        {
            "name": "name", "manufacturer": "manufacturer", "description": "description", "cores": "core",
            "enabled_cores": "corecount", "threads": "thread", "speed": "speed", "external_clock": "external_clock",
            "arch": "arch", "family": "familyname", "family_number": "familynumber", "model": "model",
            "stepping": "stepping", "cache": "cache", "processor_id": "id", "serial_number": "serial",
        },
    ),
    "memory_modules": SectionSource(
        "memories",
        {
            "slot": "numslots", "slot_name": "caption", "size": "capacity", "type": "type", "speed": "speed",
            "form_factor": "formfactor", "description": "description", "manufacturer": "manufacturer",
            "model": "model", "serial_number": "serialnumber", "correction": "memorycorrection",
            "purpose": "purpose", "removable": "removable",
        },
    ),
    "memory": SectionSource(
        "terrier.memory",
        {
            "total": "total_bytes", "usable": "usable_bytes", "swap": "swap_bytes",
        },
    ),
    "disks": SectionSource(
        "storages",
        {
            "name": "name", "model": "model", "manufacturer": "manufacturer", "serial_number": "serial",
            "size": ("disksize", 1_000_000), "type": "type", "medium": "+medium", "interface": "interface",
            "description": "description", "firmware": "firmware", "wwn": "wwn", "removable": "+removable",
            "health": "+health", "hours": "+hours", "temperature": "+temperature", "wear": "+wear",
            "scsi_controller": "scsi_coid", "scsi_channel": "scsi_chid", "scsi_unit": "scsi_unid",
            "scsi_lun": "scsi_lun", "encryption": "encrypt_name", "encryption_algorithm": "encrypt_algo",
            "encryption_status": "encrypt_status", "encryption_type": "encrypt_type",
        },
    ),
    "controllers": SectionSource(
        "controllers",
        {
            "name": "name", "caption": "caption", "type": "type", "manufacturer": "manufacturer", "model": "model",
            "driver": "driver", "pci_slot": "pcislot", "pci_class": "pciclass", "vendor_id": "vendorid",
            "product_id": "productid", "subsystem_id": "pcisubsystemid", "revision": "rev",
            "serial_number": "serial",
        },
    ),
    "graphics": SectionSource(
        "videos",
        {
            "name": "name", "chipset": "chipset", "memory": "memory", "resolution": "resolution",
            "pci_slot": "pcislot",
        },
    ),
    "sound": SectionSource(
        "sounds",
        {
            "name": "name", "caption": "caption", "description": "description", "manufacturer": "manufacturer",
        },
    ),
    "displays": SectionSource(
        "monitors",
        {
            "name": "name", "caption": "caption", "manufacturer": "manufacturer", "serial_number": "serial",
            "alternative_serial": "altserial", "type": "type", "made": "description", "port": "port",
            "edid": "base64", "edid_uuencoded": "uuencode",
        },
    ),
    "inputs": SectionSource(
        "inputs",
        {
            "name": "name", "caption": "caption", "description": "description", "type": "type",
            "manufacturer": "manufacturer", "interface": "interface", "layout": "layout",
            "pointing_type": "pointingtype",
        },
    ),
    "usb_devices": SectionSource(
        "usbdevices",
        {
            "name": "name", "caption": "caption", "manufacturer": "manufacturer", "serial_number": "serial",
            "vendor_id": "vendorid", "product_id": "productid", "class": "class", "subclass": "subclass",
        },
    ),
    "batteries": SectionSource(
        "batteries",
        {
            "name": "name", "manufacturer": "manufacturer", "serial_number": "serial", "chemistry": "chemistry",
            "made": "date", "design_capacity": "capacity", "present_capacity": "real_capacity", "voltage": "voltage",
            "charge": "+charge", "cycles": "+cycles", "state": "+state",
        },
    ),
    "slots": SectionSource(
        "slots",
        {
            "name": "name", "designation": "designation", "description": "description", "status": "status",
        },
    ),
    "connectors": SectionSource(
        "ports",
        {
            "name": "name", "caption": "caption", "description": "description", "type": "type",
        },
    ),
    "power_supplies": SectionSource(
        "powersupplies",
        {
            "name": "name", "manufacturer": "manufacturer", "model": "model", "part_number": "partnum",
            "serial_number": "serialnumber", "power": "power_max", "location": "location",
            "hot_swappable": "hotreplaceable", "plugged": "plugged", "status": "status",
        },
    ),
    "modems": SectionSource(
        "modems",
        {
            "name": "name", "description": "description", "type": "type", "manufacturer": "manufacturer",
            "model": "model", "serial_number": "serial", "imei": "imei",
        },
    ),
    "sim_cards": SectionSource(
        "simcards",
        {
            "iccid": "iccid", "serial_number": "serial", "phone_number": "phone_number",
            "subscriber_id": "subscriber_id", "operator": "operator_name", "operator_code": "operator_code",
            "country": "country", "state": "state",
        },
    ),
    "sensors": SectionSource(
        "sensors",
        {
            "name": "name", "manufacturer": "manufacturer", "type": "type", "version": "version",
        },
    ),
    "cameras": SectionSource(
        "cameras",
        {
            "designation": "designation", "manufacturer": "manufacturer", "model": "model",
            "lens_facing": "lensfacing", "resolution": "resolution", "video_resolution": "resolutionvideo",
            "image_formats": "imageformats", "supports": "supports", "flash": "flashunit",
            "orientation": "orientation", "focal_length": "focallength", "sensor_size": "sensorsize",
        },
    ),
    "components": SectionSource(
        "network_components",
        {
            "index": "index", "name": "name", "type": "type", "description": "description",
            "manufacturer": "manufacturer", "model": "model", "serial_number": "serial", "firmware": "firmware",
            "mac": "mac", "address": "ip", "replaceable": "fru", "contained_in": "contained_index",
            "stack_number": "stack_number",
        },
    ),
    "printers": SectionSource(
        "printers",
        {
            "name": "name", "description": "description", "driver": "driver", "port": "port",
            "serial_number": "serial", "network": "network", "shared": "shared", "server": "servername",
            "share": "sharename", "resolution": "resolution", "print_processor": "printprocessor",
            "comment": "comment", "status": "status", "error": "errstatus",
        },
    ),
    "supplies": SectionSource(
        "consumables",
        {
            "type": "type", "colour": "color", "unit": "unit", "capacity": "max", "level": "value",
        },
    ),
    "cartridges": SectionSource(
        "cartridges",
        {
            "name": "name", "level": "value",
        },
    ),
    "page_counters": SectionSource(
        "pagecounters",
        {
            "total": "total", "black": "black", "colour": "color", "duplex": "duplex", "both_sides": "rectoverso",
            "scanned": "scanned", "printed": "printtotal", "printed_black": "printblack",
            "printed_colour": "printcolor", "copied": "copytotal", "copied_black": "copyblack",
            "copied_black_a3": "copyblack_a3", "copied_colour": "copycolor", "copied_colour_a3": "copycolor_a3",
            "faxed": "faxtotal",
        },
    ),
    "volumes": SectionSource(
        "drives",
        {
            "mount": "type", "letter": "letter", "device": "volumn", "label": "label", "filesystem": "filesystem",
            "size": ("total", 1_048_576), "free": ("free", 1_048_576), "system": "systemdrive",
            "serial_number": "serial", "created": "createdate", "description": "description",
            "encryption": "encrypt_name", "encryption_algorithm": "encrypt_algo",
            "encryption_status": "encrypt_status", "encryption_type": "encrypt_type",
        },
    ),
    "physical_volumes": SectionSource(
        "physical_volumes",
        {
            "device": "device", "pv_uuid": "pv_uuid", "vg_uuid": "vg_uuid", "format": "format", "size": "size",
            "free": "free", "attributes": "attr", "extent_size": "pe_size", "extents": "pv_pe_count",
        },
    ),
    "volume_groups": SectionSource(
        "volume_groups",
        {
            "name": "vg_name", "vg_uuid": "vg_uuid", "size": "size", "free": "free", "attributes": "attr",
            "physical_volumes": "pv_count", "logical_volumes": "lv_count", "extent_size": "vg_extent_size",
        },
    ),
    "logical_volumes": SectionSource(
        "logical_volumes",
        {
            "name": "lv_name", "lv_uuid": "lv_uuid", "group": "vg_name", "vg_uuid": "vg_uuid", "size": "size",
            "attributes": "attr", "segments": "seg_count",
        },
    ),
    "storage_pools": SectionSource(
        "terrier.storage_pools",
        {
            "name": "name", "manager": "manager", "pool_id": "pool_id", "level": "level", "size": "size",
            "disks": "disks", "state": "state", "missing": "missing",
        },
    ),
    "interfaces": SectionSource(
        "networks",
        {
            "name": "description", "mac": "mac", "permanent_mac": "+permanent_mac", "type": "type",
            "manufacturer": "manufacturer", "model": "model", "driver": "driver", "firmware": "firmware",
            "virtual": "virtualdev", "built_in": "+built_in", "management": "management", "mtu": "mtu",
            "pci_slot": "pcislot", "pci_id": "pciid", "pnp_id": "pnpdeviceid", "wwn": "wwn", "parts": "slaves",
            "base": "base", "status": "status", "speed": "speed", "wifi_network": "wifi_ssid",
            "wifi_access_point": "wifi_bssid", "wifi_mode": "wifi_mode", "wifi_version": "wifi_version",
        },
    ),
    "addresses": SectionSource(
        "networks",
        {
            "interface": "description", "version": "+version", "address": "+address", "mask": "+mask",
            "subnet": "+subnet", "gateway": "+gateway", "leased_address": "+leased_address",
            "leased_mask": "+leased_mask", "leased_subnet": "+leased_subnet", "leased_gateway": "+leased_gateway",
            "dhcp_server": "+dhcp_server",
        },
    ),
    "routes": SectionSource(
        "terrier.routes",
        {
            "interface": "interface", "destination": "destination", "mask": "mask", "gateway": "gateway",
            "metric": "metric",
        },
    ),
    "switch_ports": SectionSource(
        "network_ports",
        {
            "number": "ifnumber", "name": "ifname", "description": "ifdescr", "alias": "ifalias", "type": "iftype",
            "mac": "mac", "addresses": "ips", "speed": "ifspeed", "mtu": "ifmtu", "duplex": "ifportduplex",
            "trunk": "trunk", "aggregates": "aggregate", "vlans": "+vlans", "discovery": "lldp",
            "status": "ifstatus", "internal_status": "ifinternalstatus", "last_change": "iflastchange",
            "bytes_in": "ifinbytes", "bytes_out": "ifoutbytes", "errors_in": "ifinerrors",
            "errors_out": "ifouterrors",
        },
    ),
    "neighbours": SectionSource(
        "network_ports",
        {
            "port": "+port", "system": "sysname", "system_mac": "sysmac", "address": "ip", "remote_port": "ifdescr",
            "remote_port_number": "ifnumber", "description": "sysdescr", "model": "model",
        },
    ),
    "connected_addresses": SectionSource(
        "network_ports",
        {
            "port": "+port", "mac": "mac",
        },
    ),
    "network_device": SectionSource(
        "network_device",
        {
            "name": "name", "type": "type", "manufacturer": "manufacturer", "model": "model",
            "serial_number": "serial", "asset_tag": "assettag", "firmware": "firmware", "description": "description",
            "location": "location", "contact": "contact", "mac": "mac", "addresses": "ips", "ram": "ram",
            "memory": "memory", "cpu": "cpu", "credentials": "credentials", "uptime": "uptime",
        },
    ),
    "system": SectionSource(
        "hardware",
        {
            "name": "name", "uuid": "uuid", "chassis": "chassis_type", "virtualisation": "vmsystem", "type": "type",
            "description": "description", "domain": "workgroup", "system_comments": "oscomments", "memory": "memory",
            "swap": "swap",
            "gateway": "defaultgateway", "name_servers": "dns", "last_user": "lastloggeduser",
            "last_login": "datelastloggeduser", "owner": "winowner", "company": "wincompany", "language": "winlang",
            "product_id": "winprodid", "product_key": "winprodkey",
        },
    ),
    "operating_system": SectionSource(
        "operatingsystem",
        {
            "name": "name", "full_name": "full_name", "version": "version", "service_pack": "service_pack",
            "architecture": "arch", "kernel": "kernel_name", "kernel_version": "kernel_version",
            "installed": "install_date", "host_id": "hostid", "fqdn": "fqdn", "dns_domain": "dns_domain",
            "time_zone": "+time_zone", "ssh_key": "ssh_key", "distribution": "+id", "version_id": "+version_id",
            "variant": "+variant", "build": "+build", "tenant": "+tenant", "support_end": "+support_end",
            "locale": "+locale", "machine_id": "+machine_id", "started": "boot_time", "offset": "+offset",
        },
    ),
    "accounts": SectionSource(
        "local_users",
        {
            "login": "login", "name": "name", "account_id": "id", "home": "home", "shell": "shell",
        },
    ),
    "groups": SectionSource(
        "local_groups",
        {
            "name": "name", "group_id": "id", "members": "members",
        },
    ),
    "sessions": SectionSource(
        "users",
        {
            "login": "login", "domain": "domain",
        },
    ),
    "services": SectionSource(
        "terrier.services",
        {
            "name": "name", "description": "description", "manager": "manager", "start": "start",
            "program": "program", "user": "user", "state": "state", "pid": "pid",
        },
    ),
    "scheduled_jobs": SectionSource(
        "terrier.scheduled_jobs",
        {
            "name": "name", "description": "description", "manager": "manager", "schedule": "schedule",
            "user": "user", "program": "program", "enabled": "enabled",
        },
    ),
    "listening_ports": SectionSource(
        "terrier.listening_ports",
        {
            "protocol": "protocol", "address": "address", "port": "+port", "ephemeral_port": "+ephemeral_port",
            "user": "user", "process": "process", "program": "program", "package": "package", "pid": "pid",
        },
    ),
    "connections": SectionSource(
        "terrier.connections",
        {
            "direction": "direction", "protocol": "protocol", "local_address": "local_address",
            "local_port": "local_port", "remote_address": "remote_address", "remote_port": "remote_port",
            "count": "count", "first_seen": "first_seen", "last_seen": "last_seen", "user": "user",
            "process": "process", "program": "program", "package": "package", "pid": "pid",
        },
    ),
    "processes": SectionSource(
        "processes",
        {
            "program": "+program", "command_line": "+command_line", "user": "user", "pid": "pid",
            "started": "started", "terminal": "tty",
            "cpu": "cpuusage", "memory": "mem", "virtual_memory": "virtualmemory",
        },
    ),
    "firewalls": SectionSource(
        "firewalls",
        {
            "description": "description", "profile": "profile", "status": "status", "address": "ipaddress",
            "address_6": "ipaddress6",
        },
    ),
    "antivirus": SectionSource(
        "antivirus",
        {
            "name": "name", "company": "company", "version": "version", "guid": "guid", "enabled": "enabled",
            "expires": "expiration", "up_to_date": "uptodate", "base_version": "base_version",
            "base_made": "base_creation",
        },
    ),
    "security": SectionSource(
        "terrier.security",
        {
            "mandatory_access_control": "mandatory_access_control", "automatic_updates": "automatic_updates",
            "screen_lock_after": "screen_lock_after",
            "restart_required": "restart_required", "updates": "+updates", "security_updates": "+security_updates",
            "lists_refreshed": "lists_refreshed", "screen_lock": "screen_lock",
        },
    ),
    "remote_management": SectionSource(
        "remote_mgmt",
        {
            "type": "type", "remote_id": "id", "version": "version",
        },
    ),
    "licences": SectionSource(
        "licenseinfos",
        {
            "name": "name", "full_name": "fullname", "product_id": "productid", "key": "key",
            "components": "components", "trial": "trial", "update": "update", "activated": "activation_date",
            "channel": "+channel", "status": "+status",
        },
    ),
    "software_tags": SectionSource(
        "terrier.software_tags",
        {
            "name": "name", "version": "version", "publisher": "publisher", "tag_id": "tag_id",
            "persistent_id": "persistent_id", "tag_version": "tag_version",
            "version_scheme": "version_scheme", "product": "product", "colloquial_version": "colloquial_version",
            "revision": "revision", "patch": "patch", "supplemental": "supplemental", "corpus": "corpus",
            "entitlement_required": "entitlement_required", "tag_creator": "tag_creator",
            "software_creator": "software_creator", "licensor": "licensor", "distributor": "distributor",
            "regid": "regid", "summary": "summary", "links": "links",
        },
    ),
    "features": SectionSource(
        "terrier.features",
        {
            "name": "name",
        },
    ),
    "environment": SectionSource(
        "envs",
        {
            "name": "key",
        },
    ),
    "guests": SectionSource(
        "virtualmachines",
        {
            "name": "name", "uuid": "uuid", "subsystem": "subsystem", "type": "vmtype", "memory": "memory",
            "processors": "vcpu", "image": "image", "owner": "owner", "comment": "comment",
            "serial_number": "serial", "mac": "mac", "operating_system": "+operating_system", "disks": "+disks",
            "address": "ipaddress",
            "status": "status",
        },
    ),
    "database_servers": SectionSource(
        "databases_services",
        {
            "name": "name", "type": "type", "version": "version", "manufacturer": "manufacturer", "port": "port",
            "path": "path", "active": "is_active", "backed_up": "is_onbackup", "size": "size",
            "started": "last_boot_date", "last_backup": "last_backup_date",
        },
    ),
    "databases": SectionSource(
        "databases_services",
        {
            "server": "+server", "name": "name", "created": "creation_date", "active": "is_active",
            "backed_up": "is_onbackup", "size": "size", "changed": "update_date", "last_backup": "last_backup_date",
        },
    ),
    "software_details": SectionSource(
        "softwares",
        {
            "name": "name", "version": "version", "publisher": "publisher", "user": "username",
            "architecture": "arch", "comments": "comments", "size": "filesize", "origin": "from",
            "category": "system_category", "release_type": "release_type", "version_major": "version_major",
            "version_minor": "version_minor", "guid": "guid", "user_id": "userid", "folder": "folder",
            "help": "helplink", "web_page": "url_info_about", "removal": "uninstall_string", "fixed": "no_remove",
            "installed": "install_date", "package_url": "+package_url",
        },
    ),
    "software_components": SectionSource(
        "terrier.software_components",
        {
            "name": "name", "version": "version", "type": "type", "group": "group", "publisher": "publisher",
            "purl": "purl", "cpe": "cpe", "licences": "licences", "hashes": "hashes", "description": "description",
            "scope": "scope", "website": "website", "origin": "origin",
        },
    ),
    "agent": SectionSource(
        "versionclient",
        {
            "client": "+versionclient", "device_id": "+deviceid", "user": "+userid", "tag": "+tag", "name": "name",
            "version": "version", "program": "program", "comments": "comments", "perl_version": "perl_version",
            "perl_path": "perl_exe", "perl_include": "perl_inc", "perl_config": "perl_config",
            "perl_modules": "perl_module", "seconds": "etime",
        },
    ),
    "agent_errors": SectionSource(
        "error",
        {
            "error_id": "id", "type": "type", "message": "message",
        },
    ),
}  # fmt: skip
"""Section → where its rows come from."""

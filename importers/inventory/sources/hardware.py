"""What a machine is made of."""

from __future__ import annotations

from collections.abc import Mapping

from importers.inventory.section_source import SectionSource

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
}  # fmt: skip
"""Section → where its rows come from."""

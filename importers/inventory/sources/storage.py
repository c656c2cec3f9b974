"""Volumes, and what they are made of."""

from __future__ import annotations

from collections.abc import Mapping

from importers.inventory.section_source import SectionSource

SOURCES: Mapping[str, SectionSource] = {
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
}  # fmt: skip
"""Section → where its rows come from."""

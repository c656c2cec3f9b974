"""Software and its licences, what a host runs, and the agent that saw it."""

from __future__ import annotations

from collections.abc import Mapping

from importers.inventory.section_source import SectionSource

SOURCES: Mapping[str, SectionSource] = {
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

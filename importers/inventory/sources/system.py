"""The operating system: people, services, processes, security."""

from __future__ import annotations

from collections.abc import Mapping

from importers.inventory.section_source import SectionSource

SOURCES: Mapping[str, SectionSource] = {
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
}  # fmt: skip
"""Section → where its rows come from."""

"""Interfaces, addresses and ports, and who is behind them."""

from __future__ import annotations

from collections.abc import Mapping

from importers.inventory.section_source import SectionSource

SOURCES: Mapping[str, SectionSource] = {
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
}  # fmt: skip
"""Section → where its rows come from."""

"""What firmware says of its machine, in the words of inventories. Pure functions."""

from __future__ import annotations

import re

#: Chassis types by number: DMTF DSP0134 (SMBIOS), section 7.4.1; 2 is unknown.
CHASSIS = (
    "", "Other", "", "Desktop", "Low Profile Desktop", "Pizza Box", "Mini Tower", "Tower", "Portable", "Laptop",
    "Notebook", "Hand Held", "Docking Station", "All in One", "Sub Notebook", "Space-Saving", "Lunch Box",
    "Main Server Chassis", "Expansion Chassis", "Sub Chassis", "Bus Expansion Chassis", "Peripheral Chassis",
    "RAID Chassis", "Rack Mount Chassis", "Sealed-case PC", "Multi-system", "Compact PCI", "Advanced TCA", "Blade",
    "Blade Enclosing", "Tablet", "Convertible", "Detachable", "IoT Gateway", "Embedded PC", "Mini PC", "Stick PC",
)  # fmt: skip
#: Text of the firmware → the hypervisor. The first match wins, so products on others' technology come first.
_FIRMWARE = (
    (r"amazon ec2", "Amazon EC2"), (r"google", "Google Compute Engine"), (r"openstack", "OpenStack"),
    (r"proxmox", "Proxmox"), (r"digitalocean", "DigitalOcean"), (r"hetzner", "Hetzner"), (r"vmware", "VMware"),
    (r"virtualbox|innotek", "VirtualBox"), (r"microsoft corporation.*virtual machine", "Hyper-V"),
    (r"parallels", "Parallels"), (r"bhyve", "bhyve"), (r"nutanix", "AHV"), (r"ovirt|rhev", "oVirt"),
    (r"apple virtualization", "Apple"), (r"kvm", "KVM"), (r"qemu|bochs|seabios", "QEMU"), (r"\bxen\b", "Xen"),
)  # fmt: skip


def firmware_date(text: str) -> str:
    """``2024-03-18`` of the firmware's ``03/18/2024`` (two-digit years are of the 1900s); "" if it is no such date."""
    match = re.fullmatch(r"(\d\d)/(\d\d)/(\d{4}|\d\d)", text.strip())
    if not match or not (1 <= int(match[1]) <= 12 and 1 <= int(match[2]) <= 31):
        return ""
    year = match[3] if len(match[3]) == 4 else "19" + match[3]
    return f"{year}-{match[1]}-{match[2]}"


def of_firmware(vendor: str, product: str, bios: str) -> str:
    """The hypervisor that the firmware's strings tell of, or "". Bare-metal instances of clouds are physical."""
    words = f"{vendor} | {product} | {bios}".lower()
    if re.search(r"\.metal\b", words) or (vendor.lower().startswith("google") and "compute" not in words):
        return ""
    return next((name for pattern, name in _FIRMWARE if re.search(pattern, words)), "")

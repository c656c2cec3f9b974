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


def of_firmware(vendor: str, product: str, bios: str) -> str:
    """The hypervisor that the firmware's strings tell of, or "". Bare-metal instances of clouds are physical."""
    words = f"{vendor} | {product} | {bios}".lower()
    if re.search(r"\.metal\b", words) or (vendor.lower().startswith("google") and "compute" not in words):
        return ""
    return next((name for pattern, name in _FIRMWARE if re.search(pattern, words)), "")

"""Whether this is a Mac, or macOS in a virtual machine."""

from __future__ import annotations

from importers.captures.capture import Capture
from importers.captures.entries import text
from importers.captures.macos._answers import item, pairs, plists
from importers.captures.subject import Subject
from importers.discovery.collector import Content, Section

_HYPERVISORS = (
    ("vmware", "VMware"), ("parallels", "Parallels"), ("virtualmac", "Apple"), ("virtualbox", "VirtualBox"),
    ("qemu", "QEMU"),
)  # fmt: skip


def _parse(capture: Capture) -> Content:
    kernel, platform = pairs(capture.content("sysctl")), next(iter(plists(capture, "platform")), {})
    model = text(item(capture, "hardware"), "machine_model") or kernel.get("hw.model", "")
    words = f"{model} {text(platform, 'manufacturer')}".lower()
    named = next((name for word, name in _HYPERVISORS if word in words), "")
    if not model and "kern.hv_vmm_present" not in kernel:
        return {}
    inside = kernel.get("kern.hv_vmm_present") == "1"
    return {"hardware": {"vmsystem": named or ("Virtual Machine" if inside else "Physical")}}


SUBJECT = Subject("virtualisation", _parse, ("sysctl", "platform", "hardware"), (Section("hardware"),))

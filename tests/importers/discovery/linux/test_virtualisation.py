from __future__ import annotations

import json
from pathlib import Path

import pytest

from importers.discovery.linux.guests import COLLECTOR as GUESTS
from importers.discovery.linux.guests import docker, libvirt, podman, proxmox
from importers.discovery.linux.virtualisation import COLLECTOR, container_of, of_firmware
from tests.importers.discovery.machines import PASSWD, Symlink, Tree, build, collect, found

FIRST: Tree = {"proc/self/ns/pid": Symlink("pid:[4026531836]")}
DMI = "sys/class/dmi/id/"
CLOCKS = "sys/devices/system/clocksource/clocksource0/available_clocksource"


def system(root: Path, tree: Tree) -> str:
    return str(found(COLLECTOR, root, tree)["hardware"]["vmsystem"])


def test_a_machine_with_a_makers_name_is_physical(tmp_path: Path) -> None:
    assert (
        system(tmp_path, {**FIRST, DMI + "sys_vendor": "Dell Inc.", "proc/cpuinfo": "flags\t: fpu vmx\n"}) == "Physical"
    )


def test_a_virtual_machine_made_from_a_containers_image_is_a_virtual_machine(tmp_path: Path) -> None:
    tree = {
        **FIRST,
        ".dockerenv": "",
        "proc/cpuinfo": "flags\t: fpu hypervisor lahf_lm\n",
        CLOCKS: "tsc kvm-clock \n",
    }
    assert system(tmp_path, tree) == "KVM"


def test_virtio_alone_names_no_hypervisor(tmp_path: Path) -> None:
    tree = {**FIRST, "proc/cpuinfo": "flags\t: fpu hypervisor\n", "sys/bus/virtio/devices/virtio0/x": ""}
    assert system(tmp_path, tree) == "Virtual Machine"


def test_a_container_on_a_physical_host(tmp_path: Path) -> None:
    tree: Tree = {
        "proc/self/ns/pid": Symlink("pid:[4026532201]"),
        ".dockerenv": "",
        DMI + "sys_vendor": "Dell Inc.",
    }
    assert system(tmp_path, tree) == "Docker"


def test_the_kernels_own_threads_are_seen_only_outside_containers(tmp_path: Path) -> None:
    tree = {"proc/2/comm": "kthreadd\n", "run/systemd/container": "lxc\n", DMI + "product_name": "KVM"}
    assert system(tmp_path, tree) == "KVM"


def test_the_first_domain_of_xen_is_the_host(tmp_path: Path) -> None:
    tree = {**FIRST, "sys/hypervisor/type": "xen\n", "proc/xen/capabilities": "control_d\n"}
    assert system(tmp_path, tree) == "Physical"


def test_windows_subsystem(tmp_path: Path) -> None:
    assert system(tmp_path, {**FIRST, "proc/sys/kernel/osrelease": "5.15.90.1-microsoft-standard-WSL2\n"}) == "WSL"


@pytest.mark.parametrize(
    ("vendor", "product", "bios", "name"),
    [
        ("VMware, Inc.", "VMware Virtual Platform", "Phoenix", "VMware"),
        ("innotek GmbH", "VirtualBox", "innotek GmbH", "VirtualBox"),
        ("Microsoft Corporation", "Virtual Machine", "American Megatrends", "Hyper-V"),
        ("Microsoft Corporation", "Surface Laptop 4", "Microsoft", ""),
        ("QEMU", "Standard PC (Q35 + ICH9, 2009)", "SeaBIOS", "QEMU"),
        ("Amazon EC2", "m5.large", "Amazon EC2", "Amazon EC2"),
        ("Amazon EC2", "m5.metal", "Amazon EC2", ""),
        ("Google", "Google Compute Engine", "Google", "Google Compute Engine"),
        ("Google", "Voxel", "coreboot", ""),
        ("LENOVO", "20XW", "LENOVO", ""),
    ],
)
def test_firmware_names_its_hypervisor(vendor: str, product: str, bios: str, name: str) -> None:
    assert of_firmware(vendor, product, bios) == name


@pytest.mark.parametrize(
    ("systemd", "dockerenv", "containerenv", "cgroup", "name"),
    [
        ("podman", False, None, "", "Podman"),
        ("", False, "", "", "Podman"),
        ("", True, None, "", "Docker"),
        ("", True, None, "0::/kubepods/pod1", "Kubernetes"),
        ("", False, None, "1:name=systemd:/lxc/web", "LXC"),
        ("", False, None, "0::/", ""),
    ],
)
def test_marks_of_containers(systemd: str, dockerenv: bool, containerenv: str | None, cgroup: str, name: str) -> None:
    assert container_of(systemd, dockerenv, containerenv, cgroup) == name


DOMAIN = """<domain type='kvm'><name>mail</name><uuid>c37f7ce8-af95-4676-b454-0959f2c5e162</uuid>
<memory unit='KiB'>4194304</memory><vcpu placement='static'>2</vcpu>
<devices><interface type='bridge'><mac address='52:54:00:12:34:56'/></interface></devices></domain>"""


def test_guests_of_every_manager(tmp_path: Path) -> None:
    state = {"ID": "5506c9cf948e" + "0" * 52, "Name": "/web_1", "State": {"Running": True}}
    container = {**state, "Config": {"Image": "nginx:1", "Env": ["SECRET=1"]}}
    tree = {
        "etc/libvirt/qemu/mail.xml": DOMAIN,
        "etc/libvirt/qemu/networks/default.xml": "<network/>",
        "run/libvirt/qemu/mail.pid": "77",
        "etc/pve/qemu-server/101.conf": "name: erp\nsockets: 2\ncores: 4\nmemory: 8192\n"
        "smbios1: uuid=0b1f8e2c-1111-4222-8333-444455556666\nnet0: virtio=BC:24:11:AA:BB:CC,bridge=vmbr0\n"
        "\n[before-update]\nname: old\nmemory: 1\n",
        "var/lib/lxc/dns/config": "",
        "var/lib/docker/containers/5506/config.v2.json": json.dumps(container),
    }
    mail, erp, dns, web = found(GUESTS, tmp_path, tree)["virtualmachines"]
    assert mail == {
        "name": "mail",
        "uuid": "c37f7ce8-af95-4676-b454-0959f2c5e162",
        "memory": 4096,
        "vcpu": 2,
        "mac": "52:54:00:12:34:56",
        "vmtype": "libvirt",
        "subsystem": "kvm",
        "status": "running",
    }
    assert (erp["name"], erp["vcpu"], erp["memory"], erp["status"]) == ("erp", 8, 8192, "off")
    assert (erp["uuid"], erp["mac"]) == ("0b1f8e2c-1111-4222-8333-444455556666", "bc:24:11:aa:bb:cc")
    assert dns == {"name": "dns", "vmtype": "lxc"}
    assert (web["name"], web["image"], web["status"], web["vmtype"]) == ("web_1", "nginx:1", "running", "docker")
    assert "SECRET" not in json.dumps(web)


def test_files_of_something_else_are_no_guests() -> None:
    assert libvirt("<domain>") is None
    assert libvirt("<network><name>x</name></network>") is None
    assert docker("[]") is None
    assert docker("{") is None
    assert "name" not in proxmox("")


def test_a_host_without_guests(tmp_path: Path) -> None:
    assert collect(GUESTS, build(tmp_path, {"etc/hostname": "x"}))[0].state == "absent"


def test_a_user_is_told_that_guests_are_for_root(tmp_path: Path, request: pytest.FixtureRequest) -> None:
    build(tmp_path, {"var/lib/docker/containers/x": "", "etc/libvirt/qemu/mail.xml": DOMAIN})
    (tmp_path / "var/lib/docker/containers").chmod(0)
    (tmp_path / "etc/libvirt/qemu/mail.xml").chmod(0)
    request.getfixturevalue("unprivileged")
    outcome, _ = collect(GUESTS, tmp_path)
    assert outcome.state == "not permitted"
    assert outcome.elevate == ("virtual machines of libvirt", "Docker containers")


def test_containers_of_podman_lxd_and_incus(tmp_path: Path) -> None:
    metadata = json.dumps({"image-name": "docker.io/library/nginx:1.27"})
    listed = json.dumps([{"id": "f" * 64, "names": ["web"], "metadata": metadata}, {"id": 7}, {"names": []}])
    tree: Tree = {
        "etc/passwd": PASSWD,
        "var/lib/containers/storage/overlay-containers/containers.json": listed,
        "home/nora/.local/share/containers/storage/overlay-containers/containers.json": listed,
        "var/lib/incus/containers/db/": "",
        "var/lib/incus/virtual-machines/win/": "",
        "sys/fs/cgroup/lxc.payload.db/": "",
    }
    guests = found(GUESTS, tmp_path, tree)["virtualmachines"]
    assert guests == [
        {"name": "db", "vmtype": "lxc", "subsystem": "Incus", "status": "running"},
        {"name": "win", "vmtype": "qemu", "subsystem": "Incus"},
        {"name": "web", "uuid": "f" * 12, "image": "docker.io/library/nginx:1.27", "vmtype": "podman"},
        {"name": "web", "uuid": "f" * 12, "image": "docker.io/library/nginx:1.27", "vmtype": "podman", "owner": "nora"},
    ]


def test_a_guests_state_and_processors_are_told_or_absent() -> None:
    assert "status" not in (docker('{"Name": "/x", "ID": "0123456789abcdef"}') or {})
    assert "vcpu" not in proxmox("name: x\n")
    assert proxmox("cores: 4\n")["vcpu"] == 4
    assert podman("{") == podman('{"a": 1}') == []

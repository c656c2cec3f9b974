from __future__ import annotations

import socket
import struct
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from importers.discovery.linux import _netlink
from importers.discovery.linux.network import COLLECTOR, masked, name_servers, routes
from tests.importers.discovery.machines import Symlink, Tree, build, collect, found

ROUTES = (
    "Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT\n"
    "wlp2s0\t00000000\t0101A8C0\t0003\t0\t0\t600\t00000000\t0\t0\t0\n"
    "enp0s31f6\t00000000\t010010AC\t0003\t0\t0\t100\t00000000\t0\t0\t0\n"
    "enp0s31f6\t000010AC\t00000000\t0001\t0\t0\t100\t00F0FFFF\t0\t0\t0\n"
    "wlp2s0\t0001A8C0\t00000000\t0001\t0\t0\t600\t00FFFFFF\t0\t0\t0\n"
    "down0\t00000000\t0102A8C0\t0002\t0\t0\t1\t00000000\t0\t0\t0\n"
)
TRIE = (
    "Main:\n  +-- 0.0.0.0/0 3 0 5\n     |-- 127.0.0.1\n        /32 host LOCAL\n"
    "     |-- 172.16.3.4\n        /32 host LOCAL\n"
    "     |-- 172.31.255.255\n        /32 link BROADCAST\nLocal:\n     |-- 172.16.3.4\n        /32 host LOCAL\n"
    "     |-- 192.168.1.23\n        /32 host LOCAL\n"
)


def adapter(name: str, where: str, **files: str) -> dict[str, str | Symlink]:
    base = f"sys/devices/{where}/net/{name}/"
    given = {"address": "8c:16:45:01:02:03", "type": "1", "operstate": "up", "mtu": "1500", **files}
    tree: dict[str, str | Symlink] = {base + key.replace("__", "/"): value + "\n" for key, value in given.items()}
    tree[f"sys/class/net/{name}"] = Symlink(f"../../devices/{where}/net/{name}")
    return tree


MACHINE: Tree = {
    "proc/net/route": ROUTES,
    "proc/net/fib_trie": TRIE,
    "proc/net/if_inet6": "fe8000000000000000fc00fffe000001 02 40 20 80 enp0s31f6\n",
    "etc/resolv.conf": "# made by systemd\nnameserver 127.0.0.53\noptions edns0\n",
    "run/systemd/resolve/resolv.conf": "nameserver 172.16.0.53\nnameserver 172.16.0.54\n",
    **adapter("enp0s31f6", "pci0000:00/0000:00:1f.6", speed="1000"),
    **adapter("wlp2s0", "pci0000:00/0000:00:1c.0/0000:02:00.0", wireless__status="", speed="-1"),
    **adapter("enx00e04c", "pci0000:00/0000:00:14.0/usb2/2-1/2-1:1.0", address="00:e0:4c:68:01:db"),
    **adapter("enp10s0", "pci0000:00/0000:00:07.0/0000:0a:00.0", address="64:4b:f0:00:00:01"),
    "sys/devices/pci0000:00/0000:00:07.0/0000:0a:00.0/removable": "removable\n",
    **adapter("lo", "virtual", address="00:00:00:00:00:00", type="772", operstate="unknown", flags="0x9"),
    **adapter("br0", "virtual", address="52:54:00:00:00:01", brif__vnet0="", bridge__bridge_id="8000"),
    "sys/class/net/bonding_masters": "bond0\n",
}


def test_each_interface_once_per_address(tmp_path: Path) -> None:
    networks = found(COLLECTOR, tmp_path, MACHINE)["networks"]
    wired = [n for n in networks if n["description"] == "enp0s31f6"]
    assert [n.get("ipaddress") or n["ipaddress6"] for n in wired] == ["172.16.3.4", "fe80::fc:ff:fe00:1"]
    assert wired[0] == {
        "description": "enp0s31f6",
        "mac": "8c:16:45:01:02:03",
        "mtu": 1500,
        "speed": "1000",
        "status": "up",
        "type": "ethernet",
        "pcislot": "00:1f.6",
        "virtualdev": False,
        "ipaddress": "172.16.3.4",
        "ipmask": "255.255.240.0",
        "ipsubnet": "172.16.0.0",
        "ipgateway": "172.16.0.1",
    }
    assert (wired[1]["ipmask6"], wired[1]["ipsubnet6"]) == ("ffff:ffff:ffff:ffff::", "fe80::")
    (wireless,) = [n for n in networks if n["description"] == "wlp2s0"]
    assert (wireless["type"], wireless["ipaddress"], "speed" in wireless) == ("wifi", "192.168.1.23", False)
    (loop,) = [n for n in networks if n["description"] == "lo"]
    assert (loop["ipaddress"], loop["ipmask"], loop["status"], loop["type"]) == (
        "127.0.0.1",
        "255.0.0.0",
        "up",
        "loopback",
    )
    (bridge,) = [n for n in networks if n["description"] == "br0"]
    assert (bridge["type"], bridge["slaves"], bridge["virtualdev"]) == ("bridge", "vnet0", True)


def test_docks_dongles_and_virtual_adapters_are_not_built_in(tmp_path: Path) -> None:
    own = found(COLLECTOR, tmp_path, MACHINE)["terrier"]["interfaces"]
    assert {i["name"]: i["built_in"] for i in own} == {
        "br0": False,
        "enp0s31f6": True,
        "enp10s0": False,
        "enx00e04c": False,
        "lo": False,
        "wlp2s0": True,
    }


def test_the_cheapest_way_out_is_the_gateway_and_the_real_name_servers_stand_behind_the_stub(tmp_path: Path) -> None:
    hardware = found(COLLECTOR, tmp_path, MACHINE)["hardware"]
    assert hardware == {"defaultgateway": "172.16.0.1", "dns": "172.16.0.53/172.16.0.54"}


def test_a_machine_without_interfaces(tmp_path: Path) -> None:
    assert collect(COLLECTOR, build(tmp_path, {"etc/hostname": "x"}))[0].state == "absent"


def test_routes_that_are_down_are_left_out() -> None:
    assert {r.interface for r in routes(ROUTES)} == {"wlp2s0", "enp0s31f6"}


def test_name_servers_in_order() -> None:
    assert name_servers("nameserver 10.0.0.2\nnameserver\nsearch x\nnameserver ::1\n") == ["10.0.0.2", "::1"]


def message(kind: int, body: bytes) -> bytes:
    padded = body + bytes(-len(body) % 4)
    return struct.pack("=IHHII", 16 + len(body), kind, 0, 1, 0) + padded


def attribute(kind: int, value: bytes) -> bytes:
    return struct.pack("=HH", 4 + len(value), kind) + value + bytes(-len(value) % 4)


def test_the_kernels_answer_names_addresses_and_permanent_macs() -> None:
    four = (
        struct.pack("=BBBBI", socket.AF_INET, 24, 0, 0, 2)
        + attribute(1, b"\x0a\0\0\xff")
        + attribute(2, b"\x0a\0\0\x07")
    )
    six = struct.pack("=BBBBI", socket.AF_INET6, 64, 0x80, 0, 2) + attribute(1, bytes(15) + b"\x01")
    link = struct.pack("=BxHiII", 0, 1, 2, 0, 0) + attribute(3, b"eth0\0") + attribute(1, bytes.fromhex("020000000001"))
    link += attribute(54, bytes.fromhex("8c1645010203"))
    answer = message(20, four) + message(20, six) + message(3, bytes(4))
    assert _netlink.addresses(answer) == [(2, "10.0.0.7", 24, False), (2, "::1", 64, True)]
    assert _netlink.links(message(16, link)) == [(2, "eth0", "02:00:00:00:00:01", "8c:16:45:01:02:03")]


@given(st.binary(max_size=200))
def test_any_answer_is_read_without_an_error(answer: bytes) -> None:
    assert len(_netlink.addresses(answer)) <= len(answer)
    assert len(_netlink.links(answer)) <= len(answer)


@given(st.ip_addresses(v=4), st.integers(0, 32))
def test_an_address_lies_in_its_network(address: object, bits: int) -> None:
    mask, network = masked(socket.AF_INET, str(address), bits)
    number, wanted = (int.from_bytes(socket.inet_aton(a), "big") for a in (str(address), network))
    assert number & int.from_bytes(socket.inet_aton(mask), "big") == wanted
    assert masked(socket.AF_INET, network, bits) == (mask, network)

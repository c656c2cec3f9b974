from __future__ import annotations

import socket
import struct
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from importers.discovery.host import Host
from importers.discovery.linux import _netlink, network
from importers.discovery.linux._ethtool import Adapter, described
from importers.discovery.linux._routes import Route, masked, routes, routes_6, told_routes
from importers.discovery.linux.network import COLLECTOR, name_servers
from importers.discovery.runner import run
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
    (eth0,) = _netlink.links(message(16, link))
    assert eth0[:4] == (2, "eth0", "02:00:00:00:00:01", "8c:16:45:01:02:03")


def test_the_kernels_answer_names_what_an_interface_is() -> None:
    link = struct.pack("=BxHiII", 0, 1, 5, 0x1003, 0) + attribute(3, b"br0\0") + attribute(4, struct.pack("=I", 1500))
    link += attribute(16, b"\x06") + attribute(18, attribute(1, b"bridge\0")) + attribute(10, struct.pack("=I", 7))
    link += attribute(56, b"0000:00:1f.6\0") + attribute(57, b"pci\0")
    (told,) = _netlink.links(message(16, link))
    assert (told.hardware, told.flags, told.mtu, told.state) == (1, 0x1003, 1500, "up")
    assert (told.kind, told.master, told.bus, told.slot) == ("bridge", 7, "pci", "0000:00:1f.6")


def route(family: int, bits: int, table: int = 254, how: int = 1, **fields: bytes) -> bytes:
    numbers = {"to": 1, "out": 4, "by": 5, "metric": 6, "table": 15}
    body = struct.pack("=BBBBBBBBI", family, bits, 0, 0, table, 3, 0, how, 0)
    return message(24, body + b"".join(attribute(numbers[name], value) for name, value in fields.items()))


def test_routes_of_both_families_as_the_kernel_tells_them() -> None:
    two, six = struct.pack("=I", 2), socket.inet_pton(socket.AF_INET6, "fd00::1")
    answer = (
        route(socket.AF_INET, 0, by=b"\x0a\0\0\x01", out=two, metric=struct.pack("=I", 100))
        + route(socket.AF_INET, 24, to=b"\x0a\0\0\0", out=two)
        + route(socket.AF_INET, 32, table=255, how=2, to=b"\x0a\0\0\x07", out=two)
        + route(socket.AF_INET6, 0, by=six, out=two)
        + route(socket.AF_INET6, 64, to=socket.inet_pton(socket.AF_INET6, "fe80::"), out=two)
    )
    table = told_routes(_netlink.routes(answer), {2: "eth0"})
    assert table == [
        Route("eth0", "0.0.0.0", "10.0.0.1", "0.0.0.0", 100),
        Route("eth0", "10.0.0.0", "0.0.0.0", "255.255.255.0", 0),
        Route("eth0", "::", "fd00::1", "::", 0),
    ]
    assert [one.way_out for one in table] == [True, False, True]


def test_routes_of_ipv6_by_proc() -> None:
    nowhere, gateway, net = "0" * 32, "fd00" + "0" * 27 + "1", "fd00" + "0" * 28
    text = (
        f"{net} 40 {nowhere} 00 {nowhere} 00000100 00000001 00000000 00000001     eth0\n"
        f"{nowhere} 00 {nowhere} 00 {gateway} 00000400 00000001 00000000 00000003     eth0\n"
        f"{nowhere} 00 {nowhere} 00 {nowhere} ffffffff 00000001 00000000 00200200       lo\n"
        f"fe80{'0' * 28} 40 {nowhere} 00 {nowhere} 00000100 00000001 00000000 00000001     eth0\n"
    )
    assert routes_6(text) == [
        Route("eth0", "fd00::", "::", "ffff:ffff:ffff:ffff::", 256),
        Route("eth0", "::", "fd00::1", "::", 1024),
    ]


def test_a_driver_tells_speed_slot_and_permanent_mac() -> None:
    told = struct.pack(
        "=I32s32s32s32s32s12s5I", 3, b"e1000e", b"6.1", b"0.5-4", b"0000:00:1f.6", b"", b"", 0, 0, 0, 0, 0
    )
    settings = struct.pack("=12xH14xH14x", 1000, 0)
    mac = struct.pack("=II32s", 0x20, 6, bytes.fromhex("8c1645010203"))
    assert described(told, settings, mac) == Adapter("e1000e", "0.5-4", "0000:00:1f.6", 1000, "8c:16:45:01:02:03")
    assert described(b"", b"", b"") == Adapter()
    unknown = struct.pack("=12xH14xH14x", 0xFFFF, 0xFFFF)
    assert described(told.replace(b"0.5-4", b"N/A\0\0"), unknown, bytes(40))[1:4:2] == ("", None)


@pytest.mark.skipif(not (hasattr(socket, "AF_NETLINK") and Path(network._NET).exists()), reason="Linux with /sys only")
def test_where_sys_is_not_mounted_the_kernel_tells_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    outcome, by_sys = run([COLLECTOR], Host())[0]
    if outcome.note:
        pytest.skip("netlink is not permitted here")
    monkeypatch.setattr(network, "_NET", "/nowhere/")
    outcome, told = run([COLLECTOR], Host())[0]
    assert outcome.state == "collected"
    same = ("description", "mac", "mtu", "status", "ipaddress", "ipmask", "ipaddress6", "ipgateway")
    seen, heard = ([{k: n.get(k) for k in same} for n in one["networks"]] for one in (by_sys, told))
    assert heard == seen
    for with_sys, without in zip(by_sys["networks"], told["networks"], strict=True):
        for key in ("type", "virtualdev", "driver", "pcislot"):
            assert without.get(key, with_sys.get(key)) == with_sys.get(key), (key, without)


@given(st.binary(max_size=200))
def test_any_answer_is_read_without_an_error(answer: bytes) -> None:
    assert len(_netlink.addresses(answer)) <= len(answer)
    assert len(_netlink.links(answer)) <= len(answer)
    assert len(_netlink.routes(answer)) <= len(answer)


@given(st.ip_addresses(v=4), st.integers(0, 32))
def test_an_address_lies_in_its_network(address: object, bits: int) -> None:
    mask, network = masked(socket.AF_INET, str(address), bits)
    number, wanted = (int.from_bytes(socket.inet_aton(a), "big") for a in (str(address), network))
    assert number & int.from_bytes(socket.inet_aton(mask), "big") == wanted
    assert masked(socket.AF_INET, network, bits) == (mask, network)


def test_an_interface_whose_state_nobody_knows_has_none(tmp_path: Path) -> None:
    tree = adapter("lo", "virtual", type="772", operstate="unknown")
    assert "status" not in found(COLLECTOR, tmp_path, tree)["networks"][0]

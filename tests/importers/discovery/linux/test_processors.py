from __future__ import annotations

from pathlib import Path

import pytest

from importers.discovery.linux.memory import COLLECTOR as MEMORY
from importers.discovery.linux.memory import installed
from importers.discovery.linux.processors import COLLECTOR, architecture, speed
from tests.importers.discovery.machines import build, collect, found, memory_device

GIB = 1 << 30


def cpuinfo(processors: int, **fields: str) -> str:
    blocks = []
    for number in range(processors):
        named = {k if k == "vendor_id" else k.replace("_", " "): v.format(n=number) for k, v in fields.items()}
        given = {"processor": str(number), **named}
        blocks.append("".join(f"{key}\t: {value}\n" for key, value in given.items()))
    return "\n".join(blocks)


def topology(*cpus: tuple[int, int, int]) -> dict[str, str]:
    tree = {}
    for number, (package, die, core) in enumerate(cpus):
        base = f"sys/devices/system/cpu/cpu{number}/topology/"
        tree[base + "physical_package_id"] = f"{package}\n"
        tree[base + "die_id"] = f"{die}\n"
        tree[base + "core_id"] = f"{core}\n"
    return tree


def counts(content: dict[str, object]) -> list[tuple[int, int]]:
    cpus = content["cpus"]
    assert isinstance(cpus, list)
    return [(cpu["core"], cpu["thread"]) for cpu in cpus]


def test_two_sockets_with_hyperthreads(tmp_path: Path) -> None:
    tree = topology(*[(package, 0, core) for _ in range(2) for package in (0, 1) for core in range(4)])
    tree["proc/cpuinfo"] = cpuinfo(
        16,
        vendor_id="GenuineIntel",
        model_name="Intel(R) Xeon(R) Gold 6134 CPU @ 3.20GHz",
        physical_id="0",
        flags="vmx",
    )
    content = found(COLLECTOR, tmp_path, tree)
    assert counts(content) == [(4, 8), (4, 8)]
    assert content["cpus"][0]["speed"] == 3200
    assert content["cpus"][0]["manufacturer"] == "Intel"
    assert content["terrier"]["processors"] == {"sockets": 2, "cores": 8, "threads": 16, "virtualisation": "VT-x"}


def test_core_numbers_that_repeat_from_die_to_die_are_counted_apart(tmp_path: Path) -> None:
    tree = topology(*[(0, die, core) for die in (0, 1) for core in range(4)])
    assert counts(found(COLLECTOR, tmp_path, tree)) == [(8, 8)]


def test_a_processor_that_is_switched_off_does_not_count(tmp_path: Path) -> None:
    tree = {**topology((0, 0, 0), (0, 0, 1)), "sys/devices/system/cpu/cpu2/online": "0\n"}
    assert counts(found(COLLECTOR, tmp_path, tree)) == [(2, 2)]


def test_packages_that_are_not_told_are_one(tmp_path: Path) -> None:
    assert counts(found(COLLECTOR, tmp_path, topology((-1, -1, 0), (-1, -1, 1)))) == [(2, 2)]


def test_without_sys_the_text_tells(tmp_path: Path) -> None:
    text = cpuinfo(2, physical_id="0", core_id="{n}", cpu_cores="2") + "\n"
    text += cpuinfo(2, physical_id="1", core_id="{n}", cpu_cores="2").replace("processor\t: ", "processor\t: 1")
    assert counts(found(COLLECTOR, tmp_path, {"proc/cpuinfo": text})) == [(2, 2), (2, 2)]


def test_core_ids_that_number_threads_give_way_to_the_stated_cores(tmp_path: Path) -> None:
    text = cpuinfo(4, physical_id="0", core_id="{n}", cpu_cores="2")
    assert counts(found(COLLECTOR, tmp_path, {"proc/cpuinfo": text})) == [(2, 4)]


def test_an_arm_processor_has_no_name_but_a_maker_and_a_part(tmp_path: Path) -> None:
    text = cpuinfo(4, CPU_implementer="0x41", CPU_part="0xd08", BogoMIPS="108.00")
    content = found(COLLECTOR, tmp_path, {"proc/cpuinfo": text})
    assert counts(content) == [(4, 4)]
    assert content["cpus"][0]["name"] == "ARM 0xd08"
    assert content["cpus"][0]["manufacturer"] == "ARM"


def test_no_processor_files_no_processors(tmp_path: Path) -> None:
    assert collect(COLLECTOR, tmp_path)[0].state == "absent"


@pytest.mark.parametrize(
    ("machine", "name"),
    [("x86_64", "x86_64"), ("AMD64", "x86_64"), ("arm64", "aarch64"), ("armv7l", "armv7l"), ("riscv64", "")],
)
def test_architectures_are_those_of_the_format(machine: str, name: str) -> None:
    assert architecture(machine) == name


def test_speed_by_name_then_maximum_then_the_moment() -> None:
    assert speed("Core i5 @ 1.70GHz", "900.0", 3_000_000) == 1700
    assert speed("EPYC 7302", "900.0", 3_000_000) == 3000
    assert speed("Xeon", "2300.000", None) == 2300
    assert speed("Xeon", "unknown", None) is None


def test_memory_is_what_was_bought(tmp_path: Path) -> None:
    usable = 8 * GIB - 300 * 1024 * 1024
    assert installed(usable, 64, 128 << 20) == 8 * GIB
    assert installed(usable, 60, 128 << 20) == usable
    assert installed(usable, 640, 128 << 20) == usable
    tree = {f"sys/devices/system/memory/memory{n}/state": "online\n" for n in range(32)}
    tree["sys/devices/system/memory/block_size_bytes"] = "8000000\n"
    tree["proc/meminfo"] = "MemTotal:        3991000 kB\nMemFree:  1 kB\nSwapTotal:       2097148 kB\n"
    content = found(MEMORY, tmp_path, tree)
    assert content["hardware"] == {"memory": 4096, "swap": 2047}
    assert content["terrier"]["memory"]["usable_bytes"] == 3991000 * 1024


def test_the_modules_count_where_root_may_read_them(tmp_path: Path) -> None:
    tree: dict[str, str | bytes] = {
        "proc/meminfo": "MemTotal:       15900000 kB\n",
        "sys/firmware/dmi/tables/DMI": memory_device(8192) + memory_device(8192, serial="FFEE"),
    }
    content = found(MEMORY, tmp_path, tree)
    assert content["hardware"]["memory"] == 16384
    assert [m["serialnumber"] for m in content["memories"]] == ["A1B2C3D4", "FFEE"]


def test_without_rights_the_modules_are_named_as_missing(tmp_path: Path, request: pytest.FixtureRequest) -> None:
    build(tmp_path, {"proc/meminfo": "MemTotal: 1024 kB\n", "sys/firmware/dmi/tables/DMI": b"x"})
    (tmp_path / "sys/firmware/dmi/tables/DMI").chmod(0)
    request.getfixturevalue("unprivileged")
    outcome, content = collect(MEMORY, tmp_path)
    assert outcome.elevate == ("memory modules (slots, sizes, serial numbers)",)
    assert "memories" not in content

"""Processors: packages, physical cores of each, threads, model. An Apple chip is one package."""

from __future__ import annotations

import re

from importers.captures.capture import Capture
from importers.captures.entries import text
from importers.captures.macos._answers import item, pairs
from importers.captures.subject import Subject
from importers.discovery.collector import Content, Section, present

_ARCHITECTURES = {"arm64": "aarch64", "arm64e": "aarch64", "x86_64": "x86_64", "i386": "i386"}
_MAKERS = (("apple", "Apple"), ("intel", "Intel"), ("amd", "AMD"))


def total_cores(words: str) -> int | None:
    """The cores of "proc 10:8:2" (all, performance, efficiency) or "8"; None for other words."""
    match = re.match(r"(?:proc )?(\d{1,4})\b", words)
    return int(match[1]) if match else None


def megahertz(name: str, told: str, hertz: str) -> int | None:
    """The speed by the processor's name, what system_profiler says ("2,4 GHz"), or the kernel. Apple tells none."""
    for words in (name.rpartition("@")[2] if "@" in name else "", told):
        match = re.search(r"(\d{1,2})(?:[.,](\d{1,3}))?\s?GHz", words)
        if match:
            return round(float(f"{match[1]}.{match[2] or 0}") * 1000)
    return round(int(hertz) / 1_000_000) if re.fullmatch(r"\d{1,12}", hertz) else None


def _parse(capture: Capture) -> Content:
    told, kernel = item(capture, "hardware"), pairs(capture.content("sysctl"))
    name = kernel.get("machdep.cpu.brand_string") or text(told, "chip_type") or text(told, "cpu_type")
    packages = _number(kernel, "hw.packages") or total_cores(text(told, "packages")) or 1
    cores = _number(kernel, "hw.physicalcpu_max") or _number(kernel, "hw.physicalcpu")
    cores = cores or total_cores(text(told, "number_processors"))
    if not name or not cores:
        return {}
    threads = _number(kernel, "hw.logicalcpu_max") or _number(kernel, "hw.logicalcpu") or cores
    uname = capture.content("kernel").split()
    name = " ".join(name.split())
    stepping, family = kernel.get("machdep.cpu.stepping", ""), re.search(r"Core\(TM\) \w\d|Xeon", name)
    one = present(
        name=name,
        manufacturer=next((maker for word, maker in _MAKERS if word in name.lower()), ""),
        model=kernel.get("machdep.cpu.model"),
        familynumber=kernel.get("machdep.cpu.family"),
        familyname=family[0].replace("(TM)", "") if family else "",
        stepping=int(stepping) if stepping.isdecimal() and len(stepping) < 4 else None,
        speed=megahertz(name, text(told, "current_processor_speed"), kernel.get("hw.cpufrequency", "")),
        arch=_ARCHITECTURES.get(uname[2], "") if len(uname) > 2 else "",
    )
    each = [
        {**one, "core": _share(cores, packages, n), "thread": _share(threads, packages, n)} for n in range(packages)
    ]
    return {"cpus": each, "terrier": {"processors": {"sockets": packages, "cores": cores, "threads": threads}}}


def _number(kernel: dict[str, str], key: str) -> int | None:
    words = kernel.get(key, "")
    return int(words) if re.fullmatch(r"[1-9]\d{0,3}", words) else None


def _share(all_of_them: int, packages: int, number: int) -> int:
    """What the package of that number has of all: as much as the others."""
    return all_of_them // packages + (number < all_of_them % packages)


SUBJECT = Subject("processors", _parse, ("sysctl", "hardware", "kernel"), (Section("cpus"),))

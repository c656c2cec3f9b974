"""All processes, the kernel's threads among them: program, user, start, memory.

Without arguments and environment, which can hold secrets.
"""

from __future__ import annotations

import os
import time

from importers.discovery.collector import Collector, Content, Section, present
from importers.discovery.host import Probe
from importers.discovery.linux._accounts import passwd
from importers.discovery.linux._processes import ELEVATE, processes
from importers.discovery.linux.memory import meminfo
from importers.discovery.linux.operating_system import boot_time


def _collect(probe: Probe) -> Content:
    names = {account.uid: account.login for account in passwd(probe.read("/etc/passwd"))}
    booted = boot_time(probe.read("/proc/stat"))
    total = meminfo(probe.read("/proc/meminfo")).get("MemTotal", 0)
    ticks, page = os.sysconf("SC_CLK_TCK"), os.sysconf("SC_PAGE_SIZE")
    found = []
    for one in processes(probe):
        started = None
        if booted is not None:
            started = time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(booted + one.started // ticks))
        found.append(
            {
                "pid": one.pid,
                "cmd": one.program,
                "user": names.get(one.uid, str(one.uid)),
                **present(
                    started=started,
                    mem=f"{one.resident * page / total * 100:.1f}" if total and one.resident is not None else None,
                    virtualmemory=one.virtual // 1024 if one.virtual is not None else None,
                ),
            }
        )
    return {"processes": found} if found else {}


COLLECTOR = Collector("processes", _collect, sections=(Section("processes", ELEVATE),))

"""The capture of an old Mac: what older tools answer otherwise."""

from __future__ import annotations

from collections.abc import Mapping

from tests.importers.captures.macos.answers import profile, property_list, version, volume

_OLD_HEADING = (
    "Active Internet connections (including servers)\n"
    "Proto Recv-Q Send-Q  Local Address  Foreign Address  (state)  rhiwat shiwat  pid  epid  state  options\n"
)

#: An old iMac with an Intel processor, memory modules and a rotating disk, whose kernel lists ports in the old way.
INTEL: Mapping[str, str] = {
    "user-id": "0\n",
    "hardware": profile(
        "Hardware",
        {
            "_name": "hardware_overview", "boot_rom_version": "170.0.0.0.0", "cpu_type": "Quad-Core Intel Core i5",
            "current_processor_speed": "3,2 GHz", "machine_model": "iMac15,1", "machine_name": "iMac",
            "number_processors": 4, "packages": 1, "physical_memory": "8 GB", "serial_number": "C02N1234FY14",
            "platform_UUID": "4E6B5A10-8B1D-5C55-9A0E-6F0A1B2C3D4E",
        },
    ),
    "startup-security": "{}",
    "platform": property_list(
        [{"IOPlatformUUID": "4E6B5A10-8B1D-5C55-9A0E-6F0A1B2C3D4E", "board-id": b"Mac-42FD25EABCABB274\0"}]
    ),
    "sysctl": "hw.packages: 1\nhw.physicalcpu_max: 4\nhw.logicalcpu_max: 4\nhw.memsize: 8589934592\n"
    "hw.model: iMac15,1\nmachdep.cpu.brand_string: Intel(R) Core(TM) i5-4690 CPU @ 3.50GHz\n"
    "machdep.cpu.family: 6\nmachdep.cpu.model: 60\nmachdep.cpu.stepping: 3\nkern.hostname: imac.corp.example.com\n"
    "kern.osrelease: 20.6.0\n",
    "version": version("11.7.10", "20G1427"),
    "kernel": "Darwin 20.6.0 x86_64\n",
    "offset": "-0500\n",
    "directory": "Active Directory Forest = example.com\nActive Directory Domain          = corp.example.com\n",
    "memory": profile(
        "Memory",
        {
            "_name": "spmemory_info", "is_memory_upgradeable": "Yes",
            "_items": [
                {
                    "_name": "BANK 0/DIMM0", "dimm_manufacturer": "0x80AD", "dimm_part_number": "0x484D5433",
                    "dimm_serial_number": "0x12345678", "dimm_size": "8 GB", "dimm_speed": "1600 MHz",
                    "dimm_status": "ok", "dimm_type": "DDR3",
                },
                {"_name": "BANK 0/DIMM1", "dimm_size": "empty", "dimm_status": "empty", "dimm_type": "empty"},
            ],
        },
    ),
    "nvme": profile("NVMe"),
    "sata": profile(
        "SerialATA",
        {
            "_name": "Intel 8 Series Chipset",
            "_items": [
                {
                    "_name": "APPLE HDD ST1000DM003", "bsd_name": "disk0", "device_model": "APPLE HDD ST1000DM003",
                    "device_serial": "            Z4Y0ABCD", "device_revision": "AP15", "size_in_bytes": 1000204886016,
                    "spsata_medium_type": "Rotational", "smart_status": "Verified", "removable_media": "no",
                }
            ],
        },
    ),
    "volumes": profile(
        "Storage",
        volume("Macintosh HD", "disk1s5s1", "/", 1000000000000, 400000000000, device_name="APPLE HDD ST1000DM003",
               medium_type="rotational", protocol="SATA"),
    ),
    "apfs": property_list({"Containers": []}),
    "filevault": "FileVault is Off.\n",
    "tcp": _OLD_HEADING + "tcp46  0  0  *.8082  *.*  LISTEN  131072 131072  902  0 0x0100 0x00000006\n",
    "udp": _OLD_HEADING + "udp4  0  0  *.5353  *.*           196724   9216  311  0 0x0000 0x00000000\n",
    "processes": "  902 root   4300000  0.3 Mon  1 Dec 08:01:10 2025     /usr/local/bin/node\n",
}  # fmt: skip

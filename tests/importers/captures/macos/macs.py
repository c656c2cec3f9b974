"""Captures of made-up Macs, true to the format of macOS's tools: what the script writes of them."""

from __future__ import annotations

import json
from collections.abc import Mapping

from tests.importers.captures.macos.answers import account, profile, property_list, version, volume

_IFCONFIG = """\
lo0: flags=8049<UP,LOOPBACK,RUNNING,MULTICAST> mtu 16384
	options=1203<RXCSUM,TXCSUM,TXSTATUS,SW_TIMESTAMP>
	inet 127.0.0.1 netmask 0xff000000
	inet6 ::1 prefixlen 128
	inet6 fe80::1%lo0 prefixlen 64 scopeid 0x1
en5: flags=8863<UP,BROADCAST,SMART,RUNNING,SIMPLEX,MULTICAST> mtu 1500
	ether 00:e0:4c:68:02:11
	media: autoselect (1000baseT <full-duplex>)
	status: inactive
en0: flags=8863<UP,BROADCAST,SMART,RUNNING,SIMPLEX,MULTICAST> mtu 1500
	ether 3e:8d:20:aa:01:02
	inet6 fe80::1c8a:55ff:fe01:2%en0 prefixlen 64 secured scopeid 0xb
	inet6 2001:db8:7::42 prefixlen 64 autoconf secured
	inet 192.168.7.42 netmask 0xffffff00 broadcast 192.168.7.255
	media: autoselect
	status: active
utun3: flags=8051<UP,POINTOPOINT,RUNNING,MULTICAST> mtu 1380
	inet 10.9.0.2 --> 10.9.0.1 netmask 0xffffffff
"""
_PORTS = """
Hardware Port: USB 10/100/1000 LAN
Device: en5
Ethernet Address: 00:e0:4c:68:02:11

Hardware Port: Wi-Fi
Device: en0
Ethernet Address: 3c:22:fb:aa:01:02

VLAN Configurations
===================
"""
_ROUTES = """\
Routing tables

Internet:
Destination        Gateway            Flags               Netif Expire
default            192.168.7.1        UGScg                 en0
127                127.0.0.1          UCS                   lo0
127.0.0.1          127.0.0.1          UH                    lo0
192.168.7          link#11            UCS                   en0      !
192.168.7.1/32     link#11            UCS                   en0      !
192.168.7.9        a4:5e:60:11:22:33  UHLWIi                en0    742
10.9/16            10.9.0.1           UGSc                utun3
"""
_DNS = """\
DNS configuration

resolver #1
  search domain[0] : corp.example.com
  nameserver[0] : 192.168.7.1
  nameserver[1] : 192.168.7.2
  if_index : 11 (en0)
  flags    : Request A records
  reach    : 0x00020002 (Reachable,Directly Reachable Address)

resolver #2
  domain   : local
  options  : mdns
  timeout  : 5

DNS configuration (for scoped queries)

resolver #1
  nameserver[0] : 9.9.9.9
  if_index : 11 (en0)
"""
_TCP = """\
Active Internet connections (including servers)
Proto Recv-Q Send-Q  Local Address          Foreign Address        (state)          rxbytes      txbytes  rhiwat  shiwat          process:pid    state  options           gencnt    flags   flags1 usecnt rtncnt fltrs
tcp4       0      0  192.168.7.42.55910     203.0.113.9.443        ESTABLISHED         1108         1454  407808  146988  Code Helper (Plugin):2415  00102 00000004 000000000bf559bb 00000081 01000800      2      0 000000
tcp4       0      0  192.168.7.42.55911     203.0.113.9.443        ESTABLISHED         1108         1454  407808  146988  Code Helper (Plugin):2415  00102 00000004 000000000bf559bb 00000081 01000800      2      0 000000
tcp4       0      0  192.168.7.42.22        192.168.7.9.60112      ESTABLISHED         1108         1454  407808  146988              sshd:912   00102 00000004 000000000bf559bb 00000081 01000800      2      0 000000
tcp46      0      0  *.22                   *.*                    LISTEN                 0            0  131072  131072              launchd:1   00100 00000006 000000000bf559ba 00000000 00000800      1      0 000000
tcp4       0      0  127.0.0.1.631          *.*                    LISTEN                 0            0  131072  131072              cupsd:77   00100 00000006 000000000bf559ba 00000000 00000800      1      0 000000
tcp4       0      0  192.168.7.42.55800     203.0.113.10.443       TIME_WAIT              0            0  131072  131072                   :0   00100 00000006 000000000bf559ba 00000000 00000800      1      0 000000
"""  # noqa: E501
_UDP = """\
Active Internet connections (including servers)
Proto Recv-Q Send-Q  Local Address          Foreign Address        (state)          rxbytes      txbytes  rhiwat  shiwat          process:pid    state  options           gencnt    flags   flags1 usecnt rtncnt fltrs
udp4       0      0  *.5353                 *.*                                       0            0  786896    9216    mDNSResponder:301   00100 00000000 0000000000000123 00000000 00000800      1      0 000000
udp6       0      0  fe80::1c8a:55ff:fe01:2%en0.123 *.*                               0            0  786896    9216         timed:140   00100 00000000 0000000000000123 00000000 00000800      1      0 000000
"""  # noqa: E501
_PS = """\
    1 root              410041984  0.1 Mon Nov 23 08:01:10 2026     /sbin/launchd
   77 root              410041984  0.0 Mon Nov 23 08:01:12 2026     /usr/sbin/cupsd
  912 root              410041984  0.0 Mon Nov 30 09:00:12 2026     /usr/sbin/sshd
 2415 anna              410041984  1.4 Mon Nov 30 09:12:45 2026     /Applications/Visual Studio Code.app/Contents/MacOS/Code Helper (Plugin)
"""  # noqa: E501
_LAST = """\
anna       console                         Mon Nov 30 09:11   still logged in
anna       ttys001                         Mon Nov 30 09:14   still logged in
ben        console                         Fri Nov 27 08:59 - 17:03  (08:04)
anna       console                         Thu Nov 26 08:31 - 17:40  (09:09)
reboot time                                Mon Nov 23 08:01
anna       console                         Wed Dec 31 10:00 - 11:00  (01:00)

wtmp begins Sat Jan  4 12:00
"""
_RECEIPTS = """\
package-id: com.docker.docker
version: 4.30.0
volume: /
location: Applications
install-time: 1764490000
package-id: com.apple.pkg.XProtectPlistConfigData_10_15.16U4300
version: 1.0.0.0.1.1715000000
volume: /
location:
install-time: 1764400000
"""
_LAUNCHD = """\
file /Library/LaunchDaemons/com.docker.vmnetd.plist
Label com.docker.vmnetd
Program /Library/PrivilegedHelperTools/com.docker.vmnetd
RunAtLoad true
file /Library/LaunchDaemons/com.example.backup.plist
Label com.example.backup
ProgramArguments:0 /usr/local/bin/backup
StartCalendarInterval:Hour 3
StartCalendarInterval:Minute 15
file /Users/anna/Library/LaunchAgents/com.example.sync.plist
Label com.example.sync
ProgramArguments:0 /Users/anna/bin/sync
StartInterval 600
file /Library/LaunchAgents/broken.plist
"""
_SERVICES = """\
system = {
	type = system
	handle = 0

	services = {
	912 - 	com.openssh.sshd
	0 - 	com.apple.mdmclient.daemon
	413 - 	com.docker.vmnetd
	}

	unmanaged processes = {
	}

	disabled services = {
		"com.openssh.sshd" => enabled
		"com.example.backup" => disabled
	}
}
"""
_UUID = "0F3C9E52-6A41-5B0D-9C3E-2A7D41B8E601"

#: A MacBook Pro with an Apple chip, in German: what its tools word for people is German, too.
APPLE_SILICON: Mapping[str, str] = {
    "user-id": "501\n",
    "hardware": profile(
        "Hardware",
        {
            "_name": "hardware_overview", "activation_lock_status": "activation_lock_enabled",
            "boot_rom_version": "11881.1.1", "chip_type": "Apple M1 Pro", "machine_model": "MacBookPro18,3",
            "machine_name": "MacBook Pro", "model_number": "MKGP3D/A", "number_processors": "proc 8:6:2",
            "os_loader_version": "11881.1.1", "physical_memory": "16 GB", "platform_UUID": _UUID,
            "provisioning_UDID": "00006000-000A1D2C3E4F801E", "serial_number": "C02ZX0AAMD6T",
        },
    ),
    "startup-security": profile("iBridge", {"_name": "ibridge_item", "ibridge_secure_boot": "Full Security"}),
    "platform": property_list(
        [
            {
                "IOPlatformSerialNumber": "C02ZX0AAMD6T", "IOPlatformUUID": _UUID, "manufacturer": b"Apple Inc.\0",
                "model": b"MacBookPro18,3\0",
            }
        ]
    ),
    "sysctl": """\
hw.ncpu: 8
hw.memsize: 17179869184
hw.packages: 1
hw.physicalcpu: 8
hw.physicalcpu_max: 8
hw.logicalcpu: 8
hw.logicalcpu_max: 8
hw.model: MacBookPro18,3
machdep.cpu.brand_string: Apple M1 Pro
machdep.cpu.core_count: 8
kern.boottime: { sec = 1763884870, usec = 412341 } Sun Nov 23 09:01:10 2026
kern.hostname: MacBook-von-Anna.local
kern.osrelease: 24.1.0
kern.hv_vmm_present: 0
vm.swapusage: total = 2048.00M  used = 812.50M  free = 1235.50M  (encrypted)
""",
    "version": version("15.1.1", "24B91"),
    "kernel": "Darwin 24.1.0 arm64\n",
    "local-name": "MacBook-von-Anna\n",
    "locale": "de_DE\n",
    "time-zone": "/var/db/timezone/zoneinfo/Europe/Berlin\n",
    "offset": "+0100\n",
    "set-up": "1640790000\n",
    "directory": "",
    "enrolment": "Enrolled via DEP: Yes\nMDM enrollment: Yes (User Approved)\nMDM server: https://mdm.example.com/mdm\n",
    "memory": profile("Memory", {"SPMemoryDataType": "16 GB", "dimm_manufacturer": "Micron", "dimm_type": "LPDDR5"}),
    "displays": profile(
        "Displays",
        {
            "_name": "Apple M1 Pro", "sppci_model": "Apple M1 Pro", "spdisplays_vendor": "sppci_vendor_Apple",
            "spdisplays_ndrvs": [
                {
                    "_name": "Color LCD", "_spdisplays_display-product-id": "a050",
                    "_spdisplays_display-serial-number": "fd626d62", "_spdisplays_display-vendor-id": "610",
                    "_spdisplays_display-week": "0", "_spdisplays_display-year": "0",
                    "_spdisplays_pixels": "3024 x 1964", "spdisplays_connection_type": "spdisplays_internal",
                },
                {
                    "_name": "DELL U2720Q", "_spdisplays_display-serial-number": "304d3542",
                    "_spdisplays_display-vendor-id": "10ac", "_spdisplays_display-week": "12",
                    "_spdisplays_display-year": "2021", "_spdisplays_pixels": "3840 x 2160",
                },
            ],
        },
    ),
    "nvme": profile(
        "NVMe",
        {
            "_name": "Apple SSD Controller",
            "_items": [
                {
                    "_name": "APPLE SSD AP0512R", "bsd_name": "disk0", "detachable_drive": "no",
                    "device_model": "APPLE SSD AP0512R", "device_revision": "873.0.1", "device_serial": "0ba01234c5e6",
                    "removable_media": "no", "size": "500,28 GB", "size_in_bytes": 500277792768,
                    "smart_status": "Verified", "volumes": [{"_name": "Container", "bsd_name": "disk0s2"}],
                }
            ],
        },
    ),
    "sata": profile("SerialATA"),
    "volumes": profile(
        "Storage",
        volume("Macintosh HD", "disk3s1s1", "/", 494384795648, 120000000000),
        volume("Data", "disk3s5", "/System/Volumes/Data", 494384795648, 120000000000),
        volume("Preboot", "disk3s2", "/System/Volumes/Preboot", 494384795648, 120000000000),
        volume("Stick", "disk4s1", "/Volumes/Stick", 32000000000, 31000000000,
               device_name="Cruzer", is_internal_disk="no", medium_type="", protocol="USB"),
        volume("Installer", "disk5s1", "/Volumes/Installer", 900000000, 0, protocol="Disk Image",
               device_name="Disk Image", is_internal_disk="no"),
    ),
    "apfs": property_list(
        {
            "Containers": [
                {
                    "ContainerReference": "disk3",
                    "PhysicalStores": [{"DeviceIdentifier": "disk0s2"}],
                    "Volumes": [
                        {"DeviceIdentifier": "disk3s1", "Encryption": True, "FileVault": True},
                        {"DeviceIdentifier": "disk3s5", "Encryption": True, "FileVault": True},
                    ],
                }
            ]
        }
    ),
    "filevault": "FileVault is On.\n",
    "power": profile(
        "Power",
        {
            "_name": "spbattery_information",
            "sppower_battery_charge_info": {
                "sppower_battery_fully_charged": "FALSE", "sppower_battery_is_charging": "TRUE",
                "sppower_battery_state_of_charge": 83,
            },
            "sppower_battery_health_info": {
                "sppower_battery_cycle_count": 112, "sppower_battery_health": "Good",
                "sppower_battery_health_maximum_capacity": "92%",
            },
            "sppower_battery_model_info": {
                "sppower_battery_device_name": "bq20z451", "sppower_battery_serial_number": "F8Y1234567890ABCD",
            },
        },
    ),
    "battery": property_list(
        [{"BatteryInstalled": True, "DesignCapacity": 6075, "AppleRawMaxCapacity": 5580, "MaxCapacity": 100,
          "Voltage": 12310, "CycleCount": 112, "Serial": "F8Y1234567890ABCD"}]
    ),
    "usb": profile(
        "USB",
        {
            "_name": "USB31Bus", "host_controller": "AppleT6000USBXHCI",
            "_items": [
                {
                    "_name": "USB3.0 Hub", "vendor_id": "0x05e3  (Genesys Logic, Inc.)", "product_id": "0x0626",
                    "_items": [
                        {
                            "_name": "USB 10/100/1000 LAN", "manufacturer": "Realtek", "product_id": "0x8153",
                            "serial_num": "001000001", "vendor_id": "0x0bda  (Realtek Semiconductor Corp.)",
                        }
                    ],
                }
            ],
        },
    ),
    "usb-host": "{}",
    "pci": profile("PCI"),
    "audio": profile(
        "Audio",
        {
            "_name": "coreaudio_device",
            "_items": [
                {
                    "_name": "Lautsprecher (MacBook Pro)", "coreaudio_device_manufacturer": "Apple Inc.",
                    "coreaudio_device_transport": "coreaudio_device_type_builtin",
                }
            ],
        },
    ),
    "cameras": profile("Camera", {"_name": "FaceTime HD Camera", "spcamera_model-id": "UVC Camera VendorID_1452"}),
    "printers": profile(
        "Printers",
        {
            "_name": "Büro 2. Stock", "ppd": "HP LaserJet M507", "shared": "no", "status": "idle", "default": "yes",
            "uri": "ipps://drucker:geheim@print.example.com/ipp/print", "driverversion": "10.4",
        },
    ),
    "interfaces": _IFCONFIG,
    "ports": _PORTS,
    "routes": _ROUTES,
    "dns": _DNS,
    "network": profile(
        "Network",
        {"_name": "WLAN", "interface": "en0", "IPv4": {"ConfigMethod": "DHCP", "Addresses": ["192.168.7.42"]}},
    ),
    "tcp": _TCP,
    "udp": _UDP,
    "processes": _PS,
    "accounts": property_list(
        [
            account("_spotlight", 89, "Spotlight", "/usr/bin/false", "/var/empty"),
            account("anna", 501, "Anna Älvdal"),
            account("ben", 502, "Ben Okafor"),
            account("root", 0, "System Administrator", "/bin/sh", "/var/root"),
        ]
    ),
    "groups": property_list(
        [
            {
                "dsAttrTypeStandard:RecordName": ["admin"],
                "dsAttrTypeStandard:PrimaryGroupID": ["80"],
                "dsAttrTypeStandard:GroupMembership": ["root", "anna"],
            }
        ]
    ),
    "logged-on": "anna             console      Nov 30 09:11 \nanna             ttys001      Nov 30 09:14 \n",
    "logins": _LAST,
    "applications": profile(
        "Applications",
        {
            "_name": "Microsoft Word", "version": "16.84", "path": "/Applications/Microsoft Word.app",
            "obtained_from": "identified_developer", "arch_kind": "arch_arm_i64",
            "signed_by": ["Developer ID Application: Microsoft Corporation (UBF8T346G9)", "Apple Root CA"],
        },
        {
            "_name": "Safari", "version": "18.1", "path": "/Applications/Safari.app", "obtained_from": "apple",
            "signed_by": ["Software Signing"],
        },
        {
            "_name": "Slack", "version": "4.38.0", "path": "/Users/anna/Applications/Slack.app",
            "obtained_from": "mac_app_store", "signed_by": ["Apple Mac OS Application Signing"],
        },
        {"_name": "Finder", "version": "15.1", "path": "/System/Library/CoreServices/Finder.app"},
        {"_name": "Helper", "path": "/Applications/Microsoft Word.app/Contents/Helper.app"},
    ),
    "packages": _RECEIPTS,
    "homebrew": "/opt/homebrew/Cellar/git/2.45.1\n/opt/homebrew/Caskroom/firefox/126.0\n",
    "python-packages": "/Users/anna/Library/Python/3.9/lib/python/site-packages/requests-2.32.3.dist-info\n"
    "/opt/homebrew/lib/python3.12/site-packages/typing_extensions-4.12.2.dist-info\n",
    "launchd": _LAUNCHD,
    "launchd-running": _SERVICES,
    "cron": "anna\t0 4 * * 1\t/Users/anna/bin/weekly\n",
    "firewall": "Firewall ist aktiviert. (State = 1)\n",
    "integrity": "System Integrity Protection status: enabled.\n",
    "updates": property_list({"AutomaticallyInstallMacOSUpdates": True, "LastUpdatesAvailable": 2}),
    "xprotect": "5285\n",
    "vmware": "",
}  # fmt: skip

#: The same Mac as a host: two guests of Parallels Desktop, one of VMware Fusion.
GUESTS: Mapping[str, str] = {
    **APPLE_SILICON,
    "parallels": json.dumps(
        [
            {
                "ID": "{9A6E0C9B-57D3-4F5E-8E2B-5C8A5F1D2E33}", "Name": "Windows 11", "State": "running",
                "OS": "win-11", "Home": "/Users/anna/Parallels/Windows 11.pvm/",
                "Hardware": {
                    "cpu": {"cpus": 4, "mode": "64"}, "memory": {"size": "8192Mb"},
                    "net0": {"enabled": True, "type": "shared", "mac": "001C42A1B2C3"},
                },
            },
            {"uuid": "{5C1B7F64-2D41-4C0A-9B7E-1F2E3D4C5B6A}", "status": "stopped", "name": "Ubuntu"},
        ]
    ),
    "vmware": 'file /Users/anna/Virtual Machines.localized/Old.vmwarevm/Old.vmx\ndisplayName = "Old"\n'
    'uuid.bios = "56 4d 1a 2b 3c 4d 5e 6f-70 81 92 a3 b4 c5 d6 e7"\nmemsize = "4096"\nnumvcpus = "2"\n'
    'guestOS = "windows9-64"\nethernet0.generatedAddress = "00:0C:29:D6:E7:01"\n',
    "applications": profile(
        "Applications",
        {"_name": "Parallels Desktop", "version": "20.1.0", "path": "/Applications/Parallels Desktop.app"},
        {"_name": "Notepad", "path": "/Users/anna/Applications (Parallels)/{9A6E} Applications.localized/Notepad.app"},
    ),
}  # fmt: skip

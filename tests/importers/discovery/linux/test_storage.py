from __future__ import annotations

from pathlib import Path

from importers.discovery.linux.storage import COLLECTOR, mountinfo, volumes
from tests.importers.discovery.machines import Symlink, Tree, found

MOUNTS = (
    "21 1 253:0 / / rw,relatime shared:1 - ext4 /dev/mapper/vg-root rw\n"
    "22 21 0:5 / /dev rw - devtmpfs udev rw\n"
    "23 21 0:20 / /proc rw - proc proc rw\n"
    "30 21 259:1 / /boot/efi rw - vfat /dev/nvme0n1p1 rw\n"
    "31 21 253:0 /srv /mnt/bind\\040mount rw - ext4 /dev/mapper/vg-root rw\n"
    "32 21 7:1 / /snap/core/1 ro - squashfs /dev/loop1 ro\n"
    "33 21 0:50 / /mnt/files rw - nfs4 files:/export rw\n"
    "34 21 0:60 / /tank rw - zfs tank rw\n"
    "35 21 0:61 / /var/lib/docker/overlay2/x rw - overlay overlay rw\n"
)


def test_one_volume_per_file_system_that_holds_data() -> None:
    found_ = volumes(mountinfo(MOUNTS))
    assert [(v.point, v.filesystem) for v in found_] == [
        ("/", "ext4"),
        ("/boot/efi", "vfat"),
        ("/mnt/files", "nfs4"),
        ("/tank", "zfs"),
    ]


def test_blanks_in_mount_points_are_unescaped() -> None:
    assert mountinfo(MOUNTS)[4].point == "/mnt/bind mount"


def test_a_containers_root_counts() -> None:
    root = "1 0 0:9 / / rw - overlay overlay rw\n2 1 253:0 /x /etc/hosts rw - ext4 /dev/sda1 rw\n"
    assert [v.point for v in volumes(mountinfo(root))] == ["/", "/etc/hosts"]


def test_disks_volumes_and_encryption_below_lvm(tmp_path: Path) -> None:
    nvme = "sys/devices/pci0000:00/0000:01:00.0/nvme/nvme0/nvme0n1/"
    stick = "sys/devices/pci0000:00/0000:00:14.0/usb1/1-2/host3/block/sdb/"
    tree: Tree = {
        "proc/self/mountinfo": MOUNTS,
        nvme + "size": "1000215216\n",
        nvme + "removable": "0\n",
        nvme + "dev": "259:0\n",
        nvme + "queue/rotational": "0\n",
        nvme + "device/model": "SAMSUNG MZVLB512HBJQ\n",
        nvme + "device/serial": "S4GENX0N123456   \n",
        nvme + "device/firmware_rev": "5M2QEXF7\n",
        nvme + "wwid": "eui.0025388b01234567\n",
        stick + "size": "60062500\n",
        stick + "dev": "8:16\n",
        stick + "removable": "1\n",
        "sys/block/nvme0n1": Symlink("../devices/pci0000:00/0000:01:00.0/nvme/nvme0/nvme0n1"),
        "sys/block/sdb": Symlink("../devices/pci0000:00/0000:00:14.0/usb1/1-2/host3/block/sdb"),
        "sys/block/loop1/size": "8\n",
        "sys/block/dm-0/size": "800\n",
        "sys/block/dm-0/dm/uuid": "LVM-abc\n",
        "sys/block/dm-0/slaves/dm-1": "",
        "sys/block/dm-1/dm/uuid": "CRYPT-LUKS2-0123-crypt\n",
        "sys/dev/block/253:0": Symlink("../../block/dm-0"),
        "run/udev/data/b253:0": "S:mapper/vg-root\nE:ID_FS_UUID=aaaa-bbbb\nE:ID_FS_LABEL=root\n",
        "run/udev/data/b8:16": "E:ID_BUS=usb\nE:ID_MODEL=Ultra_Fit\nE:ID_VENDOR=SanDisk\nE:ID_SERIAL_SHORT=4C53\n",
        "boot/efi/": "",
    }
    content = found(COLLECTOR, tmp_path, tree)
    disk, removable = content["storages"]
    assert disk == {
        "name": "nvme0n1",
        "model": "SAMSUNG MZVLB512HBJQ",
        "serial": "S4GENX0N123456",
        "firmware": "5M2QEXF7",
        "wwn": "eui.0025388b01234567",
        "disksize": 512110,
        "interface": "NVMe",
        "description": "NVMe",
        "type": "disk",
    }
    assert (removable["interface"], removable["model"], removable["serial"]) == ("USB", "Ultra Fit", "4C53")
    assert content["terrier"]["disks"] == [
        {"name": "nvme0n1", "bytes": 1000215216 * 512, "removable": False, "medium": "solid state"},
        {"name": "sdb", "bytes": 60062500 * 512, "removable": True},
    ]
    root, efi, files, _ = content["drives"]
    assert (root["encrypt_name"], root["encrypt_status"]) == ("LUKS2", "Yes")
    assert (root["serial"], root["label"]) == ("aaaa-bbbb", "root")
    assert root["total"] >= root["free"] >= 0
    assert "encrypt_name" not in efi
    assert files == {"type": "/mnt/files", "volumn": "files:/export", "filesystem": "nfs4"}

"""A folder of files packed as a .zip, as people mail them: it is unpacked, and taken as the folder.

An archive is distrusted: what is encrypted, leads out of it or unpacks to too much is refused in one line.
"""

from __future__ import annotations

import re
import shutil
import weakref
import zipfile
import zlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from app import temporary_folders
from app.imports.dropped_files import MOST, files_of
from app.signatures.signed_files import verified, without_signatures
from app.signatures.ssh_signature import SshSignature
from cmdb.model.control import Control
from cmdb.model.errors import FileProblem
from cmdb.model.messages import Message
from cmdb.model.regular_files import name_as_text, opened, unchanged
from cmdb.model.system_errors import reason_of
from importers.spreadsheets.files.archive import check_sizes, refuse_directory, unpack
from importers.spreadsheets.files.container import DAMAGE, is_packed_folder

_DRIVE = re.compile(r"[A-Za-z]:")
_LINK = 0o120000
#: How deep its folders may lie: the system's functions call themselves once for each.
_DEEPEST = 100


class PackedFolder:
    """A packed folder, unpacked into a folder of its own for as long as this is held.

    Raises FileProblem, Cancelled.
    """

    def __init__(self, path: Path, control: Control) -> None:
        self.path = path
        try:
            self._folder = temporary_folders.made()
        except OSError as error:  # there is no room for temporary files, or no folder for them
            raise self._not_unpacked(error) from error
        self._removal = weakref.finalize(self, shutil.rmtree, self._folder, ignore_errors=True)
        try:
            with unchanged(path):
                self.signature = verified(path)
                """That of the packed folder, which signs all that it holds."""
                self._unpack(control)
            self.files = files_of([self._folder])
        except BaseException:
            self.close()
            raise
        if not self.files:
            self.close()
            raise FileProblem(Message("There is no file in {folder}.", folder=name_as_text(path)))

    def close(self) -> None:
        """Removes what was unpacked."""
        self._removal()

    def _unpack(self, control: Control) -> None:
        try:
            with opened(self.path) as raw:
                refuse_directory(self.path, raw)
                with zipfile.ZipFile(raw) as archive:
                    parts = self._parts(archive.infolist())
                    check_sizes(self.path, {info.filename: info for info in parts.values()})
                for number, (name, info) in enumerate(parts.items()):
                    control.progress(number, len(parts), Message("Unpacking {file}", file=name_as_text(self.path)))
                    self._write(raw, name, info, control)
        except DAMAGE as error:
            if isinstance(error, OSError) and error.errno is not None:
                raise self._not_unpacked(error) from error
            raise FileProblem(
                Message("{file} is damaged or was cut short: it cannot be unpacked.", file=name_as_text(self.path))
            ) from error

    def _not_unpacked(self, error: OSError) -> FileProblem:
        file, reason = name_as_text(self.path), reason_of(error)
        return FileProblem(Message("{file} cannot be unpacked: {reason}.", file=file, reason=reason))

    def _parts(self, infos: Iterable[zipfile.ZipInfo]) -> dict[str, zipfile.ZipInfo]:
        """The files in it by where they are to be, without those that a folder's import leaves out."""
        file = name_as_text(self.path)
        found: dict[str, zipfile.ZipInfo] = {}
        for info in infos:
            name = info.filename.replace("\\", "/")
            steps = name.split("/")
            if name.startswith("/") or ".." in steps or _DRIVE.match(name):
                message = Message("{file} holds a file that would lie outside of it, “{name}”: it was not opened.",
                                  file=file, name=name)  # fmt: skip
                raise FileProblem(message)
            if len(steps) > _DEEPEST:
                raise FileProblem(
                    Message("{file} holds folders in folders, {number} deep, and was not opened.",
                            file=file, number=len(steps))
                )  # fmt: skip
            left_out = any(step.startswith((".", "~$")) or step == "__MACOSX" for step in steps)
            if info.is_dir() or name.endswith("/") or left_out or info.external_attr >> 16 & 0o170000 == _LINK:
                continue
            if info.flag_bits & 1:
                raise FileProblem(Message("{file} is protected by a password. Unpack it first.", file=file))
            if name in found:
                raise FileProblem(Message("{file} holds “{name}” twice, and was not opened.", file=file, name=name))
            found[name] = info
        if len(found) >= MOST:
            raise FileProblem(
                Message("There are {limit} files or more in {folder}: import parts of it.", limit=MOST, folder=file)
            )
        return found

    def _write(self, raw: BinaryIO, name: str, info: zipfile.ZipInfo, control: Control) -> None:
        target = self._folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        check = 0
        with target.open("xb") as out:
            for piece in unpack(self.path, raw, info):
                control.check()
                check = zlib.crc32(piece, check)
                out.write(piece)
        if check != info.CRC:
            raise zipfile.BadZipFile(name)


@dataclass(slots=True)
class UnpackedFiles:
    """Files of an import, packed folders replaced by their files; and those folders that cannot be unpacked."""

    files: list[Path] = field(default_factory=list)
    folders: dict[Path, PackedFolder] = field(default_factory=dict)
    """Of each file that was unpacked, its folder."""
    refused: list[tuple[Path, FileProblem]] = field(default_factory=list)

    def signature_of(self, path: Path) -> SshSignature | None:
        """The signature of the packed folder that a file is of; None where there is none."""
        folder = self.folders.get(path)
        return None if folder is None else folder.signature

    def close(self) -> None:
        """Removes what was unpacked."""
        for folder in {id(one): one for one in self.folders.values()}.values():
            folder.close()


def unpacked(paths: Iterable[Path], control: Control) -> UnpackedFiles:
    """The files, those of packed folders where these stand. What a packed folder holds is not unpacked again.

    Raises Cancelled.
    """
    found = UnpackedFiles()
    for path in without_signatures(paths):
        if not is_packed_folder(path):
            found.files.append(path)
            continue
        try:
            folder = PackedFolder(path, control)
        except FileProblem as problem:
            found.refused.append((path, problem))
        else:
            found.files += folder.files
            found.folders.update(dict.fromkeys(folder.files, folder))
    return found

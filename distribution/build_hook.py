"""The build hook of the wheel: the required packages, and the files that are generated during the build."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface
from hatchling.metadata.plugin.interface import MetadataHookInterface

#: What a person may want besides.
EXTRAS = ("encryption",)


def requirements(file: Path) -> list[str]:
    """The requirements that a file lists, without comments and options."""
    lines = (line.partition("#")[0].strip() for line in file.read_text("utf-8").splitlines())
    return [line for line in lines if line and not line.startswith("-")]


class Requirements(MetadataHookInterface):
    """The dependencies are those of requirements.txt; each requirements-EXTRA.txt of ``EXTRAS`` is an extra."""

    def update(self, metadata: dict[str, Any]) -> None:
        """Fills them in."""
        root = Path(self.root)
        metadata["dependencies"] = requirements(root / "requirements.txt")
        metadata["optional-dependencies"] = {name: requirements(root / f"requirements-{name}.txt") for name in EXTRAS}


class MadeFiles(BuildHookInterface[Any]):
    """Adds the generated files to the wheel: see ``distribution.made_files``."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Generates them in a folder that is deleted after the build."""
        self._folder = tempfile.TemporaryDirectory(prefix="terrier-build-")
        sys.path.insert(0, self.root)
        try:
            from distribution.made_files import make_files
        finally:
            sys.path.remove(self.root)
        for file, place in make_files(Path(self._folder.name), Path(self.root)):
            kind = "shared_data" if place.startswith("share/") else "force_include"
            build_data[kind][str(file)] = place

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:
        """Removes the folder."""
        self._folder.cleanup()

"""What the wheel's builder asks: the packages that are required."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from hatchling.metadata.plugin.interface import MetadataHookInterface


def requirements(file: Path) -> list[str]:
    """The requirements that a file lists, without comments and options."""
    lines = (line.partition("#")[0].strip() for line in file.read_text("utf-8").splitlines())
    return [line for line in lines if line and not line.startswith("-")]


class Requirements(MetadataHookInterface):
    """The dependencies are those of requirements.txt; each requirements-EXTRA.txt but the tests' is an extra."""

    def update(self, metadata: dict[str, Any]) -> None:
        """Fills them in."""
        root = Path(self.root)
        metadata["dependencies"] = requirements(root / "requirements.txt")
        metadata["optional-dependencies"] = {
            name: requirements(file)
            for file in sorted(root.glob("requirements-*.txt"))
            if (name := file.stem.removeprefix("requirements-")) != "dev"
        }

"""The generated files of a wheel: manual page, completions, compiled texts.

They need shtab, argparse-manpage and Babel, and nothing else that Terrier needs to run: a wheel is often built where
only its build system is installed.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from app.translations import compile_texts
from distribution.completions import PLACES, completion
from distribution.manual import manual_page


def make_files(folder: Path, root: Path) -> Iterator[tuple[Path, str]]:
    """Makes them in a folder; each file with its place in the wheel, which begins with "share/" for what is shared."""
    texts = {"share/man/man1/terrier.1": manual_page()}
    texts |= {place: completion(shell) for shell, place in PLACES.items()}
    for place, text in texts.items():
        file = folder / place
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8")
        yield file, place
    for source in sorted((root / "resources" / "texts").rglob("*.po")):
        place = f"terrier/{source.with_suffix('.mo').relative_to(root).as_posix()}"
        file = folder / place
        file.parent.mkdir(parents=True, exist_ok=True)
        yield compile_texts(source, file), place

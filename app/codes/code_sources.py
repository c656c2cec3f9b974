"""Where codes come from that nobody scans now: a file, a folder of photographed labels, or one such picture."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from app.codes.code_lists import CodeList, ListedCode, codes_in_file
from app.codes.photographed import is_picture, labels_in, pictures_in
from cmdb.model.messages import Message

if TYPE_CHECKING:
    from app.codes.photographed import PhotographedLabel
    from cmdb.model.control import Control


def codes_from(path: Path, control: Control | None = None) -> CodeList:
    """The codes of a file, or of the photographs of a folder. Raises FileProblem, Cancelled."""
    if path.is_dir():
        return of_photographs(labels_in(pictures_in(path), control))
    return of_photographs(labels_in([path], control)) if is_picture(path) else codes_in_file(path, control)


def of_photographs(labels: Iterable[PhotographedLabel]) -> CodeList:
    """The codes of photographed labels, and which pictures have none or could not be read."""
    codes: list[ListedCode] = []
    problems: list[Message] = []
    for number, label in enumerate(labels, 1):
        if label.problem is not None:
            problems.append(label.problem)
        elif not label.codes:
            problems.append(Message("{file} shows no code that can be read.", file=label.path.name))
        codes += [ListedCode(code, number, label.at) for code in label.codes]
    return CodeList(tuple(codes), tuple(problems))

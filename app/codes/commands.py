"""Commands that are scanned from paper: what the next scans do, without a hand on the keyboard."""

from __future__ import annotations

from enum import Enum

from cmdb.model.messages import Message


class CodeCommand(Enum):
    """What a scanned command asks for. Its value is its code, of letters that every keyboard layout types alike."""

    GOOD = "XCGOOD"
    WORN = "XCUSED"
    DAMAGED = "XCBROKEN"
    ONLY_SEEN = "XCSEEN"
    MOVE = "XCHERE"
    UNDO = "XCUNDO"
    HAND_OVER = "XCLEND"
    TAKE_BACK = "XCRETURN"
    CLOSE_PLACE = "XCCLOSE"

    @property
    def label(self) -> Message:
        """What it is called, on paper and where it was read."""
        return _LABELS[self]


_LABELS = {
    CodeCommand.GOOD: Message("Good"),
    CodeCommand.WORN: Message("Worn"),
    CodeCommand.DAMAGED: Message("Damaged"),
    CodeCommand.ONLY_SEEN: Message("Only seen here"),
    CodeCommand.MOVE: Message("Move here"),
    CodeCommand.UNDO: Message("Take the last scan back"),
    CodeCommand.HAND_OVER: Message("Hand over"),
    CodeCommand.TAKE_BACK: Message("Take back"),
    CodeCommand.CLOSE_PLACE: Message("Close the place"),
}
_BY_CODE = {one.value: one for one in CodeCommand}


def command_of(code: str) -> CodeCommand | None:
    """The command that a code is, in capital or small letters; None for any other text."""
    return _BY_CODE.get(code.strip().upper())

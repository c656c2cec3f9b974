"""JSON that comes from outside: what is wrong with it is one kind of error, however it is wrong."""

from __future__ import annotations

import json
from collections.abc import Callable

from cmdb.model.formats import Plain
from cmdb.model.messages import Message


class JsonProblem(ValueError):
    """A text that is not JSON, or that no program should have to read. ``reason`` completes "it is …".

    ``position`` is the character where reading stopped, where that is known.
    """

    def __init__(self, reason: Message, position: int | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.position = position


def parsed(text: str | bytes, parse_float: Callable[[str], object] | None = None) -> object:
    """The value of a JSON text; ``parse_float`` makes the value of a number that is not whole. Raises JsonProblem,
    and nothing else.
    """
    try:
        return json.loads(text, parse_float=parse_float)
    except json.JSONDecodeError as error:
        line, column = Plain(error.lineno), Plain(error.colno)
        reason = Message("not valid JSON (line {line}, column {column})", line=line, column=column)
        raise JsonProblem(reason, error.pos) from error
    except RecursionError as error:
        raise JsonProblem(Message("nested too deeply")) from error
    except UnicodeDecodeError as error:
        raise JsonProblem(Message("not text (byte {position})", position=Plain(error.start))) from error
    except ValueError as error:  # Python reads no number of more than 4,300 digits
        raise JsonProblem(Message("JSON with a number of thousands of digits")) from error

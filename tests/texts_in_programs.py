"""The texts in the programs of all rooms: where a template is called for, and where an expression has words."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ROOMS = ("cmdb", "importers", "app", "ui", "main.py")

MECHANISM = ROOT / "cmdb" / "model" / "messages.py"

#: The functions that take templates, and how many of them stand first (after the context of the last two).
ONE, TWO, OF_CONTEXT = {"Message", "tr", "gettext"}, {"counted", "trn", "ngettext"}, {"in_context", "trc"}
TEXTS = ONE | TWO | OF_CONTEXT

#: Those that word a text at once, in the language that is spoken when they are called.
AT_ONCE = {"tr", "trn", "trc"}


def called(node: ast.Call) -> str:
    """The name of what is called, without its owner."""
    named = node.func
    return named.id if isinstance(named, ast.Name) else named.attr if isinstance(named, ast.Attribute) else ""


def templates_of(node: ast.Call) -> list[ast.expr]:
    name = called(node)
    return node.args[: 1 if name in ONE else 2 if name in TWO else 0] if name not in OF_CONTEXT else node.args[:2]


_LETTERS = re.compile(r"[A-Za-z]{2,}")


def lettered(node: ast.expr) -> bool:
    """Whether an expression has words of its own: a literal, an f-string or one of several of them."""
    match node:
        case ast.Constant(value=str(words)):
            return words != "Terrier" and bool(_LETTERS.search(words))
        case ast.JoinedStr(values=parts):
            return any(lettered(one.value if isinstance(one, ast.FormattedValue) else one) for one in parts)
        case ast.BinOp(left=left, right=right):
            return lettered(left) or lettered(right)
        case ast.IfExp(body=body, orelse=orelse):
            return lettered(body) or lettered(orelse)
        case ast.BoolOp(values=several) | ast.Tuple(elts=several) | ast.List(elts=several):
            return any(map(lettered, several))
        case ast.Dict(values=several):
            return any(one is not None and lettered(one) for one in several)
        case ast.Subscript(value=value):
            return lettered(value)
        case ast.NamedExpr(value=value) | ast.Starred(value=value):
            return lettered(value)
        case ast.Call(func=ast.Attribute(value=value, attr="format" | "join" | "strip" | "capitalize" | "upper")):
            return lettered(value)
    return False


def room_programs() -> dict[str, str]:
    """The programs of all rooms, by path."""
    rooms = [ROOT / room for room in ROOMS]
    paths = [path for room in rooms for path in ([room] if room.is_file() else sorted(room.rglob("*.py")))]
    return {str(path.relative_to(ROOT)): path.read_text("utf-8") for path in paths if path != MECHANISM}


#: Who develops or translates the program reads these in English.
FOR_DEVELOPERS = ("ui/tour/", "app/translations.py")


def violations(rule: Callable[[str], set[str]]) -> dict[str, set[str]]:
    """What a rule finds, by file. The files for developers are left out."""
    found = {name: rule(program) for name, program in room_programs().items() if not name.startswith(FOR_DEVELOPERS)}
    return {name: lines for name, lines in found.items() if lines}

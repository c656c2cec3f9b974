"""Programs as trees of their syntax, for the rules over them: each is parsed once, however many rules look at it."""

from __future__ import annotations

import ast
import gc
from functools import cache


@cache
def nodes(program: str) -> tuple[ast.AST, ...]:
    """All nodes of a program, its module first. They are kept, so nobody may change them.

    The rules that look at whole rooms are tested in one process (``tests/conftest.py``). All files of the program are
    a million nodes: the garbage collector would walk them again and again, and is told to leave them out.
    """
    collecting = gc.isenabled()
    gc.disable()
    try:
        found = tuple(ast.walk(ast.parse(program)))
        gc.freeze()
    finally:
        if collecting:
            gc.enable()
    return found


def tree(program: str) -> ast.Module:
    """A program's module."""
    module = nodes(program)[0]
    assert isinstance(module, ast.Module)
    return module

"""Programs as trees of their syntax, for the rules over them: each is parsed once, however many rules look at it."""

from __future__ import annotations

import ast
from functools import cache

from cmdb.model.gc_pause import gc_paused


@cache
def nodes(program: str) -> tuple[ast.AST, ...]:
    """All nodes of a program, its module first. They are kept, so nobody may change them.

    The rules over programs are tested in one process, and then the nodes are let go (``tests/conftest.py``). All files
    of the program are a million nodes: the garbage collector would walk them again and again while they are made.
    """
    with gc_paused():
        return tuple(ast.walk(ast.parse(program)))


def tree(program: str) -> ast.Module:
    """A program's module."""
    module = nodes(program)[0]
    assert isinstance(module, ast.Module)
    return module

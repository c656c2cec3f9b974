"""Public signatures of the model, the register and the store's reader say what they take and give: nothing is Any."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.programs import tree

ROOT = Path(__file__).resolve().parent.parent
READER = ("reader.py", "view.py", "relations.py")


def modules() -> list[Path]:
    """The modules whose signatures are looked at."""
    found = [*(ROOT / "cmdb" / "model").rglob("*.py"), *(ROOT / "cmdb" / "register").rglob("*.py")]
    return [*found, *(ROOT / "cmdb" / "store" / "reading" / name for name in READER)]


def vague(source: str) -> Iterator[str]:
    """The public names whose signatures have ``Any`` in them, with their lines."""
    yield from _vague(tree(source).body, "")


def _vague(body: list[ast.stmt], where: str) -> Iterator[str]:
    for node in body:
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
            yield from _vague(node.body, f"{node.name}.")
        elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) and _is_public(node.name):
            arguments = node.args
            every = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs, arguments.vararg, arguments.kwarg]
            if any(_says_any(one.annotation) for one in every if one is not None) or _says_any(node.returns):
                yield f"{node.lineno}: {where}{node.name}"
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) and _is_public(node.target.id):
            if _says_any(node.annotation):
                yield f"{node.lineno}: {where}{node.target.id}"
        elif isinstance(node, ast.Assign) and not where and _says_any(node.value):  # another name for a type
            yield from (f"{node.lineno}: {t.id}" for t in node.targets if isinstance(t, ast.Name) and _is_public(t.id))


def _is_public(name: str) -> bool:
    return not name.startswith("_") or name in ("__init__", "__call__", "__iter__", "__getitem__")


def _says_any(annotation: ast.expr | None) -> bool:
    if annotation is None:
        return False
    for node in ast.walk(annotation):
        if isinstance(node, ast.Name) and node.id == "Any":
            return True
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and "Any" in node.value.split("["):
            return True
    return False


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(ROOT / "cmdb")))
def test_no_public_signature_says_any(path: Path) -> None:
    assert list(vague(path.read_text("utf-8"))) == []


@pytest.mark.parametrize(
    "planted",
    [
        "def f(value: Any) -> None: ...\n",
        "def f() -> dict[str, list[Any]]: ...\n",
        "class A:\n    values: Mapping[str, Any]\n",
        "class A:\n    def f(self, *rest: Any) -> None: ...\n",
        "Fields = Mapping[str, Any]\n",
    ],
)
def test_a_planted_one_is_found(planted: str) -> None:
    assert len(list(vague(planted))) == 1


def test_what_is_private_may() -> None:
    assert not list(vague("def _f(value: Any) -> Any: ...\nclass _A:\n    value: Any\n"))

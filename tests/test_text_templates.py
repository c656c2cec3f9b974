"""Templates are literals with the values that they name; none is glued from parts or worded too early."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable

import pytest

from tests.programs import nodes, tree
from tests.texts_in_programs import AT_ONCE, TEXTS, TWO, called, lettered, room_programs, templates_of, violations

_FIELD = re.compile(r"\{(\w*)\}")


def broken_templates(program: str) -> set[str]:
    """Templates that can't be extracted, or whose values aren't those that they name."""
    broken = set()
    for node in nodes(program):
        if isinstance(node, ast.JoinedStr):  # it is glued from parts, and Babel doesn't look into f-strings
            inside = [one for one in ast.walk(node) if isinstance(one, ast.Call) and called(one) in TEXTS]
            broken.update(f"line {one.lineno}: a text inside an f-string" for one in inside)
        if not isinstance(node, ast.Call) or called(node) not in TEXTS - {"gettext", "ngettext"}:
            continue
        templates = templates_of(node)
        words = [t.value for t in templates if isinstance(t, ast.Constant) and isinstance(t.value, str) and t.value]
        if not words or len(words) < len(templates):
            broken.add(f"line {node.lineno}: a template is a literal with words")
            continue
        given = {keyword.arg for keyword in node.keywords}
        if None in given:
            continue  # values that are given as a mapping are seen when the text is shown
        named = {name for word in words for name in _FIELD.findall(word)}
        if called(node) in TWO:
            given.add("count")
            named.add("count")
        if given != named and (given or called(node) in TWO):
            broken.add(f"line {node.lineno}: named {sorted(named)}, given {sorted(map(str, given))}")
    return broken


def glued(program: str) -> set[str]:
    """Where a program adds a text to other words. A file's ending may be added."""
    found: set[str] = set()
    if not re.search(rf"\b({'|'.join(AT_ONCE)})\b", program):
        return found  # most programs need not be parsed
    for node in nodes(program):
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
            sides = (node.left, node.right)
            texts = [one for one in sides if isinstance(one, ast.Call) and called(one) in AT_ONCE]
            words = [one for one in sides if isinstance(one, ast.Constant | ast.JoinedStr) and lettered(one)]
            endings = [one for one in words if re.fullmatch(r"\.\w+", str(getattr(one, "value", "")))]
            if len(texts) > 1 or (texts and (len(words) > len(endings) or isinstance(_other(node), ast.BinOp))):
                found.add(f"line {node.lineno}: a text is glued from parts")
    return found


def _other(node: ast.BinOp) -> ast.expr:
    return node.left if isinstance(node.left, ast.BinOp) else node.right


def worded_too_early(program: str) -> set[str]:
    """Texts that a module or a class words when it is imported, before the language is known."""
    found: set[str] = set()

    def look(node: ast.AST) -> None:
        if isinstance(node, ast.Call) and called(node) in AT_ONCE:
            found.add(f"line {node.lineno}: worded when the module is imported")
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            defaults = [one for one in (*node.args.defaults, *node.args.kw_defaults) if one is not None]
            inside: list[ast.AST] = [*defaults, *getattr(node, "decorator_list", ())]
        else:
            inside = list(ast.iter_child_nodes(node))
        for one in inside:
            look(one)

    look(tree(program))
    return found


def test_templates_are_literals_with_the_values_they_name() -> None:
    broken = {name: broken_templates(program) for name, program in room_programs().items()}
    assert {path: lines for path, lines in broken.items() if lines} == {}


@pytest.mark.parametrize("rule", [glued, worded_too_early])
def test_texts_are_whole_and_worded_when_they_are_shown(rule: Callable[[str], set[str]]) -> None:
    assert violations(rule) == {}


def test_broken_templates_are_seen() -> None:
    assert broken_templates("tr(f'Open {name}')")
    assert broken_templates("tr('Open ' + name)")
    assert broken_templates("tr('Open {name}', nam=1)")
    assert broken_templates("trn('{count} row', '{count} rows of {file}', 3)")
    assert broken_templates("Message('')")
    assert broken_templates("kinds = f'{tr(\"All files\")} (*)'")
    assert not broken_templates("trn('{count} row', '{count} rows of {file}', 3, file=1)")
    assert not broken_templates("trc('verb', 'Open {name}', name=1)")
    assert not broken_templates("Message('Write {name} as it is')")


def test_glued_and_early_texts_are_seen() -> None:
    assert glued("label.setText(tr('Open') + ' ' + tr('file'))")
    assert glued("words = tr('Open') + tr('file')")
    assert glued("words = tr('Open') + ' the file'")
    assert not glued("name = tr('Difference') + '.xlsx'")
    assert broken_templates("label.setText(f'{tr(\"Open\")} {name}')")
    assert broken_templates("messages.tr(f'Open {name}')")
    assert worded_too_early("TITLE = tr('Open')")
    assert worded_too_early("class Page:\n    title = trn('{count} row', '{count} rows', 2)")
    assert worded_too_early("def open(title: str = tr('Open')) -> None: ...")
    assert not worded_too_early("def title() -> str:\n    return tr('Open')\nname = lambda: tr('Open')")

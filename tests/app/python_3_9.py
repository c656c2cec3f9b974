"""What a program for Python 3.9 may not use: its grammar, and what the grammar does not show.

The names are those of the standard library of Python 3.11 that Python 3.9 has not, for modules that an agent may
import.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

MODULES = {"tomllib"}
NAMES = {
    "abc": {"update_abstractmethods"},
    "base64": {"b32hexdecode", "b32hexencode"},
    "contextlib": {"aclosing", "chdir"},
    "dataclasses": {"KW_ONLY"},
    "datetime": {"UTC"},
    "enum": {"EnumCheck", "EnumType", "FlagBoundary", "ReprEnum", "StrEnum", "global_enum", "member", "nonmember"},
    "hashlib": {"file_digest"},
    "inspect": {"get_annotations", "getmembers_static"},
    "io": {"text_encoding"},
    "itertools": {"batched", "pairwise"},
    "locale": {"getencoding"},
    "math": {"cbrt", "exp2"},
    "operator": {"call"},
    "os": {"eventfd", "login_tty", "splice"},
    "platform": {"freedesktop_os_release"},
    "re": {"NOFLAG"},
    "socket": {"IPPROTO_MPTCP", "SO_INCOMING_CPU"},
    "statistics": {"correlation", "covariance", "linear_regression"},
    "sys": {"exception", "get_int_max_str_digits", "orig_argv", "set_int_max_str_digits", "stdlib_module_names"},
    "threading": {"getprofile", "gettrace"},
    "types": {"EllipsisType", "NoneType", "NotImplementedType", "UnionType"},
    "typing": {
        "Concatenate", "LiteralString", "Never", "NotRequired", "ParamSpec", "Required", "Self", "TypeAlias",
        "TypeGuard", "TypeVarTuple", "Unpack", "assert_never", "assert_type", "dataclass_transform", "override",
        "reveal_type",
    },
}  # fmt: skip
BUILT_IN = {"BaseExceptionGroup", "EncodingWarning", "ExceptionGroup", "aiter", "anext"}
METHODS = {"add_note", "bit_count", "hardlink_to"}
#: A function → the parameters that it got later.
PARAMETERS = {
    "zip": {"strict"},
    "dataclass": {"slots", "kw_only", "match_args", "weakref_slot"},
    "bisect": {"key"}, "bisect_left": {"key"}, "bisect_right": {"key"}, "insort": {"key"},
    "glob": {"root_dir", "dir_fd", "include_hidden"}, "iglob": {"root_dir", "dir_fd", "include_hidden"},
    "TemporaryDirectory": {"ignore_cleanup_errors", "delete"},
    "run": {"process_group"}, "Popen": {"process_group"},
    "rglob": {"case_sensitive"}, "create_connection": {"all_errors"},
}  # fmt: skip


def violations(program: str) -> list[str]:
    """What Python 3.9 would not take of a program."""
    try:
        tree = ast.parse(program, feature_version=(3, 9))
    except SyntaxError as error:
        return [f"line {error.lineno}: {error.msg}"]
    found = [f"line {node.lineno}: {words}" for node, words in _of_library(tree)]
    postponed = any(isinstance(n, ast.ImportFrom) and n.module == "__future__" for n in tree.body)
    annotated = any(isinstance(n, ast.arg | ast.AnnAssign | ast.FunctionDef) for n in ast.walk(tree))
    if annotated and not postponed:
        found.append("annotations are evaluated: from __future__ import annotations is missing")
    return found


def _of_library(tree: ast.Module) -> Iterator[tuple[ast.expr | ast.stmt, str]]:
    kept = _annotations(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.Match):
            yield node, "match"
        elif isinstance(node, ast.Import):
            yield from ((node, one.name) for one in node.names if one.name in MODULES)
        elif isinstance(node, ast.ImportFrom):
            names = NAMES.get(str(node.module), set())
            yield from ((node, one.name) for one in node.names if one.name in names or node.module in MODULES)
        elif isinstance(node, ast.Attribute):
            module = node.value.id if isinstance(node.value, ast.Name) else ""
            if node.attr in NAMES.get(module, set()) or node.attr in METHODS:
                yield node, node.attr
        elif isinstance(node, ast.Name) and node.id in BUILT_IN:
            yield node, node.id
        elif isinstance(node, ast.Call):
            called = getattr(node.func, "id", getattr(node.func, "attr", ""))
            yield from (
                (node, f"{called}({one.arg}=)") for one in node.keywords if one.arg in PARAMETERS.get(called, ())
            )
        elif isinstance(node, ast.BinOp) and id(node) not in kept and _of_types(node):
            yield node, "a union of types at run time"


def _annotations(tree: ast.Module) -> set[int]:
    """What is not evaluated: everything in an annotation."""
    found = []
    for node in ast.walk(tree):
        found += [getattr(node, name, None) for name in ("annotation", "returns")]
    return {id(inner) for one in found if one is not None for inner in ast.walk(one)}


_TYPES = {"int", "str", "bytes", "float", "bool", "list", "dict", "set", "tuple", "object", "type"}


def _of_types(node: ast.BinOp) -> bool:
    """Whether "|" stands between types: their names, what is made of them, or None."""
    return isinstance(node.op, ast.BitOr) and any(map(_is_type, (node.left, node.right)))


def _is_type(node: ast.expr) -> bool:
    if isinstance(node, ast.Constant):
        return node.value is None
    if isinstance(node, ast.Subscript):
        return _is_type(node.value)
    name = node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""
    return name in _TYPES or (name[:1].isupper() and not name.isupper())

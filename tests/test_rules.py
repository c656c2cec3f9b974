"""The rules that CONTRIBUTING.md claims, each held against the code and shown a planted violation.

Rules about imports are contracts: ``tests/test_architecture.py``. Rules about libraries: ``tests/test_packages.py``.
"""

from __future__ import annotations

import ast
import re
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import pytest

from tests.programs import nodes, tree

ROOT = Path(__file__).resolve().parent.parent
CODE = ("cmdb", "importers", "app", "ui", "distribution")
BIN = Path(sys.executable).parent

#: Lines after which a file has to show that it has one subject, and that no file may exceed.
LONG, LONGEST = 450, 700
#: Lines of a function that fit a screen.
SCREEN = 60


def sources(*folders: str) -> Iterator[Path]:
    for folder in folders:
        yield from sorted((ROOT / folder).rglob("*.py"))


def found(rule: Callable[[str], set[str]], *folders: str) -> dict[str, set[str]]:
    """The violations of a rule, by file."""
    checked = {str(path.relative_to(ROOT)): rule(path.read_text("utf-8")) for path in sources(*folders)}
    return {path: broken for path, broken in checked.items() if broken}


# -- one subject ------------------------------------------------------------------------------------------------------


def subjects(program: str) -> list[set[str]]:
    """The definitions of a file that are connected by naming each other: each set is one subject."""
    defined = {
        node.name: {n.id for n in ast.walk(node) if isinstance(n, ast.Name)}
        | {n.value for n in ast.walk(node) if isinstance(n, ast.Constant) and isinstance(n.value, str)}
        for node in tree(program).body
        if isinstance(node, ast.ClassDef | ast.FunctionDef)
    }
    groups: list[set[str]] = []
    for name, used in defined.items():
        mine = {name} | (used & defined.keys())
        joined = [group for group in groups if group & mine]
        groups = [group for group in groups if not group & mine]
        groups.append(mine.union(*joined))
    return groups


def too_long(program: str) -> set[str]:
    """A long file is one class with its satellites, or functions that build on each other; none is without end."""
    lines = len(program.splitlines())
    if lines > LONGEST:
        return {f"{lines} lines"}
    if lines > LONG and len(groups := subjects(program)) > 1:
        return {f"{len(groups)} subjects in {lines} lines"}
    return set()


def test_a_long_file_has_one_subject() -> None:
    assert found(too_long, *CODE, "bench", "tests") == {}


def test_two_subjects_in_a_long_file_are_seen() -> None:
    filler = "\n" * LONG
    one = f"class A:\n    pass\n\ndef use() -> A:\n    return A()\n{filler}"
    assert not too_long(one)
    assert too_long(f"{one}\nclass B:\n    pass\n")
    assert too_long("\n" * (LONGEST + 1))


# -- functions that fit a screen --------------------------------------------------------------------------------------


def tall(program: str) -> set[str]:
    functions = (n for n in nodes(program) if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef))
    return {n.name for n in functions if (n.end_lineno or 0) - n.lineno >= SCREEN}


def test_functions_fit_a_screen() -> None:
    assert found(tall, *CODE, "bench") == {}


def test_a_function_that_does_not_fit_is_seen() -> None:
    body = "    x = 1\n" * SCREEN
    assert tall(f"def long():\n{body}") == {"long"}
    assert not tall("def short():\n    x = 1\n")


# -- names, state, paths ----------------------------------------------------------------------------------------------

VAGUE = re.compile(r"\w*utils?|\w*helpers?|\w*managers?|misc|common")


def vague(path: str) -> bool:
    return any(VAGUE.fullmatch(word) for part in Path(path).with_suffix("").parts for word in part.split("_"))


def test_modules_are_named_for_their_subject() -> None:
    assert [str(p) for p in sources(*CODE, "bench", "tests") if vague(str(p.relative_to(ROOT)))] == []
    assert vague("cmdb/store/row_utils.py")
    assert vague("app/helpers/rows.py")
    assert vague("app/rowutil.py")
    assert not vague("app/record_tables.py")


_CHANGES = frozenset(
    "add append appendleft clear discard extend insert pop popitem popleft remove setdefault update".split()
)


def global_state(program: str) -> set[str]:
    """Names of a module that its functions assign anew, or whose contents they change."""
    stated = {name for node in nodes(program) if isinstance(node, ast.Global) for name in node.names}
    targets = [t for node in tree(program).body if isinstance(node, ast.Assign | ast.AnnAssign) for t in _targets(node)]
    of_module = {target.id for target in targets if isinstance(target, ast.Name)} & _changed(nodes(program))
    for function in nodes(program):
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
            inside = list(ast.walk(function))
            own = {node.id for node in inside if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
            own |= {node.arg for node in inside if isinstance(node, ast.arg)}
            stated |= (_changed(inside) & of_module) - own
    return stated


def _targets(node: ast.Assign | ast.AnnAssign) -> list[ast.expr]:
    return node.targets if isinstance(node, ast.Assign) else [node.target]


def _changed(function: Iterable[ast.AST]) -> set[str]:
    """The names of which a function, given as its nodes, sets or deletes a part, or that it tells to change."""
    owners = []
    for node in function:
        if isinstance(node, ast.Subscript | ast.Attribute) and not isinstance(node.ctx, ast.Load):
            owners.append(node.value)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in _CHANGES:
            owners.append(node.func.value)
    return {owner.id for owner in owners if isinstance(owner, ast.Name)}


def test_there_is_no_global_state() -> None:
    assert found(global_state, *CODE) == {}


@pytest.mark.parametrize(
    "program",
    [
        "def set_it():\n    global current\n    current = 1\n",
        "current = {}\ndef set_it():\n    current['x'] = 1\n",
        "current: list[int] = []\ndef set_it():\n    current.append(1)\n",
        "current = State()\ndef set_it():\n    current.value = 1\n",
    ],
)
def test_global_state_is_seen(program: str) -> None:
    assert global_state(program) == {"current"}
    assert not global_state("current = {}\ndef set_it():\n    current = {}\n    current['x'] = 1\n")


def public_classes(program: str) -> list[str]:
    return [n.name for n in tree(program).body if isinstance(n, ast.ClassDef) and not n.name.startswith("_")]


def twice(programs: Iterable[str]) -> set[str]:
    """The names that more than one public class has."""
    begun = [(program, re.findall(r"^class\s+(\w+)", program, re.MULTILINE)) for program in programs]
    often = Counter(name for _, names in begun for name in names)  # most programs need not be parsed
    looked_at = (program for program, names in begun if any(often[name] > 1 for name in names))
    count = Counter(name for program in looked_at for name in public_classes(program))
    return {name for name, times in count.items() if times > 1}


def test_a_public_class_has_a_name_of_its_own() -> None:
    assert twice(path.read_text("utf-8") for path in sources(*CODE, "bench", "tests")) == set()
    assert twice(["class Store:\n    pass\n", "class Store:\n    pass\n"]) == {"Store"}
    assert not twice(["class _Store:\n    pass\n", "class _Store:\n    pass\n"])


_ONES_OWN = re.compile(r"(^|[\s\"'=:])(/home/\w|/Users/\w|/tmp/\w|[A-Z]:\\+Users\\)")


def test_no_path_of_one_person() -> None:
    assert found(lambda program: {m[0] for m in _ONES_OWN.finditer(program)}, *CODE, "bench") == {}
    assert _ONES_OWN.search('PATH = "/home/me/estate.terrier"')


def addresses(text: str) -> bool:
    return "://" in text


def test_no_path_of_one_machine_and_no_address_of_a_registry() -> None:
    documents = (*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("resources/**/*.toml"))
    for path in (*sources(*CODE, "bench", "tests"), *documents):
        assert f"{ROOT}/" not in path.read_text("utf-8"), path
    named = [ROOT / "Makefile", ROOT / "constraints.txt", *ROOT.glob("requirements*"), *ROOT.glob(".ci/*")]
    assert len(named) >= 6
    assert [path for path in named if addresses(path.read_text("utf-8"))] == []
    assert addresses("--index-url https://registry.example/simple")


def asks_the_network(program: str) -> set[str]:
    """Qt's own network module; Python's are forbidden by a contract."""
    return {"QtNetwork"} if re.search(r"\bQtNetwork\b", program) else set()


def test_the_window_does_not_ask_the_network() -> None:
    assert found(asks_the_network, *CODE) == {}
    assert asks_the_network("from PySide6.QtNetwork import QTcpSocket")


# -- the terminal -----------------------------------------------------------------------------------------------------


def prints(program: str) -> set[str]:
    """What writes to the terminal past ``app/cli/output.py``, which escapes what a terminal would act on."""
    found = set()
    for node in nodes(program):
        match node:
            case ast.Call(func=ast.Name(id="print")):
                found.add(f"print in line {node.lineno}")
            case ast.Attribute(value=ast.Attribute(attr="stdout" | "stderr"), attr="write" | "buffer"):
                found.add(f"{ast.unparse(node)} in line {node.lineno}")
    return found


def test_one_place_writes_to_the_terminal() -> None:
    broken = found(prints, "app/cli")
    assert set(broken) == {"app/cli/output.py"}
    assert not prints((ROOT / "main.py").read_text("utf-8"))


@pytest.mark.parametrize(
    "program", ["print(record.name)", "sys.stdout.write(name)", "print(f'{name}', file=sys.stderr)"]
)
def test_writing_past_it_is_seen(program: str) -> None:
    assert prints(program)


# -- the clock --------------------------------------------------------------------------------------------------------

#: What goes by the real time beside the clock itself: real files, and how long a job takes.
REAL_TIME = ("cmdb/store/upkeep/backups.py", "app/faults.py", "app/jobs.py", "app/upkeep.py")


def asks_the_time(program: str) -> set[str]:
    """What asks the system for the present moment past ``cmdb/model/clock.py``, which TERRIER_NOW sets."""
    found: set[str] = set()
    if not re.search(r"\b(today|now|utcnow)\b|\btime\s*\.\s*time\b", program):
        return found  # most programs need not be parsed
    for node in nodes(program):
        match node:
            case ast.Attribute(value=ast.Name(id="date"), attr="today"):
                found.add(f"date.today in line {node.lineno}")
            case ast.Attribute(value=ast.Name(id="datetime"), attr="now" | "utcnow" | "today"):
                found.add(f"datetime.{node.attr} in line {node.lineno}")
            case ast.Call(func=ast.Attribute(value=ast.Name(id="time"), attr="time")):
                found.add(f"time.time in line {node.lineno}")
    return found


def test_one_clock_says_what_time_it_is() -> None:
    broken = found(asks_the_time, "cmdb", "app", "importers", "ui")
    assert set(broken) == {"cmdb/model/clock.py", *REAL_TIME}
    assert not asks_the_time((ROOT / "main.py").read_text("utf-8"))


@pytest.mark.parametrize(
    "program", ["day = today or date.today()", "datetime.now(UTC)", "field(default_factory=date.today)", "time.time()"]
)
def test_asking_past_it_is_seen(program: str) -> None:
    assert asks_the_time(program)


# -- JSON from outside ------------------------------------------------------------------------------------------------


#: Where the JSON is what the program itself says to a process of its own.
OWN_JSON = {"importers/spreadsheets/sheets/cell_program.py"}


def reads_json(program: str) -> set[str]:
    """What reads JSON past ``cmdb/model/json_text.py``, which knows all that can be wrong with it."""
    found: set[str] = set()
    if "json" not in program:
        return found
    for node in nodes(program):
        match node:
            case ast.Attribute(value=ast.Name(id="json"), attr="load" | "loads"):
                found.add(f"json.{node.attr} in line {node.lineno}")
            case ast.ImportFrom(module="json"):
                found.add(f"from json import in line {node.lineno}")
    return found


def test_one_place_reads_json_from_outside() -> None:
    assert set(found(reads_json, *CODE)) == {"cmdb/model/json_text.py", *OWN_JSON}


@pytest.mark.parametrize("program", ["told = json.loads(text)", "json.load(file)", "from json import loads"])
def test_reading_json_past_it_is_seen(program: str) -> None:
    assert reads_json(program)


# -- nothing writes but a revision ------------------------------------------------------------------------------------

#: Where the store writes: applying and staging, what is derived from rows, and looking after the whole estate.
WRITERS = (
    "cmdb/store/writing/",
    "cmdb/store/rows/",
    "cmdb/store/upkeep/",
    "cmdb/store/drafts/",
    "cmdb/store/staging.py",
    "cmdb/store/store.py",
)
_WRITES = re.compile(
    r"\b(INSERT (OR \w+ )?INTO|REPLACE INTO|UPDATE \S+ (AS \w+ )?SET|DELETE FROM|TRUNCATE \w+|VACUUM|REINDEX"
    r"|(CREATE|DROP|ALTER) ((UNIQUE|TEMP|TEMPORARY|VIRTUAL) )?(TABLE|INDEX|VIEW|TRIGGER))\b",
    re.IGNORECASE,
)


def writes(program: str) -> set[str]:
    """Statements that write to the database: as SQL, or by SQLAlchemy's insert, update, delete."""
    documentation = {node.value for node in nodes(program) if isinstance(node, ast.Expr)}
    texts = (_text(node) for node in nodes(program) if node not in documentation)
    as_sql = {text[:40] for text in texts if _WRITES.search(" ".join(text.split()))}
    named = {
        alias.name
        for node in nodes(program)
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("sqlalchemy")
        for alias in node.names
        if alias.name in ("insert", "update", "delete")
    }
    return as_sql | named


def _text(node: ast.AST) -> str:
    """A text of the program; what is filled into it stands as "x"."""
    if isinstance(node, ast.JoinedStr):
        return "".join(_text(part) or "x" for part in node.values)
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


def test_nothing_writes_but_the_stores_writers() -> None:
    outside = {path: said for path, said in found(writes, *CODE).items() if not path.startswith(WRITERS)}
    assert outside == {}


def test_writing_elsewhere_is_seen() -> None:
    assert writes('connection.exec_driver_sql("DELETE FROM ci")')
    assert writes('connection.exec_driver_sql("delete from ci")')
    assert writes("connection.exec_driver_sql(f'UPDATE {table} SET name = 1')")
    assert writes('connection.exec_driver_sql("INSERT OR IGNORE INTO ci VALUES (1)")')
    assert writes('connection.exec_driver_sql("DROP INDEX ci_name")')
    assert writes("from sqlalchemy import delete\n")
    assert not writes('say("Nothing was written.")')


# -- types, docstrings, formatting: the tools' own rules --------------------------------------------------------------


@pytest.mark.parametrize(
    ("program", "rule"),
    [
        ('"""A module."""\n\n\ndef public() -> None:\n    return None\n', "D103"),
        ('"""A module."""\n\n\nclass Public:\n    pass\n', "D101"),
        ("x = 1\n", "D100"),
        ('"""A module."""\n\nimport os\n', "F401"),
        ('"""A module."""\n\nx = "' + "y" * 130 + '"\n', "E501"),
    ],
)
def test_ruff_refuses_what_the_rules_forbid(program: str, rule: str, tmp_path: Path) -> None:
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    folder = tmp_path / "cmdb"
    folder.mkdir()
    (folder / "__init__.py").write_text('"""A package."""\n')
    (folder / "planted.py").write_text(program)
    done = subprocess.run([BIN / "ruff", "check", "--no-cache", "cmdb"], cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 1
    assert rule in done.stdout


@pytest.mark.parametrize(
    "program",
    [
        '"""A module."""\n\n\ndef untyped(x):\n    """Has no types."""\n    return x\n',
        '"""A module."""\n\n\ndef wrong() -> int:\n    """Returns text."""\n    return "text"\n',
    ],
)
def test_mypy_refuses_what_is_not_typed(program: str, tmp_path: Path) -> None:
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    (tmp_path / "planted.py").write_text(program)
    done = subprocess.run(
        [BIN / "mypy", "--no-incremental", "planted.py"], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert "planted.py" in done.stdout


def says_any(program: str) -> set[str]:
    """Public functions and methods whose parameters or answers are of type ``Any``."""
    public = [
        node
        for node in nodes(program)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and not node.name.startswith("_")
    ]
    said = {
        node.name: [node.returns, *(arg.annotation for arg in ast.walk(node.args) if isinstance(arg, ast.arg))]
        for node in public
    }
    return {name for name, types in said.items() if any(t and re.search(r"\bAny\b", ast.unparse(t)) for t in types)}


def test_public_signatures_of_model_register_and_reader_say_what_they_take() -> None:
    checked = ("cmdb/model/", "cmdb/register/", "cmdb/store/reading/reader.py")
    assert {path for path in found(says_any, "cmdb") if path.startswith(checked)} == set()
    assert says_any("def public(x: Any) -> int:\n    return 1\n") == {"public"}
    assert says_any("def public() -> dict[str, Any]:\n    return {}\n") == {"public"}
    assert not says_any("def _own(x: Any) -> Any:\n    return x\n")


# -- tests mirror the folders -----------------------------------------------------------------------------------------


def strays(folders: list[str], code: set[str]) -> list[str]:
    """Folders of tests that mirror nothing."""
    own = {"soak", "bench", "plugins", "ui"}
    return [f for f in folders if f.split("/")[0] not in own and f not in code and "/kept" not in f]


def test_tests_mirror_the_folders() -> None:
    tests = [str(p.relative_to(ROOT / "tests")) for p in (ROOT / "tests").rglob("*") if p.is_dir()]
    tests = [folder for folder in tests if "__pycache__" not in folder and "/terrier" not in folder]
    code = {str(p.relative_to(ROOT)) for top in CODE for p in (ROOT / top).rglob("*") if p.is_dir()} | set(CODE)
    assert strays(tests, code) == []
    assert strays(["cmdb/nowhere"], code) == ["cmdb/nowhere"]

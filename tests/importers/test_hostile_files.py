"""Whatever a file says, each importer reads it or refuses it in one line: held for every importer that is registered.

The importer's own example is changed in all its places, so that the file is still recognised.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from app.import_proposal import propose, read_files
from cmdb.model.errors import FileProblem
from cmdb.model.schema import Schema
from cmdb.store.store import Store
from cmdb.store.upkeep.startup import create_estate
from importers.importer import ForeignFile, Importer
from importers.registry import all_importers

SCHEMA = Schema.load()
IMPORTERS = all_importers()
SECRET = "content of another file"
DEEP = 3_000
VALUES = (
    "9" * 5_000, f"-{'9' * 400}", "NaN", "Infinity", "1e999", "1e-999", "null", "true", "[]", "{}", '""', '"\\ud800"',
    '"\\u0000\\u001b[2J\\u202e"', '"=HYPERLINK(\\"http://example.org\\")"', '"<b onload=alert(1)>&amp;</b>"',
    '{"a": 1, "a": [2]}', "[null, [[]], {}]", f"{'[' * DEEP}{']' * DEEP}", f'{{"a": {"[" * 200}{"]" * 200}}}',
    '"' + "x" * 200_000 + '"', '"9999-12-31 23:59:59"', '"0000-00-00 00:00:00"', '"+9999"',
)  # fmt: skip
"""What stands in the places of a JSON document's values, in turn."""
AT_EACH = 7
TEXTS = ("", "=1+1", "\u202ex", "x" * 100_000, "9" * 5_000, "9999-12-31 23:59:59", "0000-00-00", "&amp;lt;b&gt;")


_TEXT = re.compile(r">[^<>]+<")
_ATTRIBUTE = re.compile(r'="[^"]*"(?=[^<>]*>)')


def places(value: Any, at: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The places of a document's values, objects and lists among them; of a list the first entry's."""
    yield at
    entries = value.items() if isinstance(value, dict) else enumerate(value[:1]) if isinstance(value, list) else ()
    for key, one in entries:
        yield from places(one, (*at, key))


def with_value(document: Any, at: tuple[Any, ...], text: str) -> str:
    """The document with another value at a place, written as it stands."""
    if not at:
        return text
    mark = "\x01mark\x01"
    copy = json.loads(json.dumps(document))
    *way, last = at
    inner = copy
    for key in way:
        inner = inner[key]
    inner[last] = mark
    return json.dumps(copy).replace(json.dumps(mark), text)


def of_json(example: bytes) -> Iterator[bytes]:
    document = json.loads(example)
    for number, at in enumerate(places(document)):
        for turn in range(AT_EACH):
            value = VALUES[(number * AT_EACH + turn) % len(VALUES)]
            yield with_value(document, at, value).encode()
    twice = example.decode().rstrip()
    yield f"{twice[:-1]}, {twice[1:]}".encode()


def of_xml(example: bytes) -> Iterator[bytes]:
    text = example.decode()
    declaration = re.match(r"\s*<\?xml.*?\?>", text)
    start = declaration.end() if declaration else 0
    head, rest = text[:start], text[start:]
    laughs = "".join(f"<!ENTITY a{n} '{f'&a{n - 1};' * 10}'>" for n in range(1, 12))
    for entities in (f"<!ENTITY a0 'ha'>{laughs}", "<!ENTITY a11 SYSTEM 'secret.txt'>", "<!ENTITY % p SYSTEM 'x'>%p;"):
        said = re.sub(r">[^<]*<", ">&a11;<", rest)
        yield f"{head}<!DOCTYPE x [{entities}]>{said}".encode()
    yield f"{head}<!DOCTYPE x SYSTEM 'secret.txt'>{rest}".encode()
    for wrong in TEXTS:
        yield f"{head}{_TEXT.sub(f'>{wrong}<', rest)}".encode()
        yield (head + _ATTRIBUTE.sub(f'="{wrong}"', rest, count=3)).encode()
    inner = rest.rfind("</")
    for more in ("<a>" * DEEP + "</a>" * DEEP, "<a b='c'/>" * DEEP):
        yield f"{head}{rest[:inner]}{more}{rest[inner:]}".encode()
    yield text.encode("utf-16")
    yield text.replace("UTF-8", "no-such-encoding").replace("utf-8", "utf-7").encode()


def of_text(example: bytes) -> Iterator[bytes]:
    lines = example.decode().splitlines()
    for number, line in enumerate(lines):
        for wrong in TEXTS:
            words = re.split(r"[:=,\t]\s*", line)
            yield "\n".join([*lines[:number], line.replace(words[-1] or line, wrong), *lines[number + 1 :]]).encode()
    yield "\n".join(lines[::-1]).encode()
    yield "\n".join(lines * 50).encode()
    yield "\n".join(lines).encode("utf-16")


def variants(example: bytes) -> Iterator[bytes]:
    """Files that are recognised as the example's format, and say what no program should say."""
    start = example.lstrip()[:1]
    if start in (b"{", b"["):
        yield from of_json(example)
    elif start == b"<":
        yield from of_xml(example)
    elif b"\0" not in example:
        yield from of_text(example)
    for part in range(1, 8):
        at = len(example) * part // 8
        yield example[:at] + b"\xff\xfe\xc3(\x80" + example[at:]
        yield example[:at] + b"\0" * 50 + example[at:]


@pytest.fixture(scope="module")
def estate(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    store = create_estate(tmp_path_factory.mktemp("hostile") / "estate.terrier")
    yield store
    store.close()


@pytest.mark.parametrize("importer", IMPORTERS, ids=lambda one: one.name)
def test_it_is_read_or_refused_in_one_line(importer: Importer, tmp_path: Path, estate: Store) -> None:
    example = importer.example(tmp_path)
    (tmp_path / "secret.txt").write_text(SECRET)
    found = []
    for number, content in enumerate(variants(example.read_bytes())):
        path = tmp_path / f"variant{example.suffix}"
        path.write_bytes(content)
        try:
            found += read_files([path], SCHEMA)[0]
        except (FileProblem, ForeignFile) as problem:
            said = str(problem)
            assert "\n" not in said, (number, said[:200])
            assert len(said) < 2_000, (number, said[:200])
            assert SECRET not in said
    assert SECRET not in str(found)
    proposal = propose(estate, found[:200], "tester")
    assert SECRET not in str([*proposal.revision.edits])
    estate.apply(proposal.revision)

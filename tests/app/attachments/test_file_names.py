"""Names of attached files are cleaned, and types are told by the first bytes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.attachments.file_names import LONGEST, cleaned, unused
from app.attachments.file_types import ANY, may_be_opened, type_of
from tests.laws import examples

PNG = b"\x89PNG\r\n\x1a\n"


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("photo.jpg", "photo.jpg"), ("../../etc/passwd", "passwd"), (r"C:\Users\a\photo.jpg", "photo.jpg"),
        ("CON.txt", "_CON.txt"), ("lpt1", "_lpt1"), ("a\u202egnp.exe", "agnp.exe"), ("a\x1b[31mb.txt", "ab.txt"),
        ('a<b>:"|?*.txt', "a_b______.txt"), ("..", "file"), ("", "file"), ("end. . .", "end"),
        ("a\0b\n.txt", "ab .txt"),
        ("Überblick 2026.pdf", "Überblick 2026.pdf"), ("x" * 300 + ".pdf", "x" * 196 + ".pdf"),
    ],
)  # fmt: skip
def test_a_name_is_cleaned(name: str, kept: str) -> None:
    assert cleaned(name) == kept


@given(st.text(max_size=400))
@examples(100)
def test_a_cleaned_name_is_one_on_every_system(name: str) -> None:
    found = cleaned(name)
    assert found
    assert cleaned(found) == found
    assert len(found.encode()) <= LONGEST
    assert not set(found) & set('/\\<>:"|?*\0\n')
    assert found not in (".", "..")


def test_a_name_that_is_in_use_gets_a_number() -> None:
    assert unused("a.txt", ["A.TXT", "a (2).txt"]) == "a (3).txt"


@pytest.mark.parametrize(
    ("name", "head", "kind", "opened"),
    [
        ("a.png", PNG, "image/png", True), ("a.exe", PNG, "image/png", False),
        ("a.pdf", b"%PDF-1.7", "application/pdf", True),
        ("a.pdf", b"MZ\x90", ANY, False), ("a.txt", b"hello", "text/plain", True), ("a.txt", b"#!/bin/sh", ANY, False),
        ("a.sh", b"echo", ANY, False), ("a.html", b"<script>", ANY, False),
        ("a.desktop", b"[Desktop Entry]", ANY, False),
        ("a.zip", b"PK\x03\x04", "application/zip", False), ("a.docm", b"PK\x03\x04", "application/zip", False),
        ("a.txt", b"a\0b", ANY, False), ("a.png", b"MZ", ANY, False), ("a.webp", b"RIFF1234WEBP", "image/webp", True),
    ],
)  # fmt: skip
def test_a_type_is_told_by_the_bytes(name: str, head: bytes, kind: str, opened: bool) -> None:
    assert type_of(name, head) == kind
    assert may_be_opened(name, kind) is opened

"""What a file is: by its first bytes, and its ending where these do not tell. Says what may be opened and previewed.

Only documents and pictures whose bytes and ending agree are opened by other programs. Programs, scripts, pages with
scripts and everything else can be written out, and are never opened.
"""

from __future__ import annotations

from app.attachments.file_names import ending

ANY, PDF = "application/octet-stream", "application/pdf"
HEAD = 4096
"""The bytes at a file's beginning that say what it is."""

_ZIPPED = {
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    ".odt": "application/vnd.oasis.opendocument.text",
    ".ods": "application/vnd.oasis.opendocument.spreadsheet",
    ".odp": "application/vnd.oasis.opendocument.presentation",
}
_MAGIC = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"BM", "image/bmp"),
    (b"%PDF-", PDF),
)
_TEXTS = {
    ".txt": "text/plain", ".log": "text/plain", ".csv": "text/csv", ".tsv": "text/tab-separated-values",
    ".md": "text/markdown", ".json": "application/json", ".xml": "application/xml", ".conf": "text/plain",
    ".cfg": "text/plain", ".ini": "text/plain", ".yaml": "text/plain", ".yml": "text/plain",
}  # fmt: skip
_OPENED = {
    "image/png": (".png",),
    "image/jpeg": (".jpg", ".jpeg"),
    "image/gif": (".gif",),
    "image/bmp": (".bmp",),
    "image/webp": (".webp",),
    PDF: (".pdf",),
    "text/plain": (".txt", ".log"),
    "text/csv": (".csv",),
    **{kind: (suffix,) for suffix, kind in _ZIPPED.items()},
}
"""Type → the endings with which a file of it may be opened: by these, systems choose the program."""
PICTURES = ("image/png", "image/jpeg", "image/gif", "image/bmp", "image/webp")
"""The types of which a picture is shown."""


def type_of(name: str, head: bytes) -> str:
    """The media type of a file, by its first bytes (``HEAD``) and its name; ``ANY`` where it is none that is known."""
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "image/webp"
    found = next((kind for magic, kind in _MAGIC if head.startswith(magic)), "")
    if found == "image/bmp" and ending(name) != ".bmp":
        found = ""  # Two letters tell too little.
    if found:
        return found
    suffix = ending(name)
    if head.startswith(b"PK\x03\x04"):
        return _ZIPPED.get(suffix, "application/zip")
    if suffix in _TEXTS and _is_text(head):
        return _TEXTS[suffix]
    return ANY


def may_be_opened(name: str, kind: str) -> bool:
    """Whether another program may be asked to open it: a known document or picture, whose ending says the same."""
    return ending(name) in _OPENED.get(kind, ())


def is_text(kind: str) -> bool:
    """Whether its beginning can be shown as text."""
    return kind in _TEXTS.values()


def _is_text(head: bytes) -> bool:
    return not head.startswith(b"#!") and (b"\0" not in head or head.startswith((b"\xff\xfe", b"\xfe\xff")))

"""The guide as the program shows it: its documents in sections, which page each is about, and search in them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from cmdb.model.resources import RESOURCES

#: Beside the resources, in a clone as in an installation.
DOCUMENTS = RESOURCES.parent / "docs"
GUIDE = "guide.md"
#: What is searched, in the order in which equal finds are shown.
SEARCHED = (
    GUIDE, "importing.md", "scanning.md", "spreadsheets.md", "licences.md", "identification.md", "other-tools.md",
    "verbs.md", "glossary.md",
)  # fmt: skip
#: The section of the guide that each page of the window is explained in.
PAGES = {
    "overview": "overview", "assets": "assets", "map": "map-and-impact", "licences": "licences",
    "scan": "scan-import-and-review", "import": "scan-import-and-review", "review": "scan-import-and-review",
    "reports": "reports-and-history", "history": "reports-and-history", "tasks": "tasks", "drafts": "drafts",
    "audits": "audits",
    "classes": "what-the-register-knows-of-things",
    "": "starting",
}  # fmt: skip
_HEADING = re.compile(r"(#{1,4}) +(.+?)\s*$")
_MARKS = re.compile(r"!\[[^\]]*\]\([^)]*\)|\]\([^)]*\)|[\[*`]+")
_RULES = re.compile(r"(?<!\S)(\|\s*)?(-{3,}\s*\|?\s*)+|(?<!\S)\|(?!\S)")
#: The characters around a find that are shown.
_AROUND = 70


@dataclass(frozen=True, slots=True)
class GuideSection:
    """A heading with what stands below it. ``anchor`` is what links to it name ("what-a-status-means")."""

    document: str
    level: int
    title: str
    anchor: str
    text: str

    @property
    def place(self) -> str:
        """The document and the anchor, as a link."""
        return f"{self.document}#{self.anchor}"


@dataclass(frozen=True, slots=True)
class GuideFind:
    """A section that has all words that were searched for, with the text around the first."""

    section: GuideSection
    excerpt: str


def anchor_of(title: str) -> str:
    """What links to a heading name: lower case, hyphens for spaces, without other marks."""
    return re.sub(r"[^\w\- ]", "", _plain(title).casefold()).replace(" ", "-")


def page_place(page: str) -> str:
    """Where the guide explains a page of the window, as a link; its beginning for a page that it doesn't."""
    return f"{GUIDE}#{PAGES[page]}" if page in PAGES else GUIDE


@cache
def sections(document: str, folder: Path = DOCUMENTS) -> tuple[GuideSection, ...]:
    """The sections of a document, in its order; none where it is missing. Headings in code are no headings."""
    try:
        lines = (folder / document).read_text("utf-8").splitlines()
    except OSError:
        return ()
    found: list[GuideSection] = []
    title, level, code = "", 0, False
    body: list[str] = []

    def end() -> None:
        if level:
            found.append(GuideSection(document, level, title, anchor_of(title), _plain(" ".join(body))))

    for line in lines:
        if line.startswith("```"):
            code = not code
        match = None if code else _HEADING.match(line)
        if match is None:
            body.append(line.strip())
        else:
            end()
            title, level, body = _plain(match[2]), len(match[1]), []
    end()
    return tuple(found)


def search(words: str, documents: Sequence[str] = SEARCHED, most: int = 40) -> list[GuideFind]:
    """The sections that have all words, those with all in their heading first."""
    wanted = words.casefold().split()
    if not wanted:
        return []
    found: list[tuple[int, GuideFind]] = []
    for document in documents:
        for one in sections(document):
            title, text = one.title.casefold(), one.text.casefold()
            if all(word in title or word in text for word in wanted):
                inside = sum(word in title for word in wanted)
                found.append((-inside, GuideFind(one, _excerpt(one.text, wanted))))
    return [find for _, find in sorted(found, key=lambda one: one[0])][:most]


def _excerpt(text: str, wanted: Sequence[str]) -> str:
    places = [place for word in wanted if (place := text.casefold().find(word)) >= 0]
    if not places:
        return text[: 2 * _AROUND]
    start = max(min(places) - _AROUND, 0)
    start = text.find(" ", start) + 1 if start else 0
    return f"{'… ' if start else ''}{text[start : start + 2 * _AROUND].strip()} …"


def _plain(text: str) -> str:
    """A text of a document without its marks."""
    return " ".join(_RULES.sub(" ", _MARKS.sub("", text)).split())

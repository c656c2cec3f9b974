"""XML that other programs wrote, as plain elements: without DTD, entities or anything external, and within bounds."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.etree.ElementTree import ParseError

from cmdb.model.characters import in_xml
from cmdb.model.errors import FileProblem
from cmdb.model.formats import Plain
from cmdb.model.messages import Message
from importers.source_documents import SourceDocument

_DEEPEST = 60
_MOST_ELEMENTS = 1_000_000
"""Elements of a document: they are held in memory, at some 600 bytes each."""
_DECLARATION = re.compile(r"\s*<\?xml\b([^>]*?)\?>")
_ENCODING = re.compile(r"""\bencoding\s*=\s*["']([\w.:-]{1,40})["']""")
_WRITTEN_OTHERWISE = r" \u0041 +ACY- "
_MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"),
          (b"<\0", "utf-16-le"), (b"\0<", "utf-16-be"))  # fmt: skip
_CUT_OFF = 3
"""expat's number of "no element found": the end is missing."""
_UNCLOSED = (4, 5, 20)


@dataclass(slots=True)
class XmlElement:
    """An element: its name without a namespace, its attributes, its own text, and the elements in it."""

    name: str
    namespace: str = ""
    attributes: dict[str, str] = field(default_factory=dict)
    text: str = ""
    children: list[XmlElement] = field(default_factory=list)

    def named(self, name: str) -> Iterator[XmlElement]:
        """The elements in it of a name, in any case of its letters."""
        return (one for one in self.children if one.name.casefold() == name)

    def first(self, name: str) -> XmlElement | None:
        """The first of them."""
        return next(self.named(name), None)

    def said(self, name: str) -> str:
        """The text of the first element in it of a name; "" where there is none."""
        found = self.first(name)
        return "" if found is None else found.text


class _TooMuch(Exception):
    """The document is nested too deeply, or has too many elements."""

    def __init__(self, reason: Message) -> None:
        super().__init__(reason)
        self.reason = reason


class _Builder:
    """What the parser calls: it builds elements, and counts them."""

    def __init__(self) -> None:
        self.root = XmlElement("")
        self._open = [self.root]
        self._texts: list[list[str]] = [[]]
        self._count = 0

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """An element begins."""
        self._count += 1
        if len(self._open) > _DEEPEST:
            raise _TooMuch(Message("nested too deeply"))
        if self._count > _MOST_ELEMENTS:
            raise _TooMuch(_many())
        namespace, _, name = tag.rpartition("}")
        local = {key.rpartition("}")[2]: value for key, value in attributes.items()}
        one = XmlElement(name, namespace.removeprefix("{"), local)
        self._open[-1].children.append(one)
        self._open.append(one)
        self._texts.append([])

    def end(self, tag: str) -> None:
        """An element ends."""
        self._open.pop().text = "".join(self._texts.pop()).strip()

    def data(self, text: str) -> None:
        """A part of the text of the open element."""
        self._texts[-1].append(text)

    def close(self) -> None:
        """The document is at its end."""


def root_of(document: SourceDocument) -> tuple[XmlElement, str]:
    """The root of a document in XML; and the encoding that was taken for it, where it names none that fits, else "".

    Raises FileProblem where it is none, is cut off, has a DTD, is nested too deeply, or has too many elements.
    """
    # Imported when it is used: who only lists the importers needs no parser.
    from defusedxml.common import DefusedXmlException
    from defusedxml.ElementTree import DefusedXMLParser

    if document.raw.count(b"<") > 2 * _MOST_ELEMENTS + 1_000:  # without reading on for what will not be kept
        raise FileProblem(_too_much(document.name, _many()))
    text, guessed = _decoded(document)
    if not text.strip():
        raise FileProblem(Message("{file} is empty.", file=document.name))
    builder = _Builder()
    parser = DefusedXMLParser(target=builder, forbid_dtd=True)
    try:
        parser.feed(text)
        parser.close()
    except DefusedXmlException as error:
        message = Message(
            "{file} is XML with a document type or entities: no inventory has them, and they are not read.",
            file=document.name,
        )
        raise FileProblem(message) from error
    except _TooMuch as error:
        raise FileProblem(_too_much(document.name, error.reason)) from error
    except ParseError as error:
        raise FileProblem(_problem(document.name, error, text)) from error
    return builder.root.children[0], guessed


def _many() -> Message:
    return Message("XML of more than {most} elements", most=_MOST_ELEMENTS)


def _too_much(name: str, reason: Message) -> Message:
    return Message("{file} is no inventory: it is {problem}.", file=name, problem=reason)


def _problem(name: str, error: ParseError, text: str) -> Message:
    line, column = error.position
    if error.code in (_CUT_OFF, *_UNCLOSED) and line > text.rstrip().count("\n"):
        return Message("{file} is cut off at line {line}: its end is missing.", file=name, line=Plain(line))
    return Message(
        "{file} is not valid XML (line {line}, column {column}).", file=name, line=Plain(line), column=Plain(column + 1)
    )


def _decoded(document: SourceDocument) -> tuple[str, str]:
    """The text without its declaration, and the encoding that was taken for it, where it names none that fits."""
    raw = document.raw
    marked = next((encoding for mark, encoding in _MARKS if raw.startswith(mark)), "")
    start = raw[:400].decode("latin-1") if not marked else ""
    declared = _DECLARATION.match(start)
    named = _ENCODING.search(declared[1]) if declared else None
    encoding = marked or (_text_encoding(named[1], declared[0]) if named and declared else "") or "utf-8"
    guessed = ""
    try:
        text = raw.decode(encoding)
    except UnicodeError:
        guessed = "windows-1252" if not marked else ""
        text = raw.decode(guessed or encoding, "replace")
    declaration = _DECLARATION.match(text)
    return in_xml(text[declaration.end() :] if declaration else text), guessed


def _text_encoding(name: str, declaration: str) -> str:
    """The codec of a declared encoding; "" where there is none, it makes no text, or it cannot be the file's.

    The declaration was read as ASCII: in UTF-16, or in what writes characters by other ones, it says other words.
    """
    said = declaration + _WRITTEN_OTHERWISE
    try:
        found = codecs.lookup(name)
        fits = found._is_text_encoding and said.encode("latin-1").decode(found.name) == said
    except (LookupError, UnicodeError):
        return ""
    return found.name if fits else ""

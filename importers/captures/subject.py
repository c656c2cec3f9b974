"""The type of a capture's subjects, and how they are combined. A subject is one file in a platform's folder."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Collection, Iterable
from functools import cache
from typing import NamedTuple

from cmdb.model.json_text import JsonProblem
from cmdb.model.messages import EMPTY, Message, chain, verbatim
from cmdb.model.package_modules import module_names
from importers.captures.capture import Capture, CaptureSection
from importers.discovery.collector import (
    ABSENT,
    COLLECTED,
    FAILED,
    NOT_PERMITTED,
    TIMED_OUT,
    CollectorOutcome,
    Content,
    Section,
    merge,
)
from importers.discovery.collector_words import collector_state

_UNSEEN = (TIMED_OUT, FAILED)


class Subject(NamedTuple):
    """A part of an inventory that is read from a capture, as a collector reads it from a running machine.

    ``reads`` are the capture's sections that it needs, ``sections`` those of the inventory that it lists completely,
    unless a section of the capture was not seen, or says that an administrator would get their ``elevate`` besides;
    ``unseen`` names those that this capture has not the whole of for another reason. What is ``asked`` can hold
    secrets, and is in a capture only where a person asked for it.
    """

    name: str
    parse: Callable[[Capture], Content]
    reads: tuple[str, ...]
    sections: tuple[Section, ...] = ()
    unseen: Callable[[Capture], Collection[str]] = lambda capture: ()
    asked: bool = False


@cache
def subjects(package: str) -> tuple[Subject, ...]:
    """The subjects of a platform's package, in the order of their files' names; files with "_" serve several."""
    folder = importlib.import_module(package)
    names = [name for name in module_names(folder.__path__) if not name.startswith("_")]
    return tuple(importlib.import_module(f"{package}.{name}").SUBJECT for name in names)


def combined(parts: Iterable[Subject], capture: Capture) -> Content:
    """What subjects read of a capture, with the outcome of each under ``terrier``."""
    content: Content = {}
    outcomes = []
    for subject in parts:
        if subject.asked and capture.sections.keys().isdisjoint(subject.reads):
            continue
        outcome, part = read(subject, capture)
        merge(content, part)
        outcomes.append(outcome.document())
    content.setdefault("terrier", {})["collectors"] = outcomes
    return content


def read(subject: Subject, capture: Capture) -> tuple[CollectorOutcome, Content]:
    """A subject's piece of the inventory, and its outcome."""
    seen = {name: capture.sections[name] for name in subject.reads if name in capture.sections}
    seconds = sum(one.seconds for one in seen.values())
    elevate = tuple(dict.fromkeys(words for one in seen.values() for words in one.elevate))
    try:
        content = subject.parse(capture)
        unseen = subject.unseen(capture)
    except JsonProblem as error:
        note = Message("an answer of the machine is {problem}", problem=error.reason)
        return _failed(subject, seconds, elevate, note), {}
    except Exception as error:  # a defect of one parser must not cost the person the other twenty; it is reported
        return _failed(subject, seconds, elevate, verbatim(f"{type(error).__name__}: {error}")), {}
    whole = len(seen) == len(subject.reads) and not any(map(_is_unseen, seen.values()))
    missed = [s.name for s in subject.sections if not whole or s.elevate in elevate or s.name in unseen]
    incomplete = tuple(dict.fromkeys(missed))
    complete = tuple(dict.fromkeys(s.name for s in subject.sections if s.name not in incomplete))
    state = COLLECTED if content else _state(list(seen.values()))
    note = _note(seen)
    return CollectorOutcome(subject.name, state, seconds, note, elevate, complete, incomplete), content


def _is_unseen(section: CaptureSection) -> bool:
    """Whether nobody knows what a section would have held. Where words say what an administrator would get besides,
    they tell which lists lack it.
    """
    return section.outcome in _UNSEEN or (section.outcome == NOT_PERMITTED and not section.elevate)


def _state(sections: list[CaptureSection]) -> str:
    """The state of a subject that has nothing: the worst of its sections."""
    outcomes = {one.outcome for one in sections}
    return next((state for state in (TIMED_OUT, FAILED, NOT_PERMITTED) if state in outcomes), ABSENT)


def _note(seen: dict[str, CaptureSection]) -> Message:
    """Which sections were not seen whole."""
    missed = [(name, one.outcome) for name, one in seen.items() if one.outcome in _UNSEEN]
    if not missed:
        return EMPTY
    return chain(Message("{section}: {state}", section=name, state=collector_state(state)) for name, state in missed)


def _failed(subject: Subject, seconds: float, elevate: tuple[str, ...], note: Message) -> CollectorOutcome:
    incomplete = tuple(dict.fromkeys(section.name for section in subject.sections))
    return CollectorOutcome(subject.name, FAILED, seconds, note, elevate, incomplete=incomplete)

"""YAML text to plain values, remembering where each of them stands.

The language is the part of YAML that JSON can say, read by the rules of YAML 1.2: `no`, `12:30` and
`2024-01-01` are text. Anchors, aliases, merge keys and tags are refused, and so is a key that
occurs twice: what a file says is what one reads.
"""

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import yaml

from headgate.core.dag.check.findings import Issue, Path

MAX_CHARACTERS = 1_000_000
MAX_DEPTH = 24

_PARSER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_NULL = re.compile(r"~|null|Null|NULL|")
_BOOL = re.compile(r"true|True|TRUE|false|False|FALSE")
_INT = re.compile(r"[-+]?(0|[1-9][0-9]{0,17})")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|(0|[1-9][0-9]*)(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_LINE_BREAK = re.compile("\r\n|[\n\r\x85\u2028\u2029]")
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Mark:
    """A place in the text; both count from 1."""

    line: int
    column: int


@dataclass(slots=True)
class Document:
    """The value of a file, the places of its keys and values by path, and its faults."""

    value: Any = None
    keys: dict[Path, Mark] = field(default_factory=dict)
    values: dict[Path, Mark] = field(default_factory=dict)
    faults: list[tuple[Mark, Issue]] = field(default_factory=list)
    complete: bool = False

    def mark(self, path: Path, *, at_key: bool) -> Mark:
        """Return where `path` stands, or the nearest part around it that the text does have."""
        first, second = (self.keys, self.values) if at_key else (self.values, self.keys)
        for end in range(len(path), 0, -1):
            if place := first.get(path[:end]) or second.get(path[:end]):
                return place
        return self.values.get((), Mark(1, 1))


class _Stop(Exception):
    """The rest of the text cannot be read; the fault is in the document."""


def read_document(text: str) -> Document:
    """Read one YAML document. Never raises: what is wrong is in `faults`.

    `complete` is false if the text could not be read to its end; then there is no value.
    """
    document = Document()
    if len(text) > MAX_CHARACTERS:
        document.faults.append(
            (
                Mark(1, 1),
                Issue((), "too_large", f"a DAG file has at most {MAX_CHARACTERS:,} characters"),
            )
        )
        return document
    try:
        events = yaml.parse(text, Loader=_PARSER)
        document.value = _Reader(document, events).read()
        document.complete = True
    except _Stop:
        pass
    except yaml.MarkedYAMLError as error:
        document.faults.append(_syntax_fault(text, error))
    except yaml.reader.ReaderError as error:
        document.faults.append(_character_fault(text, error.position))
    except UnicodeEncodeError as error:
        document.faults.append(_character_fault(text, error.start))
    return document


def _syntax_fault(text: str, error: yaml.MarkedYAMLError) -> tuple[Mark, Issue]:
    keyless = error.context == "while scanning a simple key"  # noticed on the line after it
    place = error.context_mark if keyless else error.problem_mark or error.context_mark
    mark = Mark(place.line + 1, place.column + 1) if place else Mark(1, 1)
    lines = _LINE_BREAK.split(text)
    if mark.line > len(lines):  # libyaml ends the last line even if the text does not
        mark = Mark(len(lines), len(lines[-1]) + 1)
    message = ", ".join(part for part in (error.context, error.problem) if part)
    hint = ""
    if keyless:
        hint = "write `name: value`, with a colon and a space"
    elif "alias" in message:
        hint = "quote text that starts with *"
    elif "mapping values are not allowed" in message:
        hint = "quote text that contains a colon, and check the indentation"
    elif "cannot start any token" in message:
        hint = "indent with spaces, and quote text that starts with a special character"
    return mark, Issue((), "yaml_syntax", f"this is not YAML: {message}", hint)


def _character_fault(text: str, position: int) -> tuple[Mark, Issue]:
    before = text[:position]
    mark = Mark(before.count("\n") + 1, position - before.rfind("\n"))
    return mark, Issue((), "yaml_syntax", "this is not YAML: a control character in the text")


def _mark(event: yaml.Event) -> Mark:
    place = event.start_mark
    return Mark(place.line + 1, place.column + 1) if place else Mark(1, 1)


class _Reader:
    """Builds values from the parser's events: no recursion deeper than `MAX_DEPTH`."""

    def __init__(self, document: Document, events: Iterator[yaml.Event]) -> None:
        self._document = document
        self._events = events

    def read(self) -> Any:
        value: Any = None
        documents = 0
        for event in self._events:
            if isinstance(event, yaml.DocumentStartEvent):
                documents += 1
                if documents > 1:
                    self._fault(event, (), "many_documents", "a file holds one DAG")
                    raise _Stop
                value = self._value(next(self._events), ())
        if not documents:
            issue = Issue((), "empty", "the file is empty", "begin with `dag: <name>`")
            self._document.faults.append((Mark(1, 1), issue))
            raise _Stop
        return value

    def _fault(
        self, event: yaml.Event, path: Path, code: str, message: str, hint: str = ""
    ) -> None:
        self._document.faults.append((_mark(event), Issue(path, code, message, hint)))

    def _value(self, event: yaml.Event, path: Path) -> Any:
        self._document.values.setdefault(path, _mark(event))
        self._refuse(event, path)
        if isinstance(event, yaml.ScalarEvent):
            return self._scalar(event, path)
        if isinstance(event, yaml.SequenceStartEvent):
            return self._list(path)
        if isinstance(event, yaml.MappingStartEvent):
            return self._mapping(path)
        return None  # an alias: refused

    def _refuse(self, event: yaml.Event, path: Path) -> None:
        """Refuse what JSON cannot say, and what would take the reader too deep."""
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            message = "anchors and aliases are not supported"
            self._fault(event, path, "unsupported", message, "write it out")
        if getattr(event, "tag", None) not in {None, "!"}:
            self._fault(event, path, "unsupported", "tags are not supported", "leave out the tag")
        if isinstance(event, yaml.CollectionStartEvent) and len(path) >= MAX_DEPTH:
            self._fault(event, path, "too_deep", f"nested deeper than {MAX_DEPTH} levels")
            raise _Stop

    def _list(self, path: Path) -> list[Any]:
        items: list[Any] = []
        while not isinstance(event := next(self._events), yaml.SequenceEndEvent):
            items.append(self._value(event, (*path, len(items))))
        return items

    def _mapping(self, path: Path) -> dict[str, Any]:
        items: dict[str, Any] = {}
        first: dict[str, int] = {}
        while not isinstance(event := next(self._events), yaml.MappingEndEvent):
            if not isinstance(event, yaml.ScalarEvent):
                self._fault(event, path, "bad_key", "a key is plain text")
                raise _Stop
            key = self._text(event, path)
            here = (*path, key)
            if key in first:
                message = f'duplicate key "{key[:60]}", first at line {first[key]}'
                self._fault(event, here, "duplicate_key", message, "keep one of them")
            first.setdefault(key, _mark(event).line)
            self._document.keys.setdefault(here, _mark(event))
            value = self._value(next(self._events), here)
            if key == "<<":
                message = "merge keys are not supported"
                self._fault(event, here, "unsupported", message, "write it out")
            else:
                items.setdefault(key, value)
        return items

    def _text(self, event: yaml.ScalarEvent, path: Path) -> str:
        if _UNSTORABLE.search(event.value):
            self._fault(
                event, path, "bad_text", "text with a NUL or half a character cannot be stored"
            )
        return str(event.value)

    def _scalar(self, event: yaml.ScalarEvent, path: Path) -> Any:
        text = self._text(event, path)
        if not event.implicit[0]:  # quoted, or a block
            return text
        if _NULL.fullmatch(text):
            return None
        if _BOOL.fullmatch(text):
            return text[0] in "tT"
        if _INT.fullmatch(text):
            return int(text)
        if _FLOAT.fullmatch(text):
            number = float(text)
            if math.isfinite(number):
                return number
            self._fault(
                event, path, "bad_value", f"the number {text[:40]} is too large", "quote it"
            )
        return text

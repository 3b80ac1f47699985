"""Reading XML that a stranger made: no document types, so no entities and nothing from outside."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Iterable, Iterator
from typing import BinaryIO

from pollwitness.errors import RefusedError

_CHUNK = 1 << 20


class XmlRefusedError(RefusedError):
    """The XML is malformed, or declares a document type."""


class _NoDoctype(ET.TreeBuilder):
    """Builds the tree, and refuses a document type: the place where entities are declared."""

    def doctype(self, name: str, pubid: str | None, system: str | None) -> None:
        del name, pubid, system
        raise XmlRefusedError("it declares a document type, which can hide anything")


def elements(stream: BinaryIO, tag: str) -> Iterator[ET.Element]:
    """Every element whose tag ends with this name, whole, in the order in which they end.

    Whoever takes one may empty it with ``clear`` when done, so that it takes no memory.

    Raises:
        XmlRefusedError: if the text is not well formed or declares a document type.
    """
    target = _NoDoctype()
    parser = ET.XMLPullParser(["end"], _parser=ET.XMLParser(target=target))  # noqa: S314
    try:
        while chunk := stream.read(_CHUNK):
            parser.feed(chunk)
            yield from _named(parser.read_events(), tag)
        parser.close()
        yield from _named(parser.read_events(), tag)
    except ET.ParseError as error:
        raise XmlRefusedError(str(error)) from error


def _named(events: Iterable[tuple[object, ...]], tag: str) -> Iterator[ET.Element]:
    for event in events:
        element = event[-1]
        if isinstance(element, ET.Element) and local_name(element) == tag:
            yield element


def local_name(element: ET.Element) -> str:
    """The tag without its namespace."""
    return element.tag.rpartition("}")[2]


def child(element: ET.Element, *path: str) -> ET.Element | None:
    """The first element at a path of tags, whatever their namespaces."""
    found: ET.Element | None = element
    for tag in path:
        below = () if found is None else found
        found = next((c for c in below if local_name(c) == tag), None)
    return found


def children(element: ET.Element, tag: str) -> list[ET.Element]:
    """The elements directly below, of that tag, whatever its namespace."""
    return [c for c in element if local_name(c) == tag]


def text_of(element: ET.Element | None, *path: str) -> str | None:
    """The text at a path of tags; None where there is none."""
    found = None if element is None else child(element, *path)
    text = "" if found is None else (found.text or "").strip()
    return text or None

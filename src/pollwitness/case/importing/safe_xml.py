"""Reading XML that a stranger made: no document types, so no entities and nothing from outside."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Iterator
from typing import IO
from xml.parsers import expat

from pollwitness.errors import RefusedError

_CHUNK = 1 << 16


class XmlRefusedError(RefusedError):
    """The XML is malformed, or declares a document type."""


class _RootReached(Exception):  # noqa: N818 (not an error)
    """The first element begins: what could declare entities lies before it."""


def _refuse_doctype(stream: IO[bytes]) -> None:
    """Read up to the first element.

    Raises:
        XmlRefusedError: if a document type is declared, the place where entities come from.
    """
    parser = expat.ParserCreate()

    def declared(*_arguments: object) -> None:
        raise XmlRefusedError("it declares a document type, which can hide anything")

    def begun(*_arguments: object) -> None:
        raise _RootReached

    parser.StartDoctypeDeclHandler = declared
    parser.StartElementHandler = begun
    try:
        while chunk := stream.read(_CHUNK):
            parser.Parse(chunk, False)
    except (_RootReached, expat.ExpatError, LookupError, ValueError):
        # Whatever is malformed is said when the whole is read.
        return


def elements(stream: IO[bytes], tag: str) -> Iterator[ET.Element]:
    """Every element whose tag ends with this name, whole, in the order in which they end.

    Whoever takes one may empty it with ``clear`` when done, so that it takes no memory.

    Raises:
        XmlRefusedError: if the text is not well formed or declares a document type.
    """
    _refuse_doctype(stream)
    stream.seek(0)
    try:
        for _event, element in ET.iterparse(stream, events=("end",)):  # noqa: S314
            if local_name(element) == tag:
                yield element
    except (ET.ParseError, LookupError, ValueError) as error:
        raise XmlRefusedError(str(error)) from error


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

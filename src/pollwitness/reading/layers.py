"""The text layer of a PDF, page by page."""

from __future__ import annotations

import io
from dataclasses import dataclass

from pypdf import PdfReader
from pypdf.errors import PyPdfError

from pollwitness.errors import QuestionError


@dataclass(frozen=True, slots=True)
class TextLayer:
    """The texts of the pages of a PDF, and its title if it names one."""

    pages: tuple[str, ...]
    title: str | None


def text_layer(name: str, content: bytes) -> TextLayer:
    """The text layer of a PDF.

    Raises:
        QuestionError: if it cannot be read, is locked, or is a picture without text.
    """
    try:
        reader = PdfReader(io.BytesIO(content))
        if reader.is_encrypted and not reader.decrypt(""):
            raise QuestionError(f"{name} is locked with a password")
        pages = tuple(page.extract_text() for page in reader.pages)
        title = None if reader.metadata is None else reader.metadata.title
    except (PyPdfError, ValueError, KeyError, TypeError, AttributeError, IndexError,
            RuntimeError, ArithmeticError) as error:  # fmt: skip
        raise QuestionError(f"{name} cannot be read as PDF: {error}") from error
    if not any(page.strip() for page in pages):
        raise QuestionError(f"{name} has no text layer: it is made of pictures")
    return TextLayer(pages, title if title and title.strip() else None)

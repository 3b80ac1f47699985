"""Bring the catalogues up to date with the texts that the code marks for translation.

Catalogues hold no clock time and no places in the code, so that only texts change them. A text that
is gone from the code goes from the catalogues; a new one stands there untranslated, which a test
reports.
"""

import re
import tomllib
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "src" / "pollwitness"
CATALOGUES = SOURCE / "language" / "messages"
LANGUAGES = ("be", "ru")
_METHODS = [("**.py", "python"), ("**/templates/**.j2", "jinja2")]
_KEYWORDS = {"_": None, "gettext": None, "mark": None, "ngettext": (1, 2), "_forms": (1, 2)}

_HEAD = """msgid ""
msgstr ""
"Language: {tag}\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Plural-Forms: {forms}\\n"

"""

Message = str | tuple[str, str]


def marked() -> set[Message]:
    """Every text in the code that is marked for translation; plural ones as (one, many)."""
    found = extract_from_dir(SOURCE, _METHODS, keywords=_KEYWORDS, comment_tags=())
    texts: set[Message] = {
        message for _file, _line, message, _comments, _context in found if message
    }
    for lexicon in (SOURCE / "reading" / "lexicon").glob("*.toml"):
        texts |= {one["note"] for one in tomllib.loads(lexicon.read_text("utf-8"))["oddities"]}
    return texts


def read(tag: str) -> Catalog:
    """The catalogue of a language."""
    with (CATALOGUES / f"{tag}.po").open("rb") as stream:
        return read_po(stream, locale=tag)


def update(tag: str) -> int:
    """Rewrite a catalogue with exactly the marked texts; returns how many lack a translation."""
    path = CATALOGUES / f"{tag}.po"
    known = {m.id: m.string for m in read(tag) if m.id} if path.exists() else {}
    made = Catalog(locale=tag, fuzzy=False)
    missing = 0
    for message in sorted(marked(), key=str):
        string = known.get(message)
        missing += not (all(string) if isinstance(string, tuple | list) else string)
        made.add(message, string)
    with path.open("wb") as stream:
        write_po(stream, made, width=0, omit_header=True, sort_output=True)
    text = path.read_text(encoding="utf-8")
    head = _HEAD.format(tag=tag, forms=made.plural_forms)
    body = re.sub(r"^#.*\n", "", text, flags=re.MULTILINE)
    path.write_text(head + body, encoding="utf-8")
    return missing


def main() -> None:
    for tag in LANGUAGES:
        print(f"{tag}: {update(tag)} texts without a translation")


if __name__ == "__main__":
    main()

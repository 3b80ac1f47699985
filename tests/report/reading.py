"""Reading pages as a browser would: links, texts, what they ask for."""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path

VOID = {"meta", "link", "br", "img", "hr", "input", "path", "rect", "line", "circle"}


@dataclass
class Read(HTMLParser):
    """What one page holds."""

    ids: list[str] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)
    attributes: list[tuple[str, str, str]] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    inside: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        if tag not in VOID:
            self.inside.append(tag)
        given = {name: value or "" for name, value in attrs}
        self.attributes += [(tag, name, value) for name, value in given.items()]
        if "id" in given:
            self.ids.append(given["id"])
        if tag == "a" and "href" in given:
            self.links.append(given["href"])
        if tag == "link" and given.get("rel") in ("stylesheet", "icon"):
            self.asked.append(given["href"])
        self.asked += [given[n] for n in ("src", "srcset", "poster", "data") if n in given]

    def handle_endtag(self, tag):
        if tag in self.inside:
            while self.inside.pop() != tag:
                pass

    def handle_data(self, data):
        if data.strip() and not set(self.inside) & {"style", "script"}:
            self.texts.append(data)


def read(path: Path) -> Read:
    page = Read()
    page.feed(path.read_text(encoding="utf-8"))
    return page


def pages_of(folder: Path) -> list[Path]:
    return sorted(folder.rglob("*.html"))


def visible(path: Path) -> str:
    """All text of a page, that of pictures and their alternatives included."""
    page = read(path)
    spoken = [value for _tag, name, value in page.attributes
              if name in ("aria-label", "content", "title")]  # fmt: skip
    return "\n".join([*page.texts, *spoken])

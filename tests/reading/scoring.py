"""How well statements of annotated texts are found: precision, recall and F1, with two baselines.

A content is found where its span and that of the annotation have a Jaccard index of at least 0.5,
each found one counted once; its source is right where the two spans share a code point, or where
neither names one. The same measure for the tests and the benchmarks.
"""

import re
from dataclasses import dataclass
from pathlib import Path

from pollwitness.reading.attribution import Attribution
from pollwitness.reading.quotations import with_calls
from pollwitness.reading.spans import Span, sentences
from pollwitness.reading.statements import attributions

Content = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Stated:
    """An annotated statement: the hull of its content, and the spans of its source."""

    content: Content
    sources: tuple[Content, ...]


@dataclass(slots=True)
class Score:
    """Counts of statements: annotated, found, right, and right with the right source."""

    wanted: int = 0
    found: int = 0
    right: int = 0
    sourced: int = 0

    def line(self) -> tuple[float, float, float, float]:
        """Precision, recall and F1 of contents, and F1 with the right source."""
        precision, recall = self.right / max(self.found, 1), self.right / max(self.wanted, 1)
        return (
            precision,
            recall,
            2 * self.right / max(self.found + self.wanted, 1),
            2 * self.sourced / max(self.found + self.wanted, 1),
        )

    def add(self, wanted: list[Stated], found: list[Attribution]) -> None:
        """Count the statements of one text."""
        self.wanted += len(wanted)
        self.found += len(found)
        used: set[int] = set()
        for one in wanted:
            best, place = max(
                ((jaccard(one.content, span_of(f)), n) for n, f in enumerate(found)
                 if n not in used), default=(0, -1),
            )  # fmt: skip
            if best >= 0.5:
                used.add(place)
                self.right += 1
                self.sourced += has_source(one, found[place])


def jaccard(one: Content, other: Content) -> float:
    inside = max(min(one[1], other[1]) - max(one[0], other[0]), 0)
    return inside / ((one[1] - one[0]) + (other[1] - other[0]) - inside)


def span_of(one: Attribution) -> Content:
    return one.content.start, one.content.end


def has_source(one: Stated, found: Attribution) -> bool:
    if found.source is None or not one.sources:
        return found.source is None and not one.sources
    return any(a < found.source.end and found.source.start < b for a, b in one.sources)


def annotated(file: Path) -> tuple[str, list[Stated]]:
    """A text of PolNeAR with its statements, in the standoff format of brat."""
    text = file.with_suffix(".txt").read_bytes().decode()
    spans: dict[str, list[Content]] = {}
    events = []
    for line in file.read_text(encoding="utf-8").splitlines():
        if line.startswith("T"):
            name, middle, _words = line.split("\t")
            places = middle.split(" ", 1)[1].split(";")
            spans[name] = [tuple(map(int, place.split())) for place in places]
        elif line.startswith("E"):
            events.append([part.split(":") for part in line.split("\t")[1].split()])
    found = []
    for event in events:
        parts = [span for kind, name in event if kind.startswith("Content") for span in spans[name]]
        sources = [s for kind, name in event if kind.startswith("Source") for s in spans[name]]
        if parts:
            hull = min(a for a, _b in parts), max(b for _a, b in parts)
            found.append(Stated(hull, tuple(sources)))
    return text, found


def by_patterns(text, parse=None):
    """What a tier finds: by patterns, or with a parse."""
    return attributions(text, with_calls(text, sentences(text)), parse)


_QUOTED = re.compile(r"[\u201c\"]([^\u201c\u201d\"]{3,2000})[\u201d\"]")


def by_quotation_marks(text):
    """The first baseline: everything between quotation marks, from nobody."""
    return [
        Attribution(None, Span(one.start(), one.start() + 1), Span(*one.span()), True, "marks")
        for one in _QUOTED.finditer(text)
    ]


_MAKING = frozenset({"make", "let", "see", "help", "mean", "have", "get", "ensure"})


def by_dependencies(text, parse):
    """The second baseline: the clause (ccomp) and the subject (nsubj) of any verb with both.

    Auxiliary uses and verbs of making (make, let, see, help, mean) are left out.
    """
    found = []
    parts = sentences(text)
    for sentence, doc in zip(parts, parse([one.of(text) for one in parts]), strict=True):
        for verb in (one for one in doc if one.pos_ == "VERB" and one.lemma_ not in _MAKING):
            subjects = [one for one in verb.children if one.dep_ == "nsubj"]
            clauses = [one for one in verb.children if one.dep_ == "ccomp"]
            for clause in clauses[:1] if subjects else ():
                tokens = [one for one in clause.subtree if (one.i < verb.i) == (clause.i < verb.i)]
                source = tokens_span(list(subjects[0].subtree), sentence) if subjects else None
                found.append(Attribution(
                    source, tokens_span([verb], sentence), tokens_span(tokens, sentence), False,
                    "ccomp",
                ))  # fmt: skip
    return found


def tokens_span(tokens, sentence):
    last = max(tokens, key=lambda one: one.i)
    start = min(one.idx for one in tokens)
    return Span(sentence.start + start, sentence.start + last.idx + len(last))


def score(folder: Path, find) -> Score:
    """How well a method finds the statements of all annotated texts of a folder."""
    total = Score()
    for file in sorted(folder.glob("*.ann")):
        text, wanted = annotated(file)
        total.add(wanted, find(text))
    return total

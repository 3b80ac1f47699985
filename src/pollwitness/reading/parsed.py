"""Attributions by the grammar of a sentence: who is the subject of what verb with what clause.

Works on sentences that spaCy has parsed (tier `nlp`); the labels are those of its English models
(ClearNLP dependencies). What the grammar cannot tell, the patterns of the other tier still find.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from pollwitness.reading.attribution import OPENED, QUOTE, Attribution
from pollwitness.reading.spans import Span, tightened
from pollwitness.reading.words import Words, words_of

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token

Parse = Callable[[Sequence[str]], "Iterator[Doc]"]
"""Parses sentences, each by itself."""
_LEAST_QUOTED = 25
"""Code points of a quotation whose own speakers ("I think") are not looked for."""
_LEAST_CONTENT = 5
_FURTHEST = 4
"""Verbs joined to each other over which a subject is carried."""


def parsed_attributions(
    text: str, sentences: Sequence[Span], parse: Parse, *, language: str = "en"
) -> list[Attribution]:
    """The attributions that the grammar of the sentences of a text shows, in order."""
    words = words_of(language)
    found: list[Attribution] = []
    for sentence, doc in zip(sentences, parse([one.of(text) for one in sentences]), strict=True):
        found += [_moved(one, sentence.start) for one in _of_sentence(doc, words)]
    return found


def _moved(one: Attribution, by: int) -> Attribution:
    def there(span: Span) -> Span:
        return Span(span.start + by, span.end + by)

    source = None if one.source is None else there(one.source)
    return replace(one, source=source, cue=there(one.cue), content=there(one.content))


def _of_sentence(doc: Doc, words: Words) -> Iterator[Attribution]:
    text = doc.text
    quotes = [Span(*one.span()) for one in QUOTE.finditer(text)]
    for token in doc:
        contents = _contents(token, words)
        if not contents or any(
            one.start < token.idx < one.end - 1 and one.end - one.start > _LEAST_QUOTED
            for one in quotes
        ):
            continue
        speaker = _speaker(token)
        if speaker is None and token.pos_ != "NOUN" and not _is_passive(token):
            continue
        source = None if speaker is None else _named(speaker, token)
        for head in contents:
            content = _content(text, head, token, source, quotes)
            if content is not None:
                cue = Span(token.idx, token.idx + len(token))
                is_quoted = text[content.start] in OPENED
                yield Attribution(source, cue, content, is_quoted, f"parse-{head.dep_}")


def _contents(token: Token, words: Words) -> list[Token]:
    """The heads of what a verb, noun or adjective reports."""
    name, kind = token.lemma_.lower(), token.pos_
    if kind in {"VERB", "AUX"}:
        return _of_verb(token, name, words)
    clauses = [one for one in token.children if one.dep_ in {"ccomp", "acl"}]
    if kind == "ADJ" and name in words.parse["adjectives"]:
        return clauses or _children(token, "xcomp")
    if kind == "NOUN" and name in words.parse["nouns"]:
        return [
            one for one in clauses if any(part.dep_ in {"mark", "aux"} for part in one.children)
        ]
    return []


def _of_verb(token: Token, name: str, words: Words) -> list[Token]:
    clauses = _children(token, "ccomp")
    if clauses and (token.lower_ in words.cues or name in words.parse["clause"]):
        return clauses
    if name in words.parse["infinitive"]:
        wished = _children(token, "xcomp")
        if wished:
            return wished
    if name not in words.parse["object"]:
        return []
    return [one for one in _children(token, "dobj") if one.pos_ != "PRON"]


def _children(token: Token, label: str) -> list[Token]:
    return [one for one in token.children if one.dep_ == label]


def _is_passive(token: Token) -> bool:
    return bool(_children(token, "nsubjpass"))


def _speaker(token: Token) -> Token | None:
    """Who stands for what a word reports."""
    if token.pos_ == "NOUN":
        owners = _children(token, "poss")
        if owners:
            return owners[0]
        return _subject(token.head) if token.dep_ in {"dobj", "pobj"} else None
    return _subject(token.head if token.pos_ == "ADJ" else token)


def _subject(verb: Token) -> Token | None:
    """The subject of a verb, over the verbs that it is joined to; of a passive, its agent."""
    for distance in range(_FURTHEST + 1):
        found = _own_subject(verb, is_passive_one_wanted=distance > 0)
        if found is not None or (distance == 0 and _is_passive(verb)):
            return found
        if verb.dep_ in {"relcl", "acl"}:
            return verb.head
        if verb.dep_ not in {"conj", "xcomp", "advcl", "pcomp", "prep"}:
            return None
        verb = verb.head
    return None


def _own_subject(verb: Token, *, is_passive_one_wanted: bool) -> Token | None:
    subjects = _children(verb, "nsubj")
    if subjects:
        return subjects[0]
    agents = [one for by in _children(verb, "agent") for one in _children(by, "pobj")]
    if agents:
        return agents[0]
    passive = _children(verb, "nsubjpass")
    return passive[0] if passive and is_passive_one_wanted else None


def _named(speaker: Token, cue: Token) -> Span | None:
    """The words that name a speaker, without the clause in which the cue stands."""
    if speaker.lower_ in {"who", "which", "that"}:
        verb = speaker
        while verb.dep_ != "relcl" and verb.head.i != verb.i:
            verb = verb.head
        speaker = verb.head if verb.dep_ == "relcl" else speaker
    tokens = list(speaker.subtree)
    if any(one.i == cue.i for one in tokens):
        top = cue
        while top.head.i not in {speaker.i, top.i}:
            top = top.head
        first = min(one.i for one in top.subtree)
        tokens = [one for one in tokens if one.i < first]
    asides = [one for one in speaker.children if one.dep_ == "relcl"]
    if speaker.pos_ == "PROPN" and asides:  # the name is enough
        first = min(one.i for part in asides for one in part.subtree)
        tokens = [one for one in tokens if one.i < first]
    return _tight(speaker.doc.text, tokens)


def _content(
    text: str, head: Token, cue: Token, source: Span | None, quotes: Sequence[Span]
) -> Span | None:
    """The words of a content: those on its side of the cue, with the quotation they open."""
    is_before = head.i < cue.i
    tokens = [one for one in head.subtree if one.i != cue.i and (one.i < cue.i) == is_before]
    if head.dep_ == "xcomp":  # "urged her supporters to sign": they are part of what is urged
        tokens += [part for one in _children(cue, "dobj") for part in one.subtree if one.i > cue.i]
    span = _tight(text, tokens)
    if span is None:
        return None
    if is_before and source is not None and span.start <= source.start < span.end:
        span = Span(span.start, source.start)
    for quote in quotes:
        is_opened = quote.start <= span.start + 1 < quote.end and quote.end - quote.start > 4
        if is_opened or quote.start < span.end < quote.end:
            span = Span(min(span.start, quote.start), max(span.end, quote.end))
    span = tightened(text, span.start, span.end) or span
    return span if span.end - span.start >= _LEAST_CONTENT else None


def _tight(text: str, tokens: Sequence[Token]) -> Span | None:
    if not tokens:
        return None
    first, last = min(tokens, key=_place), max(tokens, key=_place)
    return tightened(text, first.idx, last.idx + len(last))


def _place(token: Token) -> int:
    return token.i

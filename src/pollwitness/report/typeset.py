"""The summary for newsrooms as PDF, set by typst on two sheets of A4."""

from __future__ import annotations

from collections.abc import Iterator

from pollwitness.checks import verdict_phrase, verdict_word
from pollwitness.errors import RefusedError
from pollwitness.language import gettext as _
from pollwitness.language import spoken
from pollwitness.report.charts import Bar, claim_bar_alone
from pollwitness.report.charts.drawing import number, printable, tag
from pollwitness.report.pages.front import Card
from pollwitness.report.pages.summary import Summary
from pollwitness.report.theme import COLOURS, VERDICT_COLOURS, chart_style

_TYPEFACE, _BAR_WIDTH = "Libertinus Serif", 620.0


class TypstMissingError(RefusedError):
    """PDF was asked for and the extra that sets it is not installed."""


def summary_source(summary: Summary) -> str:
    """The summary in the language of typst; every text is a string literal, never markup."""
    return "\n".join(_lines(summary)) + "\n"


def _lines(summary: Summary) -> Iterator[str]:
    muted = COLOURS["muted"].light
    yield f"#set document(title: {_literal(summary.title)}, date: none)"
    yield '#set page(paper: "a4", margin: 18mm, numbering: "1 / 1")'
    yield f'#set text(lang: "{spoken().tag}", size: 10pt, font: ("{_TYPEFACE}",))'
    yield f"#text(size: 20pt, weight: 700, {_literal(summary.title)})"
    yield f"\n#text({_literal(summary.lead)})"
    counts = [f"{verdict_word(verdict)}: {count}" for verdict, count in summary.counts]
    if counts:
        yield f"\n#text(fill: rgb({_literal(muted)}), {_literal('  ·  '.join(counts))})"
    for card in summary.cards:
        yield from _card(card)
    if not summary.cards:
        yield f"\n#text({_literal(_('Nothing is decided by the evidence of this case.'))})"
    if summary.left_out:
        yield f"\n#text({_literal(summary.left_out)})"
    yield f"\n#text(size: 13pt, weight: 700, {_literal(_('Before you quote'))})"
    yield f"\n#list({', '.join(_literal(line) for line in summary.quoting)})"
    digest = _("Case digest (SHA-256): {digest}").format(digest=summary.digest)
    yield f"\n#text(size: 8pt, fill: rgb({_literal(muted)}), {_literal(digest)})"


def _card(card: Card) -> Iterator[str]:
    colour = _literal(COLOURS[VERDICT_COLOURS[card.verdict]].light)
    word = verdict_phrase(card.verdict, fragile=card.fragile)
    answer = f"{card.answer} {card.rests_on}".strip()
    parts = [f"text(size: 12pt, weight: 700, {_literal(card.words)})"]
    if card.who:
        parts.append(f"text(fill: rgb({_literal(COLOURS['muted'].light)}), {_literal(card.who)})")
    parts.append(f"text(weight: 700, fill: rgb({colour}), {_literal(word)})")
    if card.bar is not None:
        parts.append(f"image(bytes({_literal(_drawing(card.bar))}), width: 100%)")
    parts.append(f"text({_literal(answer)})")
    body = " + linebreak() + ".join(parts)
    yield (
        f"\n#block(breakable: false, width: 100%, inset: (left: 9pt, y: 3pt), "
        f"stroke: (left: 2.5pt + rgb({colour})), {body})"
    )


def _drawing(bar: Bar) -> str:
    """The claim bar as a picture of its own, in the typeface of the page."""
    drawing, height = claim_bar_alone(bar, width=_BAR_WIDTH)
    return str(
        tag("svg", {
            "xmlns": "http://www.w3.org/2000/svg", "width": number(_BAR_WIDTH),
            "height": number(height), "font-family": _TYPEFACE,
        }, tag("style", {}, chart_style()) + drawing)
    )  # fmt: skip


def _literal(text: str) -> str:
    """A text as a string literal of typst."""
    escaped = printable(text).replace("\\", "\\\\").replace('"', '\\"')
    return '"' + escaped.replace("\n", " ").replace("\r", " ") + '"'


def summary_pdf(summary: Summary) -> bytes:
    """The summary as PDF; the same summary gives the same bytes.

    Raises:
        TypstMissingError: if the extra `pdf` is not installed.
    """
    try:
        import typst  # noqa: PLC0415 (an extra: only who wants PDF needs it)
    except ImportError as error:
        raise TypstMissingError(
            "PDF needs an extra; install it with: pip install 'pollwitness[pdf]'"
        ) from error
    return bytes(
        typst.compile(summary_source(summary).encode(), ignore_system_fonts=True, timestamp=0)
    )

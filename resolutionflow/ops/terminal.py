"""Text in a terminal: without characters that move the cursor or reverse the line, in columns that line up."""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from resolutionflow.core.text import one_line, visible, without_invisible

GAP = "  "


def plain(text: str) -> str:
    """`text` in one line, without anything that controls the terminal."""
    return one_line(without_invisible(text))


def without_control(text: str) -> str:
    """`text` in its lines, without anything that controls the terminal."""
    return visible(without_invisible(text))


def width(text: str) -> int:
    """How many columns `text` takes: two for wide East Asian letters and emoji, none for combining accents."""
    return sum(_columns(letter) for letter in text)


def _columns(letter: str) -> int:
    if letter.isascii():
        return 1
    if unicodedata.category(letter) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(letter) in "WF" else 1


def fit(text: str, columns: int) -> str:
    """`text` in exactly so many columns: cut with an ellipsis, or filled up."""
    if width(text) > columns:
        while text and width(text) > columns - 1:
            text = text[:-1]
        text = f"{text.rstrip()}…" if columns else ""
    return text + " " * (columns - width(text))


def table(rows: Sequence[Sequence[str]], limits: Sequence[int], *, columns: int, rest: int, drop: Iterable[int]) -> Any:
    """Lines of `rows`: each cell at most its limit wide, cell number `rest` what is left of `columns`.

    Where that would be less than its limit, the cells of `drop` are left out, one after the other.
    """
    widths = {at: min(limit, max(width(row[at]) for row in rows)) for at, limit in enumerate(limits)}
    for gone in (None, *drop):
        widths.pop(gone, None)  # type: ignore[arg-type]
        widths[rest] = columns - sum(wide + len(GAP) for at, wide in widths.items() if at != rest)
        if widths[rest] >= limits[rest]:
            break
    widths[rest] = min(max(8, widths[rest]), max(width(row[rest]) for row in rows))
    return [GAP.join(fit(row[at], widths[at]) for at in sorted(widths)).rstrip() for row in rows]


def wants_colour(out: Any, options: Mapping[str, Any]) -> bool:
    """Whether to use colours: on a terminal, unless NO_COLOR or an option forbids it (https://no-color.org)."""
    if options.get("no_color") or os.environ.get("NO_COLOR"):
        return False
    return bool(options.get("force_color") or out.isatty())


def encodable(text: str, encoding: str | None) -> str:
    """`text` with a question mark for each letter that this encoding does not have."""
    return text.encode(encoding or "utf-8", "replace").decode(encoding or "utf-8")

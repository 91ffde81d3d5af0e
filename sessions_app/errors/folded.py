"""Which lines are shown of a very long output while it is folded: those of its errors, its beginning and its end."""

from __future__ import annotations

from sessions_app.errors.output import hits_in
from sessions_app.errors.surest import surest

TOLD, AROUND, ALONE = 3, 2, 5  # errors, lines shown around each, and lines at both ends where there is none
READ = 100_000  # characters, from the end
LONGEST = 1_000  # of a line


def telling_places(text: str) -> list[tuple[int, int]]:
    """Where a long output tells something: first and last line of its beginning, of the surest errors with the lines
    around them, and of its end; in order, none twice."""
    lines = text.split("\n")
    head, read = 0, lines
    if len(text) > READ:
        head = text.count("\n", 0, len(text) - READ)
        read = lines[head:]
    read = [line[:LONGEST] for line in read]
    hits = sorted(hits_in(read), key=lambda hit: hit.rank, reverse=True)[:TOLD]
    best = surest(read)
    told = [head + hit.index for hit in ([best, *hits] if best else hits)]
    ends = AROUND if told else ALONE
    shown = {*range(ends), *range(len(lines) - ends, len(lines))}
    for place in told[:TOLD]:
        shown.update(range(place - AROUND, place + AROUND + 1))
    return _runs(sorted(place for place in shown if 0 <= place < len(lines)))


def _runs(places: list[int]) -> list[tuple[int, int]]:
    """First and last of what follows each other; what a mark would stand for alone is shown itself."""
    runs: list[tuple[int, int]] = []
    for place in places:
        if runs and place - runs[-1][1] <= 2:
            runs[-1] = (runs[-1][0], place)
        else:
            runs.append((place, place))
    return runs

"""How people tell that a trouble is over: "was down until ten, works again". It affects nobody and is no cause now."""

from __future__ import annotations

import re

from handoffs.brief.phrases.rules import words

_WORKS = (
    r"(?:works|work|working|runs|running|prints|printing|opens|connects|rings|reacts|responds|loads|up"
    r"|fine|ok|okay|normal|good|clear|green|online|available|reachable|alive|healthy|stable)"
)
_BROKEN = (
    r"(?:down|out|off|offline|dead|gone|lost|blocked|locked|stuck|slow|unreachable|unavailable|affected|broken|black"
    r"|without \w+|not (?:able|reachable|working|available|there)|no [\w-]+)"
)
_HOUR = (
    r"(?:about |around |roughly |half )?(?:\d|(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|noon|lunch)\b)"
)
_NOT_YET = (
    r"(?! (?:if|when|while|only|after|once|without|for (?:\w+ )?(?:minutes?|mins?|hours?|seconds?|\d|a (?:bit|while))"
    r"|until|till|as long)\b)"
)
# A clause that says it works again, or when it ended.
_RECOVERED = re.compile(
    rf"\b{_WORKS} (?:(?!for\b)\w+ )?"
    rf"(?:again|now|meanwhile|by now|(?:ever )?since(?:(?: about| half past)? \d|\W*$))\b{_NOT_YET}"
    rf"|\b(?:can|could)(?: all)? [\w ]{{2,25}} again\b{_NOT_YET}"
    rf"|\b(?:is|are|been|that's|it's)(?: all| both| now)? (?:solved|resolved|fixed|sorted|recovered|cleared)\b"
    rf"|(?<!error )(?<!problem )(?<!issue )(?<!fault )(?<!message )\b(?:is|are|came|come)(?: all| both| now"
    r"| already)? back\b(?= (?:by (?:itself|themselves)|on (?:its|their) own|without|up|online|again|now|to normal)\b"
    r"|\W*$)"
    rf"|\b(?:has|have) been (?:stable|fine|ok|okay|up|good|quiet|normal|clear)\b"
    rf"|\b(?:is|are|it'?s) (?:over|past)(?: now| again| since)?\W*$|\bover now\b"
    rf"|\b(?:was|were|had been|been|went|has been|have been)\b[^,;]{{0,20}}?\b{_BROKEN}\b"
    rf"[^,;]{{0,30}}?\b(?:until|till?|to) {_HOUR}"
)
_STILL = re.compile(
    r"\b(?:not|never|n't|cannot|hardly|barely|only|should|would|will|must|if|when|once|unless|before"
    r"|after|no|none|nobody|noone|hope\w*|say|says|said|until|till)\b[^,;]{0,25}$"
)
_PAST = re.compile(
    r"\b(?:was|were|had|went|lost|could ?n[o']?t|couldn'?t|did ?n[o']?t|dropped|stopped|failed|froze|fell)\b"
)
_PRESENT = re.compile(r"\b(?:is|are|has|have|still|can'?t|cannot|does|do|don'?t|doesn'?t)\b")
_CLAUSES = re.compile(r"((?:[,;:(] | [-–—] |(?:^| )(?:but|and|so) )\s*)")
_WORDS = words(
    "again now since meanwhile back solved resolved fixed sorted recovered cleared over past been until till til to"
)


def blanked(low: str, said: frozenset[str]) -> str:
    """`low`, whose words are `said`, as long as it was but with blanks for what is over: the clause that tells it, and
    those before it that tell only what was."""
    if said.isdisjoint(_WORDS):
        return low
    parts = _CLAUSES.split(low)
    over = [at for at in range(0, len(parts), 2) if _is_over(parts[at])]
    for at in over:
        parts[at] = " " * len(parts[at])
        for before in range(at - 2, -1, -2):
            if not _PAST.search(parts[before]) or _PRESENT.search(parts[before]):
                break
            parts[before] = " " * len(parts[before])
    return "".join(parts) if over else low


def _is_over(clause: str) -> bool:
    found = _RECOVERED.search(clause)
    return found is not None and not _STILL.search(clause, 0, found.start())

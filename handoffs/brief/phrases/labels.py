"""Lines that say themselves what they are ("Affected: all tills"), and what says nothing."""

from __future__ import annotations

import re

from handoffs.brief.phrases.rules import either

_LABELS = {
    "affected": r"(?:who(?: is| and what is)? )?(?:users? |people |also )?(?:affect(?:ed|s)|impact(?:ed)?|scope"
    r"|blast radius)(?: users?| people| devices?| sites?)?",
    "suspect": r"(?:prime |main |my )?(?:suspect(?:ed|s)?(?: cause)?|suspicion|hypothesis|theory|(?:probable|likely"
    r"|possible|suspected|root) cause|guess|hunch|leading theory)",
    "next_step": r"(?:the |my |proposed |suggested |recommended )?(?:next(?: steps?| up| actions?)?|to[ -]?do(?:s"
    r"|ne)?|still (?:to do|open)|open (?:points?|items?|actions?)|outstanding|remaining|plan(?: of action| b)?"
    r"|action(?: items?| points?)?s?|follow[- ]?ups?|not (?:yet )?(?:tried|checked|tested)(?: yet)?|to (?:try|check"
    r"|test)(?: next)?|suggestions?|what'?s left|left to (?:do|try))",
    "watch_out": r"(?:watch[- ]?outs?(?: for)?|careful|caution|warnings?|beware|risks?|constraints?|deadlines?"
    r"|do not|don'?ts?|never|important|temporary|workarounds?|to undo|undo later|caveats?|gotchas?|heads[- ]?up"
    r"|attention|time ?limits?|n\.?b\.?)",
    "contact": r"(?:site |on-?site |main |local |key |customer |client )?(?:contacts?(?: person| details| info"
    r"| name)?|poc|call ?back|who to (?:call|ask)|reach(?:able)?|phone|tel(?:ephone)?|mobile|cell)",
}
LABEL = {
    kind: re.compile(rf"\W{{0,3}}(?:{words}) ?(?:[:=]|[-–—] ?(?=\w)| {{2,}})\s*(.+)") for kind, words in _LABELS.items()
}
HEADED = {kind: re.compile(rf"(?:{words})\W*") for kind, words in _LABELS.items()}
LABELLED = re.compile(r"\W{0,3}[a-z'.& -]{2,28}[:=–—-]")
NOTHING = re.compile(
    r"\W*(?:none|no|n/?a|nothing|unknown|tbd|tbc|nil|not known|dunno|as above|see above|see below|\?)?\W*"
)

NO_ANSWER = either(
    r"\b(?:don'?t know|not sure|unknown|no idea|dunno|will ask|to be checked|unclear|no answer|didn'?t say|n/a"
    r"|asked)\b"
)
ASKS_WHAT_NOT_TO_DO = either(
    r"\bbackups?\b.{0,30}\?|\bwhen (?:do|does|must|will|is|are) (?:they|it|the|you|we) .{0,30}(?:open|close|start"
    r"|need|run|be back|go live|due|working)|\bdeadline\b|\bby when\b|\bmay (?:we|i)\b|\bcan (?:we|i) (?:re-?boot"
    r"|re-?start|take|shut|log|unplug|switch|stop|power)|\bmaintenance window\b|\bok to\b|\ballowed to\b|\bis (?:it"
    r"|that) (?:ok|allowed|safe)\b"
)

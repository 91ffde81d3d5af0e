"""What people write that is about no trouble: courtesies, footers, talk of the ticket, other clients, earlier words."""

from __future__ import annotations

import re

from handoffs.brief.phrases.rules import Rules

# With one of these a sentence says nothing, however it goes on.
WHOLE = Rules(
    (
        "regards sincerely faithfully greetings wishes",
        r"^\W*(?:(?:with )?(?:many |all )?(?:kind|best|warm|kindest|warmest|good|friendly)(?: and kind)? (?:regards"
        r"|wishes|greetings)|regards|yours (?:sincerely|faithfully|truly)|(?:with )?greetings|sincerely)\b",
    ),
    (
        "reply",
        r"\b(?:do not|don'?t) reply to (?:this|no-?_?reply|it\b|the automat)",
    ),
    (
        "continue proceed carry take go",
        r"^\W*(?:please |pls |kindly |could you |can you )*(?:continue|proceed|carry on|go on|take (?:it )?over)"
        r"(?: (?:with (?:it|this|the (?:case|ticket))|from (?:here|there)|here|please|pls|thanks))*\W*$",
    ),
    ("sent outlook", r"^\W*(?:sent|get) (?:from (?:my|a|outlook)|(?:outlook|teams) for|with)\b[^:]{2,30}$"),
    (
        "email mail message communication transmission recipient addressee unsubscribe environment virus viruses"
        " disclaimer automated automatic automatically generated",
        r"\b(?:this|the) (?:e-?mail|message|communication|transmission|mail)(?: and any \w+)? (?:may be|is|are|may"
        r" contain|contains?|was|has been) (?:\w+ ){0,3}(?:confidential|privileged|intended|generated|automat\w+"
        r"|scanned|legally|by mistake|solely)|\bintended (?:recipient|addressee)|\bunsubscribe\b|\bconsider the"
        r" environment\b|\breply (?:to|above) th(?:is|ese) (?:\w+ )?(?:e-?mail|mail|message|line)|\bauto(?:mated"
        r"|matic|matically)(?:[- ]generated)? (?:reply|message|mail|e-?mail|notification|response|generated)",
    ),
    (
        "ignore disregard forget ignoring disregarding",
        r"\b(?:ignor|disregard|forget)(?:e|ing)? (?:(?:the|all|any|everything|what(?:ever)?|that|this|your|my|our"
        r"|every) )*(?:(?:is|was|i|he|she|stands?|said|wrote|written) )*(?:\w+ )?(?:above|below|previous|earlier"
        r"|instructions?|summary|summaries|prompts?|record|history)\b",
    ),
    (
        "ticket case request incident",
        r"^\W*(?:the |this |your |our |a )?(?:new )?(?:ticket|case|request|incident)(?: number)?(?: ?[#:]?[\w-]*\d[\w"
        r" -]*)? (?:was|is|has been|will be|got|been|now)(?: now| been| automatically| auto)? (?:updated|opened"
        r"|created|logged"
        r"|closed|merged|assigned|re-?assigned|re-?opened|received|escalated|transferred|moved|raised|set|put)\b",
    ),
    (
        "client customer company employer job tenant customers clients companies tenants",
        r"\b(?:(?:at|for|with|from|have|had|saw|seen|on) (?:(?:an)?other|a different|one of our|my (?:last|old"
        r"|previous)"
        r"|some other|a former|two other|our other)|another of our) (?:clients?|customers?|compan(?:y|ies)|employer|job"
        r"|tenants?)\b",
    ),
)
# Of these only the clause says nothing.
PART = Rules(
    (
        "hesitate panic stress worry worries mind bother hope hopes hoping feel let thank thanks apologies apologise"
        " apologize sorry trouble"
        " wonder mention",
        r"\b(?:hesitate|never ?mind|feel free|no worries|thank(?:s| you)\b|apolog\w+ for|sorry (?:for|to|about)|have a"
        r" (?:nice|good|great|lovely)|(?:do not|don'?t) (?:worry|bother|mention it|mind|stress|panic)|no need to"
        r" (?:worry|call|apologi[sz]e|hurry|thank))\b|\b(?:i |we )?hop(?:e|es|ing) (?:this|that|it|you|your|everyone"
        r"|everybody|all|to (?:hear|see))\b|\b(?:please |just |do )?let (?:me|us) know\b",
    ),
    (
        "nice good great lovely weekend enjoy wish wishing",
        r"\b(?:have|enjoy|wish(?:ing)?) (?:\w+ )?(?:a |an |your |the )?(?:nice|good|great|lovely|quiet|happy|well|rest"
        r" of)\b|^(?:good luck|good night|enjoy)\b",
    ),
    (
        "attached enclosed below above attachment screenshot screenshots",
        r"\b(?:please |pls |kindly )?(?:find|see|refer to|have a look at)\b[^.;]{0,40}\b(?:attached|enclosed|below"
        r"|above"
        r"|attachments?|screenshots?)\W*$",
    ),
    (
        "shy afraid surprised anytime any",
        r"\b(?:don'?t|do not) be (?:shy|afraid|surprised|angry|upset)\b"
        r"|^(?:please |just )?(?:call|ring|mail|write|ask)(?: me| us)? any ?time\b",
    ),
    ("welcome", r"^you'?re (?:very )?welcome\b"),
    (
        "next future",
        r"\b(?:next time|in (?:the )?future|for (?:the )?next time)\b(?= (?:we|you|i|they|please|pls|ring|call|let|ask"
        r"|someone|somebody|it|just|can|could|do|don'?t)\b|[,:.!]|$)",
    ),
    (
        "document documented documentation wiki knowledge ticket notes timesheet",
        r"\b(?:should|must|need to|needs? to|could|will|'ll|to|please|pls|has to|have to|i|we|let'?s) (?:\w+ ){0,2}?"
        r"(?:be )?(?:document|wr(?:ite|itten|ote)|put|add|update|log|book|fill|note)(?:ed)? (?:(?:this|that|it|all|the"
        r"|my|our|up|down|everything|more|better|in|into|to|for|on) ){0,4}(?:documentation|kb|wiki|knowledge base"
        r"|ticket|notes|minutes|timesheet|time spent)\b|\bshould (?:\w+ )?(?:be )?document(?:ed)?\b",
    ),
    (
        "ignore disregard forget scrap strike",
        r"^(?:please |pls |so |and |oh |ok )?(?:ignore|disregard|forget|scrap|strike) (?:about )?(?:my|that|what"
        r"|the)(?: (?:last|earlier|previous|first|other|second))?(?: (?:message|mail|e-?mail|note|comment|line|post"
        r"|one|bit|question|part|i (?:said|wrote)))?\W*$",
    ),
    (
        "see speak talk",
        r"^(?:and |then |ok )?(?:see|speak to|talk to) you\b|\b(?:speak|talk) (?:soon|later|tomorrow|then)\W*$",
    ),
    (
        "posted updated informed loop forward",
        r"\b(?:keep|kept) (?:you|me|us) (?:posted|updated|informed|in the loop)\b|\b(?:get|come|be) back to (?:you|me"
        r"|us)\b|\blook(?:ing)? forward\b",
    ),
    ("ask", r"^(?:just )?(?:do not|don'?t) ask (?:me|why|how)\b"),
)
_LITTLE = 3  # words beside an aside that belong to it
_WORDS = WHOLE.words | PART.words
_CLAUSES = re.compile(r"((?:[,;:(]| [-–—] | but | and | so | because )\s*)")
_NUMBER = re.compile(r"(?:\d[ ()./-]{0,3}){6}|@")


def blanked(low: str, said: frozenset[str]) -> str:
    """`low`, whose words are `said`, as long as it was but with blanks for what is about no trouble; a clause that
    holds somebody's number or address stays."""
    if said.isdisjoint(_WORDS):
        return low
    if WHOLE.search(low, said):
        return " " * len(low)
    if said.isdisjoint(PART.words):
        return low
    left = "".join(_kept(clause, said) for clause in _CLAUSES.split(low))
    return left if left == low or len(left.split()) > _LITTLE or _NUMBER.search(left) else " " * len(low)


def _kept(clause: str, said: frozenset[str]) -> str:
    aside = PART.search(clause, said) and not _NUMBER.search(clause)
    return " " * len(clause) if aside else clause

"""What looks like an error in a line and is none: "0 errors", error.log, a column named Errors, "if it fails again"."""

from __future__ import annotations

import re

from sessions_app.errors.patterns import any_of

# Blanked before the words of an error are looked for.
HARMLESS = any_of(
    r"""
^(?:PS )?[A-Z]:\\[^>]{0,80}> ?.{0,300}
^[\w.@~:/\[\]-]{1,40}(?: [\w.@~:/\[\]-]{1,40})?[#$] .{0,300}
\| ?(?:grep|egrep|findstr|find|select-string|sls|awk|where-object)\b.{0,200}
(?:no|zero|without|any|free of|were there|neither|keine?n?|ohne|aucune?|sans|sin|ningún|geen
    |zonder) (?:[a-z]+ ){0,2}?(?:errors?|failures?|faults?|problems?|exceptions?|warnings?|timeouts?|issues
    |violations?|corruption|damage|threats?|conflicts?|loss|retries|fehler|erreurs?|errores|fouten)\b
(?:no|not|never|nothing|none|without|didn't|did not|doesn't|does not|don't|isn't|wasn't|hasn't|no longer
    |nicht) (?!(?:authenticate|login) failed)(?:[a-z]+ ){0,2}?(?:fail(?:s|ed|ing|ure)?|crash(?:es|ed|ing)?
    |reject(?:ed)?|denied|blocked|timed? out|expired?|corrupt(?:ed)?|locked|abort(?:ed)?|fehlgeschlagen)\b
(?:errors?|fail\w*|dropped|lost|rejected|denied|missing|invalid|blocked)[ _]\w{1,20}["']?\s?[:= ]\s?["']?0(?![\dx.])
0 (?:[a-z]+ ){0,2}?(?:errors?|fail\w*|lost|loss|rejected|denied|dropped|timeouts?|missing|invalid|corrupt\w*
    |warnings?|fehler|erreurs?|errores|fouten|exceptions?|faults?|expired|blocked)\b
0(?:\.0+)?% (?:packet )?(?:loss|lost|errors?|failed)
(?:errors?|fail\w*|faults?|exceptions?|warnings?|dropped|drops|lost|loss|rejected|denied|timeouts?|missing|invalid
    |corrupt\w*|fehler|erreurs?|errores|fouten|blocked|problems?|error_?code|last_?error|error_?message|exit_?code
    |status)(?:[ _](?:count|rate|total|found|code|number|messages?|packets?))?["']?\s*[:=]?\s*["']?(?:0x0+\b
    |0+(?:[.,]0+)?(?![\dx.])|(?:none|null|nil|false|no|n/a)\b(?! [a-z])|\[\]|\{\}|""|'')
error[ _-](?:logs?|logging|correct\w+|report(?:s|ing)?|handl(?:er|ers|ing)(?! (?:request|message|event|of|for|call
    |the))|check(?:s|ing)?(?! (?:for|in|the))|pages?|rates?|recovery|detection|levels?|counts?|counters?|budgets?
    |free|prone|action|variable|details?|statistics|documents?|mode|lights?|queue|codes? (?:list|table|reference
    |lookup))\b
(?:errorlog|errorlevel|erroraction|errorpages?|errordocument|errorvariable|errorreporting|noerror|noerrors)\w*
(?:for|about|log|logs|logged|mask|ignore|ignoring|suppress|retry on|continue on|stop on|resume on|on|report
    |reporting|check|clear|cleared|correctable|corrected|recovered|past|older|previously|human|typing|rounding
    |standard|margin of|trial and) (?:the |this |that |these |all )?errors?\b(?! (?:code|\d|0x))
(?:could not|couldn't|cannot|did not|didn't|unable to) (?:find|detect|see) any (?:[a-z]+ ){0,2}?(?:problems?
    |errors?|issues?|violations?)
invalid (?:logon |login |sign-in |password )?attempts
[a-z]{2,20}-errors?\b(?!:)[\w-]{0,40}
errors=(?:remount|continue|panic)[\w-]{0,10}
fail(?:(?:ed|ing|s)? ?-?(?:over|back)|2ban|-?safe|-?open|-?closed|-?fast|-?through|over\w*)\w*
same (?:errors?|faults?|failures?|problems?|messages?)\b(?!:)
(?:common|known|typical|frequent|potential) (?:errors?|failures?|problems?)\b
on[-_ ]fail(?:ure|ing)?\b|failure[ -](?:actions?|domains?|detection|mode|auditing|audit)|success and failure
success or failure
fail(?:ed|ure)?[ _-](?:count|counter|attempts|logins? (?:policy|limit)|jobs? (?:queue|folder)|items? folder)
exception[ _-](?:list|rules?|handl\w+|sites?|polic\w+|added|for|report)
(?:firewall|proxy|policy|security|with the|antivirus|scan|(?:add|added|adding|make|made|create|created) (?:an
    |the)) exceptions?\b
exceptions: ?\d|crash ?dumps?\b|(?:is|reset|--)-?failed\b
(?:power-fail|untrusted (?:ports?|networks?|zones?|interfaces?|sources?))\b
(?<=  )(?:deny|denied|drop|dropped|block|blocked|reject)(?=  )|last failed login|failed login attempts? since
errdisable recovery|administratively down(?:, line protocol is down)?
(?:errors?|fail\w*|faults?|lost|locked|blocked|expired|missing|retry|alarms?|warnings?|time-?out)(?: [a-z]{2,20}){0,2}
    : (?:enabled|disabled|on|off|yes|no|none|ok|normal)(?=\s{2}|[,;]|$)
(?:req|pass|ok|success|succeeded)/fail\w*\b|violations? will\b|(?:blocked|denied|excluded) [a-z]{3,20}: (?=\w)
media disconnected|retry (?:count|interval|limit|after|policy)
can not obtain ownership information
terminated (?:employees?|users?|staff|accounts?|groups?|people|workers?)
(?:cannot|can't|could not) be (?:undone|changed later|reversed|recovered later)|cannot wait|can't wait
(?:session|idle|login|lease|screen|keepalive|connect|connection|default|server|client|read|write|request|query
    |command|lock|response|network|send|receive)?[ _-]?time-?out(?:s|_\w+)?(?: (?:is|was|set|value|setting
    |period is|of|to|in|after which)\b|["']?\s*[:=(]?\s*["']?\d+)
(?:if|should|unless|in case|wenn|falls|si|als) (?:it|this|that|the|you|your|there|an?|any|one|they|we|he|she|of|es
    |das|der|die|le|la|el|het|dit) ?[^.;:!]{0,120}
when(?:ever)? (?:it|this|that) (?:fails|breaks|crashes|times out|goes)
(?:please|kindly|see|refer to|consult|read|view|open|check|review) (?:the |your |our |full\s
    |complete )?(?:[a-z]+ ){0,2}?(?:error|errors|failure|failures|problem) ?(?:log|logs|message|messages|details
    |report|page|codes)?\b
[a-z]:\\(?:[^\\/:*?"<>|]{1,80}\\){1,20}[^\s"'<>|,:;)]{0,80}
(?<![^\s"'(=\[<,])(?:https?://|file://|[a-z]:[\\/]|\.{0,2}/|\\\\)[^\s"'<>|,:;)]+
[\w.%$~-]{0,60}\.(?:logs?|txt|html?|php|css|js|ts|json|xml|evtx?|py|csv|aspx?|png|jpe?g|gif|gz|old|bak|ini|conf|cfg
    |cmd|bat|ps1|exe|dll|sys|docx?|xlsx?|pdf|zip|local|com|net|org)\b
(?:was|were|is|are|been|has been|got|now) (?:fixed|resolved|corrected|repaired|cleared|solved)[^.;]*
""",
    before=r"(?<![a-z0-9.,])",
)
MENDED = re.compile(
    r"(?<!not )(?<!never )\b(?:(?:is|was|were|been|now|got) (?:fixed|resolved|solved|repaired|gone|working)|fixed by"
    r"|went away|works? (?:now|again|fine)"
    r"|successfully (?:repaired|recovered|fixed)"
    r"|no longer (?:fails?|happens?|shows?|appears?|there)|behoben|opgelost|résolue?)\b"
)
GOOD_NEWS = re.compile(
    r"success|was started|has started|logged on|running state|stopped state|information|entered the|completed"
    r"|was installed"
)
# Somebody turned away at a door that does what it should.
AT_A_DOOR = re.compile(
    r"access denied.{0,80}\b(?:badge|card|fob|keypad)\b"
    r"|\b(?:badge|fob|card|reader|door)\b.{0,80}access denied\b(?! to|:)"
)
# A row of a table that says no more of something than its state.
STATE = re.compile(
    r"[\w./#-]{1,30}(?: [\w./#-]{1,20}){0,2}(?:\s{2,}|\t)(?:[\w.-]{1,20}(?:\s{2,}|\t))?"
    r"\(?(?:offline|down(?:\s{2,}no carrier)?|no carrier|disconnected|unavailable|stopped"
    r"|not (?:detected|connected|present|ready|available|running)"
    r"|unreachable|unknown|inactive|disabled|lost|fault|failed|error|alarm)\)?(?:(?:\s{2,}|\t)[\w.:/-]{1,20}){0,2}\s*$"
)
# The same where the state stands first, as of a drive: "Disconnected P:  \\\\FS1\\plans".
STATE_FIRST = re.compile(
    r"(?:offline|disconnected|unavailable|stopped|unreachable|inactive|disabled|unknown|down|lost|failed"
    r"|not (?:connected|present|ready|available|running))(?: |\s{2,}|\t)[^\s,;]{1,40}(?: [^\s,;]{1,20})?"
    r"(?:(?:\s{2,}|\t)[^\s,;]{1,60}(?: [^\s,;]{1,20}){0,2}){1,4}\s*$"
)
# What a program did instead: it went on, and nobody need do anything about it.
INSTEAD = re.compile(
    r"[,;.:–-] (?:so |now |therefore |i'm |we are )?(?:(?:falling|fell|reverting|switching) back\b"
    r"|(?:using|taking|loading|assuming|keeping|continuing|proceeding|carrying on|going on|defaulting|resuming"
    r"|(?:re)?creating|rebuilding|regenerating)\b(?! (?:is|was|has|failed|not)\b)"
    r"|default\w*(?: \w+)? (?:is |are |was |were |will be )?(?:used|taken|kept|loaded))"
    r"|[,;.:–-] (?:\w+ )?trying\b[^,;:]{1,60}\binstead\b"
)
# Lines that say all is well, or only how much of something there was.
_WELL = re.compile(
    r"^[^:=]{1,70}[:=]\s*[\"']?(?:no error|no|none|false|0(?:[.,]0+)?\s?%?|ok|okay|n/?a|never|null|nil|success\w*"
    r"|healthy|running|passed|pass|good"
    r"|enabled|disabled|active|up|connected|online|started|automatic|manual|yes|true|-+)\b[\"']?[ ,.;)\]}]*$"
)
_SETTING = re.compile(
    r"^[#;]?\s*(?:set |export |php_value )?[\w.\[\]-]*(?:error_(?!code|message|desc|num|no\b|id)|[a-z]_errors?\b"
    r"|errors\b|time_?out|on_?fail|fail_|failed_"
    r"|failure|retry|retries|warn|log_)[\w.-]*\s*[=:]\s*[^\s:]+(?: +[\w.-]{1,40}=[^\s:]+)*;?$"
)
# What a switch, a shell or the head of a mail says of its own accord each day.
_ROUTINE = re.compile(
    r"changed state to up\b|permanently added '|disconnected from (?:user|invalid|authenticating)|not have a stable cli"
    r"|(?:error|errno|code)[ :=(]{1,3}0(?:x0+)?\)?[:, ]{1,3}\(?(?:no error|success)|ora-06512"
    r"|^(?:log ?name|source|provider ?name|quelle)\s*:\s*[a-z][a-z -]{2,40}$"
    r"|^(?:arc-)?authentication-results(?!.*=(?:perm|temp)error)|^received-spf:"
)
_FIGURES = re.compile(r"[a-zäöüß_ ()/.-]{2,50}?(?:\s{2,}[\d.,]+){2,}$")
_ANSWER = re.compile(r"(?:subject|betreff|objet|asunto|onderwerp)\s?: ?(?:re|fw|fwd|aw|wg|tr|rv)\s?:")
_LISTED = re.compile(
    r"\d[\d/.-]{5,9}\s+\d\d:\d\d(?: [ap]m)?\s+(?:<\w+>|[\d.,]+)\s+\S|[bcdlps-][rwxst-]{9}|[d-][arhsl-]{4,5}\s+\d"
    r"|\s*\d+ [a-z_]+\s+0x[0-9a-f]{4}\s"
)
_COUNTED = re.compile(
    r"^[a-z(][a-z0-9 ()/_-]{0,60}\b(?:errors?|failed|failures?|fails|rejected|dropped|drops|denied|timeouts?"
    r"|time-outs?|exceptions|aborted|lost|retries|discards|attempts|expired|invalid|missing|crashes|warnings?|resets"
    r"|unreachable\w*|problems)\)?(?: ?[:=] ?|\s{2,}|\t| *\.{2,} *)[-\d.,%/ \t]+$"
)
_AMOUNT = re.compile(
    r"(?!.*\b(?:code|errors?|errno|fault|status|reason|result|event|alarm|stop)\b)"
    r"[a-z][a-z ()/_-]{2,40}(?:\s{2,}|\t)[\d.,]+$"
)
_SIZED = re.compile(r".{1,60}?(?:\s{2,}|\t)[\d.,]+ ?[kmgt]i?b$")
_COUNTS = re.compile(r"(?:[a-z][\w/-]*(?: [\w/-]+)?: ?\d[\d.,]*\s+)+[a-z][\w/-]*(?: [\w/-]+)?: ?\d[\d.,]*\s*$")
_MANY = re.compile(r"(?:errors?|failed|failures?)\s*[:=]\s*[1-9]")


def is_quiet(low: str) -> bool:
    """Whether a line, in small letters, is no error whatever words are in it: a file in a list, a setting, a count."""
    if _LISTED.match(low) or _ANSWER.match(low) or _ROUTINE.search(low[:200]):
        return True
    if _WELL.match(low) or _SETTING.match(low):
        return True
    return _ends_in_figures(low) and not _MANY.search(low)


def _ends_in_figures(low: str) -> bool:
    """Whether a line is names and what was counted of them."""
    if not low[-1:].isdigit():
        return bool(_COUNTED.match(low) or _SIZED.match(low))
    return bool(_COUNTED.match(low) or _AMOUNT.match(low) or _COUNTS.match(low.lstrip()) or _FIGURES.match(low))

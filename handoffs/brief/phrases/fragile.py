"""How people tell as a plain fact what must not fail: what there is one of, what much hangs on, what has no spare."""

from __future__ import annotations

from handoffs.brief.phrases.rules import Rules, either

_PART = (
    r"(?:domain controllers?|dcs?|dns|dhcp|admin(?:istrator)?s?|accounts?|hosts?|nodes?|servers?|uplinks?|lines?|links?"
    r"|gateways?|routers?|firewalls?|switch(?:es)?|controllers?|paths?|way (?:in|out|on|to|into|back)|cop(?:y|ies)"
    r"|backups?|psus?|power suppl(?:y|ies)|disks?|drives?|keys?|exit|connections?|machines?|pcs?|box(?:es)?|printers?"
    r"|tills?|phones?|terminals?|scanners?|vms?|members?|replicas?|logins?|trunks?|cables?|fuses?)"
)
# What makes it the one that has the trouble instead.
_FAULT = (
    r"(?: (?:that|which|who|with|to|where)(?: (?:the|this|that|it|is|was|has|have|had|now|still|an?|i|we|they|does|do"
    r"|did|can|shows?|gets?))* (?:\w+ )?(?:problem|issue|error|fault|symptom|fails?|failing|affected|slow|down|broken"
    r"|left to|know|found|see|n't|not|cannot|can't)| (?:is |are |was )?(?:affected|failing|left to|in question|down"
    r"|offline|broken))"
)
_BACKUP = r"(?:backups?|replication|mirroring|snapshots?|shadow copies|log shipping|archiving)"
_ONE_OF = r"(?:psu|disk|drive|fan|line|node|link|controller|path|member|unit|replica|power supply|leg)"

FRAGILE = Rules(
    (
        "only sole single last",
        r"\b(?:(?:the|their|our|its|your) (?:only|sole|single)|(?:is|are) (?:the|their|our) last)"
        r"(?: (?!one\b|thing\b)[\w-]+){0,2}?"
        rf" {_PART}\b(?!{_FAULT})",
    ),
    (
        "single holds shared one just only",
        rf"\b(?:(?:has|have|with|on) (?:only |just )?a single|(?:just|only) one|(?:hang|sit|run|go)s? (?:all )?(?:on"
        rf"|over|through|off) one)(?: [\w-]+){{0,2}}? {_PART}\b(?!{_FAULT})|\bholds? (?:the|their|our|all) (?:\w+ )?"
        r"(?:dongle|licen[cs]e|keys?|roles?|data|database|files|quorum|sessions|queue)\b|\b(?:is|are) shared with"
        r" (?:the|their|our)\b",
    ),
    (
        "also",
        r"\balso (?!(?:shows|says|gets|has|does|is|fails|loses|crashes|affects|happens|needs|wants|reports|sees|hangs"
        r"|works|asks|gives|takes|goes|comes|appears|was|lives|uses|thinks|misses|drops|keeps)\b)[a-z]{2,}[a-z]s"
        r" (?:the|their|all|our)\b",
    ),
    (
        "losing & it them that the",
        r"\blosing (?:it|them|that|the \w+) (?!is\b|was\b|access)[a-z]+s\b",
    ),
    (
        "possible impossible & rollback roll back restore undo downgrade return",
        r"\b(?:roll-?back|going back|way back|restore|undo|downgrade|return)\b[^.;,]{0,15}\b(?:(?:not|no longer"
        r"|isn't) possible|impossible)\b",
    ),
    (
        "misses fails stops dies drops breaks missed late slips & if",
        r"\bif (?:it|that|this|they|one|he|she) (?:then )?(?:misses|fails|stops|dies|drops|breaks|slips|is (?:missed"
        r"|late))\b",
    ),
    (
        "one what box node server disk machine member host pc vm line link switch port account also",
        r"\b(?:is|are|it's) (?:also )?(?:the (?:one|box|node|server|disk|machine|pc|member|host|vm|line|link|switch"
        r"|port|account)(?: (?:that|which))?|what) (?:with (?:the|all|their) (?!problem|error|issue|fault)"
        r"|(?:still |also |now )?(?:hold|keep|carr(?:y|ie)|run|feed|collect|control|serve|own|power|store|host|route"
        r"|drive|back)(?:s|ing)? (?!\w+ing\b|slow|into|on and|out of))"
        rf"|\b(?:is|are) also (?:the|their|our) {_PART}\b|\b(?:is|are) also (?:dns|dhcp|their \w+ server)\b",
    ),
    (
        "witness quorum fsmo master ca",
        r"\b(?:is|holds?|has|have|carries|runs) (?:(?:the|our|their|all|a|its|five) )*(?:witness|quorum|fsmo roles?"
        r"|(?:stack )?master(?! (?:image|copy|data|password|branch))|root ca)\b",
    ),
    (
        "one second other standby passive & dead down failed gone broken missing off offline pulled",
        rf"\b(?:one|second|other|standby|passive) {_ONE_OF} (?:is |has |was )?(?:been |already |still )?(?:dead|down"
        r"|failed|gone|broken|missing|off|offline|pulled)\b",
    ),
    (
        "on off with & running runs run",
        rf"\b(?:running|runs?) (?:only |just |now )?(?:on|off|with) (?:the other|only one|a single|one {_ONE_OF}"
        r"|the last|(?:the )?battery|the ups|the spare|a generator|the standby)\b",
    ),
    (
        "degraded rebuilding",
        r"\b(?:raid|array|pool|volume|mirror|cluster|vdisk)\b[^.;,]{0,20}\b(?:degraded|rebuilding)\b",
    ),
    (
        "without",
        r"\b(?:runs?|running|admin|accounts?|left|all) without (?:\w+ )?(?:raid|ups|antivirus|mfa|2fa|redundan\w*"
        r"|protection|replication|failover|monitoring|encryption|mirror\w*|parity)\b",
    ),
    (
        "backs backed back",
        r"\bbacks? up only\b|\bonly (?:\w+ )?back(?:s|ed) up\b|\b(?:no longer|never|nothing is|does ?n[o']?t"
        r"|do ?n[o']?t) (?:\w+ )?back(?:s|ed)? up (?:the|it|them|that|this|all|[a-z]\b)",
    ),
    (
        "since for & backup backups replication mirroring snapshots archiving",
        rf"\b{_BACKUP}\b[^.;,]{{0,30}}\b(?:off|paused|stopped|broken|failing|failed|suspended|disabled|behind)\b"
        r"[^.;,]{0,15}\b(?:since|for)\b",
    ),
    (
        "tonight tomorrow today without when if after by at & will",
        r"\bwill (?:then |also )?(?:fail|stop|expire|run (?:out|full)|be full|not (?:start|run|fit|come back))\b"
        r"[^.;]{0,20}\b(?:without|when|if|after|by|at \d|tonight|tomorrow|today)\b|\b(?:tonight|tomorrow|today)\b"
        r"[^.;]{0,40}\bwill (?:fail|stop|run (?:out|full)|be full)\b",
    ),
    (
        "stop restart reboot downtime outage shutdown hand manually & need needs requires means has have",
        r"\b(?:needs?|requires?|means) (?:an? |the )?(?:\w+ )?(?:stop|restart|reboot|downtime|outage"
        r"|shutdown)\b(?! button)"
        r"|\b(?:has|have|needs?) to be (?:started|switched on|mounted|entered|confirmed|unlocked) (?:by hand"
        r"|manually)\b",
    ),
    (
        "fail fails open unlock & open case restart",
        r"\bfails? open\b|\bin case of (?:an? |the )?(?:restart|reboot|power)",
    ),
    (
        "must has needs & somebody someone you us engineer",
        r"\b(?:some ?body|some ?one|one of us|you|an engineer) (?:must|has to|have to|needs? to) be"
        r" (?:at|in|on|by|with|there)\b",
    ),
    ("only & gb mb tb", r"\bonly \d+ ?(?:gb|mb|tb) (?:a|per|in|each|this|of data|until|for)\b"),
    (
        "undone back restored recovered replaced undo & can't cannot cant can no",
        r"\b(?:can ?not|can'?t|no way to) (?:be )?(?:undo(?:ne)?|go(?:ne)? back|roll(?:ed)? (?:it )?back|restored"
        r"|recovered|taken back|put back)\b",
    ),
    (
        "password login key pin code & nobody noone no",
        r"\b(?:no ?body|no ?one)(?: \w+)? (?:has|knows|got) (?:the|its|their|that|a) (?:\w+ )?(?:password|login|key|pin"
        r"|code)\b",
    ),
    (
        "second another two four & need needs require requires want wants take takes",
        r"\b(?:needs?|requires?|wants?|takes?) (?:an? |the )?(?:second|another|two|four) (?:\w+ )?(?:admins?|persons?"
        r"|people|eyes|signatures?|approvers?|keys)\b",
    ),
    (
        "lift elevator alarm fire emergency panic sprinkler",
        r"\b(?:phones?|line|intercom|button|port|cable|lead|box|panel|sensors?) (?:of|in|for|from|to) (?:the |their )?"
        r"(?:\w+ )?(?:lift|elevator|alarm|fire|emergency|panic|sprinkler)\b|\b(?:alarm|fire|panic|sprinkler) (?:box"
        r"|panel|button|controller)\b|\b(?:lift|elevator) (?:phone|emergency)\b",
    ),
)
# What there was, is not, or is the trouble itself.
FRAGILE_NOT = either(
    r"\b(?:not|n't|no longer|was|were) (?:the|their|our|what) |\b(?:if|when) (?:the|their|our) (?:only|single|last) ",
    r"\b(?:tested|tried|checked|swapped|replaced|rebooted|restarted) (?:the|their|our) (?:only|single|last)\b",
)

"""How people warn without "don't": what is to be left as it is, what hangs on it, what exists once, where keys are."""

from __future__ import annotations

from handoffs.brief.phrases.rules import Rules, either

# Orders of the gravest kind: they come before all others, however old they are.
HARD = either(
    r"\b(?:do not|don'?t|donot|never|(?:must|may|should)(?: not|n'?t)(?: be)?|nobody (?:may|must)|no ?one (?:may|must)"
    r"|not to|please not)(?: (?:to|ever|just|simply|even|please|be))* (?:power|re-?boot|re-?start|shut|switch|turn"
    r"|unplug"
    r"|delete|wipe|format|erase|touch|stop|disconnect|pull|reset|overwrite|kill|remove|re-?join|re-?install|re-?image"
    r"|unlink|boot)"
)
_VERB = (
    r"(?!only\b|yet\b|sure\b|the\b|a\b|an\b|that\b|so\b|to\b|in\b|on\b|at\b|for\b|even\b|all\b|today\b|now\b"
    r"|me\b)[a-z]+"
)
_MADE = (
    r"(?:keys?|password|passphrase|pass(?:word)? ?phrase|pw|code|pin|recovery (?:key|code)s?|dongle|licen[cs]e (?:key"
    r"|file)"
    r"|credentials|(?:admin )?login|token|seed|secret|root (?:pw|login)|spare|only copy)"
)
FORBIDDEN = Rules(
    (
        "not",
        rf"\b(?:please|pls|plz|and please|but please) not (?:to |by |with )?{_VERB}|\b(?:says?|said|asks?|asked|told"
        rf"|tells|wants?|insists?|begs|begged|ordered|agreed|promised)(?: (?:me|us|him|her|you|them))? not to {_VERB}",
    ),
    (
        "leave leaves let keep hands stay stays",
        r"(?:^|[.,;:!(-] ?|\b(?:please|pls|just|and|but|so|to|must|should|better) )(?:leave|keep) (?!a message|a note"
        r"|me\b"
        r"|us\b|you\b|for\b|early|at\b|the house|it to|it with|an eye|him a|her a|in (?:mind"
        r"|touch))(?:[\w'.-]+ ){1,9}?(?:alone"
        r"|as (?:it|they|is|that)\b|as-is|on\b|off\b|in\b|out\b|plugged|running|open|closed|shut|unplugged|untouched"
        r"|where|switched|powered|connected|up\b|mounted|logged|locked|away)|\bhands off\b|\bfingers off\b"
        r"|\b(?:has|have|must|needs?|should|ought)(?: to)? stay (?:on|off|as|open|closed|up|in|connected|plugged|where"
        r"|running|below|under|above)\b",
    ),
    (
        "ok okay fine allowed",
        r"\b(?:re-?boots?|re-?start(?:s|ing)?|stop(?:ping)?|shut ?downs?|power(?:ing)? (?:off|down)|updates?"
        r"|delet(?:e|ing"
        r")|unplugging|a (?:restart|reboot|stop|shutdown)|read(?:ing)?|touching|changing)(?: of \w+| \w+)? (?:is|are"
        r"|would be) (?:not )?(?:ok|okay|fine|allowed)\b[^.;]{0,40}(?:\b(?:not|isn'?t|aren'?t|never|but|only)\b)"
        r"|\b(?:is|are)(?: not|n'?t) (?:ok|okay|allowed|wanted|permitted|an option|agreed)\b",
    ),
    ("don't dont not", r"(?:[,.!] |- )(?:please )?(?:don'?t|do not)(?=[,.!]|$)"),
    (
        "present there gentle gently once first",
        r"\b(?:must|ha(?:s|ve) to|needs? to|should) be (?:present|there|with (?:you|them|us)|in the room)\b"
        r"|\bgently\b|\bbe gentle\b"
        r"|\bonly once\b|\b(?:copy|back ?up|export|save|snapshot|photograph) (?:it |them |that |everything "
        r"|all )?first\b",
    ),
    (
        "only",
        r"\bonly (?:the |their |our |an? |mr\.? |mrs\.? |dr\.? )?[\w-]+(?: [\w-]+)? (?:opens?|touch(?:es)?|may|edits?"
        r"|is allowed|unlocks?"
        r"|signs?|approves?) (?:it|that|this|the|them|there|in)\b|\bmay only\b|\b(?:only|not) with(?:out)? (?:an? "
        r"|their |his |her |the |our )"
        r"?(?:\w+ )?(?:tickets?|approval|escort|permit|signature|form|witness\w*|permission|badge|supervisor"
        r"|second person)\b",
    ),
    (
        "escort escorted accompany announce booked announced register notice ahead advance stay remain remains intact",
        r"\b(?:ha(?:s|ve)|needs?|must|should)(?: to)? (?:be )?(?:escort(?:ed)?|accompan(?:y|ied)|announced?|booked"
        r"|registered?|remain|stay)\b"
        r"|\b(?:an?|half an|one|two|three|\d+) (?:hours?|days?|weeks?|minutes?|min)'? (?:ahead|beforehand|in advance"
        r"|notice)\b",
    ),
    (
        "mind attention beware watch",
        r"(?:^|[.,;:!] ?|\bplease |\bbut )mind (?!you\b|if\b)(?:the|that|those|these|their|her|his|its|your|our|two"
        r"|[\w-]+ing)\b|\battention (?:with|to|at|on|please)\b|\bwatch (?:the|that|those|your|it)\b(?! video)",
    ),
)
HAZARD = Rules(
    (
        "kicks kick throws ends closes cuts drops kills stops takes loses opens",
        r"\b(?:re-?starts?|re-?boots?|stop|reset|restarting|rebooting|stopping|update|sync|unplugging|changing|logging"
        r"|deleting|power cycle|switching|failover|relink|rename)\b[^.;]{0,40}\b(?:kicks?|throws?|ends?|closes?|cuts?"
        r"|drops?|kills?|stops?|takes?|loses?) (?:\w+ ){0,3}?(?:out|off|down|session|sessions|calls?|everyone"
        r"|everybody|all|them|data|work|alarm|doors?|production|lines?)\b",
    ),
    (
        "hangs hang depends depend relies controlled fed feeds powers power runs",
        r"(?<!it )(?<!pc )(?<!which )\b(?:hangs?|depends?|relies) (?:on|off) (?:the|that|this|it"
        r"|its)\b(?! same (?!ups|fuse|power))"
        r"|\b(?:also|too) (?:feeds?|powers?|runs?|controls?|carries) (?:the|their|all)\b|\bruns (?:off"
        r"|over) the same\b",
    ),
    (
        "same & ups circuit fuse socket strip breaker switch disk power plug supply key licence dongle as",
        r"\bon the same (?:ups|circuit|fuse|socket|(?:power )?strip|breaker|switch|disk|plug|supply|key|licen[cs]e"
        r"|dongle)(?: as)?\b",
    ),
    (
        "gone bricked unusable lost dead down",
        r"\band (?:the|your|all|every) ?[\w-]* (?:\w+ )?(?:is|are) (?:gone|lost|bricked|dead|unusable|down)[.!]?$"
        r"|\bor (?:else )?(?:it|they|the \w+) (?:is|are) (?:gone|lost|bricked)\b",
    ),
    (
        "only exist exists never uploaded unsynced synced local nowhere",
        r"\bonly (?:exists?|stored|kept|there|lives?|saved|lying|stand|held) (?:on|in|at|there|here)\b"
        r"|\b(?:exists?"
        r"|saved|stored|kept|lives?) only (?:on|in|here|there|locally)\b|\b(?:never|not|not yet) (?:been )?(?:uploaded"
        r"|synced|exported|copied|replicated|backed up|archived)\b|\bnowhere else\b",
    ),
    (
        "only & is are sit sits lie lies",
        r"\b(?:files|data|notes|photos|orders|documents|mails?|recordings?|records|copy|copies|pictures|scans"
        r"|invoices|sales|vouchers|results"
        r"|drawings|originals?|bookings|videos?|contracts)\b[^.;]{0,30}\b(?:is|are|sits?|lies?) only (?:on|in) \w+",
    ),
    (
        "v volt volts voltage asbestos laser chlorine gas",
        r"\b\d{3} ?v(?:olts?)?\b|\bhigh voltage\b|\basbestos\b|\blaser\b(?! ?(?:jet|print))|\bchlorine\b",
    ),
    ("then", r"\bby then\b"),
    (
        "keepass bitwarden 1password lastpass vault glue hudu",
        rf"\b{_MADE}:? (?:is )?(?:in )?(?:the )?(?:keepass|bitwarden|1password|lastpass|vault|it ?glue|hudu)\b",
    ),
    (
        "party wedding funeral burial mass service tour guests class course match show viewing sailing each every &"
        " from at before",
        r"\b(?:party|wedding|funeral|burial|mass|service|tour|guests|class|course|match|show"
        r"|viewing)\b[^.;]{0,20}\b(?:at|from)"
        r" (?:\d|(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|noon)\b)|\bbefore (?:each"
        r"|every) \w+",
    ),
    (
        "contract warranty support maintenance insurance",
        r"\b(?:support|maintenance|service|warranty|care|insurance)?(?: )?(?:contract|warranty|support|maintenance"
        r"|insurance"
        r") (?:\w+ ){0,2}?(?:ran out|run out|runs out|expired|lapsed|ended|is over|cancelled|not renewed|was not)\b"
        r"|\b(?:no"
        r"|out of|without) (?:support|warranty|maintenance|service)(?: contract| any ?more)?(?=[.,;]|$| (?:for|since"
        r"|any))"
        r"|\binsurer|\binsurance (?:asks|wants|requires|needs)",
    ),
    (
        "hand manually",
        r"\b(?:i|we|someone|somebody|one of us|dev|she|he|they)(?: \w+)? (?:by hand"
        r"|manually)? ?\w+ (?:\w+ ){0,2}(?:by hand"
        r"|manually) (?:each|every|until|for now|when|whenever|again)\b",
    ),
    (
        "until till",
        r"^(?:until|till) (?:we|it|this|then|that|the|they|she|he)\b[^.;]{3,40},? (?:i|we|they|she|he|all)\b",
    ),
    (
        "key keys password passphrase pw code pin recovery dongle credentials token licence license spare root secret"
        " login",
        rf"\b{_MADE}(?: (?:for|of|to) [\w-]+(?: [\w-]+)?)?[:,]?(?: (?:is|are|lies?|sits?|hangs?|kept|stands?"
        rf"|stored))*(?: only)?"
        r" (?:in|under|at|with|behind|on) (?:the |our |their |his |her |a |an )?(?:[\w-]+ ){0,2}(?:vault|safe|keepass"
        r"|drawer"
        r"|envelope|cupboard|password (?:manager|safe|list)|bitwarden|1password|lastpass|folder|locker|cabinet|desk"
        r"|wallet"
        r"|notebook|sticker|lid|shed|box|head)\b",
    ),
    (
        "built hardcoded coded hardwired wired fixed burned baked letter hard expects tied bound locked",
        r"\bbuilt[- ]in(?:to)?\b(?! (?:firewall|administrator|admin|camera|tool|test|screen|mic\w*|speaker\w*"
        r"|defender))"
        r"|\bhard[- ]?(?:coded|wired)\b|\b(?:burned|baked) in(?:to)?\b|\bfixed in (?:the|its)\b|\b(?:tied|bound"
        r"|locked) to"
        r" (?:the|this|that|its|one|a)\b|\bexpects (?:exactly|the|that)\b",
    ),
    (
        "windows xp server end vista",
        r"\b(?:still|is|are|on|run|runs|running) (?:an? |on )?(?:old )?(?:windows|win|server) ?(?:7|8|xp|vista|2000"
        r"|2003"
        r"|2008|2012)\b|\bend of life\b",
    ),
    (
        "before by & like want wants need needs",
        r"\b(?:would like|wants?|needs?) (?:it|this|them|him|her)(?: \w+)? (?:before|by)\b",
    ),
    ("half middle", r"\bhalf ?-?way through\b|\bin the middle of (?:a|an|the|his|her|their)\b"),
    (
        "licences licenses seats slots licence",
        r"\bonly (?:\d+|two|three|four|five|ten|twelve) (?:licen[cs]es|seats|slots)\b"
        r"|\b(?:\d+|two|three|four|five|ten|twelve) (?:licen[cs]es|seats|slots) only\b",
    ),
    (
        "on off in & again",
        r"(?:^|, |\b(?:please|pls|then|and) )(?:on|off|in|out|back) again (?:by|after|when|before|once|until|as soon"
        r"|tonight|tomorrow|later)\b"
        r"|\b(?:switch|turn|put|plug|set|take) (?:it|them|that|this) (?:on|off|in|out|back) again\b",
    ),
    (
        "back again afterwards",
        r"\b(?:has|have|needs?|must|should|got)(?: to)? (?:(?:be|go|come|run)(?: [\w-]+){1,3} again|be|go"
        r"|come)(?: \w+)? (?:afterwards|back|(?:on|off|in|out|up) again|on again"
        r"|back (?:on|off|in|up))\b|\b(?:take|put|set|turn|switch|remove|delete|change|close|move|plug|give|hand|open"
        r"|roll"
        r"|return|bring)\b[^.;]{2,60}\b(?:afterwards|when (?:done|finished|it is over|they are gone)"
        r"|back to (?:automatic"
        r"|normal|auto|the old|dhcp|what|how|its|\d)|back into (?:its|the)|again (?:after|when|later|before))\b",
    ),
    (
        "afternoon today tonight tomorrow morning evening aired air broadcast streamed recorded filmed held collected"
        " delivered picked",
        r"\bat (?:\d{1,2}(?:[:.]\d\d)?|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve"
        r"|noon) (?:this (?:afternoon|evening)|today"
        r"|tonight|tomorrow)\b|\b(?:is|are|goes|gets) (?:aired|on air|broadcast|streamed|recorded|filmed|held|collected"
        r"|delivered|picked up) (?:(?:at|from|by) \d{1,2}|tonight|tomorrow|today|(?:on |this |every )(?:mon|tues|wednes"
        r"|thurs|fri|satur|sun)day)\b",
    ),
    (
        "sunday saturday monday tuesday wednesday thursday friday tomorrow tonight noon weekend",
        r"\b(?:cuts?|switch(?:es)? off|shuts?|turns? off|closes?|moves?|works? on|drills?|paints?|digs?)\b[^.;]{2,40}\b"
        r"(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day|tomorrow|tonight|at noon|the weekend)\b(?!.{0,10}\bago)"
        r"|\b(?:mon|tues|wednes|thurs|fri|satur|sun)day is (?:the|their|a|our|her|his|market|pay)\b|\bbiggest day\b"
        r"|\b(?:has|have|must|needs?)(?: to)? be (?:gone|done|up|back|ready|working|running|fixed|out|in|over"
        r"|sent)\b[^.;]{0,20}"
        r"\b(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day|tomorrow|tonight|noon)\b",
    ),
)
HAZARD_NOT = either(
    r"\b(?:was|were|got|had been) (?:\w+ )?(?:cut|switched off|moved|closed)\b[^.;]{0,30}\b(?:yesterday|last|on)\b"
    r"|\b(?:user|account|role|login) may not\b|\bi (?:may|can|am|have)(?: not| only)\b|\bbuilt[- ]in (?:to|for)"
    r" (?:test|check)\b"
)

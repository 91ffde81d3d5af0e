"""How people state a cause without saying that they guess: what was changed before, what they found, why it is so."""

from __future__ import annotations

import re

from handoffs.brief.phrases.rules import Rules, either, words

_DAY = (
    r"(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day|mon|tue|wed|thu|fri|sat|sun)\b(?: (?:night|evening|morning"
    r"|afternoon))?"
)
_MONTH = (
    r"(?:january|february|march|april|may|june|july|august|september|october|november|december|spring|summer|autumn"
    r"|winter)\b"
)
_WHEN = (
    rf"(?:yesterday|today|(?:the )?last (?:night|week|month|weekend|evening|year|{_DAY}|{_MONTH})|(?:at|over|on|this"
    rf"|during|in) the"
    rf" weekend|this weekend|over ?night|(?:during|in) the night|this (?:morning|week)|(?:on |since )?{_DAY}"
    r"|(?:\d+|two|three|few|some|a) (?:days?|weeks?|hours?|months?) ago|the (?:day|week|night|evening) before"
    rf"|(?:at|over|since) (?:easter|christmas|new year)|in {_MONTH}"
    r"|(?:on |since )?the \d+(?:st|nd|rd|th)\b|on \d+(?:st|nd|rd|th)|in the (?:\w+ )?(?:break|holidays)"
    rf"|with the (?:last|latest|newest|new) (?:update|version"
    r"|patch|release)|recently|lately|the same (?:day|minute|night|time|morning"
    r"|evening|week)|(?:just|right|shortly) before|before (?:it|this|that|the trouble) (?:began|started|all)"
    r"|at \d+(?::\d\d)? (?:this morning|last night))"
)
_CHANGED = (
    r"(?:(?:up|down)(?:dated|graded)|replaced|swapp?ed|exchanged|moved|migrated|changed|restored|installed|removed"
    r"|renamed|rebuilt|re-?imaged|renewed|rotated|expired|ran out|runs? out|pushed|rolled out|went live|go live"
    r"|switched"
    r"|deployed|enabled|disabled|turned o(?:n|ff)|plugged|deleted|cleaned|cleared out|ran (?:a|an|the|some)|connected"
    r"|joined|took over|edited|copied|flashed|patched|merged|split|added|rewired|painted|re-?set|re-?configured|set up"
    r"|introduced|converted|put (?:in|up|on|a|the \w+(?: \w+){0,2} in)|taken (?:out|off|over)"
    r"|took (?:out|off|away|down)|un-?plugged"
    r"|brought|retired|decommissioned|given away|went (?:to|over|off)|cancelled|left the (?:company|firm)"
    r"|did (?:an?|the|some|their) \w+|(?:had|was|been) (?:the |a |an )?(?:mains|power cut|outage|update)|hardened"
    r"|locked"
    r" down|tightened|raised|lowered|drilled|dug|laid|fitted|published|issued|signed|extended|shortened|went on"
    r"|came on|(?:got|had) (?:a |an"
    r" |its |his |her |their |the |some )?(?:\w+ )?(?:swap|change|refit|new|updates?|upgraded?|firmware|version"
    r"|replacement))"
)
_CHANGED_WORDS = " ".join(
    word + ending for word in re.findall(r"[a-z]{2,}", _CHANGED) for ending in ("", "d", "ed", "dated", "graded")
)
_EVENT = (
    r"(?:migration|move|moved|updates?|updated|upgrade|upgraded|changes?|changed|swap|swapped|switch(?:ed|over)?"
    r"|patch(?:es|ing|ed)?|patch ?day|power (?:cut|failure|outage)|outage|storm|lightning|install\w*|maintenance"
    r"|renovation|firmware|new [\w-]+|merger|password change|cut-?over|roll-?out|replacement|replaced|hardening"
    r"|weekend|rebuild|cleaners?|electricians?|builders|painters?|relocation|refit|takeover|script|polic(?:y|ies)"
    r"|restore|moving|building works?|conversion|clean-?up|reorganisation|re-?cabling|audit|flood|heat ?wave)"
)
CHANGE = Rules(
    (
        _CHANGED_WORDS
        + " & yesterday today last weekend night overnight morning week ago before recently lately same day minute"
        " monday tuesday"
        " wednesday thursday friday saturday sunday mon tue wed thu fri sat sun january february march april may june"
        " july august september october november december spring summer autumn winter # month",
        rf"\b{_CHANGED}\b[^;?]{{0,90}}?\b{_WHEN}|\b{_WHEN}\b[^;?]{{0,70}}?\b{_CHANGED}\b",
    ),
    (
        "was were got been went came put & yesterday today last weekend night overnight morning week weeks ago days"
        " before recently monday tuesday wednesday thursday friday saturday sunday mon tue wed thu fri month months",
        rf"\b(?!it |this |that |user )[\w-]+ (?:was|were|got|ha(?:s|ve) been|had been) (?:\w+ ){{0,2}}?(?:\w+ed|put"
        rf"|taken|set"
        rf"|split|cut|built|done|made|given|sent|brought|bought|torn|dug|hung)\b[^;?]{{0,60}}?\b{_WHEN}|\bnew [\w-]+(?:"
        rf" [\w-]+){{0,2}} (?:went|came|was put|is|are) in\b|\b(?:went|came|going) in (?:on |the )?{_WHEN}",
    ),
    (
        "moved took brought swapped replaced changed updated upgraded left dragged copied & yesterday last weekend"
        " night"
        " week ago monday tuesday wednesday thursday friday saturday sunday mon tue wed thu fri month summer spring #",
        r"^(?!(?:i|we)\b)(?:since |after |before |started |it |began )*[\w' -]{3,40}\b(?:auto-?)?(?:moved|took|brought"
        rf"|swapped|replaced|changed|updated|upgraded|dragged|copied)\b[^;?]{{0,60}}?(?:\b{_WHEN}|\bon (?:the )?\d)",
    ),
    (
        "yesterday last weekend night week ago monday tuesday wednesday thursday friday saturday sunday month",
        r"^(?!(?:i|we|it|she|he|they|customer|user|nobody|everything)\b)[\w' -]{2,40}?\b(?!crash|stop|fail|happen"
        r"|start|work|drop"
        r"|call|ask|report|mail|wait|notic|tri|check|test|look|re-?start|re-?boot|need|us|want|order|phon|escalat"
        r"|return|promis"
        rf"|announc|plann|schedul|complain|confirm|answer|arriv)[a-z-]{{2,}}ed\b[^;?]{{0,60}}?\b{_WHEN}",
    ),
    (
        "since after & new other another different changed",
        rf"\b(?:since|after) (?:then|{_WHEN}|this|that)\b[^;?]{{0,60}}?\b(?:new|other|another|different|changed)\b",
    ),
    (
        "since after began started starts begins following day",
        rf"\b(?:since|(?:began|started|starts?|begins?|came|came up|only|happens?|appeared|all) (?:with|since|(?:(?:the"
        rf" day|right|straight|shortly|just|soon|directly) )?after)|the (?:day|morning|week|night) after|following)"
        rf" (?:(?!then\b|fine\b)[\w'-]+ ){{0,4}}?{_EVENT}\b",
    ),
    (
        "since",
        r"\bsince (?:they|the|he|she|some ?\w+|our|their|a|an)\b(?! (?:\d|morning|start|beginning|very|first|evening"
        r"|afternoon|early"
        r"|last|whole|end)) [\w-]+",
    ),
    ("since", r"\b(?:suspended|paused|disabled|off|stopped|expired|inactive|full|dead|revoked|missing|gone) since\b"),
    (
        "new another different",
        rf"\b{_WHEN}\b[^;?]{{0,25}}\b(?:a|another|the) (?:new|other|different) \w+|\b(?:new|another"
        rf"|different)(?: [\w-]+){{1,3}}"
        rf" (?:since|(?:is|are|was) (?:there|in) since|this time)\b|\b(?:is|are|uses?|from) (?:now )?another (?:brand"
        rf"|make|model"
        r"|version|type|supplier|provider)\b",
    ),
    (
        "new",
        r"\bgot (?:a |an |its |his |her |their |the )?(?:brand )?new (?!error|problem|message|ticket|mail"
        r"|call)[\w-]+\b|\b(?:got|has got|have got|received|were given|was given|has had|switched to|moved to|went to)"
        r" (?:an? |its |his |her |their |the )?(?:brand )?new (?:firmware|pc|laptop|switch|router|printer|phones?"
        r"|driver"
        r"|version|line|server|nas|isp|provider|firewall|access points?|certificate|windows|office|software|tills?"
        r"|scanners?|card|fibre|contract|host|domain|tenant|antivirus|policy|modem|cable|dock|docks|system)\b",
    ),
)
# What the writer changed on another day was there before the trouble; what they tried is of today.
EARLIER = re.compile(
    rf"\b(?:i|we)(?:'ve| have|'d| had)? {_CHANGED}\b[^;.?]{{0,90}}?\b(?!today|this|at \d|the same|just|right|shortly)"
    rf"{_WHEN}|(?<!since )\b(?!today|this|at \d|the same|just|right|shortly){_WHEN},? (?:i|we)(?:'ve| have|'d| had)?"
    rf" {_CHANGED}\b"
)
STILL_SO = re.compile(
    r"\b(?:same(?! \w)|same (?:again|result|error|thing|picture)|again|no (?:luck|change|difference|effect|joy)|still"
    r"|did(?:n't| not) help|nothing)\b"
)
# How a change begins that only says since when.
SINCE = re.compile(r"(?:since|after|following|began|started|the (?:day|morning|week|night) after)\b")
NOTHING_SINCE = re.compile(r"(?:no|none|nothing|no ?body|not (?:one|a single))\b.*\b(?:has|have|can|works?|worked)\b")
# The reason itself, said as a fact.
REASON = Rules(
    (
        "because cos cause bc since",
        r"\b(?:because|cos|bc) (?!i\b|we\b|you\b|of you|she (?:is|has)|he (?:is|has))[^.;?]{6,}",
    ),
    (
        "that's thats that this which hence why mystery explains",
        r"\b(?:that'?s|that is|this is|which is|thats|that was) (?:it\b(?=[:,])|why\b(?! i\b| we\b)|the (?:reason"
        r"|cause)"
        r"|when (?:some|they|the|it|we))|\bhence\b|\bmystery solved\b|\bthat was the \w+ (?:of|from|on|at)\b",
    ),
    (
        "so",
        r"(?:^|[.,;:!(] ?|\band )so (?:it|its|it'?s|that|this|the|their|all|no|now|old|new|both|every|each)\b(?! far\b|"
        r" (?:it|they|the|we|nobody|no|at least|she|he|i|you|nothing)\b|[^.;?]{0,40}\b(?:has to|have to|needs? to"
        r"|would like|wants? to|please|fine|ok\b|can wait|will wait|should|must|does what|do what|correct"
        r"|ask(?:ed)?|know)\b)[^.;?]{0,100}?\b(?:is|are|was|were|ha[sd]|lost|ran|reverts?|gets?|got|takes?|wants?|uses?"
        r"|points?|goes|sends?|never|nothing|does ?n[o']?t|doesn'?t|still|keeps?|fails?|expired|can'?t|cannot|shares?"
        r"|blocks?|hits?|runs?|comes?"
        r"|needs?|loses?|means|shows?|thinks|hangs?|refuses|rejects|expects|eats|drops|talks|ends)\b",
    ),
    (
        "still",
        r"\bstill (?:has|have|had|uses?|using|holds?|points?|pointing|goes?|knows?|set|on|with|in|sends?|asks?|talks?"
        r"|looks?|got|runs?|running|listed|registered|mapped)\b[^.;?]{0,45}\b(?:old|previous|former|expired|stale|wrong"
        r"|dead|retired)\b",
    ),
    (
        "old former previous wrong",
        r"\b(?:old|former|previous|wrong) (?:password|address|server|proxy|certificate|cert|key|name|ip|dns|route|entry"
        r"|account|driver|version|share|path|licen[cs]e|record|gateway|printer|tenant)\b[^.;?]{0,30}\b(?:still|saved"
        r"|cached|stored|hard ?coded)\b|\bwith its own list\b",
    ),
    (
        "provider isp carrier vendor supplier microsoft manufacturer hoster landlord",
        r"\b(?:provider|isp|carrier|vendor|supplier|microsoft|manufacturer|hoster|landlord)(?:'s \w+)?"
        r" (?:says?|said|confirms?|confirmed|found|reports?|reported|admits?|admitted)(?: that)?"
        r"(?: (?:it|this|that|they|there))?(?:'s| is| was| has| have| had)? (?:an? |the |of )?(?!fine|ok|okay|all|no"
        r"|not|nothing|never|we|i|you|will|would|should|to|please|everything|green|good|on|their|they|it|call"
        r"|(?:the )?\w+ is (?:up|ok|fine|good|clean))[a-z]",
    ),
    (
        "meant supposed",
        r"\b(?:was|were|is|are) (?:meant|supposed) to be (?:off|gone|removed|replaced|retired|switched off|on"
        r"|deleted)\b",
    ),
    (
        "ones those all",
        r"\bit'?s (?:only |all )?(?:the ones|those|the (?:pcs|sites|machines|users|laptops|shops)) (?:with|that|on"
        r"|who|behind)\b",
    ),
    (
        "new old good bad working broken failing others other",
        r"\b(?:new|old|good|bad|working|broken|failing)(?: ones?| pcs?| machines?| \w+s)? (?:have|has|had|are|is"
        r"|runs?|uses?|got)\b"
        r"[^;]{2,50}, (?:and |but )?(?:the )?(?:old|new|good|bad|others?|working|failing|broken)(?: ones?)?\b",
    ),
    ("→", r"^(?!\w+ed\b|set\b|put\b|took\b)[^→]{5,120} → ?[a-z]"),
    (
        "forgot forgotten never nobody noone",
        r"\b(?:forgot|forgotten|(?:never|no ?body|no ?one) (?:told|put|added|updated|renewed|changed|moved|copied|paid"
        r"|removed|entered|set) (?!anyone\b)(?:it|them|the|their|in|on|this|that|a)\b)",
    ),
)
# What a check found, when it is told of a step: the state of something, not what was done.
FINDING = Rules(
    (
        "only trust trusts wants expects requires needs allows takes at min minutes hours before as green rusty"
        " corroded burnt melted"
        " bent pinched cut flat empty unplugged lies voltage signed valid retired"
        " expired full off disabled stopped running started missing mismatch conflict duplicate twice differs"
        " different wrong swapped"
        " reversed not"
        " gone outdated corrupt corrupted loop old small big many long much instead no revoked blocked overwritten"
        " overlaps worn kinked damp wet loose crushed damaged dead own still stale never",
        r"\b(?:is|are|was|were|has|have|had|got|all|it|both|still|only|a|two|with|of)\b (?:\w+ ){0,2}?(?:expired|full"
        r"|(?:switched |turned )?off|disabled|stopped|not (?:running|started)|missing|mismatch\w*|conflict\w*"
        r"|duplicates?|different|wrong|swapped|reversed"
        r"|not (?:in|there|at all|trusted|enabled|allowed|present|tagged|signed|registered|the (?:bank|same))|gone from"
        r"|outdated|corrupt(?:ed)?|loop|too (?:old|small|big|many|long|much|short|weak)|revoked|blocked|overwritten"
        r"|worn"
        r"|kinked|damp|wet|loose|crushed|damaged|stale|our own)\b|(?<!checked )(?<!tested )(?<!tried )(?<!asked"
        r" )\b(?:twice|differs|instead of|overlaps?)\b"
        r"|\bran out\b"
        r"|\bso it (?:wants|needs|uses|expects)\b|\bno (?:fixed|longer(?! (?:think|believe|suspect))|default|valid"
        r"|voltage|power on)\b"
        r"|\b(?:wants|expects|requires|needs|allows|takes) (?:only |at least |exactly )?\d|\bat (?:9\d|100) ?%"
        r"|\bonly (?:trusts?|knows?|accepts?|supports?|speaks?|can|has (?!to\b)|have (?!to\b))"
        r"|\b\d+ (?:min(?:utes)?|hours?"
        r"|sec(?:onds)?|days?|years?) (?:off|slow|fast|behind|ahead|late|wrong)\b|\blies on\b|\b(?:is|are"
        r"|was) (?:green|rusty|corroded"
        r"|burnt|melted|bent|pinched|cut|flat|empty|unplugged|upside down|shorted|bulged|not (?:signed|valid|trusted"
        r"|mounted|plugged)"
        r"|fixed|retired|out of)\b|, before (?:it was )?\d|\bas (?:retired|unknown|expired|revoked|disabled|stale)\b",
    ),
)
# A guess with a question mark that asks nobody for anything: "Somebody plugged in a home router?"
ASKED = either(
    r"^(?:or |and |hmm,? |so )?(?!(?:the |a )?same\b|some(?:one|body|thing) else\b|anything|any "
    r"|another )(?:some ?(?:body|one)"
    r"|something|old|wrong|bad|new|dns|dhcp|proxy|firewall|cable|disk|driver|mtu|vlan|power|the|a|an|two"
    r"|their) (?!(?:[\w'-]+"
    r" ){0,6}(?:can|could|will|would|do|does|did|who|what|when|where|which|how|know|free|available|there)\b)[^?]{5,80}"
    r"\?\W*$",
    r"^(?:maybe |or |perhaps )?(?!(?:is|are|was|does|do|did|has|have|can|any|still|anything|what|who|why|which|all|it"
    r"|that"
    r"|this)\b)[\w .-]{2,30} (?:blocked|full|expired|missing|wrong|broken|corrupt(?:ed)?|mismatch|conflict|off|dead"
    r"|faulty|disabled|hacked|infected|stolen|overloaded|changed)\?\W*$",
)
# What a sentence of no kind has, when it may tell why: a time, or that something became or is different.
TIMES = words(
    "yesterday today since new old another other different smaller bigger newer older longer shorter instead last"
    " lately"
    " recently month week year monday tuesday wednesday thursday friday saturday sunday night pilot version mb gb kb"
)
BECAME = either(
    r"\b(?:was|were|got|has been|have been|had|let|did) (?:[\w'-]+ ){0,4}?\w+ed\b|\b(?!need)[a-z]{3,}[^e]ed\b"
    r"|\bno longer\b|\b(?:reached|ended|ends|exceeded|hit"
    r"|lost|cut|gave|fell|broke|created|shut)\b|\b\d[\d.]*x?\b[^.;]{0,40}\b(?:should|before|others?|limit|instead)\b"
)
SMALL_TALK = either(
    r"\bit never worked\b",
    r"^(?:he|she|they|user|customer|client|owner|boss) (?:called|rang|phoned|mailed|wrote|asked|answered|hung up|left"
    r" a)\b",
    r"^(?:hi|hello|hiya|hey|thanks|thank|ok|okay|morning|good|sorry|yes|no|cheers|great|please|pls|well|lol|any|i|we"
    r"|you|let|will"
    r"|can|could|would|tried|did|looks good|tell|ask|call|ring|wait|see|need|needs|if|not)\b(?! (?:morning|longer))",
    r"\b(?:i'?m|i am|my (?:shift|login|password)|we (?:have|are)|i (?:have|had|was|got|do|don'?t|can)|you (?:can"
    r"|should|may)|good luck)\b"
    r"|\b(?:again after|same (?:again|thing|result|error|picture)|no (?:change|difference|luck|effect)"
    r"|still (?:the same|nothing))\b"
    r"|\b(?:fixed|solved|works now|works again|rebooted|restarted|done)\b",
)
# What says of the sentence before it that this is the cause.
SAYS_WHY = re.compile(
    r"(?:so |and |i (?:think|bet|guess) |well,? )*(?:that (?:will|must|has to|would|could|might|may)(?: well)? be"
    r" (?:it|why"
    r"|the (?:cause|reason|problem|one))|that'?s (?:it|why|the (?:cause|reason|culprit|problem|one)|got to be it)"
    r"|that is"
    r" (?:it|why)|there (?:it is|we (?:go|are|have it))|bingo|mystery solved|draw your own conclusions?|makes sense"
    r"|case"
    r" closed|coincidence\?*|suspicious|i'?m (?:fairly |pretty |quite |very |rather )?(?:sure|positive|certain"
    r"|convinced)|that'?s what i'?d? (?:think|bet|say|guess)|can'?t be (?:a |chance"
    r"|coincidence)\w*|no coincidence|aha"
    r"|hence)\b[^.;?]{0,25}\W*$"
)
GONE = Rules(("gone missing", r"\b(?:is|are|was|were) (?:both |all )?(?:gone|missing) (?:from|in) (?!the bin)[\w-]+"))
# The part of the technology such a state must be of, where somebody just says it: of a user's work it is the problem.
PART = either(
    r"\b(?:disks?|drive|clock|time|certificates?|cert|ca|dns|dhcp|drivers?|mtu|sim|antennas?|aerial|cables?"
    r"|connectors?|plugs?|ports?"
    r"|box|batter(?:y|ies)|fans?|psu|fuses?|switch|record|entry|token|keys?|scope|vlan|routes?|firewall|rules?|proxy"
    r"|polic(?:y|ies)"
    r"|format|firmware|version|relay|voltage|sensors?|memory|ram|cpu|index|partition|volume|quota|licen[cs]e"
    r"|permissions?|acl|share|path"
    r"|pins?|socket|modem|routers?|gateway|server|database|table|log|cache|queue|filter|lens|glass|belt|roller|ribbon"
    r"|paper|toner|tablets?"
    r"|account|password|mailbox|registry|tls|ssl|services?|settings?|module|chip|ssd|raid|controller|hose|pump|valve"
    r"|dimmer|lamp|splitter|dongle|file|folder|field|mode|boot|spf|dkim|dmarc|mx|ntp|radius|vpn|gpo|ou|tpm|bios|uefi"
    r"|smb1?"
    r"|profile|template|group|time ?zone|client|agent|plug-?in|add-?in|connector|snapshot|array|slot|bay|image|zone)\b"
)
OWN_ACTION = either(
    r"^\W*(?!expired|failed|tested green|needed|used|based|related|called in|started|timed)(?:[a-z]+ed|set|put|ran"
    r"|took|got|made|gave"
    r"|sent|rang|let|did|went|told)\b(?! out\b| off on\b| on (?:it|its|their)\b)"
)
OURS = either(
    r"\b(?:i|we|dev|you)(?:'ve| have|'d| had)?(?: just| also| already| then| now| only)? (?:\w+ed|ran|set|put|took|got"
    r"|made|did|went|built|rang|sent|gave)\b(?! (?:an? )?(?:call|mail|ticket|told))",
)
CHANGE_NOT = either(
    r"\b(?:go|goes|going) live\b|\b(?:is|are) \w+ed (?:on|at|this|every|tonight|tomorrow)\b",
    r"\b(?:nothing|no ?body|no ?one|none|not|n't|never|no)(?: (?:was|has|had|have|been|were|did|anything|has been))*"
    r" (?:changed?|new|updates?|updated|installed|moved|touched|replaced|changes)\b|\bno change",
    r"\b(?:will be|wants? to|would like|tomorrow|please|pls|to be|going to|should be|must be|due to be|planned"
    r"|contract|warranty|has to|have to|needs? to)\b"
    r"|\b(?:since|after) [^.;,]{0,40}\b(?:fine|ok|stable|works?|working|no (?:errors?|problems?|change)|quiet|good|same"
    r"|green)\b|\b(?:stable|fine|ok|works?|quiet|working|green|no errors?|nothing)(?: \w+)? since\b",
    r"\b(?:paid|sent|phoned|rang|called|mailed|asked|reported|opened (?:a|the) (?:case"
    r"|ticket))\b[^.;]{0,30}\b(?:yesterday"
    r"|this morning|on \w+day|last)\b|\b(?:last|newest|latest) (?:good|backup|full|successful|contact)\b"
    r"|\bon (?:holiday|leave|call|site|the phone)\b|\bopening hours\b",
)
REASON_NOT = either(
    r"\b(?:works?|can still|fine|ok) [^;]{0,40}\bbecause\b|→ ?(?:same|no\b|works|ok|fine|nothing|\d|still|done|again"
    r"|[\w ]+again)|"
    r"\bdo(?: not|n'?t)\b|\b(?:time|urgent|hurry|deadline|matters?|important|quick)\b|\bplease\b|\bpls\b|\bcareful\b"
    r"|\bmust not\b|\bmay not\b|\bnobody (?:there|in)\b|\bwould like\b"
    r"|\bthank|\bsorry\b|\b(?:i|we)(?:'m| am|'ll| will|'d| did| could| can| had| left| stopped"
    r"| leave)\b[^.;]{0,40}\bbecause"
    r"|\bso (?:it|that|this|they) (?:can|could|may|does(?:n'?t| not) (?:happen|get lost)|is (?:not urgent|safe|saved"
    r"|done|ready))|\bnot because\b|\bjust because\b|\bso (?:that|all) (?:\w+ ){0,3}(?:can|could|get|have|know)\b"
)

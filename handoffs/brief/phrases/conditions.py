"""How people say what an action hangs on: what comes before it, when it may be done, what has to be put back after."""

from __future__ import annotations

from handoffs.brief.phrases.rules import Rules, either

_ORDER = r"(?:^|[.,;:!(-] ?|\b(?:and|but|then|please|pls|also|just|so|afterwards) )(?:please |pls |then |also )?"
_PUT_BACK = (
    r"(?:remove|take|turn|switch|put|pull|kick|delete|revert|set|undo|close|bring|plug|give|move|change|re-?enable"
    r"|unblock|roll|log|throw|hand|collect|re-?activate|restore|point|divert|fold|unplug|drop|reset|bin|return)"
)
_DONE = (
    r"(?:fixed|done|finished|over|solved|resolved|sorted|normal|gone|back|ready|repaired|stable|through|complete"
    r"|works?|working|running|up)\b"
)
_STOPS = (
    r"(?:gone|lost|down|dead|damaged|corrupt\w*|wiped|breaks?|broken|dies?|loses?|stops?|locked|kills?|killed|bricked"
    r"|overwritten|deleted|offline|kicked|fails?|stuck|out\b|drops?|erased|disconnect\w*|empty|starts? (?:over|again"
    r"|from)|useless|fined|unbootable)"
)
_DISRUPTION = (
    r"(?:re-?boot(?:s|ing)?|re-?start(?:s|ing)?|shut(?:ting)? ?down|power(?:ing)? (?:off|down|cycle)|fail(?:ing)?[- ]?"
    r"over|updat(?:e|es|ing)|patch(?:ing)?|chang(?:e|es|ing)|swap(?:ping)?|unplug(?:ging)?|outage|downtime|work on it"
    r"|touch(?:ing)? it|switch(?:ing)? (?:it )?off|disconnect(?:ing)?|stop(?:ping)?)"
)

CONDITION = Rules(
    (
        "not never",
        r"\b(?:is|are) (?:not|never) to be (?:\w+(?:ed|t|n)|shut|cut|off|down)\b",
    ),
    (
        "also same too",
        r"\balso (?:gets?|uses?|hangs?|runs?|goes?|takes?|needs?|reads?|comes?|lives?|sits?|feeds?|serves?|is"
        r"|are)\b[^;?]{0,40}?"
        r"\b(?:from|through|on|via|over|off|by) (?:this|that|it|the same)\b|\b(?:is|are) also (?:what|where|how|the"
        r" one|used"
        r" (?:by|for))\b",
    ),
    (
        "go nogo question rule rules law legally taboo regulation regulations",
        r"\bno[- ]?go\b|\bout of the question\b|\b(?:written|strict|house|company|safety|fire|legal|clear) (?:\w+"
        r" )?rules?\b"
        r"|\bby law\b|\blegally\b|\btaboo\b|\b(?:law|regulations?|rule) (?:says?|wants?|requires?|is)\b|\b(?:gaming"
        r"|labour"
        r"|data protection) law\b",
    ),
    (
        "without",
        r"^(?:but |and |so )?without [\w .'-]{2,40}?,? (?:no|nothing|nobody|no ?one)\b",
    ),
    (
        "each every",
        r"\b(?:check|look at|read|test|go through|compare|verify|watch) (?:each|every)(?: (?:one|single))?\b",
    ),
    (
        "leave",
        r"(?:^|[.,;:!(-] ?|\b(?:please|pls|so|and|but|just) )leave (?:those|these|them|that one|the other|both)(?:"
        r" \w+)?[.!]*$",
    ),
    (
        "one time max maximum most must",
        r"\bone (?:\w+ )?at a time\b|\bmax(?:imum)?\.? (?:of )?\d|\bat most \d|(?<!i )(?<!we )\bmust (?:be (?:run"
        r"|done|started"
        r"|stopped|entered|sent|kept|signed|re-?started|closed|open|told|informed|asked|manned|kept)|stay|remain"
        r"|always|first"
        r"|only|go (?:through|via|by))\b",
    ),
    (
        "circumstances circumstance account avoid whatever",
        r"\b(?:under|in) no circumstances?\b|\bon no account\b|\bat (?:any|all) costs?\b|^(?:please |pls |so )?avoid"
        r" \w+"
        r"|\bwhatever (?:you|u|happens)\b",
    ),
    (
        "want wants like allow allows accept accepts let lets wish wishes & don't dont doesn't doesnt not won't wont",
        r"\b(?!i\b|we\b)\w+ (?:does ?n[o']?t|do ?n[o']?t|does not|do not|won'?t|will not) (?:want|like|allow|accept"
        r"|let|wish)"
        r" (?!to (?:work|start|boot|print|open|connect)\b)(?:it|us|me|any|a|an|the|their|his|her|that|this|to|anyone"
        r"|anybody"
        r"|people|\w+s)\b",
    ),
    (
        "left & # two three one few",
        r"\b(?:\d+|two|three|one|few) (?:[a-z]+ )?left\b(?! (?:the|at|on|over|to do|hand|side))",
    ),
    (
        "keep save",
        r"(?:^|\b(?:pls|please|and|but|so) )(?:keep|save) (?:all |both )?(?:the |those |these |that |his |her |their"
        r" )?(?:\w+ )?"
        r"(?:logs?|evidence|files?|copy|copies|backups?|disks?|mails?|screenshots?|old \w+|original\w*|snapshot\w*)\b",
    ),
    (
        "goes go went wrong & if when",
        r"\b(?:if|when) [^;?]{2,40}?\b(?:goes?|go) wrong\b",
    ),
    (
        "corrupts breaks kills wipes locks stops drops disconnects voids trips resets deletes loses takes ruins cuts"
        " interrupts erases kicks hits affects touches",
        r"^(?:\w+,? )?(?!anything|everything|nothing|something|during|according)[a-z-]{2,}ing [^;?]{3,70}?\b(?:corrupts"
        r"|breaks|kills|wipes|locks|stops|drops|disconnects|voids|trips|resets|deletes|loses|takes (?:down|out|the|\d"
        r"|an"
        r"|half)|ruins|cuts|interrupts|erases|kicks|hits|affects|touches)\b",
    ),
    (
        "while during until as & locks lock locked stops stop down offline slow unavailable freezes stands",
        r"\b(?:locks?|locked|stops?|down|offline|slow|unavailable|freezes?|stands?)\b[^;?]{0,25}?\b(?:while|during"
        r"|until"
        r"|as long as) (?:it|this|that|the|they|we|you|all)\b",
    ),
    (
        "no",
        r"(?:^|[:,;.(!-] ?)no [\w-]+(?: [\w-]+){0,2}, (?:and |or )?no \w|\bno (?:repairs?|rebuild|restore|re-?sync"
        r"|clean-?up"
        r"|roll-?back|imports?|exports?|formatting|pulling|testing|switching|swapping|deleting|moving|cleaning|logins?"
        r"|log-?ons?|visits?|drilling)\b(?= ?(?:of|on|until|before|without|while|during|please|at|in|[,.!]|$))",
    ),
    (
        "stays stay",
        r"\bstays? (?:on|off|up|unplugged|plugged|offline|disconnected|connected|closed|open|in|as (?:it |they"
        r" )?(?:is|are)"
        r"|where)\b(?! (?:the )?(?:phone|line|site|screen|hold))",
    ),
    (
        "only not never & present presence there escort guy engineer permission approval ticket ok agreement"
        " supervision",
        r"\b(?:only|not without|never without) (?:with|when|if|in|under|by|while)?\b[^;?]{0,40}?\b(?:present|presence"
        r"|there|escort|guy|engineer|permission|approval|ticket|ok|agreement|supervision)\b",
    ),
    (
        "when once after afterwards again back as until & remove take turn switch put pull kick delete revert set undo"
        " close bring plug give move change reenable re unblock roll log throw hand collect restore point divert fold"
        " unplug drop reset bin return",
        rf"{_ORDER}{_PUT_BACK}\b[^;?]{{0,60}}?\b(?:(?:when|once|as soon as|after)\b[^;?]{{0,40}}?\b(?:{_DONE}|the"
        r" \w+(?: \w+)?[.!]?$)|back (?:on|off|in|up|to|out)\b|afterwards?[.!]?$|again (?:when|once|after|afterwards"
        r"|later|before))",
    ),
    (
        "after afterwards when once again & must has have needs need should to",
        r"\b(?:must|ha(?:s|ve) to|needs? to|should|to) (?:be \w+(?:ed|en|t|ne|off|out|back)|come (?:off|out|down)|go"
        r"(?: \w+)?)(?: \w+){0,3}? (?:after(?:wards)?\b|when (?:it|they|this|that|all|every\w*|the|he|she|done)\b|once"
        r" (?:it|they|this|that|all|done)\b|again\b)",
    ),
    (
        "before first & have close save log make take get copy export back backup check warn tell ask note verify stop"
        " disconnect unplug write announce inform wait print screenshot pause confirm call agree drain empty read",
        rf"{_ORDER}(?:have|close|save|log (?:off|out)|make|take|get|copy|export|back ?up|check|warn|tell|ask|note"
        rf"|verify"
        r"|stop|disconnect|unplug|write|announce|inform|print|screenshot|pause|confirm|agree|drain|empty"
        r"|read)\b[^;?]{3,70}?\b(?:before(?: (?:you|any|that|it|this|the|going|doing|re\w+|swapp\w+|touch\w*"
        r"|chang\w+|\w+ing)\b|[,.!]|$)|first\b(?=[.,!]|$))",
    ),
    (
        "only not never & when after if once at between outside with while",
        rf"\b{_DISRUPTION}\b[^;?,]{{0,30}}?\b(?:only|not|never) (?:when|after|if|once|at|between|outside|with|while|in"
        r" the)\b|\bonly (?:re-?boot|re-?start|touch|change|swap|do (?:it|this|that))\b[^;?]{0,30}?\b(?:when|after|if"
        r"|once|at|between|outside|with|while)\b",
    ),
    (
        "reboot reboots restart restarts shutdown updates changes failover downtime rebooting restarting & after"
        " outside lunch night between before evening weekend",
        r"(?:^|[.,;:!(] ?|\b(?:please|pls|and|but) )(?:any |the |a |no )?(?:re-?boots?|re-?starts?|shut ?downs?"
        r"|updates?"
        r"|changes?|fail-?over|downtime|re-?booting|re-?starting)\b[^;?,]{0,25}?\b(?:after|outside|before|between|at"
        r"|in the) (?:\d{1,2}\b|six|seven|eight|nine|ten|noon|hours|lunch|night|closing|work|the (?:shift|evening"
        r"|weekend)|evening|weekend)",
    ),
    (
        "else otherwise",
        r"(?:[,.;(-] ?|\bor )else,? (?:the|it|they|he|she|we|you|all|every\w*|nothing|this|that|there|no ?body|\d)\b",
    ),
    (
        "if when once without",
        r"\b(?:if|when|once) \w+\b"
        rf"[^;?]{{2,70}}?[, ](?:then |all |every\w* |the |it |they |we |he |she |you |\d[\d.,]* |no )[^;?]{{0,40}}?"
        rf"\b{_STOPS}\b",
    ),
    (
        "lost wiped gone overwritten brick bricked bricks resets forgets",
        r"\b(?:is|are|gets?|be|goes) (?:all |also |then )?(?:lost|wiped|gone|overwritten|reset) (?:at|on|with|when"
        r"|after"
        r"|if|by|each|every|for good)\b|\b(?:is|are|becomes?|have|get) (?:then |only )?(?:a |an expensive )?bricks?\b"
        r"|\b(?:forgets?|resets?|loses?) (?:it|them|that|this|its|the|all)\b[^;?]{0,30}\b(?:at|on|after|when|each"
        r"|every|with) ",
    ),
    (
        "important crucial vital essential",
        r"\b(?:important|crucial|vital|essential)(?:,? that|:| is,? (?:that|not)| not to| nobody| no ?one)",
    ),
    (
        "nobody noone no",
        r"\b(?:please|pls|and|so|but|that) (?:no ?body|no ?one)(?: else)? (?:else|do|does|to|is|should|must|may|goes"
        r"|re\w+|touch\w*|change\w*|\w+ing)\b|^(?:no ?body|no ?one) (?:else )?(?:to|should|must|may|touch\w*"
        r"|re-?boot\w*"
        r"|re-?start\w*|change\w*|is to)\b|\b(?:nothing|not a word) to (?:the )?(?:press|client|customer|users?|staff"
        r"|anyone|anybody|them)\b",
    ),
)
CONDITION_NOT = either(
    r"\b(?:i|we)(?:'ve| have)? (?:turned|switched|put|took|removed|set|closed|plugged|checked|tested|asked|told)\b",
    r"\bif (?:it|this|that|they) (?:is|are|was|were) (?:the|a|an)\b|\bwhat (?:happens|if)\b|\bsee if\b|\bi(?:'d| would)"
    r" (?:say|guess|think)\b|\b(?:tried|did|does) (?:it )?(?:only|not)\b|\bif (?:that|this|it) (?:does ?n[o']?t"
    r"|doesn'?t"
    r"|fails?|did ?n[o']?t|didn'?t) (?:help|work|do)",
    r"\b(?:happens?|happened|appears?|starts?|started|comes?|fails?|crash\w*|freez\w*|only) (?:again )?(?:after|when"
    r"|if|once)\b[^;?]{0,30}\b(?:re-?boot|re-?start|update|patch|change)",
)
# Of what the writer has, is or may do nobody else need beware.
OF_ME = either(
    r"\b^(?:so |but |and )?i(?:'?m|'?ve|'?d)? (?:only |just )?(?:have|am|can|only|got|do|don'?t|had|was|would|could"
    r"|not|no|(?:leave|finish|stop|go|am off)(?: work| home)? (?:at|by|in|around|after))\b"
)

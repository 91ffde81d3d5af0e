"""How people say who cannot work: how many, which, or only one."""

from __future__ import annotations

import re

from handoffs.brief.phrases.rules import Rules, either, words

NUMBERS = (
    "thirds?|quarter|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen|twenty|thirty|forty"
    "|fifty|sixty|hundreds?|dozens?|couple|few|several|some|many|most"
    "|half|all|both|every|each|multiple|various|another|single|more|none|majority|handful"
)
_NUMBER = (
    rf"(?:\d{{1,3}}(?:[.,]\d{{3}})*\+?(?: ?[-–/] ?\d{{1,3}})?(?!\d|[.,:%]\d|%| ?percent)|{NUMBERS}|\d{{1,3}} ?(?:%"
    rf"|percent) of)"
)
PEOPLE = (
    "users?|people|persons?|staff|employees?|colleagues?|workers?|agents?|nurses?|doctors?|teachers?|students?"
    "|pupils?|customers?|guests?|members?|kids|children|managers?|reps|techs|colleages|pickers|drivers|lawyers"
    "|solicitors|partners"
    "|receptionists?|accountants?|cashiers?|engineers?|dispatchers?|operators?|callers?|volunteers?|residents?"
    "|clinicians?|designers?|developers?|advisers?|advisors?|consultants?|technicians?|visitors|tenants|waiters"
    "|couriers|dentists|gps"
    "|planners|buyers|traders|editors|reporters|carers|assistants|mechanics|estimators|surveyors|architects"
    "|inspectors|girls|guys|folks|ladies|families|paralegals|analysts|patients|ppl|crews?|clerks?|earners|brokers"
    "|staffers|officers|sellers|salespeople|interns|trainees|mums|parents|chefs|cooks|players"
    "|singers|scientists|researchers|cleaners|contractors|subscribers"
)
THINGS = (
    "pcs?|computers?|laptops?|machines?|workstations?|desktops?|devices?|terminals?|tills?|registers?|printers?"
    "|scanners?|phones?|handsets?|extensions?|tablets?|ipads?|iphones?|macs?|macbooks?|kiosks?|clients?|endpoints?"
    "|stations?"
    "|mailboxes|accounts?|seats?|monitors?|cameras?|servers?|vms?|hosts?|switches|aps?|displays?|screens?"
    "|notebooks?|chromebooks?|zebras?|handhelds?|doors?|readers?|pdas?|projectors?|sessions?|scales|robots|cnc"
    "|encoders|units|lines|carts|boxes|locations|pumps|pens|headsets|points"
)
PLACES = (
    "sites?|branch|branches|offices?|locations?|stores?|shops?|restaurants?|warehouses?|clinics?|practices?|surgery"
    "|surgeries|rooms?|classrooms?|floors?|departments?|depts?|teams?|desks?|buildings?|schools?|hotels?|depots?"
    "|plants?|wards?|labs?"
    "|house|lines?|production|company|firm|business|factory|network|place|campus|wing|kitchens?|bars?|households"
    "|villas|pharmacy|pharmacies|bakery|bakeries|garages?|halls?|factories|vessels?|ships|stalls|counters|lanes?"
    "|cells|outlets"
)
_GROUP = rf"(?:{PEOPLE}|{THINGS}|{PLACES})\b"
_NOT_BETWEEN = r"(?:on|in|for|from|with|at|to|by|per|and|or|but|is|are|was|were|has|have|had|i|we|if|that|this|it|no)\b"
_NOT_PEOPLE = (
    r"(?:errors?|minutes|mins|hours|hrs|days|weeks|times|pages|files|emails|mails|calls|jobs|rows|bytes|packets"
    r"|ports|updates|tickets|messages|licen[cs]es|disks|drives|tries|attempts|seconds|secs|months|years|cables"
    r"|patches|ways|things|steps|reasons"
    r"|rings|tests|logs|events|services|sticks|settings|options|versions|fans|leds|lights|rules|policies"
    r"|certificates|folders|documents|invoices|orders|records|items|entries|backups|snapshots|reboots|restarts"
    r"|retries|images|addresses|networks|vlans"
    r"|drivers|gigs|cores|threads|volumes|partitions|luns|keys|codes|questions|ideas|parts|batteries"
    r"|modules|processes|queries|tables|reports|features|tabs|windows|lines of|degrees|metres|meters|percents?|hops"
    r"|routes|tunnels|links|leases|always|as|was|has|is|this|its|does|says|goes|gets|keeps|needs|loses|shows|hangs"
    r"|fails|works|selectors|starts|stops|comes|means)\b"
)
_BETWEEN = (
    r"(?:[ /-](?!(?:on|in|for|from|with|at|to|by|per|and|or|but|is|are|was|were|has|have|had|i|we|errors?|minutes?"
    r"|hours?|days?|weeks?|times?|pages?|files?|emails?|mails?|calls?|jobs?|rows?|bytes|packets|mb|gb|tb|kb|ms|am"
    r"|pm|free|ports?"
    r"|updates?|tickets?|messages?|licen[cs]es?|disks?|drives?|tries|attempts?|seconds?|months?|years?|if|that|this"
    r"|it|no)\b)[\w'&./-]{1,20}){0,4}?[ /-]"
)
COUNTED = re.compile(
    rf"\b{_NUMBER}{_BETWEEN}{_GROUP}|\b\d+ ?(?:of|out of|/) ?(?:the |our |their )?\d+\b(?!/)"
    rf"|\(all \d+\)|\b(?:one|two|three|four|five) (?:of|out of) (?:the |our |their )?(?:two|three|four|five|six"
    rf"|\d+)\b"
)
# Any other things there are several of, but not those that say nothing of people.
SEVERAL = re.compile(
    rf"\b(?:{NUMBERS}|\d{{1,4}})(?: of)?(?: the| our"
    rf"| their)?(?: (?!{_NOT_BETWEEN})[a-z'-]{{2,20}}){{0,2}} (?!{_NOT_PEOPLE})(?!\w*(?:ness|ess|ous|us"
    rf"|is)\b)[a-z-]{{3,20}}s\b"
)
ALL_OF = re.compile(
    rf"\bfor (?:all|every|any|the|our|their|several|many|most|some)(?: (?:whole|entire|\d+|other"
    rf"|external|internal|remote|new|four|three|two))?(?: \w+)? (?:{_GROUP}|{PEOPLE})"
)
_EVERYONE = (
    r"\b(?:every ?one|every ?body|no ?body|no[ -]one|none of (?:the|them|our|their|us)\b|any ?one else"
    r"|any ?body else)\b"
)
_WHOLE = (
    r"\b(?:whole|entire|complete) (?:[\w'-]+ )?(?:site|office|company|team|floor|school|shop|store|department|dept"
    r"|building|firm|business|factory|production|network|place|warehouse|practice|clinic|branch|house|campus"
    r"|sales \w+|\w+ team|\w+ department|hotel|ward|plant|accounts|staff)"
)
EVERYONE = either(
    _EVERYONE,
    _WHOLE,
    r"\ball of (?:them|us)\b",
    r"\b(?:company|site|office|firm|school)-?wide\b"
    r"|\bacross (?:the|all) \w+|\beverything (?:is )?(?:down|offline|stopped|dead)",
)
EXPLICIT = either(
    r"\b(?:is|are|was|were|also|only|all|been|being|users?|people) (?:\w+ )?(?:affected"
    r"|impacted)\b(?! by\b)|\baffects\b|\bis affecting\b|\bimpacts\b|^[\w' -]{3,40} only\b(?=[,.]|$)"
    r"|\bno [a-z]+ (?:come|comes|coming|get through|go out|possible|arrive|arrives|can be|goes)\b"
    r"|^only (?:the )?[\w-]+(?: [\w-]+){0,3}[.!]?$"
)
# How the words of EFFECT and EXPLICIT begin: without one of them a long sentence says of nobody what they cannot do.
STEMS = words(
    "retu sign unli stay"
    " can' cann cant coul unab not won' wont will does don' dont isn' isnt aren noth no long neit down out offl"
    " dead off slow blan blac idle unre lock kick logg thro disc drop lose loss losi lost fail stuc free froz"
    " cras erro hang brok brea miss affe impa stop prom keep bsod blue wait sent comp repo issu prob trou impo"
    " stan halt outa flak inte lagg lag flic pape cut cuts cutt refu wron see sees time unus disa garb gone"
    " reje bloc shut empt same with show hear says have has had havi got get gets gett manu hand read craw take"
    " vani pack rebo re rest unav inac spin ghos grey gray doub busy orde serv dark dela degr kapu defe lack"
    " able work nobo none noon body only"
)
NOBODY = either(r"\b(?:no ?body|no[ -]one|none of (?:the|them|our|their|us))\b")
EFFECT = either(
    r"\btime-?outs?\b|\bsigned out\b|\breturns? nothing\b|\bunlicensed\b|\bstay(?:s)? (?:black|blank|dark)\b",
    r"\b(?:shows?|showing|sees?|hears?|says?) (?:\w+ ){0,2}(?:no|black|old|nothing|only|an? (?:error|blank"
    r"|black))\b|\bblack screens?\b|\bhave to (?:go back|use|write|do|work|drive|walk|type|re-?enter)\b"
    r"|\bmanual(?:ly)?\b|\bby hand\b|\bread-?only\b|\bcrawls?\b|\bcrawling\b|\btakes? (?:\w+ ){0,2}(?:\d+|minutes?"
    r"|ages|forever|hours)|\bvanish\w*|\bpacket loss\b|\bre-?boot(?:s|ing)\b|\brestart(?:s|ing) (?:itself|by|every"
    r"|all)|\bunavailable\b|\binaccessible\b|\bspinn?ing\b|\bstands?\b|\bghosted\b|\bgr[ae]yed\b|\bdouble\b"
    r"|\bwrong\b|\bunregistered\b|\bbusy\b|\bout of (?:order|service)\b|\bin the dark\b|\bwithout (?:a )?\w+$"
    r"|\bdelay\w*\b|\bdegraded\b|\bkaputt?\b|\bdefect\w*|\bnot (?:\w+ )?(?:working|reachable|visible|there)\b"
    r"|\bnot work\b|\bnot (?:start|open|print|load|connect|boot|ring|scan|sync|charge)\b|\black of\b"
    r"|\b(?:un)?able to\b|\bwork ?load\b",
    r"\b, no (?!change|luck|difference|idea|joy|effect|improvement|reply|answer|problem|errors?|need|hurry|rush"
    r"|more)\w+",
    r"\b(?:can ?not|can'?t|could ?n[o']?t|couldn'?t|can no longer|unable|not able|won'?t|will not|does ?n[o']?t"
    r"|doesn'?t|do ?n[o']?t|don'?t|isn'?t|is not|aren'?t|are not|not (?:working|getting|receiving|responding"
    r"|printing|possible|seeing|syncing|loading|able|online|reachable|have))\b",
    r"\b(?:nothing|no longer|neither) \w+|\b(?:is|are|was|were|went|goes|go|gone|being|been|all|still|now"
    r"|completely|totally|hard|both) (?:down|out|offline|dead|off|slow|blank|black|idle)\b|\bdown\b(?! (?:the|to)\b)",
    r"\b(?:offline|unreachable|locked|kicked|logged out|thrown|disconnect\w*|drop(?:s|ped|ping)?|loses?|losing"
    r"|lost)\b|\b(?:have|has|had|having|got|get|gets|getting|with) (?:\w+ ){0,2}no\b|\bno (?:network|internet"
    r"|connection|connectivity|e?-?mails?|access|wi-?fi|phones?|dial|sound|signal|service|power|ip|address|link|lan"
    r"|display|picture|output|vpn|calls?|audio|net|inet)\b",
    r"\bfail(?:s|ed|ing|ures?)?\b|\bstuck\b|\bslow(?:ly|ness)?\b|\bfreez\w+|\bfroze\b|\bcrash\w*|\berrors?\b"
    r"|\bhang(?:s|ing)?\b|\bbroken?\b|\bbreaks\b|\bdead\b|\bmissing\b|\baffect(?:ed|s|ing)?\b|\bimpacted\b"
    r"|\bstop(?:ped|s)\b|\bprompt\w*|\bkeeps? (?:asking|getting|losing|being|crashing|dropping)",
    r"\bblank\b|\bbsod\b|\bblue ?screens?\b|\bwait(?:s|ing)?\b|\bidle\b|\bsent home|\bcomplain\w*|\breport(?:s|ed"
    r"|ing)?\b|\bissues?\b|\bproblems?\b|\btroubles?\b|\bimpossible\b|\bstands? still|\bstanding\b|\bhalted\b"
    r"|\boutage\b|\bflaky\b|\bintermittent\w*|\blag(?:s|gy|ging)?\b|\bflicker\w*",
    r"\b(?:write|writing|working|work|going|back) (?:\w+ )?(?:on|with|to) paper|\bcut(?:s|ting)? (?:out|off)"
    r"|\brefus\w+|\bsees? (?:old|only|an? empty)|\btime(?:s|d)? out|\bunusable\b|\bdisappear\w*"
    r"|\bgarbled\b|\bgone\b|\brejected\b|\bblocked\b|\bshut out\b|\bempty\b|\bsame (?:error|issue|problem|thing"
    r"|symptom|message)|\bwithout (?:\w+ )?(?:internet|email|mail|network|phones?|power|access|e-?mail|wifi|system)",
)
ONLY = either(
    rf"\b(?:only|just)(?: (?:for|on|with|affects?|affecting|happens (?:for|on|to|with)|one of|in|at))? (?:(?:her"
    rf"|his|their|the|this|that|my|our|one|a|1|single)\b(?: [\w'-]+){{0,3}}? {_GROUP}|(?:the )?(?:ceo|cfo|coo|md"
    rf"|boss|owner|director|receptionist|reception|manager|accounts|sales|him|her|me|mr|mrs|ms|dr)\b(?! (?:knows"
    rf"|can|has|may|wants|could)\b))",
    rf"\bthe only (?:one|user|person|pc|machine|site|office|laptop|computer)(?! (?:who|that|left))\b|\b(?:only"
    rf"|just) {_NUMBER}{_BETWEEN}{_GROUP}|\bnobody else\b|\bno ?one else\b|\b(?:it'?s|it is|thats|that'?s|happens"
    rf"|seems|affects) (?:only|just) (?:the|her|his|one|on|in|at|a|for|with) \w+",
)
ONLY_NOT = either(
    r"\bhas only (?:mr|mrs|ms|the|her|him)\b|\b(?:only|just) (?:the |a |one )?(?:restart|reboot|swap|chang|mov|spoke"
    r"|talk|call|ask|tried|got"
    r"|had|want|copy|spare|backup|server that|dc|domain controller)\w*|\bonly one of (?:you|us)\b|\bjust (?:for|on"
    r"|in) (?:now|case|the|a) (?:moment|test|minute)?\b(?=.{0,3}$)|\bonly (?:one|a|the) (?:\w+ )?(?:backup|copy"
    r"|switch|line|door|way|solution|option|problem|thing|server|account|port)"
)
PLURAL = either(
    r"\b(?!(?:servers|printers|routers|drivers|folders|errors|numbers|orders|letters|others|headers|counters|timers"
    r"|parameters|characters|adapters|filters|containers|controllers|providers|computers|connectors|monitors"
    r"|sensors|processors|mirrors|doors|floors|colors|vendors|customers'|ours|hers|yours|covers|layers|offers"
    r"|papers|powers|refers|triggers|appears|registers|enters|considers|remembers"
    r"|whiteboards)\b)[a-z]{3,}(?:ers|ors|ists|ants|clerks|crews)\b|\bfolks\b|\bppl\b",
    r"\b(?:users|staff|employees|colleagues|people|agents|students|teachers|pupils|nurses|doctors|guests|customers"
    r"|clients|patients|tills|pcs|laptops|printers|phones|tablets|scanners|branches|sites|offices|drivers|pickers"
    r"|reps|the (?:\w+ )?(?:team|department|office|branch|site|floor|shop|store|practice|company|school|warehouse"
    r"|line|ward))\b",
)
THING = re.compile(
    rf"\b(?:{THINGS}|{PLACES}|console|projector|robot|crane|gateway)\b(?: \d+"
    rf"| \w+)?(?: in [\w ]{{2,15}})? (?:(?:still|now|also|just) )?(?:can'?t|cannot|does|doesn'?t|won'?t|has|have|is"
    rf"|lost|loses|keeps|refuses|shows?|hangs|crash\w*|freezes|prints|went|dead|down|offline|out of|stopped|fails"
    rf"|drops)\b"
)
WELL = either(
    r"\b(?:works?|worked|fine|ok|okay|enabled|set|created|configured|installed|updated|available|done"
    r"|reset|tested|checked|changed|added|moved|rebooted|restarted|replaced|wait|waiting|ask|asked|thanks|look"
    r"|looked|plan|try|need|needs|keep)\b"
)
PERSON = either(
    r"\b(?:user|client|customer|caller|he|she|ceo|cfo|md|director|owner|manager|receptionist|reception|(?:mr|mrs|ms"
    r"|miss|dr)\.? \w+|his \w+|her \w+|their \w+)(?: in \w+)? (?:now |still |also |just |again |suddenly "
    r"|always )?(?:can ?not|can'?t|could not|couldn'?t|is unable|is not able|isn'?t able|has no|has lost|lost|loses"
    r"|keeps|gets|is locked|is getting|won'?t|does ?n[o']?t|doesn'?t|is (?:down|slow|dead|offline)|is not)\b"
)
PERSON_NOT = either(
    r"\b(?:can ?not|can'?t|could not|couldn'?t|won'?t|doesn'?t|does not|gets?|is not) (?:be reached|be reachable"
    r"|reach me|call|talk|come|remember|tell|say|find|wait|know|want|think|answer|like|believe|care|mind|there|here"
    r"|on site|at|available|back|in|a|the|on)\b"
)
PERSONS = words(
    "user client customer caller he she ceo cfo md director owner manager receptionist reception mr mrs ms miss"
    " dr his her their"
)
AFFECTED_NOT = either(
    r"\b(?:can|could|able to) (?:all )?(?:now )?[\w ]{2,20} again\b|\bback (?:up|online|to normal|to work"
    r"|in business|on line)\b|\bworking (?:again|now|fine)|\bfine (?:again|now)\b|\bworks? (?:for (?:all|every ?\w+"
    r"|them)(?! (?:else|except|but))|again|now|fine)\b|\bresolved\b|\ball (?:good|fine|ok|okay)\b|\bno (?:issues"
    r"|problems|errors|complaints)\b|\bfixed (?:for|on|it)\b|\b(?:is|are|was|were) fixed\b",
    r"\b(?:if|when|once|before|unless|otherwise|whether|in case|so that)\b[^,;]{0,60}\b(?:will|would|might|could"
    r"|logs out|kick\w*)\b|\b(?:will|would|might|could|may) (?:all |then |also )?(?:lose|be (?:kicked|locked"
    r"|disconnected|logged|down|offline|thrown|cut|without)|drop|kick|lock|go down|disconnect|break|stop|interrupt"
    r"|cut|throw|hit|affect|impact)",
    r"\b^(?:i|we|got|have|only got)\b[^;,]{0,40}\bonly\b|\b(?:please|pls|and) (?:no ?body|no ?one)(?: else)? (?:do|does"
    r"|touch\w*|should|must|is)\b"
    r"|\b(?:no ?body|no ?one) (?:has|knows|dares|told me)[,.]|\bnothing to (?:the )?(?:press|staff|users|clients?)\b",
    r"\b(?:have|has|were|was|are|is) (?:been |all |already )*(?:informed|told|notified|warned|mailed|asked|invited"
    r"|trained)\b|\bsees? no (?:fault|problem|issue|reason|error)s?\b",
    r"\blast time\b|\b(?:asked|told|emailed|mailed|informed|notified|tell|ask|inform) (?:all|every\w*|the|\d+)\b"
    r"|\b(?:graphics|printer|display|audio|chipset|network|nvidia|intel|usb|print|video|wifi|nic) drivers?"
    r"|\bdrivers? (?:install|updat|version|package|download|from)|\b(?:create|add|set up|need|needs|want|wants|order"
    r"|ordered) (?:\w+ ){0,2}(?:\d+|two|three|new) (?:\w+ )?(?:accounts?|users?|laptops?|licen)",
    r"\b^(?:please |pls )?(?:do not|don'?t|never)\b|\bno ?(?:body|one) (?:may|must|should|is allowed|knows|answers"
    r"|answered|picked|is (?:there|here|in|on site)|can (?:tell|say|explain|remember|approve))|\b(?:every ?(?:one"
    r"|body)|all) (?:agrees|knows|says|thinks)|\b(?:no ?body|no ?one) (?:complain|call|notic|report|touch|re-?start"
    r"|re-?boot|chang|mov|answer|pick|know|rang|repl|respond|was (?:in|there)|is to|else (?:has|had) access)"
    r"|\b(?:no ?body|no ?one) (?:there|near|at|in|on|from|here|around|has (?:put|told|added|renewed|changed|entered)"
    r"|put|told|sync|did|use|add|set|was|is|will|renew|pay"
    r"|paid|updat|else (?:has|had|knows))(?! (?:able|getting|working|logged))"
    r"(?!.{0,35}\b(?:can|gets?|prints?|works?|logs?|signs?|sees?|receives?|reach(?:es)?|opens?|connects?)\b)"
    r"|\ballows? \w+ only\b"
    r"|\b(?:licen[cs]es|seats) only\b"
    r"|\bgroup polic(?:y|ies) only\b|\basks? (?:me )?(?:if|whether)\b|\b(?:job|retry|test) for [\w-]+ only\b"
    r"|\b^last (?:month|year|week|time|summer|winter|autumn|spring)\b|\bhad an outage\b",
)
# A question that is told, up to its answer.
ASKED_WORDS = words("if whether how who which what where when")
ASKED = re.compile(
    r"\b(?:ask(?:ed|ing|s)?|check(?:ed|ing)?|verif(?:y|ied)|wonder\w*|find(?:ing)? out|(?:wants?|wanted) to know"
    r"|not sure|unsure|unclear|unknown|no idea|tell me|(?:don'?t|do not) know)(?: (?!and\b|but\b)[\w.]+){0,3}?,?"
    r" (?:if|whether|how many|who|which|what|where|when)\b[^:;?]*"
)
# What an action would do, which nobody has taken.
DOING = re.compile(
    r"(?:re-?starting|re-?booting|changing|moving|updating|switching|pulling|unplugging|resetting|deleting|removing|stopping"
    r"|patching|swapping|replacing|upgrading|touching|turning|disabling|failing over) "
)
# What the writer can do or not, who is no user.
OWN_REACH = re.compile(
    r"(?:so |and |but |ok,? |yes,? )?i(?: still| also| now| only| just)? (?:can ?not|can'?t|can|could ?n[o']?t"
    r"|couldn'?t|could|am able|am not able|have no|have (?:only )?access|do ?n[o']?t have)\b(?! (?:print|work|send"
    r"|receive))"
)
# What would happen to people if something were done, and what was and is no more.
NOT_NOW = Rules(
    (
        "if when once soon",
        r"\b(?:if|when|once|as soon as) (?:we|you|i|some ?one|some ?body|any ?one) (?:(?:now|ever|then) )?(?:re-?boot"
        r"|re-?start|stop|pull|unplug|switch|turn|change|move|touch|update|remove|take|delete|disable|swap|shut|kill"
        r"|restore|patch|fail ?over|roll|cut|push|wipe|reset)\w*\b|\b(?:if|when|once|as soon as) [\w ]{2,30}?"
        r" (?:is|are|gets?) (?:re-?booted|re-?started|stopped|pulled|unplugged|switched|turned|changed|moved|touched"
        r"|updated|removed|taken|deleted|disabled|swapped|shut|killed|restored|patched|cut|wiped|reset)\b",
    ),
    (
        "now today since meanwhile",
        r"^(?:yesterday|last \w+|earlier|this morning|before|on \w+day|first|at first|initially)\b.*\b(?:now|today"
        r"|since|meanwhile)\b.{0,25}\b(?:nobody|no ?one|none|fine|ok|okay|gone|works?|working|quiet|stable)\b"
        r"|\b(?:is|are|was|were) (?:all )?(?:over|gone|past) (?:now|again|since)\b",
    ),
)
# What somebody wants, thinks or does with a telephone is no trouble.
MANNER = re.compile(
    r"\b(?:(?:does|do|did|will|would|is|was)(?: not|n'?t) (?:\w+ )?(?:want|like|pick(?:ing)? up|answer(?:ing)?|know"
    r"|think|mind|care|believe|understand|remember|agree|complain|prefer|touch|call|come|be (?:here|there|back|in)|wait"
    r"|leave)|will (?:\w+ )?(?:call|come|be (?:here|there|back|in)|close|leave)|(?:thinks?|believes?|wants?|likes"
    r"|prefers?|knows?|asks?|(?:would like|plans?|wishes) (?:to|an?|new))(?! (?:for (?:a |the )?(?:pin|password|login"
    r"|code)))|is (?:angry|upset|annoyed|furious|happy|nice|kind)"
    r"|no longer works? (?:there|here|with|for)|left (?:the|this) (?:company|firm)|should(?: not|n'?t)? (?:get|buy"
    r"|order"
    r"|pay|consider|be))\b"
)
GREETING = re.compile(r"(?:hi|hiya|hello|hey|morning|good (?:morning|day|evening)|thanks|sorry|ok|fyi)\b")
HOW_MANY = re.compile(
    rf"(?<![\d:.,/-])\d{{1,4}} (?!(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)|{_NOT_PEOPLE})[a-z]|~ ?\d"
)
# How no sentence begins that says for whom something is wrong: with the writer, an order, a number of no people.
NOT_OPENING = re.compile(
    rf"\d[\d.,]* {_NOT_PEOPLE}|"
    r"(?:please|pls|do not|don'?t|never|mind|leave|i(?! (?:count|have \d|see \d))|we|i'?m|i'?ve|we'?ve|maybe|probably"
    r"|let'?s)\b|(?:give|raise|drain|"
    r"wipe|take|put|set|move|check|test|swap|reset|open|close|call|ask|get|look|see|use|make|turn|switch|add|remove"
    r"|wait)"
    r" (?:the|a|an|it|them|this|that|his|her|their|at|in|off|on|for|back|out|\w+ \d)\b"
)
ORDER = re.compile(r"(?:please |pls )?(?:do not|don'?t|never|mind|leave) ")
_FRAGMENT_END = (
    r"(?=\W*$|\W*,|\W+\(|\W+(?:since|at|in|on|of|so far|total|altogether|now|from|here|there|too|as well|only|and"
    r"|or|with|incl|affected)\b)"
)
FRAGMENT = re.compile(
    rf"(?:\w{{2,12}}: )?(?:(?:yes|no|ok|hi|so|well|currently|now|about|around|approx\.?|roughly|some|ca\.?|~"
    rf"|at least|up to|over|more than|only|just|it'?s|its|it is|is|are|total(?: of)?|so far|maybe"
    rf"|i think)[,:.]? ?){{0,4}}"
    rf"(?:{COUNTED.pattern}|{_EVERYONE}|{_WHOLE}|all of (?:them|us)\b|(?:only|just) (?:her|his|the|one"
    rf"|that) (?:\w+ )?{_GROUP}){_FRAGMENT_END}(?!.*\b(?:tested|rebooted|updated|done|fine|ok|works?|checked"
    rf"|restarted|need|needs|want)\b)"
)
# A sentence that begins with how many of whom it is about.
LED = re.compile(
    rf"(?:[\w-]{{2,12}}: )?(?:(?:yes|no|ok|hi|so|well|currently|about|around|approx\.?|roughly|ca\.?|abt|~|at least"
    rf"|up to"
    rf"|only|just|it'?s|it is|that'?s|the|also|another|same for|for|affects|this is|we have|there are)[,:.]? ?){{0,4}}"
    rf"(?:(?:all|both|the|other) )?(?:{_NUMBER}|\d+)(?: of (?:the |them|our |their |these )?)?(?: ?(?:of|/|out of)"
    rf" ?\d+)?"
    rf"(?: (?!{_NOT_BETWEEN})(?!{_NOT_PEOPLE})[\w'&./-]{{1,20}}){{0,3}}? ?(?:{_GROUP}|\bin (?:the )?\w+"
    rf"|[a-z]{{3,}}(?:ers"
    rf"|ors|ists|ants|ees)\b)|\d+ (?:of|out of) (?:the )?\d+\b"
)
LED_NOT = either(
    r"\b(?:tested|re-?booted|updated|done|fine|ok|okay|works?|working|checked|re-?started|need|needs|want|wants"
    r"|installed"
    r"|ordered|spare|free|assigned|left|fixed|changed|replaced|tried|swapped|moved|enabled|disabled|added|licen[cs]es?"
    r"|drivers? (?:version|update)|minutes?|hours?|days?|weeks?|errors?|gb|mb|ago|please|pls|call|dial|updates?"
    r"|times)\b"
)
ASKS_AFFECTED = either(
    r"\bhow many (?:users|people|pcs|machines|devices|computers|of them|sites|staff|are)\b"
    r"|\bwho(?: else)? is (?:affected|impacted|having)|\b(?:every ?(?:one|body)|any ?(?:one|body) else|other users"
    r"|others|only (?:you|one|her|him|this|the)|just (?:you|one|her|him|this|the)|all (?:users|of you|pcs)"
    r"|which (?:users|pcs|sites|people|machines|devices|offices))\b"
)
ABOUT_PEOPLE = either(
    rf"\b(?:every ?one|every ?body|no ?body|any ?(?:one|body) else)\b|\b(?:{PEOPLE})\b|{_WHOLE}|\b(?:only"
    rf"|just) (?:her|his|one|me|him|the)\b"
)
OF_A_MACHINE = re.compile(
    r"\b(?:successfully|could not be|unable to|exit code|not found|timed out|denied|refused|errors?|exception"
    r"|failed|warning)\b|[=<>{}|\\]|0x|\d+\.\d+\.\d+|://|^[\w.-]+: \S|^\S+\(\)",
    re.I,
)


def _expanded(alternatives: str) -> frozenset[str]:
    """The words that "users?|staff" stands for."""
    return frozenset(
        form
        for word in alternatives.split("|")
        for form in ((word[:-2], f"{word[:-2]}s") if word[-1] == "?" else (word,))
    )


GROUP_WORDS = _expanded(f"{PEOPLE}|{THINGS}|{PLACES}")
NUMBER_WORDS = _expanded(NUMBERS)
EVERYONE_WORDS = words(
    "everyone everybody nobody noone one body none anyone anybody whole entire complete all wide across everything no"
)
ABOUT_PEOPLE_WORDS = _expanded(PEOPLE) | words(
    "everyone everybody every nobody noone no anyone anybody any whole entire complete only just"
)
SAYS_SO = words("affected impacted affects affecting impacts no")
ONLY_WORDS = words("only just nobody no noone")

# What a sentence about people has at least, when none of their words are in it: a number of some things, or a plural.
SOME = re.compile(
    r"\d|\b[a-z]{3,}(?:ers|ors|ists|ants|clerks|crews)\b|\b(?:affected|impacted|affects|impacts)\b"
    r"|\b(?:all|both|two|three|four|five|six|several|many|most|some|every)\b"
)

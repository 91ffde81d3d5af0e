"""How people say what has to be ready when."""

from __future__ import annotations

from handoffs.brief.phrases.rules import Rules, either

_CLOCK = (
    r"(?:(?:the |this |next |coming |on )?(?:\d{1,2}(?:st|nd|rd|th)\b|\d{1,2}(?:[:.h]\d{2})? ?(?:am|pm|a\.m|p\.m|h"
    r"|hrs|o'?clock|uhr|utc|cet|est|gmt)?\b(?!\.\d)(?! ?(?:users|people|pcs|minutes|mins|seconds|days|times|%|gb|mb"
    r"|errors|attempts|percent|tills|sites|reboots|updates|/))"
    r"|noon|midday|midnight|eod|cob|close of business|close of play|end of (?:the |this )?(?:day|week|month|quarter"
    r"|shift|year|play)|tonight|tomorrow|today|(?:mon|tues|wednes|thurs|fri|satur|sun)days?\b|(?:mon|tue|tues|wed"
    r"|thu|thurs|fri|sat|sun)\b"
    r"|week\b|month\b|lunch(?:time)?|evening|afternoon|morning|weekend|easter|christmas|xmas|(?:jan|feb|mar|apr|may"
    r"|jun|jul|aug|sep|oct|nov|dec)[a-z]* \d{1,2}|(?:jan|febr)uary|march|april|june|july|august|(?:septem|octo"
    r"|novem|decem)ber))"
)
_OCCASION = (
    r"(?:(?:the|their|our|her|his|a|next|this|they|we|doors) )?(?:\w+ )?(?:meeting|audit|auditors?|go-?live|opening"
    r"|opens?|close|closes|weekend|shift|exams?|show|event|conference|operation|signing|viewing|party|wedding"
    r"|appointment|holidays?|board|inspection|cut-?over|migration|payroll|pay run"
    r"|month[- ]end|match|service|lunch|dinner|election|launch|flight|court|hearing|demo|presentation"
    r"|interviews?|deadline|delivery|surgery|ward round|class(?:es)?|lessons?|trading|market|auction|tender"
    r"|broadcast|mass|funeral|doors|guests|patients|customers|term)\b"
)
_WHEN = (
    "# noon midday midnight eod cob close day week month quarter shift year tonight tomorrow today monday tuesday"
    " wednesday"
    " thursday friday saturday sunday mondays saturdays sundays fridays mon tue tues wed thu thurs fri sat sun lunch"
    " lunchtime evening afternoon morning weekend easter christmas xmas january february march april june july august"
    " september october november december meeting audit auditor auditors live opening opens open closes exam exams"
    " show event"
    " conference holiday holidays board inspection cutover over migration payroll pay end match service dinner"
    " wedding"
    " election launch flight court hearing demo presentation interview interviews deadline delivery surgery round"
    " class"
    " classes lesson lessons trading market auction tender broadcast mass funeral doors guests patients customers"
    " term half"
    " two three an night hour office business school working starts arrives begins latest"
)
DEADLINE = Rules(
    (
        "before by until till til later due latest after deadline between for & " + _WHEN,
        rf"\b(?:before|by|until|till|til|no later than|not after|due|latest|only after|deadline(?: is)?|in time for"
        rf"|ready for|needed for|up for) (?:{_CLOCK}|{_OCCASION})|\bat the latest\b|\bbefore (?:the )?\w+ (?:opens?"
        rf"|starts?|arrives?|begins?)\b",
    ),
    (
        "shuts shut finishes starts start begins begin opens open closes close leaves leave goes runs run ships"
        " expires expire ends end"
        " due flies fly lands arrives departs transmits switched starting opening closing out & " + _WHEN,
        rf"\b(?:starts?|begins?|starting|opens?|opening|closes?|closing|shuts?|finishes|leaves?|goes out|runs?|ships?"
        rf"|expires?|ends"
        rf"|is due|are due|due|fl(?:y|ies)|kicks off|lands?|arrives?|departs?|switched off|go(?:es)? live|transmits?"
        rf"|cut-?off is|start work)(?: again| daily| every night| early| always| nightly| to \w+| out)?,? (?:(?:at|on"
        rf"|from|by|around|again at|as early as|in the|this|next|coming|every) )?(?:{_CLOCK}|half|\d+ (?:hours|days"
        rf"|minutes)|in (?:\d+|two|three|an) (?:hours?|days?|minutes?)|night|hour)\b",
    ),
    (
        "meets meet arrive arrives sails sail checks check visit visits place moves plays performs presents party is"
        " are comes come & " + _WHEN,
        rf"\b(?:meets?|arrives?|sails?|checks? in|visits?|takes place|moves? (?:in|out)"
        rf"|plays|performs?|presents|(?:show|party|delivery|game|operation|flight|appointment|deadline|cut-?off"
        rf"|ceremony|handover|signing|viewing|slot|visit|call|[a-z]+ing|demo)(?: with \w+)? (?:is|are))(?: in| out"
        rf"| there| here| again| up| \w+ly)? ?(?:(?:at|on|from|by|around|every) )?{_CLOCK}",
    ),
    (
        "demo show lorry truck course concert delivery pickup van shipment game performance meeting reopening tour"
        " flight ferry loaded collected & #",
        r"\b(?:demo|show|lorry|truck|course|concert|delivery|pick-?up|van"
        r"|shipment|game|performance|meeting|tour|flight|ferry)\b.{0,45}\b(?:at|by|from|before) \d{1,2}(?:[:.]\d\d"
        r"| ?(?:am|pm))",
    ),
    (
        "is are & #",
        r"^(?:the |our |their )?(?!he\b|she\b|it\b|they\b|this\b|that\b|clock|time|load|temp|cpu)[a-z-]+(?<!man)(?<!rs)"
        r" (?:is|are) (?:at|from) \d{1,2}[:.]\d\d\b",
    ),
    (
        "tonight tomorrow sharp today",
        r"\b(?:tonight|tomorrow|today)(?: morning| evening"
        r"| afternoon)?,? (?:at )?\d{1,2}(?:[:.]\d\d)? ?(?:am|pm)?\b|\b\d{1,2}(?:[:.]\d\d)? ?(?:am|pm)? (?:sharp"
        r"|tomorrow|tonight|today)\b",
    ),
    (
        "must has have needs need & today tomorrow tonight by before until morning",
        r"(?<!i )(?<!we )\b(?:must|has to|have to|needs? to) (?:[a-z-]+ ){1,5}?(?:today|tomorrow|tonight"
        r"|this (?:morning|afternoon|evening|week)|by|before|until)\b",
    ),
    (
        "have got they've we've has & " + _WHEN,
        rf"\b(?:they|we|she|he|customer|client|who)(?:'ve| have| has"
        rf"|'s)(?: got)? (?:an?|their|the|her|his|another) (?:[\w-]+ ){{1,3}}?(?:at|on|from|this|by|in) {_CLOCK}",
    ),
    (
        "payroll pay salaries wages invoices invoicing tender bid vat tax filing",
        r"\b(?:payroll|pay run|salaries|wages|invoices|invoicing|tender|bid|vat return|tax return"
        r"|filing)(?: \w+)? (?:runs?|has to|have to|must|is due|are due|goes?|closes?|deadline|tomorrow|at \d"
        r"|on (?:mon|tue|wed|thu|fri|the)|tonight|by|before|starts?)\b",
    ),
    (
        "hours window freeze live cutover cut over end sla slas deadline deadlines friday peak rush busiest season",
        r"\b(?:opening|business|working|office|trading|core|shop|school|visiting) hours\b|\bout of hours\b"
        r"|\bafter[- ]hours\b|\b(?:maintenance|service|change) window\b|\b(?:change|code|config|deployment|network"
        r"|holiday) freeze\b|\bfreeze (?:until|till|period|starts|from|is|over)|\bgo-?live\b|\bgoing live\b"
        r"|\bcut-?over\b"
        r"|\b(?:month|quarter|year|term)[- ]end\b|\bsla\b(?! (?:report|is fine))|\bdeadlines?\b|\bblack friday\b"
        r"|\bpeak (?:time|hours|season|is|from|between)\b|\blunch rush\b|\bbusiest\b",
    ),
    (
        "audit auditors auditor inspection inspectors exams exam meeting presentation demo hearing trial interviews"
        " training conference webinar wedding election launch show concert match day opening event tournament auction"
        " broadcast ceremony agm surgery service shift market class classes lessons lesson hall board & # tomorrow"
        " tonight today week month afternoon morning evening monday tuesday wednesday thursday friday saturday sunday"
        " hour hours come comes coming arrive visit mon tue wed thu fri",
        rf"\b(?:audit|auditors?|inspection"
        rf"|inspectors?|exams?|board meeting|meeting|presentation|demo|hearing|trial|interviews?|training|conference"
        rf"|webinar|wedding|election|launch|show|concert|match|open day|opening|event|tournament|auction|broadcast"
        rf"|ceremony|town hall|agm|surgery|assembly|market day|class(?:es)?|lessons?|board)(?: \w+)? ?(?:(?:is|are|on"
        rf"|at|in|starts?|begins?|comes?|this|from) ){{0,3}}(?:tomorrow|tonight|today|this (?:afternoon|morning"
        rf"|evening|week)|next (?:week|month|{_CLOCK})|(?:mon|tues|wednes|thurs|fri|satur|sun)day|\d{{1,2}}[:.]\d\d"
        rf"|\d{{1,2}} ?(?:am|pm|o'?clock)|in (?:an hour|\d+ (?:hours|minutes|mins|min|days)|half an hour|two hours"
        rf"|two days|ten minutes))\b|\b(?:auditors?|inspectors?) (?:come|comes|are coming|is coming|arrive|visit)",
    ),
    (
        "first next needs need needed must & " + _WHEN,
        rf"\b(?:first|next) (?:patients?|customers?|guests?|orders?"
        rf"|delivery|truck|lorry|flight|client|class|shift|lesson|train|bus)\b.{{0,20}}(?:at|from|in|\d)|\b(?:needs?"
        rf"|needed|must have)(?: to)? (?:it|this|her|his|them|be|have it|work|\w+)(?: back| ready| working| fixed| up"
        rf"| done| live| online)? (?:by|for|before|until|on) (?:{_CLOCK}|{_OCCASION})",
    ),
    (
        "only not outside during & " + _WHEN,
        rf"\b(?:only|not) (?:before|after|during|until|between|outside|out of"
        rf"|from) (?:of )?(?:{_CLOCK}|{_OCCASION}|office|business|opening|hours|the|lunch|school|trading|service"
        rf"|working|lessons|classes)|\boutside (?:of )?(?:hours|business|office|opening|trading|working|school)",
    ),
    (
        "truck trucks lorry lorries courier couriers delivery deliveries ferry plane train trains van vans shift flies"
        " trading air stage",
        r"\b(?:trucks?|lorr(?:y|ies)|couriers?|deliver(?:y|ies)|ferry|plane|train"
        r"|van)s? (?:leaves?|goes|go|is|are|arrives?|depart|picks?|collect|comes?)\b.{0,15}\d|\b(?:late|night"
        r"|early) shift (?:starts|begins|comes|is|needs)\b|\bflies (?:to|out|off)\b.{0,30}(?:tomorrow|tonight|today|at"
        r"|on)|\b(?:trading|on air|on stage) (?:at|from|in)\b",
    ),
    (
        "doesn't don't won't can't isn't aren't doesnt dont wont cant not & after before between until on at from past",
        rf"(?:n'?t|\bnot) [a-z]+ (?:\w+ ){{0,3}}?(?:after|before|between|until|from|past) (?:{_CLOCK})",
    ),
    (
        "is are from & #",
        r"\b(?:is|are|runs?|goes)(?: from| daily| always)? \d{1,2}(?:[:.]\d\d)? ?(?:[–-]|to|till?|until)"
        r" ?\d{1,2}[:.]\d\d\b",
    ),
    (
        "they he she customer client customers guests shops visitors inspector inspectors auditor owner boss md ceo &"
        " #",
        r"\b(?:they|he|she|customers?|clients?|guests|shops|visitors|inspectors?|auditors?|owner|boss|md|ceo) (?!are"
        r"|is|has"
        r"|have|had|was|were|called|rang)[a-z]+s?\b(?<!ed) [^;?]{0,40}?\b(?:at|by|from|before) \d{1,2}(?:[:.]\d\d|"
        r" ?[ap]m)\b",
    ),
    (
        "free only ok fine possible empty booked busy occupied & #",
        r"\b\d{1,2}(?:[:.]\d\d)? ?(?:[–-]|to) ?\d{1,2}[:.]?\d{0,2}\b[^;?]{0,20}?\b(?:free|only|ok|fine|possible"
        r"|empty)\b"
        r"|\b(?:booked|busy|occupied|in use) (?:solid|out|until|till|all|from|by)\b",
    ),
    (
        "run deadline cutoff cut off filing release submission handover closing completion renewal stocktake & #",
        r"\b(?:run|deadline|cut-? ?off|filing|release|submission|handover|closing|completion|renewal|stock"
        r" ?take)\b(?: \w+"
        r"){0,4}? (?:is|are|at|on|by)(?: on| at)?(?: the)? \d",
    ),
    (
        "h hr hrs hour hours day days minutes min & has have got left only",
        r"\b(?:has|have|got|only|there'?s|there are) (?:only |about |roughly |maybe )?(?:\d+|two|three|a few) ?(?:h"
        r"|hrs?"
        r"|hours?|days?|minutes?|mins?)(?: left\b| to (?!\d)| until\b| before\b|[,.]|$)|\b(?:\d+|two|three) ?(?:h|hrs?"
        r"|hours?|days?|minutes?|mins?) left\b",
    ),
    (
        "until till til & got have gives lasts last enough holds hold full",
        r"\b(?:got|have|gives? us|lasts?|enough|holds?|full) (?:\w+ )?(?:until|till|til) \w+",
    ),
    (
        "used full runs out empty by in & # hours days minutes evening tonight tomorrow",
        r"\b(?:used (?:up )?by|full (?:by|in|at)|runs? out (?:at|by|in|on|of \w+ (?:at|by|in))|empty (?:by|in|at))"
        r" (?:around |about |ca )?(?:\d|noon|tonight|tomorrow|the evening|(?:mon|tues|wednes|thurs|fri|satur|sun)day)",
    ),
    (
        "coming weekend holiday holidays season sale fair stocktake inventory tender harvest",
        r"\b(?:weekend|holidays?|season|sale|fair|stock ?take|inventory|harvest|festival|term|christmas|easter|deadline"
        r"|audit|tender)(?: \w+)? (?:is |are |was )?(?:coming(?: up)?|ahead|starts?|begins?|due)\b|\b(?:tender|offer"
        r"|bid"
        r"|filing|report|thesis|proposal)s? (?:must|has to|have to|needs? to|is|are) (?:be )?(?:delivered|handed in|in"
        r"|submitted|sent|due|out)\b",
    ),
    (
        "hearing meeting exam demo presentation party wedding call event show appointment operation tour viewing class"
        " lesson training board interview signing conference delivery stocktake round & #",
        r"\b(?:hearing|meeting|exams?|demo|presentation|party|wedding|event|show|appointment|operation|tour|viewing"
        r"|class|lesson|training|interviews?|signing|conference|delivery|stock ?take|rounds?)\b[^;?]{0,25}? (?:at|from)"
        r" \d{1,2}\b(?![.:]\d{3}|\d)",
    ),
    (
        "covers bookings booked tables rooms guests seats appointments patients & tonight tomorrow # weekend",
        r"\b\d+ (?:covers|bookings|tables|rooms|guests|appointments|patients|orders|deliveries)\b[^;?]{0,20}\b(?:for"
        r"|at|from|tonight|tomorrow|today) ?\d*",
    ),
    (
        "is are & monday tuesday wednesday thursday friday saturday sunday tomorrow tonight",
        r"(?:^|, | the |\band )(?!it\b|this\b|that\b|there\b)[a-z]+(?<!\bhe)(?<!\bshe)(?<!\bthey)(?:[- ][a-z]+)?"
        r" (?:is|are)(?: on| due)?"
        r" (?:(?:mon|tues|wednes|thurs|fri|satur|sun)day|tomorrow|tonight)\b",
    ),
    (
        "announced planned scheduled & # monday tuesday wednesday thursday friday saturday sunday tomorrow tonight",
        r"\b(?:announced|planned|scheduled)\b[^;?]{0,50}?\b(?:for|on|at|from) (?:the )?(?:\d|(?:mon|tues|wednes|thurs"
        r"|fri|satur"
        r"|sun)day|tomorrow|tonight)",
    ),
)
DEADLINE_NOT = either(
    r"\b(?:was|were) (?:the|their|our|an?|in|on|with) [^;,]{0,40}\b(?:until|till)\b",
    r"(?:^|\b(?:the|on|at|of|and|for) )till \d+\b|\d{3,}\W+not (?:before|after|between)\b|\bin (?:surgery|class|court"
    r"|theatre) (?:un)?till?\b"
    r"|\b(?:was|were|has been|had been) (?:\w+ )?\w+ed\b|\bexpired\b|\b(?:no ?body|no ?one|hotline|help ?line"
    r"|switchboard|front desk|talk to|rings?"
    r"|reads? mail)\b",
    r"\b(?:worked|was (?:fine|ok|working|up)|were (?:fine|ok|working)|ran|fine|ok|working fine|logs?|used to work"
    r"|until now|up until|since|yesterday|happened|happens|occurs?|started|began|every time)\b[^;]{0,30} (?:until"
    r"|till|til|before|at|on|by|after)\b",
    r"\bno (?:deadline|rush|hurry|sla)\b|\bnot urgent\b|\b(?:job|task|script|scan|update|defrag|sync|report|process"
    r"|agent|windows|app|outlook|excel|word|program|service|pc|laptop|machine|session|browser"
    r"|log) (?:\w+ )?(?:runs?|starts?|started|ran|opens?|closes?|ends?|leaves?) (?:at|every|on|up|in|from|by)\b",
    r"\b(?:reach(?:ed|able)?|available|at home|at (?:her|his) desk|is (?:in|there|here|out|back|off|away)|are (?:in"
    r"|there|out|back|away)|on (?:holiday|leave)|(?:i'?m|i am) (?:off|out|here|in|on|away|back)|calls? (?:back"
    r"|again)|will (?:call|ring|be back|come back)|in the (?:library|office)|on a (?:plane|train|flight)|in the air"
    r"|on lunch|at lunch|i'?ll be|i will (?:be|call)|we will call|electrician|technician"
    r"|engineer comes)\b(?!.*\b(?:open|opens)\b)",
    r"\b(?:tried|waited|checked|rebooted|restarted|left it|ran it|running since|tested) (?:\w+ ){0,4}(?:until|till"
    r"|before|by)\b|\bby (?:mon|sun|sat|may|march) ?\w+ing|\bnot (?:before|after) the (?:update|change|reboot"
    r"|migration)\b|\bonly after (?:the |a )?(?:update|reboot|change|restart|login|logon|sleep)",
)

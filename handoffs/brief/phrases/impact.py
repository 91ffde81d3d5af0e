"""How people say who is hit without a number of users: what has to be done otherwise, what waits, what still works."""

from __future__ import annotations

import re

from handoffs.brief.phrases.affected import GROUP_WORDS, NUMBERS, PEOPLE, PLACES, THINGS
from handoffs.brief.phrases.rules import Rules, either, words

_TEAM = (
    r"(?:accounts|accounting|accountancy|payroll|reception|dispatch|despatch|shipping|goods[- ]in|warehouse|sales|hr"
    r"|finance|marketing|purchasing|production|billing|customer services?|call cent(?:er|re)|front desk|kitchen|bar"
    r"|housekeeping|planning|stores|logistics|workshop|procurement|bookkeeping|packing|picking|loading bay|admissions"
    r"|triage|pharmacy|radiology|library|canteen|the (?:office|shop|lab|ward|counter|field|board|gate|clinic|school"
    r"|practice|bakery|studio|crew|team|floor)|vets|nurses|staff|drivers|teachers|carers|cashiers|waiters|foremen"
    r"|fitters|clerks|midwives|lab techs)"
)
_ROLE = (
    r"(?:director|ceo|cfo|coo|cto|owner|chair(?:man|woman)?|president|head (?:of \w+|teacher|nurse|chef)|principal"
    r"|partner|md|bookkeeper|accountant|(?:\w+ )?manager|secretary|foreman|chef|surgeon|receptionist|nurse"
    r"|pharmacist|judge|notary|mayor|bishop|vicar|professor|dean|matron|boss)"
)
_WORKS_ON = (
    r"(?:take|serve|sell|ship|bill|invoice|book|order|pay|charge|work|see|print|scan|open|log|sign|dial|call out|ring"
    r" out|send|receive|reach|get (?:in|to|at|on|into|any|their|past)|save|post|enter|load|check (?:in|out)|read"
    r"|start|use|run|access|connect|view|clock|register|close|release|dispatch|export|import|join|edit|upload"
    r"|download|do any|do their|pick|pack|weigh|label|pull|hear|issue|quote|finish|hand|write|look|prescribe|teach)"
)
_THING = (
    r"till|scanner|printer|laptop|phone|tablet|terminal|screen|station|room|hall|floor|shop|ward|site|office|studio"
    r"|console"
    r"|harvester|crane|press|robot|gate|pump|oven|lift|bay|boat|bus|truck|van|analyser|machine|line|lane|desk|server"
    r"|camera"
    r"|door|display|kiosk|plant|branch|surgery|theatre|house|mill|lab|counter|register|scale|reader|encoder|projector"
)
_SIZES = r"(?:gb|mb|tb|kb|times|minutes|mins|hours|errors|percent|seconds|retries|attempts|warnings|packets|events)"
_WAITING = (
    r"(?:pil(?:e|es|ing)|queu(?:e|es|ing|eing)|waits?|waiting|stand|stands|standing|stuck|walk (?:away|out|off)"
    r"|turned away|stack(?:s|ing)?|back(?:ed|ing) up|go(?:es)? nowhere|can not leave|can'?t leave|on hold|held up"
    r"|stays? (?:at|in|on|out)|hangs? up|goes away|leave again|leave the|sent (?:home|on|away)|out (?:to|on) the"
    r"|unanswered|unpaid|stands? outside|(?:get|gets|getting) (?:nothing|no (?:reply|answer)))"
)

_TEAM_WORDS = " ".join(re.findall(r"\w+", _TEAM))
_PEOPLE_WORDS = " ".join(GROUP_WORDS) + " they " + _TEAM_WORDS
_NAMES = " ".join(re.findall(r"[a-z]{3,}", _THING)) + " & #"

# What a record says of people's work, by itself; other sentences about people are judged by a number or an effect.
IMPACT = Rules(
    (
        "eye foot post paper hand manually stick sticks whatsapp wetransfer",
        r"\bon paper\b|\b(?:writ(?:e|es|ing)|not(?:e|ing)|cop(?:y|ies|ying)|typ(?:e|es|ing)|do|does|doing|count(?:s"
        r"|ing)?|carr(?:y|ies|ying)|sends?|sending|enter(?:s|ing)?|fill(?:s|ing)?|takes?|taking|open(?:s|ing)?"
        r"|walks?|walking|drives?|driving|brings?|pack(?:s|ing)?|sorts?|sorting|shouts?|reads?|dictates?|pass(?:es)?)"
        r"\b[^.;]{0,60}\b(?:by (?:hand|eye|foot|post)|manually|(?:on|with|by|over) (?:an? )?(?:usb"
        r"|usb sticks?|sticks?|whatsapp|wetransfer))\b",
    ),
    (
        "can't cannot cant can couldn't couldnt unable & " + _PEOPLE_WORDS,
        rf"\b(?:they|{_TEAM}|{PEOPLE})(?: (?:still|now|also|then|just|both|all|there|here|simply))*"
        rf" (?:can ?not|can'?t|are unable to|could not|couldn'?t)(?: \w+)? {_WORKS_ON}\b",
    ),
    (
        "don't dont doesn't doesnt do does hear hears see sees get gets & " + _PEOPLE_WORDS,
        rf"\b(?:they|{_TEAM}|{PEOPLE})(?: (?:still|now|also|then|just|all|there|simply))* (?:(?:do|does)(?: not"
        rf"|n'?t) (?:see"
        rf"|get|hear|receive|find|have (?!it\b|this\b|the (?:problem|issue)))|(?:hears?|sees?|gets?) nothing)"
        rf"|\b(?:they|{PEOPLE})(?: [\w-]+){{0,3}}? (?:sees?|hears?|gets?) only\b",
    ),
    (
        "have don't not doesn't",
        r"\bdo(?:es)?(?: not|n'?t) have (?:it|this|that|the (?:problem|issue|fault|error))\b",
    ),
    (
        "every each twice",
        rf"\b(?:they|she|he|{_TEAM}|{PEOPLE}|(?!server|router|printer|monitor|error|timer|folder"
        rf"|user)[a-z]{{3,}}(?:er|or|ist"
        r"|eer|ian)s?|keepers|poor \w+|someone|somebody)(?: (?:now|still|always|then|has to|have to|had to|must|also))*"
        r" (?:walk|drive|go|call|phone|ring|type|enter|read|check|measure|carr(?:y|i)|push|open|write|log|sign|count"
        r"|ask|fetch"
        r"|take|copy|start|do|mail|run|print)(?:s|es)?\b[^.;]{0,45}\b(?:every|each|twice)\b",
    ),
    (
        "had has have",
        r"\bha(?:d|s|ve) to (?!be\b|go back\b)[a-z]+ (?:[\w-]+ ){0,2}?(?:by|with|on|from|at|in|over) (?:the old|hand"
        r"|paper|phone"
        r"|the other|another|foot|eye|an old|pen|pencil|home)\b",
    ),
    (
        "written typed entered counted copied done carried made issued noted taken",
        r"\b(?:is|are|being|gets?) (?:now |all |still )?(?:written|typed|entered|counted|copied|done|carried|made"
        r"|issued|noted"
        r"|taken) (?:with|by|on|at) (?:a |the )?(?:marker|hand|paper|phone|pen|pencil|stick|usb|memory|foot|counter"
        r"|till)\b"
        r"|\b(?:is|are) (?:noted|written|kept|entered) in (?:an? )?(?:copy ?book|note ?book|book|list|excel"
        r"|spreadsheet)\b",
    ),
    (
        _NAMES,
        rf"\b(?:{_THING}) (?:\d+|[a-e])\b(?: (?!is\b|has\b|was\b)[\w-]+){{0,2}}? (?:stands?\b|takes no|prints no"
        rf"|makes no|shows"
        r" (?:no|nothing)|sends no|gets no|has no|can'?t|cannot|can not|is (?:down|dead|dark|out|off|offline|stuck"
        r"|black|idle)|keeps"
        r" \w+ing|won'?t|refuses|does(?: not|n'?t) \w+|re-?boots?)\b"
        rf"|\b(?:{THINGS}|{PLACES}) \d+ (?:to|and|-|through) \d+ (?!is |are |ok|fine|print|work)[a-z]+\b",
    ),
    (
        "has have can can't cannot cant waits wait waiting without no down stand stands stuck gets get sees see lost"
        " loses lose idle is are writing & " + _TEAM_WORDS,
        rf"\b(?<!told ){_TEAM}\b(?! policy)(?: (?:is|are|still|now|again|all|just))* (?:writing|wait(?:s|ing)?|ha(?:s"
        rf"|ve"
        r") (?:no|nothing|to)|(?:works? |working )?without|down|stands?|standing|stuck|gets? (?:no|nothing|only)"
        r"|sees? (?:no|nothing|old|only)|los(?:t|es?|ing)|idle|can ?not|can'?t)\b",
    ),
    (
        "loses lose lost costs cost costing wastes wasting waits wait takes",
        r"(?<!i )(?<!we )\b(?:los(?:es?|t|ing)|costs?|costing|wast(?:es?|ing)|waits?|takes) (?:(?:her|him|them|each"
        r"|everybody|everyone|us|about|around|up to|over|nearly|the|all|every \w+) ){0,2}(?:half|an?|the|two|three"
        r"|four|five|ten|\d+)(?: (?:whole|good|to|an?|or|-|\d+|the))* ?(?:mornings?|hours?|days?|afternoons?|minutes"
        r"|mins?|shift)\b",
    ),
    (
        "gets get use uses works work book books depend depends rely relies need needs live lives wait waits waiting"
        " share"
        " shares is are order orders go goes has have ring call & # all both two three four five six seven eight nine"
        " ten"
        " eleven twelve twenty thirty forty fifty half several",
        rf"\b(?:\d[\d.,]*|{NUMBERS})(?: of (?:them|the \w+))? (?:(?!{_SIZES})[a-z-]+ ){{0,2}}?(?!{_SIZES}|and\b|or\b"
        rf"|but\b|services"
        r"|jobs|disks|drives|ports|processes|tasks)[a-z-]{3,} (?:(?:who|that|which) [\w ]{3,24} )?(?:(?:all|now"
        r"|also|still) )?(?:gets? (?:paid|nothing|no|their|in|an?)|use[s]? (?:it|this|that|the)|works? (?:on|with"
        r"|in|from|through)|books?|depends?|rel(?:y|ies)|needs? (?:it|this)|lives?|waits?|waiting|share[s]?"
        r"|(?:is|are) (?:waiting|standing|without|booked|due|concerned|hit)|orders?|goes? through|ha(?:s|ve) (?:it"
        r"|this|that|the same|no)|ring|call)\b",
    ),
    (
        "day hour shift week night month morning",
        rf"\b\d[\d.,]* (?!{_SIZES})[a-z-]+ (?:a|per|each|every|an) (?:day|hour|shift|week|night|month|morning)\b",
    ),
    (
        "dies die fails stops down dead",
        r"\b(?:\d[\d.,]*|two|three|all) [a-z-]+ if (?:it|this|that|the \w+) (?:dies|fails|stops|goes|is down)\b",
    ),
    (
        "for & has have needs to do",
        rf"\b(?:ha(?:s|ve)|needs?) to (?:[\w-]+ ){{1,5}}for (?:\d+|all|the) ?(?:{PEOPLE})\b",
    ),
    (
        "runs run works work hangs depends depend relies rely books book goes go all live lives everything through",
        r"\b(?:runs?|works?|hangs?|depends?|rel(?:y|ies)|books?|goes?|lives?|all|paid|everything) (?:on|through|over"
        r"|via"
        r"|off|with) (?:it|this|that|the same|one)\b(?= (?:server|vm|box|host|pc|machine|program|system|line|one"
        r"|printer|router)|[.,;!]|$)",
    ),
    (
        "only just",
        r"\b(?:only|just) (?:the |in |on |at |in the |at the |on the )?[\w-]+(?: [\w-]+){0,2},? (?:and )?not"
        r" (?:the |in |on |at )?\w+\b|\b(?:only|just) (?:calls|mails?|e-?mails?|orders|messages|labels|invoices"
        r"|those|the ones|people|users|customers) (?:that|which|who|from|to|with|in|going|coming|for)\b",
    ),
    (
        "driver visitor boat queue lines customers customer patients patient guests guest drivers lorries lorry"
        " trucks truck orders invoices parcels"
        " people kids parents visitors goods pallets deliveries calls cars members callers containers prescriptions"
        " samples students pupils passengers boats vans quotes letters applications payments claims",
        r"\b(?:customers?|patients?|guests?|drivers?|lorr(?:y|ies)|trucks?|orders|invoices|parcels|people|kids|parents"
        r"|visitors|goods|pallets|deliveries|calls|cars|members|callers|containers|prescriptions|samples|students"
        r"|pupils"
        rf"|passengers|boats?|vans|drivers? |queue|quotes|letters|applications|payments"
        rf"|claims)(?: (?!who\b)[\w-]+){{0,4}}? {_WAITING}\b",
    ),
    (
        "late nights days weeks hours shifts night day",
        r"\b(?:(?:an|half an|one|two) hours?|a day|\d+ (?:minutes?|min|hours?)|hours|days) late\b|"
        r"\b(?:two|three|four|five|six|seven|\d+) (?:nights?|days?|weeks?|shifts?|hours?) (?:without|missing|lost"
        r"|behind|gone|of \w+ (?:missing|lost))\b",
    ),
    (
        "who that which",
        r"\b(?:the )?(?:two|three|four|five|six|seven|eight|nine|ten|\d+) (?:who|that"
        r"|which) (?:[\w-]+ ){1,5}?(?:gets?"
        r"|can|can'?t|cannot|ha(?:s|ve) no|sees?|lost|lose)\b",
    ),
    (
        "on & all every each both # two three four",
        rf"\b(?:is|are|comes?|shows?|appears?|happens?|seen|same)(?: up)? on (?:all|every|each|both"
        rf"|\d+)(?: (?:of the )?\d+)?"
        rf"(?: [\w-]+)? (?:{PLACES}|{THINGS})\b",
    ),
    (
        "this user caller customer concerns",
        rf"\b(?:this is|(?:user|caller|customer|person|client) (?:is|=)|concerns)(?: (?!not\b|no\b|ok\b"
        rf"|fine\b)[\w'.-]+){{0,4}}?"
        rf" {_ROLE}\b(?!'s (?:job|decision|call|wish))",
    ),
    ("without", r"\bstill without\b|\bwithout (?:any|their|a working) [\w-]+(?: [\w-]+)?[.!]?$"),
)
# What still works for whom: it says where the trouble ends.
UNAFFECTED = Rules(
    (
        "right alright perfect fine ok okay works work working normal normally affected unaffected good green well",
        r"\b(?:(?:the |all |every )?others?|(?:the |all )?rest|(?:the |all |every )?other (?!end\b|day\b)[\w-]+"
        r"(?: (?!is\b|are\b)[\w-]+){0,3}|every(?:one|body|thing|where) else|elsewhere)(?: in [\w ]{2,15})?,?"
        r" (?:(?:is|are|was|were|still|all|can) )*(?:fine|ok|okay|works?|working|normal(?:ly)?|good|up|green"
        r"|not affected|unaffected|not concerned|all right|alright|perfect(?:ly)?)\b"
        r"|\bworks? (?:\w+ )?(?:for|on|at|in|with) (?:every ?(?:one|body)|all|the|any)(?: of)?(?: the)? (?:else|others?"
        r"|other \w+|rest)\b|\bunaffected\b|\bnot affected\b"
        rf"|\b(?:{PLACES}|{THINGS}) \d[\d, ]*(?:(?:and|to|-) \d+ )?(?:is|are) (?:fine|ok|okay|good)\b"
        r"|\b(?:calls|mails?|orders|prints?|jobs|those) (?:that|which|from|to|in) [\w ]{2,20} (?:is|are|work"
        r"|go) (?:fine|ok|perfect"
        r"|good|through)\b|\b\d+ (?:and \d+ )?(?:prints?|works?|runs?|are|is) (?:normal(?:ly)?|fine|ok|perfect\w*)\b"
        r"|\b(?:station|site|office|shop|hall|room|floor|line|branch|building|warehouse|clinic|plant|wing|kitchen"
        r"|school)(?: \w)?"
        r" (?:is|are|works) (?:ok|fine|good|normal)\b",
    ),
)
_PUBLIC = (
    r"(?:donors?|customers?|guests?|patients?|clients|members|students|pupils|parents|callers?|visitors|residents"
    r"|suppliers|tenants|shoppers|riders|passengers|citizens|buyers|chefs|nurses|waiters|drivers|pickers|teachers"
    r"|carers"
    r"|agents|doctors|vets|cashiers|operators|engineers|lawyers|clerks|volunteers|staff|the (?:team|crew|shop|office"
    r"|kitchen|ward|line|desk|night|day|late|early|first|second) ?(?:shift|team|staff|crew)?|night shift|day shift"
    r"|sales"
    r"|reception|accounts|finance|warehouse|production|dispatch)"
)
_STANDS_FOR = r"(?: (?!can|is|are|was|and|but|who|which|that|to|from|with|for)[\w'.,()-]+){0,4}?"
# Somebody who is not the one who writes, and what they cannot do or do instead.
STOPPED = Rules(
    (
        "can't cannot cant can unable & " + _PEOPLE_WORDS + " user customer client she he caller shift mr mrs ms dr ceo"
        " cfo md boss owner director partner manager nobody donors guests reception nobody",
        rf"\b(?:user|customer|caller|client|she|he|mr|mrs|ms|dr|shift|boss|{_ROLE}|{_PUBLIC}|{PEOPLE})\b\.?"
        rf"{_STANDS_FOR} (?:can ?not|can'?t|(?:is|are) unable to)(?: \w+)? (?:{_WORKS_ON}|get|do|join|submit|go|scan"
        r"|print)\b",
    ),
    (
        "instead now moment mo atm meanwhile & " + _PEOPLE_WORDS + " they she he everyone people",
        rf"\b(?:{_PUBLIC}|{PEOPLE}|they|everyone|everybody)\b(?! (?:told|said|asked|want))[^.;?]{{3,60}}\b(?:instead"
        r"|(?:right |just |for )?now|at the mo(?:ment)?|atm|meanwhile)[.!]?$",
    ),
    (
        "only cash card nothing & mo moment atm now today",
        r"^\w+ only (?:at the mo(?:ment)?|atm|(?:right |for )?now|today)\b",
    ),
    (
        "donor donors customer customers guest guests patient patients clients members students pupils parents caller"
        " callers visitors residents suppliers tenants chefs nurses waiters drivers pickers teachers carers agents"
        " doctors vets cashiers operators engineers lawyers clerks volunteers passengers citizens buyers",
        rf"^(?:so |and |now |the |their |our |\d+ |all |some |many )*{_PUBLIC} (?:are|is|go|goes|have to|has to|keep"
        r"|keeps|see|sees|get|gets|ring|rings|call|calls|phone|complain\w*|stand|wait|waits|hear|hears|write|use|walk"
        r"|drive|do|can only|sit|sits)\b(?! (?:fine|ok|okay|working|happy|good|back|not (?:affected|impacted)))",
    ),
    (
        "standstill halt stands nothing",
        r"\b(?:at|to) (?:a )?(?:complete |total |full )?(?:standstill|halt)\b|\bnothing (?:goes|moves|ships|leaves)\b",
    ),
    (
        "every each & he she they user must has have types type",
        r"\b(?:he|she|they)(?: must| has to| have to| need to| needs to) \w+",
    ),
    (
        "starts start logon boot & every each must",
        r"^(?:partner|director|boss|owner|ceo|cfo)\b[^.;?]{0,80}\b(?:every|each|must|can)\b",
    ),
)
# One person or thing, by what they are: worth a line where nobody says how many.
BY_ROLE = Rules(
    (
        "director ceo cfo coo cto owner chair chairman president head principal partner md bookkeeper accountant"
        " manager"
        " secretary foreman chef surgeon receptionist nurse pharmacist judge notary mayor bishop vicar professor dean"
        " matron boss",
        rf"\b(?:this is|it'?s|it is|its|(?:user|caller|customer|person|client) (?:is|=)|concerns?|for (?:the|their"
        rf"|our))(?: (?!not\b|no\b|ok\b|fine\b)[\w'.-]+){{0,4}}? {_ROLE}\b(?!'s (?:job|decision|call|wish))",
    ),
    (
        "but only except",
        r"\b(?:starts?|opens?|boots?|connects?|rings?|prints?|quick|fast|fine|works?|logs? (?:in|on)|ok"
        r"|good)\b[^.;]{0,25}"
        r"(?:\bbut (?:no|not|nothing|only|then|never)\b|, (?:only|just not|except|just) (?!if\b|so\b)\w+)",
    ),
)
# Who is meant by a sentence that says nothing else.
PERSONS = words(
    "they customers customer patients guests passengers people staff users drivers nurses teachers pupils students"
    " clerks"
    " cashiers visitors members donors callers volunteers keepers residents riders tenants parents children kids"
    " colleagues"
    " everyone everybody nobody crew crews team wards departments accounts payroll reception dispatch sales kitchen"
    " warehouse"
    " production doctors receptionists operators dispatcher operator director boss owner manager shops offices sites"
    " citizens"
    " suppliers buyers"
)
# Whom a sentence of the first message is about, when it names any of them.
WHO = PERSONS | GROUP_WORDS | words(_TEAM_WORDS + " nobody everyone everybody she he mr mrs ms dr user customer")
WHO -= words("in the of s er re entre cent loading field board gate floor line counter lines points units screen it")
# Of these, those that are not the technology itself.
WORKED_WITH = WHO - words(
    "server servers vm vms host hosts switch switches ap aps network box boxes account accounts client clients"
    " mailboxes endpoint endpoints house cells"
)
IMPACT_NOT = either(
    r"^(?:mind|told|asked|please|pls|if|ask|tell|get|move|let|set|switch|make|do not|don'?t|never|checked|tested"
    r"|compared|tried)\b",
    r"\b(?:don'?t|do not|never) (?:throw|touch|delete|re-?\w+|switch|use|move)|\bso we can\b|^heads[ -]up"
    r"|\bbooked for\b"
    r"|\b(?:i|we) (?:installed|did|do|went|have (?:copied|done|typed)|typed|copied|started|set|wrote|unlock"
    r"|entered)\b[^.;]{0,50}"
    r"\b(?:by hand|manually|on paper)\b",
    r"\b(?:can|could) wait\b|\bbe on paper\b|\b(?:paper (?:tray|jam|near|end|out|size)|out of paper)\b",
    r"\bno (?:other|others) (?:is|are)\b|\b(?:will|would|could|might) (?:lose|wait|stand|be waiting)\b",
)

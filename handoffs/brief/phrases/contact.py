"""How people say whom to ask and how to reach them; and what only looks like a telephone number."""

from __future__ import annotations

import re

from handoffs.brief.phrases.rules import Rules, either, words

_PERSONAL = (
    r"(?:her|him|them|(?:mr|mrs|ms|miss|dr|sister|herr|frau)\b\.? \w+|reception(?:ist)?"
    r"|the (?:[\w-]+ ){0,2}(?:receptionist|manager|caretaker|janitor|owner|director|secretary|assistant|supervisor"
    r"|foreman|desk|porter|key user|security|concierge|teacher|nurse|bursar"
    r"|leader|lead|admin|guy|person|lady|contact|engineer|user|office|headmaster|matron|sister|chef|boss|cfo"
    r"|ceo|md|coordinator|clerk|librarian|pharmacist|vet)|front desk|whoever)"
)
REACH = Rules(
    (
        "ask asking",
        r"\bask(?:ing)? for (?!\d|a\b|an\b|the (?:password|pin|code|ticket|log|user)|help|it\b|more"
        r"|permission|approval|cred|advice|password|his pass|her pass|their pass|admin|user|two|mfa|log|that|this"
        r"|bitlocker|another|support|feedback|pin|new|one|some)\w+|\bask (?:\w+ )?at (?:the )?(?:reception|front desk)"
        r"|\basks? (?:mr|mrs|ms|miss|dr|prof|sister|nurse|father|herr|frau|chef)\b (?!if\b|whether\b|to\b)",
    ),
    (
        "ask speak talk spoke talking speaking write report call ring phone contact reach text message ping whatsapp"
        " catch get find email mail dial e",
        rf"\b(?:until|till|before|after|at) (?:then|that|night)\b,? ask {_PERSONAL}"
        rf"|\b(?:speak|talk|talking|speaking|write|report|go) (?:to|with"
        rf"|directly to) {_PERSONAL}\b|\b(?:call|ring|phone|contact|reach|text|message|ping|whatsapp|catch|get|find"
        rf"|e?-?mail|dial) {_PERSONAL}(?: back)?(?: (?:on|at|via|by|in|through|under|when|if|before|after|first"
        rf"|between|from|for|directly|again|only|any ?time)\b|[.,;:!)]|$)",
    ),
    (
        "best",
        r"\b(?:e?-?mail|phone|text|texts|teams|whatsapp|mobile|chat) is best\b|\bbest (?:by|via|on|over"
        r"|through) (?:the )?(?:phone|e?-?mail|text|teams|mobile|chat|whatsapp)",
    ),
    (
        "reached reachable contacted contactable reach best prefers prefer answers answer way",
        r"\b(?:can|could|may|is|are|be|'s|only|best|easily|also)(?: \w+)?(?: be)? (?:reach(?:ed|able)|contacted"
        r"|contactable)(?: (?:at|on|via|by|under|through|per|from|until|between|after|before|in|over|only|all|any"
        r"|during|till|most)\b|$)|\breach(?:able)? (?:her|him|them|me|us) |\b(?:is|are|am) not reachable\b"
        r"|\bbest (?:way )?(?:reached|to (?:call|reach|ring|contact|get|catch)|contact|time to call|on (?:her"
        r"|his) mobile)|\bprefers? (?:e?-?mail|texts?|calls?|phone|teams|slack|whatsapp|chat|to be (?:called|contacted"
        r"|reached)|a call|sms)\b|\banswers? (?:\w+ )?(?:fast|quick\w*|immediately|on|only|within|the phone)\b",
    ),
    (
        "teams slack whatsapp chat sms signal mail email",
        r"\b(?:by|via|per|over|on|through) (?:teams|slack|whatsapp"
        r"|chat|sms|text|signal|phone only|e?-?mail only)\b(?=.{0,40}(?:only|best|answers?|reach|her|him|them|fast"
        r"|quick|please|$))|\b(?:reach|ping|message|text|get|find|ask|call|contact) [\w. ]{2,25} (?:on|via|by|over|in"
        r"|through) (?:teams|slack|whatsapp|chat|signal|e?-?mail|sms|radio)\b|\b(?:teams|slack|whatsapp)[ -](?:chat"
        r"|message|call|group|channel) with \w+|\bonly by e?-?mail\b",
    ),
    (
        "contact poc ansprechpartner contacts user to",
        r"\b(?:contacts?|point of contact|poc|contact person"
        r"|ansprechpartner)(?: person| there| on site| onsite| for (?:this|it|questions|[\w ]{2,20}))?(?: is\b|:| =| -"
        r"|'s\b| will be)|\bcontact (?:name|number|details|person)\b|^contact[: ]|\bis (?:the|our|my|your|their"
        r"|a)(?: [\w-]+)? (?:contact|contact person|key user|go-?to)\b",
    ),
    (
        "knows know man woman guy lady person",
        r"\bis the (?:one|person|man|woman|guy|lady) (?:to|who knows)\b"
        r"|\bknows (?:the|how|about|all|it|where|everything|that|her|him|more)\b",
    ),
    (
        "direct callback call number mobile cell phone line extension landline no desk",
        r"\b(?:direct (?:line|dial|number)|call[- ]?back (?:number|no|on|at|to)|(?:her|his|their|my|mobile|cell|phone"
        r"|desk|office|home|direct|work|private) (?:number|no\.?|mobile|cell)(?:phone)? (?:is|:)|(?:on|via|by|under"
        r"|through) (?:her|his|their) (?:mobile|cell|phone|direct line|extension|desk phone|landline"
        r"|private))\b(?! (?:can|does|won|she gets|he gets|it|app))|\b(?:her|his|their) (?:mobile|cell"
        r"|number) (?:is )?in the ticket",
    ),
    (
        "intercom bleep vhf ext extn extension dect pager dw durchwahl channel mob mobile cell tel phone ph handy fon"
        " mobil hours x",
        r"\b(?:mob(?:ile)?|cell|tel|phone|ph|handy|fon|mobil)[.:]{1,2} ?\(?\+?\d[\d ()/-]{2}|\bextn?\b\.? ?:?\d{2,5}\b"
        r"|\bextension ?:?\d{2,5}\b|\b(?:pager|bleep|vhf) \d+|\bintercom \d+|\bdect ?\d+|\bpeoplesoft \d+"
        r"|\bdurchwahl \d+|\bdw \d+"
        r"|\bradio channel \d|\b(?:support|office|helpdesk) hours \d|\bx ?\d{3,4}\b",
    ),
)
REACH_NOT = either(
    r"\b(?:share|server|network|port|host|gateway|site|page|url|service|switch|printer|router|vpn|dns"
    r"|destination)\b[^;]{0,30}"
    r"\breachable",
    r"\bi (?:just |also )?tried (?:to )?(?:call|reach|ring|phon|contact)\w*"
    r"|\b(?:can'?t|cannot|could not|couldn'?t|unable to) (?:reach|call|contact|find|get) (?:the|it|them from)\b"
    r"|\bext(?:ension|\.)? \d+ (?:is|does|can|rings?|has|was|keeps|drops|shows)|\bget them to\b|\b(?:he|she|they|user"
    r"|customer) (?:called|rang|mailed|emailed)\b(?!.*\d{4})|\bfind them in\b|\bnobody knows\b|\bno ?one knows\b"
    r"|\b(?:windows|server|system|it|outlook|switch|program|app|client|dns|router|software|browser|which)"
    r" knows\b"
    r"|\bgets? (?:her|him|them) (?:in|on|back)\b|\bi (?:called|asked|emailed|phoned|messaged)\b"
    r"|\bget her (?:working|online|back)|\bcall(?:ed)? (?:her|him|them) back (?:when|once|if|after)",
)
ON_SITE_WORDS = words(
    "site onsite reception there around available reachable free back off away holiday leave vacation shift"
    " call duty out home lunch meeting mornings afternoons here until till teams slack chat"
)
ON_SITE = re.compile(
    r"\b(?:[Ss]he|[Hh]e|[Tt]hey|[Ss]omeone|[Ss]omebody|mr|mrs|ms|dr|caretaker|receptionist|manager|owner|engineer"
    r"|technician|electrician|foreman|colleague|[A-Z][a-z]+)\b\.?(?: [A-Z]\w+| from \w+| \(.{1,30}\)"
    r"| and \w+)*(?:'s| is| are| will be|'ll be|'re| works?| sits?)(?: also| still| only| usually| always| there"
    r"| back| all day| normally){0,2} "
    r"(?:on[- ]?site|at the (?:site|front desk|reception|desk|shop|office)|in the (?:office|building|shop"
    r"|server room|library) |at reception|at (?:her|his) desk|there (?:until|till|from|all|today|tomorrow|in"
    r"|on|every|between|after|before)|in (?:until|till|from|at|on|today|tomorrow)\b|around (?:until|till|all|from"
    r"|today)|available|reachable|free (?:at|from|after|until|between|on)|back (?:at|on|from|in|tomorrow|after|by"
    r"|monday|tuesday|wednesday|thursday|friday)|off (?:today|tomorrow|from|until)|away (?:until|till|from|today"
    r"|this)"
    r"|on (?:holiday|leave|vacation|shift|call\b|duty)|out (?:until|till|of (?:the )?office|today|tomorrow)|at home"
    r"|at lunch|in a meeting|on (?:[Tt]eams|[Ss]lack|chat)\b"
    r"|mornings|afternoons|here (?:until|till|from|all|today)|only (?:in|there|here))"
)
ON_SITE_NOT = re.compile(
    r"\b(?:server|backup|copy|router|switch|printer|spare|it|line|laptop|pc|part|update|device|this|that|what"
    r"|firewall|monitor|problem|service|link|key|error|nothing|everything|data|light|which|network|internet|card"
    r"|port|stock|phone|software|certificate|version|licen[cs]e|wifi|vpn|dns|outlook|teams|exchange|nobody"
    r"|none)(?:'s| is| are| will be|) ",
    re.I,
)
EMAIL = re.compile(r"(?<![\w.+@:/<-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,4}(?![\w@])")
EMAIL_NOT = either(
    r"\bno-?_?reply|do-?not-?reply|mailer-daemon|postmaster@|bounces?@|notifications?@|alerts?@|root@|administrator@",
    r"\bbounc\w+|\bndr\b|\breject\w*|\bundeliver\w*|\b5\d\d [\d.]+|\bmailbox(?:es)?\b|\baccount\b|\blocked\b"
    r"|\bpassword\b|\blog ?in\b|\bsign(?:ed|s)? in\b|\bupn\b|\balias(?:es)?\b|\bsender\b|\bspam\b|\bphish\w*"
    r"|\bforward\w*|\bcan'?t\b|\bcannot\b|\bcan not\b|\bfail\w*|\bmigrat\w*|\bsync\w*|\blicen[cs]e\w*|\bsent from\b"
    r"|\bsending (?:to|from)\b|\bs(?:ends?|ent) [^;]{0,40}\b(?:to|from|as)\b|\bmails? (?:to|from)\b|\be-?mails? (?:to"
    r"|from|sent)\b"
    r"|\btest mail\b|\berror\b|\bsmtp\b|\bimap\b|\bdelegat\w+|\bdistribution\b|\bshared\b|\bcalendar\b"
    r"|\b[\w.+-]+@[\w.-]+ (?:is|was|does|doesn't|has|gets)\b",
)
# A number that reaches nobody, or is everybody's.
NO_NUMBER = Rules(
    (
        "number fax visit offers use service nobody noone no picks pick answers answer",
        r"\b(?:no ?body|no ?one)(?: there)? (?:picks|answers)\b|\b(?:does|do|did)(?: not|n'?t) (?:pick up|answer)\b"
        r"|\bno answer\b|\bwrong number\b|\bnumber\b[^;]{0,40}\b(?:is|was) (?:\w+ )?(?:wrong|old|dead|out of|not in"
        r"|no longer"
        r"|disconnected)|\b(?:is|was|goes to) (?:a|the|our|their) fax\b|\bvisit (?:us|our|www|http)|\bfor (?:more"
        r" (?:information|details)|special )?offers\b|\b(?:no longer|not) in (?:use|service)\b",
    ),
)
RIGHT_NUMBER = either(r"\b(?:right|correct|new|real|instead|better|use (?:the|this|her|his|\d)|if|try|else)\b")
EMAIL_FOR = either(
    r"\b(?:contact|reach(?:able|ed)?|write to|cc|best at|(?:her|his|by) e?-?mail|(?:please|or|can"
    r"|just|then) e?-?mail)\b.{0,25}$"
)
NAMED_BEFORE = re.compile(r"\b[A-Z][a-z]+(?: \(|, | - )$")
EMAIL_NEVER = either(r"no-?_?reply|do-?not-?reply|mailer-daemon|postmaster@")
PHONE = re.compile(
    r"(?<![\w.:/\\#=@,+-])(?<!\d )(?:\+ ?"
    r"|00)?\(?\+?\d{1,9}\)?(?:[ ./-]{1,2}\(?\d{1,8}\)?){0,6}(?![\w:=@\\])(?!-\w)(?!\.\d)(?!%| ?(?:[kmgt]i?b|bytes"
    r"|ms|packets|rows|files|errors|hours|minutes|seconds|users|px|mhz|ghz|dpi|rpm)\b)"
)
PHONE_WORDS = re.compile(
    r"\b(?:call|ring|phone|tel|mobile|mob|cell|number|reach|text|whatsapp|fon|telefon|handy"
    r"|reception|contact|sms|desk|line|on|at|ph|under|landline|hotline|site|direct|(?:talk"
    r"|speak) to)\b\W{0,3}(?:\w+\W{1,3}){0,3}$",
    re.I,
)
NOT_A_PHONE = re.compile(
    r"(?:\b(?:ticket|case|inc|ref|reference|serial|s/n|sn|order|invoice|po|asset|tag|kb|id|ids|error|code|build"
    r"|version|ver|account|acct|licen[cs]e|key|pid|sr|job|tracking|imei|iccid|circuit|policy|event|part|model"
    r"|firmware|customer|port|vlan|chassis|rma|incident|change|chg|problem|prb|task|document|pin|iban|tan|barcode"
    r"|ean|article|card|sid|asn|size|bytes|timestamp|date|from|between|meeting|sim|mac|ip|volume|sector|block|row"
    r"|record|batch|lot)\W{0,4}(?:no\.?|numbers?|nr\.?|id|#|is)?\W{0,3}"
    r"|\b(?:calls?|calling|dial(?:l?ing|led|s)?|did|caller id|fax|forward(?:ed|ing|s)?|ported|porting|inbound"
    r"|outbound|numbers? (?:like|such as))(?: (?:to|from|on|number|the)){0,2}\W{0,2})$",
    re.I,
)
CALLS_IT = re.compile(
    r"(?:^|\b(?:please|pls|you|to|or|and|just|then|urgent|can)\b,? |[,;:.(-] ?)(?:call|ring|phone"
    r"|dial)(?: back)?(?: (?:her|him|them|me|us))?(?: (?:on|at))?\W{0,2}$",
    re.I,
)
SHAPE_OF_NO_PHONE = re.compile(
    r"\d{1,3}(?:\.\d{1,3}){3}|\(?(?:19|20)\d\d[-/. ]\d{1,2}[-/. ]\d{1,2}\)?.*|\d{1,2}[-/. ]\d{1,2}[-/. ](?:19"
    r"|20)\d\d.*|(?:19|20)\d\d ?[-/] ?(?:19|20)\d\d|\d\d(?:-\d\d){5}|\d{1,3}(?:[., ]\d{3})+"
    r"|[0-2]\d[0-5]\d ?[-–] ?[0-2]\d[0-5]\d|\d(?: \d)+|0+"
)
VERSION = re.compile(r"\d+(?:\.\d+)+")
SHAPE_OF_A_PHONE = re.compile(
    r"\+ ?\(?\d[\d ()./-]{6,}|00[1-9][\d ()./-]{7,}|\(0?\d{1,5}\) ?[\d -]{5,}|0\d{1,5}[ /-][\d /-]{5,}"
    r"|0[1-9](?:[ .-]\d\d){4}|\d\d \d{3} \d\d \d\d|\d{3}[-. ]\d{3}[-. ]\d{4}|\(\d{3}\) ?\d{3}[-. ]\d{4}"
    r"|1[- ]8\d\d[- ]\d{3}[- ]\d{4}"
    r"|1[38]00 \d{3} \d{3}|\d{3}-\d{4}|0[1-9]\d{8,9}"
)
SHAPE_AFTER_A_NAME = re.compile(r"\d\d(?: \d\d){3}|\d{3} \d\d \d{3}|\d{3} \d\d \d\d|\d{4} \d{4}|\d{8,11}")
NAME = re.compile(r"\b[A-Z][a-z]+(?:'s)?\b(?: \w+){0,2}[ ,:(]{1,3}$")
# Who somebody is: "The owner is Mrs Hart", "platform owner: Wouter", "At the desk: Amira", "key with Mr Lind".
ROLE_WORDS = words(
    "prof dr mr mrs ms fr herr frau facilities accounts reception security ops operations platform librarian"
    " teacher bursar leader night shift"
    " workshop"
    " owner lead leader boss manager admin head director supervisor foreman caretaker porter contact vendor provider"
    " supplier agency hoster landlord site desk house guy guys key keys coordinator officer partner warden matron"
    " guard concierge principal secretary dial responsible charge call user"
)
ROLE_OF = re.compile(
    r"\b(?i:owner|lead|leader|boss|manager|admin|head|director|supervisor|foreman|caretaker|porter|contact|vendor"
    r"|provider|supplier|agency|hoster|landlord|on[- ]site|at the desk|in house|front desk|guys?|coordinator|officer"
    r"|warden|matron|guard|concierge|principal|secretary|facilities|accounts|reception|security|ops|operations"
    r"|platform"
    r"|librarian|teacher|bursar|night|shift|workshop|responsible|in charge|on call|key user)(?: (?i:(?:in|for|at|of"
    r"|this|on) [\w ]{2,20}? is|there|here|is|are)| on (?i:site)| ?[:=])"
    r"{1,2} (?i:the |a |called |named )?(?!(?i:out|off|not|in|on|it|that|now|still|no|yes)\b)(?:[A-Z][a-z'-]+|(?i:duty"
    r"|night|shop|office|shift|floor) (?i:manager|porter|lead))|\b(?i:keys?) (?i:is |are )?(?i:with|at) (?:(?i:mr|mrs"
    r"|ms|dr)\b\.? )?[A-Z][a-z]+|\b(?i:prof|dr|mr|mrs|ms|fr|herr|frau)\b\.? [A-Z][\w. -]+, (?i:room|floor|ext"
    r"|extension|building|flat)\b|\b(?i:dial) \d{1,5} (?i:from|on|at|for)\b"
)
# Somebody with what they are, and what they do about it: "the practice manager Mrs Orley types that password herself".
_WHAT_THEY_ARE = (
    "manager owner director caretaker porter admin administrator dba head lead leader supervisor foreman secretary"
    " technician electrician developer consultant accountant bookkeeper nurse receptionist coordinator contact"
    " principal partner boss librarian sexton janitor engineer assistant finance accounts payroll reception user"
)
_ROLE = rf"(?i:{_WHAT_THEY_ARE.replace(' ', '|')})\b"
_TITLE = r"(?:Mr|Mrs|Ms|Miss|Mme|Dr|Prof|Herr|Frau|Sister)\b\.? "
_NAME = r"[A-Z][a-z'-]{2,}\b"
WHAT_THEY_ARE = words(_WHAT_THEY_ARE)
NAMED_WITH_ROLE = re.compile(
    rf"\b{_ROLE},? (?:{_TITLE})?{_NAME}"
    rf"|\b(?:{_TITLE})?{_NAME}(?: {_NAME})?(?:, | \(| in | from | at )"
    rf"(?:(?:the|their|our|an?) )?(?:[\w-]+ ){{0,2}}?{_ROLE}"
)
DOES_IT = either(
    r"\b(?:knows|answers|decides|approves|unlocks|looks after|runs the|must say|has to say|types (?:it|that|the|this)"
    r"|signs (?:it|off|for)|(?:wrote|built|set up) (?:it|this|that|the)|can (?:let|open|show|unlock|test|tell|help"
    r"|confirm|give|approve)|has (?:the|all|a|only)(?: \w+)? (?:keys?|passwords?|login|codes?|access|badge)"
    r"|wants to be (?:told|asked|called)|is (?:there|here|back|responsible|(?:in|off|there|here) (?:till|until|from"
    r"|today|tomorrow|on)|on (?:site|duty|call|holiday))|reads (?:mail|e-?mail))\b"
)
# "The ward clerk is Ms Okoro", "harbour office: Mr Lund": whoever has a title and is not the one with the trouble.
TITLED = re.compile(
    rf"^(?!(?i:[\w ]*\b(?:user|caller|customer|client|person|affected|for|this)\b))"
    rf"(?:[\w'-]+ ){{0,4}}?[\w'-]+(?: is|:) {_TITLE}{_NAME}"
)
TITLES = words("mr mrs ms miss mme dr prof herr frau sister")
# Somebody of whom the next sentence goes on to say he, she or they.
SHE = re.compile(r"(?:he|she|they|his|her|their)\b")
SOMEBODY = re.compile(
    rf"\b{_TITLE}[A-Z]|\b{_NAME} \(|^{_NAME},? (?:from|at|in|the|their|our|said|says|has|is)\b"
    rf"|{NAMED_WITH_ROLE.pattern}"
)
ASKS_CONTACT = either(
    r"\bwho(?:m)? (?:can|do|should|could|to|is (?:on site|there|the contact|our contact|in charge))\b|\bcontact\b"
    r"|\bwho is (?:on[- ]?site|available|there|our|the)\b|\bwhich number\b|\bhow (?:can|do|to) (?:we |i )?reach\b"
    r"|\bcall ?back\b"
)

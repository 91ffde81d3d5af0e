"""How people say what must not be done, and what is temporary."""

from __future__ import annotations

from handoffs.brief.phrases.rules import Rules, either, words

_DO = (
    r"(?:re-?boot|re-?start|touch|turn|switch|shut|power|unplug|disconnect|delete|remove|wipe|format|reset|change"
    r"|move|close|log|sign|update|upgrade|install|uninstall|restore|overwrite|run|call|e?-?mail|contact|tell"
    r"|mention|plug|pull|replace|swap"
    r"|disable|enable|edit|open|use|let|make|try|force|kill|stop|start|clear|purge|re-?image|rejoin|apply|push"
    r"|deploy|share|reply|click|rely|trust|forget|just|go|leave|give|send|put|take|do|break|unmount|eject|cut"
    r"|reseat|promise|ring|wake"
    r"|talk|discuss|say|disturb|interrupt|bother|visit|patch|migrate|demote|fail|reconnect|roll|re-?run|re-?enable"
    r"|ever|simply|even|attempt|accept|sync|block|write|save|print|add|set|flush|merge|approve|rename|pair|unlock"
    r"|empty|charge|ask|unpair"
    r"|rebuild|repair|lock|mess|play|power-cycle|hard|factory|clean|count|assume|panic|work|order|buy|throw"
    r"|bring|transfer|hang|connect|re-?add|bounce|cycle|cancel|abort|skip|ignore|convert|compress|defrag|re-?sync"
    r"|re-?seed|enter|drop|truncate|reassign|wait)"
)
DO_NOT = Rules(
    (
        "don't dont do never",
        r"(?:^|[.,;:(!–-] |\b(?:please|pls|plz|so|just|and|but) )(?:do not|don'?t"
        r"|never) (?!know|think|believe|have\b|see\b|understand|remember|want|need|care|help|appear|seem|look|show"
        r"|mind|like|get\b|hear|find|feel|expect|recall|suspect|work\b|really|always|had|seen|worked|tried|happened"
        r"|got|been|before|saw|came|did|exist|match|respond|contain|support|appl(?:y|ies) (?:to|here)|come\b|play\b"
        r"|matter|boot\b|ring\b|load\b|arrive)[a-z]{2,}",
    ),
    (
        "nobody no noone",
        r"\b(?:no ?body|no ?one)(?: else)? (?:touches|re-?starts|re-?boots|changes|moves|deletes"
        r"|switches|unplugs|logs|is to (?:touch|re|log|change))|\bno (?:experiments|testing|tests)\b(?=.{0,20}(?:then"
        r"|during|before|until|on|in|please|$))",
    ),
    (
        "before b4",
        r"\b(?:before|b4) (?:you |u |any ?(?:one|body) )(?:re-?boot|re-?start|touch|unplug|switch|turn"
        r"|do\b|chang|mov|wip|power|log|shut|delete|remov|try)\w*",
    ),
    (
        "restarting rebooting pulling switching turning stopping removing unplugging clearing deleting changing"
        " touching killing purging resetting updating cycling logging replacing swapping moving patching",
        r"\b(?:re-?starting|re-?booting|pulling"
        r"|switching|turning|stopping|removing|unplugging|clearing|deleting|changing|touching|killing|purging"
        r"|resetting|updating|cycling|logging|replacing|swapping|moving|patching)"
        r" (?:[\w.-]+ ){0,5}?(?:stops?|kills?|takes? (?:\w+ ){0,3}(?:down|out"
        r"|offline)|drops?|kicks?|loses?|breaks?|wipes?|deletes?|locks?|interrupts?|disconnects?|re-?starts|re-?boots|cuts"
        r"|throws|resets|also (?:stops|kills))\b",
    ),
    (
        "don't dont not never donot",
        rf"(?:^|[,;:(!.–-] ?|\b(?:please|pls|plz|so|but|and|then|also|says?|said|or|you"
        rf"|we|anyone|anybody|kindly|ever|circumstances|do|important|nb|caution|because|definitely|absolutely|moment"
        rf"|now|better|just|to|whatever) )(?:do ?n[o']?t|don'?t|do not|never|not to|donot|(?<=please )not"
        rf"|(?<=better )not) (?:ever |just |simply |even |yet |please |under any circumstances |let anyone |try to "
        rf"|again |to ){{0,2}}{_DO}\b",
    ),
    (
        "don't dont not donot",
        rf"(?<![a-z]s )(?<!they )(?<!it )(?<!i )(?<!who )(?<!that )(?<!which )"
        rf"(?<!people )(?<!we )(?<!you )\b(?:do not|don'?t|donot) (?:ever |just |simply |even |please )?{_DO}\b",
    ),
    (
        "not mustn't mustnt shouldn't shouldnt never may",
        r"\b(?:must|may|should|shall|ought)(?: not|n'?t"
        r"| never)(?: ever| just| under any circumstances| to)? (?:be )?(?:re-?boot|re-?start|touch|turn|switch|shut"
        r"|power|unplug|disconnect|delet|remov|wip|format|reset|chang|mov|clos|log|updat|upgrad|install|restor"
        r"|overwrit|run|stop|interrupt|taken? (?:down|off)|replac|disabl|edit|swapp|go (?:down|off)|leave|los|off\b"
        r"|down\b|kill|patch|use|open|call|cut|disturb|delay|miss|slip|pull|enter|work|deploy)\w*|\b(?:nothing|nobody"
        r"|no one|no data|none) (?:may|must|should|can) be\b",
    ),
    (
        "can't cannot cant can",
        r"\b(?:can'?t|cannot|can not) (?:have|afford|risk|be (?:down|off|without|re-?boot"
        r"|re-?start|taken|interrupt|switched off|shut|moved|touched|stopped|unplugged|turned off|offline|late|missed"
        r"|delayed))",
    ),
    (
        "no",
        r"\bno [\w-]+(?: [\w-]+)?,? please\b"
        r"|\bno (?:(?:more|further|unplanned|planned|remote) )?(?:re-?boots?|re-?starts?|changes|downtime"
        r"|interruptions?|power[- ]cycl\w+|updates?|work|access|remote|calls|outage|maintenance|patching|touching"
        r"|shutdowns?|deletions?)\b(?: (?:allowed|permitted|during|before|until|between|without|on|in|after|please|at"
        r"|of|to|from|whatsoever|today|this|outside|while)|$)",
    ),
    (
        "allowed permitted supposed forbidden forbid prohibited hands keep leave nobody allow off",
        r"\b(?:no ?body|no ?one|none) (?:may|must|should|is allowed|is permitted|can) (?:be )?(?:re-?boot|re-?start"
        r"|touch|turn|switch|shut|delet|remov|chang|updat|enter|use)\w*|\bnot (?:allowed|permitted|supposed) to\b"
        r"|\bforbid\w*|\bprohibited\b|\b(?:hands|keep) off\b|\bleave (?:it|them|that|the [\w-]+(?: [\w-]+)?|her"
        r"|his) (?:on|running|alone|as (?:is|it is)|plugged|open|up|connected|untouched)\b|\bkeep (?:it|them"
        r"|the [\w-]+) (?:on|running|open|plugged|powered|connected|closed)\b|\bdoes not allow (?:changes|remote|us)"
        r"|\boff[- ]limits\b",
    ),
)
# That nothing has to be minded.
SAFE = either(
    r"\b(?:safe(?:ly)? to \w+|can (?:be )?safely|no need(?: to\b|ed\b)|need not\b|(?:don'?t|do not|does ?n[o']?t|not)"
    r" need to\b|at any ?time|any ?time (?:you|it) (?:like|suits)|no (?:deadline|hurry|rush|risk|danger)|not (?:urgent"
    r"|dangerous|risky)|nothing to (?:watch|beware|mind|lose)|does ?n[o']?t matter|take your time"
    r"|(?:deadline|window|freeze) (?:has|is|was) (?:already )?(?:passed|over|gone|missed|lifted))\b"
)
SAFE_WORDS = words("safe safely need needed anytime any deadline hurry rush risk danger urgent dangerous risky matter")
SAFE_WORDS |= words("nothing take window freeze")
DO_NOT_NOT = either(
    r"\b(?:no ?body|no ?one|never|has ?n[o']?t|did ?n[o']?t) (?:told|tell|said|say|warned|asked)\b",
    r"\bi(?:'?m| am) not (?:allowed|permitted|supposed)\b",
    r"\bnever (?:call(?:s|ed)|tried|worked|had|seen|happened|start|end|got|knew|opened?s? (?:up )?(?:any|again)"
    r"|work)\b|\bdon'?t (?:let me\b|just know|really|ask me|use (?:that|it) (?:any|much)|run into"
    r"|make (?:any )?(?:sense|difference)|go (?:away|through|out)|do anything|work\b|connect\b|open\b(?=\.|$))"
    r"|\bdo not (?:work|connect|start|open|print|update|log) ?(?:\.|$|anymore|any more|again|since|after)|\b(?:turn"
    r"|switch) off your (?:computer|pc)|\breply to this (?:e?-?mail|message)|\bi may only\b"
    r"|\b(?:i|we|have|got|has)\b[^;]{0,40}\bno access\b|\b(?:have|has|had) \w+(?: it| them| this)? and never\b"
    r"|\b\w+ed\b[^;,]{0,40}\band never\b",
)
CAUTION = Rules(
    (
        "careful carefully caution beware aware watch heads mind nb important attention warning warn caveat note",
        r"\bcareful(?:ly)?\b|\bcaution\b|\bbeware\b|\b(?:be|please be|you should be) aware\b|\bwatch out\b"
        r"|\bheads[- ]?up\b|\bmind (?:that|the)\b|\bkeep in mind\b|\bnb[: ]|\bimportant[:!,]|\battention[:!]"
        r"|\bwarning[:!]|^warn(?:ing)?\b|\bcaveat\b|^note that\b",
    ),
    (
        "risk risks risky dangerous danger fragile sensitive delicate confidential gdpr hipaa hold evidence forensics"
        " forensic irreversible irreplaceable safety critical",
        r"\b(?:risk|risks|risky|dangerous|danger|fragile"
        r"|sensitive|delicate|confidential|gdpr|hipaa|legal hold|evidence|forensics?|irreversible|irreplaceable|safety"
        r"|(?:business|very|time|highly|is)[- ]critical)\b(?! (?:mode|assessment|sensor|of the log))",
    ),
    (
        "without not",
        r"\b(?:without|not before) (?:first )?(?:asking|approval|permission|telling|checking|sign-?off"
        r"|his|her|their (?:ok|okay|approval|permission)|talking|a (?:backup|ticket|change)|backup|notice|warning"
        r"|consent|agreement|informing|the ok|an ok|ok from|written|prior|agreeing|calling|speaking)\b",
    ),
    (
        "backup backups fallback spare spares redundancy failover snapshot snapshots ups replica recovery rollback"
        " copy copies replacement only last single redundant",
        r"\b(?:no|without|without a|zero|nor"
        r"|any) (?:\w+ )?(?:back-?ups?|fallback|spares?|redundancy|failover|snapshots?|ups|replica|recovery"
        r"|restore point|rollback|second (?:line|copy|dc|one)|copy|copies|replacement|way back)\b(?! (?:found|error"
        r"|selected|job))|\b(?:only|last|single) (?:remaining |good |working |existing )?(?:copy|spare|one left"
        r"|backup|one that (?:works|still))|\bonly runs on\b|\bnot redundant\b",
    ),
    (
        "backed backup backups unsaved saved loss lose losing loses lost",
        r"\b(?:not|never|isn'?t|aren'?t"
        r"|wasn'?t) (?:been |being )?backed up\b|\bbackups? (?:is|are|has|have|was|were|hasn'?t|haven'?t|isn'?t"
        r"|aren'?t)(?: not)?(?: been)? (?:fail\w*|old|broken|missing|run|ran|running|working|out of date|never|older"
        r"|corrupt\w*|months?|weeks?|from|not|\d+ (?:days|weeks|months))|\blast (?:good |working |known |successful "
        r"|full )*backups?\b|\bunsaved\b|\bnot (?:been )?saved\b|\bdata ?loss\b|\blos(?:e|es|ing) (?:\w+ )?(?:data"
        r"|work|files|everything|orders|records|the (?:config|data|raid|array|mails?))\b|\b(?:isn'?t|is not|not|never)"
        r"(?: been)? (?:in|part of) (?:the |any )?backup|\bsingle point of failure\b",
    ),
    (
        "vip furious angry upset patience fuming threat threatens threatening threatened ceo md owner director board"
        " boss partner complained complaint v.i.p lawyer",
        r"\bvip\b|\bv\.i\.p|\bfurious\b|\bangry\b|\b(?:very|is|are"
        r"|quite|already) upset\b|\blosing patience\b|\bfuming\b|\bthreat(?:en\w*|s)? to\b|\b(?:ceo|md|owner|director"
        r"|board|boss|partner)(?: \w+)? (?:is|are)(?: \w+)? (?:watching|asking|calling|waiting|on (?:my|our"
        r"|their) back|breathing)|\b(?:complained|complaint) (?:to|about us|formally)",
    ),
    (
        "production prod live patients hospital clinic emergency 999 911 112 support operating theatre icu alarm lift"
        " medication 24 24/7 clock intensive productive",
        r"\b(?:production|prod|live|productive) (?:sql )?(?:systems?"
        r"|servers?|database|db|environment|data|box|hosts?|sql|machine|cluster|tenant|network|site|service|instance"
        r"|vm|traffic)\b|\b(?:in|on|is) (?:production|prod)\b(?! line)|\b(?:it|this|that)(?:'s| is) (?:a )?live\b"
        r"|\bpatients\b(?! (?:portal|record system))|\b(?:it|this)(?:'s| is) (?:a |the )?(?:hospital|clinic|care home"
        r"|24/7|nursing home|police|fire|emergency)\b|\b24 ?/ ?7\b|\baround the clock\b|\bemergency (?:line|room"
        r"|calls?|phone|department|number|service)\b|\b(?:999|911|112) calls?\b|\blife[- ]support\b"
        r"|\boperating (?:room|theatre)\b|\btheatre list\b|\bintensive care\b|\bicu\b|\balarm (?:system|line|panel)\b"
        r"|\bfire alarm\b|\blift phone\b|\bmedication\b",
    ),
    (
        "last previously & broke crashed took lost locked wiped killed failed went hung corrupted bricked down",
        r"\blast time (?:[\w']+ ){0,6}?(?:broke|crashed|took|lost|locked|wiped|killed|failed|went|hung|corrupted"
        r"|bricked|down)|\bpreviously (?:broke|killed|took down|crashed)\b",
    ),
    (
        "will would it'll could might may otherwise else takes brings kicks knocks they'll gets",
        r"\b(?:will|would|it'?ll|'ll|could|might|may) (?:also |then |probably |all |immediately )?(?:kick|disconnect"
        r"|drop|log (?:\w+ )?out|lock|wipe|delete|overwrite|break|take down|bring down|interrupt|lose|erase|kill|knock"
        r"|trigger|cut off|brick|be (?:wiped|lost|deleted|overwritten|erased|kicked|gone|cut|reimaged|decommissioned"
        r"|scrapped|switched off|turned off|shut down))\b|\botherwise\b|\bor else\b|\b(?:takes|brings) down\b"
        r"|\bknocks out\b|\bkicks (?:out|off|every)|\bor (?:it|they|we|she|he|you|all)(?:'ll| will)? (?:lose|miss|be"
        r"|get)|\bgets? (?:wiped|overwritten|deleted|reimaged)",
    ),
    (
        "approval permission approved authorised authorized sign only cab first before beforehand advance agreed"
        " announced cleared warranty voids void contract authorisation authorization consent",
        r"\bonly (?:\w+ ){0,3}(?:may|is allowed|are allowed|is authori[sz]ed|can approve)\b"
        r"|\bneeds? (?:\w+ ){0,3}(?:approval|permission|sign-?off|authori[sz]ation|consent)\b|\bchange (?:approval"
        r"|board)\b|\bcab (?:approval|meeting|meets|has)|\b(?:must|has to|have to|needs? to|should"
        r"|to) (?:first )?be (?:approved|agreed|announced"
        r"|cleared with|signed off)\b|\b(?:ask|tell|inform|check with|clear (?:it )?with|agree (?:it )?with|warn|call"
        r"|speak to|talk to|speak with) [\w .()-]{2,40}?(?:before (?:you|any|we|touching|re\w+ing|changing|doing"
        r"|making|anything|anyone|going)|first\b|beforehand|in advance)|\bunder warranty\b|\bvoids? (?:the|warranty)\b",
    ),
)
CAUTION_NOT = either(
    r"\bno risk\b|\bnot (?:critical|sensitive|live|in production|urgent)\b|\bcarefully (?:checked|read)\b"
    r"|\bcase[- ]sensitive\b|\blast backup (?:ok|fine|good)\b|\brisk[- ]free\b|\bi'?d (?:ask|call|check)\b"
    r"|\bi would (?:ask|call|check)\b|\bwithout (?:his|her) (?:laptop|phone|pc|mail|knowing)\b"
)
TEMPORARY = Rules(
    (
        "temporary temporarily temp now moment being meantime interim workaround workarounds around quick gap stopgap"
        " bandaid aid provisional provisionally makeshift rigged bodge bodged",
        r"\btemporar(?:y|ily)\b(?! (?:access pass|profiles?|files?|folders?|director\w+|internet|failure|errors?|name"
        r"|licen[cs]e key|agency|staff|worker|problem|outage|table|glitch|unavailable|loss))|\btemp (?:fix|solution"
        r"|rule|account|workaround|access|admin|switch|line|router|server|password|exception|cable)\b|\bfor (?:now"
        r"|the moment|the time being|the meantime)\b|\bin the meantime\b|\binterim\b|\bwork-?arounds?\b|\bquick fix\b"
        r"|\bstop-?gap\b|\bband-?aid\b|\bprovisional(?:ly)?\b|\bmakeshift\b|\brigged\b|\bbodge\w*",
    ),
    (
        "go come comes goes reverting undoing removing & has have need needs must should to",
        r"\b(?:has|have|needs?|must|should)(?: to)? (?:go back|come (?:off|out)|be switched (?:back )?to"
        r"|be set (?:back )?to)\b|\bneeds? (?:reverting|undoing|removing|putting back|re-?enabling"
        r"|turning (?:back )?(?:on|off)|switching back)\b",
    ),
    (
        "undone undo revert reverted back reenabled enabled re reversed again removed remove restored off & has have"
        " need needs must should please remember later then will ll got going put turn switch set change plug move"
        " take close give undo revert reverted re",
        r"\b(?:has|have|needs?|must|should|please|remember|later|then|will"
        r"|'ll|got|going)(?: to)?(?: later| then| still| also)? (?:be )?(?:undone|undo|revert(?:ed)?|reversed|put back"
        r"|re-?enabled?|turned (?:back )?(?:on|off)|switched back|set back|changed back|removed again|closed again"
        r"|taken out again|taken off again|remove[d]? (?:it |them )?(?:again|afterwards|after|later)"
        r"|rolled back (?:after|later|when)|reconnected|restored (?:after|later|when))\b|\b(?:undo|revert|put|turn"
        r"|switch|set|change|plug|move|take|close|re-?enable|re-?activate|give) (?:it|them|that|this|him|her|his"
        r"|the [\w -]{2,30}?|all)?(?: off| out)? ?(?:back on|back off|back in|back|again)\b(?=.{0,20}\b(?:after|when"
        r"|later|once|before|as soon|afterwards|tonight|tomorrow|at the end)\b|[.!]?$)|\bundo (?:this|it|that|when"
        r"|after|later|before)\b|^(?:please )?(?:revert|re-?enable|undo|put back|switch back|turn back on)\b",
    ),
    (
        "remember forget afterwards",
        r"\bremember to\b|\b(?:don'?t|do not) forget\b|\bmust remember\b|\b(?:remove"
        r"|close|delete|disable|enable|reset) [\w ]{0,30}?(?:afterwards|when (?:done|finished))\b",
    ),
    (
        "disabled off bypassed whitelisted unplugged paused suspended opened left leave leaving muted stopped open"
        " running disconnected loan loaner borrowed unpatched & left leaving still for until till so while as to"
        " meanwhile not is are loan loaner borrowed",
        r"\b(?:still|currently|left|now|is|are|have|has|i'?ve|i|we|was"
        r"|been) (?:\w+ ){0,2}?(?:disabled|switched off|turned off|bypassed|whitelisted|unplugged|paused|suspended"
        r"|opened up|opened|muted)\b.{0,60}?\b(?:for now|until|till|so (?:that )?(?:they|she|he|we|the)|while|for the"
        r"|as a test|to test|meanwhile|not (?:yet )?(?:re|back))|\b(?:left|leaving) (?:[\w.-]+ ){1,5}?(?:off|disabled"
        r"|open|unplugged|disconnected|running|switched on|in place|enabled|logged in|bypassed|on)\b|\b(?:firewall"
        r"|antivirus|anti-virus|av|defender|mfa|2fa|uac|edr|filter\w*|backup jobs?|monitoring|replication|bitlocker"
        r"|alarm|alerts?|scheduler|guard|protection) (?:is|are)(?: still| currently| now)? (?:off|disabled|paused"
        r"|suspended|stopped|muted|bypassed|switched off|turned off)\b|\bstill (?:off|disabled|open to|bypassed"
        r"|in bypass|suspended|on loan|paused|unplugged)\b|\bloan(?:er)? (?:laptop|pc|router|switch|phone|printer"
        r"|till)\b|\bborrowed\b|\bon loan\b",
    ),
)
TEMPORARY_NOT = either(
    r"\b(?:nothing|no|none) (?:is |of it is )?(?:\w+ )?temporary\b",
    r"\b(?:removed|took (?:out|off|away)|undid|reverted|deleted|switched back|put back|rolled back|closed|undone"
    r"|re-?enabled|cleaned up) (?:(?:the|that|this|my|our|all|both|her|his) )*(?:temp\w*|work-?around|interim|loan\w*"
    r"|stop-?gap|quick fix)\b|\b(?:temp\w*|work-?around|loan\w*|stop-?gap)(?: \w+){0,2} (?:is|was|were|are|has been"
    r"|have been|got) (?:\w+ )?(?:removed|gone|undone|reverted|deleted|returned|handed back|closed|no longer)\b"
    r"|\bno longer (?:temporary|needed|necessary|in place|disabled|off|paused|suspended)\b",
    r"\bnever (?:put|set|turned|switched|changed|went|came)\b",
    r"\b(?:no|any|without|another) work-?arounds?\b|\bwork-?arounds? (?:did|does|do)(?: not|n'?t)\b"
    r"|\bwork-?arounds? (?:fails?|failed)\b|\bthat'?s (?:all|it) for now\b|\b(?:fine|ok|closed?|quiet|stable"
    r"|good) for now\b|\bback on(?:line)?\b.{0,3}$",
)

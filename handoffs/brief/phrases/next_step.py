"""How people say what is to be tried."""

from __future__ import annotations

import re

from handoffs.brief.phrases.rules import Rules, either

VERBS = (
    r"(?:re-?)?(?:try|check|test|swap|replace|reboot|restart|reinstall|install|uninstall|image|reset|disable|enable"
    r"|roll|revert|look|open (?:a|the|up)|raise|log a|capture|trace|run|update|upgrade|downgrade|move|compare"
    r"|verify|investigate"
    r"|build|create|remove|delete|unplug|plug|examine|monitor|measure|restore|scan|clear|flush|set|change|switch"
    r"|bypass|isolate|ping|rule|stop|start|join|repair|rename|patch|renew|add|migrate|analy[sz]e|review|read|pull"
    r"|find|approve"
    r"|arrange|order|enrol+|export|import|point|fit|cable|reduce|lower|increase|extend|boot|format|put|take|turn"
    r"|watch|get|see (?:if|whether|what)|do|use|make|sniff|wipe|let|bring|send|schedule|route|map|mount|sync|seat"
    r"|call|ask|contact"
    r"|escalate|go|have (?:a|another|the)|connect|disconnect|block|unblock|allow|force|kill|attach|debug|enter"
    r"|clean|power|apply|deploy|configure|edit|grant|copy|convert|assign|release|purge|record|wire|visit|confirm"
    r"|inspect|exclude|whitelist|chase|talk to|speak to|dig|flash|climb|drive|walk|shorten|lengthen|open|close"
    r"|narrow|limit|pin|load|unload|dump|rebind|shut|give|figure|collect|gather|tweak|rotate|split|recover|reload"
    r"|provision|generate)"
)
_PAST = (
    r"(?:re)?(?:[a-z]+ed|ran|did|took|went|got|put|set|had|was|were|made|saw|found|gave|sent|rang|built|bought|told|let"
    r"|wrote|drove|spoke|began|cut|shut|came|left|kept|brought|tore|threw|hung|lent|dug|split)"
)
NEXT = Rules(
    (
        "would i'd id we'd",
        r"\b(?:i|we)(?:'?d| would) (?:first |then |now |also |just )?"
        r"(?!like|say|think|guess|love|be\b|not\b|have|hate|bet|appreciate"
        r"|expect|rather|prefer|need|want|never|blame|point|wait|agree|know|assume"
        r"|suspect|leave|believe|see\b|get\b)[a-z]+ "
        r"(?:it|the|them|a|an|this|that|one|both|all|his|her|their)\b",
    ),
    (
        "next",
        rf"\bnext (?:\w+ )?(?:steps?|things?|move|test)\b|\bnext (?:i\b|i'?d|i'?ll|we\b|up\b|would|on (?:my"
        rf"|the|our) list|is\b|try|check|action|move|idea|to (?:try|check|do|test|look)|for me|for us)|^(?:and "
        rf"|so )?next(?:: \w|$| {VERBS}\b| i\b)|[,.;] next(?: i|:)|\w next[.!]?$",
    ),
    (
        "would i'd id we'd",
        rf"\b(?:i|we)(?:'?d| would)(?: (?:now|then|next|first|also|probably|maybe|still|just"
        rf"|definitely|like to|love to|want to|suggest to|rather|personally|look to|be inclined to|have|start (?:with"
        rf"|by)|begin (?:with|by)|go for)){{0,2}} (?:{VERBS}\b|start|begin|suggest|recommend|propose|(?:start"
        rf"|begin) (?:with|by)|\w+ing\b)|^(?:would|id) (?:first |then |now |next |also |probably |maybe )?{VERBS}\b",
    ),
    (
        "going gonna about wanted want plan planned planning intend intended meant need have must should could shall"
        " might hoping ready",
        rf"\b(?:i|we)(?:'m|m|'re|'ve| am| are| was| were|'d)? (?:still |also |now |then "
        rf"|really )?(?:going to|gonna|about to|wanted to|want to|plan(?:ned|ning)? to|intend(?:ed)? to|meant to"
        rf"|need to|have to|must(?: still| yet| also)?|should|could|shall|might|hoping to|ready to) (?:now |then "
        rf"|next |first |also |probably |still |just |maybe |try and |try to |go and ){{0,2}}{VERBS}\b",
    ),
    (
        "ill i'll we'll will",
        rf"\b(?:i'?ll|we'?ll|i will|we will) (?:now |then |next |first |also |probably |still "
        rf"|just |maybe |have to |need to |try and |try to |go and ){{0,2}}{VERBS}\b",
    ),
    (
        "going want wanted plan planned planning need needs have should would will must could gonna about",
        rf"^(?:still |then |first |maybe |just |also |so |and ){{0,2}}(?:(?:was|were) (?:going|about|planning) to"
        rf"|going to|gonna|want(?:ed)? to|plan(?:ned|ning)?(?: is)? to|needs? to|have to|should|will|must"
        rf"|could) (?:still |also |probably |then |now |next |first |just )?(?:be )?{VERBS}",
    ),
    (
        "tried checked tested looked verified got get had have managed manage swapped replaced compared asked called"
        " contacted tryed try check test look untested yet time done & haven't havent hasn't hasnt hadn't didn't didnt"
        " not never untested yet time nobody none",
        r"\b(?:haven'?t|have not|hasn'?t|has not|hadn'?t|didn'?t|did not"
        r"|not|has|nobody|no ?one|nobody has)(?: yet| even| really| actually| ever| been able to| been)* (?:tried"
        r"|checked|tested|looked|verified|got (?:to|round|around|time)|get (?:to|round|around)|had (?:a chance|time"
        r"|the time)|have (?:a chance|time|the time)|managed to|manage to|swapped|replaced|compared|asked|called"
        r"|contacted|tryed|try\b|check\b|test\b|look\b)(?! (?:with|to change))\b|\buntested\b|\b(?:not"
        r"|never) (?:yet )?(?:tried|checked|tested|looked at|verified)\b|\byet to (?:try|check|be|test|do|see|hear"
        r"|look|get)|\bno time (?:to|left to|for)\b|\bran out of time\b|\bnot (?:yet )?done(?: yet)?:"
        r"|\bnot (?:\w+ )?yet\b(?=[^,;]{0,30}$)",
    ),
    (
        "still left remains remaining outstanding todo dos missing",
        rf"\b(?:still|left|remains?|remaining"
        rf"|outstanding)(?: is| are)?(?: to)? (?:to )(?:be )?(?:do\b|done|find out|{VERBS})(?:ed|ped|ced)?\b"
        rf"|\bto[ -]?dos?:|\btodo\b|\bto do (?:still|next|yet)|\bstill to do\b|\bopen (?:point|item|question"
        rf"|action)s?\b|\bstill open\b(?=:| is)|\bwhat'?s left\b|\bstill (?:needs?|has|have) to\b|\bstill missing\b:",
    ),
    (
        "someone somebody senior line you engineer technician tech",
        rf"\b(?:some ?one|some ?body|some engineer|senior"
        rf"|(?:second|2nd|3rd|third)[ -](?:line|level)|you|engineer|tech(?:nician)?)(?: with \w+ \w+| else| on site"
        rf"| onsite| from \w+)? (?:should|needs? to|has to|have to|must|could|will have to|ought to|might want to"
        rf"|may want to)(?: please| also| maybe| still| now| then| just)? {VERBS}\b",
    ),
    (
        "needs need needed",
        r"\bneed(?:s|ed)? (?:(?:to be|a|an|some|another|its?|new) )?(?:\w+ )?(?:check|test|replac"
        r"|swapp|look|fix|re-?boot|re-?start|re-?build|re-?new|re-?install|updat|patch|clean|fitt|order|investigat"
        r"|verif|confirm|chas|reset|re-?imag|escalat|configur|add|chang|mov|clear|set up|upgrad|second pair|re-?seat"
        r"|re-?config|firmware|site visit|new)\w*",
    ),
    (
        "should must ought has have & be should",
        r"\b(?:should|must|ought to|has to|have to)(?: also| probably| now"
        r"| then| still| really| next)? be (?:check|test|tri|replac|swapp|look|re-?boot|re-?start|re-?build|re-?new"
        r"|re-?install|updat|patch|clean|investigat|verif|chang|clear|compar|measur|ask|order|upgrad|reset|re-?set)\w*"
        r"|\bshould(?: also| probably| now| then| still| really| next)? (?:try|check|test|swap|replace|compare|verify"
        r"|look|call|ask|capture|run|open a|raise|find|get)\b",
    ),
    (
        "could can would will able",
        r"\b(?:could|can|would|will) (?:you|some ?one|some ?body|any ?one|one of you|u"
        r"|whoever \w+ \w+|a senior)(?: (?:with|from|who|in|of) \w+(?: \w+)?(?: \w+)?)?(?: please| pls| maybe| also"
        r"| have time to| kindly| possibly| perhaps| be able to)* (?:check|have a|take a|look|try|test|see|verify|swap"
        r"|run|re-?boot|re-?start|confirm|replace|compare|approve|review|find|go|trace|capture|help|reset|open|ask"
        r"|pull|set|add|enable|get|continue|dig|remote)\b",
    ),
    (
        "please pls plz kindly let's lets try maybe best perhaps better trying",
        rf"^(?:(?:so|and|then|ok|also|first|now|hi|hello|hey|\w+),? )?(?:please|pls|plz|kindly|let'?s|try to|maybe"
        rf"|best to|perhaps|better|best) (?:also |now |first |then |just |someone |and )?(?:{VERBS}|try(?:ing)?)\b"
        r"|\b(?:please|pls) have (?:some ?one|some ?body|them|him|her|an? \w+) \w+"
        rf"|\b(?:please|pls|plz|kindly) (?:also |now |first )?(?:check|test|try|have a look|look|verify|confirm (?:if"
        rf"|whether|with)|investigate|replace|swap|compare|arrange|review|run|continue)\b",
    ),
    (
        "haven't havent yet not attempted",
        r"(?:^|\b(?:i|we|but|and) )(?:haven'?t|have not)(?: yet)? (?!changed|seen"
        r"|heard|received|had|touched|been|noticed|found|got a|any)\w+(?:ed|en|un|one|ept|ought|ead|et|ut)\b"
        r"|\bnot yet \w+(?:ed|en|un|one)\b|\bnot attempted\b",
    ),
    (
        "necessary good best useful helpful sensible logical better wise",
        r"\bit (?:would|might"
        r"|could) be (?:necessary|good|best|useful|helpful|sensible|worth|better|wise) to \w+",
    ),
    (
        "need needs",
        r"\bneeds? (?:someone|somebody|a second|an engineer|an electrician|a technician) to \w+"
        r"|\bneed (?:a|an) (?:packet capture|trace|capture|maintenance window|new|replacement|second pair|site visit"
        r"|hotfix)\b",
    ),
    (
        "like",
        r"\b(?:i'?d|i would|we'?d|we would) (?:also |still )?like to (?!know|close|thank|apologi|say|leave|add"
        r"|point|go|be\b)\w+",
    ),
    (
        "could can would",
        r"\b(?:could|can|would) (?:you|some ?one|some ?body|any ?one) (?:please |pls |perhaps "
        r"|maybe |kindly )?(?!call\b|tell|hear|be\b|send me|let|believe|imagine|advise)[a-z]+ (?:out|into|at|if"
        r"|whether|the|a|an|this|that|it|his|her|their|with|from|on)\b",
    ),
    ("see", r"\band (?:then )?see\b(?: (?:if|what|whether|how|which|where)\b|$)|\bto see (?:if|whether)\b"),
    (
        "could",
        r"\bcould (?:also |still |maybe |probably )?be (?:moved|swapped|replaced|tried|tested|reset|rebuilt"
        r"|re-?installed|re-?started|rolled back|disabled|updated|checked)\b",
    ),
    (
        "want wanted going planning plan intend intended somebody someone",
        r"^(?:also |then "
        r"|still )?(?:want(?:ed)? to|was going to|were going to|was about to|planning to|plan to|intend to) (?!know"
        r"|say|go home|leave|be\b|print|close)\w+|\b(?:i|we)(?:'m| am|'re| are)? (?:was going to|were going to"
        r"|was about to|planned to|planning to|plan to|intend(?:ed)? to|was planning to) (?!be\b|leave)\w+"
        r"|\b(?:some ?one|some ?body) (?:has to|needs to|must|should|will have to) (?!be\b|have\b|know)\w+",
    ),
    (
        "worth suggest recommend propose consider idea option maybe perhaps let's lets time could should might best"
        " also",
        r"\b(?:maybe|perhaps|worth|let'?s|suggest|recommend|propose|time to|you (?:could|should|might)"
        r"|consider|best to|idea:?|would be to|option (?:is|would be)|try) (?:also |then |to |a |an |giving "
        r"|the )?(?:try(?:ing)?|check(?:ing)?|test(?:ing)?|swap(?:ping)?|replac(?:e|ing)|re-?boot(?:ing)?|look(?:ing)?"
        r"|shot|go\b|compar(?:e|ing)|re-?install(?:ing)?|re-?build(?:ing)?|roll(?:ing)? back|reset(?:ting)?"
        r"|ask(?:ing)?|call(?:ing)?|running|capturing|disabling|moving|changing)\b|\b(?:my|our) (?:suggestion|proposal"
        r"|recommendation|idea)\b|\bi (?:suggest|recommend|propose)\b",
    ),
    (
        "try then",
        rf"^(?:then |first |next |and |also |or |maybe )?try(?: to)? (?:a |the |an |with |another |if "
        rf"|\w+ing\b|{VERBS}\b|it (?:on|with|from))|\bthen (?:try|check|swap|replace|test|call|go)\b|\b(?:if (?:that"
        rf"|this|it) (?:does ?n[o']?t|doesn'?t|fails?|still)\b[^.]{{0,40}}(?:try|swap|replace|check|re\w+|go|call|get"
        rf"|escalate))",
    ),
    (
        "plan resort planning option proposal",
        r"\b(?:the |our |my )?plan (?:is|was|b|would be)\b|^plan[:\-]"
        r"|\bplanning to \w+|\blast resort\b|\bplan to\b",
    ),
)
IMPERATIVE = re.compile(
    r"(?:if [^,;]{3,50}, (?:then )?)?(?:(?:then|first|also|and|finally|afterwards|now|or"
    r"|maybe),? )?(?:(?:re-?boot|re-?start|check|test|swap"
    r"|replace|re-?install|reset|disable|enable|roll back|look (?:at|into|for)|run|update|upgrade|compare|verify"
    r"|rebuild|re-?create|remove|unplug|restore|clear|flush|re-?join|repair|renew|capture|trace|raise|order|get"
    r"|find out|confirm|measure|investigate|move|take|see (?:if|whether)|chase|increase|lower|change|set|install"
    r"|delete|export|plug|extend)"
    r" (?:the|a|an|if|whether|his|her|their|its|with|for|that|on|all|both|another|from|why|what|who|which|at|one"
    r"|out|everything|to|\w+'s|[a-z]+ing|dns|dhcp|gpo|firewall|acls?|permissions|logs?)\b|(?:roll back|re-?flash"
    r"|re-?image|replace|swap|re-?install|rebuild|compare|verify|investigate|remove|disable|enable|increase|purge"
    r"|extend|update|upgrade|downgrade|export) (?!failed|fixed|done|worked|did|is|was|of|no|ok|and|but|didn"
    r"|from [\d]|request|button|log|available|kb)[\w-]+ |open a (?:case|ticket)|escalate to|(?:call|ask"
    r"|contact) (?:the )?(?:isp|dell|hp|vendor|microsoft|support|provider|manufacturer|supplier|telco))"
    r"|ask (?:them|him|her|it|the \w+) (?:if|whether|to|why|which)\b|put (?:the|it|them|that) (?:[\w-]+ ){0,4}(?:back"
    r"|in)\b"
    r"|set [\w.:]+ (?:by|on|to|as|for)\b|fix \w+ on\b|reset of the\b|(?:restore|raise|compact|downgrade|rename"
    r"|re-?create|shrink|archive)"
    r" (?!of|failed|done|ok|is|was|log|worked)[\w.-]+"
    rf"|(?!do\b|talk|speak|make|use\b|have\b|let\b|go\b|get\b|call|ask|contact|turn|put\b|set\b|read\b|bring|give\b"
    rf"|see\b"
    rf"|start|stop|send|enter|point|seat|power|watch|fit\b|cable|record|map\b|log\b)(?:{VERBS}|drain|re-?register"
    rf"|register|exclude|rotate|tail|profile|benchmark|re-?index|re-?enrol|hold|prove|fit|top up|work out|bounce"
    rf"|fail ?over) (?:the|a|an|one|two|another|both|all|his|her|their|its|it|if|whether|with|on|out|only|just)\b"
)
RESULT = either(
    r"\bno (?:change|luck|joy|difference|effect|improvement|help|good)\b|\bstill\b|\bdid ?n[o']?t (?:help|work"
    r"|change|fix|make)|\bdidn'?t (?:help|work|change|fix)|\bsame\b|\bworked\b|\bworks\b|\bfails?\b|\bfailed\b"
    r"|\bfine\b|\bok\b|\bdone\b|\bnothing\b|\bfixed\b|\bresult\b|\bbut (?:it|they|the|now|then)\b|\byesterday\b"
    r"|\balready\b|\bonly (?:when|after|if|once)\b|\bpass(?:ed|es)\b"
)
# An order not to do something: what else the sentence says is why.
NOT_TO = re.compile(r"(?:please |pls |and |but )?(?:do not|don'?t|never) (?!forget)")
NEXT_NOT = either(
    r"\b(?:take|pay|make) (?:\w+ )?(?:attention|care|notice)\b|\b(?:make|do) not\b",
    rf"\bnext,? (?:i|we)(?: just| then| also| already)* (?!need)(?:{_PAST})\b",
    r"\b(?:i|we)'?d \w+ (?:it|that|this|them) (?:\w+ )?but\b",
    r"\b(?:she|he|they|users?|customers?|clients?|caller|owner|boss|staff|(?:mr|mrs|ms|dr)\.? \w+|people|everyone"
    r"|everybody|who)(?: also| still| only| just| really)? (?:wants?|needs?|would like|wanted|plans?|has|have|must"
    r"|should|will|'ll|intends?|could|can) (?:to )?(?!be (?:asked|checked|replaced|reset|re))",
    r"\b(?:do not|don'?t|never|must not|mustn'?t|should not|shouldn'?t|need not|needn'?t|no need|no ?one should"
    r"|nobody should|we can'?t|cannot|can'?t|can not)\b(?! (?:work|connect|hold|start|help|show|fix|tried|checked"
    r"|tested|been))",
    r"\bshould (?:be (?:fine|ok|okay|working|back|there|able|enough|possible|up|good|done by|online|resolved|ready"
    r"|safe)|work|have|also work|see)\b|\bi (?:want|wanted|need) to (?:know|say|thank|leave|apologi[sz]e"
    r"|understand)|\b(?:have|need) to (?:go|leave)\b|\b(?:nothing|anything|something|has|have|got|had) to do with\b",
    r"\b(?:can|could) (?:i|we) (?:please )?(?:get|have) (?:a|an|my|some) (?:call|update|answer|date|time)"
    r"|\bwe can (?:work|see|still|ping|live)\b|\b(?:call|phone|ring|contact|mail|email|text|get back to) (?:me"
    r"|us)(?: back)?\b|\byou should (?:take|get|see|have|know|receive|be)\b|\byou (?:have|need) to (?:know|take)"
    r"|\bwill have to wait\b|\bi can (?:see|get|do|go|ping|connect|use|make|have|send|call)\b|\b(?:i"
    r"|we) could (?:see|get|not|only|ping|connect|find)\b|\b(?:i|we) have (?:a|another|the)\b|\bto do (?:this|that"
    r"|it|so|with|his|her|their)\b|\bupdate the ticket\b|\b(?:look|looking) into (?:it|this)\b|\bkeep you\b"
    r"|\blet you know\b|\bget back to you\b|\bcall you\b|\blike to close\b|\bas (?:i|we) (?:should|could)"
    r"|^must (?:go|be)\b|\bmust go (?:out|live)|^will (?:be|go|take)\b|\b(?:i|we) (?:had|have|needed) to (?:leave"
    r"|wait)\b",
)
# An intention, of which the same sentence says that it came to nothing.
OVERTAKEN = re.compile(
    rf"next,? (?:i|we) (?!need){_PAST}\b|.*"
    r"\b(?:was|were|wanted|planned|meant|about|going) (?:going |about |planning )?to\b.*\b(?:already|(?:not|no longer)"
    r" (?:needed|necessary)|no need|by (?:it|him|her)self|on its own|came back|works? (?:now|again)|fixed|solved"
    r"|beaten|decided (?:not|against)|too late)\b"
)
ASKS_THEM = either(
    r"\b(?:could|can|would|will|should|shall) (?:you|some ?one|some ?body|any ?one|we|u|one of you|whoever)\b"
    r"|\bplease\b|\bpls\b|\bmaybe try\b|\bworth\b"
)

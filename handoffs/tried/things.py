"""The words of the trade for things: of several that mean the same one stands for all."""

from __future__ import annotations

import re

# What is written in several words, or as a command, becomes a word: in this order, in lower case.
_PHRASES = [
    # acts
    (r"\b(?:sign(?:ed)?|log(?:ged)?) (?P<a>(?:\S+ ){1,3}?)(?:off|out) and (?:back )?(?:on|in)\b", r"relog \g<a>"),
    (r"\bpower(?:ed)?[ -]cycl(?:e|ed|ing)\b", "powercycle"),
    (
        r"\b(?:stop(?:ped)?|shut down|turn(?:ed)? off|switch(?:ed)? off|turn(?:ed)?"
        r"|switch(?:ed)?)(?: (?P<a>(?:[^.;]|\.(?=\w)){0,40}?))?(?: for [^.;,]{1,20}?)?[, ]+(?:and |then "
        "|off and |&& )+(?:back )?(?:re)?(?:turn(?:ed)? |switch(?:ed)? |power(?:ed)? )?(?:it "
        r"|them )?(?:start(?:ed)?|on|up)(?: it| them)?(?: again)?\b",
        r"restart \g<a>",
    ),
    (r"\b(?:toggle|cycle)d?(?P<a> (?:[^.;]|\.(?=\w)){0,40}?) off and on\b", r"restart\g<a>"),
    (r"\bdisabled?(?P<a> (?:[^.;,]|\.(?=\w)){0,40}?)? and re-?enabled?\b", r"restart\g<a>"),
    (
        r"\b(?:uninstall|remove|delete)d?(?P<a> (?:[^.;]|\.(?=\w)){0,60}?)?,?(?: and"
        "| then)+ (?:re-?install(?:ed)?|(?:install(?:ed)?|add(?:ed)?)(?= (?:it|them|afresh|again"
        "|the (?:latest|newest|current)|a fresh)))(?: it| them)?",
        r"reinstall\g<a>",
    ),
    (
        r"\buninstall(?:ed)?(?P<a> (?:[^.;]|\.(?=\w)){0,60}?), (?:reboot"
        "|restart)(?:ed)?,? and (?:re-?)?install(?:ed)?",
        r"reinstall\g<a>",
    ),
    (r"\bre-?join(?:ed)?\b", "rejoin"),
    (
        r"\b(?:remove|unjoin|disjoin|take|took|drop)d?(?P<a> [^.;]{0,40}?) (?:from|off"
        r"|out of) (?:the )?domain\b[^.;]{0,20}?\b(?:re-?)?(?:join|add)(?:ed)?(?: it)?(?: back)?",
        r"rejoin\g<a> to the domain",
    ),
    (
        r"\b(?:sign(?:ed)?|log(?:ged)?)[ -]?(?:off|out)(?P<a> (?:of"
        r"|from) [^.;,]{1,30}?)?(?: and (?:then )?(?:(?:sign|log)(?:ed|ged)?)?) ?(?:back )?(?:on|in)\b",
        r"relog\g<a>",
    ),
    (
        r"\b(?:sign(?:ed)?|log(?:ged)?)[ -]?(?:off|out)(?: and (?:then )?(?:(?:sign|log"
        r"|back)[ -]?)?)(?:on|in)\b",
        "relog",
    ),
    (r"\b(?:sign(?:ed)?|log(?:ged)?) (?P<a>(?:\S{1,40} ){0,3}?)(?:off|out)(?: of)?\b", r"logoff \g<a>from"),
    (r"\b(?:turn|switch)(?:ed|ing)?(?P<a> (?:[^.;,]|\.(?=\w)){0,50}?)? back on\b", r"enable\g<a>"),
    (r"\b(?:turn|switch)(?:ed|ing)? (?P<a>(?!from )(?:[^.;,]|\.(?=\w)){0,50}? )?off\b", r"disable \g<a>"),
    (
        r"\b(?:turn|switch)(?:ed|ing)? (?P<a>(?!from )(?:[^.;,]|\.(?=\w)){0,50}? )?on\b(?! \S+ (?:network"
        "|server))",
        r"enable \g<a>",
    ),
    (
        r"\b(?:sign(?:ed)?|logged)(?: back)? (?:in|on)\b|\blog(?: back)? (?:in|on)(?= again| to\b| as\b"
        r"| with\b|\W*$)",
        "signon",
    ),
    (r"\b(?:forget|forgot) (?:the )?(?:wi-?fi|wireless)(?: network)?\b", "remove wifi profile"),
    (
        r"\b(?:uninstall|remov|delet)(?:ed|e|ing)? (?:the )?(?:(?:windows|cumulative|latest) )*(?:update "
        r"|patch )?(?=kb ?\d)",
        "rollback ",
    ),
    (r"\bpull(?:ed)? the (?:power )?plug (?:of|on)\b", "restarted"),
    (r"\b(built|dial|plug|log|sign)-in\b", r"\g<1>in"),
    (r"\bin-place\b", "inplace"),
    (r"\bwindows update (?!service|cache|components)(?=[a-z])", "windowsupdate "),
    (r"\bfactory[ -]reset", "reset"),
    (r"\breset(?P<a> [^.;,]{0,30}?) to factory (?:defaults|settings)", r"reset\g<a>"),
    (r"\b(?:take|took)(?P<a> [^.;,]{1,30}?) (?:away|off|out)\b", r"removed\g<a>"),
    (r"\bfrom (?:the )?(?:internet|outside)\b|\bexternally\b|\boutbound\b", "external"),
    (r"\bpaused?(?P<a> [^.;,]{0,40}?)? and (?:then )?resumed?(?: it)?\b", r"pauseresume\g<a>"),
    (r"\broll(?:ed|ing)?(?P<a> (?:[^ .;,]+ ){0,4}?)?[ -]?back(?: to)?\b", r"rollback\g<a>"),
    (r"\brevert(?:ed)? (?:the )?update of\b", "rollback"),
    (
        r"\bmake sure\b|\bensure\b|\bhave a look\b|\btake a look\b|\bfind out\b|\blook (?:at|for|into|in"
        r"|up)\b",
        "check",
    ),
    (
        r"\bmade sure\b|\btook a look\b|\bensured\b|\blooked (?:at|for|into|in|up)\b|\b(?:looked"
        r"|gone) through\b",
        "checked",
    ),
    (r"\bre-?creat(?:e|ed|ing)\b|\bset up (?:a )?new\b|\bcreated? (?:a )?(?:new|fresh)\b", "recreate"),
    (r"\bre-?install", "reinstall"),
    (r"\bre-?enabl", "reenabl"),
    (r"\bre-?(?=register|seat|build|connect|run|test|map|index)", "re"),
    (r"\bre-(?=[a-z]{3})", ""),
    (
        r"\b(?:test|try|use|tried|used|tested)(?: it)?(?: with)? (?:a |an |the )?(?:other|another"
        r"|different|spare|new|known good|known working)\b",
        "replace",
    ),
    (r"\b(?:try|use|tried|used) (?P<a>(?:[^.;,]|\.(?=\w)){1,30}) instead of\b", r"switch \g<a>"),
    (r"\b(?:test|try|tried|tested) (?:the |a )?(?P<a>\S+(?: \S+)?) with (?:other|another|a different)\b", "replace"),
    (r"\bhard[ -]cod", "hardcod"),
    (r"\badd(?:ed)? (?:an? |the )?(?:antivirus |defender |av |scan )?(?:exclusions?|exceptions?)\b", "exclude"),
    (
        r"\badd(?:ed)? (?P<a>(?:[^.;,]|\.(?=\w)){1,60}) to (?:the |an )?(?:allow[ -]?list|white[ -]?list"
        r"|safe senders?(?: list)?)\b",
        r"whitelist \g<a>",
    ),
    (
        r"\badd(?:ed)? (?P<a>(?:[^.;,]|\.(?=\w)){1,60}) to (?:the |an )?(?:block[ -]?list"
        r"|black[ -]?list)\b",
        r"blocklist \g<a>",
    ),
    (r"\bshare(?:d)? a\b", ""),
    # commands
    (r"\breleas(?:e|ed) and renew(?:ed)?(?: the)?(?: ip| dhcp)?(?: address)?(?: lease)?\b", "dhcprenew"),
    (
        r"\bipconfig /release(?:,? (?:and |then |& ?|&& ?)?(?:ipconfig )?/renew)?\b"
        r"|\brenew(?:ed)? (?:the )?(?:dhcp|ip)(?: address)?(?: lease)?",
        "dhcprenew",
    ),
    (
        r"\bipconfig /flushdns\b|\b(?:flush|clear|purg"
        "|empti?)(?:e?d)? (?:the )?dns(?: resolver)?(?: cache)?",
        "flushdns",
    ),
    (r"\bsfc(?:\.exe)?(?: /scannow)?\b|\bsystem file checker\b", "sfc"),
    (r"\bdism\b(?: ?/\S+)*", "dism"),
    (
        r"\bgpupdate(?: /force)?\b|\b(?:force|refresh|update)d? (?:a |the )?(?:refresh "
        r"|update )?(?:of )?(?:the )?group polic(?:y|ies)\b",
        "gpupdate",
    ),
    (r"\bmemtest\w*\b", "memtest"),
    (r"\bdbcc checkdb\b", "checkdb"),
    (r"\bnet use\b", "netuse"),
    (r"\bsoftwaredistribution(?: folder)?\b|\bwindows update components\b", "softwaredistribution"),
    (r"\bwindows update (?:service|cache)\b|\bwuauserv\b", "wuauserv"),
    (r"\bsafe mode\b", "safemode"),
    (
        r"\bas (?:an? )?administrator\b|\b(?:with )?(?:administrative|admin|elevated) (?:rights"
        r"|privileges)\b|\belevated\b",
        "asadmin",
    ),
    (r"\b(?:message|mail) trac(?:e|ing)\b", "messagetrace"),
    (r"\bspeed ?test\b", "speed"),
    # things
    (r"\bkerberos key distribution cent(?:er|re)\b|\bkey distribution cent(?:er|re)\b", "kdc"),
    (r"\bdomain controllers?\b|\bdcs\b", "dc"),
    (r"\bactive directory\b", "ad"),
    (
        r"\bnetwork (?:interface )?(?:card|adapter|interface)s?\b|\bethernet adapters?\b|\bnics\b"
        r"|\blan adapters?\b",
        "nic",
    ),
    (r"\b(?:wireless )?access[ -]points?\b|\baps\b", "ap"),
    (r"\bprint(?:er)? spooler\b|\bspooler service\b", "spooler"),
    (r"\b(?:print(?:er)? )?queue\b", "queue"),
    (r"\b(?:cached (?:exchange )?mode|offline mode)\b", "cachedmode"),
    (r"\bcached (?:exchange )?mode file\b|\boffline data file\b", "ost"),
    (r"\b(?:patch|network|ethernet|lan|rj45|cat ?[56]e?)[ -](?:cord|cable|lead)s?\b", "networkcable"),
    (r"\bvolume shadow copy(?: service)?\b|\bshadow copy service\b", "vss"),
    (r"\bcredential manager\b", "credentialmanager"),
    (r"\b(?:saved|stored|cached) (?:passwords?|credentials?|logins?|sign-?ins?)\b", "credential"),
    (r"\boutlook (?:on the web|web app|web access)\b", "owa"),
    (
        r"\b(?:in|on) (?:the |a |another )?(?:web ?)?browser\b(?=.*\bteams\b)|\bteams web(?: app)?\b"
        r"|(?<=teams )in (?:edge|chrome|firefox)\b",
        "inbrowser",
    ),
    (
        r"\b(?:tried|tested|opened|launched|started) (?=\S+(?: \S+)? in ?(?:browser|the browser|a browser"
        "|safe|private))",
        "run ",
    ),
    (r"\b(?:try|test|open|launch|start) (?=\S+(?: \S+)? in ?(?:browser|the browser|a browser|safe|private))", "run "),
    (r"\bin (?:the |a )?(?:web ?)?browser\b", "inbrowser"),
    (r"\bsuch as\b|\bfor example\b|\b(?:straight|directly)\b", ""),
    (r"\bsafe[ -]mode\b", "safemode"),
    (r"\bon-access scan(?:ner|ning)?\b", "onaccess"),
    (r"\bdown to (?=\d)", "lowered to "),
    (r"\bup to (?=\d)", "raised to "),
    (r"\b(?:other|another|different|spare|new) (?P<a>\S+) (?:put|plugged) in\b", r"replaced \g<a>"),
    (
        r"\bconnect(?:ed)? (?P<a>[^.;,]{1,40}?) to (?=(?:an? )?(?:different|another"
        r"|other) (?!(?:\S+ )?(?:port|socket|outlet|switch)))",
        r"check \g<a> on ",
    ),
    (r"\bpower supply(?: units?)?\b", "psu"),
    (r"\brouting tables?\b", "route"),
    (r"\bwi-?fi\b|\bwireless(?: network| lan)?\b|\bwlan\b", "wifi"),
    (r"\bgraphics?(?: (?:card|adapter))?\b|\bvideo (?:card|adapter)\b|\bdisplay (?:adapter|driver)\b", "gpu"),
    (r"\bdocking stations?\b|\bdocks?\b", "dock"),
    (r"\bram modules?\b|\bmemory modules?\b|\bdimms?\b|\bram\b", "memory"),
    (r"\bterminal servers?\b|\brds (?:server|host)s?\b|\bsession hosts?\b", "rds"),
    (r"\bconditional access\b", "conditionalaccess"),
    (r"\bgroup polic(?:y|ies)\b|\bgpos?\b", "gpo"),
    (r"\b(?:tls|ssl)[ -]certificates?\b|\bcerts?\b", "certificate"),
    (r"\bspanning[ -]tree\b", "stp"),
    (r"\bmulti-?factor(?: authentication)?\b|\b2fa\b", "mfa"),
    (r"\bwindows (?:defender )?firewall\b|\bdefender firewall\b", "hostfirewall"),
    (r"\b(?:clocks?|time)(?: (?:is|are))?(?: sync\w*)?\b", "time"),
    (r"\bfree (?:disk )?space\b|\b(?:disk|free) space\b|\bspace (?:left|free)\b", "space"),
    (r"\bhard (?:disk|drive)s?\b|\bdrive(?= [a-z]:)", "disk"),
    (r"\b(?:anti-?virus|av)(?: software| scanner)?\b", "antivirus"),
    (r"\badd-?(?:in|on)s?\b|\bplug-?ins?\b", "addin"),
    (r"\bsystem reserved(?: partition)?\b", "systemreserved"),
    (r"\bsip (?:application layer gateway|helper)\b", "sip alg"),
    (r"\.net (?:framework )?(?=\d)", "dotnet "),
    (r"\bmailbox size\b", "size mailbox"),
    (r"\b(?:web|print|file|database|application|backup|exchange|mail) servers?\b", "server"),
    (r"\bsql server\b", "sql server"),
    (r"\bconnectivity\b|\breachable\b|\breachability\b|\bpinged\b|\bpings?\b", "ping"),
    (r"\bip address\b", "ipaddress"),
    (r"\b(?:static|fixed)\b", "fixed"),
    (r"\btemp(?:orary)? (?:user )?profiles?\b", "temp profile"),
    (r"\bopen(?=,|$| from)", "reachable"),
    (r"\bcheck (?:that |whether |if )?(?P<a>[^.;,]{1,60}?) (?:is|are) (?:disabled?|turned off)\b", r"disable \g<a>"),
    (r"\bcheck (?:that |whether |if )?(?P<a>[^.;,]{1,60}?) (?:is|are) (?:enabled?|turned on)\b", r"enable \g<a>"),
]  # fmt: skip
PHRASES = [(re.compile(pattern), by) for pattern, by in _PHRASES]

_WORDS = {
    "notebook": "laptop", "httpd": "apache", "cpus": "cpu", "fqdn": "host", "cord": "cable", "lead": "cable",
    "certificates": "certificate", "right": "permission", "rights": "permission",
    "member": "membership", "entra": "ad", "aad": "ad", "clocks": "time", "login": "logon", "sign-in": "logon",
    "signin": "logon", "office": "office", "smartphone": "phone", "handset": "handset", "telephone": "phone",
    "indexes": "index", "indices": "index", "index": "index", "policies": "policy", "settings": "setting",
    "virtual": "vm", "snapshots": "snapshot", "throughput": "iperf", "bandwidth": "iperf", "dns": "dns",
    "internet": "internet", "bios": "bios", "uefi": "bios", "writers": "writer", "screen": "monitor",
    "screens": "monitor", "display": "monitor", "displays": "monitor", "logs": "log", "eventlog": "log",
    "blocking": "block", "blocked": "block", "blocks": "block", "topology": "stp", "synchronised": "sync",
    "synchronized": "sync", "synchronization": "sync", "synchronisation": "sync", "kdcs": "kdc",
    "ip": "ipaddress", "size": "space",
}  # fmt: skip

# Acts that a phrase is rewritten to: they stand so whenever they were done.
_REWRITTEN = "recreate run signon relog logoff restart reinstall rejoin rollback remove disable enable exclude replace"
REWRITTEN = frozenset(_REWRITTEN.split())

# Says nothing of the thing.
_STOP = (
    "a about above actually additional affect affected afresh after afterwards again against all also always"
    " an and anew another answer answers any applied applies apply are around as assigned at available back"
    " based be because been before being better between both build business but by can case cause clean come"
    " comes completely connect connects continuous correct correctly correspond corresponding could current"
    " currently day days different do does done during e.g each eg either else enough ensure entire etc every"
    " excessive exist existing exists expired extended fails faulty few fine first for force four fresh"
    " freshly from fully gb gbit good got had half hand has have he her here his hit hits hour hours how"
    " however hung hz i i.e ie if in instead into is issue it its itself just kb keep known large last later"
    " latest least let like local long make manually match matches may maybe mb mbit me might minute minutes"
    " missing month more most ms must my necessary need needed needs new newest next night no none noon normal"
    " normally not nothing now of off official ok old on once one only onto or other others our out outdated"
    " outside over overnight own per please point pointing points possible possibly present problem problems"
    " proper properly quickly rather reach reached really recent reject rejected rejects release reliably"
    " respond responds result results same second several shall she should side sides since so some soon stale"
    " state step still stuck such sure tb temp temporarily temporary than that the their them then there these"
    " they this those three through time to too towards trouble twice two under until up upon us use used"
    " using valid version via was way we week well were what when where whether which while who whole why will"
    " with within without working works would yes yet you your"
)
STOP = frozenset(_STOP.split())
# Kinds of things: they tell something only where nothing else does.
_WEAK = (
    "account ad address ap app appliance application change client component computer computers config"
    " configuration connection controller database dc default desktop device directory environment event"
    " extension file files firewall fixed folder framework full gateway group high host id interface ipaddress"
    " job laptop list location low machine manual microsoft model name network number office online option"
    " page partition pc phone port printer process program record records resource resources router rule"
    " server servers service services setting site software status switch system unit usage user users"
    " utilisation utilization value values vm website windows workstation"
)
# Whoever runs the same of these does the same, whatever the verb.
_COMMANDS = (
    "bootrec checkdb chkdsk curl dcdiag dfsrdiag dhcprenew dism flushdns gpresult gpupdate iisreset iperf"
    " memtest messagetrace netuse nmap nslookup openssl ping regsvr32 repadmin scanpst sfc sp_who2 swaks"
    " telnet tracert"
)
COMMANDS = frozenset(_COMMANDS.split())


def canonical(word: str) -> str:
    """The word that stands for it and for others that mean the same."""
    word = _WORDS.get(word, word)
    if len(word) > 3 and word.endswith("ies"):
        word = word[:-3] + "y"
    elif len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is", "os")):
        word = word[:-1]
    return _WORDS.get(word, word)


WEAK = frozenset(map(canonical, _WEAK.split()))

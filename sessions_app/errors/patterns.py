"""What an error looks like in one line: the words and codes of machines.

A line is matched in small letters, but for names that are known by their capitals. No pattern repeats what repeats
itself without a bound, so each takes time in proportion to the line.
"""

from __future__ import annotations

import re

from resolutionflow.core.late_pattern import late


def any_of(patterns: str, before: str = "") -> re.Pattern[str]:
    """One pattern out of those written one a line; a line that is indented goes on with the one above."""
    branches = re.sub(r"\n +", "", patterns).strip("\n").replace("\n", "|")
    return late(lambda: re.compile(f"{before}(?:{branches})"))


# Numbers and names that machines give to errors.
CODES = any_of(
    r"""
http/[\d.]+"?\s+[45]\d\d\b
(?:http|status|statuscode|status_code|response)(?: error| code
    | status)*["']?\s?[:= ]?\s?\(?["']?[45]\d\d\b(?!\s?(?:%|[kmgt]?i?b\b|ms\b|s\b|rows|bytes|items|pages|users
    |seconds|minutes))(?![.,:/]\d)
[45]\d\d[:,]? \(?(?:not found|forbidden|unauthorized|bad request|bad gateway|internal server|service unavailable
    |service (?:temporarily )?unavailable|gateway time-?out|too many requests|method not allowed|payment required
    |(?:requested )?(?:mailbox|mail action|action)|user (?:unknown|not)|no such|relay\w*|recipient|sender
    |authentication|login|access|permission|command|syntax|message rejected|sorry|address|host|domain|transaction
    |not|too many|closing|temporar\w+|internal|bad|invalid)\b
[45]\d\d[ -]#?[45]\.\d{1,3}\.\d{1,3}\b|\bxid \(
(?:dsn=|status: |#)[45]\.\d{1,3}\.\d{1,3}
(?:said|returned|responded|answered|reply|replied|response|server)(?: with)?: ["']?[45]\d\d[ -]
(?:smtp|sip|ftp|imap|ldap)[ -](?:error |code |status )?[456]\d\d\b
sip/2\.0 [456]\d\d\b|failed (?:with )?\d{1,5}:
status=(?:bounced|deferred|undeliverable|expired)
0x[8c][0-9a-f]{7}\b
(?:errors?|codes?|result|status|failed|failure|hresult|stop|bugcheck|reason|fehler|erreur|fout|exception
    |returned)\b[\s:=(\["'#]{1,4}(?:code |of |is |value )?[(\["']?0x(?!0+\b)[0-9a-f]{1,16}\b
-(?:2[01]|1[0-9])\d{8}\b
(?:214794\d{4}|214807\d{4}|322122\d{4}|322516\d{4})\b
aadsts\d{4,}|ora-(?!00000|06512)\d{5}|sqlstate\W{0,3}(?!00000)[0-9a-z]{5}|msb\d{4}|tns-\d{5}|pls-\d{5}|sp2-\d{4}
msg \d{3,}, level \d+
nt_status_(?!ok\b|success)\w+|wstat\w*_err\w*
(?:error|fatal|fehler|fehlercode|erreur|fout|foutcode|errno|err)(?: ?code| ?number| ?no\.?
    | ?id)?["']?[\s:=#(\[]{1,3}["']?(?:[a-z]{1,5}-?)?-?(?!0+\b|0x0+\b)\d[\w.-]*
(?:exit|return|result|response|stop|fault|failure|reason|status|last error)[ _]?(?:code|status|value)["']?\s?(?:is\s
    |was |of |=|:)?\s?["'(]?-?(?!20\d\b|30\d\b)[1-9]\d*\b(?!\.)
last (?:run )?result["']?\s*[:=(]\s*(?:0x)?(?!0x|0\b|26700\d|26701\d|4130[0-3])[0-9a-f]+
(?:exited|exits|returned|finished|completed|terminated|ended|failed)(?: \w+)? (?:(?:with|status|code|exit|error
    |value|return|an?|abnormal|unexpected|signal|non-?zero)[ :=(]{1,3}){1,6}-?[1-9]\d*\b
exited \([1-9]\d*\)
status=(?!0/)\d+/[a-z]
code=(?:killed|dumped)
active: failed
verify (?:error|return code)[:= ]*(?:num=)?[1-9]
(?:failed|denied|error)[, ]+(?:with )?(?:result|code|status|error) ?[:=]? ?\(?-?[1-9]\d*
(?:failed|failure|aborted): ?-[1-9]\d*\b|returning [1-9]\d{2,}\b|status (?!20\d|30\d)\d{2,5}: [a-z]
\(code [1-9]\d*\)
result -?[1-9]\d{2,4}\b
(?:code|error)[ :=]{1,3}8[0-9a-f]{7}\b
curl: \([1-9]\d*\)
(?:replied|responded|answered|returned) (?:with )?(?:4[012]\d|50\d)\b
(?:an?|returns?|returned|got|gets|getting|gives?|throws|answers?|with|status) (?:an? )?(?:4[012]\d|50\d|51[0-9])\b
    (?= (?:on|from|for|at|when|since|page|error|again|by|after|response|back|as)\b|[.,;!]?$)
(?:getting|got|gets|with|in|shows?|says|code|error) (?:still )?80(?:0[0-9f]|1[0-9]|24|33|04)[0-9a-f]{4}\b
(?:error|fault|fehler|störung)\b[^.:;]{0,30} (?:is|ist|was) [a-z]{0,4}[- ]?\d{2,5}\b
(?:display|screen|panel|copier|printer|mfp|scanner|machine|device|anzeige) (?:shows?|says|reads|displays
    |zeigt) [a-z]{1,4}[- ]?\d{2,5}\b(?:-\d\d)?
error [a-z]{1,6}\d{3,5}\b
\d\d\.[0-9a-f]{2,4}(?:\.[0-9a-f]{2})? (?:service )?error
(?:100|[1-9]\d?)(?:\.\d+)?% (?:packet )?loss
(?:alert )?(?:read|write):fatal:[a-z ]{3,40}|alert number \d+
(?:trojan|virus|worm|backdoor|ransom|exploit|hacktool|adware|spyware|behavior|pua|pup|riskware)[a-z]{0,12}[:.]
    (?:win32|win64|msil|linux|macos|vbs|js|html|o97m|script|msoffice|android)[/.][\w.!-]+
""",
    before=r"(?<![a-z0-9.,/])",
)
EVENT = re.compile(r"(?<![a-z])(?:event|ereignis|evenement|événement)[ -]?(?:id)?[\s:=#]{1,3}\d{1,5}\b(?![./:,]\d)")
# Names known by their capitals: E_ACCESSDENIED, ERR_CERT_DATE_INVALID, ECONNREFUSED, System.IO.IOException.
CAPITALS = any_of(
    r"""
(?:WSA)?E(?:CONN[A-Z]+|ACCES|PERM|NOENT|ADDR[A-Z]+|TIMEDOUT|PIPE|HOST[A-Z]+|NET[A-Z]+|NOTFOUND|AI_[A-Z]+|NOSPC|RESOLVE
    |INTEGRITY|LIFECYCLE|MFILE|EXIST|BUSY|ROFS|NOTEMPTY|IO|PROTO|INVAL|404|401|403)\b
(?:[A-Z]{2,6}_)?E_[A-Z_]{4,}\b(?!\s*=)|DHCPNAK\b
(?!(?:[A-Z]{1,12}_){0,3}(?:NOT_STOPPABLE|NOT_PAUSABLE|NO_ERROR|ERROR_SUCCESS|ERROR_NONE|ERROR_OK|ERR_OK)\b)
    (?:[A-Z][A-Z0-9]{0,30}_){0,6}(?:ERR|ERROR|FAILED|FAILURE|DENIED|INVALID|REFUSED|EXPIRED|UNACCEPTABLE|UNREACHABLE
    |MISMATCH|UNKNOWN|REJECTED|UNAVAILABLE|CORRUPT|CORRUPTION|VIOLATION|UNSUPPORTED|UNAUTHORIZED|FORBIDDEN|FAULT
    |EXCEPTION|DIED|INACCESSIBLE|UNCORRECTABLE|NXDOMAIN|IRQL|CHOSEN|WRONG|BAD|MISSING|UNABLE|CANNOT|LOST|ABORTED|LOCKOUT|TIMEOUT|OVERFLOW|DEADLOCK|RESET|NOT|NO
    |MEMORY)(?!_(?:LOGS?|FILE|PATH|DIR|COUNT|LEVEL|HANDLER|PAGE|RATE|CODE|MESSAGE|STATUS|LIMIT|PROXY|REPLY
    |COLOR)\b)(?:_[A-Z0-9]{1,30}){1,6}\b(?!\s*=|\.\w|_)
(?:[A-Z][A-Z0-9]{0,30}_){1,6}(?:ERR|ERROR|FAILED|FAILURE|DENIED|INVALID|REFUSED|EXPIRED|UNACCEPTABLE|UNREACHABLE
    |MISMATCH|UNKNOWN|REJECTED|UNAVAILABLE|CORRUPT|CORRUPTION|VIOLATION|UNSUPPORTED|UNAUTHORIZED|FORBIDDEN|FAULT
    |EXCEPTION|DIED|NXDOMAIN|CHOSEN|FOUND|EXCEEDED|LOCKED|OVERFLOW|DEADLOCK|MANAGEMENT)\b(?!\s*=|_)
(?:Expired|Invalid|Unauthorized|Unknown)(?:[A-Z][a-z]++)+\b(?!\s*[:=(.])
(?=[A-Z][a-z]++[A-Z])(?:[A-Z][a-z]++)*?(?:NotFound|Expired|Exceeded|Denied|Refused|Unavailable|Mismatch|Failed)\b(?!\s*[:=(.])
(?:[A-Z][a-z]++){1,5}?(?:MustBe|Cannot|DoesNot|IsNot|NotAllowed)(?:[A-Z][a-z]++){0,5}\b(?!\s*[=(.])
NXDOMAIN\b|SERVFAIL\b|REFUSED\b|E[Rr][Rr]?[ -]?\d{1,4}\b|PXE-[A-Z]\d{2}\b|Code (?:10|12|28|31|39|43|45|52)\b
(?<=rror: )(?:[A-Z][a-z]{1,20}){3,8}\b
(?:[A-Z][a-z]+[A-Za-z0-9]*)(?:Error|Exception|Failure|Fault)\b(?!Id\b|Handler|\.\w+\s*=)(?=\s*[:(\]]|\s*$|\s+[-–]
    |\s*[a-z])
""",
    before=r"(?<![A-Za-z0-9_])",
)
# The line of a trace that names what was thrown.
EXCEPTION = re.compile(
    r"^(?:\W{0,3}(?:unhandled exception[.:]|exception in thread \S{1,80}|uncaught|fatal error: uncaught|fatal error: "
    r"|panic:)?"
    r"\s*)[\[(]?(?:[A-Za-z_$][\w$]*[.\\:/]+)*[A-Z_][\w$]*"
    r"(?:Error|Exception|Failure|Fault|Exit|Interrupt|Warning|Timeout)\b(?=\s*[:(\]]|\s*$)",
    re.I,
)

# Words that say it outright.
STRONG = any_of(
    r"""
(?:access|permission|zugriff|toegang|login|logon|relay access|authorization) (?:is |was |wurde\s
    |has been )?(?:denied|verweigert|geweigerd)
(?:connection|verbindung|session)(?: was| has been| is| to \S{1,80}){0,3} (?:refused|reset|timed out|aborted
    |closed by|terminated|lost|failed|dropped|forcibly|rejected)
actively refused|forcibly closed|connection closed by remote host
(?:request|operation|connection|query|handshake|read|write|session|wait|dns request|lock) (?:has\s
    |have )?timed[- ]out
timed[- ]out|timeout (?:expired|exceeded|occurred|reached|waiting|while|error|elapsed)|deadline exceeded
(?:gateway|handshake|semaphore|i/o|execution|lock wait|operation|connection|read) timeout
(?:host|network|net|destination|port|server|peer|protocol)(?: \S{1,60})?(?: is| was)? (?:un|not )reachable
no route to host|transmit failed|general failure
no such (?:file|host|user|mailbox|device|container|table|column|object|service|process|domain|name|module|image
    |network|interface|key|command|volume|database)
(?:is|was) not recognized|nicht als name|n'est pas reconnu|no se reconoce|command not found|not recognized as
(?:could not|couldn't|unable to|failed to|fails to|cannot|can't) (?:be )?(?:establish|find|found|connect|reach|open
    |read|write|access|start|load|resolve|create|allocate|bind|authenticate|log ?on|log ?in|contact|locate|bring
    |complete|process|retrieve|initiali[sz]e|mount|delete|copy|save|print|verify|validate|parse|execute|send
    |receive|get|set|join|acquire|obtain|attach|import|install|update|move|apply|generate|register|communicate
    |negotiate|download|upload|fetch|query|lock|enumerate|call|invoke|freeze|prepare|map|display|continue|proceed
    |determine|assign|fork|stat|perform|sync|run|updated)
did not (?:complete|respond|start|receive|register|succeed|finish|match|exit)|not completed
did not \w{1,20} (?:because|due|within)|not able to|no \w{1,20} (?:received|responding|responded)
didn't (?:complete|respond|start|finish)
(?:has|is|have|had|was|already|been|certificate|password|license|licence|token|lease|subscription|session) expired
(?:was|been|is|were|be|has|have|got|message|mail|recipient|sender|address|packet|request|certificate|transaction
    |client|command|delivery|host)(?: \w+)? rejected
rejected(?=[:.;]| by| due| for| because)|reject:\s
exceeded|over quota|quota (?:is )?(?:full|reached)|mailbox (?:is )?full
segfault|segmentation fault|kernel panic|core dumped|out of memory|oom[- ]?kill\w*
out of (?:\w+ )?(?:memory|space|resources|storage|range)|without (?:cleanly|properly)
not (?:shut ?down|unmounted|closed|stopped) (?:properly|cleanly)|unclean|improperly|killed process|stack overflow
double fault|general protection|machine check|call trace|bus error|illegal instruction|access violation
port is already allocated|address (?:is )?already in use|err-?disabled?\b
bsod|blue ?screen|stop code|bugcheck|stop: 0x|critical process died
trust relationship|rpc server is unavailable|no logon servers|logon failure|login failed|login incorrect
logon attempt failed|auth(?:entication)? (?:has )?fail\w*|authentication error|handshake fail\w*|handshake error
alert \w+ (?:failure|error)|invalid credentials|bad (?:password|credentials|username)
(?:password|user ?name|credentials)\b[^.:;]{0,40}? (?:is|are|was) (?:incorrect|invalid|wrong)
incorrect (?:user|password|login)|wrong password|account (?:is |has been |was )?(?:currently )?(?:locked|disabled)
locked out
disk (?:is )?full|no space left|not enough (?:space|memory|storage|disk|free|quota|resources|server)|insufficient
(?:volume|disk|drive|array|raid|pool|storage pool)\b[^.:;]{0,30}? (?:has |is |was |in )?(?:crashed|degraded|failed
    |faulty|corrupt\w*|offline)
i/o error|read-only file ?system|bad block|bad superblock|unrecovered read
corrupt(?:ed|ion)?|crashed|deadlock\w*|syntax error|unhandled|uncaught
(?:in use|being used) by another|another process|conflict:\s
(?:unknown_ca|bad_certificate|certificate_unknown|handshake_failure|(?:access|permission)_denied|invalid_grant
    |invalid_client|(?:certificate|token|session|password|licen[cs]e)_expired|(?:quota|limit)_exceeded)\b(?!["']?\s?=)
certificate verify failed|self[- ]signed cert\w*|not trusted|untrusted|certificate (?:name|common name) mismatch
name mismatch|hostname mismatch|revoked|unable to get local issuer|signed by (?:an )?unknown
unknown (?:authority|ca\b|issuer)
(?:do|does|did) not exist|doesn't exist|not a valid|is invalid|is not valid|was not found|were not found
not be found|no longer exists
not be (?:updated|performed|started|established|reached|loaded|opened|created|completed|verified|accessed|contacted
    |located|determined|displayed|installed|read|written|resolved|delivered|copied|deleted|processed|saved|removed
    |mounted|used|initialized|validated|printed|sent|joined)
not responding|stopped working|has stopped (?:working|responding)|stopped unexpectedly
terminated (?:unexpectedly|abnormally|with|by signal|due)|(?:was|has been) terminated
unexpectedly (?:closed|quit|stopped|terminated|shut)|shutdown .{0,40}was unexpected|unexpected shutdown
paper jam|out of paper|paper out|load paper|toner (?:empty|out|low)|replace (?:toner|cartridge|drum)|papierstau
bourrage papier|atasco de papel|papierstoring|printer (?:is )?(?:offline|in an error)
has fallen off\b
no (?:\w+ )?(?:response|answer|reply|connection) (?:from|received|to|within|with\b)|no answer
no (?:\w+ )?proposal|no matching|no more endpoints
no (?:\w+ ){0,2}suitable\b|no carrier|non-existent domain|negotiation (?:has )?fail\w*|negotiation error
psk mismatch|pre-shared key mismatch
probable (?:authentication|pre-shared)|mismatch(?:ed)?
(?<!now )(?<!still )too (?:many|large|big|long|small|short|few|late|low|old|new
    |weak)\b(?! (?:of|for (?:me|us|him|her|them))\b)
(?:maximum|limit|count|quota)\b[^.:;]{0,40} (?:reached|exceeded)|reached (?:its|the) (?:\w+ )?(?:maximum|limit)
object reference not set|outside the bounds|not in (?:a|the) correct|contains no elements|would be truncated
has gone away|conflict(?:s|ed) with|lock-?up|abnormally|stuck for
line protocol on interface \S{1,40}, changed state to down|changed state to down|is down\b|went down
(?:link|tunnel|port|interface|node|peer|neighbou?r|nbr|vpn|wan\d?|uplink|circuit|host|monitor)[\w/.-]*
    (?:\s[\w./:()-]{1,40}){0,3}?(?:\snow)?\sdown\b(?! ?(?:to|for|the|from|at|by|and)\b)
errors?:\s{1,3}\S|errors? \(
error (?:occurred|was|reading|writing|opening|connecting|loading|creating|starting|processing|code|while|when|from
    |on|at|validating|communicating|has)
errors? (?:occurred|were|have|has)|fatal error|system error|runtime error|internal error|server error|disk error
crc error|service error|script error|application error|fatal:|panic:|critical:|exception:
unexpected (?:error|end|token|response|eof|exception)
an? (?:[a-z-]+ ){0,3}?(?:error|exception|failure) (?:has |have )?(?:occurred|happened)
encountered (?:an?|the) (?:\w+ ){0,2}?(?:error|problem|exception)
zugriff .{0,30}verweigert|fehlgeschlagen|konnte(?:n)? nicht|nicht gefunden|ungültig|abgelaufen|zeitüberschreitung
abgebrochen|kein papier|nicht (?:erreichbar|verfügbar)|fehler(?:code)?[: ]|ein fehler
accès (?:est )?refusé|échoué|échec|introuvable|n'a pas pu|impossible (?:de|d'|à)|erreurs? ?[:\d-]|une erreur
délai .{0,30}(?:dépassé|expiré)|a expiré
acceso denegado|no se (?:pudo|puede|encontró|ha podido|encuentra)|falló|ha fallado|caducado|tiempo de espera agotado
se ha producido un error|no es válido
toegang (?:is )?geweigerd|mislukt|niet gevonden|kan (?:niet|geen)|is verlopen|fout(?:code)?[: ]|er is een fout
(?:kann|können|konnten?|wurden?|ist|sind|war|hat|haben|werden|darf)\b[^.:;]{0,60}\bnicht\b(?! nur)|gesperrt\b
nicht (?:mehr )?(?:verfügbar|erfolgt|erfolgreich|zulässig|angemeldet|verbunden)
nicht (?:genug|genügend|möglich|bereit|unterstützt|vorhanden|zugelassen|erlaubt|gelesen|erkannt|rechtzeitig|reagiert)
keine? (?:verbindung|antwort|berechtigung|lizenz\w*|anmeldung|route|gültige\w*)\b|(?:ist|sind) (?:falsch|voll|defekt)
n'(?:est|a|ont|était|existe|y a) (?:pas|plus|aucune?)\b|insuffisante?s?\b|mot de passe (?:est )?incorrect
(?:connexion|liaison)\b[^.:;]{0,40}\bperdue|arrêtée? de (?:façon|manière)
niet (?:bereikbaar|beschikbaar)|no está (?:disponible|conectad[oa])|n'est pas (?:disponible|accessible|valide)
""",
    before=r"(?<![a-z0-9])",
)
# Words that usually do, and such that may.
SOFT = any_of(
    r"""
fail(?:s|ed|ure|ures|ing)?\b
errors?\b|err\b(?=[!:])|errored
schreibgeschützt\b|write[- ]protected\b|protégée? en écriture
gestört\b|störung\b|unterbrochen\b|verloren\b|getrennt\b|ausgefallen\b
abgestürzt\b|überschritten\b|unbekannter? (?:host|benutzer|fehler|befehl|name)|gescheitert\b
inaccessible\b|indisponible\b|inconnue?\b|dépassée?\b|hors ligne\b|en panne\b|manquante?\b|interrompue?\b|erronée?\b
fehler|erreurs?\b|errores\b|fout(?:en)?\b|verweigert|geweigerd|denegado|refusé|fallo\b|expiré|expirado|verlopen\b
cannot\b|can't\b|can not\b|could not\b|couldn't\b|unable\b|won't (?:start|open|load|boot|connect)
denied|den(?:y|ied) |refus(?:ed|es|ing|al)|reject(?:ed|s|ing)?\b|blocked|forbidden|unauthori[sz]ed
(?:not|isn't|aren't|wasn't|weren't|hasn't been|haven't been) (?:\w+ )?(?:found|allowed|supported|available
    |authorized|permitted|reachable|accessible|enough|valid|connected|installed|registered|configured|licensed
    |signed|loaded|started|responding|present|established|ready|trusted|accepted|completed|updated|sent|delivered
    |synchroni[sz]ed|working|activated|genuine|mounted|assigned|recogni[sz]ed|able|running|possible|operational|compliant
    |private|secure|permitted|granted|resolved|reached|opened|readable|met|joined|enrolled|migrated|licen[cs]ed|defined
    |paired|plugged|calibrated|inserted|in sync|a member|functioning|charging|detected|reporting)\b
(?:do|does|did)(?: not|n't) (?:have|grant|allow|support|meet|permit|match|exist|know|provide|send|contain|accept|answer
    |\w{1,20} know)\b
(?:(?:is|are|was|were|has|have|been|now|already) (?:\w+ )?(?:full|stuck|broken|damaged|orphaned|infected|truncated
    |quarantined|abandoned|flapping|tampered|locked|suspended|gone|retried|in use)|container full|in use by
    |held by)\b(?! in)
(?:all|currently)\b[^.:;]{0,40}\bin use\b|flapping|abandoned\b|infected\b|quarantined\b|malicious\b|damaged\b
duplicate (?:\w+ )?(?:name|address|entry|key|ip|mac|record|value|object|number)\b
has disabled\b|(?:has )?stopped (?:this|interacting|replication)|reset to device
locked (?:by|for|exclusively)|(?:record|file|account|database|table|object|document|repository|mailbox|profile|card
    |bestand|datei)\b.{0,30}? locked\b
hangs?\b|exhausted\b|inconsisten\w+|incomplete\b|throttl(?:ed|ing)\b|(?:black|block)listed\b
overload(?:ed)?\b|stale\b|unsynchroni[sz]ed|out of (?:sync|date)\b|outdated\b|suspicious\b|unexpectedly\b
(?:was|been|is|connection|download|upload|transfer|backup) interrupted\b|misconfigur\w+|unplugged\b
(?<!no )(?:virus|malware|loop|intrusion|over-?current|split-brain|conflict|collision)
    (?: was| has been)? detected\b
(?:tray|cassette|cartridge|battery|toner|ink|fach)\b.{0,20} (?:empty|leer)\b|(?:cover|lid|klappe) (?:is )?open\b
(?:head|printhead|drawer) (?:is )?open\b
lapsed\b|another instance of|exceeds\b|address conflict|thermal shutdown|power surge|limited connectivity|no internet\b
greylisted|(?:perm|temp)error\b|declined\b|heartbeat missed|missed heartbeats?|(?:above|over|below) (?:the )?threshold
no (?:mx|ptr|srv|dns|spf) records?\b|needs? to be (?:upgraded|updated|repaired|replaced)\b|by another user|is read-only
(?:path|peer|link|disk|port|battery) (?:is )?dead\b
(?:closed|terminated|dropped|ended) the (?:connection|session|call)|(?:is|key) needed\b
(?:requires?|needs?|perform|needed:?) (?:\w+ )?(?:cleaning|service|maintenance|repair|consolidation|replacement)\b
no (?!(?:\w+ ){0,2}(?:updates?|changes?|items?|threats?|results?|issues?|virus(?:es)?|malware|infections?
    |vulnerabilit\w+|difference\w*|duplicates?|events?|match\w*|records?|entries|rows|action|further|new|other|more)\b)
    (?:[\w-]+ ){1,3}?(?:found|available|received|present|left|returned|defined|detected|provided|accepted
    |configured)\b
no (?:toner|paper|signal|boot\w*|live|acceptable|shared|media|medium|disk|licen[cs]es?|valid|dial ?tone|sa)\b
exceptions?\b|fatal\b|abort(?:ed|ing)?\b|crash(?:es|ing)?\b|panic\b|fault(?:y|s|ing)?\b|violation|panicked
status["':= ]{1,4}(?:bad|failed|critical|degraded|faulted|unhealthy)\b|no (?:free|usable|valid|remaining) [a-z]
already (?:exists?|in use|allocated|locked)\b|deteriorated|crashloop\w*|imagepull\w*|errimage\w*|evicted|backoff\b
bad (?:[a-z]+[- ])?(?:uri|request|gateway|device|file|address|command|name|argument|option|parameter|format|data
    |signature|checksum|crc|magic|interpreter|key|token|header|response|certificate|record|type|value|number)\b
invalid\b|illegal\b|incorrect[oa]?\b|unreadable|dependency problems|giving up\b
unknown (?:user|host|command|database|column|error|option|module)|user unknown
host unknown|unresolved|unsupported|incompatible|undefined\b|unreachable|unavailable|unrecognized|unrecoverable
unsuccessful\w*|undeliver\w+|insufficient
expired\b|revoked|time-?outs?\b|timing out|disconnected|dropped\b|lost\b|deferred|bounced|stalled|hung\b|degraded
offline\b|unhealthy|overheat\w*|jam(?:med)?\b|went wrong|problem (?:occurred|with)|has a problem|not working
""",
    before=r"(?<![a-z0-9])",
)
FAINT = re.compile(
    r"(?<![a-z0-9])(?:missing|unexpected|mismatch|conflict|a problem|problems? (?:with|occurred|detected|found|has))\b"
)
# What people say of their own accord, too.
COMPLAINT = re.compile(
    r"can|could|unable|fail|did|crash|is down|went down|not resp|stopped|has stopped|exceed|reject|corrupt|locked"
    r"|konnte"
    r"|kan |impossible|no se p|was|were|problem"
)

# "3 errors": more is said in other lines.
COUNT = re.compile(
    r"(?<![\w.])[1-9][\d,]{0,12} (?:(?!ha|was|is)\w{1,30} )?(?:errors\b|error\(s\)|failures\b|problems\b|warnings\b)"
    r"|(?<!\w )(?<![\w.])1 (?:error|failure|problem|warning)\b"
    r"|(?:^|[;,(=] ?|: |with |and |total )[1-9][\d,]{0,12} (?:(?!ha|was|is)\w{1,30} )?failed\b"
    r"|(?:errors|failed|failures|warnings|dropped|consecutive failures?)(?:\(s\))?\s*[:=]?\s*[1-9][\d,]*\b"
    r"(?![.:]| of \d+ \w+ \w)"
)
SUMS_UP = any_of(
    r"""
build failed|\d+ error\(s\)|\d+ errors? (?:occurred|found|generated|detected|encountered|and)
completed with (?:\d+ )?(?:errors?|warnings?|failures?)|finished with (?:\d+ )?(?:errors?|failures?)|with errors\.?$
(?:^|[;,(=] ?|: |with |and )\d+ (?:\w+ )?failed|failed with result|start request repeated|main process exited
control process exited|failed to start .{1,80}(?:service|server|\.)$|entered failed state
(?:process|command|script|task|job|build|step|action|program|container|operation|run|target
    |deployment)\b[^:]{0,40} (?:failed|exited|completed|finished|returned
    |terminated)(?: with)?(?: (?:an? )?(?:error|exit|non-zero|status|code)\b.{0,30})?[.!]?$
make(?:\[\d+\])?: \*\*\*|aborting due to|due to (?:previous|the above|earlier|prior) (?:error|failure)|giving up
retry limit exceeded|tests? failed|see (?:above|below|the (?:log|above)|\W?systemctl|journalctl)
failed\b[^:]{0,20}\b(?:will retry|retrying|try again|next (?:run|attempt))\b.*
exit(?:ed)? (?:status|code|with)|return(?:ing| value) \d+\.?$|is terminating abnormally|a complete log of this run
failed to execute goal.{0,80}\[help
errors? (?:were |was )?(?:encountered|found|detected)[.:]?$
npm (?:err!|error) (?:errno|syscall|path|a complete|this is|exit status|code elifecycle|failed at)
(?:an|unknown|unspecified|some|unexpected|general|unhandled) (?:unexpected |unknown |internal )?(?:error|exception
    |failure)(?: (?:has )?occurr?ed)?[.!]*$
systemd\[\d+\]: |something went wrong|reset(?:ting)? (?:the )?(?:adapter|controller|device|link|bus|port)\b
(?:removing|disconnecting|stopping|exiting) (?:\w+ )?(?:after|because of|due to)
(?:operation|update|installation|setup|backup|restore|sync|transfer|upload|download|login|connection|delivery
    |test) (?:has )?failed[.!]*$
^\W*(?:fatal |critical )?(?:errors?|failure|failed|exception)\W*$
(?:level|type|entrytype|status|result|severity|state|outcome|health)["']?\s*[:=|]?\s*["']?(?:error|failed|failure
    |critical|faulted|refused|rejected|denied|aborted|terminated|unsuccessful|offline|down|stopped)["',]?$
(?:some|one or more|several|not all|\d+ of \d+)(?: \w+){1,4} (?:failed
    |did(?: not|n't) (?:pass|complete|succeed|finish))[.!]*$
(?:shutting down|terminating|aborting|exiting)[.!]*$|% (?:packet )?loss
(?:finished|ended|completed|done|stopped)\b[^:]{0,30}[:-] ?\W?(?:failed|failure|errors?|aborted
    |unsuccessful(?:ly)?)\W{0,2}$
""",
    before=r"(?<![a-z0-9])",
)
# What only came of an error that other lines may tell, and what a look-up answers.
CONSEQUENCE = any_of(
    r"""
(?:has |have )?timed[- ]out|time-?out(?: (?:expired|exceeded|occurred|reached|elapsed|waiting|error))?
deadline exceeded|no (?:response|answer|reply)\b(?: (?:from|received|within))?|not responding|did not respond
tls error: tls (?:handshake failed|object -> incoming plaintext read error)
tls_error: bio read tls_read_plaintext error|error:[0-9a-f]{8}:ssl routines.{0,80}certificate verify failed
(?:tls|ssl)?[- ]?(?:handshake|negotiation) (?:has )?(?:fail\w*|error)|certificate verify failed
(?:connection|session|verbindung)(?: (?:was|has been|is|to \S{1,80})){0,3} (?:refused|reset|lost|closed|terminated
    |aborted|dropped|failed|rejected)(?: by (?:the )?(?:peer|server|client|(?:remote )?host|party))?
(?:forcibly )?closed by (?:the )?remote host|actively refused|went down|changed state to down
(?:could not|cannot|can't|unable to|failed to|couldn't) (?:be )?(?:connect\w*|reach\w*|contact|communicate
    |establish (?:an? )?(?:\w+ )?connection|start\b|complete|find \S{1,80}:|log ?[io]n)
can't find\b|(?:access|permission) (?:is |was )?denied|login failed|logon failure|login incorrect
auth(?:entication)? (?:has )?(?:fail\w*|error)|unreachable|unavailable|offline\b|not (?:reachable|available)
non-existent domain|nxdomain|servfail|no route to host|general failure|\d+(?:\.\d+)?% (?:packet )?loss
failed(?:[.!]*|: -?\d+)$|error from \S{1,80}: -?\d+$
sip/2\.0 [456]\d\d(?: \w+){0,3}$
[45]\d\d (?:not found|forbidden|unauthorized|internal server error|bad request)
fehler beim \w+|erreur lors d\W\w+|error (?:while|when) \w+ing
abgebrochen\b|fehlgeschlagen\b|(?:was |is |been )?(?:aborted|cancell?ed)\b|échoué\b|interrompue?\b
communications?(?: with(?: \S{1,40}){1,3})? lost|lost connection|redundancy (?:is |was )?(?:lost|degraded)
(?:job|task|operation|statement|command|script|process|service|backup|restore|update|installation|setup|request
    |transaction|query|login|sync|transfer|delivery|startup|freeze|print|scan|call|registration) (?:has\s
    )?(?:failed|aborted|(?:was |been )?terminated)
unhandled(?: exception)?|(?:unexpected|internal|unknown|fatal|general|unspecified) (?:error|exception|failure)
an? (?:[a-z-]+ ){0,2}?(?:error|exception|problem) (?:has |have )?(?:occurred|happened)|application run failed
target of an invocation|one or more errors occurred|(?:see )?(?:the )?inner exception
"(?:get|post|put|head|delete|patch|options) [^"]{1,300}" [45]\d\d|http/?[\d.]*:? [45]\d\d(?: \S+)?$
(?:http/?[\d.]*"? ?|status:? ?)?50[234]:?[ ,]*(?:bad gateway|(?:service |server )?(?:temporarily )?unavailable
    |gateway time-?out)
(?:exit(?:ed)?|return(?:ed)?|failed)(?: with)?(?: an?)?(?: error)?[ _-](?:code|status)[ :=]+-?\d+|giving up
""",
    before=r"(?<![a-z0-9])",
)

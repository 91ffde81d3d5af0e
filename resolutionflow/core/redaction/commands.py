"""Commands that take a secret as an argument: curl -u, net use, mysql -p, psexec -p, smbclient -U and so on.

Each row names commands and how the secret follows on the same line, as their manuals say. What any command may have
(--password X, -Password X, /pass:X) is in said.py.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from resolutionflow.core.redaction.values import is_placeholder
from resolutionflow.core.redaction.views import Span, View, compiled, matches, rule
from resolutionflow.core.redaction.words import later, watch

_V = r"(?:\"(?P<q>(?:\\.|[^\"\\\n]){1,200})\"|'(?P<s>[^'\n]{1,200})'|(?P<b>[^\s\"'|<>][^\s\"'|>]{0,200}))"
_U = r"(?:\"[^\"\n]{1,100}\"|'[^'\n]{1,100}'|[^\s\"'-]\S{0,100})"  # the name of somebody or something
_GAP = r"[ \t]{1,5}"
_REST = r"[^\n]{0,200}?"
_COMMANDS = [
    ("curl http https xh wget aria2c", r"(?<=\s)(?:-u|--user|--proxy-user|-U|-a|--auth)[ =]?[\"']?[^\s:\"']{1,100}:(?P<b>[^\s\"']{1,200})"),
    ("wget aria2c", rf"--(?:http-|ftp-|proxy-)?passw(?:or)?d[= ]{_V}"),
    ("mysql mysqldump mysqladmin mysqlimport mysqlcheck mariadb mysqlsh mysqlpump xtrabackup", rf"(?<=\s)-p{_V}"),
    ("net", rf"\buse\b{_REST}[/-]u(?:ser)?:{_U}{_GAP}(?!/){_V}"),
    ("net", rf"\buse{_GAP}(?:\S{{1,3}}{_GAP})?(?:\\\\|\"|\ufffc|//|https?:)\S{{1,200}}{_GAP}(?!/){_V}{_GAP}/u"),
    ("net", rf"\buser{_GAP}{_U}{_GAP}(?![/<]){_V}"),
    ("cmdkey kinit ktpass runas mstsc wbadmin dism winget", rf"(?i:[/-]p(?:w|ass)?):{_V}"),
    ("runas mstsc wbadmin msiexec teamviewer anydesk rustdesk screenconnect", rf"[/-]{{1,2}}(?:pwd?|pass|(?:set-)?password)[:= ]{_V}"),
    ("psexec psexec64 paexec sqlcmd osql bcp isql mongo mongosh mongodump mongorestore racadm ipmitool rdesktop unzip zip evil-winrm "
     "crackmapexec nxc netexec htpasswd certutil sshpass dsadd dsmod ansible-vault docker podman nerdctl helm az winrs svn hg smbmap "
     "kubectl oc argocd vmrun esxcli govc nexus restic borg cryptsetup veracrypt ntdsutil", rf"(?<=\s)-(?:p|P|pwd){_GAP}{_V}"),
    ("psexec psexec64 paexec ncftp ncftpput ncftpget lftp hydra medusa ftp snmpwalk winexe", rf"(?<=\s)-u[ :=]?{_U}{_REST}(?<=\s)-p[ :=]?{_V}"),
    ("sqlcmd bcp osql", rf"(?<=\s)-P{_V}"),
    ("autologon", rf"(?:\.exe)?{_GAP}{_U}{_GAP}\S{{1,60}}{_GAP}(?=\S*[\d!#$%&]){_V}"),
    ("rclone", rf"\bobscure{_GAP}{_V}"),
    ("lftp", rf"(?<=\s)-u{_GAP}[^\s,]{{1,60}},(?P<b>\S{{1,100}})"),
    ("ftp lftp", rf"\buser{_GAP}{_U}{_GAP}{_V}"),
    ("sshpass", rf"(?<=\s)-p{_V}"),
    ("plink pscp psftp putty kitty winscp", rf"-(?:pw|pass|password|passphrase)[ =:]{{1,3}}{_V}"),
    ("schtasks", rf"(?i:/rp)[ :]{_V}"),
    ("sc", rf"password=[ \t]{{0,3}}{_V}"),
    ("netdom djoin nltest", rf"(?i:/(?:pd|po|passwordd|passwordo|password|ud_pw)):{_V}"),
    ("xfreerdp xfreerdp3 wfreerdp freerdp sdl-freerdp", rf"/(?:p|gp):{_V}"),
    ("smbclient rpcclient winexe smbget smbcacls smbmap nmblookup net wmic samba-tool wbinfo ntlm_auth smbtree",
     r"(?<=\s)(?:-U|--user|--authenticate|-a)[ =]?[\"']?[^\s%\"']{1,100}%(?P<b>[^\s\"']{1,200})"),
    ("redis-cli valkey-cli", rf"(?<=\s)(?:-a|--pass)[ =]{_V}"),
    ("redis-cli valkey-cli", rf"\b(?:AUTH|requirepass){_GAP}{_V}"),
    ("ldapsearch ldapmodify ldapadd ldapwhoami ldapdelete ldappasswd ldapcompare", rf"(?<=\s)-[ws]{_GAP}{_V}"),
    ("ldappasswd", rf"(?<=\s)-a{_GAP}{_V}"),
    ("sqlplus rman expdp impdp sqlldr", r"[\"']?[\w$#]{1,40}/(?P<b>[^\s@\"'/]{1,100})(?=@|\s|[\"']|$)"),
    ("7z 7za 7zr rar unrar winrar", rf"(?<=\s)-(?:hp|p){_V}"),
    ("keytool jarsigner orapki mkstore", rf"-(?:storepass|keypass|srcstorepass|deststorepass|wrl_pwd|pwd)[ :]{_V}"),
    ("openssl", rf"[\"' =]pass:{_V}"),
    ("openssl", rf"(?<=\s)-[kK]{_GAP}{_V}"),
    ("openssl", rf"\bpasswd(?:[ \t]+-[\w-]{{1,12}}(?:[ \t]+\w{{1,20}}(?=[ \t]+-))?){{0,4}}{_GAP}{_V}"),
    ("reg", rf"\badd\b[^\n]{{1,200}}?/v[ \t]+\"?\w*(?i:pass|pw|secret|key|token)\w*\"?[^\n]{{0,60}}?/d[ \t]+{_V}"),
    ("mc", rf"\b(?:alias{_GAP}set|config{_GAP}host{_GAP}add){_GAP}(?:\S{{1,200}}{_GAP}){{3}}{_V}"),
    ("signtool", rf"/p[ \t]{_V}"),
    ("certutil pk12util pvk2pfx", rf"(?<=\s)-(?:p|w|W|K|pi|po){_GAP}{_V}"),
    ("manage-bde", rf"-(?:rp|recoverypassword|pw){_GAP}{_V}"),
    ("snmpwalk snmpget snmpset snmpbulkwalk snmpgetnext snmptrap snmpbulkget snmp-check check_snmp onesixtyone snmptable",
     rf"(?<=\s)-(?:c|A|X)[ \t]{{0,2}}{_V}"),
    ("check_snmp", rf"(?<=\s)-C[ \t]{{0,2}}{_V}"),
    ("radtest", rf"{_U}{_GAP}{_V}"),
    ("radtest", rf"{_U}{_GAP}\S{{1,100}}{_GAP}\S{{1,100}}{_GAP}\d{{1,5}}{_GAP}{_V}"),
    ("radclient", rf"\b(?:auth|acct|status|coa|disconnect){_GAP}{_V}"),
    ("chpasswd passwd vncpasswd x11vnc saslpasswd2 openssl sudo su kinit cryptsetup smbpasswd gpg docker podman", r"<<<[ \t]{0,3}[\"'](?:[\w.-]{1,60}:)?(?P<s>[^\"'\n]{1,200})[\"']"),
    ("htpasswd", rf"-\w{{0,4}}b\w{{0,4}}{_GAP}(?:-\w{{1,4}}{_GAP}){{0,3}}\S{{1,200}}{_GAP}{_U}{_GAP}{_V}"),
    ("htpasswd", rf"-\w{{0,4}}nb\w{{0,4}}{_GAP}{_U}{_GAP}{_V}"),
    ("swaks sendemail blat mailsend", rf"(?<=\s)-{{1,2}}(?:ap|auth-password|xp|pw|pass)[ =]{_V}"),
    ("vncviewer x11vnc vncpasswd x0vncserver", rf"-(?:passwd|password)[ =]{_V}"),
    ("nmcli iwctl", rf"(?:password|\.psk|passphrase|leap-password)[ =]{_V}"),
    ("networksetup", rf"-setairportnetwork{_GAP}\w{{1,10}}{_GAP}{_U}{_GAP}{_V}"),
    ("mount mount_smbfs mount_afp smbutil open", r"(?<=[\s\"'])(?:smb:|afp:)?//[^\s:@/]{1,60}:(?P<b>[^\s@/]{1,100})(?=@)"),
    ("dscl", rf"-passwd{_GAP}\S{{1,80}}{_GAP}{_V}"),
    ("dscl", rf"-passwd{_GAP}\S{{1,80}}{_GAP}\S{{1,80}}{_GAP}{_V}"),
    ("wpa_passphrase", rf"{_U}{_GAP}{_V}"),
    ("netsh", rf"\b(?:key|keymaterial|sharedsecret)=[ \t]?{_V}"),
    ("rasdial", rf"(?<=(?i:rasdial))(?:\.exe)?{_GAP}{_U}{_GAP}(?!\d)[^\s\"'<>-]\S{{0,100}}{_GAP}(?!/){_V}"),
    ("aws", rf"configure{_GAP}set{_GAP}[\w.]{{0,40}}(?:secret|token)\w{{0,20}}{_GAP}{_V}"),
    ("ipmitool", rf"user{_GAP}set{_GAP}password{_GAP}\d{{1,3}}{_GAP}{_V}"),
    ("racadm", rf"Password{_GAP}(?:-i{_GAP}\d{{1,3}}{_GAP})?{_V}"),
    ("restic borg rclone duplicity veracrypt truecrypt", rf"(?:--pass|/p(?:assword)?)[ =]{_V}"),
    ("nuget dotnet choco npm twine gh glab", rf"(?<=\s)(?:-ApiKey|-k|--api-key|--token|-p)[ =]{_V}"),
    ("useradd usermod adduser", rf"(?<=\s)-p{_GAP}{_V}"),
    ("mount cifs smbfs davfs mount_smbfs fstab", r"\bpass(?:word)?=(?P<b>[^\s,\"']{1,200})"),
    ("gpg gpg2", rf"--passphrase[ =]{_V}"),
    ("nsupdate dig knsupdate kdig", r"(?<=\s)-y[ \t]{0,3}[\"']?(?:[\w-]{1,20}:)?[\w.-]{1,80}:(?P<b>[^\s\"']{8,200})"),
    ("vault bao", rf"\b(?:login|unseal){_GAP}(?!keys?\b|tokens?\b)(?:-\S{{1,40}}{_GAP})?{_V}"),
    ("kubectl oc", r"--from-literal[= ][\"']?[\w.-]{0,40}(?:pass|secret|token|key|pwd)[\w.-]{0,40}=(?P<b>[^\s\"']{1,200})"),
    ("esxcli vmrun openfortivpn vpncmd openconnect", rf"(?<=\s)-(?:p|gp|vp|password){_GAP}{_V}"),
    ("dsadd dsmod", rf"(?<=\s)-pwd{_GAP}{_V}"),
    ("snmpusm net-snmp-config createuser", rf"\b(?:SHA|MD5|AES|DES)(?:-?\d{{3}})?{_GAP}{_V}"),
    ("set-vmhostaccount connect-viserver", rf"-Password{_GAP}{_V}"),
]  # fmt: skip
# Whatever the command: -u NAME … -p X, echo X | passwd, chpasswd < "bob:X".
_ANY = [
    rule(["-u"], rf"(?<=\s)-{{1,2}}u(?:ser(?:name)?)?[ =]{_U}[ \t]{{1,5}}(?:\S{{1,60}}[ \t]{{1,5}}){{0,2}}?-{{1,2}}p(?:w|ass)?[ =]{_V}", "PASSWORD", 1),
    rule("echo printf write-output", r"\b(?:echo|printf|write-output)[ \t]{1,3}(?:-\w{1,3}[ \t]{1,3})?(?:\"(?P<q>[^\"\n]{1,200})\"|'(?P<s>[^'\n]{1,200})'|(?P<b>[^\s|\"']{1,200}))"
         r"[ \t]{0,3}\|[ \t]{0,3}(?:sudo|passwd|chpasswd|su\b|kinit|smbpasswd|pdbedit|docker|podman|gpg|cryptsetup|openssl|ssh-add|saslpasswd2"
         r"|ConvertTo-SecureString|htpasswd|az\b|gh\b|vault|net\b|plink|mysql|xfreerdp)", "PASSWORD"),
]  # fmt: skip
_RULES: dict[str, list[str]] = {}
for _names, _how in _COMMANDS:
    for _name in _names.split():
        _RULES.setdefault(_name, []).append(_how)
watch(_RULES)
_ASKS = later(r"\b(?:mysql\w*|mariadb\S*)[^\n|;]*\Z")  # to these a -p with nothing after it says: ask
_REACH = 400  # characters of a command line that are looked at
_MOST = 4  # commands on one line that are looked at
_NO_SECRET = later(r"-|[*%]\Z|\d{1,5}(?::\d{1,5})*(?:/\w{2,4})?\Z|[\d.]+:\d+:\d+\Z|(?:tcp|udp|/\w*)\Z")


# What prints a secret on the line below.
_SHOWS = rule(
    "security vault bao bw op pass gcloud aws az kubectl get-lapsadpassword convertfrom-securestring openssl pwgen cat secret-tool keepassxc-cli lpass chamber sops gopass doppler",
    r"(?:security find-(?:generic|internet)-password[^\n]{0,80}? -\w{0,4}w\w{0,4}\b|(?:vault|bao) (?:kv get|read) [^\n]{0,60}?-field[= ]|bw get (?:password|totp)|op (?:read|item get [^\n]{0,60}(?:password|credential))|(?:go)?pass (?:show )?[\w.-]+/|"
    r"gcloud secrets versions access|aws (?:secretsmanager get-secret-value|ssm get-parameters?)[^\n]{0,120}(?:secretstring|parameter\.value)[^\n]{0,40}text|az keyvault secret show[^\n]{0,120}(?:value[^\n]{0,20}tsv|tsv[^\n]{0,20}value)|"
    r"kubectl [^\n]{0,30}get secret[^\n]{0,120}base64 -{1,2}d|get-lapsadpassword [^\n]{0,60}-asplaintext|convertfrom-securestring [^\n]{0,40}-asplaintext|openssl rand|pwgen|cat \S{0,60}(?:pass(?:word|wd)?|secret|token|\.pw)(?:\.txt)?(?=\n)|"
    r"secret-tool lookup|keepassxc-cli show [^\n]{0,60}password|lpass show [^\n]{0,60}--password|chamber read|doppler secrets get)"
    r"[^\n]{0,160}\n(?!error|warning|no |not |usage|failed|cannot|command|access|permission|[a-z][\w-]*: )([^\n]{4,100}?)[ \t]*(?=\n|\Z)",
    "PASSWORD",
)
_PROMPT = later(r"[\w.-]*[@:~\\][\w.:~/\\@ -]*[#$%>]|\$ |PS ")


def spans(view: View) -> Iterator[Span]:
    """The secrets among the arguments of commands."""
    text, lower, places = view.text, view.lower, view.places
    found = sorted(
        (at, command)
        for command in _RULES.keys() & places.keys()
        for at in places[command]
        if not _is_part(lower, at, at + len(command))
    )
    line, seen = -1, dict[str, int]()
    for at, command in found:
        if at >= line:
            line, seen = min(_end(text, at), at + _REACH), {}
        if command in seen or len(seen) > _MOST:
            continue
        seen[command] = at
        begin, end = at + len(command), min(_end(text, at), at + _REACH)
        for how in _RULES[command]:
            for match in compiled(how).finditer(text, begin, end):
                yield from _argument(view, match)
    for match, kind in matches(view, [_SHOWS]):
        of_other = text[max(0, match.start() - 2) : match.start()].endswith(("$(", "`"))
        if not of_other and not is_placeholder(match[1]) and not _PROMPT.match(match[1]) and len(match[1].split()) < 5:
            yield *match.span(1), kind
    for match, _kind in matches(view, _ANY):
        if not _ASKS.search(lower, max(0, match.start() - 60), match.start()):
            yield from _argument(view, match)


def _is_part(lower: str, start: int, end: int) -> bool:
    """Whether this is a part of a word."""
    before, after = lower[start - 1 : start], lower[end : end + 1]
    return before.isalnum() or before in ("_", ".", "-") or after.isalnum() or after in ("_", "-")


def _end(text: str, start: int) -> int:
    end = text.find("\n", start)
    return len(text) if end < 0 else end


def _argument(view: View, match: re.Match[str]) -> Iterator[Span]:
    group = match.lastgroup or "b"
    start, end = match.span(group)
    value = view.value(start, end)
    if value[:1] in " ,;:":
        return
    if group == "b":
        if _NO_SECRET.match(value):
            return
        value = value.rstrip(",;)}]")
        end = start + len(value)
    if len(value) > 1 and not is_placeholder(value):
        yield (
            start,
            end,
            "COMMUNITY" if "snmp" in match.string[max(0, match.start() - 60) : match.start()] else "PASSWORD",
        )

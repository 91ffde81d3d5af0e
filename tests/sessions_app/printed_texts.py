"""What machines print and people paste: real kinds of output, by their names."""

from __future__ import annotations

IPCONFIG = """\

Windows IP Configuration

   Host Name . . . . . . . . . . . . : NL-WS014
   Primary Dns Suffix  . . . . . . . : northgate.example

Ethernet adapter Ethernet 2:

   Connection-specific DNS Suffix  . : northgate.example
   IPv4 Address. . . . . . . . . . . : 169.254.18.7(Preferred)
   Subnet Mask . . . . . . . . . . . : 255.255.0.0
   Default Gateway . . . . . . . . . :
   DHCP Server . . . . . . . . . . . : 10.20.0.5
"""

NETSTAT = """\

Active Connections

  Proto  Local Address          Foreign Address        State
  TCP    0.0.0.0:135            NL-FS01:0              LISTENING
  RpcSs
 [svchost.exe]
  TCP    0.0.0.0:445            NL-FS01:0              LISTENING
 Can not obtain ownership information
  TCP    10.20.0.11:49712       sql01:1433             SYN_SENT
 [LobClient.exe]
"""

SYSTEMCTL = """\
\x1b[0;1;31m×\x1b[0m nginx.service - A high performance web server and a reverse proxy server
     Loaded: loaded (\x1b]8;;file://web01/usr/lib/systemd/system/nginx.service\x1b\\/usr/lib/systemd/system/nginx.service\x1b]8;;\x1b\\; \x1b[0;1;32menabled\x1b[0m)
     Active: \x1b[0;1;31mfailed\x1b[0m (Result: exit-code) since Thu 2026-11-26 09:14:02 UTC; 4min 2s ago
    Process: 8121 ExecStartPre=/usr/sbin/nginx -t (code=exited, status=1/FAILURE)
        CPU: 12ms

Nov 26 09:14:02 web01 nginx[8121]: nginx: [emerg] bind() to 0.0.0.0:443 failed (98: Address already in use)
Nov 26 09:14:02 web01 systemd[1]: \x1b[0;1;39mnginx.service: Failed with result 'exit-code'.\x1b[0m
"""  # noqa: E501

ROUTE_PRINT = """\
===========================================================================
Interface List
 14...00 15 5d 0a 3c 11 ......Microsoft Hyper-V Network Adapter
  1...........................Software Loopback Interface 1
===========================================================================

IPv4 Route Table
===========================================================================
Active Routes:
Network Destination        Netmask          Gateway       Interface  Metric
          0.0.0.0          0.0.0.0        10.20.0.1      10.20.0.11     25
        127.0.0.0        255.0.0.0         On-link         127.0.0.1    331
"""

CBS = """\
2026-11-26 09:14:02, Info                  CBS    Exec: Processing started.  Session: 31150_2211
2026-11-26 09:14:03, Info                  CSI    00000a1e [SR] Verify complete
2026-11-26 09:14:09, Error                 CBS    Failed to resolve package 'Package_for_KB5031356' [HRESULT = 0x800f0831 - CBS_E_STORE_CORRUPTION]
2026-11-26 09:14:09, Info                  CBS    Session: 31150_2211 finalized. Reboot required: no
"""  # noqa: E501

POWERSHELL = """\
\x1b[31;1mGet-Service: \x1b[0m
\x1b[31;1m\x1b[36;1mLine |\x1b[0m
\x1b[31;1m\x1b[36;1m   1 | \x1b[0m \x1b[36;1mGet-Service Spoolr\x1b[0m
\x1b[31;1m\x1b[36;1m     | \x1b[31;1m ~~~~~~~~~~~~~~~~~~\x1b[0m
\x1b[31;1m\x1b[36;1m     | \x1b[31;1mCannot find any service with service name 'Spoolr'.\x1b[0m
\x1b]0;PowerShell 7.4\x07\x1b[32;1mStatus   Name               DisplayName\x1b[0m
Running  Spooler            Print Spooler
"""

TABLE = "user\tmailbox\tsize\nana\tAna Petrov\t12.4 GB\nbo\tBo Tester\t49.9 GB\n"

OUTLOOK = (
    "From:\u00a0Ana\u00a0Petrov\nSubject: “Can’t print” – again…\n\n"
    "\u2022\u00a0\u00a0Tray\u00a02 says “Paper jam”\n\u2022\u00a0\u00a0it isn’t jammed\n"
)

EMOJI = "  👩\u200d🔧 checked ❤\ufe0f ok\n\t🇳🇴 site is 🟢\n"
ARABIC = "  خطأ: تعذر الاتصال بالخادم\n  الرمز 0x80070035\n"
NFD = "  Re\u0301seau injoignable : Zu\u0308rich\n"
PROGRESS = "Reading package lists... 10%\rReading package lists... 100%\r\x1b[KReading package lists... Done\n  E: Unable to locate package htopp\n"  # noqa: E501
PIZZA = "  10 pizza\n 250 pasta"
MISDIRECTED = "invoice\u202efdp.exe\u2069 \x9b31mred\x9b0m \x1b(Bq\x0cnext page\x0bnext line   \n\n"

TEXTS = {
    "ipconfig": IPCONFIG,
    "netstat -b": NETSTAT,
    "systemctl status": SYSTEMCTL,
    "route print": ROUTE_PRINT,
    "CBS.log": CBS,
    "PowerShell 7": POWERSHELL,
    "tabs": TABLE,
    "Outlook": OUTLOOK,
    "emoji": EMOJI,
    "Arabic": ARABIC,
    "NFD": NFD,
    "progress": PROGRESS,
    "columns": PIZZA,
    "controls": MISDIRECTED,
}

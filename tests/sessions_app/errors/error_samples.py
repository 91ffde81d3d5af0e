"""Lines of machines, one a line: which are errors, and which only sound like one."""

ERRORS = r"""
HTTP/1.1 503
status 404
550 5.1.1 User unknown
received TS_UNACCEPTABLE notify error
LSN -2147024809
NT_STATUS_LOGON_FAILURE
AADSTS50126: Error validating credentials due to invalid username or password.
The trust relationship between this workstation and the primary domain could not be established.
certificate has expired
Client host rejected
the message was rejected
The upgrade did not complete
0x80070035
Event ID 7023: The WSUS service terminated with the following error: Access is denied.
ORA-01017: invalid username/password; logon denied
SQLSTATE[42000]: Syntax error or access violation
ERR_CERT_DATE_INVALID
** server can't find foo.example.com: NXDOMAIN
Request timed out.
Reply from 10.0.0.5: Destination host unreachable.
cp: cannot open '/x': Permission denied
foo[123]: segfault at 0 ip 00007f sp 00007f error 4 in libc.so
Kernel panic - not syncing: VFS: Unable to mount root fs
exit status 1
container app exited with code 137
BSOD with stop code MEMORY_MANAGEMENT
cat: /etc/x: No such file or directory
Disk quota exceeded
connect ECONNREFUSED 127.0.0.1:5432
ModuleNotFoundError: No module named 'requests'
C:\x\a.csproj : error MSB4019: The imported project was not found
Process: 99 ExecStart=/opt/x (code=exited, status=203/EXEC)
Active: failed (Result: exit-code) since Mon
rejected
ORA-12154
Zugriff verweigert
Fehler 5: Zugriff verweigert
Erreur : accès refusé
Acceso denegado
Toegang geweigerd
Papierstau in Fach 2
Er is een fout opgetreden
BUILD FAILED
49.4C02 SERVICE ERROR
Volume 1 has crashed
Error validating server name: timed out
Could not find a part of the path 'C:\Data\x'.
lpadmin: Bad device-uri "foo"!
E [02/Nov/2026:09:00:01 +0100] [Job 12] Unable to connect to printer: No route to host
psql: error: connection to server at "10.0.0.5", port 5432 failed: FATAL:  password authentication failed for user "app"
ERROR 1045 (28000): Access denied for user 'root'@'localhost' (using password: YES)
AADSTS700016: Application with identifier 'x' was not found in the directory 'y'.
fatal: unable to access 'https://git.example.com/x.git/': SSL certificate problem: self signed certificate
fatal: not a git repository (or any of the parent directories): .git
Set-ADUser: Insufficient access rights to perform the operation
Install-Module: Unable to resolve package source 'https://www.powershellgallery.com/api/v2'.
The type initializer for 'Sage.Data' threw an exception.
Error 1603: A fatal error occurred during installation.
Kernel-Power 41 (63): The system has rebooted without cleanly shutting down first.
The computer has rebooted from a bugcheck. The bugcheck was: 0x0000009f (0x3, 0xffff, 0x0, 0x0).
%ASA-3-713902: Group = 1.2.3.4, IP = 1.2.3.4, Removing peer from peer table failed, no match!
%PM-4-ERR_DISABLE: bpduguard error detected on Gi1/0/5, putting Gi1/0/5 in err-disable state
sudo: 3 incorrect password attempts
ssh: connect to host 10.0.0.5 port 22: Connection timed out
rsync error: some files/attrs were not transferred (see previous errors) (code 23) at main.c(1338)
cURL error 28: Operation timed out after 10001 milliseconds with 0 bytes received
Le service n'a pas pu démarrer.
Die Datei konnte nicht gefunden werden.
De bewerking is mislukt: 0x80004005
No se puede conectar a la impresora
Drucker: Fehler 0x0000011b
Operation failed with error 0x0000011b
Failed to set execute bit on remote script
x509: certificate signed by unknown authority
Disk 3 in Storage Pool 1 has failed. Please replace.
The sign-in method you're trying to use isn't allowed. For more info, contact your network administrator.
We can't sign in to your account
The connection was denied because the user account is not authorized for remote login.
Application popup: Windows - Out of Virtual Memory
Reached heap limit Allocation failed - JavaScript heap out of memory
bash: kubectl: command not found
Nov 02 09:00:01 web sshd[500]: Failed password for invalid user admin from 10.0.0.9 port 50404 ssh2
0x80072EE2 -2147012894 WININET_E_TIMEOUT
The specified domain either does not exist or could not be contacted.
There are currently no logon servers available to service the logon request.
LDAP: error code 49 - 80090308: LdapErr: DSID-0C09041C, comment: AcceptSecurityContext error, data 52e, v4563
kinit: Preauthentication failed while getting initial credentials
KDC_ERR_PREAUTH_FAILED
Job failed (''). Error: Agent failed to process method {DataTransfer.SyncDisk}. Insufficient disk space.
id=firewall sn=FG1 time="09:00" pri=critical msg="IPsec tunnel down" peer=1.2.3.4
452 4.2.2 The email account that you tried to reach is over quota
421 Too many concurrent SMTP connections
NOQUEUE: reject: RCPT from unknown[1.2.3.4]: 450 4.1.8 <x@y>: Sender address rejected: Domain not found
imap-login: Disconnected: Inactivity (auth failed, 3 attempts in 20 secs): user=<anna>
[Error] [SYSERR(OPENFILE)] Invalid path
The remote server returned an error: (401) Unauthorized.
Invoke-RestMethod: Response status code does not indicate success: 403 (Forbidden).
File C:\x.ps1 cannot be loaded because running scripts is disabled on this system.
E: Unable to locate package foo
launchd: com.acme.agent: Service exited with abnormal code: 78
kernel: CIFS: VFS: \\srv\share BAD_NETWORK_NAME: status=0xc00000cc
smbclient: session setup failed: NT_STATUS_ACCOUNT_LOCKED_OUT
Verbindung zum Server wurde unterbrochen. Fehlercode: 0x800CCC0E
Impossible de se connecter au serveur d'impression
El certificado ha caducado
Kan geen verbinding maken met de printer
Auftrag abgebrochen: Kein Papier in Fach 1
Exit Code: 0x80070643
PRINTER OFFLINE
13.20.01 Paper jam in tray 2
Sage 50: Cannot connect to database. [Pervasive] Status code 3110
Outlook: 0x8004010F: Outlook data file cannot be accessed.
OneDrive: sync pending. 5 files can't be synced
esxcli: Host Unreachable: vmk0
SMART Status BAD, Backup and Replace
Array controller: drive bay 3 predictive failure
The user profile service failed the sign-in. User profile cannot be loaded.
A fatal error occurred while creating a TLS client credential. The internal error state is 10013.
Error applying transforms. Verify that the specified transform paths are valid.
Windows could not start the Windows Time service on Local Computer. Error 1290.
There was an error during the Windows Update: (HRESULT) 0x8024402c
DBCC CHECKDB found 0 allocation errors and 12 consistency errors in database 'ERP'.
fail2ban.service: Main process exited, code=exited, status=255/EXCEPTION
[FAILED] Failed to start MariaDB database server.
mariadbd: Can't create/write to file '/tmp/ib' (Errcode: 28 "No space left on device")
Nov  2 09:00:01 db kernel: Out of memory: Killed process 404 (mysqld) total-vm:5000kB
openvpn[22]: AUTH: Received control message: AUTH_FAILED
WireGuard: Handshake did not complete after 5 seconds, retrying
RADIUS: Access-Reject for user anna
wpa_supplicant: CTRL-EVENT-SSID-TEMP-DISABLED reason=WRONG_KEY
dhclient: No DHCPOFFERS received.
SIP/2.0 403 Forbidden
SIP/2.0 486 Busy Here
LDAP bind failed: invalid credentials (49)
Adding user failed: The password does not meet the password policy requirements.
Time limit exceeded for task 'Nightly copy'
RAID status: Degraded (disk 2 missing)
Battery backup: replace battery, self-test failed
Snapshot consolidation needed: Unable to access file since it is locked
vmkernel: Device naa.600 performance has deteriorated. I/O latency increased
Error while printing: filter failed
SNMP: No Response from 10.0.0.40
Kerberos: KRB_AP_ERR_SKEW clock skew too great
django.core.exceptions.ImproperlyConfigured: SECRET_KEY must not be empty
yarn: error Command failed with exit code 1.
composer: Your requirements could not be resolved to an installable set of packages.
helm: Error: INSTALLATION FAILED: cannot re-use a name that is still in use
Unable to connect to the server: dial tcp 10.0.0.5:6443: i/o timeout
Erreur 1053 : Le service n'a pas répondu assez vite
Der RPC-Server ist nicht verfügbar.
El servidor RPC no está disponible.
De RPC-server is niet beschikbaar.
Teams: We're having trouble signing you in. Error code - 0xCAA70004
MAPI_E_LOGON_FAILED
Cannot open log for source 'Acme'. You may not have write access.
Time-Service 36: The time service has not synchronized the system time for 86400 seconds
volsnap 25: The shadow copies of volume C: were deleted because the shadow copy storage could not grow in time.
Ntfs 55: A corruption was discovered in the file system structure on volume D:.
Sign-in was blocked because it came from an IP address with malicious activity (AADSTS53003)
The VPN connection between your computer and the VPN server was interrupted. (Error 829)
RasClient: The user CORP\anna dialed a connection named HQ which has failed. The error code returned on failure is 809.
Failed to open file [\\nas\backup\job.vbk]. The specified network name is no longer available.
qemu: could not open disk image vm.qcow2: Permission denied
hostd: vm 12: power on failed: Module 'MonitorLoop' power on failed.
ppp: LCP: no response to 10 echo-requests
ntpd: kernel reports TIME_ERROR: 0x41: Clock Unsynchronized
smartd: Device: /dev/sda, 8 Currently unreadable (pending) sectors
CUPS: The printer is not responding
Scan to folder: NG (login to server failed)
The name 'SRV1 :1d' could not be registered on the interface with IP address 10.0.0.5.
Die Anmeldung ist fehlgeschlagen
Le fichier est introuvable
La contraseña es incorrecta
Access 2016: Unrecognized database format 'x.accdb'
nvme nvme0: controller is down; will reset: CSTS=0xffffffff, PCI_STATUS=0x10
e1000e 0000:00:1f.6 eno1: Detected Hardware Unit Hang:
no acceptable ENCRYPTION_ALGORITHM found
peer did not send any handshake within 90 seconds
All TAP-Windows adapters on this system are currently in use.
Your connection is not private
Waste toner container full
No bootable device found
The INSERT statement conflicted with the FOREIGN KEY constraint "FK_x".
Object reference not set to an instance of an object.
MySQL server has gone away
Virtual machine disks consolidation is needed.
watchdog: BUG: soft lockup - CPU#1 stuck for 22s!
%SW_MATM-4-MACFLAP_NOTIF: Host 0050.56a1.b2c3 is flapping between port Gi1/0/1 and port Gi1/0/2, link is down
dhcpd: DHCPNAK on 10.0.0.9 to 00:50:56:a1:b2:c3 via eth0
Windows has stopped this device because it has reported problems. (Code 43)
The record is locked by another user
Could not fetch our SID - did we join?
Der Dienst wurde nicht rechtzeitig auf die Steueranforderung reagiert.
DATEV: Bestand gesperrt
Espace disque insuffisant sur la cible
Le périphérique n'est pas prêt.
Kommunikation gestört
partner '10.2.0.5:sapdp00' not reached, WSAECONNREFUSED, release 770
A device attached to the system is not functioning
Windows has detected an IP address conflict
Message size exceeds fixed limit
Tray 2 is empty
No MX record
Database needs to be upgraded
Record changed by another user
CPU temperature above threshold
"""

NONE = r"""
Available Physical Memory: 1,417 MB
TCP 10.0.0.5:443 ESTABLISHED
3 1.411 ms 10.0.0.1
515,072 bytes
503
Please consult the error log
0 errors
no error
error correction enabled
Errors: 0
completed without errors
Success
Name  Errors  Drops
Error count: 0
error_log = /var/log/x
fail2ban is running
failover cluster healthy
if it fails again call us
terminated employees group
error.log
Error reporting service: running
Is there any error?
4 packets transmitted, 4 received, 0% packet loss, time 3004ms
Media State . . . . . . . . . . . : Media disconnected
The command completed successfully.
Windows Resource Protection did not find any integrity violations.
Verify return code: 0 (ok)
10.0.0.9 - - [02/Nov/2026:09:00:01 +0100] "GET / HTTP/1.1" 200 5041
Exit code: 0
process exited with code 0
{"error":null,"status":"ok"}
{"level":"info","msg":"server started","port":5000}
2026-11-02 09:00:01 INFO  Backup finished, 500 files, 0 failed
timeout = 30
Timeout: 500 ms
Restart=on-failure
[ERROR_LOG] /var/log
Error-free operation
Number of failed logins: 0
Last error: none
FailoverClustering service is running
*Nov  2 09:00:00: %SYS-5-CONFIG_I: Configured from console by admin on vty0
$ grep -i error /var/log/syslog
C:\Users\admin> type error.log
User accounts terminated in October: moved to OU Terminated Users
Retry count: 3
Failed Connection Attempts = 12
Errors                            0               0
Discards                          0               0
Nov 02 09:00:01 nas smbd[404]: connect to service Public by user anna
Repairing volume... The disk check could not find any problems.
0 mailboxes failed, 45 mailboxes moved
Number of errors during last sync: 0
The latest event log entries are shown below. Use -Full for errors.
Policy: Interactive logon: Machine account lockout threshold   Setting: 10 invalid logon attempts
Failed over to node SRV2 at 09:00, cluster is healthy
Exception handling: enabled
C:\Program Files\Error Viewer\viewer.exe  4,404 K
postfix/qmgr[500]: 5A404: from=<a@b.c>, size=5500, nrcpt=1 (queue active)
uptime 404 days, 5:00, load average: 0.50, 0.40, 0.45
Subject: Re: error in invoice 5031
The service is running normally.
Test result: no packet drops, latency 5 ms
2026-11-02 09:00 Backup of 404 mailboxes completed, 0 skipped
State: Charging   Cycle count: 404  Condition: Normal
Certificate chain valid until 2027-05-03
Speedtest: 404 Mbit/s down, 50 up, packet loss 0.0%
KB5031455 installed successfully, restart required
Free space 503 GB of 1000 GB
Nov 02 09:00:01 web sshd[500]: Accepted publickey for admin from 10.0.0.9 port 50404 ssh2
LOG:  checkpoint complete: wrote 404 buffers (2.5%)
PS C:\> Get-EventLog -LogName System -EntryType Error -Newest 5
Warranty: expires 05/2028
Quota used: 45 GB of 50 GB
Connection-specific settings: Timeout 30 s, retries 3
sysctl net.ipv4.tcp_syn_retries = 5
Transfer complete: 404 files, 500 MB
Certificate is valid. Expires in 404 days.
Password policy: lock account after 5 failed attempts
Nov 02 09:00:01 dc1 named[404]: zone corp.local/IN: loaded serial 2026110201
[  OK  ] Started OpenSSH server daemon.
The scan finished. No threats were found.
Report generated for error tracking dashboard
Mailbox moves: Completed 45, Queued 5, Failed 0
Key: value pairs loaded: 404
Sent = 4, Received = 4, Lost = 0
dir \\srv\share\errors
Uptime 12 days, failures 0, restarts 0
Synchronization finished without problems
MAC 50:04:04:aa:bb:cc port 443 open https
tasks: 404 total, 1 running, 403 sleeping, 0 stopped, 0 zombie
Description: Handles error reports from clients
License: valid, 5 of 50 seats
See the troubleshooting guide for common errors
Archive bit set on 503 files
F:  Size 200 GB  Free 0.4 GB
E: 40 GB free
DEADLOCK_TIME        0                     0
08:02:20 Reader 3 card 00977 opened
STATE              : 4  RUNNING (STOPPABLE, NOT_PAUSABLE, ACCEPTS_SHUTDOWN)
%LINK-3-UPDOWN: Interface GigabitEthernet1/0/14, changed state to up
errdisable recovery cause bpduguard
Vlan1 is administratively down, line protocol is down
Maximum connections 100, current 12
fail_timeout=10s max_fails=3
There was 1 failed login attempt since the last successful login.
Warning: Permanently added '10.0.0.5' (ED25519) to the list of known hosts.
BIO_read returned a system error 0: No error
Authentication-Results: spf=fail (sender IP is 203.0.113.9); dkim=none; dmarc=fail action=quarantine
Get-WinEvent : No events were found that match the specified selection criteria.
  3  any        any    ALL      deny    hits 99122
Pending commands: 1 (DeviceLocation)   Failed commands: 0
Device: NS-TAB-04   Lost mode: enabled
Unbekannte Protokolle              0                   0
Tray 1: A4 plain, 250 sheets
No malware detected
Stale computer accounts: 0
Server: x   Status: Established   Req/Fail 88/0   Avg Resp 39
Heartbeat interval 5 s, missed 0
09:14  Interactive  Interrupted (consent required)
Basic fee 4.90   Calls 0.00   Error calls 0
Blocked devices: Kingston 8 GB (2), unknown vendor (1)
Allowed: 41   Blocked: 3   Read-only: 12
"""

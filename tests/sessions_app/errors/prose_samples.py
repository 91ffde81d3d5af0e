"""Sentences of people, one a line: which quote an error, and which only sound like one."""

NONE_PROSE = r"""
If it fails again, call us.
Is there any error?
No errors in the event log.
Restarted the spooler, all good
She is on 10.0.0.5, port 443
515,072 bytes free
Does the backup fail?
The failover went fine
Checked error.log, nothing there.
Swapped the cable and it has been stable for an hour.
Went through the event log, nothing unusual.
Asked whether she saw any errors: she did not.
If the scan fails again I will replace the sensor.
Will the license have expired by then?
Set the timeout to 30 seconds.
Moved the mailbox to the new database without problems.
Disabled error reporting through the policy.
The test mail arrived, no bounce.
Rebooted both switches, phones registered again.
Told her the fix will not delete any mail.
Checked the disk: 404 GB free of 500.
Whoever is next: please do not restart the server during the day.
Is the certificate expired or only the chain?
All 12 mailboxes moved, none failed.
Confirmed with the vendor that the license is valid until May.
Replaced the toner, prints fine.
Checked 5 of 10 laptops, all patched.
Nothing failed during the night.
User says thank you, works now.
Ticket 50404 merged into this one.
Waiting for the vendor to call back at 14:00.
Do we know when the last good backup was?
Cleaned the heads, test page is perfect.
Account unlocked, she logged in at once.
Will try the other driver tomorrow.
Switched to the backup line until Friday.
If he gets "Access denied" again he should send a screenshot
I expected an "Access denied" here but it opened fine
No more "disk full" since I emptied the bin
The button is called "Retry failed jobs", I did not press it
The group is called "Deny logon locally"
Subject is "Delivery failed: update your mailbox"
Her words: "it takes forever"
it says "Your device is up to date"
We have 404 mailboxes there, room 503
From the maker's handbook: "If the spool is full the job is rejected with E-114 and has to be sent anew"
Their release notes say it in the article "Update 4.2 fails with 0x80070643 on old PCs", ours are new
After the change she might run into error 0x80070035, then map the drive by name
Page says Mailbox is enabled and not blocked for her
The display shows tray 2 no matter what she picks
Hub flashes 3 times at start, then it is green
She says Excel is tired and Word can't print on Mondays
Parts to bring: MC-410 cable, E550 fuse and a F2 wrench
Photo shows the Unlabelled socket behind rack 3
The training mail has a fake "Your mailbox is full" in it
The sign at the gate says No entry without badge
Their letter says Not covered by the contract
"""

NONE_OR_WEAK_PROSE = r"""
someone set "forward on no answer" to 0 s maybe
the user is annoyed that it fails sometimes
He says it fails now and then
If it fails again, call us.
Is there any error?
Does it show an error?
No errors in the event log.
The error is gone after the reboot.
Checked error.log, nothing there.
Please look at the error log tomorrow
User cannot print since Monday
Client would like the error reporting turned off
Not failing any more
Users complain that Outlook crashes a lot
Printing from tray 2 fails most mornings
VPN drops whenever it rains
The boss cannot open his calendar
Error went away after clearing the cache.
She could not work all morning.
They had problems with the scanner last year too
It keeps crashing when he opens big spreadsheets
The internet is down again at the branch
Wifi drops in the meeting room
Her password does not work
Their server is slow and sometimes not reachable
The trouble started after the move, before that no failures
Screen goes black for a second
Phones lose registration every Friday
The report is wrong since the update
He was locked out twice this week
Teams calls get dropped in the afternoon
Mouse lags badly on battery
She can't find the shared folder any more
It crashed twice while I was there
vendor's answer: "not supported from firmware 4 on, as far as we know"
he insists on both, "because one of them once failed in Spain"
"""

# What a person wrote = what of it is the error.
PROSE = r"""
it says this at once: TLS Error: TLS handshake failed => TLS Error: TLS handshake failed
Outlook shows "Cannot connect to server" when she opens it => Cannot connect to server
Rang the user. She gets: 0x80070035 The network path was not found => 0x80070035 The network path was not found
Ran nslookup, got NXDOMAIN => NXDOMAIN
On the PC: The trust relationship between this workstation and the primary domain failed => trust relationship
Error message: “The user name or password is incorrect.” => The user name or password is incorrect.
Portal answers HTTP 503 from outside => HTTP 503
Event ID 7023 every morning at six => 7023
Meldung: Zugriff verweigert => Zugriff verweigert
Client sees "550 5.7.1 Unable to relay" in the bounce => 550 5.7.1 Unable to relay
Service log says: Login failed for user 'sa'. Reason: Password did not match => Login failed for user 'sa'.
browser warns with NET::ERR_CERT_AUTHORITY_INVALID on the intranet => ERR_CERT_AUTHORITY_INVALID
Scanner display: Authentication failed => Authentication failed
nslookup of the mail name returns SERVFAIL => SERVFAIL
Popup: «Accès refusé» => Accès refusé
Installed KB5031455, got 0x800f0922 and it rolled back => 0x800f0922
curl from the proxy: HTTP/1.1 407 Proxy Authentication Required => 407
Same on my laptop, curl: (35) OpenSSL SSL_connect: SSL_ERROR_SYSCALL => curl: (35)
Tried it as admin. Still 'Access is denied.' on the share => Access is denied.
VPN client shows "Login OK" but then: Negotiation failed, peer not responding => Negotiation failed
Printer panel: 49.4C02 ERROR => 49.4C02
The user sees error 1068 when starting the WLAN service => 1068
At logon: The User Profile Service failed the sign-in. => The User Profile Service failed the sign-in.
Anna sent a photo: "SERVICE ERROR 59.F0" => 59.F0
gives ORA-12541 since the listener was moved => ORA-12541
Test send from OWA bounced with 5.7.708 Access denied => 5.7.708
Event viewer: Disk: The device, \Device\Harddisk0\DR0, has a bad block. => bad block
Got this in PowerShell: Set-Mailbox : Access Denied => Access Denied
After the reboot it came up with "Boot device not found" => Boot device not found
Log of the NAS reads: Volume 2 has degraded [2/3] => Volume 2 has degraded
Vendor portal returns 502 Bad Gateway => 502
The bounce says 550 5.4.1 Recipient address rejected: Access denied => 550 5.4.1
Phone display says Registration failed => Registration failed
the screenshot says Windows cannot access \\fs01\data => Windows cannot access
the website returns a 502 since noon => 502
In the console there's a 403 on /api/login => 403
the client shows "Server replied 423 Locked" => 423
Error on the copier is SC542 => SC542
copier shows SC 542-00 => SC 542
Still getting 80070005 from Windows Update => 80070005
the app shows 'Sorry, we couldn't find that account' => we couldn't find that account
Teams: "We can't connect you. Try again later" => We can't connect you. Try again later
she gets "The remote computer requires Network Level Authentication" => requires Network Level Authentication
ODBC test from his PC: [Microsoft][ODBC Driver 17 for SQL Server]Login timeout expired => Login timeout expired
bricht ab mit „Fehler 1310: Datei kann nicht geschrieben werden“ => Fehler 1310: Datei
on the phone: Cannot Get Mail. The certificate for this server is invalid. => Mail. The certificate for this server is
settings just flash "Could not join the network" for a second => Could not join the network
window: partner '10.2.0.5:sapdp00' not reached, WSAECONNREFUSED => not reached
"Back up now": The backup disk image could not be accessed => The backup disk image could not be accessed
page says "This site can't be reached", below net::ERR_CONNECTION_REFUSED => ERR_CONNECTION_REFUSED
Oven panel now shows 41:07 Probe missing, chamber 2 => 41:07 Probe missing
it is just Er 12 and a beep => Er 12
the franking machine has ERR-33 on it => ERR-33
Cannot open the ledger. The period file is in use by another user. => The period file is in use
two of them hang at boot, last line: Kernel panic - not syncing: Attempted to kill init => Kernel panic
Dispenser app pops up: Cartridge removed, insert it again => Cartridge removed
Stamps.exe: "Postage database damaged" whenever she opens it => Postage database damaged
the sorter says "Lane 3 overloaded. Press reset." => Lane 3 overloaded
Plotter panel: MC 410-02, call engineer => MC 410-02
boiler gateway beeps 5 times red => beeps 5 times red
Stops at 61 % and then We couldn't update your files => We couldn't update your files
The palletiser has MOT-114 Y AXIS Fault on it => MOT-114 Y AXIS Fault
PXE-E18: Server response timeout, both laptops => PXE-E18
card printer in device manager: yellow mark, Code 28 => Code 28
export ends with Row limit of sheet exceeded => Row limit of sheet exceeded
stuck at "Waiting for the domain list" for an hour => Waiting for the domain list
the franking log: 1 of 4, result NOK (F044) => F044
PLC viewer shows Bus off => Bus off
bounced for the notary, "Recipient account no longer active here" => Recipient account no longer active
Kiln controller writes Thermocouple broken and stops => Thermocouple broken
the folding machine lights up NO AIR and clicks => NO AIR
each scan gives Target folder missing => Target folder missing
She gets a blue strip: Preview has been disabled by an add-in => Preview has been disabled
kiosk replies with Not authorised (0x0511) when they tap => (0x0511)
it's F-1202 on the counter's display => F-1202
crane panel has E-STOP ZONE OPEN => E-STOP ZONE OPEN
the alarm centre's text for it is Hopper 2 not seated => Hopper 2 not seated
"""

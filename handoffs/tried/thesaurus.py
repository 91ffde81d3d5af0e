"""The language of IT support: what stands for the same act and for the same thing. One meaning a line, told by its
first word; any inflection of a form is meant, too."""

from __future__ import annotations

ACTS = """
restart, reboot, bounce, cycle, recycle, reload, relaunch, power cycle, kick, iisreset, re-read, reread, start anew,
  shut no shut, restart anew, power down, cold start
reinstall, redeploy, repush, reimage, reinstallation, set up from scratch, install afresh, install anew, put on again
install, deploy, push, roll out, installation, load
remove, uninstall, delete, drop, unregister, unassign, strip, take away, detach, erase, retire, unenroll, unenrol,
  deregister, discard, unlink, unpair, removal, deletion, unjoin, disjoin, forget, get rid, gone, kill
clear, flush, purge, empty, wipe, clean, truncate, cleanup, tidy
disable, deactivate, turn off, switch off, suspend, stop, pause, shut down, shutdown, shut,
  administratively down, bypass
enable, activate, turn on, switch on, reenable, reactivate, require, bring up, enforce, resume, no shut
start
reset, reinitialise, factory default, factory setting, default setting, reinit, initialise
replace, swap, exchange, substitute, replacement
another, different, other, spare, known good, known working
check, gpresult, verify, confirm, validate, review, inspect, examine, look, test, measure, monitor, compare,
  analyse, investigate,
  determine, see, view, read, query, trace, ping, probe, identify, find, recheck, retest, list the, list all,
  evaluate, assess, watch,
  observe, audit, try, make sure, make certain, ensure, double check, survey, resolve, reach, search, nslookup, dig,
  tracert, traceroute, telnet, iperf, curl, follow, study, prove, submit, whether, comparison, rule out, exam, browse,
  tnc, pcap, wireshark
update, upgrade, patch, flash, newer, current release, latest, up to date, bring up, newest, hotfix, firmware upgrade
rollback, roll back, downgrade, revert, back out, undo, take back, older version, previous version, go back,
  prior version
unlock
lock
repair, fix, mend, restorehealth, sfc, dism, correct, restoration
recreate, rebuild, create, generate, new, make, build, renew, reissue, rotate, regenerate, reindex, fresh,
  refresh, anew,
  issue, defragment, obtain
rejoin, join, reenrol, reenroll, enroll, enrol, onboard, enrollment, enrolment, pair, repair pairing
register, reregister, reimport, import, upload, provision, reprovision, set up
move, migrate, relocate, transfer, failover, fail over, vmotion, live migrate, switch over, move over
set, change, configure, adjust, hardcode, specify, modify, point, convert, relax, edit, make, prefer, write, put,
  hard match, pin, define, select, choose, override, switch to
raise, increase, bump, extend, scale, enlarge, expand, lengthen, give more, grow, allocate, above, longer,
  larger, higher, double
lower, reduce, decrease, shorten, shrink, limit, cap, throttle, below, less, lessen, smaller
run, gpupdate, execute, launch, perform, force, rerun, retry, redo, trigger, kick off, initiate, by hand, run anew
allow, open, unblock, permit, whitelist, allowlist, forward, port forward, let through
block, close, deny, blacklist, blocklist, isolate, quarantine, contain, ban, isolation
exclude, exempt, exclusion, exception, leave out, skip, omit
revoke, expire, invalidate, kill session, terminate
relogon, sign back in, relog, log back on, log off and on
signout, sign out, log off, log out, logoff, signoff, logout
signin, sign in, log on, log in, logon, login
rename
copy, duplicate onto
map, remap, mount, netuse, net use
add, readd, assign, reassign, give, append, insert, attach, include
reconnect, reseat, replug, connect, plug, patch into, hook up, reattach
disconnect, unplug, pull, undock, unhook
capture, record, collect, gather, sniff, dump, export
ask, call, contact, escalate, chase, request from, await, wait
restore, recover
scan, malwarebytes scan
release, unbind
drain
"""
# Verbs that a word behind them gives their meaning, with other words between.
PARTICLES = """
disable, turn off, switch off, power off, shut down, bring down
enable, turn on, switch on, power on, bring up
remove, take off, take out, take away
rollback, take back, roll back, go back
restore, put back
recreate, set up
signout, sign out, log off, log out
signin, sign in, log on, log in
run, kick off
reconnect, plug in
install, push out
raise, turn up
lower, turn down
"""
# Not always told apart: acts of one line may name one and the same.
NEAR = """
run: restart repair update reset map set scan rejoin reinstall register signin relogon check move start clear
reset: repair reinstall recreate set rejoin register clear
recreate: reinstall register set add update replace order rejoin
reinstall: rejoin register install
replace: set move reconnect install
remove: clear disable exclude disconnect rollback revoke rename block
signout: revoke disable
check: scan capture reconnect signin map replace read start
set: raise lower enable allow add update map put disable order restore exclude
restart: reset start drain
reconnect: move map
update: install
allow: enable exclude add
block: disable
release: recreate
start: enable
close: remove clear
"""
OPPOSITE = """
enable: disable remove block
allow: block remove disable
add: remove exclude disable
raise: lower
update: rollback remove
install: remove rollback
reinstall: rollback
reconnect: disconnect
lock: unlock
recreate: remove
register: remove
rejoin: remove
map: remove
signin: signout
start: disable
restore: set
rollback: set raise
"""
THINGS = """
mfa, multifactor, multi factor, two factor, 2fa, authenticator prompt, multi factor authentication
conditionalaccess, conditional access, ca
credential, password, pw, pwd, passwd, passphrase, passcode, credential manager, vault, saved login, stored login
aaaarecord, aaaa record
mxrecord, mx record
ptr, ptr record, reverse record
cname, cname record
txt, txt record
gpresult
certificate, cert, ssl, tls certificate, x509
permission, rights, acl, ntfs right, access right, privilege, dacl
membership, group membership, member
licence, license, licensed, sku, subscription, entitlement, m365 e3, office 365 e3
session, logon session
token, prt, primary refresh token, refreshprt, access pass
time, clock, ntp, w32time, drift, w32tm, time server, time source
account, acct, user account, login account
serviceaccount, svc acct, service account, svc account
service, svc, daemon
server, srv, host
driver, drv
printer, print device, mfp, copier
spooler, print spooler, print queue, spool
toner, cartridge, ink cartridge
ribbon, ink ribbon
paper, tray, cassette
roller, pickup roller, platen, feed roller
darkness, darker, print density, density
calibration, calibrate
firmware, fw version, microcode
bios, uefi
memory, ram, dimm, memory module, ram module, memtest, memtest86, mem
disk, ssd, hdd, hard drive, hard disk, drive, nvme, solid state drive
smart, crystaldiskinfo, smart value, smart health
space, free space, storage space, disk space, free, full, out of space, room, capacity, quota, size
psu, power supply, power adapter, charger, power brick
battery, ups battery
mainboard, motherboard, system board, logic board
gpu, graphics, graphic card, video card, display adapter, display driver, video driver
monitor, screen, display, panel
dock, docking station, dockingstation, port replicator, undocked
cable, cord, lead, patch cable, patch lead, network cable, ethernet cable, cat6, wire
port, interface, int, switchport, switch port, eth
nic, network card, network adapter, network interface, ethernet adapter, lan adapter
switch, sw
router, gateway device, cpe, modem
firewall, fw, fortigate, ufw, iptables, sonicwall, palo alto, sophos xg, asa
vlan, virtual lan
trunk, tagged
route, routing, routing table, static route
nat, port forward, port forwarding, fwd
qos, dscp, priority, prioritis, traffic shaping
sipalg, sip alg, sip application layer gateway, sip helper, alg
codec, g.711, g.711a, g711, a law, opus, g729
pbx, 3cx, phone system, asterisk, callmanager
phone, telephone, handset, deskphone, desk phone, ip phone
mobile, smartphone, iphone, android, cell phone, ios
extension, ext
headset, earphone
media server, mediaserver
vpn, tunnel, ipsec, anyconnect, globalprotect, wireguard
wifi, wi fi, wireless, wlan, ssid, wireless network
ap, access point, accesspoint
roaming, 802.11r, fast roaming, ft, fast transition
pmf, protected management frames, 802.11w, management frame protection
radius, nps, network policy server, ise
dhcp, lease, dhcp lease, scope, address pool, ip helper, 169.254, apipa, ipconfig
dns, name resolution, resolver, nslookup, ipconfig flushdns, flushdns
arecord, a record, host record, a host record
spf, sender policy framework, spf record
dkim, domainkey
dmarc
ipaddress, ip address, ip, static ip
ping, icmp, reachable, connectivity, tnc, test netconnection
hosts, host file, hosts file, hosts entry
proxy, wpad, pac file
proxycloud, cloudflare proxy, grey cloud, orange cloud, cdn
loadbalancer, load balancer, lb, haproxy
ad, active directory
entra, azure ad, entra id, aad, azuread
ou, organizational unit, organisational unit
gpo, group policy, gpupdate, policy object, group policy object
dc, domain controller
kdc, key distribution center, kerberos
replication, repadmin, replicate
sync, synchronis, synchronization, synced, dirsync, sync cycle, delta sync
mailbox, inbox store
owa, outlook on the web, outlook web, webmail
ost, offline data file, cached mode file, outlook data file
cachedmode, cached mode, cached exchange mode, offline mode
addin, add in, addon, add on, plugin, plug in, com add in
profile, user profile
connector, send connector, smarthost
quarantine list, quarantine queue
mailrule, inbox rule, transport rule, mail flow rule
autodiscover, autodiscovery
cache, cached, temp file, temporary file, cookie, site data
browser, edge, chrome, firefox
inprivate, incognito, private window, private mode
antivirus, av, anti virus, defender, endpoint protection, virus scan, antivirus scan
edr, sentinelone, s1, crowdstrike, sentinelctl
hash, sha256, checksum, fingerprint
backup, veeam, acronis, datto
snapshot, checkpoint
vss, volume shadow copy, shadow copy, vssadmin, shadow storage, shadow copy storage
repository, repo, backup target
vmms, virtual machine management service, virtual machine management, hyper v virtual machine management
vm, virtual machine, guest
sqlserver, sql server, sql
sqlbrowser, sql browser, sql server browser
statistics, updatestats, stats, sp_updatestats
index, indices, indexes
blocking, blocked query, sp_whoisactive, deadlock, blocking session
maxdop, max degree of parallelism, parallelism
latency, response time, delay, how long, disk latency
webserver, apache, nginx, httpd, iis, web server, iisreset
certbot, letsencrypt, let encrypt, le, acme
app, application, program, software, client
intune, mdm, endpoint manager, device management, mobile device management
autopilot
esp, enrollment status page
mam, app protection, app protection policy
compliance, compliance policy
hwhash, hw hash, hardware hash
tpm, tpmtool, trusted platform module
bitlocker, recovery key, drive encryption
safemode, safe mode
systemfile, sfc, dism, system file, restorehealth, scannow, sfc scannow, system file checker
chkdsk, check disk, file system check
registry, regedit, reg key, registry key
eventlog, event log, event viewer
log, logfile, log file
signinlog, sign in log, sign in logs
task, scheduled task, task scheduler
startup, start up program, autostart, startup item
powerplan, power plan, power setting
onedrive, files on demand
sharepoint, spo, site library
teams, ms teams, microsoft teams
hostfirewall, windows firewall, defender firewall
smb, share, file share, network share
smbsigning, smb signing
mappeddrive, network drive, mapped drive, net use
kb, windows update, cumulative update, quality update
nas, synology, qnap
raid, array, raid array
stp, spanning tree
poe, power over ethernet
lldp, cdp
duplex, autonegotiation, auto negotiation, link speed
mtu, mss, jumbo frame, packet size
config, configuration, conf, settings, setting, option
minimum, min
maximum, max
hardware, hw
duplicate, dup, conflict, conflicting
sticky, sticky mac, port security
mac, mac address
stickertest, sticker test
outdated, stale, old, orphan
workstation, computer, pc, machine, desktop, laptop, notebook
user, person, colleague
database, db
tenant, organisation, organization
queue, job queue, stuck job, print job
blacklisted, spamhaus, barracuda, blacklist, rbl, dnsbl, blocklist
editdisk, edit disk
handle, file handle, stale handle, file lock
threshold, limit
timeout, time out
role, admin role
delegate, delegation, full access, send as
scanner, scan to folder, scan to mail
webcam, camera
microphone, mic
speaker, audio device, loudspeaker
keyboard, mouse, dongle
fan, heatsink, thermal paste, overheat, temperature
transceiver, sfp, optic, gbic, fibre, fiber
wallsocket, wall socket, wall jack, outlet, socket
patchpanel, patch panel
site, office, branch
internet, wan, isp, provider, carrier
throughput, bandwidth, speed, iperf, speedtest, speed test
packetloss, packet loss, loss
rds, terminal server, rd session host, session host, avd
fslogix, profile container, profile disk
citrix, vda
hypervisor, esxi, esx, vsphere, hyper v
vmwaretools, vmware tools, guest tools, integration services
datastore, lun, csv
cpu, processor, vcpu
plan, execution plan, query plan
connectionstring, connection string, dsn, odbc
dotnet, net framework
java, jre, jdk
office, microsoft office, m365 apps, office 365, office suite
language, locale, regional
fontcache, font
dnsrecord, record
srv record, srv
forwarder, conditional forwarder
scavenging, aging
trust, domain trust
securechannel, secure channel, machine password, test computersecurechannel
spn, service principal name
gmsa, managed service account
wsus, update server
softwaredistribution, windows update component, software distribution
winsock, tcp ip stack, tcpip stack, netsh
arp, arp cache, arp table
ipv6
ssl inspection, deep inspection, https inspection
contentfilter, web filter, url filter, content filtering
geoip, geo block, geo blocking
spamfilter, anti spam, spam filter
"""
# Kinds of things and words of every line, which tell little of which thing it is.
LITTLE = """
ad ap app server service host port printer switch router phone workstation user account config log client system
device network drive disk profile file folder setting group policy list name value version site job page role record
interface session connection address option site office internet domain window process error console portal mode
default type entry certificate database microsoft windows azure status data rule message image view tool level item
area part machine side point line case cause reason issue problem fault time work hardware minimum maximum task mobile
software firewall web
"""
# Says nothing of what is done to what.
SILENT = """
still same again afterwards err passes valid used alright nothing fine ok okay result now then yet any just even
well good bad only already
possible perhaps maybe probably likely certain exact exactly basic manually hand manual own whole properly afresh once
twice more further anymore longer often usually first second third next last day night morning hour minute week month
today tomorrow yesterday sun mon tue wed thu fri sat sunday monday tuesday wednesday thursday friday saturday
known bug build old outdated faulty dying wrong right correct sound exist such certain chance would could should
must might may can cannot won do does did has have had is are was were be been being let help explain mean means fit
know come goes get got take took taken give given keep kept use used using way means thing things place state
everybody
anyone somebody user's she he her his him they them it its we you your i'll local locally remote remotely via per
straight directly over out up down off on in of to at by for with from into onto upon under between within without
than that this these those the a an and or but not no nor if whether while when where which who what how why as so
since because lest until unless also too both either each every all few some many most much little less
there here about above against across along around after before during behind beyond through throughout toward towards
time being purpose purposes necessary needed need needs want wants like looks look seem seems sometimes always never
different another other others spare make made done doing go going went turn set start begin point
"""

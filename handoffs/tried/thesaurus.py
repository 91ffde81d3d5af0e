"""The things of IT support: one meaning a line, told by its first word; any inflection of a form is meant, too."""

from __future__ import annotations

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
dnssuffix, dns suffix, search suffix, suffix search list
gateway, default gateway
subnet, netmask, subnet mask
reservation, dhcp reservation
relay, smtp relay, open relay
smtp, smtp auth
archive, online archive
distributionlist, distribution list, distribution group, mailing list
retention, retention policy, litigation hold
calendar, calender, free busy, freebusy
publicfolder, public folder
sharedmailbox, shared mailbox, group mailbox
guest, external user, b2b
sspr, self service password reset
passkey, fido, fido2, yubikey, security key
saml, sso, single sign on, federation, adfs
oauth, consent, app registration, enterprise app
adminconsole, admin center, admin centre, eac, exchange admin
clockskew, time skew, time difference
lockout, account lockout
loginscript, logon script
homefolder, home drive, home directory
offlinefile, offline file, csc
folderredirection, folder redirection
printmonitor, bidirectional, snmp status
printserver, print server
labelprinter, label printer, zebra
fuser, fusing unit
printhead, print head
drum, imaging unit
finisher, stapler
ipp, wsd, wsd port
pcl, postscript
touchpad, trackpad
hinge, lid
usb, usb port, usb controller
thunderbolt, usb c
bluetooth, bt
hdmi, displayport, dp cable
cmos, cmos battery, rtc
secureboot, secure boot
fastboot, fast startup, fast boot
pagefile, page file, swap file, virtual memory
sleep, hibernate, standby, power saving, powersave
wol, wake on lan
pxe, network boot
appx, store app, microsoft store
defaultapp, default app, file association
proxysetting, proxy setting, winhttp
dlls, dll
eventid, event id
crashdump, minidump, dump file, memory dump
bsod, blue screen, bluescreen, stop code
trunkgroup, sip trunk, siptrunk
registrar, sip registration
stun
jitter, jitter buffer
dialplan, dial plan, call route, outbound rule
ringgroup, ring group, hunt group, call queue
ivr, auto attendant, autoattendant
voicemail, voice mail
dect, base station
emergency, e911
ha, high availability, failover cluster
quorum, witness
tempdb, temp db
transactionlog, transaction log, ldf
collation, compatibility level
linkedserver, linked server
storedprocedure, stored procedure
cron, crontab
inode, inodes
selinux, apparmor
kernel, kernel version
systemd, systemctl
docker, container, pod
waf, web application firewall
cors, csp header
redirect, rewrite rule
dnssec, ds record
nameserver, ns record, name server
registrarlock, domain registrar
ttl, time to live
bgp, ospf
lacp, port channel, etherchannel
igmp, multicast
storm, broadcast storm
dot1x, 802.1x, eap
txpower, transmit power, tx power
bandsteering, band steering
controller, wlc, wireless controller
captiveportal, captive portal, splash page
splittunnel, split tunnel, split tunneling
phase1, phase 1, ike
phase2, phase 2, quick mode
preshared, pre shared key, psk, shared secret, secret
dpd, dead peer detection
tape, tape library, lto
tapedrive, tape drive
backupjob, backup job
restorepoint, restore point
transportmode, transport mode
changetracking, cbt, changed block tracking
apn, carrier setting
erp, sap, navision, business central
crm, salesforce, dynamics
accounting, datev, sage, quickbooks
license server, licence server, flexlm
odbcdriver, odbc driver
macro, vba, trusted location
template, normal.dotm
pos, cash register
cardreader, card reader, payment terminal
barcode, barcode scanner
dedupe, deduplication
hotadd, hot add
vhd, vhdx, vmdk, virtual disk
controllercard, raid controller, hba
multipath, mpio
iscsi, initiator
ransomware, malware, virus, trojan
phishing, phish
sandbox, detonation
siem, log collector
scep, ndes
companyportal, company portal
apns, push certificate
appleid, apple id, icloud
simcard, sim card, esim
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

"""What is done in IT support: one meaning a line, told by its first word; any inflection of a form is meant, too."""

from __future__ import annotations

ACTS = """
restart, reboot, bounce, cycle, recycle, reload, relaunch, power cycle, kick, iisreset, re-read, reread, start anew,
  shut no shut, restart anew, power down, cold start,
  cold boot, warm boot, respawn, hard reboot, soft reboot
reinstall, redeploy, repush, reimage, reinstallation, set up from scratch, install afresh, install anew, put on again,
  set up anew, rebuild from scratch, start over
install, deploy, push, roll out, installation, load
remove, uninstall, delete, drop, unregister, unassign, strip, take away, detach, erase, retire, unenroll, unenrol,
  deregister, discard, unlink, unpair, removal, deletion, unjoin, disjoin, forget, get rid, gone, kill,
  decommission, eject, prune, tear down, unsubscribe, scrap
clear, flush, purge, empty, wipe, clean, truncate, cleanup, tidy,
  vacuum, free up, blow away
disable, deactivate, turn off, switch off, suspend, stop, pause, shut down, shutdown, shut,
  administratively down, bypass,
  opt out, halt, mute, take offline, put offline
enable, activate, turn on, switch on, reenable, reactivate, require, bring up, enforce, resume, no shut,
  opt in, bring online, put online
start
reset, reinitialise, factory default, factory setting, default setting, reinit, initialise
replace, swap, exchange, substitute, replacement,
  change out
another, different, other, spare, known good, known working
check, gpresult, verify, confirm, validate, review, inspect, examine, look, test, measure, monitor, compare,
  analyse, investigate,
  determine, see, view, read, query, trace, ping, probe, identify, find, recheck, retest, list the, list all,
  evaluate, assess, watch,
  observe, audit, try, make sure, make certain, ensure, double check, survey, resolve, reach, search, nslookup, dig,
  tracert, traceroute, telnet, iperf, curl, follow, study, prove, submit, whether, comparison, rule out, exam, browse,
  tnc, pcap, wireshark,
  gauge, quantify, benchmark, ascertain, cross check, eyeball, consult, glance, attest, know whether, see if
update, upgrade, patch, flash, newer, current release, latest, up to date, bring up, newest, hotfix, firmware upgrade,
  modernise, reflash
rollback, roll back, downgrade, revert, back out, undo, take back, older version, previous version, go back,
  prior version,
  earlier version, earlier build, older release, older driver, older build
unlock
lock
repair, fix, mend, restorehealth, sfc, dism, correct, restoration,
  remedy, rectify, salvage
recreate, rebuild, create, generate, new, make, build, renew, reissue, rotate, regenerate, reindex, fresh,
  refresh, anew,
  issue, defragment, obtain,
  spin up, stand up, reseed
rejoin, join, reenrol, reenroll, enroll, enrol, onboard, enrollment, enrolment, pair, repair pairing
register, reregister, reimport, import, upload, provision, reprovision, set up,
  resubmit, readopt, adopt
move, migrate, relocate, transfer, failover, fail over, vmotion, live migrate, switch over, move over,
  rehome, reroute, redirect, evacuate
set, change, configure, adjust, hardcode, specify, modify, point, convert, relax, edit, make, prefer, write, put,
  hard match, pin, define, select, choose, override, switch to,
  tune, tweak, alter, amend, hard code, prioritise
raise, increase, bump, extend, scale, enlarge, expand, lengthen, give more, grow, allocate, above, longer,
  larger, higher, double,
  widen, upsize, boost, lift
lower, reduce, decrease, shorten, shrink, limit, cap, throttle, below, less, lessen, smaller,
  dial down, narrow, downsize, slow down
run, gpupdate, execute, launch, perform, force, rerun, retry, redo, trigger, kick off, initiate, by hand, run anew,
  invoke, replay, resend, retrigger, resync
allow, open, unblock, permit, whitelist, allowlist, forward, port forward, let through,
  admit, authorise, safelist
block, close, deny, blacklist, blocklist, isolate, quarantine, contain, ban, isolation,
  refuse, segregate, fence off
exclude, exempt, exclusion, exception, leave out, skip, omit
revoke, expire, invalidate, kill session, terminate,
  void, annul, withdraw, end session, close session
relogon, sign back in, relog, log back on, log off and on
signout, sign out, log off, log out, logoff, signoff, logout
signin, sign in, log on, log in, logon, login
rename
copy, duplicate onto
map, remap, mount, netuse, net use
add, readd, assign, reassign, give, append, insert, attach, include
reconnect, reseat, replug, connect, plug, patch into, hook up, reattach,
  recable
disconnect, unplug, pull, undock, unhook
capture, record, collect, gather, sniff, dump, export
ask, call, contact, escalate, chase, request from, await, wait,
  ring, inquire, enquire, open case, open ticket, raise ticket, chase up
restore, recover,
  reinstate
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

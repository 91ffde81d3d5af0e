"""What technicians and models do to things: families of verbs that mean the same act, with their inflections."""

from __future__ import annotations

from collections.abc import Iterator

FAMILIES = {
    "restart": "restart reboot bounce cycle powercycle recycle reload relaunch",
    "reinstall": "reinstall",
    "install": "install deploy",
    "remove": "uninstall remove delete clear flush purge empty wipe erase forget disconnect unplug disjoin",
    "disable": "disable deactivate stop suspend pause",
    "enable": "enable activate reenable reactivate",
    "reset": "reset reinitialise reinitialize",
    "replace": "replace swap exchange substitute",
    "check": "check verify confirm validate review inspect examine look test measure monitor compare analyse analyze"
    " investigate determine see view read search query resolve trace ping probe identify find recheck retest"
    " list evaluate assess watch observe audit try",
    "update": "update upgrade patch flash",
    "rollback": "rollback downgrade revert",
    "unlock": "unlock",
    "lock": "lock",
    "repair": "repair fix",
    "create": "create recreate build",
    "rebuild": "rebuild reindex defragment",
    "rejoin": "rejoin",
    "join": "join",
    "connect": "connect move plug relocate",
    "reconnect": "reconnect reseat",
    "set": "set change configure adjust hardcode assign specify modify switch point convert fix",
    "raise": "raise increase bump extend enlarge expand lengthen",
    "lower": "lower reduce decrease shorten shrink",
    "run": "run execute launch start use perform force rerun retry",
    "allow": "allow open unblock permit whitelist allowlist forward",
    "block": "block close deny blacklist blocklist",
    "exclude": "exclude exempt",
    "revoke": "revoke expire",
    "renew": "renew reissue",
    "sign_again": "relog",
    "sign_in": "signon",
    "interrupt": "pauseresume",
    "sign_out": "logoff signout",
    "rename": "rename",
    "copy": "copy",
    "map": "map remap mount",
    "add": "add",
    "register": "register reregister",
    "capture": "capture record collect gather",
    "ask": "ask call contact escalate",
    "restore": "restore recover",
    "scan": "scan",
    "download": "download",
    "compact": "compact",
    "grant": "grant give",
    "boot": "boot",
    "clean": "clean",
    "put": "put place",
    "send": "send",
}
# Families in which one verb may stand for another's.
ALIKE = {
    frozenset(pair)
    for pair in (
        ("clean", "remove"),
        ("set", "raise"),
        ("set", "lower"),
        ("reset", "repair"),
        ("repair", "run"),
        ("rebuild", "create"),
        ("connect", "reconnect"),
        ("check", "run"),
        ("check", "scan"),
        ("check", "send"),
        ("check", "connect"),
        ("install", "update"),
        ("check", "sign_in"),
        ("run", "scan"),
        ("reset", "run"),
        ("set", "run"),
        ("rebuild", "run"),
        ("map", "run"),
        ("revoke", "sign_out"),
        ("renew", "run"),
        ("replace", "set"),
        ("reset", "set"),
        ("allow", "run"),
    )
}
_IRREGULAR = {
    "run": ("ran", "running"),
    "rerun": ("reran", "rerunning"),
    "rebuild": ("rebuilt", "rebuilding"),
    "build": ("built", "building"),
    "set": ("set", "setting"),
    "reset": ("reset", "resetting"),
    "see": ("saw", "seen", "seeing"),
    "find": ("found", "finding"),
    "read": ("read", "reading"),
    "shrink": ("shrank", "shrunk", "shrinking"),
    "put": ("put", "putting"),
    "give": ("gave", "given", "giving"),
    "try": ("tried", "trying"),
    "send": ("sent", "sending"),
    "forget": ("forgot", "forgotten", "forgetting"),
    "deny": ("denied", "denying"),
    "copy": ("copied", "copying"),
    "modify": ("modified", "modifying"),
    "verify": ("verified", "verifying"),
    "specify": ("specified", "specifying"),
    "identify": ("identified", "identifying"),
    "retry": ("retried", "retrying"),
    "empty": ("emptied", "emptying"),
    "query": ("queried", "querying"),
    "rollback": ("rolledback",),
    "swap": ("swapped", "swapping"),
    "plug": ("plugged", "plugging"),
    "unplug": ("unplugged", "unplugging"),
    "stop": ("stopped", "stopping"),
    "map": ("mapped", "mapping"),
    "remap": ("remapped",),
    "scan": ("scanned", "scanning"),
}
# That have something done: what is done stands as a noun behind them, "perform a reset of".
_LIGHT = (
    "perform run do schedule initiate trigger force attempt try conduct execute make carry use start plan request"
    " performed ran did scheduled triggered forced attempted tried made carried used started planned requested"
)
LIGHT = frozenset(_LIGHT.split())
NOUNS = {
    "restart": "restart",
    "reboot": "restart",
    "powercycle": "restart",
    "reset": "reset",
    "reinstallation": "reinstall",
    "reinstall": "reinstall",
    "installation": "install",
    "removal": "remove",
    "replacement": "replace",
    "swap": "replace",
    "update": "update",
    "upgrade": "update",
    "rollback": "rollback",
    "downgrade": "rollback",
    "rebuild": "rebuild",
    "repair": "repair",
    "test": "check",
    "check": "check",
    "comparison": "check",
    "measurement": "check",
    "review": "check",
    "scan": "scan",
    "trace": "check",
    "ping": "check",
    "cleaning": "clean",
    "restore": "restore",
    "recreation": "create",
}


def family_of(word: str) -> str:
    """Its family; empty where it is no verb that is known."""
    return _FAMILY.get(word, "")


def is_past(word: str) -> bool:
    return word in _PAST


def is_unknown(family: str) -> bool:
    """Whether it stands for a verb of no family, or for none at all."""
    return family.startswith("?")


def are_alike(one: str, other: str) -> bool:
    return one == other or frozenset((one, other)) in ALIKE


def _past(base: str) -> Iterator[str]:
    if base in _IRREGULAR:
        yield from (form for form in _IRREGULAR[base] if not form.endswith("ing"))
    else:
        yield base + ("d" if base.endswith("e") else "ed")


def _forms(base: str) -> Iterator[str]:
    yield base
    yield from _past(base)
    yield base + ("es" if base.endswith(("s", "sh", "ch", "x")) else "s")
    if base in _IRREGULAR:
        yield from _IRREGULAR[base]
    else:
        yield base.removesuffix("e") + "ing"


_FAMILY = {
    form: family
    for family, bases in reversed(FAMILIES.items())  # of two families the first
    for base in bases.split()
    for form in _forms(base)
}
_PAST = {form for bases in FAMILIES.values() for base in bases.split() for form in _past(base)}

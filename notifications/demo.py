"""The demo: a small MSP at work, made with the verbs people use, each at its own time.

Two accounts, eight people, sessions in every position, and three escalations waiting.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from handoffs.models import Handoff
from notifications.models import Delivery
from notifications.relay import relay
from resolutionflow.accounts.models import Account, Event, Priority, Team, User
from resolutionflow.core import clock, origin
from sessions_app.models import Branch, Checklist, Session, Step

PASSWORD = "resolution-demo"  # noqa: S105  the demo is loaded on development machines only
ZONE = "Europe/Oslo"
FAILED, WORKED, RULED_OUT, UNCLEAR, OPEN = (
    Step.Outcome.FAILED,
    Step.Outcome.WORKED,
    Step.Outcome.RULED_OUT,
    Step.Outcome.INCONCLUSIVE,
    Step.Outcome.PENDING,
)
PEOPLE = [  # (login, name, role, lead, the last digits of a number that is kept for fiction)
    ("olga", "Olga Berg", "owner", False, "0110"),
    ("cy", "Cy Tanaka", "engineer", True, "0121"),
    ("bo", "Bo Lindqvist", "engineer", False, "0132"),
    ("ana", "Ana Petrov", "engineer", False, "0143"),
    ("dev", "Dev Rao", "engineer", False, "0154"),
    ("tom", "Tom Ade", "engineer", False, "0165"),
    ("vic", "Vic Moreau", "viewer", False, "0176"),
]


@dataclass
class Story:
    """Makes one session, step by step; `ago` is in minutes back from now."""

    user: User
    now: datetime
    session: Session = field(init=False)

    def at(self, ago: float, do: Callable[[], Any]) -> Any:
        with clock.replayed_at(self.now - timedelta(minutes=ago)), origin.coming_from("web"):
            return do()

    def open(
        self,
        ago: float,
        summary: str,
        domain: str,
        client: str,
        asset: str,
        ticket: str,
        report: str = "",
        **more: Any,
    ) -> Story:
        self.session = self.at(
            ago,
            lambda: Session.open(
                self.user,
                problem_summary=summary,
                problem_domain=domain,
                client_name=client,
                asset_name=asset,
                psa_ticket_id=ticket,
                intake_text=report,
                intake="log_paste" if report else "ticket",
                **more,
            ),
        )
        return self

    def step(
        self,
        ago: float,
        text: str,
        outcome: str,
        answer: str = "",
        kind: str = "action",
        by: User | None = None,
        temporary: bool = False,
    ) -> Story:
        how: dict[str, Any] = {"outcome": outcome, "free_text": answer, "kind": kind, "temporary": temporary}
        self.at(ago, lambda: self.session.add_step(by or self.user, text=text, **how))
        return self

    def says(self, ago: float, content: str, by: User | None = None) -> Story:
        self.at(ago, lambda: self.session.add_message(by or self.user, content=content))
        return self

    def branch(self, ago: float, label: str) -> Branch:
        branch: Branch = self.at(ago, lambda: self.session.add_branch(self.user, label=label))
        return branch

    def escalate(self, ago: float, notes: str, **target: Any) -> Handoff:
        handoff: Handoff = self.at(ago, lambda: Handoff.escalate(self.session, self.user, notes=notes, **target))
        return handoff


def people() -> QuerySet[User]:
    """The demo's people whose logins still work."""
    logins = [f"{login}@harbour.example" for login, *_who in PEOPLE]
    return (
        User.objects.active().filter(email__in=[*logins, "eve@summit.example"]).select_related("account").order_by("id")
    )


def load() -> None:
    """Make the demo, all of it or nothing. Its one password is hashed before the transaction."""
    password = make_password(PASSWORD)
    with transaction.atomic():
        _fill(password)


def _fill(password: str) -> None:
    msp, cast = _msp(password)
    servers = Team.objects.create(account=msp, name="Servers")
    servers.members.set([cast["bo"], cast["cy"]])
    network = Team.objects.create(account=msp, name="Network")
    network.members.set([cast["bo"], cast["dev"]])
    Checklist.add_starters(cast["olga"])
    now = timezone.now()
    _finished(cast, now)  # oldest first: the numbers of events, and with them every bell, follow this order
    _parked(cast, now)
    _claimed(cast, now)
    _waiting(cast, now)
    _urgent(cast["ana"], now, servers)
    _working(cast, now)
    _elsewhere(now, password)
    _notify()


def _msp(password: str) -> tuple[Account, dict[str, User]]:
    msp = Account.objects.create(name="Harbour IT", time_zone=ZONE)
    return msp, {
        login: User.objects.create(
            **_login(f"{login}@harbour.example", password),
            account=msp,
            name=name,
            role=role,
            lead=lead,
            phone=f"+44 20 7946 {number}",
        )
        for login, name, role, lead, number in PEOPLE
    }


def _login(email: str, password: str) -> dict[str, str]:
    return {"email": email, "confirmed_email": email, "password": password}


def _urgent(ana: User, now: datetime, servers: Team) -> None:
    story = Story(ana, now).open(
        44,
        "Domain controller refuses logons after Windows update, 60 users locked out",
        "identity",
        "Hartwell Dental",
        "HD-DC01",
        "48211",
        "Log Name: System\nSource: Service Control Manager\nEvent ID: 7023\n"
        "The Kerberos Key Distribution Center service terminated with the following error: %%2148073478",
        contact="Mrs Hart, practice manager, on site: 0441 555 0142",
        access="Console at https://remote.harbour.example/HD-DC01, the password is in the vault",
        due_at=_later_today(now),
        changed_before="KB5039217 was installed in the night, at 02:00",
    )
    story.step(42, "Asked whether it is only one room", RULED_OUT, "No: everybody, 60 users, since 02:00", "check")
    story.step(36, "Logged on with a cached domain admin", FAILED, "There are currently no logon servers available")
    skew = story.branch(33, "Clock skew")
    story.at(32, lambda: skew.activate(ana))
    story.session.refresh_from_db()
    story.step(31, "Checked the time against the PDC emulator", RULED_OUT, "Offset 0.4 s, within tolerance", "check")
    story.at(30, lambda: skew.change_status(ana, status="dead_end", reason="offset is only 0.4 s"))
    update = story.branch(29, "Update broke the KDC")
    story.at(28, lambda: update.activate(ana))
    story.session.refresh_from_db()
    story.branch(27, "Expired krbtgt keys")
    story.step(
        22, "Rolled back KB5039217 with wusa", FAILED, "Uninstall refused: update is required by another package"
    )
    story.step(
        11,
        "Restarted Netlogon and the KDC",
        FAILED,
        "Event 7023  The Kerberos Key Distribution Center\nservice terminated: %%2148073478",
    )
    story.says(8, "Practice manager Mrs Hart is on site, 0441 555 0142. They open at 08:00 and have no paper fallback.")
    story.escalate(
        4,
        "Everyone at the practice is locked out since the 02:00 patch window. I can reach the DC by console only. "
        "I did not restore from backup, wanted a second pair of eyes first.",
        priority=Priority.URGENT,
        target_team=servers,
    )


def _later_today(now: datetime) -> datetime:
    """In two hours, but not tomorrow."""
    local = timezone.localtime(now, ZoneInfo(ZONE))
    return min(local + timedelta(hours=2), local.replace(hour=23, minute=59))


def _waiting(people: dict[str, User], now: datetime) -> None:
    story = Story(people["dev"], now).open(
        95,
        "VPN drops every ten minutes for two users, only from home fibre",
        "network",
        "Northgate Legal",
        "NL-FW01",
        "48190",
        contact="Jo Marsh, office manager, jo@northgate.example, best after 14:00",
        access="https://remote.harbour.example/NL-FW01",
    )
    story.step(88, "Updated the VPN client on both laptops", FAILED, "drops again after 10 min 12 s")
    story.step(71, "Compared with a phone hotspot on the same laptop", RULED_OUT, "stable for 30 minutes", "check")
    story.step(55, "Lowered the MTU to 1350", FAILED, "IKE_SA deleted: peer sent DELETE, error 13868 policy match")
    story.escalate(
        42,
        "Both have the same fibre router. Hotspot is stable, so I think rekeying dies behind their NAT. "
        "I have no rights on the firewall.",
        priority=Priority.HIGH,
    )

    story = Story(people["tom"], now).open(
        70,
        "Label printer prints every second page blank after driver roll-out",
        "printing",
        "Kestrel Logistics",
        "KL-ZT410-2",
        "48166",
    )
    story.step(66, "Power-cycled and calibrated the media sensor", FAILED)
    story.step(58, "Replaced the label roll", FAILED)
    story.step(49, "Went back to driver 8.3 on one PC", FAILED, "same blank labels")
    story.step(41, "Printed the built-in test page", FAILED, "every second label blank here too", "check")
    story.step(35, "Which label size is set in the web console?", OPEN, "", "question")
    story.escalate(
        28,
        "Happens on the built-in test page too, so not the driver. The dock ships at 16:00.",
        priority=Priority.NORMAL,
    )


def _claimed(people: dict[str, User], now: datetime) -> None:
    story = Story(people["ana"], now).open(
        180,
        "Outlook asks for the password in a loop after MFA was switched on",
        "email",
        "Marlow & Sons",
        "MS-LT-14",
        "48207",
    )
    story.step(170, "Cleared the credential manager", FAILED)
    story.step(160, "New Outlook profile", UNCLEAR, "works until the next restart")
    handoff = story.escalate(120, "Only on the three shared PCs. I have run out of ideas.", priority=Priority.HIGH)
    story.at(112, lambda: handoff.claim(people["bo"]))
    story.step(50, "Looked at the sign-in log: legacy authentication is blocked", WORKED, kind="check", by=people["bo"])
    story.says(18, "Modern authentication is off for this tenant. I will switch it on tonight.", by=people["bo"])

    story = Story(people["tom"], now).open(
        240,
        "Accounting cannot post invoices: database is read-only",
        "line_of_business",
        "Brook & Daughters",
        "BD-SQL01",
        "48183",
        contact="Ida Brook, accounts: 0441 555 0177",
        access="RDP through the gateway, as hb-support",
        due_at=now - timedelta(minutes=45),
    )
    story.step(230, "Restarted the application service", FAILED, "Error 3906: cannot update database, it is read-only")
    handoff = story.escalate(90, "I do not dare to touch the SQL server.", priority=Priority.HIGH)
    story.at(78, lambda: handoff.claim(people["cy"]))
    story.step(25, "Freed 40 GB on the log volume", WORKED, by=people["cy"])


def _parked(people: dict[str, User], now: datetime) -> None:
    assert people["ana"].account is not None
    morning = people["ana"].account.next_business_day(now)
    story = Story(people["ana"], now).open(
        1500,
        "Scanner to mail stopped after the provider switched off basic authentication",
        "email",
        "Hartwell Dental",
        "HD-MFP-2",
        "48102",
    )
    story.step(1490, "Asked the vendor for firmware with OAuth", OPEN, kind="question")
    story.at(
        1480,
        lambda: Handoff.park(story.session, people["ana"], notes="Vendor sends firmware tomorrow", wake_at=morning),
    )
    story = Story(people["bo"], now).open(
        900,
        'Nightly backup job ends with "snapshot in use" on one host',
        "server",
        "Kestrel Logistics",
        "KL-HV02",
        "48151",
    )
    story.step(890, "Removed the orphaned checkpoint", WORKED)
    story.at(
        880,
        lambda: Handoff.park(story.session, people["bo"], notes="See whether tonight's job is clean", wake_at=morning),
    )


def _working(people: dict[str, User], now: datetime) -> None:
    story = Story(people["dev"], now).open(
        35, "New starter cannot open the shared calendar", "cloud", "Northgate Legal", "NL-LT-31", "48215"
    )
    story.step(30, "Checked the licence", RULED_OUT, kind="check")
    story.step(18, "Added her to the calendar group", OPEN)
    Story(people["ana"], now).open(
        12, "Laptop shows no Wi-Fi networks after docking", "endpoint", "Marlow & Sons", "MS-LT-09", "48218"
    )
    story = Story(people["bo"], now).open(
        60,
        "Phishing mail clicked by the front desk, account locked as a precaution",
        "security",
        "Hartwell Dental",
        "HD-PC-03",
        "48216",
    )
    story.step(55, "Revoked all sessions and reset the password", WORKED)
    story.step(52, "Blocked sign-in from outside Norway for this account", WORKED, temporary=True)
    story.step(40, "Searched for new inbox rules", RULED_OUT, "none found", "check")


def _finished(people: dict[str, User], now: datetime) -> None:
    story = Story(people["dev"], now).open(
        3000, "Teams calls drop at 14:00 every day", "network", "Brook & Daughters", "BD-FW01", "47990"
    )
    story.step(2990, "Watched the uplink at 14:00", WORKED, "backup to the cloud fills it", "check")
    handoff = story.escalate(2950, "Backup window collides with the calls, who may move it?")
    story.at(2940, lambda: handoff.claim(people["cy"]))
    story.session.refresh_from_db()
    story.at(
        2900,
        lambda: story.session.resolve(
            people["cy"],
            resolution="Moved the off-site backup to 22:00 and gave calls priority.",
            root_cause="The off-site backup filled the uplink.",
            step=story.session.steps.get(),
        ),
    )
    story = Story(people["tom"], now).open(
        4000, "Slow logon on the terminal server", "server", "Kestrel Logistics", "KL-TS01", "47931"
    )
    story.step(3990, "Removed 1,200 stale printer redirections", WORKED)
    story.at(3950, lambda: story.session.resolve(people["tom"], resolution="Cleaned up redirected printers."))
    story = Story(people["ana"], now).open(
        5000, "User reports a strange noise from the ceiling", "other", "Marlow & Sons", "", "47911"
    )
    story.at(4990, lambda: story.session.abandon(people["ana"], reason="It was the air conditioning."))


def _elsewhere(now: datetime, password: str) -> None:
    """A second MSP, to show that nothing of it is ever visible to the first."""
    account = Account.objects.create(name="Summit Support")
    eve = User.objects.create(
        **_login("eve@summit.example", password),
        account=account,
        name="Eve Stone",
        role="owner",
        phone="+44 20 7946 0187",
    )
    story = Story(eve, now).open(50, "Switch stack reboots at night", "network", "Alder Clinic", "AC-SW1", "S-1007")
    story.step(40, "Read the crash log", UNCLEAR, "watchdog timeout", "check")
    story.escalate(20, "Is this the known firmware bug?")


def _notify() -> None:
    """Write the bell lines that people would have by now. No mail is sent: the demo's addresses belong to nobody."""
    for event in Event.objects.unrelayed().order_by("id"):
        with clock.replayed_at(event.at):
            relay(event.pk)
    Delivery.objects.filter(kind=Delivery.Kind.EMAIL).cancel()

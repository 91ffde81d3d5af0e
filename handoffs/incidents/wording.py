"""The texts of an imported incident: of its session, steps and handoffs, made from its rows."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from handoffs.incidents.rows import IncidentRow
from resolutionflow.core.text import LINE, cut

# What a step says of a change, in this order; closed_code and resolved_by are left out: an export has their last
# values in every row.
TOLD = {
    "incident_state": "State", "assignment_group": "Group", "assigned_to": "Assigned to", "priority": "Priority",
    "category": "Category", "subcategory": "Subcategory", "u_symptom": "Symptom", "cmdb_ci": "Device",
}  # fmt: skip


def problem(row: IncidentRow) -> str:
    what = " / ".join(part for part in (row.texts["category"], row.texts["subcategory"]) if part)
    return cut(": ".join(part for part in (what, row.texts["u_symptom"]) if part) or row.number, LINE)


def step(row: IncidentRow, former: IncidentRow | None) -> str:
    """What this update changed: "Reassigned: Group 70 → Group 25, State New → Active"."""
    changes = []
    for name, label in TOLD.items():
        was, now = former.texts[name] if former else "", row.texts[name]
        if was != now:
            value = f"{was} → {now or 'none'}" if was else now
            changes.append(value if value.startswith(label) else f"{label} {value}")
    if former is None:
        return f"Opened: {', '.join(changes)}"
    return ", ".join(changes) if changes else "Updated; state, group and person stayed as they were"


def reassigned(row: IncidentRow, former: IncidentRow | None) -> str:
    groups = (former.texts["assignment_group"] if former else "", row.texts["assignment_group"])
    return f"Reassigned from {groups[0] or 'no group'} to {groups[1] or 'no group'}."


def resolution(row: IncidentRow) -> str:
    code, by = row.texts["closed_code"], row.texts["resolved_by"]
    return f"Closed with {code or 'no code'}{f' by {by}' if by else ''}."


def texts(rows: list[IncidentRow]) -> Iterator[str]:
    """Every text made from these rows of one incident, always in the same order for the same number of rows."""
    yield problem(rows[0])
    yield step(rows[0], None)
    for row in rows:
        yield resolution(row)
        yield from row.texts.values()
    for former, row in pairwise(rows):
        yield step(row, former)
        yield reassigned(row, former)

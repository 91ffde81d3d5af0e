"""Handoff: one passing-on of a session, from park or escalate to claimed, given back and closed.

Its columns and what is shown of it are in fields.py, its verbs in opening.py, laddering.py,
asking.py, claiming.py and giving_back.py.
"""

from __future__ import annotations

from handoffs.models.asking import Asking
from handoffs.models.claiming import Claiming
from handoffs.models.fields import HandoffFields
from handoffs.models.giving_back import GivingBack
from handoffs.models.laddering import Laddering


class Handoff(Laddering, Asking, Claiming, GivingBack):
    """One passing-on of a session: parked for later, or escalated to somebody who claims it."""

    class Meta(HandoffFields.Meta):
        pass

"""Tells of a suggested step that it was tried already: the same action on the same thing, in other words too. By rules
(acts.py) and by likeness (likeness.py): what is not like enough counts as new."""

from handoffs.tried.already import SETTLED, Ledger, Tried

__all__ = ["SETTLED", "Ledger", "Tried"]

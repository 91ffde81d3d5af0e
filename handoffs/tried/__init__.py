"""Tells of a suggested step that it was tried already: the same action on the same thing, in other words too. By rules:
what they cannot decide counts as new."""

from handoffs.tried.already import SETTLED, Ledger, Tried

__all__ = ["SETTLED", "Ledger", "Tried"]

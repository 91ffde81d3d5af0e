"""What Python before 3.11.5 does otherwise: Debian 12, on which many a server runs, has 3.11.2."""

from __future__ import annotations

import ast
import re

from tests.test_house import SOURCES, name, tree


def test_no_group_of_an_expression_is_possessive() -> None:
    """There such a group keeps what its last, failed try has taken, and text is lost."""
    for path in SOURCES:
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                found = re.search(r"\)(?:[*+?]|\{[\d,]+\})\+|\(\?>", node.value)
                assert not found, f"{name(path)}:{node.lineno}: {found and found[0]}"

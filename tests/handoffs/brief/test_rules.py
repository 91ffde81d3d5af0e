"""The rules as they are written: what Python would make of a slip without a word."""

import ast
import gc
from pathlib import Path

import pytest

import handoffs.brief
import sessions_app.errors
from handoffs.brief.phrases.rules import Rules

FOLDERS = [Path(module.__file__).parent for module in (handoffs.brief, sessions_app.errors)]
FILES = [path for folder in FOLDERS for path in sorted(folder.rglob("*.py"))]


def constants_in_f_strings(source: str) -> list[int]:
    """The lines of f-strings that hold braces with a constant in them: {0,2} is a tuple there, no repetition."""
    strings = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.JoinedStr)]
    values = [value for string in strings for value in string.values if isinstance(value, ast.FormattedValue)]
    return [one.lineno for one in values if not any(isinstance(node, ast.Name) for node in ast.walk(one.value))]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_repetition_in_an_f_string_has_double_braces(path):
    assert not constants_in_f_strings(path.read_text(encoding="utf-8"))


def test_a_repetition_with_single_braces_is_noticed():
    assert constants_in_f_strings('rf"a{0, 2}?{word}b"') == [1]
    assert constants_in_f_strings('rf"a{2}"') == [1]
    assert not constants_in_f_strings('rf"a{{0,2}}?{word}b{words.of(2)}"')


class AnyWord(frozenset):
    """As if every word there is were in the text."""

    def isdisjoint(self, other):
        return False

    def __and__(self, other):
        return other


def test_every_pattern_is_one_and_finds_nothing_in_nothing():
    """They are compiled when first looked for: here is where each of them is."""
    gc.unfreeze()  # what tests/conftest.py has put away
    tables = [one for one in gc.get_objects() if type(one) is Rules]
    assert len(tables) > 10
    assert [table for table in tables if table.search("", AnyWord())] == []

"""What is shown of a very long text: parts of it, none of which begins or ends within a word."""

from __future__ import annotations

import pytest

from sessions_app.templatetags.folding import EXCERPT, LEFT_OUT, excerpt

ADDRESS = "https://host.example/path/to/it"


@pytest.mark.parametrize("more", range(0, 120, 7))
@pytest.mark.parametrize("said", [f"{ADDRESS} ", f"in {ADDRESS}\n", f"{ADDRESS}\n\n"])
def test_no_word_is_cut_in_two(said, more):
    text = "x" * more + f"\n{said * 300}\nError 0x80070005: access denied\n{said * 400}"
    shown = excerpt(text)
    assert len(shown) < EXCERPT
    assert "Error 0x80070005" in shown
    assert shown.count(LEFT_OUT) == 2
    assert {word for part in shown.split(LEFT_OUT) for word in part.split() if "/" in word} == {ADDRESS}


def test_the_parts_are_those_of_the_text():
    text = "\n".join(f"line {number} of it" for number in range(2000))
    parts = excerpt(text).split(LEFT_OUT)
    assert all(f"\n{part.strip()}\n" in f"\n{text}\n" for part in parts)
    assert text.startswith(parts[0])
    assert text.endswith(parts[-1])


def test_a_text_of_one_word_is_cut_where_it_must_be():
    assert LEFT_OUT in excerpt("x" * 20_000)


def test_what_is_not_very_long_is_whole():
    text = "a b\n" * (EXCERPT // 4)
    assert excerpt(text) == text

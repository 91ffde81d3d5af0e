"""Tokens are counted without asking anybody, of lines one by one; what is too long is cut in its middle, visibly."""

from __future__ import annotations

import base64
import random
import re

import pytest

from handoffs.prompt.tokens import END, Text, as_line, cost_of, count_tokens, even_share

RANDOM = random.Random(3)

# Tokens by the vocabulary that the vendor published, of texts in JSON, measured once: how many characters to one token.
MEASURED = {
    "The tunnel drops every ten minutes for two users. I restarted the VPN service. " * 20: 4.5,
    "Туннель обрывается каждые десять минут у двух пользователей. " * 20: 2.0,
    "Η σύνδεση διακόπτεται κάθε δέκα λεπτά για δύο χρήστες. " * 20: 0.93,
    "隧道每十分钟断开一次,影响两个用户。" * 20: 1.2,
    "2026-11-28T14:02:11.123Z fw01 charon: 13[IKE] notify error 0x80070035 from 203.0.113.7[500]\n" * 20: 2.2,
    "😀🔥🚒👩‍💻🇩🇪✅❌⚠️🧯" * 20: 0.47,
    base64.b64encode(RANDOM.randbytes(1_500)).decode(): 1.43,
    RANDOM.randbytes(1_000).hex(): 1.75,
}


@pytest.mark.parametrize(
    "text", MEASURED, ids=["prose", "cyrillic", "greek", "chinese", "log", "emoji", "base64", "hex"]
)
def test_the_count_is_not_below_what_there_is_by_more_than_a_tenth(text: str) -> None:
    there = len(text) / MEASURED[text]
    assert 0.9 * there < count_tokens(as_line({"text": text})) < 2.6 * there


def test_lines_have_what_each_of_them_has() -> None:
    items = [{"text": "".join(RANDOM.choices('aB9 ,"\\\n\tżŁ隧😀\u2028:{}', k=200))} for _ in range(50)]
    together = count_tokens("\n".join(map(as_line, items)) + "\n")
    assert together <= sum(map(cost_of, items)) <= together + len(items)


@pytest.mark.parametrize("signs", ["ab ", "ż隧", "😀x", '"\\', "\n\t", " ", "\u2028"])
@pytest.mark.parametrize("room", [60, 500])
def test_a_text_is_cut_in_its_middle_to_what_fits(signs: str, room: int) -> None:
    whole = "first" + "".join(RANDOM.choices(signs, k=20_000)) + "last!"
    for text in (Text(whole), Text.ends(whole[:2_000], whole[-2_000:], len(whole) + 2 * END)):
        shown, cut = text.fitted(room)
        assert count_tokens(as_line({"": shown})) - count_tokens(as_line({"": ""})) <= room
        assert shown.startswith("first")
        assert shown.endswith("last!")
        said = re.search(r"\[… ([\d,]+) characters cut …\]", shown)
        assert said is not None
        assert int(said[1].replace(",", "")) == cut
        missing = text.unread + len(text.head) + len(text.tail) - (len(shown) - len(said[0]))
        assert cut == missing > 0


def test_what_fits_is_left_as_it_is() -> None:
    assert Text("It drops. " * 20).fitted(100) == ("It drops. " * 20, 0)
    assert Text("").fitted(10) == ("", 0)


@pytest.mark.parametrize("length", [5, END, END + 1, 2 * END - 1, 2 * END])
def test_both_ends_of_a_text_that_is_not_longer_are_all_of_it(length: int) -> None:
    whole = "".join(RANDOM.choices("abcdef", k=length))
    assert Text.of(whole) == Text(whole)
    assert Text.of(whole + "g" * END).unread == max(0, length - END)


def test_what_some_do_not_need_the_others_share() -> None:
    assert even_share([10, 20, 500, 500], 430) == 200
    assert even_share([10, 20], 430) == 400
    assert even_share([], 7) == 7

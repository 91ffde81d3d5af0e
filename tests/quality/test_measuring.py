"""What is measured is what a reader sees: texts on a page of our own, where each way to hide one is known."""

from __future__ import annotations

import pytest

from tests.quality.cases import load_cases
from tests.quality.measuring import OPEN_ALL, Shown, belongs_first, look, seen_at

CASE = next(case for case in load_cases() if case.expected["last_error"] and case.expected["affected"])

PAGE = """<!doctype html><meta name="viewport" content="width=device-width">
<style>
  body { margin: 0 } p { margin: 0; block-size: 20px } .far { margin-block-start: 1000px }
  .dots { inline-size: 100px; overflow: hidden; white-space: nowrap; text-overflow: ellipsis }
  .bar { position: fixed; inset: auto 0 0; block-size: 50px; background: white }
</style>
<p>Restarted   <b>the</b>
   <i>Spooler</i></p>
<p>12 people</p><p>and 112 printers</p>
<p>first half</p><p>second half</p>
<p class="dots">a long line that ends somewhere</p>
<details><summary>More</summary><p>folded away</p></details>
<p style="visibility: hidden">not for anybody</p>
<p style="position: absolute; top: 670px">behind the bar</p>
<p class="far">far below</p>
<p style="position: absolute; top: 1800px">farther still</p>
<div class="bar"></div>"""


@pytest.mark.browser
def test_what_a_reader_sees_is_told_from_what_is_hidden(browser) -> None:
    page = browser.new_page(viewport={"width": 800, "height": 700})
    page.set_content(PAGE)
    texts = ["restarted the spooler", "2 people", "12 PEOPLE", "half second", "a long", "ends somewhere", "folded away"]
    texts += ["not for anybody", "behind the bar", "far below", "farther still"]
    found = dict(zip(texts, look(page, texts), strict=True))
    page.close()
    assert [text for text, one in found.items() if one.first] == ["restarted the spooler", "12 PEOPLE", "a long"]
    within_two = [text for text, one in found.items() if one.second and not one.first]
    assert within_two == ["behind the bar", "far below"]
    assert found["behind the bar"].missed(1, 700) == "covered"
    assert found["farther still"].missed(2, 700).startswith("below the fold by 4")
    nowhere = {text: (one.why, one.opened) for text, one in found.items() if not one.anywhere}
    assert nowhere == {
        "2 people": ("not on page", False),
        "half second": ("not on page", False),
        "ends somewhere": ("cut off", False),
        "folded away": ("folded", True),
        "not for anybody": ("hidden", False),
    }


@pytest.mark.browser
def test_what_is_unfolded_is_seen(browser) -> None:
    page = browser.new_page(viewport={"width": 800, "height": 700})
    page.set_content(PAGE)
    page.evaluate(OPEN_ALL)
    assert [place["inView"] for place in seen_at(page, 0, ["folded away"])[0]] == [True]
    page.close()


def test_the_top_error_is_right_when_it_holds_what_is_expected() -> None:
    expected = CASE.expected["last_error"][0].text
    assert Shown(CASE, f"at 12:00  {expected.upper()} again", {}, []).is_error_right
    assert not Shown(CASE, "another", {}, []).is_error_right
    assert not Shown(CASE, None, {}, []).is_error_right


def test_where_no_error_is_recorded_none_is_right() -> None:
    case = next(case for case in load_cases() if not case.expected["last_error"])
    assert Shown(case, None, {}, []).is_error_right
    assert not Shown(case, "an error", {}, []).is_error_right


def test_a_line_is_expected_when_a_fact_is_in_it() -> None:
    fact = CASE.expected["affected"][0].text
    shown = Shown(CASE, None, {"affected": [f"I think {fact}, or so", "something else"]}, [])
    assert shown.unexpected("affected") == ["something else"]


def test_only_the_newest_steps_that_were_done_belong_on_the_first_screen() -> None:
    case = max(load_cases(), key=lambda case: len(case.steps))
    facts = case.expected["tried_failed"]
    early = [fact for fact in facts if not belongs_first(case, "tried_failed", fact)]
    assert early
    assert all(belongs_first(case, "affected", fact) for fact in early)

"""The fake reads conditions as the developer guide has them, and takes nothing else for one."""

from __future__ import annotations

import pytest

from tests.fakes.connectwise.conditions import compiled
from tests.fakes.connectwise.records import tickets
from tests.fakes.connectwise.refusals import Refused

VPN = tickets()[0]


@pytest.mark.parametrize(
    "text",
    [
        'summary contains "vpn"',
        "Summary Contains 'DROPS' AND ClosedFlag = False",
        'summary like "vpn*" and board/name="Help Desk"',
        'summary not contains "printer"',
        "board/id in (3, 2, 1) and board/id != 9",
        "requiredDate > [2026-11-23T00:00:00Z] and requiredDate <= [2026-12-01T16:00:00Z]",
        "(closedFlag=true or id>=5001) and parentTicketId=null",
        'closedFlag=true or summary="vpn drops" and id<5002',
        'summary contains "v_n" and summary contains "%"',
    ],
)
def test_what_holds_holds(text):
    assert compiled(text)(VPN)


@pytest.mark.parametrize(
    "text",
    [
        'summary contains "printer"',
        "closedFlag=true",
        'summary = "vpn"',
        "requiredDate < [2026-11-23T00:00:00Z]",
        'summary like "drops"',
        '(closedFlag=true or id=1) and summary="VPN drops"',
        'summary contains "[[]vpn]"',
    ],
)
def test_what_does_not_hold_does_not(text):
    assert not compiled(text)(VPN)


@pytest.mark.parametrize(
    "text",
    [
        "summary contains vpn",
        'summary contains "vpn',
        'summary contains "a\\"b"',
        'summary contains "a"b"',
        "summary ~ 'x'",
        "nosuch = 1",
        "board/nosuch = 1",
        "closedFlag = 'no'",
        "closedFlag = 0",
        "summary = 5",
        "id = 1 and",
        "id = 1 id = 2",
        "(id = 1",
        "id in 1",
        "requiredDate > 2026-11-23",
        "requiredDate > [2026-11-23]",
        "",
    ],
)
def test_what_is_no_condition_is_refused(text):
    with pytest.raises(Refused) as refused:
        compiled(text)(VPN)
    assert refused.value.status == 400

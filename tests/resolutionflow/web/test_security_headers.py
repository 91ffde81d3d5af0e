"""Headers that every answer carries: the content security policy, and against framing and sniffing."""

from __future__ import annotations

import pytest


@pytest.mark.parametrize("path", ["/login/", "/", "/nowhere/", "/healthz", "/api/v1/handoffs/", "/admin/"])
def test_every_answer_carries_the_headers(client, db, path):
    answer = client.get(path)
    policy = answer["Content-Security-Policy"]
    assert "script-src 'self'" in policy
    assert "style-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["X-Frame-Options"] == "DENY"
    assert answer["Referrer-Policy"] == "same-origin"

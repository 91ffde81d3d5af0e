"""/me.css tidies pushed cards for one person."""

from __future__ import annotations

from django.test import Client


def css(client: Client, user) -> str:
    client.force_login(user)
    response = client.get("/me.css")
    assert response["Content-Type"] == "text/css; charset=utf-8"
    assert "no-store" in response["Cache-Control"]
    assert "private" in response["Cache-Control"]
    return response.content.decode()


def test_no_claim_on_cards_that_came_from_me(client, ana):
    assert f'[data-sender="{ana.pk}"] .claim,[data-holder="{ana.pk}"] .claim,' in css(client, ana)


def test_for_you_and_for_my_teams(client, bo, network):
    found = css(client, bo)
    assert f'[data-target-user="{bo.pk}"] .for-you,[data-target-team="{network.pk}"] .for-you{{' in found


def test_no_claim_on_cards_kept_for_others(client, bo, lea, network):
    found = css(client, bo)
    assert f'.card:not([data-target-user=""]):not([data-target-user="{bo.pk}"]) .claim' in found
    assert f'.card:not([data-target-team=""]):not([data-target-team="{network.pk}"]) .claim' in found
    assert ".card:not" not in css(client, lea)


def test_viewers_see_no_claim_at_all(client, vic):
    assert ",.claim," in css(client, vic)


def test_it_is_nobodys_without_a_sign_in(client, db):
    assert client.get("/me.css").status_code == 302

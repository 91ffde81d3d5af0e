"""The README's pictures, taken from a running demo: `python -m tests.browser.pictures http://127.0.0.1:8000`."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
PICTURES = Path(__file__).parents[2] / "docs" / "pictures"


def take(site: str) -> None:
    """Bo's queue with its first card open beside it, and the pick-up screen of that."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 1440, "height": 900}, color_scheme="light", locale="en-GB")
        page.goto(f"{site}/login/?next=/queue/")
        page.get_by_label("Email").fill("bo@harbour.example")
        page.get_by_label("Password").fill("resolution-demo")
        page.get_by_role("button", name="Sign in").click()
        page.locator("#live-status:not([hidden])").wait_for()  # the scripts are there
        page.locator("#cards .item-title a").first.click()
        page.locator("#preview article").wait_for()
        save(page, "queue")
        page.locator("#preview").get_by_role("link", name="Open", exact=True).click()
        page.wait_for_url("**/handoffs/**")
        save(page, "pickup")
        browser.close()


def save(page: Page, name: str) -> None:
    page.locator("#live-status[data-state=live]").wait_for()
    page.mouse.move(0, 0)
    page.screenshot(path=PICTURES / f"{name}.png", animations="disabled")


if __name__ == "__main__":
    take(sys.argv[1].rstrip("/"))

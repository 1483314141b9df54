"""Pictures of the page, to be looked at: ``python -m benchmarks.screenshots [--fake] [--url URL]``.

Writes PNG files into ``screenshots/`` (not committed): desktop and phone, light and dark, Chinese
and English browsers, each state that a visitor meets, the programs' page and the admin corner. Takes the real assistant, or with ``--fake`` the tests' stand-in, whose
answers fill every section.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import sync_playwright

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "screenshots"
SIZES = {"desktop": (1280, 900), "phone": (390, 844)}
QUESTIONS = ("职工医保断缴两个月怎么补", "医保断缴后缴费年限会清零吗", "断缴怎么补", "写一首诗")


@contextmanager
def served(fake: bool) -> Iterator[tuple[str, str]]:
    """Address and admin password of a page that runs while the block does."""
    if fake:
        sys.path.insert(0, str(ROOT / "tests" / "page"))
        from page_kit import PASSWORD, serve  # the tests' own server

        with tempfile.TemporaryDirectory() as folder:
            server = serve(Path(folder))
            yield server.url, PASSWORD
            server.stop()
        return
    from benchmarks import load

    with load.server(None) as (url, _):
        yield url, load.PASSWORD


def shoot(page: Any, name: str) -> None:
    page.wait_for_timeout(400)  # until what fades in has come
    page.screenshot(path=FOLDER / f"{name}.png")


def visit(page: Any, url: str, name: str) -> None:
    """Every state, in the order in which a visitor meets them."""
    page.goto(url)
    page.wait_for_selector("html.ready", state="attached")
    shoot(page, f"{name}-1-welcome")
    for n, question in enumerate(QUESTIONS):
        page.fill("#inp textarea", question)
        page.press("#inp textarea", "Enter")
        page.locator(".turn").nth(n).locator(".actions").wait_for()
        shoot(page, f"{name}-2-answer-{n + 1}")
    page.screenshot(path=FOLDER / f"{name}-3-whole.png", full_page=True)
    page.locator(".turn").first.scroll_into_view_if_needed()
    page.locator(".turn .marks .cite").first.click()
    page.locator("#source mark").first.wait_for()
    shoot(page, f"{name}-4-source")
    page.keyboard.press("Escape")
    statute = page.locator(".law .cite").first
    if statute.count():
        statute.click()
        page.locator("#source mark").first.wait_for()
        shoot(page, f"{name}-5-statute")
        page.keyboard.press("Escape")
    page.locator("[data-do=down]").last.click()
    shoot(page, f"{name}-6-feedback")
    page.locator("[data-do=talks]").click()
    shoot(page, f"{name}-7-talks")
    page.keyboard.press("Escape")
    page.locator("[data-do=larger]").click()
    shoot(page, f"{name}-8-larger")
    page.emulate_media(media="print")
    page.screenshot(path=FOLDER / f"{name}-9-print.png", full_page=True)
    page.emulate_media(media="screen")
    page.locator("[data-do=larger]").click()


def visit_the_rest(page: Any, url: str, password: str, name: str) -> None:
    """The programs' page, and every tab of the admin corner."""
    page.goto(url + "api/docs")
    page.locator("section h2").nth(2).wait_for()
    page.screenshot(path=FOLDER / f"{name}-a-api.png", full_page=True)
    page.goto(url + "admin/")
    shoot(page, f"{name}-b-login")
    page.fill("#password", password)
    page.get_by_role("button", name="进入").click()
    page.locator("#upload").wait_for()
    for n, tab in enumerate(page.get_by_role("tab").all()):
        tab.click()
        shoot(page, f"{name}-c-admin-{n + 1}")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--fake", action="store_true", help="the tests' stand-in assistant")
    parser.add_argument("--url", help="a page that already runs")
    chosen = parser.parse_args()
    FOLDER.mkdir(exist_ok=True)

    def all_of(url: str, password: str) -> None:
        with sync_playwright() as play:
            browser = play.chromium.launch(
                executable_path="/usr/bin/chromium", args=["--no-sandbox", "--disable-gpu"]
            )
            for size, (width, height) in SIZES.items():
                for scheme, locale in (("light", "zh-CN"), ("dark", "en-US")):
                    context = browser.new_context(
                        viewport={"width": width, "height": height}, color_scheme=scheme,
                        locale=locale,
                    )  # fmt: skip
                    page = context.new_page()
                    visit(page, url, f"{size}-{scheme}")
                    if password:
                        visit_the_rest(page, url, password, f"{size}-{scheme}")
                    context.close()
            browser.close()

    if chosen.url:
        all_of(chosen.url, "")
    else:
        with served(chosen.fake) as where:
            all_of(*where)
    print(FOLDER)
    return 0


if __name__ == "__main__":
    sys.exit(main())

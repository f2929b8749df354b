"""The rendered report under axe-core, the rules that browsers' developer tools check."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe

from .test_report import browser, needs_chromium  # noqa: F401  # a fixture

pytestmark = [pytest.mark.extended, needs_chromium]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 390])
def test_the_page_violates_no_rule(finished, browser, width, scheme):  # noqa: F811
    page = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)
    page.goto(finished[0].project.rendered[0].as_uri())
    page.evaluate("for (const closed of document.querySelectorAll('details')) closed.open = true")
    results = Axe().run(page)
    assert results.violations_count == 0, results.generate_report()
    assert len(results.response["passes"]) > 20  # it did look
    page.close()


def test_a_page_with_faults_is_found_out(browser, tmp_path):  # noqa: F811
    faulty = tmp_path / "faulty.html"
    faulty.write_text("<p style='color:#aaa;background:#fff'>pale<img src='data:,'>", encoding="utf-8")
    page = browser.new_page()
    page.goto(faulty.as_uri())
    found = {violation["id"] for violation in Axe().run(page).response["violations"]}
    assert {"color-contrast", "document-title", "html-has-lang", "image-alt"} <= found
    page.close()

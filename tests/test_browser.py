"""The report in a real browser: quiet, offline, readable by keyboard and by a screen reader."""

import base64
import importlib.util
import io
import json
import os
import shutil
from pathlib import Path

import pytest
from pypdf import PdfReader
from selenium import webdriver
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

PAGES = {"fr": "index.html", "en": "index.en.html"}
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa"]
# Nothing of Chromium's own may call home, and each session has a profile of its own.
OPTIONS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
]


@pytest.fixture(scope="session")
def programs():
    """Find Chromium and its driver; without them the tests are skipped, but not in CI."""
    found = [
        next(filter(None, map(shutil.which, names)), None)
        for names in (("chromium", "chromium-browser", "google-chrome"), ("chromedriver",))
    ]
    if not all(found):
        reason = "no chromium and chromedriver here (Debian: apt install chromium-driver)"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    return found


@pytest.fixture(scope="module")
def browser(programs, tmp_path_factory):
    options = webdriver.ChromeOptions()
    options.binary_location = programs[0]
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    for option in [*OPTIONS, f"--user-data-dir={tmp_path_factory.mktemp('profile')}"]:
        options.add_argument(option)
    driver = webdriver.Chrome(options=options, service=webdriver.ChromeService(programs[1]))
    yield driver
    driver.quit()


@pytest.fixture(params=PAGES)
def lang(request):
    return request.param


def show(browser, built, lang, width=1280, dark=False, scripts=True):
    browser.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": not scripts})
    screen = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": width < 500}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", screen)
    scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [scheme]})
    page = built / "report" / PAGES[lang]
    assert page.is_file()
    browser.get(page.as_uri())


def test_nothing_is_logged_and_nothing_beyond_the_folder_is_asked_for(browser, built, lang):
    show(browser, built, lang)
    assert browser.get_log("browser") == []
    messages = [json.loads(entry["message"])["message"] for entry in browser.get_log("performance")]
    home = (built / "report").as_uri()
    asked = [
        message["params"]["request"]["url"]
        for message in messages
        if message["method"] == "Network.requestWillBeSent"
        and message["params"]["documentURL"].startswith(home)  # not the browser's own first page
    ]
    assert len(asked) > 3
    assert [url for url in asked if not url.startswith((home, "data:"))] == []


def test_every_picture_is_shown_and_has_words(browser, built, lang):
    show(browser, built, lang)
    pictures = browser.execute_script(
        "return [...document.images].map(i => [i.getAttribute('src'), i.naturalWidth, i.alt])"
    )
    assert pictures
    for source, width, alt in pictures:
        assert width > 0, source
        assert len(alt) > 10, source
        assert source.startswith(f"figures/{lang}/")


def test_language_is_declared_and_the_twin_is_one_step_away(browser, built, lang):
    other = next(name for name in PAGES if name != lang)
    show(browser, built, lang)
    assert browser.find_element(By.TAG_NAME, "html").get_attribute("lang") == lang
    link = browser.find_element(By.CSS_SELECTOR, f"a[hreflang={other}]")
    assert link.get_attribute("lang") == other
    link.click()
    assert browser.find_element(By.TAG_NAME, "html").get_attribute("lang") == other


@pytest.mark.parametrize("width", [320, 360, 768, 1280])
def test_page_never_scrolls_sideways(browser, built, lang, width):
    show(browser, built, lang, width)
    wide = browser.execute_script(
        "return [...document.querySelectorAll('body *')]"
        ".filter(e => !e.closest('.table-scroll, pre') && !e.closest('.skip')"
        " && e.getBoundingClientRect().right > innerWidth + 1)"
        ".map(e => e.tagName + '.' + e.className)"
    )
    assert wide == []
    assert browser.execute_script("return document.documentElement.scrollWidth") <= width


def test_keyboard_goes_from_the_skip_link_through_the_contents_to_the_text(browser, built, lang):
    show(browser, built, lang)
    keyboard = webdriver.ActionChains(browser)
    order = []
    contents = len(browser.find_elements(By.CSS_SELECTOR, ".contents a"))
    for _ in range(contents + 3):
        keyboard.send_keys(Keys.TAB).perform()
        focused = browser.switch_to.active_element
        order.append((focused.get_attribute("class"), focused.get_dom_attribute("href")))
        outline = focused.value_of_css_property("outline-style")
        assert outline != "none", order[-1]
    assert order[0] == ("skip", "#content")
    assert order[1][1] == next(PAGES[name] for name in PAGES if name != lang)
    assert [href for _, href in order[2 : contents + 2]] == [
        link.get_dom_attribute("href")
        for link in browser.find_elements(By.CSS_SELECTOR, ".contents a")
    ]
    assert order[contents + 2][1].startswith("#")


def test_skip_link_leads_to_the_text(browser, built, lang):
    show(browser, built, lang)
    webdriver.ActionChains(browser).send_keys(Keys.TAB).perform()
    skip = browser.switch_to.active_element
    assert skip.rect["x"] >= 0  # seen once it has the focus
    skip.send_keys(Keys.ENTER)
    assert browser.switch_to.active_element.get_attribute("id") == "content"


def column(table, place):
    return [
        row.find_elements(By.CSS_SELECTOR, "td")[place].text
        for row in table.find_elements(By.CSS_SELECTOR, "tbody tr")
    ]


def test_tables_are_sorted_up_and_down_and_say_so(browser, built, lang):
    show(browser, built, lang)
    tables = browser.find_elements(By.CSS_SELECTOR, "table.data")
    assert tables
    head = tables[0].find_elements(By.CSS_SELECTOR, "thead th")[0]
    before = column(tables[0], 0)
    head.find_element(By.TAG_NAME, "button").send_keys(Keys.ENTER)
    assert head.get_attribute("aria-sort") == "ascending"
    up = column(tables[0], 0)
    assert sorted(up) == sorted(before)
    head.find_element(By.TAG_NAME, "button").send_keys(Keys.SPACE)
    assert head.get_attribute("aria-sort") == "descending"
    down = column(tables[0], 0)
    assert list(dict.fromkeys(down)) == list(dict.fromkeys(reversed(up)))


def test_a_copied_table_has_a_line_a_row_and_a_tab_between_cells(browser, built, lang):
    show(browser, built, lang)
    copied = browser.execute_script(
        "let text; document.execCommand = () => "
        "{ text = document.activeElement.value; return true };"
        "document.querySelector('.table-tools button').click(); return text"
    )
    table = browser.find_element(By.CSS_SELECTOR, "table.data")
    lines = copied.split("\n")
    assert len(lines) == len(table.find_elements(By.TAG_NAME, "tr"))
    columns = len(table.find_elements(By.CSS_SELECTOR, "thead th"))
    assert {line.count("\t") for line in lines} == {columns - 1}
    assert "↕" not in copied
    status = browser.find_element(By.CSS_SELECTOR, ".table-tools [role=status]").text
    assert status == {"fr": "Copié", "en": "Copied"}[lang]


def test_a_copied_link_keeps_its_words_and_gives_its_address(browser, built, lang):
    show(browser, built, lang)
    copied, words, address = browser.execute_script(
        "let text; document.execCommand = () => "
        "{ text = document.activeElement.value; return true };"
        "const link = document.querySelector('table.data tbody a');"
        "link.closest('.table-scroll').nextElementSibling.querySelector('button').click();"
        "return [text, link.textContent, link.href]"
    )
    assert words != address
    assert f"{words} ({address})" in copied


def test_tables_scroll_in_a_frame_that_the_keyboard_reaches_and_has_a_name(browser, built, lang):
    show(browser, built, lang)
    for frame in browser.find_elements(By.CSS_SELECTOR, ".table-scroll"):
        assert frame.get_attribute("tabindex") == "0"
        assert frame.get_attribute("aria-label")


def test_page_reads_without_any_script(browser, built, lang):
    show(browser, built, lang, scripts=False)
    text = browser.find_element(By.TAG_NAME, "main").text
    assert len(text) > 500
    assert browser.find_elements(By.CSS_SELECTOR, "table.data tbody tr")
    assert not browser.find_elements(By.TAG_NAME, "button")


def test_dark_page_is_dark_and_figures_keep_a_light_card(browser, built, lang):
    def background(selector):
        return browser.execute_script(
            "return getComputedStyle(document.querySelector(arguments[0])).backgroundColor",
            selector,
        )

    show(browser, built, lang)
    light = background("body")
    show(browser, built, lang, dark=True)
    assert background("body") != light
    assert background("figure .zoom") == "rgb(255, 255, 255)"


def test_print_has_the_expected_pages_and_text_that_can_be_selected(browser, built, lang):
    show(browser, built, lang)
    printed = base64.b64decode(browser.print_page())
    reader = PdfReader(io.BytesIO(printed))
    sections = len(browser.find_elements(By.CSS_SELECTOR, "main > section"))
    assert sections <= len(reader.pages) <= 12 * sections
    text = "".join(page.extract_text() for page in reader.pages)
    title = browser.find_element(By.TAG_NAME, "h1").text
    assert "".join(title.split()) in "".join(text.split())
    assert not [page for page in reader.pages if not page.extract_text().strip()]


def axe_source():
    """Give the rules of the axe-core that the package carries; the package is not imported."""
    package = importlib.util.find_spec("axe_playwright_python")
    assert package
    return Path(package.submodule_search_locations[0], "axe.min.js").read_text("utf-8")


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
def test_no_rule_of_wcag_22_a_and_aa_is_broken(browser, built, lang, width, dark):
    show(browser, built, lang, width, dark)
    browser.execute_script(axe_source())
    known = browser.execute_script("return axe.getRules(['wcag22aa']).length")
    assert known, "this axe-core is too old for WCAG 2.2"
    browser.set_script_timeout(120)
    result = browser.execute_async_script(
        "const done = arguments[arguments.length - 1];"
        "axe.run({runOnly: arguments[0]}).then(done, error => done({error: String(error)}))",
        RULES,
    )
    assert "error" not in result, result
    broken = [
        (rule["id"], node["target"], node["failureSummary"])
        for rule in result["violations"]
        for node in rule["nodes"][:3]
    ]
    assert broken == []
    assert len(result["passes"]) > 10

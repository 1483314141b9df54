"""长者模式 as the norm asks, reading aloud, and a browser that keeps nothing."""

from __future__ import annotations

from typing import Any

import pytest
from page_kit import DESKTOP, PHONE, Visit, ask
from test_page_access import violations

pytestmark = pytest.mark.browser
QUESTION = "沈阳职工医保断缴两个月怎么补"
SMALL = """() => {
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const found = [];
  while (walk.nextNode()) {
    const parent = walk.currentNode.parentElement;
    const shown = walk.currentNode.textContent.trim() && !parent.closest("script, style")
      && parent.checkVisibility({ visibilityProperty: true, opacityProperty: true });
    if (shown && parseFloat(getComputedStyle(parent).fontSize) < 24)
      found.push(walk.currentNode.textContent.trim());
  }
  return found;
}"""
NARROW = """() => [...document.querySelectorAll(
    "button, a, summary, textarea, label:has(input), [role=option]")]
  .filter((e) => e.checkVisibility({ visibilityProperty: true }) && !e.closest("[inert]"))
  .filter((e) => { const box = e.getBoundingClientRect(); return box.width < 44 || box.height < 44; })
  .map((e) => e.outerHTML.slice(0, 160))"""


def fits(page: Any) -> None:
    """18 pt are 24 pixels; nothing to be pressed is below 44; nothing lies beyond the edge."""
    assert page.evaluate(SMALL) == []
    assert page.evaluate(NARROW) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def elder(page: Any) -> None:
    page.get_by_role("button", name="长者模式").click()
    assert page.evaluate("document.documentElement.dataset.mode") == "elder"


@pytest.mark.parametrize(("size", "scheme"), [(DESKTOP, "dark"), (PHONE, "light")])
def test_the_norm_holds_everywhere(visit: Visit, size: tuple[int, int], scheme: str) -> None:
    page = visit(size=size, scheme=scheme)
    elder(page)
    fits(page)
    lefts = [box.bounding_box()["x"] for box in page.locator(".subject").all()]
    assert len(set(lefts)) == 1, "one column"
    page.locator("#inp textarea").press_sequentially("断缴")
    page.locator("#suggestions li").first.wait_for()
    fits(page)
    assert violations(visit, page) == []
    turn = ask(page, QUESTION)
    turn.locator(".sources summary").click()
    turn.locator("[data-do=down]").click()
    fits(page)
    assert violations(visit, page) == []
    turn.locator(".summary .cite").first.click()
    page.locator("#source mark").first.wait_for()
    assert page.locator("#source").bounding_box()["width"] == size[0], "no second column"
    fits(page)
    assert violations(visit, page) == []
    page.keyboard.press("Escape")
    turn.locator("[data-do=person]").click()
    page.locator("#person .slip").wait_for()
    fits(page)
    assert violations(visit, page) == []
    page.keyboard.press("Escape")
    page.get_by_role("button", name="对话记录").click()
    fits(page)
    assert violations(visit, page) == []


def test_the_narrowest_telephone(visit: Visit) -> None:
    page = visit(size=(320, 640))
    elder(page)
    ask(page, QUESTION)
    fits(page)


def test_it_is_remembered_and_left_again(visit: Visit) -> None:
    page = visit()
    elder(page)
    visit.reload(page)
    button = page.get_by_role("button", name="长者模式")
    assert page.evaluate("document.documentElement.dataset.mode") == "elder"
    assert button.get_attribute("aria-pressed") == "true"
    button.click()
    assert page.evaluate("document.documentElement.dataset.mode") is None
    assert button.get_attribute("aria-pressed") == "false"


def test_nothing_passes_by_itself(visit: Visit) -> None:
    """A message stays until the reader does something; a clock that runs fast shows it."""
    page = visit(script="const later = window.setTimeout; "
                 "window.setTimeout = (f, t, ...a) => later(f, t === 4000 ? 0 : t, ...a);")  # fmt: skip
    page.get_by_role("button", name="大字").click()
    turn = ask(page, QUESTION)
    turn.locator("[data-do=copy]").click()
    page.locator("#say.shown").wait_for(state="hidden")
    elder(page)
    turn.locator("[data-do=copy]").click()
    page.locator("#say.shown", has_text="已复制").wait_for()
    page.wait_for_timeout(200)
    assert page.locator("#say").inner_text() == "已复制，附出处"
    page.locator("body").click(position={"x": 2, "y": 2})
    assert page.locator("#say.shown").count() == 0


# --- reading aloud -------------------------------------------------------------------------------

VOICES = """
class Utterance { constructor(text) { this.text = text; } }
const voices = [
  { lang: "en-US", localService: true, name: "en" },
  { lang: "zh-CN", localService: false, name: "network" },
  { lang: "zh-TW", localService: true, name: "other" },
  { lang: "zh-CN", localService: true, name: "ours" },
];
const speech = Object.assign(new EventTarget(), {
  known: voices, said: [], cancelled: 0,
  getVoices() { return this.known; },
  speak(utterance) { this.said.push(utterance); },
  cancel() { this.cancelled += 1; },
});
for (const [name, value] of [["speechSynthesis", speech], ["SpeechSynthesisUtterance", Utterance]])
  Object.defineProperty(window, name, { value, configurable: true });
"""
SAID = "speechSynthesis.said.map(u => u.text)"
END = "speechSynthesis.said.at(-1).onend()"


def test_an_answer_is_read_block_by_block(visit: Visit) -> None:
    page = visit(script=VOICES)
    turn = ask(page, QUESTION)
    button, anew = turn.locator("[data-do=read]"), turn.locator("[data-do=anew]")
    assert (button.inner_text(), anew.is_visible()) == ("朗读", False)
    button.click()
    assert page.evaluate(SAID) == ["简要回答"]
    assert page.evaluate("speechSynthesis.said[0].voice.name") == "ours"
    assert page.locator(".spoken").inner_text() == "简要回答"
    page.evaluate(END)
    assert page.evaluate(SAID)[1:] == ["中断不满三个月的，可以补缴，补缴后不设等待期。"]
    assert "中断不满三个月的" in page.locator(".spoken").inner_text()
    # stopped, and gone on with the same sentence
    assert button.inner_text() == "停止朗读"
    button.click()
    assert page.locator(".spoken").count() == 0
    page.evaluate("speechSynthesis.said.at(-1).onend()")  # a cancelled one ends as well
    assert len(page.evaluate(SAID)) == 2
    assert (button.inner_text(), anew.is_visible()) == ("接着读", True)
    button.click()
    assert page.evaluate(SAID)[2:] == ["中断不满三个月的，可以补缴，补缴后不设等待期。"]
    button.click()
    anew.click()
    assert page.evaluate(SAID)[3:] == ["简要回答"]


def test_what_is_read_is_the_answer_to_its_end(visit: Visit) -> None:
    page = visit(script=VOICES)
    turn = ask(page, QUESTION)
    button = turn.locator("[data-do=read]")
    button.click()
    for _ in range(100):
        if button.inner_text() != "停止朗读":
            break
        page.evaluate(END)
    assert button.inner_text() == "朗读"
    said = page.evaluate(SAID)
    whole = "\n".join(said)
    assert "打开支付宝" in whole
    assert "1 2 3 9 3" in whole
    assert "[1]" not in whole
    assert "要等多久" not in whole, "buttons are not read"
    assert "参考来源" not in whole
    assert len(said) == len(set(said)), "nothing is read twice"
    assert max(map(len, said)) <= 120


def test_a_voice_that_fails_says_so(visit: Visit) -> None:
    page = visit(script=VOICES)
    turn = ask(page, QUESTION)
    turn.locator("[data-do=read]").click()
    page.evaluate("speechSynthesis.said[0].onerror()")
    page.get_by_text("朗读没有成功").wait_for()
    assert turn.locator("[data-do=read]").inner_text() == "朗读"


def test_a_new_talk_is_quiet(visit: Visit) -> None:
    page = visit(script=VOICES)
    ask(page, QUESTION).locator("[data-do=read]").click()
    page.get_by_role("button", name="新对话").click()
    assert page.evaluate("speechSynthesis.cancelled") == 1


def test_no_voice_of_the_machine_no_button(visit: Visit) -> None:
    """A voice of the network would send the answer elsewhere. One that becomes known brings the
    button."""
    page = visit(script=VOICES + "speech.known = voices.slice(0, 2);")
    button = ask(page, QUESTION).locator("[data-do=read]")
    assert button.is_hidden()
    page.evaluate("speechSynthesis.known = speechSynthesis.getVoices().concat("
                  "{lang: 'zh_CN', localService: true, name: 'late'});"
                  "speechSynthesis.dispatchEvent(new Event('voiceschanged'))")  # fmt: skip
    assert button.is_visible()


def test_no_speech_no_button(visit: Visit) -> None:
    page = visit(script="delete window.speechSynthesis; delete Window.prototype.speechSynthesis;"
                 "Object.defineProperty(window, 'speechSynthesis', {value: undefined})")  # fmt: skip
    assert ask(page, QUESTION).locator("[data-do=read]").count() == 0


# --- a browser that keeps nothing ----------------------------------------------------------------

FORBIDDEN = """
for (const area of ["localStorage", "sessionStorage"])
  Object.defineProperty(window, area, {
    get() { throw new DOMException("forbidden", "SecurityError"); },
  });
"""


def test_without_storage_all_works_until_the_page_is_left(visit: Visit) -> None:
    page = visit(script=FORBIDDEN)
    elder(page)
    fits(page)
    page.get_by_role("button", name="深色").click()
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"
    ask(page, QUESTION)
    turn = ask(page, "要等多久")
    assert turn.locator(".resolved").inner_text() == f"理解为：{QUESTION}，要等多久"
    page.get_by_role("button", name="对话记录").click()
    assert page.locator(".talk span").inner_text() == QUESTION
    page.keyboard.press("Escape")
    turn.locator("[data-do=person]").click()
    page.locator("#person .slip").wait_for()
    page.keyboard.press("Escape")
    page.get_by_role("button", name="新对话").click()
    page.locator(".welcome").wait_for()

/* Questions that can be answered, offered while one is typed: a list above the input, walked with the
   arrow keys. Nothing is offered while characters are being composed, and nothing with a long number
   in it leaves the page: it may be an identity card's. */
"use strict";

(() => {
  const { $, $$, make, post, W, added, busy } = yibao.kit;
  const LONGEST = 60;
  const LEAST = 2;
  const PAUSE = 200; // milliseconds without a key: whoever types on wants no list yet
  let box = null;
  let list = null;
  let told = null;
  let active = -1;
  let round = 0; // an answer that comes after a later question is not shown
  let timer;

  const options = () => $$('[role="option"]', list);
  const shown = () => Boolean(list) && !list.hidden;

  function typed() {
    const text = box.value.trim();
    const fits = text.length >= LEAST && text.length <= LONGEST;
    return fits && !/\n|\d{6}/.test(text) && !busy() ? text : "";
  }

  async function look() {
    const text = typed();
    const mine = ++round;
    if (!text) return close();
    const got = await post("/page/suggest", { text }).catch(() => ({ suggestions: [] }));
    if (mine !== round || typed() !== text || document.activeElement !== box) return;
    show(got.suggestions.filter((question) => question !== text));
  }

  function show(questions) {
    active = -1;
    box.removeAttribute("aria-activedescendant");
    list.replaceChildren(
      ...questions.map((question, n) => {
        const option = make("li", { id: `suggestion-${n}` }, question);
        option.setAttribute("role", "option");
        option.setAttribute("aria-selected", "false");
        return option;
      }),
    );
    list.hidden = !questions.length;
    told.textContent = shown() ? W.suggested.replace("{}", questions.length) : "";
  }

  function close() {
    clearTimeout(timer);
    round += 1;
    if (!shown()) return false;
    show([]);
    return true;
  }

  function move(by) {
    const all = options();
    active = ((active + 1 + by + all.length + 1) % (all.length + 1)) - 1; // -1: what was typed
    all.forEach((option, n) => option.setAttribute("aria-selected", String(n === active)));
    const chosen = all[active];
    if (chosen) box.setAttribute("aria-activedescendant", chosen.id);
    else box.removeAttribute("aria-activedescendant");
    chosen?.scrollIntoView({ block: "nearest" });
  }

  function take(option) {
    const question = option.textContent;
    close();
    yibao.ask(question);
  }

  function pressed(event) {
    if (event.target !== box || event.isComposing) return;
    if (event.key === "Enter" && !(shown() && active >= 0)) return void close();
    if (!shown()) return;
    if (event.key === "Tab") return void close();
    const steps = { ArrowDown: 1, ArrowUp: -1 };
    if (event.key in steps) move(steps[event.key]);
    else if (event.key === "Enter") take(options()[active]);
    else if (event.key === "Escape") close();
    else return;
    event.preventDefault();
    event.stopPropagation(); // Gradio would send what was typed
  }

  // Gradio makes the input after the conversation
  function start() {
    if ($("#inp textarea")) return begin($("#inp textarea"));
    new MutationObserver((_, observer) => {
      if (!$("#inp textarea")) return;
      observer.disconnect();
      begin($("#inp textarea"));
    }).observe(document.body, { childList: true, subtree: true });
  }

  function begin(input) {
    box = input;
    list = make("ul", { id: "suggestions", hidden: true });
    list.setAttribute("role", "listbox");
    list.setAttribute("aria-label", W.suggestions);
    told = make("p", { className: "offscreen" });
    told.setAttribute("role", "status");
    $("#inp").append(list, told);
    box.autocomplete = "off";
    // HTML leaves a textarea the role that it has, a textbox, which knows all of a combobox but whether
    // its list is open: that is said aloud
    for (const [name, value] of [
      ["aria-autocomplete", "list"],
      ["aria-haspopup", "listbox"],
      ["aria-controls", list.id],
    ])
      box.setAttribute(name, value);
    box.addEventListener("input", (event) => {
      clearTimeout(timer);
      if (!event.isComposing) timer = setTimeout(look, PAUSE);
    });
    box.addEventListener("compositionend", () => (timer = setTimeout(look, PAUSE)));
    box.addEventListener("blur", close);
    document.addEventListener("keydown", pressed, true);
    // a press would take the focus away, and with it the list, before it counts as a click
    list.addEventListener("pointerdown", (event) => event.preventDefault());
    list.addEventListener("click", (event) => {
      const option = event.target.closest('[role="option"]');
      if (option) take(option);
    });
  }

  added.started.push(start);
  added.left.push(close);
})();

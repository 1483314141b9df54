/* 转人工: a panel with whom to call, where to go and a slip for the counter, which is printed or kept
   as a Word file. What stands in it was escaped on the server. */
"use strict";

(() => {
  const { $, $$, make, say, post, about, W, actions, added, cover, log } = yibao.kit;
  const root = document.documentElement;
  let sheet = null;
  let from = null;
  let wanted = {}; // {turn}: which turn the panel is about

  function panel() {
    const title = make("h2", { tabIndex: -1 }, W.person);
    const away = make("button", { type: "button", className: "tool" }, W.close);
    away.addEventListener("click", close);
    const body = make("div", { className: "panel-body", tabIndex: 0 });
    body.setAttribute("role", "region");
    body.setAttribute("aria-label", W.person);
    sheet = make("div", { id: "person", className: "sheet", hidden: true });
    sheet.setAttribute("role", "dialog");
    sheet.setAttribute("aria-modal", "true");
    sheet.setAttribute("aria-label", W.person);
    sheet.append(make("div", { className: "panel-head" }, title, away), body);
    document.body.append(sheet);
  }

  const shown = () => (sheet && !sheet.hidden ? sheet : null);

  async function open(element, button) {
    const answered = $$(".turn[data-turn]:not([data-turn=''])", log());
    const turn = element?.dataset.turn || answered.at(-1)?.dataset.turn || "";
    wanted = { turn };
    let got;
    try {
      got = await (turn ? about("/page/person", wanted) : post("/page/person", {}));
    } catch (error) {
      say(error.message);
      return;
    }
    if (!sheet) panel();
    from = button;
    $(".panel-body", sheet).innerHTML = got.html;
    sheet.hidden = false;
    cover(true);
    $("h2", sheet).focus();
  }

  function close() {
    if (!shown()) return false;
    sheet.hidden = true;
    cover(false);
    if (from?.isConnected) from.focus({ preventScroll: true });
    return true;
  }

  function print_() {
    root.classList.add("print-slip");
    window.print();
    root.classList.remove("print-slip");
  }

  async function save() {
    try {
      const file = await about("/page/slip", wanted, (answer) => answer.blob());
      const address = URL.createObjectURL(file);
      const link = make("a", { href: address, download: `${W.slip}.docx` });
      link.click();
      setTimeout(() => URL.revokeObjectURL(address), 60_000); // the browser has read it by then
    } catch (error) {
      say(error.message);
    }
  }

  actions.person = open;
  actions["print-slip"] = print_;
  actions["word-slip"] = save;
  added.layers.push({ shown, close });
  added.left.push(close);
})();

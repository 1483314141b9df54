/* The page's own script: shows frames as they come, opens sources, keeps talks in this browser.

   What arrives as HTML was escaped on the server; what a person typed is set as text only.
   The browser keeps questions, never answers: those always come from the server. */
"use strict";

const yibao = (() => {
  const W = window.yibaoWords;
  const $ = (selector, root = document) => root.querySelector(selector);
  const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];
  // the page's address, with the path below which it lies; this script is <root>/page/page.js
  const ROOT = new URL("..", document.currentScript.src).href.slice(0, -1);
  const MOST_TALKS = 30;
  const LONGEST = 1000;

  let trigger = () => {};
  let talk = { id: "", said: [] }; // said: [[question, [dropped, …]], …]
  let pending = null; // {question, dropped, again, ticket, element}
  let open = null; // {turn, key, from}: the source on view
  let boot = "";
  // what the scripts beside this one add: buttons under an answer, layers over the page, what is to
  // be done when the page is dressed, when it has started, and when it is left for a new talk
  const added = { tools: [], layers: [], dressed: [], started: [], left: [] };

  // --- small helpers ---------------------------------------------------------------------------

  function make(tag, properties = {}, ...children) {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(properties)) {
      if (name in element) element[name] = value;
      else element.setAttribute(name, value);
    }
    element.append(...children);
    return element;
  }

  let quiet;
  // 长者模式 has no time limits: what is said stays until the reader does something
  const patient = () => document.documentElement.dataset.mode === "elder";
  function say(text, stays = patient()) {
    const place = $("#say");
    if (!place) return;
    place.textContent = text;
    place.classList.toggle("shown", Boolean(text));
    clearTimeout(quiet);
    if (text && !stays) quiet = setTimeout(() => say(""), 4000);
  }

  async function post(path, body, read = (answer) => answer.json()) {
    const answer = await fetch(ROOT + path, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
    });
    if (!answer.ok) {
      const told = await answer.json().catch(() => ({}));
      const error = new Error(typeof told.detail === "string" ? told.detail : W.failed);
      error.status = answer.status;
      throw error;
    }
    return read(answer);
  }

  // A browser may forbid both storages or have them full: what cannot be kept there lasts as long
  // as the page is open.
  const memory = { localStorage: new Map(), sessionStorage: new Map() };
  function read(where, name) {
    if (memory[where].has(name)) return memory[where].get(name);
    try {
      return window[where].getItem(name);
    } catch {
      return null;
    }
  }
  function write(where, name, text) {
    try {
      window[where].setItem(name, text);
      memory[where].delete(name);
    } catch {
      memory[where].set(name, text);
    }
  }
  function empty(where) {
    memory[where].clear();
    try {
      window[where].clear();
    } catch {
      /* forbidden: nothing lies there */
    }
  }
  function stored(name, fallback) {
    try {
      return JSON.parse(read("localStorage", name)) ?? fallback;
    } catch {
      return fallback;
    }
  }
  const store = (name, value) => write("localStorage", name, JSON.stringify(value));
  const tab = (name) => read("sessionStorage", name) || "";
  const keepInTab = (name, text) => write("sessionStorage", name, text);

  // --- theme and type --------------------------------------------------------------------------

  const wantsDark = matchMedia("(prefers-color-scheme: dark)");
  function dark() {
    const chosen = stored("yibao.theme", "");
    return chosen ? chosen === "dark" : wantsDark.matches;
  }
  function dress() {
    const root = document.documentElement;
    root.dataset.theme = dark() ? "dark" : "light";
    root.dataset.type = stored("yibao.type", "normal");
    if (document.body) document.body.classList.toggle("dark", dark());
    const button = $('[data-do="theme"]');
    if (button) button.textContent = dark() ? W.light : W.dark;
    const larger = $('[data-do="larger"]');
    if (larger) larger.setAttribute("aria-pressed", String(root.dataset.type === "large"));
    added.dressed.forEach((dress) => dress());
  }
  dress();
  wantsDark.addEventListener("change", dress);

  // --- turns -----------------------------------------------------------------------------------

  const log = () => $("#bot .log");
  // an answer is read from its question down, so that is what comes to the top
  const toTop = (element) => 
    scrollTo({ top: element.getBoundingClientRect().top + scrollY - covered() - 16 });
  const covered = () =>
    getComputedStyle($(".bar")).position === "fixed" ? $(".bar").offsetHeight : 0;

  function newTurn(question) {
    const bot = make("div", { className: "answer" });
    bot.dataset.testid = "bot";
    const asked = make("h2", { className: "asked" }, question);
    asked.dataset.testid = "user";
    const element = make("article", { className: "turn" }, asked, bot);
    log().append(element);
    $("#bot .welcome").hidden = true;
    return element;
  }

  function add(element, blocks) {
    const bot = $(".answer", element);
    for (const html of blocks.slice(bot.children.length)) bot.insertAdjacentHTML("beforeend", html);
  }

  function note(element, text) {
    let line = $(":scope > .waiting", element);
    if (!text) return line?.remove();
    if (!line) element.append((line = make("p", { className: "waiting" })));
    line.textContent = text;
  }

  function finish(element, turn) {
    element.dataset.turn = turn;
    note(element, "");
    $(":scope > .actions", element)?.remove();
    if (!turn) return;
    const tool = (what, label, extra = {}) => {
      const button = make("button", { type: "button", className: "tool", ...extra }, label);
      button.dataset.do = what;
      return button;
    };
    element.append(
      make(
        "div",
        { className: "actions" },
        tool("up", W.up, { ariaPressed: "false" }),
        tool("down", W.down, { ariaPressed: "false" }),
        tool("copy", W.copy),
        tool("retry", W.retry),
        tool("share", W.share),
        tool("print", W.print),
        tool("person", W.person),
        ...added.tools.map((make) => make(element, tool)),
      ),
    );
    latest();
  }

  // only the last answer can be asked anew, answered with a button or stripped of a chip
  function latest() {
    const turns = $$(".turn", log());
    turns.forEach((element, place) => {
      const last = place === turns.length - 1;
      element.classList.toggle("last", last);
      for (const chip of $$(".chip", element)) chip.disabled = !last;
    });
  }

  // --- asking ----------------------------------------------------------------------------------

  function ask(question, { dropped = [], again = false } = {}) {
    if (pending) return;
    pending = { question, dropped, again };
    trigger("ask", {});
  }

  // runs just before Gradio sends a question: what goes along with it
  function envelope(typed) {
    typed = typed.slice(0, LONGEST); // the server says that it is too long, and need not be sent more
    const wish = pending && !pending.ticket ? pending : { question: typed, dropped: [], again: false };
    const ticket = Math.random().toString(36).slice(2);
    if (!wish.question.trim() || pending?.ticket) {
      return [typed, JSON.stringify({ ticket })];
    }
    const turns = $$(".turn", log());
    const replaces = (wish.again && turns.at(-1)?.dataset.turn) || "";
    if (wish.again && turns.length) turns.at(-1).remove();
    const shown = wish.question.trim();
    const element = newTurn(shown.length < LONGEST ? shown : shown.slice(0, 100) + "……");
    note(element, W.looking);
    log().setAttribute("aria-busy", "true");
    const said = wish.again ? talk.said.slice(0, -1) : talk.said;
    pending = { ...wish, ticket, element, said };
    if (!wish.again) keepInTab("yibao.draft", wish.question); // who reloads while it stands in line has it in the box
    latest();
    toTop(element);
    const sent = { ticket, question: wish.question, talk: talk.id, said };
    return [typed, JSON.stringify({ ...sent, dropped: wish.dropped, again: wish.again, replaces })];
  }

  function frame(json) {
    let f;
    try {
      f = JSON.parse(json);
    } catch {
      return;
    }
    if (!pending || f.ticket !== pending.ticket) {
      if (f.state === "notice" && f.blocks.length) {
        const text = make("div");
        text.innerHTML = f.blocks[0];
        say(text.textContent);
      }
      return;
    }
    const { element } = pending;
    if (f.turn && !pending.turn) begun(f);
    add(element, f.blocks);
    note(element, f.state === "waiting" ? f.note : "");
    if (["done", "notice", "failed"].includes(f.state)) ended(f);
  }

  // the server has made the turn: from now on it belongs to the talk, even if it is stopped
  function begun(f) {
    pending.turn = f.turn;
    pending.element.dataset.turn = f.turn;
    keepInTab("yibao.draft", "");
    const mine = f.talk === talk.id ? talk.mine : undefined;
    talk = { id: f.talk, said: [...pending.said, [pending.question, pending.dropped]], mine };
    remember();
    // the talk has gone on from the shared answer: a reload shows the talk
    if (location.search) history.replaceState(null, "", location.pathname);
  }

  function ended(f) {
    const { element, question } = pending;
    pending = null;
    keepInTab("yibao.draft", "");
    log().setAttribute("aria-busy", "false");
    if (f.state === "done") {
      finish(element, f.turn);
    } else {
      finish(element, "");
      element.append(retryOnly(question));
    }
  }

  function retryOnly(question) {
    const button = make("button", { type: "button", className: "tool" }, W.retry);
    button.addEventListener("click", () => {
      button.closest(".turn").remove();
      ask(question);
    });
    return make("div", { className: "actions" }, button);
  }

  function stopped() {
    if (!pending) return;
    const { element, question, turn } = pending;
    pending = null;
    keepInTab("yibao.draft", "");
    log().setAttribute("aria-busy", "false");
    note(element, "");
    if (turn) finish(element, turn);
    const line = make("p", { className: "waiting" }, W.stopped);
    if (turn) $(".actions", element).before(line);
    else element.append(line, retryOnly(question));
  }

  // --- talks in this browser -------------------------------------------------------------------

  function remember() {
    keepInTab("yibao.current", talk.id);
    const all = stored("yibao.talks", []);
    const theirs = elsewhere(all.find((t) => t.id === talk.id));
    talk.mine = new Set([...(talk.mine || []), ...talk.said.map((s) => JSON.stringify(s))]);
    const said = [...talk.said.slice(0, -1), ...theirs, ...talk.said.slice(-1)];
    const others = all.filter((t) => t.id !== talk.id);
    others.unshift({ id: talk.id, said, when: Date.now() });
    store("yibao.talks", others.slice(0, MOST_TALKS));
  }

  // what another tab asked in the talk that is open here too: not ours, and never was
  function elsewhere(record) {
    const mine = new Set([...(talk.mine || []), ...talk.said.map((s) => JSON.stringify(s))]);
    return record ? record.said.filter((s) => !mine.has(JSON.stringify(s))) : [];
  }

  async function openTalk(id) {
    const kept = stored("yibao.talks", []).find((t) => t.id === id);
    if (!kept) return;
    say(W.opening);
    try {
      const got = await post("/page/talk", { talk: kept.id, said: kept.said });
      if (got.talk !== kept.id) forget(kept.id);
      talk = { id: got.talk, said: kept.said };
      show(got.turns);
      remember();
      say("");
    } catch (error) {
      say(error.message);
    }
  }

  function show(turns, text = "") {
    added.left.forEach((leave) => leave());
    closeSource();
    log().replaceChildren();
    if (text) log().append(make("p", { className: "block notice" }, text));
    for (const t of turns) {
      const element = newTurn(t.question);
      add(element, t.blocks);
      finish(element, t.turn);
    }
    const last = $(".turn:last-child", log());
    if (last) toTop(last);
  }

  // the server no longer knows this talk: have it made again from what was said, then try again
  async function about(path, body, read) {
    try {
      return await post(path, { talk: talk.id, ...body }, read);
    } catch (error) {
      if (error.status !== 410 || !talk.said.length) throw error;
      const got = await post("/page/talk", { talk: "", said: talk.said });
      if (!elsewhere(stored("yibao.talks", []).find((t) => t.id === talk.id)).length) forget(talk.id);
      const turns = $$(".turn[data-turn]", log()).filter((e) => e.dataset.turn);
      got.turns.slice(-turns.length).forEach((t, n) => {
        const element = turns[n];
        $(".answer", element).replaceChildren();
        add(element, t.blocks);
        if (body.turn === element.dataset.turn) body.turn = t.turn;
        element.dataset.turn = t.turn;
      });
      talk = { id: got.talk, said: talk.said };
      remember();
      return post(path, { talk: talk.id, ...body }, read);
    }
  }

  function forget(id) {
    store("yibao.talks", stored("yibao.talks", []).filter((t) => t.id !== id));
  }

  function fresh() {
    if (pending) return;
    talk = { id: "", said: [] };
    keepInTab("yibao.current", "");
    added.left.forEach((leave) => leave());
    closeSource();
    log().replaceChildren();
    $("#bot .welcome").hidden = false;
    history.replaceState(null, "", location.pathname);
    scrollTo({ top: 0 });
    $("#inp textarea")?.focus();
  }

  function listTalks() {
    const list = $("#talks .talk-list");
    const talks = stored("yibao.talks", []);
    list.replaceChildren();
    if (!talks.length) list.append(make("li", { className: "none" }, W.noTalks));
    for (const t of talks) {
      const title = t.said[0][0];
      const date = new Date(t.when).toLocaleDateString("zh-CN");
      const go = make("button", { type: "button", className: "talk" }, make("span", {}, title));
      go.append(make("time", {}, `${date} · ${t.said.length} 问`));
      if (t.id === talk.id) go.setAttribute("aria-current", "true");
      go.addEventListener("click", () => {
        closeTalks();
        openTalk(t.id);
      });
      const away = make("button", { type: "button", className: "tool away" }, "×");
      away.setAttribute("aria-label", W.delete + title);
      away.addEventListener("click", () => {
        forget(t.id);
        listTalks();
      });
      list.append(make("li", {}, go, away));
    }
  }

  // --- layers: the drawer of talks, the sheet of a source --------------------------------------

  const narrow = () => patient() || matchMedia("(max-width: 760px)").matches;
  let back = null;

  function openTalks(from) {
    back = from;
    listTalks();
    $("#talks").hidden = false;
    $(".shade").hidden = false;
    $("#talks h2").focus();
  }
  function closeTalks() {
    $("#talks").hidden = true;
    $(".shade").hidden = true;
    back?.focus();
    back = null;
  }

  async function openSource(turn, key, from) {
    let got;
    const body = { turn, key };
    try {
      got = await about("/page/source", body);
    } catch (error) {
      say(error.message);
      return;
    }
    const sheet = $("#source");
    open = { turn: body.turn, key, from: open && sheet.contains(from) ? open.from : from, got };
    $$(".cite.open").forEach((a) => a.classList.remove("open"));
    $$(`.turn[data-turn="${CSS.escape(open.turn)}"] .cite[data-n="${CSS.escape(key)}"]`).forEach((a) =>
      a.classList.add("open"),
    );
    $(".which", sheet).textContent = /^l/.test(key) ? W.legal : `${W.source} [${key}]`;
    $("h2", sheet).textContent = got.title;
    const text = $(".panel-body", sheet);
    text.innerHTML = got.html;
    for (const [what, to] of [
      ["previous", got.previous],
      ["next", got.next],
    ]) {
      $(`[data-do="${what}"]`, sheet).disabled = !to;
    }
    sheet.hidden = false;
    document.documentElement.classList.add("reading");
    modal(narrow());
    const mark = $("mark", text);
    text.scrollTop = 0;
    if (mark) {
      const top = mark.getBoundingClientRect().top - text.getBoundingClientRect().top;
      text.scrollTop = Math.max(0, top - text.clientHeight / 3);
    }
    $("h2", sheet).focus({ preventScroll: true });
  }

  // on a phone the sheet covers the page: what lies under it must not be reached
  function modal(on) {
    const sheet = $("#source");
    sheet.setAttribute("role", on ? "dialog" : "complementary");
    if (on) sheet.setAttribute("aria-modal", "true");
    else sheet.removeAttribute("aria-modal");
    cover(on);
  }
  function cover(on) {
    for (const id of ["top", "bot", "inp", "foot"]) {
      const element = document.getElementById(id);
      if (element) element.inert = on;
    }
  }

  function closeSource() {
    const sheet = $("#source");
    if (!sheet || sheet.hidden) return;
    sheet.hidden = true;
    modal(false);
    $(".panel-body", sheet).replaceChildren();
    document.documentElement.classList.remove("reading");
    $$(".cite.open").forEach((a) => a.classList.remove("open"));
    const from = open?.from;
    open = null;
    if (from?.isConnected) from.focus({ preventScroll: true });
  }

  function step(where) {
    const key = open?.got[where];
    if (key) openSource(open.turn, key, $(`#source [data-do="${where}"]`));
  }

  // --- what the buttons under an answer do -----------------------------------------------------

  async function toClipboard(text) {
    if (navigator.clipboard && isSecureContext) return navigator.clipboard.writeText(text);
    // plain http on a local network has no clipboard API
    const area = make("textarea", { value: text, className: "offscreen" });
    document.body.append(area);
    area.select();
    const done = document.execCommand("copy");
    area.remove();
    if (!done) throw new Error(W.copyFailed);
  }

  async function copy(turn) {
    try {
      await toClipboard((await about("/page/copy", { turn })).text);
      say(W.copied);
    } catch (error) {
      say(error.status ? error.message : W.copyFailed);
    }
  }

  async function share(turn) {
    try {
      const { token } = await about("/page/share", { turn });
      const link = `${location.origin}${location.pathname}?s=${token}`;
      try {
        await toClipboard(link);
        say(`${W.shareCopied}：${link}`);
      } catch {
        say(W.shareReady + link, true);
      }
    } catch (error) {
      say(error.message);
    }
  }

  // on paper nothing can be unfolded, so all sources are
  let folded = [];
  function unfold() {
    folded = $$("details:not([open])", log());
    folded.forEach((d) => (d.open = true));
  }
  const fold = () => folded.splice(0).forEach((d) => (d.open = false));

  function print_(element) {
    element.classList.add("printed");
    document.documentElement.classList.add("print-one");
    window.print();
    document.documentElement.classList.remove("print-one");
    element.classList.remove("printed");
  }

  async function rate(element, rating, reason = "", comment = "") {
    try {
      await about("/page/feedback", { turn: element.dataset.turn, rating, reason, comment });
      say(W.thanks);
      return true;
    } catch (error) {
      say(error.message);
      return false;
    }
  }

  function askWhy(element) {
    const old = $(":scope > .why", element);
    if (old) return old.remove();
    const name = `why-${element.dataset.turn}`;
    const reasons = W.reasons.map((reason) =>
      make("label", {}, make("input", { type: "radio", name, value: reason }), make("span", {}, reason)),
    );
    const comment = make("textarea", { rows: 2, maxLength: 500, placeholder: W.comment });
    comment.setAttribute("aria-label", W.comment);
    const form = make(
      "form",
      { className: "why" },
      make("fieldset", {}, make("legend", {}, W.reasonAsk), ...reasons),
      comment,
      make("button", { type: "submit", className: "tool strong" }, W.submit),
    );
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      const reason = new FormData(form).get(name) || "";
      if (await rate(element, "down", reason, comment.value)) form.remove();
    });
    element.append(form);
    $("input", form).focus();
  }

  function thumb(element, what, button) {
    $$('[data-do="up"], [data-do="down"]', element).forEach((b) => (b.ariaPressed = "false"));
    button.ariaPressed = "true";
    $(":scope > .why", element)?.remove();
    if (what === "up") rate(element, "up");
    else askWhy(element);
  }

  function drop(part) {
    const [question, dropped] = talk.said.at(-1);
    ask(question, { dropped: [...new Set([...dropped, part])], again: true });
  }

  const actions = {
    talks: (element, button) => openTalks(button),
    "close-talks": closeTalks,
    "close-source": closeSource,
    previous: () => step("previous"),
    next: () => step("next"),
    new: fresh,
    clear: () => {
      if (!confirm(W.confirmClear)) return;
      store("yibao.talks", []);
      listTalks();
      say(W.cleared);
    },
    larger: () => {
      store("yibao.type", stored("yibao.type", "normal") === "large" ? "normal" : "large");
      dress();
      $("#inp textarea").dispatchEvent(new Event("input")); // Gradio fits its height then
    },
    theme: () => {
      store("yibao.theme", dark() ? "light" : "dark");
      dress();
    },
    up: (element, button) => thumb(element, "up", button),
    down: (element, button) => thumb(element, "down", button),
    copy: (element) => copy(element.dataset.turn),
    retry: () => {
      if (talk.said.length) ask(talk.said.at(-1)[0], { dropped: talk.said.at(-1)[1], again: true });
    },
    share: (element) => share(element.dataset.turn),
    print: print_,
  };

  function clicked(event) {
    const target = event.target instanceof Element ? event.target : null;
    if (patient() && !target?.closest("#say")) say("");
    const cite = target?.closest("a.cite");
    if (cite) {
      event.preventDefault();
      openSource(cite.closest(".turn").dataset.turn || "", cite.dataset.n, cite);
      return;
    }
    if (target?.closest(".skip")) {
      event.preventDefault();
      $("#inp textarea")?.focus();
      return;
    }
    if (target?.closest(".shade")) return closeTalks();
    const button = target?.closest("button");
    if (!button) return;
    if (button.dataset.ask) ask(button.dataset.ask);
    else if (button.dataset.drop) drop(button.dataset.drop);
    else if (button.dataset.do) actions[button.dataset.do]?.(button.closest(".turn"), button);
  }

  function pressed(event) {
    if (event.key === "Escape") {
      if (patient()) say("");
      if (added.layers.some((layer) => layer.close())) return;
      if (!$("#talks").hidden) closeTalks();
      else closeSource();
      return;
    }
    const sheet = $("#source");
    if (open && sheet.contains(document.activeElement) && !event.altKey && !event.ctrlKey) {
      if (event.key === "ArrowLeft") step("previous");
      if (event.key === "ArrowRight") step("next");
    }
    if (event.key === "Tab") keepInside(event);
  }

  // Tab goes round inside what covers the page
  function keepInside(event) {
    const own = added.layers.map((layer) => layer.shown()).find(Boolean);
    const layer = own || (!$("#talks").hidden ? $("#talks") : narrow() && open ? $("#source") : null);
    if (!layer) return;
    const stops = $$("button:not([disabled]), a[href], [tabindex='0']", layer);
    const [first, last] = [stops[0], stops.at(-1)];
    const at = document.activeElement;
    const before = first.compareDocumentPosition(at) & Node.DOCUMENT_POSITION_PRECEDING;
    if (event.shiftKey && (at === first || before || !layer.contains(at))) {
      event.preventDefault();
      last.focus();
    } else if (!event.shiftKey && at === last) {
      event.preventDefault();
      first.focus();
    }
  }

  // --- is the server there? --------------------------------------------------------------------

  let away = false;
  let timer;
  const soon = (wait) => {
    clearTimeout(timer);
    timer = setTimeout(beat, wait);
  };
  async function beat() {
    try {
      const got = await (await fetch(ROOT + "/healthz", { cache: "no-store" })).json();
      // another process answers now: begin with it. After a mere gap the page is as good as before.
      if (boot ? got.boot !== boot : away) {
        saveDraft();
        location.reload();
        return;
      }
      if (away) say(W.back);
      away = false;
      boot = got.boot;
    } catch {
      away = true;
      say(W.offline, true);
    }
    soon(away ? 1500 : 5000);
  }
  const saveDraft = () => keepInTab("yibao.draft", $("#inp textarea")?.value || tab("yibao.draft"));

  function restoreDraft() {
    const draft = tab("yibao.draft");
    if (!draft) return;
    if (!$("#inp textarea")) return requestAnimationFrame(restoreDraft); // Gradio is still drawing it
    keepInTab("yibao.draft", "");
    fill(draft);
    say(W.back);
  }

  // ?q=: what somebody else's page would have asked here; what is not taken stays in the box
  function put(question) {
    if ($("#inp textarea")) {
      fill(question);
      ask(question);
    } else {
      requestAnimationFrame(() => put(question)); // Gradio is still drawing it
    }
  }
  function fill(text) {
    const box = $("#inp textarea");
    box.value = text;
    box.dispatchEvent(new Event("input", { bubbles: true }));
  }

  // --- start -----------------------------------------------------------------------------------

  async function start() {
    dress();
    document.addEventListener("click", clicked);
    document.addEventListener("keydown", pressed);
    addEventListener("beforeprint", unfold);
    addEventListener("afterprint", fold);
    new MutationObserver(() => {
      if (document.body.classList.contains("dark") !== dark()) dress();
    }).observe(document.body, { attributes: true, attributeFilter: ["class"] });
    const named = new URLSearchParams(location.search);
    const token = named.get("s");
    const question = named.get("q")?.trim().slice(0, LONGEST);
    const current = tab("yibao.current");
    if (token) {
      try {
        const got = await post("/page/shared", { token });
        talk = { id: got.talk, said: got.turns.map((t) => [t.understood, t.dropped]) };
        show(got.turns, got.note);
      } catch (error) {
        say(error.message);
      }
    } else if (current && !question) {
      await openTalk(current);
    }
    restoreDraft();
    added.started.forEach((start) => start());
    document.documentElement.classList.add("ready");
    if (question && !token) put(question);
    soon(1500);
    // a phone taken out of the pocket, a network that is back: look at once
    addEventListener("online", () => soon(0));
    document.addEventListener("visibilitychange", () => document.hidden || soon(0));
  }

  function attach(element, trigger_, props, watch) {
    trigger = trigger_;
    watch("value", () => frame(props.value));
    start();
  }

  // as if the page had just been opened by somebody new
  function reset() {
    empty("localStorage");
    empty("sessionStorage");
    pending = null;
    closeTalks();
    fresh();
    dress();
    say("");
  }

  const busy = () => Boolean(pending);
  const kit = { $, $$, make, say, post, about, stored, store, dress, log, cover, closeSource, covered, busy };
  return { attach, envelope, stopped, ask, reset, kit: { ...kit, W, actions, added } };
})();
window.yibao = yibao;

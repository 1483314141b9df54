/* An answer read aloud by a voice of this machine, block by block. It can be stopped and goes on with
   the sentence that it was stopped in. Where there is no such voice there is no button: a voice of
   the network would send the answer elsewhere. */
"use strict";

(() => {
  const { $, $$, say, W, added, actions } = yibao.kit;
  const speech = window.speechSynthesis;
  if (!speech || !window.SpeechSynthesisUtterance) return;

  const PIECES = "h3, h4, p, li, caption, tr, blockquote";
  const SILENT = ".marks, .for, details, .sources, .replies, .known, .person, [hidden], [aria-hidden='true']";
  const LONGEST = 120; // characters: Chromium stops in longer ones
  let now = null; // {element, at, said}: which turn is read, from which piece, by which utterance

  function voice() {
    const ours = speech.getVoices().filter((v) => v.localService && /^(zh|cmn)/i.test(v.lang));
    return ours.find((v) => /CN|Hans/i.test(v.lang)) ?? ours[0];
  }

  // --- what is read ----------------------------------------------------------------------------

  function pieces(element) {
    const inner = (node) => node.parentElement.closest(PIECES);
    return $$(".answer > .block", element)
      .filter((block) => !block.matches(SILENT))
      .flatMap((block) => {
        const nodes = $$(PIECES, block).filter((n) => !n.closest(SILENT) && !inner(n));
        const whole = nodes.length ? nodes : [block];
        return whole.flatMap((node) => sentences(spoken(node)).map((text) => ({ node, text })));
      });
  }

  function spoken(node) {
    const copy = node.cloneNode(true);
    $$(SILENT, copy).forEach((quiet) => quiet.remove());
    $$("td, th, h4 > *", copy).forEach((cell) => cell.append("，"));
    // 12393 is dialled, not counted
    return copy.textContent.replace(/(?<![\d-])12\d{3}(?!\d)/g, (number) => [...number].join(" "));
  }

  function sentences(text) {
    const cut = text.match(/[^。！？；\n]+[。！？；\n]*/g) ?? [];
    return cut.flatMap((s) => s.match(new RegExp(`.{1,${LONGEST}}`, "gs"))).filter((s) => /[\p{L}\p{N}]/u.test(s));
  }

  // --- reading ---------------------------------------------------------------------------------

  function read(element, at = 0) {
    stop();
    const all = pieces(element);
    now = { element, at, said: null };
    button(element);
    next(all);
  }

  function next(all) {
    if (!now.element.isConnected) return stop(); // the answer was asked for anew
    const { element, at } = now;
    lit(element, all[at]?.node);
    if (at >= all.length) return finish();
    const said = new SpeechSynthesisUtterance(all[at].text.trim());
    said.voice = voice();
    said.lang = said.voice.lang;
    said.rate = document.documentElement.dataset.mode === "elder" ? 0.85 : 1;
    said.onend = () => {
      if (now?.said !== said) return;
      now.at += 1;
      next(all);
    };
    said.onerror = () => {
      if (now?.said !== said) return;
      stop();
      say(W.readFailed);
    };
    now.said = said; // held: some browsers forget an utterance that nobody holds, and its end with it
    speech.speak(said);
  }

  // The place is kept by us: pausing a browser's voice loses it on telephones.
  function stop() {
    if (!now) return;
    const { element, at } = now;
    now = null;
    speech.cancel();
    element.dataset.read = String(at);
    lit(element);
    button(element);
  }

  function finish() {
    const { element } = now;
    now = null;
    delete element.dataset.read;
    button(element);
  }

  function lit(element, node) {
    $$(".spoken", element).forEach((old) => old !== node && old.classList.remove("spoken"));
    if (!node) return;
    node.classList.add("spoken");
    node.scrollIntoView({ block: "nearest" });
  }

  // --- the buttons -----------------------------------------------------------------------------

  function button(element) {
    const reads = now?.element === element;
    const stopped = Number(element.dataset.read) > 0 && !reads;
    $('[data-do="read"]', element).textContent = reads ? W.readStop : stopped ? W.readOn : W.read;
    $('[data-do="anew"]', element).hidden = !stopped;
  }

  const can = () => Boolean(voice());
  added.tools.push((element, tool) => {
    const group = document.createElement("span");
    group.className = "voice";
    group.hidden = !can();
    group.append(tool("read", W.read), tool("anew", W.readAnew, { hidden: true }));
    return group;
  });
  actions.read = (element) => {
    if (now?.element === element) stop();
    else read(element, Number(element.dataset.read) || 0);
  };
  actions.anew = (element) => read(element);
  // voices become known some time after the page has loaded
  speech.addEventListener?.("voiceschanged", () => {
    $$(".voice").forEach((group) => (group.hidden = !can()));
  });
  added.left.push(stop);
  addEventListener("pagehide", stop);
})();

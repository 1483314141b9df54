/* Opens the chat in somebody else's page: a button in the corner, and what they mark with
   data-yibao-ask="a question".

   It lives in a shadow root and dresses itself by script, so that neither the styles of that page
   nor its Content-Security-Policy take its looks. The server calls it with what it must know. */
({ origins, words }) => {
  if (window.yibaoWidget) return; // the line stands in their page twice
  const home = new URL(".", document.currentScript.src).href;

  // https://*.example.org: every name below, as frame-ancestors has it
  const named = (origin) => {
    const [scheme, rest] = origin.split("*");
    return rest === undefined
      ? location.origin === origin
      : location.origin.startsWith(scheme) && location.origin.endsWith(rest);
  };
  if (!origins.some(named)) {
    console.warn(words.refused.replace("{}", location.origin));
    return;
  }

  const style = new CSSStyleSheet();
  style.replaceSync(`
    :host { all: initial; position: fixed; right: 16px; bottom: 16px; z-index: 2147483000; color-scheme: light; }
    button { font: 600 16px/1.5 "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", system-ui, sans-serif;
      color: #fff; background: #0f5f53; border: 0; border-radius: 24px; padding: 10px 20px; min-height: 48px;
      cursor: pointer; box-shadow: 0 2px 12px rgb(16 40 40 / 30%); display: block; margin-left: auto; }
    button:focus-visible { outline: 3px solid #0b5f8a; outline-offset: 2px; }
    iframe { display: block; width: min(420px, calc(100vw - 32px)); height: min(680px, calc(100dvh - 96px));
      margin-bottom: 12px; border: 1px solid #d9e0e0; border-radius: 14px; background: #f5f7f6;
      box-shadow: 0 6px 32px rgb(16 40 40 / 22%); }
    [hidden] { display: none; }
    @media print { :host { display: none; } }
  `);
  const host = document.createElement("div");
  const shadow = host.attachShadow({ mode: "open" });
  shadow.adoptedStyleSheets = [style];
  const frame = document.createElement("iframe");
  frame.title = words.title;
  frame.allow = "clipboard-write";
  frame.hidden = true;
  const button = document.createElement("button");
  button.type = "button";
  shadow.append(frame, button);

  function show(shown) {
    frame.hidden = !shown;
    button.textContent = shown ? words.close : words.title;
    button.setAttribute("aria-expanded", String(shown));
  }
  // the chat is loaded when somebody wants it, not by everyone who reads the page
  function open(question = "") {
    if (question || !frame.src) frame.src = home + (question ? `?q=${encodeURIComponent(question)}` : "");
    show(true);
    frame.focus();
  }
  function close() {
    show(false);
    button.focus();
  }
  button.addEventListener("click", () => (frame.hidden ? open() : close()));
  shadow.addEventListener("keydown", (event) => event.key === "Escape" && !frame.hidden && close());
  document.addEventListener("click", (event) => {
    const asked = event.target instanceof Element && event.target.closest("[data-yibao-ask]");
    if (!asked) return;
    event.preventDefault();
    open(asked.dataset.yibaoAsk);
  });

  show(false);
  window.yibaoWidget = { open, close };
  const put = () => document.body.append(host);
  if (document.body) put();
  else addEventListener("DOMContentLoaded", put);
}

// The editor asks for the findings whenever somebody pauses. Without this the button does the same.
(() => {
  "use strict";
  const form = document.getElementById("editor");
  const found = document.getElementById("found");
  if (!form || !found) return;
  const PAUSE = 700; // ms without a key
  let timer = 0;
  let asked = 0;
  let saved = true;

  async function check() {
    const mine = ++asked;
    try {
      const answer = await fetch(form.dataset.check, { method: "POST", body: new FormData(form) });
      const text = await answer.text();
      // what was asked earlier never replaces what was asked later
      if (mine === asked && (answer.ok || answer.status === 422)) found.innerHTML = text;
    } catch {
      // away from the server: the findings stay as they are, the text stays in the boxes
    }
  }

  form.addEventListener("input", () => {
    saved = false;
    clearTimeout(timer);
    timer = setTimeout(check, PAUSE);
  });
  form.addEventListener("submit", () => {
    saved = true;
  });
  window.addEventListener("beforeunload", (event) => {
    if (!saved) event.preventDefault();
  });
})();

/* 长者模式: large type, large buttons, one column, nothing that passes by itself. What it looks like
   stands in elder.css; whether it is on is remembered where the browser allows it. */
"use strict";

(() => {
  const { $, say, stored, store, dress, closeSource, W, actions, added } = yibao.kit;
  const root = document.documentElement;
  const on = () => stored("yibao.elder", false) === true;

  added.dressed.push(() => {
    if (on()) root.dataset.mode = "elder";
    else delete root.dataset.mode;
    $('[data-do="elder"]')?.setAttribute("aria-pressed", String(on()));
  });
  actions.elder = () => {
    closeSource(); // beside the column it would become a second one
    store("yibao.elder", !on());
    dress();
    $("#inp textarea").dispatchEvent(new Event("input")); // Gradio fits its height then
    say(on() ? W.elderOn : W.elderOff);
  };
  dress();
})();

/* Keyboard shortcuts: what a link's data-keys names leads where the link does.
 *
 * Single keys act outside fields alone, never with a modifier, and not at all once they are switched
 * off: a cookie of this browser says so. The sheet is the page that the footer links to; with this
 * script it opens above the page that one reads.
 */
(() => {
  "use strict";

  const WAITS = 1_500; // for the second key of two
  const YEAR = 31_536_000;
  const OFF = "keys=off";
  const FIELDS = "input, textarea, select, [contenteditable], [role=combobox], [role=listbox]";
  const ROWS = "main :is(.line, .rows > .row)";
  const sheet = document.querySelector("[data-keys-sheet]");
  let before = ""; // the first key of two, while the second is waited for
  let timer = 0;

  const isOff = () => document.cookie.split("; ").includes(OFF);

  function turn(on) {
    const age = on ? 0 : YEAR;
    const secure = location.protocol === "https:" ? "; Secure" : "";
    document.cookie = `${OFF}; Path=/; Max-Age=${age}; SameSite=Lax${secure}`;
  }

  /* A part of the sheet that only means something with this script. */
  function wire(within) {
    const button = within.querySelector("[data-keys-switch]");
    if (!button) {
      return;
    }
    const state = within.querySelector("[data-keys-state]");
    const show = () => {
      const words = button.dataset;
      button.textContent = isOff() ? words.turnOn : words.turnOff;
      state.textContent = isOff() ? words.areOff : words.areOn;
    };
    button.addEventListener("click", () => {
      turn(isOff());
      show();
    });
    show();
    button.hidden = false;
  }

  async function open() {
    const held = document.getElementById("keys-dialog");
    if (held) {
      held.showModal();
      return;
    }
    const headers = { "HX-Request": "true", "HX-Target": "keys-sheet" };
    const answer = await fetch(sheet.href, { headers }).catch(() => null);
    if (!answer?.ok) {
      location.assign(sheet.href);
      return;
    }
    const dialog = document.createElement("dialog");
    dialog.id = "keys-dialog";
    dialog.className = "sheet";
    dialog.setAttribute("aria-label", sheet.textContent.trim());
    dialog.innerHTML = await answer.text();
    document.body.append(dialog);
    wire(dialog);
    for (const one of dialog.querySelectorAll("[data-keys-close]")) {
      one.hidden = false;
      one.addEventListener("click", () => dialog.close());
    }
    dialog.showModal();
  }

  /* The link of each row that can be seen. */
  function rows() {
    return [...document.querySelectorAll(ROWS)]
      .map((row) => row.querySelector(".line-title a, .row-title a, a"))
      .filter((link) => link?.checkVisibility());
  }

  function step(by) {
    const links = rows();
    const held = document.activeElement.closest(ROWS);
    const at = links.findIndex((link) => held?.contains(link));
    const to = at < 0 ? 0 : Math.min(Math.max(at + by, 0), links.length - 1);
    if (links[to]) {
      links[to].focus({ preventScroll: true });
      links[to].closest(ROWS).scrollIntoView({ block: "nearest", behavior: "instant" });
    }
  }

  function follow(keys) {
    const link = document.querySelector(`[data-keys="${CSS.escape(keys)}"]`);
    link?.click();
    return link !== null;
  }

  const DEEDS = {
    "?": open,
    "j": () => step(1),
    "k": () => step(-1),
    "o": () => document.activeElement.closest(ROWS) && document.activeElement.click(),
    "/": () => {
      const field = document.querySelector("main input[type=search]");
      return field ? field.focus() : follow("/");
    },
  };

  document.addEventListener("keydown", (event) => {
    const { key, target } = event;
    const isPlain = !(event.ctrlKey || event.altKey || event.metaKey || event.isComposing);
    const isHeld = event.repeat && key !== "j" && key !== "k";
    const isOurs = isPlain && !isHeld && key.length === 1 && !event.defaultPrevented && !isOff();
    if (!isOurs || target.closest(FIELDS) || document.querySelector("dialog[open]")) {
      return;
    }
    const first = before;
    before = "";
    clearTimeout(timer);
    if (first) {
      if (follow(`${first} ${key}`)) {
        event.preventDefault();
      }
    } else if (key === "g") {
      before = key;
      timer = setTimeout(() => { before = ""; }, WAITS);
    } else if (DEEDS[key]) {
      event.preventDefault();
      DEEDS[key]();
    } else if (follow(key)) {
      event.preventDefault();
    }
  });

  sheet?.addEventListener("click", (event) => {
    if (!(event.ctrlKey || event.metaKey || event.shiftKey) && !document.querySelector("[data-keys-page]")) {
      event.preventDefault();
      open();
    }
  });
  const page = document.querySelector("[data-keys-page]");
  if (page) {
    wire(page);
  }
})();

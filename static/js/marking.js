/* Selecting a passage of a source's text, by mouse, touch or keyboard, and saying what it is.
 *
 * Places are counted in code points, as the register counts them; the browser counts halves of
 * those beyond 0xFFFF. The text holds nothing but itself (templates/sources/text.html), so a range
 * from its beginning is as long as its place. Without this script a passage is pasted or typed.
 */
(() => {
  "use strict";

  const part = (name) => document.querySelector(`[data-marking-${name}]`);
  const text = part("text");
  const field = part("field");
  const bar = part("bar");
  if (!text || !field || !bar) {
    return;
  }

  const EXCERPT = 120;
  const whole = text.textContent;
  let chosen = null;
  let waiting = 0;

  /* Where the selection begins and ends in the text, in the browser's units; null: nowhere. */
  function selected() {
    if (!field.hidden) {
      return [field.selectionStart, field.selectionEnd];
    }
    const selection = document.getSelection();
    if (selection.rangeCount === 0 || selection.isCollapsed || !selection.getRangeAt(0).intersectsNode(text)) {
      return null;
    }
    const range = selection.getRangeAt(0).cloneRange();
    if (!text.contains(range.startContainer)) {
      range.setStart(text, 0);
    }
    if (!text.contains(range.endContainer)) {
      range.setEnd(text, text.childNodes.length);
    }
    const before = document.createRange();
    before.setStart(text, 0);
    before.setEnd(range.startContainer, range.startOffset);
    const start = before.toString().length;
    return [start, start + range.toString().length];
  }

  /* Without the blanks at its ends; null when nothing is left. */
  function trimmed(span) {
    let [start, end] = span || [0, 0];
    while (start < end && /\s/.test(whole[start])) {
      start += 1;
    }
    while (end > start && /\s/.test(whole[end - 1])) {
      end -= 1;
    }
    return start < end ? [start, end] : null;
  }

  /* How many code points there are before that unit. */
  function points(end) {
    let count = end;
    for (let at = 0; at < end; at += 1) {
      const code = whole.charCodeAt(at);
      if (code >= 0xd800 && code < 0xdc00) {
        count -= 1;
      }
    }
    return count;
  }

  function excerpt(words) {
    const all = [...words];
    if (all.length <= EXCERPT) {
      return words;
    }
    return `${all.slice(0, EXCERPT / 2).join("")} … ${all.slice(-EXCERPT / 2).join("")}`;
  }

  function show() {
    chosen = trimmed(selected());
    bar.hidden = chosen === null;
    const words = chosen ? excerpt(whole.slice(...chosen)).replace(/\s+/g, " ") : "";
    part("passage").textContent = words;
    const said = part("said");
    said.textContent = words && said.dataset.words.replace("%(passage)s", () => words);
  }

  function soon() {
    window.clearTimeout(waiting);
    waiting = window.setTimeout(() => {
      // Who has gone on to the buttons, or to another field, has not chosen anything else.
      const on = document.activeElement;
      if (!bar.contains(on) && (field.hidden || on === field)) {
        show();
      }
    }, 150);
  }

  document.addEventListener("selectionchange", soon);
  field.addEventListener("select", soon);
  field.addEventListener("keyup", soon);
  field.addEventListener("pointerup", soon);
  // A press on a button must not take the selection away before it counts.
  bar.addEventListener("mousedown", (event) => event.preventDefault());
  bar.addEventListener("submit", (event) => {
    if (!chosen) {
      event.preventDefault();
      return;
    }
    bar.elements.start.value = points(chosen[0]);
    bar.elements.end.value = points(chosen[1]);
  });

  /* A text area has a caret in every browser, which a page has not; what is typed is not taken. */
  const keys = part("keys");
  field.addEventListener("beforeinput", (event) => event.preventDefault());
  field.addEventListener("input", () => {
    const at = Math.min(field.selectionStart, whole.length);
    field.value = whole;
    field.setSelectionRange(at, at);
  });
  keys.addEventListener("click", () => {
    const on = field.hidden;
    field.hidden = !on;
    part("help").hidden = !on;
    text.hidden = on;
    keys.setAttribute("aria-pressed", String(on));
    if (on) {
      if (field.value === "") {
        field.value = whole;
        field.setSelectionRange(0, 0);
      }
      field.focus();
    }
    show();
  });
  part("how").hidden = false;
})();

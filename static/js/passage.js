/* Beside a form, on a wide screen: the text is unfolded, and shows the passage. */
(() => {
  "use strict";

  const text = document.querySelector("[data-passage]");
  const mark = document.querySelector("[data-passage-mark]");
  if (!text || !mark || !window.matchMedia("(min-width: 64rem)").matches) {
    return;
  }
  text.open = true;
  const pane = mark.parentElement;
  pane.scrollTop += mark.getBoundingClientRect().top - pane.getBoundingClientRect().top - pane.clientHeight / 4;
})();

/* What htmx leaves open: an answer that never came, or came from somebody else.
 *
 * On a page with a form that is a draft, all that htmx asks for is shown beside what is being typed.
 * What becomes of such a question neither leads away from the form nor takes the caret out of it:
 * whether what was typed is kept is told by drafts.js.
 *
 * Refusals of the register itself name the message area as their place (HX-Retarget) and bring
 * their own focus. A proxy's error page does not, and must not replace a part of the page. Without
 * this script, and without htmx, every page works by links and forms.
 */
(() => {
  "use strict";

  const isWhileTyping = () => document.querySelector("form[data-draft]") !== null;
  let isLost = false; // that no answer came is said while one types

  function lost() {
    const words = document.getElementById("request-words");
    const area = document.getElementById("messages");
    if (!words || !area || (isWhileTyping() && isLost)) {
      return;
    }
    area.replaceChildren(words.content.cloneNode(true));
    isLost = true;
    if (!isWhileTyping()) {
      area.firstElementChild.focus();
    }
  }

  /* Said of what one typed beside it: no more, once an answer comes. */
  function found() {
    if (isLost && isWhileTyping()) {
      document.getElementById("messages")?.replaceChildren();
    }
    isLost = false;
  }

  /* Ours: what it says where it belongs, or a form that came back to be mended. */
  function isOurs(xhr) {
    const isSaid = xhr.getResponseHeader("HX-Retarget") !== null && !isWhileTyping();
    return xhr.status < 400 || isSaid || [409, 422].includes(xhr.status);
  }

  document.addEventListener("htmx:beforeRequest", (event) => {
    event.detail.target.setAttribute("aria-busy", "true");
  });
  document.addEventListener("htmx:afterRequest", (event) => {
    event.detail.target.removeAttribute("aria-busy");
  });
  document.addEventListener("htmx:beforeOnLoad", (event) => {
    if (isWhileTyping() && event.detail.xhr.getResponseHeader("HX-Redirect") !== null) {
      event.preventDefault(); // to where people sign in
    }
  });
  document.addEventListener("htmx:beforeSwap", (event) => {
    if (!isOurs(event.detail.xhr)) {
      event.detail.shouldSwap = false;
      lost();
    } else {
      found();
    }
  });
  for (const name of ["htmx:sendError", "htmx:timeout"]) {
    document.addEventListener(name, lost);
  }
})();

/* What htmx leaves open: an answer that never came, or came from somebody else.
 *
 * Refusals of the register itself name the message area as their place (HX-Retarget) and bring
 * their own focus. A proxy's error page does not, and must not replace a part of the page. Without
 * this script, and without htmx, every page works by links and forms.
 */
(() => {
  "use strict";

  function lost() {
    const words = document.getElementById("request-words");
    const area = document.getElementById("messages");
    if (words && area) {
      area.replaceChildren(words.content.cloneNode(true));
      area.firstElementChild.focus();
    }
  }

  /* Ours: what it says where it belongs, or a form that came back to be mended. */
  function isOurs(xhr) {
    return xhr.status < 400 || xhr.getResponseHeader("HX-Retarget") !== null || [409, 422].includes(xhr.status);
  }

  document.addEventListener("htmx:beforeRequest", (event) => {
    event.detail.target.setAttribute("aria-busy", "true");
  });
  document.addEventListener("htmx:afterRequest", (event) => {
    event.detail.target.removeAttribute("aria-busy");
  });
  document.addEventListener("htmx:beforeSwap", (event) => {
    if (!isOurs(event.detail.xhr)) {
      event.detail.shouldSwap = false;
      lost();
    }
  });
  for (const name of ["htmx:sendError", "htmx:timeout"]) {
    document.addEventListener(name, lost);
  }
})();

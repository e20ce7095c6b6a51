/* Tells that something has changed since the page was made, and leaves it to the reader to show it.
 *
 * It asks only while the page is seen and nobody has paused it; nothing jumps, and nothing is said
 * twice. Without this script the page is as it was when it was made.
 */
(() => {
  "use strict";

  const bar = document.getElementById("news");
  if (!bar) {
    return;
  }
  const EVERY = 30_000;
  const PAUSED = "news-paused";
  const { address, pause: toPause, resume: toResume } = bar.dataset;
  const show = bar.querySelector("[data-show]");
  const pause = bar.querySelector("[data-pause]");
  let stamp = ""; // of the present, as the server first told it
  let timer = 0;
  let isPaused = false;

  function remembered(value) {
    try {
      if (value !== undefined) {
        sessionStorage.setItem(PAUSED, value);
      }
      return sessionStorage.getItem(PAUSED) === "yes";
    } catch {
      return value === "yes"; // storage is off: for this page alone
    }
  }

  function wait() {
    window.clearTimeout(timer);
    if (!isPaused && !document.hidden && show.hidden) {
      timer = window.setTimeout(ask, EVERY);
    }
  }

  async function ask() {
    try {
      const answer = await fetch(address, {
        headers: { "If-None-Match": stamp },
        cache: "no-store",
      });
      if (answer.status === 200) {
        stamp ||= answer.headers.get("ETag");
        const { number, words } = await answer.json();
        if (number > 0) {
          show.textContent = words;
          show.hidden = false;
        }
      }
    } catch {
      // The server is not reached: it is asked again.
    }
    wait();
  }

  function say() {
    pause.textContent = isPaused ? toResume : toPause;
    pause.setAttribute("aria-pressed", String(isPaused));
  }

  pause.addEventListener("click", () => {
    isPaused = remembered(isPaused ? "no" : "yes");
    say();
    wait();
  });
  show.addEventListener("click", () => window.location.reload());
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden && !isPaused && show.hidden) {
      ask();
    }
  });
  isPaused = remembered();
  bar.hidden = false;
  say();
  ask();
})();

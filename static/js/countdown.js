/* Keeps the countdowns of a page true, by the server's clock.
 *
 * The text of a countdown changes only when its smallest shown unit does. Nothing is announced,
 * moved or sorted again; without this script the page shows what was true when it was made.
 * The words are those of tracker/templatetags/times.py.
 */
(() => {
  "use strict";

  const words = document.getElementById("countdown-words")?.dataset;
  const shown = [...document.querySelectorAll("[data-countdown]")];
  if (!words || shown.length === 0) {
    return;
  }

  const MINUTE = 60_000;
  const HOUR = 60 * MINUTE;
  const DAY = 24 * HOUR;
  const started = Date.now();
  const serverNow = Date.parse(words.now);
  const now = () => serverNow + (Date.now() - started);
  const fill = (pattern, name, value) => pattern.replace(`%(${name})s`, value);

  function left(length) {
    const days = Math.floor(length / DAY);
    const hours = Math.floor((length % DAY) / HOUR);
    const minutes = Math.floor((length % HOUR) / MINUTE);
    if (days) {
      const said = fill(days === 1 ? words.day : words.days, "n", days);
      return days < 100 && hours ? `${said} ${fill(words.hours, "n", hours)}` : said;
    }
    if (hours) {
      const said = fill(words.hours, "n", hours);
      return minutes ? `${said} ${fill(words.minutes, "n", minutes)}` : said;
    }
    return minutes ? fill(words.minutes, "n", minutes) : words.less;
  }

  const running = shown
    .map((element) => ({
      element,
      until: Date.parse(element.dataset.countdown),
      pattern: words[element.dataset.kind],
    }))
    .filter((one) => one.pattern && one.until > now());

  function tick() {
    const at = now();
    let next = Infinity;
    for (const one of running) {
      const rest = one.until - at;
      const text = rest > 0 ? fill(one.pattern, "length", left(rest)) : words.over;
      if (one.element.textContent !== text) {
        one.element.textContent = text;
      }
      if (rest > 0) {
        next = Math.min(next, rest % MINUTE || MINUTE);
      }
    }
    if (next < Infinity && !document.hidden) {
      window.clearTimeout(tick.timer);
      tick.timer = window.setTimeout(tick, next + 20);
    }
  }

  document.addEventListener("visibilitychange", () => {
    if (!document.hidden) {
      tick();
    }
  });
  tick();
})();

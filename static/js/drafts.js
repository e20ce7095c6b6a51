/* Saves what is typed into a form as a draft, a moment after typing stops, and says so.
 *
 * Quietly while it works. When it does not, loudly, until it does again: it goes on trying by
 * itself, and meanwhile this browser keeps a copy, under the opaque id of who typed it. Without this
 * script there is the button "Save as draft"; a form that is refused is kept either way.
 */
(() => {
  "use strict";

  const form = document.querySelector("form[data-draft]");
  const words = document.getElementById("draft-words")?.dataset;
  if (!form || !words) {
    return;
  }

  const QUIET = 2_000; // after the last key
  const AT_MOST = 10_000; // while somebody goes on typing
  const LONG = 300_000; // characters: from here on it is saved five times as seldom
  const GIVES_UP = 30_000;
  const BEACON = 60_000; // bytes that a browser sends of a page that is going
  const COPIES_KEPT = 30 * 86_400_000;
  const { draft: address, draftSave, draftState, person } = form.dataset;
  const stamp = form.elements.draft_of;
  const trouble = document.getElementById("draft-trouble");
  const line = document.getElementById("draft-line");
  const said = document.getElementById("draft-said");
  const prefix = `draft ${person} `;
  const copy = prefix + stamp.value.slice(-43);

  let typedAt = 0; // when something was typed that is not saved; 0: all is
  let typing = 0; // counts what was typed, so that an answer tells how much of it was saved
  let isSaving = false;
  let isLeaving = false; // the form, or another of the page, was sent
  let isOver = false; // the form was taken before
  let failures = 0;
  let timer = 0;

  function time(instant) {
    return new Date(instant).toLocaleTimeString(document.documentElement.lang, { hourCycle: "h23" });
  }

  // --- what is typed, and this browser's copy of it

  function fields() {
    const data = new FormData(form);
    for (const [name, value] of [...data.entries()]) {
      if (typeof value !== "string") {
        data.delete(name); // files are not kept
      }
    }
    return data;
  }

  function length(data) {
    let found = 0;
    for (const value of data.values()) {
      found += value.length;
    }
    return found;
  }

  function keepCopy(data) {
    const sent = [...data.entries()].filter(([name]) => name !== "csrfmiddlewaretoken");
    try {
      localStorage.setItem(copy, JSON.stringify({ address, at: Date.now(), sent }));
      return true;
    } catch {
      dropCopy(copy); // half of what was typed is worse than none
      return false;
    }
  }

  function dropCopy(key) {
    try {
      localStorage.removeItem(key);
    } catch {
      // What cannot be kept need not be dropped.
    }
  }

  /* Copies of this form that its typist left here, latest first; old ones of anybody go. */
  function copies() {
    const found = [];
    try {
      for (const key of Object.keys(localStorage).filter((one) => one.startsWith("draft "))) {
        const held = JSON.parse(localStorage.getItem(key));
        if (Date.now() - held.at > COPIES_KEPT) {
          dropCopy(key);
        } else if (key.startsWith(prefix) && held.address === address) {
          found.push({ key, ...held });
        }
      }
    } catch {
      return [];
    }
    return found.sort((one, other) => other.at - one.at);
  }

  // --- what is said

  /* What stands there already is not announced again. */
  function tell(id, text) {
    const place = document.getElementById(id);
    if (place.textContent !== text) {
      place.textContent = text;
    }
  }

  function shout(what, { mend = "", signIn = false } = {}) {
    const hasCopy = !isOver && keepCopy(fields());
    const told = [mend, isOver ? "" : hasCopy ? words.copied : words.uncopied];
    tell("draft-trouble-what", what);
    tell("draft-trouble-mend", told.filter(Boolean).join(" "));
    document.getElementById("draft-trouble-ways").hidden = !signIn;
    trouble.hidden = false;
    line.textContent = "";
    window.onbeforeunload = hasCopy || isOver ? null : () => false;
  }

  function calm(instant) {
    const wasLoud = !trouble.hidden;
    trouble.hidden = true;
    window.onbeforeunload = null;
    const told = words.saved.replace("%(time)s", time(instant));
    line.textContent = told;
    if (wasLoud) {
      said.textContent = `${words.again} ${told}`;
    } else if (!said.textContent) {
      said.textContent = `${words.saves} ${told}`; // once; after that it is only shown
    }
  }

  // --- saving

  async function ask(url, options = {}) {
    const impatience = new AbortController();
    const timeout = setTimeout(() => impatience.abort(), GIVES_UP);
    try {
      return await fetch(url, {
        headers: { Accept: "application/json" },
        redirect: "manual", // to where people sign in
        cache: "no-store",
        signal: impatience.signal,
        ...options,
      });
    } finally {
      clearTimeout(timeout);
    }
  }

  const isSignedOut = (answer) => answer.type === "opaqueredirect";

  /* Whoever signed in anew in another window has another token; a form takes over one's own. */
  async function renewed() {
    const answer = await ask(draftState);
    if (!answer.ok) {
      return isSignedOut(answer) ? "signedOut" : "refused";
    }
    const told = await answer.json();
    if (told.person !== person) {
      return "another";
    }
    for (const field of document.querySelectorAll("input[name=csrfmiddlewaretoken]")) {
      field.value = told.token;
    }
    document.body.setAttribute("hx-headers", JSON.stringify({ "X-CSRFToken": told.token }));
    return "renewed";
  }

  /* What came of it: saved, sent, signedOut, another, tooLong, refused; and what was said. */
  async function attempt(data, isAgain = false) {
    const answer = await ask(draftSave, { method: "POST", body: data });
    if (isSignedOut(answer)) {
      return { state: "signedOut" };
    }
    if (answer.status === 403 && !isAgain) {
      const state = await renewed();
      if (state !== "renewed") {
        return { state, status: 403 };
      }
      data.set("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
      return attempt(data, true);
    }
    if (answer.status === 413) {
      return { state: "tooLong" };
    }
    const isOurs = (answer.headers.get("Content-Type") ?? "").startsWith("application/json");
    return isOurs ? answer.json() : { state: "refused", status: answer.status };
  }

  async function save() {
    if (isSaving || isLeaving || isOver || !typedAt) {
      return;
    }
    isSaving = true;
    const data = fields();
    const typed = typing;
    if (length(data) < LONG) {
      keepCopy(data); // the answer may never come
    }
    let told;
    try {
      told = await attempt(data);
    } catch {
      told = { state: "offline" };
    }
    isSaving = false;
    if (isLeaving) {
      return;
    }
    if (told.state === "saved") {
      failures = 0;
      calm(told.at);
      if (typed === typing) {
        typedAt = 0;
        dropCopy(copy);
      } else {
        later();
      }
      return;
    }
    complain(told);
  }

  function complain(told) {
    failures += 1;
    if (told.state === "sent") {
      isOver = true;
      dropCopy(copy);
      shout(words.sent);
      return;
    }
    if (told.state === "offline") {
      shout(words.unsaved, { mend: words.offline });
    } else if (told.state === "signedOut") {
      shout(words.unsaved, { mend: words.signedOut, signIn: true });
    } else if (told.state === "another") {
      shout(words.unsaved, { mend: words.another, signIn: true });
    } else if (told.state === "tooLong") {
      shout(words.unsaved, { mend: words.tooLong });
    } else {
      const mend = told.said || words.refused.replace("%(status)s", told.status);
      shout(words.unsaved, { mend });
    }
    clearTimeout(timer);
    timer = setTimeout(save, Math.min(2_000 * 2 ** (failures - 1), 30_000));
  }

  /* Soon, but not while somebody is typing; a form that is failing waits for its turn. */
  function later() {
    if (failures || isOver) {
      return;
    }
    clearTimeout(timer);
    const slow = length(fields()) < LONG ? 1 : 5;
    const waited = Date.now() - typedAt;
    timer = setTimeout(save, Math.max(0, Math.min(QUIET * slow, AT_MOST * slow - waited)));
  }

  function typed(event) {
    if (event.target.form === form && event.target !== stamp) {
      typedAt ||= Date.now();
      typing += 1;
      if (failures && length(fields()) < LONG) {
        keepCopy(fields());
      }
      later();
    }
  }

  /* The page goes, or is put away: what is not saved yet is sent after it. */
  function leave() {
    if (!typedAt || isLeaving || isOver) {
      return;
    }
    const data = fields();
    const options = { method: "POST", body: data, headers: { Accept: "application/json" } };
    keepCopy(data);
    fetch(draftSave, { ...options, redirect: "manual", keepalive: length(data) < BEACON }).catch(
      () => {},
    );
  }

  form.addEventListener("input", typed);
  form.addEventListener("change", typed);
  document.addEventListener("submit", (event) => {
    if (event.target === form && !navigator.onLine) {
      event.preventDefault(); // the browser's own page would take the place of the form
      typedAt ||= Date.now();
      shout(words.unsent, { mend: words.offline });
      trouble.tabIndex = -1;
      trouble.focus();
      return;
    }
    if (event.target === form && typedAt) {
      keepCopy(fields()); // in case it never arrives; the next page of this form asks
    }
    if (event.target === form || event.target.closest(".draft-shown")) {
      isLeaving = true; // sent, or discarded: a draft of it would come too late
      window.onbeforeunload = null;
    }
  });
  window.addEventListener("online", save);
  window.addEventListener("pagehide", leave);
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) {
      leave();
    } else {
      save();
    }
  });
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) {
      // Back to a page that the browser had put away: it may have been sent since.
      isLeaving = false;
      typedAt ||= Date.now();
      save();
    }
  });

  /* The form shows it already: the register had it when this page was made. A page that answers a
   * step of its own form had what was sent, and has filled in more. */
  function isShown(held) {
    if ("draftAnswered" in form.dataset && held.key === copy) {
      return true;
    }
    const own = (name) => !["draft_of", "once", "csrfmiddlewaretoken"].includes(name);
    const shown = [...fields().entries()].filter(([name]) => own(name));
    return JSON.stringify(shown) === JSON.stringify(held.sent.filter(([name]) => own(name)));
  }

  /* What this browser kept and the register has not: given to it, and shown by it. */
  async function restore() {
    for (const held of copies()) {
      if (isShown(held)) {
        dropCopy(held.key);
        continue;
      }
      const data = new FormData();
      for (const [name, value] of held.sent) {
        data.append(name, value);
      }
      data.set("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
      try {
        const told = await attempt(data);
        if (told.state === "saved") {
          dropCopy(held.key);
          if (!typedAt) {
            isLeaving = true;
            const mark = address.includes("?") ? "&" : "?";
            window.location.replace(`${address}${mark}draft=${told.uid}`);
          }
          return;
        }
        if (told.state === "sent") {
          dropCopy(held.key);
        }
      } catch {
        return;
      }
    }
  }

  restore();
})();

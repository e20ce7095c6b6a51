// Passkeys: a form with data-passkey asks the device before it is sent. "ask" fetches what to ask
// with, "get" and "create" have it in the page. Without this script such forms stay hidden or are
// refused by the server; password and code work without it.
(() => {
  "use strict";

  const options = () => JSON.parse(document.getElementById("passkey-options").textContent);

  async function asked(form) {
    const answer = await fetch(form.action, { headers: { Accept: "application/json" } });
    if (!answer.ok) throw new Error(`${answer.status}`);
    return (await answer.json()).request_options;
  }

  // Whether it can sign in alone is the visitor's choice in the form, so it is set here.
  function creation(form) {
    const wanted = options();
    const alone = form.elements.passwordless.checked;
    Object.assign(wanted.publicKey.authenticatorSelection, {
      residentKey: alone ? "required" : "discouraged",
      requireResidentKey: alone,
    });
    if (alone) wanted.publicKey.authenticatorSelection.userVerification = "required";
    return wanted;
  }

  const ways = {
    ask: async (form) => window.webauthnJSON.get(await asked(form)),
    get: () => window.webauthnJSON.get(options()),
    create: (form) => window.webauthnJSON.create(creation(form)),
  };

  async function send(form) {
    const failure = form.querySelector("[data-passkey-failure]");
    const button = form.querySelector("button[type=submit]");
    failure.textContent = "";
    button.disabled = true;
    try {
      form.elements.credential.value = JSON.stringify(await ways[form.dataset.passkey](form));
      form.submit();
    } catch (error) {
      const { words, wordsKnown } = failure.dataset;
      failure.textContent = error.name === "InvalidStateError" ? wordsKnown : words;
      button.disabled = false;
    }
  }

  if (!window.webauthnJSON || !window.webauthnJSON.supported()) return;
  for (const form of document.querySelectorAll("form[data-passkey]")) {
    form.hidden = false;
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      send(form);
    });
  }
})();

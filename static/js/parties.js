/* Choosing a party by typing: a combobox for one, a search above a list to tick in for several.
 *
 * The select and the list stay what is sent; without this script they are used as they are. Names
 * and what parties are called besides are searched, in any script, without case and accents. What
 * is typed and is nobody's name becomes the name of a new party: nothing typed is lost.
 */
(() => {
  "use strict";

  const SHOWN = 50;

  const plain = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLocaleLowerCase().trim();
  const fill = (words, name, value) => words.replace(name, value);

  function element(tag, attributes, text) {
    const found = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) {
      found.setAttribute(name, value);
    }
    if (text) {
      found.textContent = text;
    }
    return found;
  }

  /* The lines for a new party below a list; null where none may be named. */
  function newParty(choice) {
    const details = choice.querySelector(".new-party");
    if (!details) {
      return null;
    }
    const [name, kind] = [details.querySelector("input"), details.querySelector("select")];
    return {
      name,
      kind,
      open(text) {
        details.open = true;
        name.value = text;
        tell(name);
      },
      clear() {
        if (name.value) {
          name.value = "";
          kind.value = "";
          details.open = false;
          tell(name);
        }
      },
    };
  }

  function tell(control) {
    control.dispatchEvent(new Event("change", { bubbles: true }));
  }

  function combobox(choice) {
    const select = choice.querySelector("select");
    const create = newParty(choice);
    const words = choice.dataset;
    const options = [...select.options]
      .filter((one) => one.value)
      .map((one) => ({
        value: one.value,
        label: one.label,
        also: one.dataset.also || "",
        searched: plain(`${one.label} ${one.dataset.also || ""}`),
        names: [one.label, ...(one.dataset.also || "").split(" · ")].map(plain),
      }));
    const id = select.id;
    const list = element("ul", { class: "party-list", role: "listbox", id: `${id}_list`, hidden: "" });
    const input = element("input", {
      type: "text",
      role: "combobox",
      id,
      autocomplete: "off",
      spellcheck: "false",
      dir: "auto",
      "aria-autocomplete": "list",
      "aria-expanded": "false",
      "aria-controls": list.id,
    });
    for (const name of ["aria-describedby", "aria-invalid", "required", "autofocus"]) {
      if (select.hasAttribute(name) && name !== "required") {
        input.setAttribute(name, select.getAttribute(name));
      }
    }
    if (select.required) {
      input.setAttribute("aria-required", "true");
    }
    const status = element("p", { class: "visually-hidden", role: "status" });
    const label = choice.closest(".field")?.querySelector(`label[for="${CSS.escape(id)}"]`);
    select.id = `${id}_chosen`;
    if (label) {
      label.id ||= `${id}_label`;
      list.setAttribute("aria-labelledby", label.id);
    }
    select.hidden = true;
    select.required = false;
    const box = element("div", { class: "party-box" });
    box.append(input, list, status);
    select.before(box);

    let shown = [];
    let active = -1;
    const chosen = () => options.find((one) => one.value === select.value);
    const show = () => {
      input.value = chosen()?.label ?? "";
    };
    show();

    function close() {
      list.hidden = true;
      input.setAttribute("aria-expanded", "false");
      input.removeAttribute("aria-activedescendant");
      active = -1;
    }

    function open() {
      const text = plain(input.value);
      const isChosen = chosen() && plain(chosen().label) === text;
      const found = !text || isChosen ? options : options.filter((one) => one.searched.includes(text));
      const begins = (one) => (one.names.some((name) => name.startsWith(text)) ? 0 : 1);
      shown = (text && !isChosen ? [...found].sort((a, b) => begins(a) - begins(b)) : found).slice(0, SHOWN);
      const isNew = create && text && !options.some((one) => one.names.includes(text));
      const items = shown.map((one, index) => {
        const item = element("li", { role: "option", id: `${list.id}_${index}`, "aria-selected": "false" });
        item.append(element("span", {}, one.label));
        if (one.also) {
          item.append(" ", element("span", { class: "quiet" }, `${words.also} ${one.also}`));
        }
        return item;
      });
      if (isNew) {
        shown = [...shown, null];
        const said = fill(words.create, "NAME", input.value.trim());
        items.push(
          element("li", { role: "option", id: `${list.id}_new`, class: "party-new", "aria-selected": "false" }, said),
        );
      }
      list.replaceChildren(...items);
      list.hidden = items.length === 0;
      input.setAttribute("aria-expanded", String(items.length > 0));
      status.textContent = found.length ? fill(words.found, "NUMBER", found.length) : words.none;
      move(text && !isChosen && shown.length ? 0 : -1);
    }

    function move(to) {
      list.children[active]?.setAttribute("aria-selected", "false");
      active = to;
      const item = list.children[active];
      if (item) {
        item.setAttribute("aria-selected", "true");
        item.scrollIntoView({ block: "nearest" });
        input.setAttribute("aria-activedescendant", item.id);
      } else {
        input.removeAttribute("aria-activedescendant");
      }
    }

    function take(index) {
      const one = shown[index];
      if (one) {
        select.value = one.value;
        create?.clear();
        show();
        tell(select);
      } else {
        const text = input.value.trim();
        select.value = "";
        input.value = "";
        create.open(text);
        create.kind.focus();
      }
      close();
    }

    /* Left with a text: it is somebody's name, or nobody's, or nothing is chosen. */
    function settle() {
      const text = plain(input.value);
      const named = options.filter((one) => one.names.includes(text));
      if (!text) {
        if (select.value) {
          select.value = "";
          tell(select);
        }
      } else if (!chosen() || plain(chosen().label) !== text) {
        if (named.length === 1) {
          select.value = named[0].value;
          create?.clear();
          tell(select);
        } else if (create) {
          create.open(input.value.trim());
          select.value = "";
          input.value = "";
          return;
        }
      }
      show();
    }

    input.addEventListener("input", (event) => {
      event.stopPropagation();
      open();
    });
    input.addEventListener("change", (event) => event.stopPropagation());
    input.addEventListener("click", open);
    input.addEventListener("keydown", (event) => {
      const isOpen = !list.hidden;
      if (event.key === "ArrowDown" || event.key === "ArrowUp") {
        event.preventDefault();
        if (!isOpen) {
          open();
        }
        const step = event.key === "ArrowDown" ? 1 : -1;
        const total = list.children.length;
        if (total) {
          move((active + step + total + (active < 0 && step < 0 ? 1 : 0)) % total);
        }
      } else if (event.key === "Enter" && isOpen && active >= 0) {
        event.preventDefault();
        take(active);
      } else if (event.key === "Escape" && isOpen) {
        event.preventDefault();
        close();
      }
    });
    input.addEventListener("blur", () => {
      close();
      settle();
    });
    list.addEventListener("pointerdown", (event) => {
      event.preventDefault();
      const item = event.target.closest("[role=option]");
      if (item) {
        take([...list.children].indexOf(item));
      }
    });
    input.form?.addEventListener("submit", settle, { capture: true });
  }

  function search(choice) {
    const list = choice.querySelector(".many-list");
    if (!list) {
      return;
    }
    const create = newParty(choice);
    const words = choice.dataset;
    const entries = [...list.querySelectorAll("li")].map((item) => ({
      item,
      searched: plain(`${item.textContent} ${item.querySelector("[data-also]")?.dataset.also || ""}`),
    }));
    const line = element("p", { class: "party-search" });
    const input = element("input", {
      type: "search",
      "aria-label": words.search,
      placeholder: words.search,
      dir: "auto",
      autocomplete: "off",
    });
    const status = element("span", { role: "status", class: "quiet" });
    line.append(input, status);
    if (create) {
      const button = element("button", { type: "button", class: "second", hidden: "" });
      button.addEventListener("click", () => {
        create.open(input.value.trim());
        input.value = "";
        find();
        create.kind.focus();
      });
      line.append(button);
    }
    list.prepend(line);

    function find() {
      const text = plain(input.value);
      let found = 0;
      for (const one of entries) {
        const fits = !text || one.searched.includes(text) || Boolean(one.item.querySelector("input:checked"));
        one.item.hidden = !fits;
        found += text && one.searched.includes(text) ? 1 : 0;
      }
      for (const group of list.querySelectorAll("[role=group]")) {
        group.hidden = ![...group.querySelectorAll("li")].some((item) => !item.hidden);
      }
      status.textContent = !text ? "" : found ? fill(words.found, "NUMBER", found) : words.none;
      const button = line.querySelector("button");
      if (button) {
        button.hidden = !text || found > 0;
        button.textContent = fill(words.create, "NAME", input.value.trim());
      }
    }

    input.addEventListener("input", (event) => {
      event.stopPropagation();
      find();
    });
    input.addEventListener("change", (event) => event.stopPropagation());
    input.addEventListener("keydown", (event) => {
      if (event.key === "Enter") {
        event.preventDefault();
      }
    });
  }

  for (const choice of document.querySelectorAll("[data-party]")) {
    if (choice.dataset.party === "one") {
      combobox(choice);
    } else {
      search(choice);
    }
  }
})();

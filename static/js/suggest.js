/*
 * Suggestions under a search field: the combobox pattern of the ARIA authoring practices with a list box.
 * Without this file the field is a plain search field. `data-suggest` on its frame is the address to ask.
 *
 * Arrows move through the list, Enter opens what is chosen (or searches, where nothing is), Escape closes the list and,
 * pressed again, empties the field, Tab leaves. The focus stays in the field; a polite status says how many there are.
 */
"use strict";

(() => {
  const DELAY = 180;
  const SHORTEST = 2;
  let made = 0;

  document.querySelectorAll("[data-suggest]").forEach(connect);

  function connect(frame) {
    const input = frame.querySelector("input[type=search]");
    const label = input && (input.labels[0] || null);
    if (!input) return;

    made += 1;
    const list = document.createElement("div");
    list.className = "suggestions";
    list.id = `suggestions-${made}`;
    list.hidden = true;
    list.setAttribute("role", "listbox");
    if (label) list.setAttribute("aria-label", label.textContent.trim());
    const status = document.createElement("div");
    status.className = "visually-hidden";
    status.setAttribute("role", "status");
    frame.append(list, status);

    input.setAttribute("role", "combobox");
    input.setAttribute("aria-autocomplete", "list");
    input.setAttribute("aria-controls", list.id);
    input.setAttribute("aria-expanded", "false");
    input.setAttribute("autocomplete", "off");

    let chosen = -1;
    let timer = 0;
    let asked = "";
    let request = null;

    const options = () => [...list.children];

    function close() {
      clearTimeout(timer);
      list.hidden = true;
      input.setAttribute("aria-expanded", "false");
      choose(-1);
    }

    function open() {
      list.hidden = !list.children.length;
      input.setAttribute("aria-expanded", String(!list.hidden));
    }

    function choose(place) {
      chosen = place;
      options().forEach((option, number) => option.setAttribute("aria-selected", String(number === place)));
      const option = options()[place];
      if (option) {
        input.setAttribute("aria-activedescendant", option.id);
        option.scrollIntoView({ block: "nearest" });
      } else {
        input.removeAttribute("aria-activedescendant");
      }
    }

    function show(answer) {
      list.replaceChildren(...answer.suggestions.map((suggestion, number) => optionOf(suggestion, number)));
      choose(-1);
      open();
      status.textContent = answer.status;
    }

    function optionOf(suggestion, number) {
      const option = document.createElement("div");
      option.id = `${list.id}-${number}`;
      option.setAttribute("role", "option");
      option.setAttribute("aria-selected", "false");
      option.dataset.url = suggestion.url;
      const title = part("suggestion-title", suggestion.title);
      if (suggestion.language) title.lang = suggestion.language;
      option.append(title);
      if (suggestion.name) option.append(" ", part("suggestion-name", suggestion.name));
      option.append(" ", part("suggestion-note", suggestion.note));
      // The field keeps the focus: otherwise the list would close before the click arrives.
      option.addEventListener("pointerdown", (event) => event.preventDefault());
      option.addEventListener("click", () => go(option));
      return option;
    }

    function part(name, text) {
      const span = document.createElement("span");
      span.className = name;
      span.textContent = text;
      return span;
    }

    function go(option) {
      close();
      window.location.assign(option.dataset.url);
    }

    async function ask() {
      const query = input.value.trim();
      if (request) request.abort();
      if (query.length < SHORTEST) {
        asked = "";
        list.replaceChildren();
        close();
        status.textContent = "";
        return;
      }
      if (query === asked) {
        open();
        return;
      }
      const address = new URL(frame.dataset.suggest, window.location.href);
      address.searchParams.set("q", query);
      request = new AbortController();
      try {
        const answer = await fetch(address, { signal: request.signal, credentials: "omit" });
        if (!answer.ok) return;
        const found = await answer.json();
        asked = query;
        if (document.activeElement === input) show(found);
      } catch (error) {
        // Too late, or no connection: the field still searches.
        if (error.name !== "AbortError") close();
      }
    }

    input.addEventListener("input", () => {
      clearTimeout(timer);
      timer = setTimeout(ask, DELAY);
    });

    input.addEventListener("keydown", (event) => {
      if (event.isComposing) return;
      const count = options().length;
      const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      if (step && count) {
        event.preventDefault();
        if (list.hidden) open();
        // One place more than there are options: that is the field itself, with what was typed.
        const next = (chosen + step + count + 1 + 1) % (count + 1) - 1;
        choose(next);
      } else if (event.key === "Enter" && !list.hidden && chosen >= 0) {
        event.preventDefault();
        go(options()[chosen]);
      } else if (event.key === "Escape" && !list.hidden) {
        event.preventDefault();
        close();
      }
    });

    input.addEventListener("blur", close);
    input.form.addEventListener("submit", close);
  }
})();

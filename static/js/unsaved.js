// A form whose text must not be lost: a few seconds after each change the server keeps it for this person, and whoever
// leaves with changes that are not saved is asked. Without JavaScript every button of the page keeps what was typed.
// The texts stand in attributes of the form, or of a mark in it.
const SECONDS = 4;

for (const mark of document.querySelectorAll("[data-unsaved]")) {
  const form = mark.closest("form");
  const status = form.querySelector("[data-keep-status]");
  const texts = mark.dataset;
  let isChanged = texts.unsaved === "kept";
  let isLeaving = false;
  let isSubmitted = false;
  let timer;
  let sending;
  // What this window knows to be kept: the mark of the server; undefined where nobody knows.
  let since = texts.keptMark;

  const say = (text) => {
    if (status && status.textContent !== text) status.textContent = text;
  };

  const fields = () => {
    const data = new FormData(form);
    for (const [name, value] of [...data]) if (value instanceof File) data.delete(name);
    return data;
  };

  const address = () => since === undefined ? texts.keep : `${texts.keep}&since=${encodeURIComponent(since)}`;

  const keep = async () => {
    clearTimeout(timer);
    timer = undefined;
    if (!texts.keep || isSubmitted) return;
    // One after the other: the answer says what is kept.
    if (sending) return change();
    sending = new AbortController();
    try {
      const answer = await fetch(address(), {
        method: "POST", body: fields(), redirect: "manual", signal: sending.signal,
      });
      const time = new Date().toTimeString().slice(0, 5);
      if (answer.status === 204) since = answer.headers.get("X-Kept-Mark") ?? undefined;
      const words = { 204: texts.saysKept.replace("TIME", time), 409: texts.saysElsewhere };
      say(words[answer.status] ?? texts.saysLost);
    } catch (error) {
      // It may have been kept all the same.
      since = undefined;
      if (error.name !== "AbortError") say(texts.saysLost);
    }
    sending = undefined;
  };

  const change = () => {
    isChanged = true;
    clearTimeout(timer);
    timer = setTimeout(keep, SECONDS * 1000);
  };
  form.addEventListener("input", change);
  form.addEventListener("change", change);

  form.addEventListener("submit", () => {
    isLeaving = isSubmitted = true;
    clearTimeout(timer);
    sending?.abort();
  });

  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[href]");
    if (!isChanged || !link || event.defaultPrevented || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const leadsAway = link.origin !== location.origin || link.pathname !== location.pathname || !link.hash;
    if (link.target === "_blank" || !leadsAway) return;
    if (window.confirm(texts.leave)) isLeaving = true;
    else event.preventDefault();
  });

  window.addEventListener("beforeunload", (event) => {
    if (isChanged && !isLeaving) event.preventDefault();
  });

  // A form that comes back refused holds what is not saved, whether or not a field is to blame.
  if (texts.unsaved === "returned" || form.querySelector("[aria-invalid=true]")) change();

  // The browser kept the page as it was when its form was sent, and shows it again.
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) isLeaving = isSubmitted = false;
  });

  // What was typed in the last seconds.
  window.addEventListener("pagehide", () => {
    if (timer && texts.keep && !isSubmitted) navigator.sendBeacon(address(), fields());
  });
}

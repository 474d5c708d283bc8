/* Everything on the page that a reader cannot read as it was meant: wider than the window, cut off, outside its box,
   one control on another. A bar that stays at an edge of the window is looked at in its own place: what it covers can
   be scrolled to, and the ways by keyboard prove that the focus is not under it. Returns sentences; none is good. */
() => {
  const ROUNDING = 1.5;
  const faults = new Set();
  const root = document.documentElement;
  const windowWidth = root.clientWidth;

  const named = (element) => {
    const words = (element.textContent || element.value || "").trim().replace(/\s+/g, " ").slice(0, 40);
    const classes = [...element.classList].map((name) => `.${name}`).join("");
    return `${element.localName}${element.id ? `#${element.id}` : ""}${classes} “${words}”`;
  };
  const seen = (element) =>
    element.checkVisibility({ opacityProperty: true, visibilityProperty: true }) &&
    !element.closest("svg, option, datalist, .visually-hidden, .skip-link, .map-skip, .honeypot");
  const style = new Map();
  const styleOf = (element) => style.get(element) || style.set(element, getComputedStyle(element)).get(element);
  const isBox = (element) => !["inline", "contents"].includes(styleOf(element).display);
  const ancestors = function* (element) {
    for (let up = element; up && up !== document.body; up = up.parentElement) yield up;
  };
  const scrolls = (element) => ["auto", "scroll"].includes(styleOf(element).overflowX);
  const hides = (element, axis) => ["hidden", "clip"].includes(styleOf(element)[axis]);
  const beyond = (inner, outer) => Math.max(outer.left - inner.left, inner.right - outer.right);

  /* The part of a rectangle that what scrolls around it shows. */
  const visible = (element, { left, right, top, bottom }) => {
    for (const up of ancestors(element.parentElement)) {
      if (!scrolls(up)) continue;
      const frame = up.getBoundingClientRect();
      [left, right] = [Math.max(left, frame.left), Math.min(right, frame.right)];
    }
    return { left, right, top, bottom, width: right - left, height: bottom - top };
  };

  const look = (element, rectangle) => {
    let box = null;
    for (const up of ancestors(element)) {
      const frame = up.getBoundingClientRect();
      if (hides(up, "overflowX") && frame.width > 1 && beyond(rectangle, frame) > ROUNDING)
        faults.add(`cut off at the side: ${named(element)}`);
      const below = Math.min(rectangle.bottom, rectangle.top + rectangle.height * 0.8) - frame.bottom;
      if (hides(up, "overflowY") && frame.height > 1 && below > ROUNDING) faults.add(`cut off below: ${named(element)}`);
      if (scrolls(up)) return;
      if (!box && isBox(up)) {
        box = up;
        if (beyond(rectangle, frame) > ROUNDING) faults.add(`outside its box: ${named(element)}`);
      }
      if (["absolute", "fixed"].includes(styleOf(up).position)) break;
    }
    if (rectangle.left < -ROUNDING || rectangle.right > windowWidth + ROUNDING)
      faults.add(`outside the window: ${named(element)}`);
  };

  if (root.scrollWidth > windowWidth) faults.add(`the page is ${root.scrollWidth - windowWidth} pixels too wide`);

  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const range = document.createRange();
  while (texts.nextNode()) {
    const text = texts.currentNode;
    if (!text.data.trim() || !seen(text.parentElement)) continue;
    range.selectNodeContents(text);
    for (const rectangle of range.getClientRects()) if (rectangle.width > 1) look(text.parentElement, rectangle);
  }
  for (const element of document.querySelectorAll("img, input, select, textarea, button, body svg")) {
    if (element.parentElement.closest("svg") || (element.localName !== "svg" && !seen(element))) continue;
    const rectangle = element.getBoundingClientRect();
    if (rectangle.width > 1 && element.checkVisibility()) look(element.parentElement, rectangle);
  }

  const bars = [...document.body.querySelectorAll("*")].filter((element) => styleOf(element).position === "sticky");
  for (const bar of bars) Object.assign(bar.style, { position: "relative", inset: "auto" });
  const controls = [...document.querySelectorAll("a, button, input, select, textarea, summary")]
    .filter((element) => seen(element) && styleOf(element).pointerEvents !== "none")
    .flatMap((element) => [...element.getClientRects()].map((rectangle) => [element, visible(element, rectangle)]))
    .filter(([, rectangle]) => rectangle.width > 4 && rectangle.height > 4);
  controls.forEach(([one, first], place) => {
    for (const [other, second] of controls.slice(place + 1)) {
      const wide = Math.min(first.right, second.right) - Math.max(first.left, second.left);
      const high = Math.min(first.bottom, second.bottom) - Math.max(first.top, second.top);
      if (wide > 3 && high > 6 && !one.contains(other) && !other.contains(one))
        faults.add(`one on the other: ${named(one)}, ${named(other)}`);
    }
  });
  for (const bar of bars) Object.assign(bar.style, { position: "", inset: "" });
  return [...faults];
}

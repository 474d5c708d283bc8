/* A button beside each date field opens the browser's calendar. A date may be typed all the same. */
function written(iso, pattern) {
  const [year, month, day] = iso.split("-");
  const parts = { dd: day, MM: month, d: String(Number(day)), M: String(Number(month)), y: year };
  return pattern.replace(/dd|MM|d|M|y/g, (part) => parts[part]);
}

function addCalendar(field) {
  if (field.disabled || field.readOnly || field.dataset.ready) return;
  field.dataset.ready = "yes";
  const line = document.createElement("span");
  line.className = "date-line";
  const button = document.createElement("button");
  button.type = "button";
  button.className = "pick-date";
  button.textContent = field.dataset.pick;
  const calendar = document.createElement("input");
  calendar.type = "date";
  calendar.tabIndex = -1;
  calendar.setAttribute("aria-hidden", "true");
  field.before(line);
  line.append(field, button, calendar);
  button.addEventListener("click", () => {
    try {
      calendar.showPicker();
    } catch {
      calendar.focus();
    }
  });
  calendar.addEventListener("change", () => {
    if (!calendar.value) return;
    field.value = written(calendar.value, field.dataset.date);
    field.dispatchEvent(new Event("input", { bubbles: true }));
    field.dispatchEvent(new Event("change", { bubbles: true }));
    field.focus();
  });
}

function addCalendars() {
  document.querySelectorAll("input[data-date]").forEach(addCalendar);
}
addCalendars();
document.addEventListener("formset:added", addCalendars);

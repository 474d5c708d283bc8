/* A proposal goes into its field without a new page, and stays marked until the form is saved. */
document.addEventListener("click", (event) => {
  const button = event.target.closest("button[name=take]");
  if (!button) return;
  const [column, place, ...words] = button.value.split(" ");
  const field = button.form.elements[column];
  const mark = document.querySelector(`.proposal-mark[data-column="${CSS.escape(column)}"]`);
  if (!field || field.disabled || field.readOnly || !mark) return;
  event.preventDefault();
  const before = place === "behind" ? field.value.trimEnd() : "";
  field.value = [before, words.join(" ")].filter(Boolean).join(" ");
  field.dispatchEvent(new Event("input", { bubbles: true }));
  mark.querySelector("p").hidden = false;
  mark.querySelector("input").disabled = false;
  field.focus();
});

// A field that suggests (select2) has no name for a screen reader: its box takes the field's label and then its value.
const nameChoices = () => {
  for (const select of document.querySelectorAll("select.admin-autocomplete")) {
    const label = select.labels[0];
    const box = select.nextElementSibling?.querySelector("[role=combobox]");
    if (!label || !box) continue;
    label.id ||= `${select.id}-label`;
    const value = box.querySelector("[role=textbox]");
    value?.setAttribute("aria-labelledby", label.id);
    box.setAttribute("aria-labelledby", value ? `${label.id} ${value.id}` : label.id);
  }
};

// The administration's own script makes the boxes when jQuery is ready, which may be after "load", and in each added row.
django.jQuery(nameChoices);
document.addEventListener("formset:added", () => setTimeout(nameChoices));

/* Near the limit of a text field: how many characters stand in it. The server cuts nothing and says the same. */
const NEAR = 0.9;
const PAUSE = 700;
let timer;

function counterOf(field) {
  const id = `${field.id}_counter`;
  const present = document.getElementById(id);
  if (present) return present;
  const counter = document.createElement("p");
  counter.id = id;
  counter.className = "counter";
  counter.setAttribute("role", "status");
  const line = field.closest(".flex-container") ?? field;
  line.after(counter);
  return counter;
}

function count(field) {
  const most = Number(field.dataset.most);
  // Characters, not the halves of pairs that JavaScript counts.
  const length = [...field.value].length;
  const isNear = length >= most * NEAR;
  if (!isNear && !document.getElementById(`${field.id}_counter`)) return;
  const counter = counterOf(field);
  const words = field.dataset.counted.replace("{count}", length).replace("{most}", most);
  counter.hidden = !isNear;
  counter.toggleAttribute("data-over", length > most);
  // A screen reader hears the number when the person pauses, not with every key.
  clearTimeout(timer);
  timer = setTimeout(() => {
    counter.textContent = words;
  }, counter.textContent ? PAUSE : 0);
}

document.addEventListener("input", (event) => {
  if (event.target.matches("[data-most]")) count(event.target);
});
for (const field of document.querySelectorAll("[data-most]")) count(field);

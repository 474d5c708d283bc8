/* Asks the browser for a passkey and sends its answer with the form. `data-options` holds what the browser is asked;
   `data-options-from` is the address that gives it. The library's webauthn-json.js turns bytes into text and back. */
async function optionsOf(form) {
  if (form.dataset.options) return JSON.parse(form.dataset.options);
  const response = await fetch(form.dataset.optionsFrom, { headers: { Accept: "application/json" } });
  if (!response.ok) throw new Error(response.statusText);
  return response.json();
}

function showFailure(form, name) {
  const sentences = form.querySelectorAll("[data-failure]");
  const isKnown = [...sentences].some((sentence) => sentence.dataset.failure === name);
  for (const sentence of sentences) {
    sentence.hidden = sentence.dataset.failure !== (isKnown ? name : "");
  }
}

async function askForPasskey(event) {
  event.preventDefault();
  const form = event.currentTarget;
  showFailure(form, "none of them");
  try {
    const options = await optionsOf(form);
    const answer = await webauthnJSON[form.dataset.passkey](options);
    form.elements.credential.value = JSON.stringify(answer);
    form.submit();
  } catch (error) {
    showFailure(form, error.name);
  }
}

if (window.PublicKeyCredential) {
  for (const form of document.querySelectorAll("form[data-passkey]")) {
    form.hidden = false;
    form.addEventListener("submit", askForPasskey);
  }
  for (const sentence of document.querySelectorAll("[data-without-passkey]")) sentence.hidden = true;
}

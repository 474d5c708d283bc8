// Sends the form that asks for it as soon as the page is there: the person pressed the button before, on the page that
// carried them here. Without JavaScript they press it once more.
document.querySelector("form[data-send-at-once]")?.requestSubmit();

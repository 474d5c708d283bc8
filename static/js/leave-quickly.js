// Whoever leaves quickly does not come back with the browser's Back button: the other website takes this page's place in
// the tab's history. Without JavaScript the link simply opens it.
document.querySelector(".quick-exit")?.addEventListener("click", (event) => {
  event.preventDefault();
  window.location.replace(event.currentTarget.href);
});

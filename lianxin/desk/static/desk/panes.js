// Three panes: a row of the list opens beside it where there is room, and as a page of its own where there is not.
(() => {
  const wide = matchMedia("(min-width: 62rem)");

  document.addEventListener("htmx:beforeRequest", (event) => {
    const row = event.detail.elt.closest?.(".row-item");
    if (!row) return;
    if (!wide.matches) {
      event.preventDefault();
      location.assign(row.href);
      return;
    }
    for (const old of document.querySelectorAll(".row-item[aria-current]")) old.removeAttribute("aria-current");
    row.setAttribute("aria-current", "true");
  });

  // An answer that is no page of ours (signed out, gone, broken) is shown as the page that it is.
  document.addEventListener("htmx:responseError", (event) => location.assign(event.detail.pathInfo.requestPath));

  // Where the ways stand in one line, the one that is open is in sight.
  if (!wide.matches) document.querySelector(".desk-nav a[aria-current]")?.scrollIntoView({ inline: "center", block: "nearest" });

  const keys = document.querySelector("[data-show-keys]");
  if (keys) {
    keys.hidden = false;
    keys.addEventListener("click", () => document.body.dispatchEvent(new KeyboardEvent("keydown", { key: "?", bubbles: true })));
  }
})();

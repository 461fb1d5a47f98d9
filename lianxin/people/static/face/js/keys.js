// The keys of the desk. Single letters can be switched off (WCAG 2.1.4); none works while something is being written.
(() => {
  const OFF = "keys:off";
  const dialog = document.querySelector("#keys");
  const writing = (target) => target.closest?.("input, textarea, select, [contenteditable]");
  const rows = () => [...document.querySelectorAll(".list .row-item")];
  const seen = (element) => element.getClientRects().length > 0 && !element.disabled;
  const isOff = () => { try { return localStorage.getItem(OFF) === "1"; } catch { return false; } };

  const acts = () => [...document.querySelectorAll("[data-key]")].filter(seen);
  const act = (key) => acts().find((element) => element.dataset.key.toLowerCase() === key);

  const step = (by, from) => {
    const all = rows();
    const at = all.findIndex((row) => row === from || (!from && row.hasAttribute("aria-current")));
    return all[at + by < 0 ? -1 : at + by];
  };
  const open = (row) => { if (row) { row.focus(); row.click(); } };
  const move = (event, by) => {
    const row = event.target.closest?.(".row-item");
    if (!row) return false; // elsewhere the arrows scroll, as everywhere
    step(by, row)?.focus();
    return true;
  };
  const help = () => {
    const list = dialog.querySelector("[data-keys-list]");
    for (const old of list.querySelectorAll("[data-own]")) old.remove();
    for (const element of acts().reverse()) {
      const key = document.createElement("dt");
      const what = document.createElement("dd");
      const cap = document.createElement("kbd");
      cap.textContent = element.dataset.key.length === 1 ? element.dataset.key.toUpperCase() : element.dataset.key;
      key.append(cap);
      const copy = element.cloneNode(true);
      for (const inner of copy.querySelectorAll("kbd")) inner.remove();
      what.textContent = element.dataset.keyWords || copy.textContent.trim();
      for (const part of [what, key]) { part.dataset.own = ""; list.prepend(part); }
    }
    dialog.showModal();
  };

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing || event.defaultPrevented) return;
    const key = event.key.toLowerCase();
    if (dialog?.open || (key !== "escape" && writing(event.target))) return; // Escape leaves a form, also from within a field
    // Enter belongs to the link or button that has the focus.
    if (key === "enter" && event.target !== document.body && event.target.id !== "main") return;
    if (key === "arrowdown" && move(event, 1)) return event.preventDefault();
    if (key === "arrowup" && move(event, -1)) return event.preventDefault();
    if (key === "?" && dialog) { help(); return event.preventDefault(); }
    if (isOff()) return;
    const own = act(key);
    const search = document.querySelector("[data-search], .list input[type=search]");
    if (own) { own.focus(); own.click(); }
    else if (key === "/" && search) search.focus();
    else if (key === "j") open(step(1));
    else if (key === "k") open(step(-1));
    else return;
    event.preventDefault();
  });

  const change = dialog?.querySelector("[data-keys-switch]");
  if (change) {
    change.checked = !isOff();
    change.addEventListener("change", () => {
      try { change.checked ? localStorage.removeItem(OFF) : localStorage.setItem(OFF, "1"); } catch { /* stays on for this page */ }
    });
  }
  document.querySelector(".row-item[aria-current]")?.scrollIntoView({ block: "nearest" });
})();

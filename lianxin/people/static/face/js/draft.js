// Keeps what is being written in form[data-draft] on this device until it is sent; never files, passwords or hidden fields.
// Works on quietly where the browser refuses storage.
(() => {
  const DAYS = 7;
  const name = (key) => `draft:${key}`;
  const never = ["file", "password", "hidden", "submit", "button", "reset", "image"];

  const read = (key) => {
    try {
      const draft = JSON.parse(localStorage.getItem(name(key)));
      return draft && Date.now() - draft.at < DAYS * 86400000 ? draft.fields : null;
    } catch { return null; }
  };
  const write = (key, fields) => {
    try { localStorage.setItem(name(key), JSON.stringify({ at: Date.now(), fields })); return true; }
    catch { return false; }
  };
  const drop = (key) => { try { localStorage.removeItem(name(key)); } catch { /* nothing was kept */ } };

  const fieldsOf = (form) => [...form.elements].filter(
    (field) => field.name && !never.includes(field.type) && field.dataset.draft !== "off");
  const ticks = (field) => field.type === "checkbox" || field.type === "radio";

  const collect = (form) => {
    const kept = {};
    for (const field of fieldsOf(form)) {
      if (ticks(field)) { if (field.checked) (kept[field.name] ||= []).push(field.value); }
      else if (field.value) kept[field.name] = field.value;
    }
    return kept;
  };
  const restore = (form, kept) => {
    let restored = false;
    for (const field of fieldsOf(form)) {
      if (!(field.name in kept)) continue;
      if (ticks(field)) field.checked = [].concat(kept[field.name]).includes(field.value);
      else if (!field.value) { field.value = kept[field.name]; restored = true; }
      else continue; // what the server filled in is newer
      field.dispatchEvent(new Event("input", { bubbles: true }));
      field.dispatchEvent(new Event("change", { bubbles: true }));
    }
    return restored;
  };

  for (const done of document.querySelectorAll("[data-draft-clear]")) drop(done.dataset.draftClear);

  for (const form of document.querySelectorAll("form[data-draft]")) {
    const key = form.dataset.draft;
    const line = form.querySelector("[data-draft-line]");
    const kept = read(key);
    const show = (visible) => { if (line) line.hidden = !visible; };
    let waiting;

    // A form that came back with errors already holds what the person wrote.
    if (kept && !form.querySelector("[data-errors]")) show(restore(form, kept));

    const keep = () => {
      const fields = collect(form);
      const written = fieldsOf(form).some((field) => !ticks(field) && field.value !== field.defaultValue && field.tagName !== "SELECT");
      if (written) return show(write(key, fields));
      drop(key);
      show(false);
    };
    form.addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(keep, 400); });
    window.addEventListener("pagehide", () => { if (waiting) { clearTimeout(waiting); keep(); } });
    form.querySelector("[data-draft-drop]")?.addEventListener("click", () => {
      clearTimeout(waiting);
      waiting = 0;
      drop(key);
      form.reset();
      show(false);
      fieldsOf(form)[0]?.focus();
    });
  }
})();

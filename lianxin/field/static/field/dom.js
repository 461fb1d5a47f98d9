// Pages are built from elements, never from text: what somebody wrote at a door can do nothing here.

export const h = (name, given = {}, ...inside) => {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(given)) {
    if (value === undefined || value === null || value === false) continue;
    if (key.startsWith("on")) made.addEventListener(key.slice(2), value);
    else if (key in made && !key.includes("-") && key !== "list" && key !== "form") made[key] = value;
    else made.setAttribute(key, value === true ? "" : value);
  }
  made.append(...inside.flat(3).filter((each) => each !== undefined && each !== null && each !== false));
  return made;
};

export const icon = (name) => document.querySelector(`[data-icon="${name}"] svg`).cloneNode(true);

// One radio or tick as a chip of 48 px; the input is real, so that keys and screen readers find it.
export const chip = (type, name, value, label, checked = false, change = undefined) => {
  const input = h("input", { type, name, value, checked, onchange: change });
  return h("label", {}, input, h("span", {}, label));
};

export const chips = (legend, ...inside) =>
  h("fieldset", { className: "ask" }, h("legend", {}, legend), h("div", { className: "chips" }, inside));

// The look of a state, by shape and words and never by colour alone.
export const light = (tone, words) => h("span", { className: `light ${tone}` }, words);

export const notice = (tone, ...inside) => h("div", { className: `notice ${tone}`, role: tone === "late" ? "alert" : "status" }, h("div", {}, inside));

export const back = (href, words) => h("p", {}, h("a", { className: "back-link", href }, `← ${words}`));

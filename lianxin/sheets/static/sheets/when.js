// Hides the questions of a sheet that do not apply to what was answered before them. The server asks the same
// conditions again (lianxin/kit/condition): what is hidden here is not read there.
(() => {
  const prefix = `${document.currentScript?.dataset.prefix ?? "sheet"}-`;
  const asked = [...document.querySelectorAll("[data-when]")];
  if (!asked.length) return;

  const missing = (value) => value === undefined || value === "" || value.length === 0;
  const order = (value, other) => {
    if (typeof other === "string") return value < other ? -1 : value > other ? 1 : 0; // days as ISO text
    const number = Number(String(value).normalize("NFKC").replace(/[,\s]/g, ""));
    return Number.isNaN(number) ? NaN : number - other;
  };
  const same = (value, other) => {
    if (typeof other === "boolean") return value === (other ? "yes" : "no");
    return typeof other === "number" ? order(value, other) === 0 : value === other;
  };
  const tests = {
    equals: same,
    one_of: (value, others) => others.some((other) => same(value, other)),
    at_least: (value, other) => order(value, other) >= 0,
    at_most: (value, other) => order(value, other) <= 0,
    above: (value, other) => order(value, other) > 0,
    below: (value, other) => order(value, other) < 0,
    contains: (value, other) => value.includes(other),
  };
  const holds = (condition, values) => {
    if (condition.all) return condition.all.every((each) => holds(each, values));
    if (condition.any) return condition.any.some((each) => holds(each, values));
    if (condition.not) return !holds(condition.not, values);
    if (!condition.field) return true;
    const value = values[condition.field];
    if (condition.is === "missing") return missing(value);
    if (condition.is === "given") return !missing(value);
    if (condition.is === "differs") return missing(value) || !same(value, condition.value);
    return !missing(value) && tests[condition.is](value, condition.value);
  };

  // In the order of the page, so that a hidden question counts as unanswered for those after it.
  const look = () => {
    const values = {};
    for (const control of document.querySelectorAll(`[name^="${prefix}"]`)) {
      const name = control.name.slice(prefix.length);
      const block = control.closest("[data-when]");
      if (block) {
        // What the server found wrong it has asked: it stays in sight.
        const shown = holds(JSON.parse(block.dataset.when), values) || block.querySelector(".wrong") !== null;
        block.hidden = !shown;
        if (!shown) continue;
      }
      if (control.type === "checkbox") {
        values[name] ??= [];
        if (control.checked) values[name].push(control.value);
      } else if (control.type !== "radio" || control.checked) {
        values[name] = control.value.trim();
      }
    }
  };
  for (const words of document.querySelectorAll("[data-when-words]")) words.hidden = true;
  document.addEventListener("input", look);
  look();
})();

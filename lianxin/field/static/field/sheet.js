// A checklist as the county has configured it (docs/sheets.md), asked in the order of its questions. The county asks
// the same conditions again and has the last word.

import { h, chip } from "./dom.js";
import { t } from "./words.js";

const missing = (value) => value === undefined || value === "" || value.length === 0;
const order = (value, other) => {
  if (typeof other === "string") return value < other ? -1 : value > other ? 1 : 0;
  const number = Number(String(value).normalize("NFKC").replace(/[,\s]/g, ""));
  return Number.isNaN(number) ? NaN : number - other;
};
const same = (value, other) => {
  if (typeof other === "boolean") return value === (other ? "yes" : "no");
  return typeof other === "number" ? order(value, other) === 0 : value === other;
};
const TESTS = {
  equals: same,
  one_of: (value, others) => others.some((other) => same(value, other)),
  at_least: (value, other) => order(value, other) >= 0,
  at_most: (value, other) => order(value, other) <= 0,
  above: (value, other) => order(value, other) > 0,
  below: (value, other) => order(value, other) < 0,
  contains: (value, other) => value.includes(other),
};

export const holds = (condition, values) => {
  if (!condition) return true;
  if (condition.all) return condition.all.every((each) => holds(each, values));
  if (condition.any) return condition.any.some((each) => holds(each, values));
  if (condition.not) return !holds(condition.not, values);
  if (!condition.field) return true;
  const value = values[condition.field];
  if (condition.is === "missing") return missing(value);
  if (condition.is === "given") return !missing(value);
  if (condition.is === "differs") return missing(value) || !same(value, condition.value);
  return !missing(value) && TESTS[condition.is](value, condition.value);
};

const TYPES = { number: { inputMode: "decimal" }, date: { type: "date" }, phone: { type: "tel" }, identity: { autocapitalize: "characters" } };

const control = (field, value) => {
  const name = `sheet-${field.key}`;
  if (field.kind === "yesno") return h("div", { className: "chips" }, chip("radio", name, "yes", t("yes"), value === "yes"), chip("radio", name, "no", t("no"), value === "no"));
  if (field.kind === "choice" || field.kind === "many") {
    const type = field.kind === "many" ? "checkbox" : "radio";
    const chosen = [].concat(value ?? []);
    return h("div", { className: "chips" }, field.options.map((option) => chip(type, name, option.key, option.label, chosen.includes(option.key))));
  }
  if (field.kind === "long") return h("textarea", { className: "form-control", name, id: name, rows: 3, value: value ?? "" });
  return h("input", { className: "form-control", name, id: name, value: value ?? "", autocomplete: "off", ...TYPES[field.kind] });
};

// Ask the questions of a sheet; returns the element, and how to read what was answered.
export const asked = (sheet, values = {}) => {
  const blocks = sheet.fields.filter((field) => field.kind !== "area").map((field) => {
    const chosen = ["yesno", "choice", "many"].includes(field.kind);
    const label = [field.label, field.required ? "" : h("span", { className: "soft" }, ` ${t("optional")}`)];
    const inside = [field.help ? h("p", { className: "hint" }, field.help) : "", control(field, values[field.key])];
    const block = chosen
      ? h("fieldset", { className: "ask" }, h("legend", {}, label), inside)
      : h("div", { className: "ask" }, h("label", { htmlFor: `sheet-${field.key}` }, label), inside);
    return { field, block };
  });
  const read = () => {
    const found = {};
    for (const { field, block } of blocks) {
      block.hidden = !holds(field.when, found);
      if (block.hidden) continue;
      const inputs = [...block.querySelectorAll("input, textarea")];
      if (field.kind === "many") found[field.key] = inputs.filter((each) => each.checked).map((each) => each.value);
      else if (inputs[0]?.type === "radio") found[field.key] = inputs.find((each) => each.checked)?.value ?? "";
      else found[field.key] = inputs[0]?.value.trim() ?? "";
    }
    return found;
  };
  const element = h("section", { oninput: read }, h("h2", {}, sheet.title), blocks.map(({ block }) => block));
  read();
  return { element, read, missing: () => { const found = read(); return blocks.filter(({ field, block }) => !block.hidden && field.required && missing(found[field.key])).map(({ field }) => field.label); } };
};

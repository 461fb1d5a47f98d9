// Who lives at a door: a value put right, or somebody new. What was seen goes along with what is sent, so that nothing
// which somebody else wrote meanwhile is written over unseen.

import * as book from "../book.js";
import * as store from "../store.js";
import { back, chip, chips, h, notice } from "../dom.js";
import { t } from "../words.js";

const input = (name, label, value, more = {}) => h("div", { className: "ask" }, h("label", { htmlFor: name }, label), h("input", { className: "form-control form-control-lg", id: name, name, autocomplete: "off", value: value ?? "", ...more }));

const control = (field, value) => {
  if (field.kind === "choice") return h("div", { className: "ask" }, h("label", { htmlFor: field.key }, field.label), h("select", { className: "form-select form-select-lg", id: field.key, name: field.key }, h("option", { value: "" }, "–"), field.options.map((option) => h("option", { value: option.key, selected: option.key === String(value ?? "") }, option.label))));
  if (field.kind === "yesno") return chips(field.label, chip("radio", field.key, "yes", t("yes"), value === "yes"), chip("radio", field.key, "no", t("no"), value === "no"));
  const types = { date: { type: "date" }, phone: { type: "tel", placeholder: value ?? "" }, identity: { placeholder: value ?? "" } };
  return input(field.key, field.label, field.kind === "phone" || field.kind === "identity" ? "" : value, types[field.kind]);
};

const read = (form, field) => {
  if (field.kind === "yesno") return form.querySelector(`[name="${field.key}"]:checked`)?.value;
  return form.elements[field.key].value.trim();
};

const fieldsOf = (subject) => book.thing(`fields:${subject}`)?.fields ?? [];

const form = ({ home, subject, row, title }) => {
  const fields = fieldsOf(subject);
  const said = h("div", { "aria-live": "assertive" });
  const seen = (field) => row?.values?.[field.key];
  const made = h("form", { noValidate: true }, fields.map((field) => control(field, seen(field))), said, h("button", { className: "btn btn-primary btn-lg w-100", type: "submit" }, t("save")), h("p", { className: "small soft mt-2" }, t("save.how")));
  made.addEventListener("submit", async (event) => {
    event.preventDefault();
    const values = {};
    const base = {};
    for (const field of fields) {
      const value = read(made, field);
      const secret = field.kind === "phone" || field.kind === "identity";
      if (value === undefined || (secret && value === "") || value === (seen(field) ?? "")) continue;
      values[field.key] = value;
      base[field.key] = seen(field) ?? null;
    }
    if (!Object.keys(values).length) return said.replaceChildren(notice("near", t("people.same")));
    const body = row ? { household: Number(home.id), subject, id: row.id, values, base } : { household: Number(home.id), values };
    try {
      await book.write([{ id: crypto.randomUUID(), kind: row ? "change" : "resident", title: `${home.called} ${title}`, body }]);
      location.hash = `#/people/${home.id}`;
      dispatchEvent(new Event("field:sync"));
      dispatchEvent(new Event("field:show"));
    } catch (fault) { said.replaceChildren(notice("late", store.isFull(fault) ? t("full") : `${t("broken")} ${fault.message}`)); }
    return undefined;
  });
  return made;
};

export const people = async (id, which) => {
  const home = book.ofKind("household").find((each) => each.id === id);
  if (!home) return [notice("near", t("door.gone")), back("#/", t("back.doors"))];
  const person = home.people.find((each) => String(each.id) === which);
  if (which === "house") return [back(`#/people/${id}`, home.called), h("h1", {}, t("people.house")), form({ home, subject: "household", row: { id: Number(home.id), values: home.values }, title: t("people.house") })];
  if (which === "new") return [back(`#/people/${id}`, home.called), h("h1", {}, t("people.new")), form({ home, subject: "resident", title: t("people.new") })];
  if (person) return [back(`#/people/${id}`, home.called), h("h1", {}, person.name), form({ home, subject: "resident", row: person, title: person.name })];
  const waiting = (await book.entries()).filter((entry) => String(entry.body.household) === id && ["change", "resident"].includes(entry.kind) && entry.state !== book.STATES.ARRIVED);
  return [
    back(`#/door/${id}`, home.called), h("h1", {}, t("people.title")),
    waiting.length ? notice("say", t("people.waiting", { n: waiting.length })) : "",
    h("div", { className: "door-list" }, home.people.map((each) => h("a", { className: "door-row", href: `#/people/${id}/${each.id}` }, h("b", {}, each.name), h("span", { className: "soft small" }, [each.relation, each.born, each.here ? "" : t("people.away")].filter(Boolean).join(" · "))))),
    h("p", { className: "pair mt-3" }, h("a", { className: "btn btn-outline-primary", href: `#/people/${id}/new` }, t("people.new")), h("a", { className: "btn btn-outline-primary", href: `#/people/${id}/house` }, t("people.house"))),
  ];
};

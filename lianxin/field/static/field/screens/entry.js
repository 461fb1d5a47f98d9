// One entry: what it says and where it is; what was refused is mended, what two have changed is chosen field by field.

import * as book from "../book.js";
import * as vault from "../vault.js";
import { back, chip, chips, h, light, notice } from "../dom.js";
import { OUTCOMES, choiceOf } from "../visits.js";
import { clock, day, t } from "../words.js";
import { TONES, momentOf } from "./queue.js";

const shown = (value) => (value === null || value === undefined || value === "" ? "–" : value === "yes" || value === "no" ? t(value) : String(value));

const labelOf = (entry, key) => book.thing(`fields:${entry.body.subject ?? "resident"}`)?.fields.find((field) => field.key === key)?.label ?? key;

const go = () => { dispatchEvent(new Event("field:sync")); dispatchEvent(new Event("field:show")); };

const clash = async (entry) => {
  const clashes = await vault.unseal(entry.clashes);
  const made = h("form", {}, clashes.map((each) => h("section", { className: "sheet my-3" },
    h("h2", {}, labelOf(entry, each.field)),
    h("dl", { className: "facts" }, h("dt", {}, t("clash.base")), h("dd", {}, shown(each.base))),
    chips(t("clash.choose"), chip("radio", each.field, "theirs", t("clash.theirs", { value: shown(each.theirs) })), chip("radio", each.field, "mine", t("clash.mine", { value: shown(each.mine) }))))),
  h("button", { className: "btn btn-primary btn-lg w-100", type: "submit" }, t("clash.settle")));
  made.addEventListener("submit", async (event) => {
    event.preventDefault();
    const choices = clashes.map(({ field }) => [field, made.elements[field].value]).filter(([, choice]) => choice);
    if (choices.length < clashes.length) return made.prepend(notice("late", t("clash.missing")));
    await book.write(choices.map(([field, choice]) => ({ id: crypto.randomUUID(), kind: "settle", title: entry.title, body: { household: entry.body.household, entry: entry.id, field, choice } })));
    await book.settle([{ id: entry.id, status: "done", words: "" }]);
    location.hash = "#/queue";
    return go();
  });
  return made;
};

const mending = (entry) => {
  const { body } = entry;
  const text = h("textarea", { className: "form-control form-control-lg", id: "text", rows: 4, value: body.text ?? body.notes ?? "" });
  const values = Object.entries(body.values ?? {}).map(([key, value]) => ({ key, input: h("input", { className: "form-control form-control-lg", id: `value-${key}`, value: shown(value) }) }));
  const made = h("form", {},
    entry.kind === "visit" ? chips(t("met"), OUTCOMES.map(([key]) => chip("radio", "outcome", key, t(`outcome.${key}`), choiceOf(body) === key))) : "",
    values.map(({ key, input }) => h("div", { className: "ask" }, h("label", { htmlFor: input.id }, labelOf(entry, key)), input)),
    values.length ? "" : h("div", { className: "ask" }, h("label", { htmlFor: "text" }, t(entry.kind === "visit" ? "notes" : "heard")), text),
    h("button", { className: "btn btn-primary btn-lg w-100", type: "submit" }, t("mend")));
  made.addEventListener("submit", async (event) => {
    event.preventDefault();
    const mended = { ...body };
    if (entry.kind === "visit") {
      [, mended.mode, mended.outcome] = OUTCOMES.find(([key]) => key === made.elements.outcome.value) ?? [null, body.mode, body.outcome];
      mended.notes = text.value.trim();
    } else if (values.length) {
      mended.values = { ...body.values };
      for (const { key, input } of values) if (input.value.trim() !== shown(body.values[key])) mended.values[key] = input.value.trim();
    } else mended.text = text.value.trim();
    await book.mend(entry, mended);
    location.hash = "#/queue";
    go();
  });
  const drop = async () => {
    if (!confirm(t("mend.drop.sure"))) return;
    await book.takeBack(entry.id);
    location.hash = "#/queue";
    go();
  };
  return [made, h("p", { className: "mt-3" }, h("button", { type: "button", className: "btn btn-outline-danger", onclick: drop }, t("mend.drop")))];
};

export const entry = async (id) => {
  const found = (await book.entries()).find((each) => each.id === id);
  if (!found) return [notice("near", t("entry.gone")), back("#/queue", t("queue.title"))];
  const { body } = found;
  return [
    back("#/queue", t("queue.title")),
    h("h1", {}, found.title), h("p", {}, light(TONES[found.state], t(`state.${found.state}`)), " ", h("span", { className: "soft" }, `${t(`kind.${found.kind}`)} · ${day(momentOf(found))} ${clock(momentOf(found))}`)),
    found.words ? notice(found.state === "waiting" ? "near" : "late", found.words) : "",
    body.number ? h("div", { className: "sheet receipt" }, h("p", { className: "number" }, body.number), h("p", {}, t("receipt.code"), " ", h("b", { className: "code" }, found.code))) : "",
    body.text && found.state !== "refused" ? h("blockquote", { className: "words" }, body.text) : "",
    found.state === "conflict" && found.clashes ? [h("p", {}, t("clash.what")), await clash(found)] : "",
    found.state === "refused" ? mending(found) : "",
  ];
};

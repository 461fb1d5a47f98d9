// What was written down here and where it is: waiting, arrived, in conflict, refused.

import * as book from "../book.js";
import { h, light, notice } from "../dom.js";
import { lastTrouble } from "../sync.js";
import { clock, day, t } from "../words.js";

export const TONES = { waiting: "near", arrived: "ok", conflict: "late", refused: "late", aside: "wait" };

const says = (entry) => entry.body.text || entry.body.notes || Object.values(entry.body.values ?? {}).filter((value) => typeof value === "string").join(" ") || "";

export const momentOf = (entry) => new Date(Date.parse(entry.made_at) + (entry.skew ?? 0) * 1000);

const row = (entry) => h("a", { className: "door-row", href: `#/entry/${entry.id}` },
  h("b", {}, entry.title), light(TONES[entry.state], t(`state.${entry.state}`)),
  h("span", { className: "soft small" }, `${t(`kind.${entry.kind}`)} · ${day(momentOf(entry))} ${clock(momentOf(entry))}`),
  says(entry) ? h("span", { className: "small clip" }, says(entry)) : "",
  entry.words ? h("span", { className: "small wrong-words" }, entry.words) : "");

export const queue = async () => {
  const entries = (await book.entries()).reverse();
  const groups = [["trouble", ["conflict", "refused"]], ["waiting", ["waiting"]], ["arrived", ["arrived", "aside"]]];
  return [
    h("h1", {}, t("queue.title")),
    h("p", {}, h("button", { type: "button", className: "btn btn-primary btn-lg w-100", onclick: () => dispatchEvent(new Event("field:sync")) }, t("queue.send"))),
    lastTrouble() ? notice("near", t("queue.unreachable")) : "",
    groups.map(([name, states]) => {
      const found = entries.filter((entry) => states.includes(entry.state));
      return found.length ? [h("h2", { className: "place" }, t(`queue.${name}`, { n: found.length })), h("div", { className: "door-list" }, found.map(row))] : "";
    }),
    entries.length ? "" : h("p", { className: "soft empty" }, t("queue.empty")),
  ];
};

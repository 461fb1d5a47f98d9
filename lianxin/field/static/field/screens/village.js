// My villages in numbers, and what there is to know of this telephone.

import * as book from "../book.js";
import * as vault from "../vault.js";
import { h, notice } from "../dom.js";
import { round } from "../visits.js";
import { LANGUAGES, clock, day, megabytes, speak, t } from "../words.js";

const figure = (number, words) => h("div", { className: "figure" }, h("b", {}, number, h("small", {}, t("measure.household"))), h("span", {}, words));

const pinForm = () => {
  const said = h("div", { "aria-live": "polite" });
  const pin = h("input", { className: "form-control", id: "new-pin", type: "password", inputMode: "numeric", autocomplete: "off", maxLength: 12 });
  const change = async (event) => {
    event.preventDefault();
    if (vault.isWeak(pin.value)) return said.replaceChildren(notice("late", t("pin.weak")));
    await vault.changePin(pin.value);
    pin.value = "";
    return said.replaceChildren(notice("ok", t("pin.changed")));
  };
  return h("form", { onsubmit: change }, said, h("div", { className: "ask" }, h("label", { htmlFor: "new-pin" }, t("pin.new")), pin), h("button", { className: "btn btn-outline-primary", type: "submit" }, t("pin.change")));
};

export const village = async () => {
  const homes = await round();
  const kept = await book.me();
  const space = await navigator.storage?.estimate?.() ?? {};
  const met = homes.filter((home) => home.met).length;
  return [
    h("h1", {}, [...new Set(homes.map((home) => home.place))].slice(0, 3).join("、") || t("dock.village")),
    h("div", { className: "figures" }, figure(homes.length, t("village.all")), figure(met, t("village.met")), figure(homes.length - met, t("village.unmet")), figure(homes.filter((home) => home.presence !== "living").length, t("village.away"))),
    h("h2", { className: "mt-4" }, t("phone.title")),
    h("dl", { className: "facts" },
      h("dt", {}, t("phone.officer")), h("dd", {}, kept.officer),
      h("dt", {}, t("phone.met")), h("dd", {}, `${day(kept.met)} ${clock(kept.met)}`),
      h("dt", {}, t("phone.until")), h("dd", {}, day(kept.met + kept.terms.contact_days * 86_400_000)),
      h("dt", {}, t("phone.receipts")), h("dd", {}, String(await book.receiptsLeft())),
      h("dt", {}, t("phone.space")), h("dd", {}, space.quota ? t("phone.space.of", { used: megabytes(space.usage), all: megabytes(space.quota) }) : "–"),
      kept.skew && Math.abs(kept.skew) > 120 ? [h("dt", {}, t("phone.clock")), h("dd", {}, t("phone.clock.off", { n: Math.round(Math.abs(kept.skew) / 60) }))] : ""),
    h("p", { className: "pair mt-3" }, h("button", { type: "button", className: "btn btn-outline-secondary", onclick: () => dispatchEvent(new Event("field:lock")) }, t("phone.lock"))),
    h("details", {}, h("summary", {}, t("pin.change")), pinForm()),
    h("p", { className: "pair mt-3" }, Object.entries(LANGUAGES).map(([code, name]) => h("button", { type: "button", className: "btn btn-outline-secondary", lang: { "zh-hans": "zh-Hans", "zh-hant": "zh-Hant" }[code] ?? code, onclick: async () => {
      await speak(code);
      await book.setMe({ language: code });
      dispatchEvent(new Event("field:show"));
    } }, name))),
  ];
};

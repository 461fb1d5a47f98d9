// Before the PIN: how a telephone is set up, and how it is opened.

import * as store from "../store.js";
import * as vault from "../vault.js";
import { h, notice } from "../dom.js";
import { LANGUAGES, speak, t } from "../words.js";

const languages = () => h("p", { className: "pair" }, Object.entries(LANGUAGES).map(([code, name]) => h("button", {
  type: "button", className: "btn btn-outline-secondary", lang: { "zh-hans": "zh-Hans", "zh-hant": "zh-Hant" }[code] ?? code,
  onclick: async () => { await speak(code); document.documentElement.dataset.language = code; dispatchEvent(new Event("field:show")); },
}, name)));

export const startScreen = async () => [
  h("h1", {}, t("start.title")),
  h("p", {}, t("start.what")),
  window.isSecureContext ? h("p", {}, h("a", { className: "btn btn-primary btn-lg w-100", href: "/field/enrol/" }, t("start.begin"))) : notice("late", t("start.insecure")),
  h("p", { className: "soft small" }, t("start.network")),
  languages(),
];

export const lockScreen = async ({ opened }) => {
  const said = h("div", { "aria-live": "polite" });
  const pin = h("input", { className: "form-control form-control-lg", id: "pin", type: "password", inputMode: "numeric", autocomplete: "off", maxLength: 12, "data-focus": true });
  const button = h("button", { className: "btn btn-primary btn-lg w-100", type: "submit" }, t("lock.open"));
  const tryPin = async (event) => {
    event.preventDefault();
    button.disabled = true;
    const found = await vault.unlock(pin.value);
    button.disabled = false;
    pin.value = "";
    if (found.outcome === "open") return opened();
    if (found.outcome === "forgotten") return said.replaceChildren(notice("late", t("lock.forgotten")));
    if (found.outcome === "wait") said.replaceChildren(notice("near", t("lock.wait", { n: found.seconds })));
    else said.replaceChildren(notice("late", t("lock.wrong", { n: found.left })));
    return pin.focus();
  };
  const forget = async () => {
    if (!confirm(t("lock.forget.sure"))) return;
    await store.forget();
    location.reload();
  };
  return [
    h("h1", {}, t("lock.title")),
    h("form", { onsubmit: tryPin }, said, h("div", { className: "ask" }, h("label", { htmlFor: "pin" }, t("lock.pin")), pin), button),
    h("details", { className: "mt-4" }, h("summary", {}, t("lock.lost")), h("p", {}, t("lock.lost.what")), h("button", { type: "button", className: "btn btn-outline-danger", onclick: forget }, t("lock.forget"))),
  ];
};

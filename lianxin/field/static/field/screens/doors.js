// The doors of today, in the order in which one goes.

import * as book from "../book.js";
import { h, light, notice } from "../dom.js";
import { TONES, lastWords, round } from "../visits.js";
import { t } from "../words.js";

const row = (home) => h("a", { className: "door-row", href: `#/door/${home.id}` },
  h("b", {}, home.called, home.door ? h("span", { className: "soft" }, ` ${home.door}`) : ""),
  home.today ? light(TONES[home.today], t(`outcome.${home.today}`)) : home.planned ? light("near", t("doors.today")) : "",
  h("span", { className: "soft small" }, home.matters?.length ? t("doors.matters", { n: home.matters.length }) : lastWords(home)));

export const doors = async () => {
  const homes = await round();
  const kept = await book.me();
  const list = h("div", { className: "door-list" });
  let words = "";
  let open = false;
  const draw = () => {
    const wanted = homes.filter((home) => (!open || !home.today) && (!words || [home.called, home.door, home.place, ...home.people.map((one) => one.name)].some((text) => text.includes(words))));
    const places = [...new Set(wanted.map((home) => home.place))];
    list.replaceChildren(...places.flatMap((place) => [h("h2", { className: "place" }, place), ...wanted.filter((home) => home.place === place).map(row)]));
    if (!wanted.length) list.replaceChildren(h("p", { className: "soft empty" }, homes.length ? t("doors.none") : t("doors.empty")));
  };
  draw();
  const done = homes.filter((home) => home.today).length;
  return [
    kept.renew ? notice("say", t("renew"), " ", h("button", { type: "button", className: "btn btn-outline-primary", onclick: () => location.reload() }, t("renew.now"))) : "",
    await book.isStale() ? notice("near", t("stale", { n: kept.terms.contact_days })) : "",
    h("h1", {}, t("doors.title")),
    h("p", { className: "soft" }, t("doors.count", { done, all: homes.length })),
    h("div", { className: "seek" },
      h("input", { className: "form-control", type: "search", "aria-label": t("doors.search"), placeholder: t("doors.search"), oninput: (event) => { words = event.target.value.trim(); draw(); } }),
      h("label", { className: "tick" }, h("input", { type: "checkbox", onchange: (event) => { open = event.target.checked; draw(); } }), h("span", {}, t("doors.open")))),
    list,
    h("p", { className: "mt-3" }, h("a", { className: "btn btn-outline-primary w-100", href: "#/door/elsewhere" }, t("doors.elsewhere"))),
  ];
};

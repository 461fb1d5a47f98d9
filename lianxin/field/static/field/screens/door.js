// One door: what is known, whether somebody was met, what was heard and given; one button writes all of it down.

import * as book from "../book.js";
import * as store from "../store.js";
import { capture } from "../capture.js";
import { back, chip, chips, h, light, notice } from "../dom.js";
import { asked } from "../sheet.js";
import { OUTCOMES, lastWords, round } from "../visits.js";
import { t } from "../words.js";

const facts = (home) => h("div", { className: "sheet my-3" }, h("dl", { className: "facts" },
  h("dt", {}, t("door.people")), h("dd", {}, h("a", { href: `#/people/${home.id}` }, t("door.people.count", { n: home.people.length, away: home.people.filter((one) => !one.here).length }))),
  h("dt", {}, t("door.last")), h("dd", {}, lastWords(home)),
  (home.matters ?? []).map((matter) => [h("dt", {}, t("door.matter")), h("dd", {}, light(matter.tone, matter.words), h("span", { className: "soft small d-block" }, matter.says))])));

// One thing that was said: words, a recording, photos, and how the person wants to be known.
const point = ({ number, people, heard, draft, complain }) => {
  const name = (what) => `${what}-${number}`;
  const text = h("textarea", { className: "form-control form-control-lg", id: name("text"), name: name("text"), rows: 3, maxLength: 4000, value: draft?.text ?? "" });
  const files = [];
  const box = h("section", { className: "point" },
    number ? h("h3", {}, t("heard.more.title", { n: number + 1 })) : "",
    h("label", { className: "visually-hidden", htmlFor: name("text") }, t("heard")), text,
    capture({ files, changed: heard, complain }));
  const speakers = h("select", { className: "form-select", id: name("who"), name: name("who") }, people.map((one) => h("option", { value: one.name }, one.name)), h("option", { value: "" }, t("heard.other")));
  const more = h("div", { hidden: true },
    people.length ? h("div", { className: "ask" }, h("label", { htmlFor: name("who") }, t("heard.who")), speakers) : "",
    chips(t("heard.known"), chip("radio", name("identity"), "signed", t("heard.signed"), true), chip("radio", name("identity"), "confidential", t("heard.confidential")), chip("radio", name("identity"), "anonymous", t("heard.anonymous"))));
  box.append(more);
  const said = () => text.value.trim() !== "" || files.length > 0;
  const look = () => { more.hidden = !said(); heard(); };
  box.addEventListener("input", look);
  box.addEventListener("click", look);
  look();
  const identity = () => box.querySelector(`[name="${name("identity")}"]:checked`).value;
  return { box, said, files, text: () => text.value.trim(), read: () => ({ text: text.value.trim(), identity: identity(), name: identity() === "anonymous" ? "" : speakers.value, files: files.map((file) => file.id) }) };
};

const receiptOf = ({ number, code, text }) => h("div", { className: "sheet receipt" },
  h("p", { className: "soft small" }, text || t("receipt.spoken")),
  number ? [h("p", { className: "number" }, number), h("p", {}, t("receipt.code"), " ", h("b", { className: "code" }, code))] : h("p", {}, t("receipt.later")));

const done = (receipts, home) => [
  h("h1", { tabIndex: -1, "data-focus": true, "data-keep": true }, t("done.title")),
  notice("ok", t("done.kept")),
  receipts.length ? [h("p", {}, t("done.receipts")), receipts.map(receiptOf)] : "",
  h("p", { className: "mt-4" }, h("a", { className: "btn btn-primary btn-lg w-100", href: home ? `#/door/${home.id}` : "#/" }, home ? t("done.next", { name: home.called }) : t("done.list"))),
  h("p", {}, h("a", { className: "btn btn-outline-secondary w-100", href: "#/" }, t("done.list"))),
];

const kindsFor = (of) => book.ofKind("kind").filter((kind) => kind.of === of);

export const door = async (id) => {
  const homes = await round();
  const home = homes.find((each) => each.id === id);
  if (!home && id !== "elsewhere") return [notice("near", t("door.gone")), back("#/", t("back.doors"))];
  const kept = await book.draft(`door-${id}`) ?? {};
  const kinds = kindsFor(home ? "household" : "place");
  const kind = () => kinds.find((each) => each.id === form.querySelector("[name=kind]")?.value) ?? kinds[0];
  const said = h("div", { "aria-live": "assertive" });
  const complain = (words) => { said.replaceChildren(notice("late", words)); said.scrollIntoView({ block: "center" }); };
  const points = [];
  const pointsBox = h("div", {});
  const submit = h("button", { className: "btn btn-primary btn-lg w-100 mt-3", type: "submit" }, t("save"));
  const heard = () => { submit.textContent = points.some((each) => each.said()) ? t("save.receipt") : t("save"); };
  const add = (draft) => {
    points.push(point({ number: points.length, people: home?.people ?? [], heard, draft, complain }));
    pointsBox.append(points.at(-1).box);
  };
  const sheetBox = h("div", {});
  let sheet;
  const chosen = () => form.querySelector("[name=outcome]:checked")?.value;
  const drawSheet = () => {
    const key = chosen() === "met" && kind()?.sheet;
    const definition = key && book.thing(`sheet:${key}`);
    sheet = definition ? asked(definition, sheet?.read() ?? kept.sheet ?? {}) : undefined;
    sheetBox.replaceChildren(sheet?.element ?? "");
  };
  const offers = book.ofKind("offer");
  const position = homes.indexOf(home) + 1;
  const form = h("form", { noValidate: true },
    kinds.length > 1 ? h("div", { className: "ask" }, h("label", { htmlFor: "kind" }, t("door.kind")), h("select", { className: "form-select", id: "kind", name: "kind", onchange: drawSheet }, kinds.map((each) => h("option", { value: each.id, selected: each.id === kept.kind }, each.name)))) : "",
    home ? chips(t("met"), OUTCOMES.map(([key]) => chip("radio", "outcome", key, t(`outcome.${key}`), kept.outcome === key, drawSheet)))
      : h("div", { className: "ask" }, h("label", { htmlFor: "place" }, t("elsewhere.place")), h("input", { className: "form-control form-control-lg", id: "place", name: "place", maxLength: 120, value: kept.place ?? "" })),
    home && !home.noticed ? h("div", { className: "sheet" }, h("p", { className: "small" }, t("notice.what")), h("label", { className: "tick" }, h("input", { type: "checkbox", name: "noticed", checked: Boolean(kept.noticed) }), h("span", {}, t("notice.given")))) : "",
    h("h2", { className: "mt-4" }, t("heard")), pointsBox,
    h("p", { className: "mt-2" }, h("button", { type: "button", className: "btn btn-link", onclick: () => add() }, t("heard.more"))),
    offers.length ? chips(t("given"), offers.map((offer) => chip("checkbox", "given", offer.id, offer.name, (kept.given ?? []).includes(offer.id)))) : "",
    sheetBox,
    home ? h("label", { className: "tick" }, h("input", { type: "checkbox", name: "unchanged", checked: Boolean(kept.unchanged) }), h("span", {}, t("unchanged"))) : "",
    h("details", {}, h("summary", {}, t("notes")), h("textarea", { className: "form-control", name: "notes", "aria-label": t("notes"), rows: 3, maxLength: 4000, value: kept.notes ?? "" })),
    said, submit, h("p", { className: "small soft mt-2" }, t("save.how")));

  const ticked = (name) => [...form.querySelectorAll(`[name="${name}"]:checked`)].map((each) => each.value);
  const read = () => ({
    kind: form.elements.kind?.value, outcome: chosen(), noticed: Boolean(form.elements.noticed?.checked), unchanged: Boolean(form.elements.unchanged?.checked),
    notes: form.elements.notes.value.trim(), given: ticked("given"), sheet: sheet?.read(), place: form.elements.place?.value.trim(), points: points.map((each) => ({ text: each.text() })),
  });
  let waiting;
  form.addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(() => book.keepDraft(`door-${id}`, read()).catch(() => undefined), 400); });
  for (const each of kept.points?.length ? kept.points : [{}]) add(each);
  drawSheet();

  let saving = false;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (saving) return;
    const what = read();
    if (home && !what.outcome) return complain(t("met.missing"));
    if (!home && !what.place) return complain(t("elsewhere.missing"));
    const open = sheet?.missing() ?? [];
    if (open.length) return complain(t("sheet.missing", { names: open.join("、") }));
    saving = submit.disabled = true;
    clearTimeout(waiting);
    const [, mode, outcome] = OUTCOMES.find(([key]) => key === what.outcome) ?? ["met", "face", "met"];
    const visit = { id: crypto.randomUUID(), kind: "visit", title: home ? home.called : what.place, body: {
      household: home ? Number(home.id) : null, kind: kind()?.id ?? "", mode, outcome, place: what.place ?? "", notes: what.notes, planned: Boolean(home?.planned),
      given: what.given.map((offer) => ({ offer: Number(offer), count: 1 })), checklist: what.sheet ?? null, noticed: what.noticed, unchanged: what.unchanged } };
    const voices = points.filter((each) => each.said()).map((each) => ({ id: crypto.randomUUID(), kind: "voice", title: visit.title, after: [visit.id], body: { household: visit.body.household, visit: visit.id, ...each.read() } }));
    try {
      const receipts = await book.write([visit, ...voices], { files: points.flatMap((each) => each.files), draft: `door-${id}` });
      const next = (await round()).find((each) => !each.today && each.id !== id);
      document.getElementById("main").replaceChildren(...done(receipts, next).flat(3).filter(Boolean));
      document.querySelector("[data-focus]")?.focus();
      scrollTo(0, 0);
      dispatchEvent(new Event("field:sync"));
    } catch (fault) {
      complain(store.isFull(fault) ? t("full") : `${t("broken")} ${fault.message}`);
    } finally {
      saving = submit.disabled = false;
    }
    return undefined;
  });
  return [
    h("p", { className: "soft small mb-1" }, home ? `${home.area} · ${t("door.position", { n: position, all: homes.length })}` : t("elsewhere.what")),
    h("h1", {}, home ? [home.called, h("span", { className: "soft fs-6 ms-3" }, home.door)] : t("elsewhere.title")),
    home ? facts(home) : "",
    form,
  ];
};

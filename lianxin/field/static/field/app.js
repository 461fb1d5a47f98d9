// The app: which screen is shown, when it locks, when it tries to reach the county.

import * as book from "./book.js";
import * as store from "./store.js";
import * as vault from "./vault.js";
import { h } from "./dom.js";
import { isToForget, sync } from "./sync.js";
import { speak, t } from "./words.js";
import { bar } from "./screens/bar.js";
import { doors } from "./screens/doors.js";
import { door } from "./screens/door.js";
import { people } from "./screens/people.js";
import { queue } from "./screens/queue.js";
import { entry } from "./screens/entry.js";
import { village } from "./screens/village.js";
import { lockScreen, startScreen } from "./screens/gate.js";

const EVERY = 60_000;
const ROUTES = { "": doors, door, people, queue, entry, village };
const main = document.getElementById("main");
const here = () => location.hash.replace(/^#\/?/, "").split("/")[0];
let touched = Date.now();
let shown = 0;

const show = async () => {
  const mine = (shown += 1);
  const kept = await book.me();
  const [name, ...rest] = location.hash.replace(/^#\/?/, "").split("/").map(decodeURIComponent);
  let made;
  if (!kept) made = await startScreen();
  else if (!vault.isOpen()) made = await lockScreen({ opened });
  else made = await (ROUTES[name] ?? doors)(...rest);
  if (mine !== shown) return; // somebody went on meanwhile
  main.replaceChildren(...[made].flat(4).filter(Boolean));
  await bar(kept && vault.isOpen(), name);
  main.querySelector("[data-focus]")?.focus();
  scrollTo(0, 0);
};

const opened = async () => {
  touched = Date.now();
  if (await book.isStale()) await book.forgetFiles();
  await book.open();
  await show();
  tryNow();
};

const lock = () => {
  if (!vault.isOpen()) return;
  vault.lock();
  book.close();
  show();
};

let busy = false;
let again = false;
const tryNow = async () => {
  again = busy;
  if (busy || !vault.isOpen()) return;
  busy = true;
  try {
    const outcome = await sync();
    if (outcome === "forgotten") location.reload();
    else if (vault.isOpen() && !main.querySelector("form, [data-keep]")) await show();
  } finally {
    busy = false;
    if (vault.isOpen()) await bar(true, here());
  }
  if (again) await tryNow();
};

const look = async () => {
  const kept = await book.me();
  if (!kept) return;
  if (vault.isOpen() && Date.now() - touched > kept.terms.lock_minutes * 60_000) lock();
  if (!vault.isOpen() && navigator.onLine && await isToForget()) {
    await store.forget();
    location.reload();
    return;
  }
  if (navigator.onLine) tryNow();
};

const begin = async () => {
  if ("serviceWorker" in navigator) navigator.serviceWorker.register("/field/worker.js", { scope: "/field/" }).catch(() => undefined);
  await speak((await book.me())?.language ?? document.documentElement.dataset.language);
  for (const name of ["pointerdown", "keydown"]) addEventListener(name, () => { touched = Date.now(); }, { passive: true });
  addEventListener("hashchange", show);
  addEventListener("online", look);
  addEventListener("offline", () => bar(vault.isOpen(), ""));
  addEventListener("field:sync", tryNow);
  addEventListener("field:lock", lock);
  addEventListener("field:show", show);
  book.onChange(() => { if (vault.isOpen()) bar(true, here()); });
  setInterval(look, EVERY);
  await show();
  await look();
};

begin().catch((fault) => {
  main.replaceChildren(h("div", { className: "notice late", role: "alert" }, h("div", {}, t("broken"), " ", String(fault?.message ?? fault))));
  throw fault;
});

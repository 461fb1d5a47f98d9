// The contact with the county. Everything may break at any point and is simply done again: entries bear ids, pieces of
// files bear offsets, and what is held is compared by digest.

import * as book from "./book.js";
import * as store from "./store.js";
import * as vault from "./vault.js";

const API = "/api/v1/field";
const VERSION = "1";
const BATCH = 20;
const PATIENCE = 30_000;
let running = false;
let trouble = "";

export const isRunning = () => running;
export const lastTrouble = () => trouble;

class Unreachable extends Error {}
class ShutOut extends Error {}
class Refused extends Error {}

const ask = async (method, path, body, type = "application/json") => {
  const key = (await vault.unseal(await store.get("meta", "key"))).key;
  let answer;
  try {
    answer = await fetch(`${API}${path}`, {
      method, body, cache: "no-store", credentials: "omit", signal: AbortSignal.timeout(PATIENCE),
      headers: { authorization: `Bearer ${key}`, "x-field-version": VERSION, ...(body ? { "content-type": type } : {}) },
    });
  } catch { throw new Unreachable(); }
  if (answer.status === 401) throw new ShutOut();
  if (answer.status >= 500) throw new Unreachable();
  return answer;
};

const say = async (path, body) => {
  const waiting = (await book.counts()).waiting;
  const sent = Date.now();
  const answer = await ask("POST", path, JSON.stringify({ phone_at: new Date().toISOString(), waiting, ...body }));
  if (!answer.ok) throw new Unreachable();
  let told;
  try { told = await answer.json(); } catch { throw new Unreachable(); }
  const middle = (sent + Date.now()) / 2;
  await book.setMe({ skew: Math.round((Date.parse(told.at) - middle) / 1000), met: Date.now(), latest: Date.now(), renew: told.renew });
  return told;
};

// Whether the county wants this telephone empty; asked before the PIN, so that a lost one learns of it.
export const isToForget = async () => {
  const { client_id: id } = (await book.me()) ?? {};
  if (!id) return false;
  try {
    const answer = await fetch(`${API}/knock/${id}`, { cache: "no-store", credentials: "omit", signal: AbortSignal.timeout(5000) });
    return answer.ok && (await answer.json()).wipe;
  } catch { return false; }
};

// One contact: send files, send entries, get what is new. Returns "done", "unreachable", "shut" or "forgotten".
export const sync = async () => navigator.locks.request("sync", { ifAvailable: true }, async (lock) => {
  if (!lock || !vault.isOpen()) return "busy";
  running = true;
  book.changed();
  try {
    const wipe = await push();
    if (wipe) return await forget();
    await pull();
    await book.tidy();
    trouble = "";
    return "done";
  } catch (fault) {
    // A key that opens nothing is no order to forget: only the county's own word is.
    if (fault instanceof ShutOut && await isToForget()) return await forget();
    if (!(fault instanceof ShutOut || fault instanceof Unreachable)) throw fault;
    trouble = "unreachable";
    return "unreachable";
  } finally {
    running = false;
    book.changed();
  }
});

const push = async () => {
  let wipe = false;
  const tried = new Set();
  for (;;) {
    const waiting = (await book.entries()).filter((entry) => entry.state === book.STATES.WAITING && !tried.has(entry.id)).slice(0, BATCH);
    if (!waiting.length) return wipe;
    const ready = [];
    for (const entry of waiting) {
      tried.add(entry.id);
      try {
        for (const id of entry.files) await upload(id);
        ready.push(entry);
      } catch (fault) {
        if (!(fault instanceof Refused)) throw fault;
        await book.settle([{ id: entry.id, status: "refused", words: fault.message }]);
      }
    }
    const entries = ready.map(({ id, kind, made_at, skew, after, body }) => ({ id, kind, made_at, skew, after, body }));
    const told = await say("/push", { entries });
    wipe = wipe || told.wipe;
    for (const answer of told.entries) if (answer.clashes.length) answer.sealedClashes = await vault.seal(answer.clashes);
    await book.settle(told.entries);
  }
};

const upload = async (id) => {
  const kept = await store.get("files", id);
  if (!kept || kept.sent) return;
  const piece = (await book.me()).terms.piece;
  const bytes = await vault.unsealFile(kept);
  const facts = `size=${kept.size}&sha256=${kept.sha256}&name=${encodeURIComponent(kept.name)}`;
  let offset = await reached(id);
  for (let tries = 0; tries < 3;) {
    const answer = await ask("PUT", `/files/${id}?offset=${offset}&${facts}`, bytes.slice(offset, offset + piece), "application/octet-stream");
    if (answer.ok) {
      const told = await answer.json();
      if (told.whole) return store.put("files", { ...kept, sent: true });
      offset = told.offset;
    } else {
      const problem = await answer.json();
      tries += 1;
      if (answer.status !== 409 && tries === 3) throw new Refused(problem.detail);
      offset = await reached(id);
    }
  }
  throw new Unreachable();
};

const reached = async (id) => {
  const answer = await ask("GET", `/files/${id}`);
  return answer.ok ? (await answer.json()).offset : 0;
};

const pull = async () => {
  for (;;) {
    const told = await say("/pull", { held: await book.digests() });
    await book.keep(told.things, told.gone);
    await book.keepReceipts(told.receipts);
    await book.setMe({ officer: told.officer, terms: told.terms });
    if (!told.more) return;
  }
};

const forget = async () => {
  try { await ask("POST", "/wiped"); } catch { /* the county sees it at the next knock */ }
  vault.lock();
  book.close();
  await store.forget();
  return "forgotten";
};

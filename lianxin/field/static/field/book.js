// The book that is carried: what was given (held), what was written down (queue), and the receipt numbers in hand.

import * as store from "./store.js";
import * as vault from "./vault.js";

const DAY = 86_400_000;
export const STATES = { WAITING: "waiting", ARRIVED: "arrived", CONFLICT: "conflict", REFUSED: "refused", ASIDE: "aside" };

let things = new Map();
let listeners = [];

export const onChange = (listener) => { listeners.push(listener); };
export const changed = () => { for (const listener of listeners) listener(); };

// ------------------------------------------------------------------------------------------------ what stands open

export const me = () => store.get("meta", "me");

export const setMe = (facts) => store.atomically(async (tx) => {
  const meta = tx.objectStore("meta");
  await meta.put({ ...await meta.get("me"), ...facts }, "me");
});

// How far the county's clock was ahead of this one when they were last compared, in whole seconds; null: never.
export const skew = async () => (await me()).skew ?? null;

export const now = async () => Date.now() + ((await skew()) ?? 0) * 1000;

// Files may be looked at only for so many days without contact. A clock that was turned back is not believed.
export const isStale = async () => {
  const kept = await me();
  const today = Math.max(Date.now(), kept.latest ?? 0);
  if (today > (kept.latest ?? 0)) await setMe({ latest: today });
  return today - kept.met > kept.terms.contact_days * DAY;
};

// ---------------------------------------------------------------------------------------------------- what was given

export const open = async () => {
  things = new Map();
  for (const kept of await store.all("held")) {
    if (kept.iv) things.set(kept.key, await vault.unseal(kept));
  }
};
export const close = () => { things = new Map(); };
export const thing = (key) => things.get(key);
export const ofKind = (kind) => [...things].filter(([key]) => key.startsWith(`${kind}:`)).map(([key, value]) => ({ key, id: key.slice(kind.length + 1), ...value }));

export const digests = async () => Object.fromEntries((await store.all("held")).filter((kept) => kept.digest).map((kept) => [kept.key, kept.digest]));

export const keep = async (fresh, gone) => {
  const sealed = [];
  for (const each of fresh) sealed.push({ key: each.key, digest: each.digest, ...await vault.seal(each.value) });
  await store.atomically((tx) => {
    const held = tx.objectStore("held");
    return Promise.all([...sealed.map((each) => held.put(each)), ...gone.map((key) => held.delete(key))]);
  });
  for (const each of fresh) things.set(each.key, each.value);
  for (const key of gone) things.delete(key);
};

export const forgetFiles = async () => {
  await store.atomically((tx) => tx.objectStore("held").clear());
  things = new Map();
};

// --------------------------------------------------------------------------------------------------- receipt numbers

const numbers = async () => {
  const kept = await store.get("meta", "receipts");
  return kept ? vault.unseal(kept) : [];
};
export const receiptsLeft = async () => (await numbers()).length;

export const keepReceipts = (given) => navigator.locks.request("book", async () => {
  const used = new Set();
  for (const entry of await entries()) if (entry.body.number) used.add(entry.body.number);
  await store.put("meta", await vault.seal(given.filter((each) => !used.has(each.number))), "receipts");
});

// -------------------------------------------------------------------------------------------------- what was written

// Write down what happened at a door: all entries, all photos, the receipt numbers and the end of the draft together.
// `voices` get a receipt each, as long as there are numbers. Returns the receipts.
export const write = (entries, { files = [], draft = undefined } = {}) => navigator.locks.request("book", async () => {
  const kept = await numbers();
  const receipts = [];
  const behind = await skew();
  const made = [];
  let sequence = Date.now() * 100;
  for (const entry of entries) {
    if (entry.kind === "voice" && !entry.body.number && kept.length) {
      const receipt = kept.shift();
      entry.body.number = receipt.number;
      entry.code = receipt.code;
    }
    if (entry.kind === "voice") receipts.push({ number: entry.body.number, code: entry.code, text: entry.body.text });
    const whole = { made_at: new Date().toISOString(), skew: behind, after: [], ...entry };
    sequence += 1;
    made.push({ id: whole.id, sequence, state: STATES.WAITING, kind: whole.kind, words: "", files: whole.body.files ?? [], ...await vault.seal(whole) });
  }
  const sealed = [];
  for (const { id, blob, name } of files) {
    const bytes = await blob.arrayBuffer();
    const digest = [...new Uint8Array(await crypto.subtle.digest("SHA-256", bytes))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
    sealed.push({ id, name, size: blob.size, sha256: digest, sent: false, ...await vault.sealFile(blob) });
  }
  const left = await vault.seal(kept);
  await store.atomically((tx) => Promise.all([
    ...made.map((each) => tx.objectStore("queue").put(each)),
    ...sealed.map((each) => tx.objectStore("files").put(each)),
    tx.objectStore("meta").put(left, "receipts"),
    ...(draft ? [tx.objectStore("meta").delete(`draft:${draft}`)] : []),
  ]));
  changed();
  return receipts;
});

export const entries = async () => {
  const found = [];
  for (const kept of await store.all("queue")) {
    const { iv, sealed, ...open } = kept;
    found.push({ ...await vault.unseal({ iv, sealed }), ...open });
  }
  return found.sort((a, b) => a.sequence - b.sequence);
};

export const counts = async () => {
  const found = { waiting: 0, trouble: 0, arrived: 0 };
  for (const { state } of await store.all("queue")) {
    if (state === STATES.WAITING) found.waiting += 1;
    else if (state === STATES.ARRIVED || state === STATES.ASIDE) found.arrived += 1;
    else found.trouble += 1;
  }
  return found;
};

// Put down what came of entries; the photos of one that has arrived are not needed any more.
export const settle = async (answers) => {
  await store.atomically(async (tx) => {
    const queue = tx.objectStore("queue");
    for (const answer of answers) {
      const kept = await queue.get(answer.id);
      if (!kept || kept.state === STATES.ARRIVED) continue;
      kept.state = stateOf(answer.status);
      kept.words = answer.words ?? "";
      kept.arrived = kept.state === STATES.ARRIVED ? Date.now() : undefined;
      kept.clashes = undefined;
      if (answer.sealedClashes) kept.clashes = answer.sealedClashes;
      await queue.put(kept);
      if (kept.state === STATES.ARRIVED || kept.state === STATES.ASIDE) for (const id of kept.files) await tx.objectStore("files").delete(id);
    }
  });
  changed();
};

const stateOf = (status) => ({ done: STATES.ARRIVED, again: STATES.ARRIVED, conflict: STATES.CONFLICT, refused: STATES.REFUSED, aside: STATES.ASIDE })[status] ?? STATES.WAITING;

// Send an entry again, mended, under its own id: what was refused has done nothing.
export const mend = async (entry, body) => {
  const { id, sequence, state: _state, words: _words, files: _files, arrived: _arrived, clashes: _clashes, ...whole } = entry;
  const mended = { ...whole, id, body };
  const row = { id, sequence, state: STATES.WAITING, kind: entry.kind, words: "", files: body.files ?? [], ...await vault.seal(mended) };
  await store.put("queue", row);
  changed();
};

// Take back what was refused; nothing of it is at the county but a sealed copy for the keeper.
export const takeBack = async (id) => {
  await store.atomically(async (tx) => {
    const kept = await tx.objectStore("queue").get(id);
    for (const file of kept?.files ?? []) await tx.objectStore("files").delete(file);
    await tx.objectStore("queue").delete(id);
  });
  changed();
};

// What arrived is shown for three days, then it goes.
export const tidy = () => store.atomically(async (tx) => {
  const queue = tx.objectStore("queue");
  for (const kept of await queue.getAll()) {
    if (kept.state === STATES.ARRIVED && Date.now() - kept.arrived > 3 * DAY) await queue.delete(kept.id);
  }
});

// ------------------------------------------------------------------------------------------------------------ drafts

export const keepDraft = async (key, value) => store.put("meta", await vault.seal(value), `draft:${key}`);
export const draft = async (key) => {
  const kept = await store.get("meta", `draft:${key}`);
  return kept ? vault.unseal(kept) : undefined;
};

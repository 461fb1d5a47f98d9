// What the telephone keeps. Everything about people lies sealed under the PIN (vault.js); what stands open here are
// numbers, states and digests. One deed is one transaction: after a dead battery it is there whole, or not at all.

import { openDB, deleteDB } from "./vendor/idb.js";

const NAME = "field";
const STORES = ["meta", "held", "queue", "files"];
let opened;

const open = () => (opened ??= openDB(NAME, 1, {
  upgrade(db) {
    db.createObjectStore("meta");
    db.createObjectStore("held", { keyPath: "key" });
    db.createObjectStore("queue", { keyPath: "id" });
    db.createObjectStore("files", { keyPath: "id" });
  },
  blocking() { opened?.then((db) => db.close()); opened = undefined; },
  terminated() { opened = undefined; },
}));

export const get = async (store, key) => (await open()).get(store, key);
export const all = async (store) => (await open()).getAll(store);
export const keys = async (store) => (await open()).getAllKeys(store);

// Do all of it or nothing. The work may only use the transaction: anything else to be waited for comes before.
export const atomically = async (work) => {
  const tx = (await open()).transaction(STORES, "readwrite", { durability: "strict" });
  const over = tx.done;
  over.catch(() => undefined); // where the work fails first, its own fault is the one to tell
  try {
    const found = work(tx);
    await Promise.all([found, over]);
    return found;
  } catch (fault) {
    try { tx.abort(); } catch { /* it is over already */ }
    throw fault;
  }
};

export const put = (store, value, key = undefined) => atomically((tx) => tx.objectStore(store).put(value, key));
export const drop = (store, key) => atomically((tx) => tx.objectStore(store).delete(key));

export const isFull = (fault) => fault?.name === "QuotaExceededError" || fault?.inner?.name === "QuotaExceededError";

// Forget everything, also that there was something.
export const forget = async () => {
  (await opened)?.close();
  opened = undefined;
  await deleteDB(NAME);
};

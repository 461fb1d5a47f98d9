// The PIN and what lies under it. A data key is made once and kept wrapped by a key that is drawn from the PIN and from
// a second key that never leaves this browser; so the PIN cannot be tried out on a copy of what is stored.
// A wrong PIN makes one wait, and the tenth makes the telephone forget everything.

import * as store from "./store.js";

const ROUNDS = 600_000;
const MOST_TRIES = 10;
const PIN = /^\d{6,12}$/;
const text = new TextEncoder();
const plain = new TextDecoder();
let dataKey;

export const isOpen = () => dataKey !== undefined;
export const lock = () => { dataKey = undefined; };

export const isWeak = (pin) =>
  !PIN.test(pin) || /^(\d)\1+$/.test(pin) || "01234567890123".includes(pin) || "98765432109876".includes(pin);

const drawn = async (pin, salt, pepper) => {
  const mixed = await crypto.subtle.sign("HMAC", pepper, text.encode(pin));
  const base = await crypto.subtle.importKey("raw", mixed, "PBKDF2", false, ["deriveKey"]);
  const how = { name: "PBKDF2", hash: "SHA-256", salt, iterations: ROUNDS };
  return crypto.subtle.deriveKey(how, base, { name: "AES-GCM", length: 256 }, false, ["wrapKey", "unwrapKey"]);
};

const wrapped = async (key, pin) => {
  const salt = crypto.getRandomValues(new Uint8Array(16));
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const pepper = await crypto.subtle.generateKey({ name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
  const under = await drawn(pin, salt, pepper);
  return { salt, iv, pepper, key: await crypto.subtle.wrapKey("raw", key, under, { name: "AES-GCM", iv }) };
};

// Make the data key and put it under the PIN; returns what is to be kept of it.
export const begin = async (pin) => {
  const key = await crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, true, ["encrypt", "decrypt"]);
  const kept = { ...await wrapped(key, pin), tries: 0, next: 0 };
  dataKey = key;
  return kept;
};

// Open with the PIN. Returns "open", "wrong", "wait" or "forgotten"; a try is counted before it is made, so that
// pulling out the battery gives none back.
export const unlock = async (pin) => {
  const kept = await store.get("meta", "lock");
  if (Date.now() < kept.next) return { outcome: "wait", seconds: Math.ceil((kept.next - Date.now()) / 1000) };
  const tries = kept.tries + 1;
  const pause = tries < 3 ? 0 : 2 ** (tries - 2) * 1000;
  await store.put("meta", { ...kept, tries, next: Date.now() + pause }, "lock");
  try {
    const under = await drawn(pin, kept.salt, kept.pepper);
    dataKey = await crypto.subtle.unwrapKey("raw", kept.key, under, { name: "AES-GCM", iv: kept.iv }, "AES-GCM", true, ["encrypt", "decrypt"]);
  } catch {
    if (tries < MOST_TRIES) return { outcome: "wrong", left: MOST_TRIES - tries };
    await store.forget();
    return { outcome: "forgotten" };
  }
  await store.put("meta", { ...kept, tries: 0, next: 0 }, "lock");
  return { outcome: "open" };
};

export const changePin = async (pin) => store.put("meta", { ...await wrapped(dataKey, pin), tries: 0, next: 0 }, "lock");

const sealBytes = async (bytes) => {
  const iv = crypto.getRandomValues(new Uint8Array(12));
  return { iv, sealed: await crypto.subtle.encrypt({ name: "AES-GCM", iv }, dataKey, bytes) };
};
const openBytes = ({ iv, sealed }) => crypto.subtle.decrypt({ name: "AES-GCM", iv }, dataKey, sealed);

export const seal = (value) => sealBytes(text.encode(JSON.stringify(value)));
export const unseal = async (kept) => JSON.parse(plain.decode(await openBytes(kept)));
export const sealFile = async (blob) => sealBytes(await blob.arrayBuffer());
export const unsealFile = openBytes;

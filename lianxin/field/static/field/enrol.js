// Setting up: the PIN is chosen here and never leaves the telephone; the county gives a key, which goes under the PIN.

import * as store from "./store.js";
import * as vault from "./vault.js";

const form = document.getElementById("enrol");
const said = document.getElementById("said");
const button = form.querySelector("button[type=submit]");
const FIRST_TERMS = { contact_days: 7, lock_minutes: 5, piece: 131072 };

const tell = (words) => {
  said.hidden = false;
  said.lastElementChild.textContent = words;
  said.focus();
};

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const [pin, again] = [form.elements.pin.value, form.elements.again.value];
  if (vault.isWeak(pin)) return tell(form.dataset.sayWeak);
  if (pin !== again) return tell(form.dataset.sayDiffers);
  if (await store.get("meta", "me")) return tell(form.dataset.sayTaken);
  button.disabled = true;
  try {
    const clientId = crypto.randomUUID();
    const data = new FormData();
    data.set("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
    data.set("client_id", clientId);
    data.set("name", form.elements.name.value);
    const answer = await fetch(form.action, { method: "POST", body: data });
    const told = await answer.json();
    if (!answer.ok) return tell(told.words);
    const lock = await vault.begin(pin);
    const key = await vault.seal({ key: told.key });
    const me = { client_id: clientId, officer: told.officer, name: told.name, met: Date.now(), latest: Date.now(), terms: FIRST_TERMS, skew: Math.round((Date.parse(told.at) - Date.now()) / 1000), language: form.dataset.language };
    await store.atomically((tx) => Promise.all([
      tx.objectStore("meta").put(lock, "lock"), tx.objectStore("meta").put(key, "key"), tx.objectStore("meta").put(me, "me"),
    ]));
    await navigator.storage?.persist?.();
    location.assign("/field/");
  } catch {
    tell(form.dataset.sayBroken);
  } finally {
    button.disabled = false;
  }
  return undefined;
});

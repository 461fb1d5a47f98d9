// The line at the top that says at any time whether there is a network and what waits, and the three ways at the bottom.

import * as book from "../book.js";
import { h } from "../dom.js";
import { isRunning, lastTrouble } from "../sync.js";
import { t } from "../words.js";

const net = document.getElementById("net");
const dock = document.getElementById("dock");

const words = () => {
  if (isRunning()) return ["near", `◆ ${t("net.sending")}`];
  if (!navigator.onLine || lastTrouble() === "unreachable") return ["near", `◆ ${t("net.none")}`];
  return ["ok", `● ${t("net.there")}`];
};

export const bar = async (isOpen, here) => {
  const { waiting, trouble } = isOpen ? await book.counts() : { waiting: 0, trouble: 0 };
  const [tone, said] = words();
  net.className = `net ${tone}`;
  net.replaceChildren(h("span", {}, said), h("b", {}, waiting ? t("net.waiting", { n: waiting }) : ""));
  dock.hidden = !isOpen;
  const lines = [["", t("dock.visits")], ["queue", trouble ? t("dock.trouble", { n: trouble }) : waiting ? t("dock.waiting", { n: waiting }) : t("dock.queue")], ["village", t("dock.village")]];
  const at = { door: "", people: "", entry: "queue" }[here] ?? here;
  dock.replaceChildren(...lines.map(([name, label]) => h("a", { href: `#/${name}`, "aria-current": name === at ? "page" : undefined }, label)));
};

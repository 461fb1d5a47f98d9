// What is known of a household's visits: what the county told, and what was written down here since.

import * as book from "./book.js";
import { day, t } from "./words.js";

export const OUTCOMES = [
  ["met", "face", "met"], ["absent", "face", "absent"], ["phone", "phone", "met"], ["refused", "face", "refused"], ["away", "face", "away"],
];
export const TONES = { met: "ok", phone: "ok", refused: "near", absent: "wait", away: "wait", moved: "wait" };

export const choiceOf = ({ mode, outcome }) => (mode === "phone" ? "phone" : outcome);

const DAY = 86_400_000;
const dayOf = (moment) => Math.floor((moment + 8 * 3_600_000) / DAY);

// Every household in the order in which one goes, each with what happened there today.
export const round = async () => {
  const today = dayOf(await book.now());
  const seen = new Map();
  for (const entry of await book.entries()) {
    if (entry.kind !== "visit") continue;
    const at = Date.parse(entry.made_at) + (entry.skew ?? 0) * 1000;
    if (dayOf(at) === today) seen.set(String(entry.body.household), choiceOf(entry.body));
  }
  const found = book.ofKind("household").sort((a, b) => a.order - b.order);
  for (const home of found) {
    const last = home.last;
    home.today = seen.get(home.id) ?? (last && dayOf(Date.parse(last.at)) === today ? choiceOf(last) : undefined);
  }
  return found;
};

export const lastWords = ({ last }) => (last ? `${day(last.at)} · ${t(`outcome.${choiceOf(last)}`)}` : t("never"));

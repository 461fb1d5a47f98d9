// Every word of the app, in the language that was chosen; the county writes them, the telephone keeps them.

let spoken = {};

export const LANGUAGES = { "zh-hans": "简体中文", "zh-hant": "繁體中文", en: "English" };

export const speak = async (code) => {
  const answer = await fetch(`/field/words/${code}.json`);
  spoken = await answer.json();
  document.documentElement.lang = { "zh-hans": "zh-Hans", "zh-hant": "zh-Hant" }[code] ?? code;
  document.title = t("app");
};

// t("doors.count", { n: 6 }) gives the words with {n} filled in.
export const t = (key, facts = {}) =>
  (spoken[key] ?? key).replace(/\{(\w+)\}/g, (whole, name) => facts[name] ?? whole);

export const day = (moment) =>
  new Intl.DateTimeFormat(document.documentElement.lang, { timeZone: "Asia/Shanghai", month: "long", day: "numeric", weekday: "short" }).format(new Date(moment));

export const clock = (moment) =>
  new Intl.DateTimeFormat(document.documentElement.lang, { timeZone: "Asia/Shanghai", hour: "2-digit", minute: "2-digit", hour12: false }).format(new Date(moment));

export const megabytes = (bytes) => (bytes / 2 ** 20).toFixed(1);

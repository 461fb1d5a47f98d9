// A photo made small, and words spoken instead of typed. What leaves here has neither place nor time of the camera in
// it: a photo is drawn anew, and a drawing has no such data.

import { h, icon } from "./dom.js";
import { t } from "./words.js";

const LONGEST = 1600;
const QUALITY = 0.8;
const SECONDS = 180;
const SOUNDS = ["audio/ogg;codecs=opus", "audio/webm;codecs=opus", "audio/mp4"];

const shrunk = async (file) => {
  const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
  const scale = Math.min(1, LONGEST / Math.max(picture.width, picture.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(picture.width * scale));
  canvas.height = Math.max(1, Math.round(picture.height * scale));
  canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
  picture.close();
  return new Promise((done, fail) => canvas.toBlob((blob) => (blob ? done(blob) : fail(new Error("no picture"))), "image/jpeg", QUALITY));
};

// Photos and recordings of one thing that was said. `files` grows and shrinks with what is shown.
export const capture = ({ files, changed, complain }) => {
  const shown = h("ul", { className: "shots" });
  const show = (file, element, words) => {
    const address = URL.createObjectURL(file.blob);
    element.src = address;
    const line = h("li", {}, element, h("button", { type: "button", className: "btn btn-outline-secondary", onclick: () => {
      files.splice(files.indexOf(file), 1);
      URL.revokeObjectURL(address);
      line.remove();
      changed();
    } }, words));
    shown.append(line);
  };
  const keep = (blob, name) => {
    const file = { id: crypto.randomUUID(), blob, name };
    files.push(file);
    changed();
    return file;
  };

  const picker = h("input", { type: "file", accept: "image/*", capture: "environment", className: "visually-hidden", tabIndex: -1, ariaHidden: "true", onchange: async () => {
    for (const chosen of picker.files) {
      try { show(keep(await shrunk(chosen), "photo.jpg"), h("img", { alt: t("photo.alt") }), t("photo.drop")); }
      catch { complain(t("photo.unreadable")); }
    }
    picker.value = "";
  } });
  const photo = h("button", { type: "button", className: "btn btn-outline-secondary", onclick: () => picker.click() }, icon("look"), t("photo"));
  const hold = recorder({ done: (blob, name) => show(keep(blob, name), h("audio", { controls: true }), t("voice.drop")), complain });
  return h("div", { className: "captures" }, h("div", { className: "pair" }, hold, photo, picker), shown);
};

// Hold to talk; who cannot hold presses once to begin and once to end.
const recorder = ({ done, complain }) => {
  let at, stream, recording;
  const button = h("button", { type: "button", className: "btn btn-outline-secondary talk", ariaPressed: "false" }, icon("speak"), h("span", {}, t("voice.hold")));
  const say = (words, pressed) => {
    button.lastChild.textContent = words;
    button.ariaPressed = pressed ? "true" : "false";
  };
  const begin = async () => {
    const type = SOUNDS.find((each) => globalThis.MediaRecorder?.isTypeSupported(each));
    if (!type) return complain(t("voice.impossible"));
    try { stream = await navigator.mediaDevices.getUserMedia({ audio: true }); } catch { return complain(t("voice.forbidden")); }
    const parts = [];
    recording = new MediaRecorder(stream, { mimeType: type, audioBitsPerSecond: 24_000 });
    recording.ondataavailable = ({ data }) => parts.push(data);
    recording.onstop = () => {
      for (const track of stream.getTracks()) track.stop();
      recording = undefined;
      say(t("voice.hold"), false);
      const blob = new Blob(parts, { type });
      if (Date.now() - at < 700) complain(t("voice.short"));
      else done(blob, `voice.${type.includes("ogg") ? "ogg" : type.includes("webm") ? "webm" : "m4a"}`);
    };
    at = Date.now();
    recording.start(1000);
    setTimeout(() => end(), SECONDS * 1000);
    return say(t("voice.on"), true);
  };
  const end = () => { if (recording?.state === "recording") recording.stop(); };
  let held = false;
  button.addEventListener("pointerdown", () => { if (!recording) { held = true; begin(); } });
  for (const name of ["pointerup", "pointercancel"]) button.addEventListener(name, () => { if (held && recording && Date.now() - at > 700) end(); held = false; });
  button.addEventListener("click", (event) => {
    if (event.detail === 0 || (recording && !held && Date.now() - at > 700)) { if (recording) end(); else begin(); }
  });
  return button;
};

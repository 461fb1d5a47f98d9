// Reads a text aloud where the browser has a voice for it. The button stays hidden where it has none.
(() => {
  const synth = window.speechSynthesis;
  if (!synth || !window.SpeechSynthesisUtterance) return;
  const languages = { "zh-Hans": "zh-CN", "zh-Hant": "zh-TW" };
  const language = languages[document.documentElement.lang] || document.documentElement.lang;

  for (const button of document.querySelectorAll("button[data-aloud]")) {
    const text = document.querySelector(button.dataset.aloud);
    if (!text) continue;
    const label = button.querySelector("span") || button;
    const start = label.textContent;

    const show = (reading) => {
      button.setAttribute("aria-pressed", String(reading));
      label.textContent = reading ? button.dataset.stop : start;
      text.classList.toggle("reading", reading);
    };
    button.hidden = false;
    button.addEventListener("click", () => {
      const reading = button.getAttribute("aria-pressed") === "true";
      synth.cancel(); // also ends what another button began; its own "end" puts that button back
      if (reading) return show(false);
      const speech = new SpeechSynthesisUtterance(text.value || text.innerText);
      speech.lang = text.lang || language;
      speech.rate = 0.9; // a little slower: many listeners are old
      speech.onend = speech.onerror = () => show(false);
      show(true);
      synth.speak(speech);
    });
  }
  window.addEventListener("pagehide", () => synth.cancel());
})();

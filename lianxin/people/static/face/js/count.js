// Says how many characters are left while there is time to shorten, instead of cutting a pasted text silently.
(() => {
  // As the server counts: a line break is sent as two characters, an emoji is one.
  const length = (text) => [...text.replace(/\r?\n/g, "\r\n")].length;

  for (const line of document.querySelectorAll("[data-count]")) {
    const field = document.querySelector(line.dataset.count);
    if (!field) continue;
    const most = Number(field.getAttribute("maxlength"));
    if (!most) continue;
    field.removeAttribute("maxlength");

    const say = () => {
      const left = most - length(field.value);
      const words = (left < 0 ? line.dataset.over : line.dataset.left).replace("{n}", Math.abs(left));
      line.hidden = left > most / 4; // no talk of limits to someone who writes three lines
      line.classList.toggle("over", left < 0);
      // Screen readers hear it only near the end, not at every letter.
      line.setAttribute("aria-live", left < 0 || left % 20 === 0 ? "polite" : "off");
      line.textContent = words;
      field.setCustomValidity(left < 0 ? words : "");
    };
    field.addEventListener("input", say);
    say();
  }
})();

// Copies the texts of the elements named in data-copy; the button appears only where the browser can.
(() => {
  if (!navigator.clipboard) return;
  for (const button of document.querySelectorAll("[data-copy]")) {
    const words = button.querySelector("span");
    button.hidden = false;
    button.addEventListener("click", async () => {
      const text = [...document.querySelectorAll(button.dataset.copy.split(" ").join(", "))].map((one) => one.textContent);
      try {
        await navigator.clipboard.writeText(text.join(" "));
        words.textContent = button.dataset.done;
      } catch { button.hidden = true; }
    });
  }
})();

// The channel as an installed app: its worker, and forwarding by what the telephone has.
(() => {
  "use strict";

  const here = document.currentScript;
  if ("serviceWorker" in navigator && here) {
    navigator.serviceWorker.register(here.dataset.worker).catch(() => {});
  }

  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-forward]");
    if (!button) return;
    const url = button.dataset.forward;
    const title = button.dataset.forwardTitle;
    if (navigator.share) {
      navigator.share({ title, url }).catch(() => {});
      return;
    }
    const said = document.documentElement.dataset;
    const word = button.lastChild;
    navigator.clipboard.writeText(url).then(
      () => { word.textContent = said.copied; },
      () => { word.textContent = said.copyFailed; },
    );
  });
})();

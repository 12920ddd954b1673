// Quickens what already works without it. No framework, no inline handlers:
// behaviour hangs on data- attributes, so that pages loaded by htmx get it too.
(() => {
  "use strict";

  const say = (key) => document.documentElement.dataset[key] || "";

  // --- theme -----------------------------------------------------------------
  document.addEventListener("submit", (event) => {
    const form = event.target.closest("[data-theme-switch]");
    if (!form || !event.submitter) return;
    event.preventDefault();
    const theme = event.submitter.value;
    if (theme === "auto") document.documentElement.removeAttribute("data-theme");
    else document.documentElement.dataset.theme = theme;
    for (const button of form.querySelectorAll("button")) {
      button.setAttribute("aria-pressed", String(button === event.submitter));
    }
    fetch(form.action, { method: "POST", body: new FormData(form, event.submitter), redirect: "manual" });
  });

  // --- a long side's present page stands in view ------------------------------
  for (const side of document.querySelectorAll(".sidenav")) {
    const here = [...side.querySelectorAll("a[aria-current]")].find((link) => link.offsetParent);
    if (here && here.offsetTop + here.offsetHeight > side.clientHeight) side.scrollTop = here.offsetTop - side.clientHeight / 2;
  }

  // --- toasts ----------------------------------------------------------------
  const arm = (toast) => {
    if (toast.dataset.armed) return;
    toast.dataset.armed = "1";
    if (toast.dataset.stay !== undefined) return;
    let timer = setTimeout(() => toast.remove(), 6000);
    toast.addEventListener("pointerenter", () => clearTimeout(timer));
    toast.addEventListener("focusin", () => clearTimeout(timer));
    toast.addEventListener("pointerleave", () => { timer = setTimeout(() => toast.remove(), 3000); });
  };
  const armAll = () => document.querySelectorAll("#toasts .toast").forEach(arm);

  const toast = (text, kind = "info") => {
    const model = document.querySelector("template#toast-" + kind) || document.querySelector("template#toast-info");
    const box = document.getElementById("toasts");
    if (!model || !box) return;
    const node = model.content.firstElementChild.cloneNode(true);
    node.querySelector(".toast-text").textContent = text;
    box.append(node);
    arm(node);
  };

  // --- dialogs ---------------------------------------------------------------
  const openDialog = (dialog) => {
    if (dialog && typeof dialog.showModal === "function" && !dialog.open) dialog.showModal();
  };

  // --- confirm ---------------------------------------------------------------
  const confirmed = new WeakSet();
  const ask = (question, yes) => {
    const dialog = document.getElementById("kit-confirm");
    if (!dialog) { if (window.confirm(question)) yes(); return; }
    dialog.querySelector("[data-confirm-text]").textContent = question;
    dialog.returnValue = "";
    dialog.addEventListener("close", () => { if (dialog.returnValue === "yes") yes(); }, { once: true });
    openDialog(dialog);
  };
  document.addEventListener("submit", (event) => {
    const form = event.target;
    const question = (event.submitter && event.submitter.dataset.confirm) || form.dataset.confirm;
    if (!question || confirmed.has(form)) { confirmed.delete(form); return; }
    event.preventDefault();
    event.stopImmediatePropagation();
    const submitter = event.submitter;
    ask(question, () => { confirmed.add(form); form.requestSubmit(submitter); });
  }, true);
  document.addEventListener("htmx:confirm", (event) => {
    const question = event.detail.question;
    if (!question) return;
    event.preventDefault();
    ask(question, () => event.detail.issueRequest(true));
  });

  // --- clicks ----------------------------------------------------------------
  const reply = (button, text) => {
    const word = button.querySelector("[data-copy-word]");
    if (!word) { toast(text, "ok"); return; }
    const before = word.textContent;
    word.textContent = text;
    setTimeout(() => { word.textContent = before; }, 1600);
  };

  const stepQuantity = (button) => {
    const input = button.closest(".qty").querySelector("input");
    const step = Number(input.step) || 1;
    const min = input.min === "" ? 0 : Number(input.min);
    const max = input.max === "" ? Infinity : Number(input.max);
    const now = Number(input.value) || 0;
    const forward = button.dataset.qty === "more";
    // Below the minimum there is only "none": 0 ↔ minimum, never in between.
    let next = forward ? now + step : now - step;
    if (forward && now < min) next = min;
    if (!forward && next < min) next = input.dataset.zero !== undefined ? 0 : min;
    input.value = String(Math.min(Math.max(next, 0), max));
    input.dispatchEvent(new Event("input", { bubbles: true }));
    input.dispatchEvent(new Event("change", { bubbles: true }));
  };

  document.addEventListener("click", (event) => {
    const at = (selector) => event.target.closest(selector);
    let found;
    if ((found = at(".toast-close"))) { found.closest(".toast").remove(); return; }
    if ((found = at("[data-dialog]"))) {
      const dialog = document.getElementById(found.dataset.dialog);
      if (dialog) { event.preventDefault(); openDialog(dialog); }
      return;
    }
    if ((found = at("[data-close]"))) {
      const dialog = found.closest("dialog");
      if (dialog && dialog.open) { event.preventDefault(); dialog.close(found.value || ""); }
      return;
    }
    if (event.target.matches && event.target.matches("dialog[open]")) { event.target.close(); return; }
    if ((found = at("[data-copy]"))) {
      navigator.clipboard.writeText(found.dataset.copy).then(() => reply(found, say("copied")), () => reply(found, say("copyFailed")));
      return;
    }
    if ((found = at("[data-qty]")) && found.type === "button") { stepQuantity(found); return; }
    if ((found = at("[data-print]"))) { window.print(); return; }
    if ((found = at(".pictures-thumbs a"))) {
      const target = document.getElementById(found.hash.slice(1));
      if (target) {
        event.preventDefault();
        const strip = target.parentElement;
        strip.scrollTo({ left: target.offsetLeft, behavior: "smooth" });
      }
      return;
    }
    for (const menu of document.querySelectorAll("details.menu[open]")) {
      if (!menu.contains(event.target)) menu.open = false;
    }
  });

  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const menu of document.querySelectorAll("details.menu[open]")) {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
  });

  // --- a list with boxes to tick ----------------------------------------------
  const recount = (form) => {
    const boxes = [...form.querySelectorAll("input[type=checkbox][data-row]")];
    const ticked = boxes.filter((box) => box.checked).length;
    for (const place of form.querySelectorAll("[data-ticked]")) place.textContent = String(ticked);
    const all = form.querySelector("input[type=checkbox][data-all]");
    if (all) {
      all.checked = ticked > 0 && ticked === boxes.length;
      all.indeterminate = ticked > 0 && ticked < boxes.length;
    }
  };
  document.addEventListener("change", (event) => {
    const input = event.target;
    const form = input.form || input.closest("form, [data-rows]");
    if (form && input.matches("[data-all]")) {
      form.querySelectorAll("input[type=checkbox][data-row]").forEach((box) => { box.checked = input.checked; });
    }
    if (form && input.matches("[data-all], [data-row]")) recount(form);
    if (input.matches(".drop input[type=file]")) {
      const names = [...input.files].map((file) => file.name);
      const place = input.closest(".drop").querySelector("[data-drop-name]");
      if (place) { place.textContent = names.join("、"); place.hidden = names.length === 0; }
    }
    if (input.matches("select[data-autosubmit], input[data-autosubmit]")) input.form.requestSubmit();
  });

  // --- dropping files ----------------------------------------------------------
  for (const [name, over] of [["dragenter", true], ["dragover", true], ["dragleave", false], ["drop", false]]) {
    document.addEventListener(name, (event) => {
      const drop = event.target.closest && event.target.closest(".drop");
      if (drop) drop.toggleAttribute("data-over", over);
    });
  }

  // --- pictures: the thumbnail of what is in view --------------------------------
  const watchPictures = (root) => {
    for (const strip of root.querySelectorAll(".pictures-strip:not([data-watched])")) {
      strip.dataset.watched = "1";
      const links = [...strip.parentElement.querySelectorAll(".pictures-thumbs a")];
      strip.addEventListener("scroll", () => {
        const index = Math.round(strip.scrollLeft / strip.clientWidth);
        links.forEach((link, i) => (i === index ? link.setAttribute("aria-current", "true") : link.removeAttribute("aria-current")));
      }, { passive: true });
    }
  };

  const settle = (root) => {
    watchPictures(root);
    armAll();
    for (const tab of root.querySelectorAll(".tabs [aria-current]")) {
      const tabs = tab.closest(".tabs");
      if (tabs.scrollWidth > tabs.clientWidth) tabs.scrollLeft = tab.offsetLeft - (tabs.clientWidth - tab.offsetWidth) / 2;
    }
    root.querySelectorAll("form:has([data-ticked])").forEach(recount);
  };

  document.addEventListener("htmx:configRequest", (event) => {
    const token = document.querySelector("input[name=csrfmiddlewaretoken]");
    if (token) event.detail.headers["X-CSRFToken"] = token.value;
  });
  document.addEventListener("htmx:afterSettle", (event) => settle(event.target.parentElement || document));
  document.addEventListener("htmx:sendError", () => toast(say("offline"), "bad"));
  document.addEventListener("htmx:responseError", () => toast(say("failed"), "bad"));

  settle(document);
})();

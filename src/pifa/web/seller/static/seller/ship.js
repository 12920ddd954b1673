// The shipping page for the keyboard (and barcode scanners, which end with Enter): Enter goes to the
// next order, a column copied from a sheet fills downwards, a carrier typed once goes on below.
(() => {
  "use strict";
  const form = document.querySelector("[data-ship]");
  if (!form) return;
  const numbers = [...form.querySelectorAll("[data-tracking]")];
  const carriers = [...form.querySelectorAll("[data-carrier]")];
  const counter = form.querySelector("[data-filled]");
  const count = () => {
    counter.textContent = String(numbers.filter((input) => input.value.trim()).length);
  };

  const column = (target) => [numbers, carriers].find((inputs) => inputs.includes(target));

  form.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    if (event.key === "Escape") { event.target.blur(); return; }
    const inputs = column(event.target);
    // Arrows in the carrier's field choose from its list.
    if (inputs === numbers && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
      const to = inputs[inputs.indexOf(event.target) + (event.key === "ArrowDown" ? 1 : -1)];
      if (to) { event.preventDefault(); to.focus(); to.select(); }
      return;
    }
    if (event.key !== "Enter") return;
    if (event.ctrlKey || event.metaKey) {
      event.preventDefault();
      form.requestSubmit(form.querySelector("button[name=act]"));
      return;
    }
    const place = numbers.indexOf(event.target);
    if (place < 0) {
      if (event.target.matches("[data-carrier]")) {
        event.preventDefault();
        numbers[carriers.indexOf(event.target)].focus();
      }
      return;
    }
    event.preventDefault();
    const next = numbers[place + 1] || form.querySelector("button[name=act]");
    next.focus();
    if (next.select) next.select();
  });

  form.addEventListener("change", (event) => {
    const place = carriers.indexOf(event.target);
    if (place < 0) return;
    const before = event.target.dataset.before || "";
    for (const input of carriers.slice(place + 1)) {
      if (input.value === "" || input.value === before) {
        input.value = event.target.value;
        input.dataset.before = event.target.value;
      }
    }
    event.target.dataset.before = event.target.value;
  });

  form.addEventListener("paste", (event) => {
    const place = numbers.indexOf(event.target);
    if (place < 0) return;
    const rows = event.clipboardData.getData("text").replace(/\r/g, "").split("\n");
    while (rows.length && rows[rows.length - 1].trim() === "") rows.pop();
    if (rows.length < 2 && !rows.join("").includes("\t")) return;
    event.preventDefault();
    rows.slice(0, numbers.length - place).forEach((row, offset) => {
      const cells = row.split("\t").map((cell) => cell.trim());
      if (cells.length > 1) carriers[place + offset].value = cells[cells.length - 2];
      numbers[place + offset].value = cells[cells.length - 1];
    });
    const last = Math.min(place + rows.length, numbers.length) - 1;
    (numbers[last + 1] || numbers[last]).focus();
    count();
  });

  form.addEventListener("click", (event) => {
    const express = event.target.closest("[data-express]");
    if (!express) return;
    const row = express.closest("tr");
    row.querySelector("[data-carrier]").value = form.dataset.expressName;
    row.querySelector("[data-tracking]").value = express.dataset.express;
    count();
  });

  form.addEventListener("input", count);
  for (const input of carriers) input.dataset.before = input.value;
  count();
})();

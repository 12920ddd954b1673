// A box in a table's head ticks all of its rows, and says how many are ticked.
document.addEventListener("change", (event) => {
  const box = event.target;
  if (!(box instanceof HTMLInputElement) || box.type !== "checkbox") return;
  const form = box.closest("form[data-rows]");
  if (!form) return;
  const rows = [...form.querySelectorAll("input[data-row]")];
  if (box.hasAttribute("data-all")) for (const row of rows) row.checked = box.checked;
  const ticked = rows.filter((row) => row.checked).length;
  const all = form.querySelector("input[data-all]");
  if (all) {
    all.checked = ticked > 0 && ticked === rows.length;
    all.indeterminate = ticked > 0 && ticked < rows.length;
  }
  const count = form.querySelector("[data-ticked]");
  if (count) count.textContent = String(ticked);
});

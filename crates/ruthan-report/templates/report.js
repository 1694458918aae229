"use strict";
const all = (selector, root = document) => [...root.querySelectorAll(selector)];
const one = (selector) => document.querySelector(selector);

// Language: that of the reader, until another is chosen.
const speak = (language) => {
  document.documentElement.lang = language;
  for (const button of all("[data-speak]")) {
    button.setAttribute("aria-pressed", String(button.dataset.speak === language));
  }
};
for (const button of all("[data-speak]")) button.addEventListener("click", () => speak(button.dataset.speak));
speak((navigator.language || "th").startsWith("th") ? "th" : "en");

// Samples: search, filter, order.
const samples = all(".sample").map((card) => ({
  card,
  said: card.querySelector(".text").dataset.search.toLowerCase(),
}));
const update = () => {
  const words = one("#search").value.toLowerCase().split(/\s+/).filter(Boolean);
  const verdict = one("#verdict").value;
  const label = one("#label").value;
  let shown = 0;
  for (const { card, said } of samples) {
    const fits =
      words.every((word) => said.includes(word)) &&
      (!verdict || card.dataset.verdict === verdict) &&
      (!label || card.dataset.label === label);
    card.hidden = !fits;
    shown += Number(fits);
  }
  one("#shown").textContent = String(shown);
  one("#no-match").hidden = shown > 0;
};
const order = () => {
  const by = one("#order").value;
  samples.sort((a, b) => Number(b.card.dataset[by]) - Number(a.card.dataset[by]));
  one(".samples").append(...samples.map(({ card }) => card));
};
if (samples.length) {
  for (const id of ["#search", "#verdict", "#label"]) one(id).addEventListener("input", update);
  one("#order").addEventListener("input", order);
  one("form.filter").addEventListener("submit", (event) => event.preventDefault());
}

// Tables: a heading sorts by its column.
const worth = (row, column) => {
  const cell = row.cells[column];
  return cell.dataset.sort === undefined ? cell.innerText.trim() : Number(cell.dataset.sort);
};
for (const button of all("th button")) {
  button.addEventListener("click", () => {
    const heading = button.closest("th");
    const falling = heading.getAttribute("aria-sort") !== "descending";
    for (const other of heading.parentElement.cells) other.removeAttribute("aria-sort");
    heading.setAttribute("aria-sort", falling ? "descending" : "ascending");
    const body = heading.closest("table").tBodies[0];
    const column = heading.cellIndex;
    const rows = [...body.rows].sort((a, b) => {
      const [x, y] = [worth(a, column), worth(b, column)];
      return typeof x === "number" ? x - y : x.localeCompare(y, document.documentElement.lang);
    });
    body.append(...(falling ? rows.reverse() : rows));
  });
}

// On paper everything is open.
window.addEventListener("beforeprint", () => all("details").forEach((details) => (details.open = true)));

/**
 * What the page can do besides, where scripts run: filter, order, unfold all, copy, follow a bar to its entry. It makes no markup
 * from text, keeps nothing, and asks for nothing from outside.
 */
export const SCRIPT = `"use strict";
(() => {
  const all = (what, within = document) => [...within.querySelectorAll(what)];
  const list = document.querySelector(".findings");
  const form = document.querySelector(".tools");
  const entries = list ? [...list.children] : [];
  const rows = new Map(all(".timeline li").map((row) => [row.dataset.at, row]));

  const show = (entry, isShown) => {
    entry.hidden = !isShown;
    const row = rows.get(entry.dataset.at);
    if (row) row.hidden = !isShown;
  };
  const tell = () => {
    const shown = entries.filter((entry) => !entry.hidden).length;
    form.querySelector("output").textContent = shown < entries.length ? shown + " of " + entries.length + " shown" : "";
  };

  const open = (id) => {
    const target = id ? document.getElementById(id) : null;
    if (!(target instanceof HTMLDetailsElement)) return;
    target.open = true;
    // A filter may have hidden the entry that a link of the page leads to.
    const entry = target.closest(".findings > li");
    if (entry?.hidden) {
      show(entry, true);
      tell();
    }
    target.querySelector("summary").focus({ preventScroll: true });
    target.scrollIntoView({ block: "start" });
  };
  addEventListener("hashchange", () => open(location.hash.slice(1)));
  document.addEventListener("click", (event) => {
    const link = event.target instanceof Element ? event.target.closest("a[href^='#']") : null;
    if (link && link.getAttribute("href") === location.hash) open(location.hash.slice(1));
  });
  open(location.hash.slice(1));

  const copy = async (code, button) => {
    try {
      await navigator.clipboard.writeText(code.textContent);
      button.textContent = "Copied";
    } catch {
      getSelection().selectAllChildren(code);
      button.textContent = "Selected";
    }
    setTimeout(() => { button.textContent = "Copy"; }, 2000);
  };
  const addButtons = (within) => {
    for (const box of all(".command", within)) {
      if (box.querySelector("button") || box.closest("details:not([open])")) continue;
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = "Copy";
      button.addEventListener("click", () => void copy(box.querySelector("code"), button));
      box.append(button);
    }
  };
  addButtons(document);
  document.addEventListener("toggle", (event) => addButtons(event.target), true);

  document.querySelector(".timeline")?.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step) return;
    const shown = all(".timeline li:not([hidden]) > a");
    const next = shown[shown.indexOf(document.activeElement) + step];
    if (!next) return;
    event.preventDefault();
    next.focus();
  });

  let folded = [];
  addEventListener("beforeprint", () => {
    folded = all("details:not([open])");
    for (const each of folded) each.open = true;
  });
  addEventListener("afterprint", () => {
    for (const each of folded) each.open = false;
    folded = [];
  });

  if (!form) return;
  const { filter, order, all: unfold } = form.elements;
  const levels = [...new Set(entries.map((entry) => entry.dataset.severity))].filter(Boolean);
  for (const level of levels.length > 1 ? levels : []) {
    const label = document.createElement("label");
    const box = document.createElement("input");
    box.type = "checkbox";
    box.checked = true;
    box.value = level;
    label.append(box, " " + level);
    form.querySelector(".levels").append(label);
  }
  const texts = new Map();
  const textOf = (entry) => {
    if (!texts.has(entry)) texts.set(entry, entry.textContent.toLowerCase());
    return texts.get(entry);
  };
  const choose = () => {
    const words = filter.value.toLowerCase().split(/\\s+/).filter(Boolean);
    const off = new Set(all(".levels input", form).filter((box) => !box.checked).map((box) => box.value));
    for (const entry of entries) {
      show(entry, !off.has(entry.dataset.severity) && words.every((word) => textOf(entry).includes(word)));
    }
    tell();
  };
  const sort = () => {
    const key = order.value || "at";
    list.append(...entries.toSorted((a, b) => a.dataset[key] - b.dataset[key] || a.dataset.at - b.dataset.at));
  };
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("input", choose);
  order.addEventListener("change", sort);
  unfold.addEventListener("click", () => {
    const opening = unfold.textContent === "Unfold all";
    for (const each of all(".finding", list)) each.open = opening;
    unfold.textContent = opening ? "Fold all" : "Unfold all";
  });
  form.hidden = false;
})();
`;

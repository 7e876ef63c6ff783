/* What pages do beyond plain HTML; everything works without it. */
"use strict";

/* A form is sent once: its buttons say that they work until the next page is there, or until one comes back to this one. */
const busy = "data-busy";
addEventListener("submit", (event) => {
  const form = event.target, button = event.submitter;
  if (form.method !== "post" || event.defaultPrevented) return;
  if (form.hasAttribute(busy)) return event.preventDefault();
  form.setAttribute(busy, "");
  if (!button) return;
  button.setAttribute("aria-disabled", "true");
  button.dataset.label = button.textContent;
  setTimeout(() => { if (form.hasAttribute(busy)) button.textContent = "Working…"; }, 150);
});
addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll(`form[${busy}]`)) form.removeAttribute(busy);
  for (const button of document.querySelectorAll("button[data-label]")) {
    button.removeAttribute("aria-disabled");
    button.textContent = button.dataset.label;
    delete button.dataset.label;
  }
});

/* Faults: where a page comes back with some, their summary is read first. */
addEventListener("DOMContentLoaded", () => document.querySelector(".errors")?.focus());

/* A field to be copied: its button is there where the browser can. */
addEventListener("DOMContentLoaded", () => {
  for (const button of document.querySelectorAll("button[data-copy]")) button.hidden = !navigator.clipboard;
});
addEventListener("click", async (event) => {
  const button = event.target.closest("button[data-copy]");
  if (!button) return;
  const field = document.getElementById(button.dataset.copy);
  field.select();
  try { await navigator.clipboard.writeText(field.value); button.textContent = "Copied"; } catch { button.textContent = "Press Ctrl+C"; }
});

/* Help: the link to the help page opens it here; so does the key "?", unless one writes, or has turned the key off. */
const help = {
  get link() { return document.querySelector("a[data-help]"); },
  get dialog() { return document.getElementById("help"); },
  get key() { return !/(^|; )help-key=off(;|$)/.test(document.cookie); },      // signing out empties the browser's storage
  async open() {
    const dialog = this.dialog;
    if (!dialog || dialog.open) return;
    try {
      const answer = await fetch(this.link.href, { headers: { "HX-Request": "true" } });
      if (!answer.ok || answer.headers.has("HX-Redirect")) throw answer;
      dialog.querySelector("[data-help-text]").innerHTML = await answer.text();
    } catch { location.href = this.link.href; return; }
    dialog.querySelector("[data-help-key]").checked = this.key;
    dialog.showModal();
  },
};
addEventListener("click", (event) => {
  if (event.target.closest("a[data-help]") && !event.ctrlKey && !event.metaKey && !event.shiftKey) { event.preventDefault(); help.open(); }
  if (event.target === help.dialog) help.dialog.close();
});
addEventListener("change", (event) => {
  if (event.target.matches("[data-help-key]")) document.cookie = `help-key=${event.target.checked ? "on" : "off"}; path=/; max-age=31536000; SameSite=Lax`;
});
addEventListener("keydown", (event) => {
  if (event.key !== "?" || !help.key || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.closest("input, select, textarea, [contenteditable]") || !help.link) return;
  event.preventDefault();
  help.open();
});

/* Filters: an address keeps what was asked for, and no empty fields; what is shown already is not asked for again, so that a
   list does not change under a click that leaves the field. A list of choices closes when one goes elsewhere. */
addEventListener("htmx:configRequest", (event) => {
  const { elt: form, formData, triggeringEvent } = event.detail;
  if (!form.matches(".filters")) return;
  for (const [name, value] of [...formData]) if (value === "") formData.delete(name);
  const asked = new URLSearchParams([...formData]).toString();
  if (asked === form.dataset.asked && triggeringEvent?.type !== "submit") event.preventDefault();
  form.dataset.asked = asked;
});
addEventListener("click", (event) => {
  for (const open of document.querySelectorAll(".several[open]")) if (!open.contains(event.target)) open.open = false;
});
addEventListener("keydown", (event) => {
  const open = event.key === "Escape" && event.target.closest(".several[open]");
  if (open) { open.open = false; open.querySelector("summary").focus(); }
});

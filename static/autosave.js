/* A form that saves itself as one types; templates/shared/autosave.html stands in it and has the words.
   htmx sends the form and puts the answer in its place; here is when that is done, what is kept in this browser until it
   is stored, and what to do where it cannot be. Without any of this the form is saved by its button. */
"use strict";
(() => {
  const place = document.querySelector("[data-autosave]");
  if (!place || !window.htmx) return;
  const form = place.closest("form"), mark = place.querySelector("input"), said = place.querySelector("[data-said]");
  const back = place.querySelector("[data-back]"), spoken = place.querySelector("[role=status]");
  const SOON = 2000, AGAIN = [5000, 15000, 30000, 60000];      // milliseconds: after the last key; after a failure
  const TOKEN = "csrfmiddlewaretoken";

  /* ---- What is typed, and what of it is stored ---- */
  const typed = () => JSON.stringify([...new FormData(form)].filter(([name]) => name !== mark.name && name !== TOKEN));
  const grouped = (pairs) => pairs.reduce((all, [name, value]) => all.set(name, [...(all.get(name) ?? []), value]), new Map());
  const put = (pairs) => {
    const given = grouped(pairs);
    for (const field of form.elements) {
      const values = given.get(field.name);
      if (field === mark || field.name === TOKEN || ["submit", "button", "file"].includes(field.type)) continue;
      if (field.type === "radio" || field.type === "checkbox") field.checked = Boolean(values?.includes(field.value));
      else if (field.type === "select-multiple") for (const option of field.options) option.selected = Boolean(values?.includes(option.value));
      else if (values) field.value = values.shift();
    }
  };
  let stored = place.hasAttribute("data-unsaved") ? null : typed();
  const unsaved = () => typed() !== stored;

  /* ---- Kept in this browser, for this person and page, until it is stored or somebody signs out ---- */
  const key = `autosave ${place.dataset.autosave} ${location.pathname}`;
  const keep = () => {
    try { localStorage.setItem(key, JSON.stringify({ at: Date.now(), mark: mark.value, stored, typed: typed() })); }
    catch { /* no room, or not allowed: the page itself still has it */ }
  };
  const kept = () => { try { return JSON.parse(localStorage.getItem(key)); } catch { return null; } };
  const drop = () => { try { localStorage.removeItem(key); } catch { /* there is none then */ } };

  /* ---- What stands below the form. It is spoken only where it is of another kind than before ---- */
  let shown = said.querySelector("[data-mark]") ? "saved" : "idle";
  const calm = () => shown === "saved" || shown === "idle";
  const speak = (kind) => {
    if (kind !== shown) spoken.textContent = said.querySelector("[data-short]")?.textContent ?? "";
    shown = kind;
  };
  const show = (kind) => said.replaceChildren(place.querySelector(`template[data-say="${kind}"]`).content.cloneNode(true));
  const say = (kind) => { show(kind); speak(kind); };

  /* ---- Saving ---- */
  let timer, busy = false, failures = 0;
  let sent = null;          // what is under way
  let lost = null;          // what was sent and never answered: it may be stored, so it goes again before anything newer
  let held = false;         // somebody else wrote meanwhile: nothing is sent until the person has chosen
  let leaving = false;      // the person goes on knowingly: nothing is asked
  let then = null;          // what goes on after this save: a button or a link that was pressed
  let pressing = false;     // something is being pressed: what is said below the form must not move it away

  const wait = (time) => { clearTimeout(timer); timer = setTimeout(save, time); };
  function save() {
    clearTimeout(timer);
    if (busy || held || (calm() && !unsaved())) return;
    if (pressing && !then) { wait(100); return; }
    const token = document.cookie.match(/(?:^|; )(?:__Host-|__Secure-)?csrftoken=([^;]+)/)?.[1];
    if (token && form.elements[TOKEN]) form.elements[TOKEN].value = token;      // it changes when one signs in in another tab
    busy = true;
    sent = lost ?? typed();
    if (calm()) show("saving");
    htmx.trigger(place, "autosave");
  }
  place.addEventListener("htmx:configRequest", ({ detail: { formData } }) => {
    for (const name of new Set(formData.keys())) if (name !== mark.name && name !== TOKEN) formData.delete(name);
    for (const [name, value] of JSON.parse(sent)) formData.append(name, value);
  });
  place.addEventListener("htmx:beforeOnLoad", (event) => event.stopPropagation());      // a page of faults for developers would replace this one
  place.addEventListener("htmx:beforeSwap", ({ detail }) => {
    detail.shouldSwap = detail.xhr.getResponseHeader("Autosave") !== null;
    detail.isError = false;      // what to say of it is said below
  });
  place.addEventListener("htmx:afterRequest", ({ detail }) => setTimeout(() => answered(detail.xhr)));
  function answered(request) {
    const kind = request.getResponseHeader("Autosave") ?? (request.status === 403 ? "old" : request.status ? "trouble" : "offline");
    busy = false;
    lost = null;
    if (kind === "offline" || kind === "trouble") {
      lost = sent;
      wait(AGAIN[Math.min(failures++, AGAIN.length - 1)]);
      say(kind);
    } else {
      failures = 0;
      if (kind === "old") say(kind); else speak(kind);
    }
    if (kind === "saved") {
      mark.value = said.querySelector("[data-mark]").dataset.mark;
      stored = sent;
      if (unsaved()) { keep(); wait(then ? 0 : SOON); return; }
      drop();
    }
    held = kind === "stale";
    const on = then;
    then = null;
    on?.(kind);
  }

  /* ---- When ---- */
  addEventListener("pointerdown", () => { pressing = true; }, true);
  for (const end of ["pointerup", "pointercancel", "keydown"]) addEventListener(end, () => setTimeout(() => { pressing = false; }), true);
  const changed = (time) => {
    leaving = false;
    if (unsaved()) keep(); else if (!busy) drop();
    wait(time);
  };
  form.addEventListener("input", () => changed(SOON));
  form.addEventListener("change", () => changed(0));
  document.addEventListener("visibilitychange", save);
  addEventListener("online", save);
  addEventListener("pageshow", ({ persisted }) => {
    if (!persisted) return;
    leaving = false;
    if (unsaved()) save(); else location.reload();
  });

  /* ---- Going on: first it is saved, and only where it cannot be the person is asked ---- */
  let passing = false;
  const focus = (element) => { element.tabIndex = -1; element.focus(); };
  addEventListener("beforeunload", (event) => { if (unsaved() && !leaving) event.preventDefault(); });
  const first = (event, on) => {
    event.preventDefault();
    if (held) return on(shown);
    then = on;
    save();
  };
  document.addEventListener("submit", (event) => {
    const { target, submitter } = event;
    if (event.defaultPrevented || passing || target.method !== "post" || !(busy || unsaved())) return;
    first(event, (kind) => {
      if (target === form && kind !== "saved" && kind !== "not_yet") return focus(said.firstElementChild);
      leaving = target === form;
      passing = true;
      target.requestSubmit(submitter);
      passing = false;
    });
  });
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[href]");
    if (!link || event.defaultPrevented || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    if (place.contains(link)) { leaving = link.hash === ""; return; }
    if (link.target || link.origin !== location.origin || link.pathname === location.pathname || !(busy || unsaved())) return;
    first(event, () => { location.href = link.href; });
  });

  /* ---- Choices ---- */
  const together = (mine, theirs) => {
    const before = grouped(JSON.parse(stored ?? "[]"));
    const same = (one, other) => JSON.stringify(one) === JSON.stringify(other);
    const texts = new Set([...form.querySelectorAll("textarea")].map((field) => field.name));
    const both = new Map(mine);
    for (const [name, values] of theirs) {
      const own = mine.get(name) ?? [];
      if (same(own, before.get(name) ?? [])) both.set(name, values);
      else if (texts.has(name) && !same(values, before.get(name) ?? []) && !same(values, own)) both.set(name, [`${own[0].trimEnd()}\n\n${values[0]}`]);
    }
    return [...both].flatMap(([name, values]) => values.map((value) => [name, value]));
  };
  const choices = {
    mine: () => {},
    theirs: (theirs) => { put(theirs); },
    both: (theirs) => { put(together(grouped(JSON.parse(typed())), grouped(theirs))); },
    undo: () => { form.reset(); },
  };
  place.addEventListener("click", ({ target }) => {
    const choice = target.dataset.choose, piece = said.querySelector("[data-stored]");
    if (!choice) return;
    choices[choice](piece ? JSON.parse(piece.dataset.stored) : []);
    if (piece) mark.value = piece.dataset.mark;
    held = false;
    back.hidden = true;
    stored = choice === "theirs" ? typed() : null;
    form.querySelector("textarea, select, input:not([type=hidden])")?.focus();
    if (unsaved()) { keep(); save(); } else { drop(); say("idle"); }
  });

  /* ---- At first: what was typed here and never stored is put back. The server says whether somebody wrote meanwhile ---- */
  const text = kept();
  if (stored === null) keep();
  else if (text && text.typed === stored) drop();
  else if (text) {
    const at = new Date(text.at), now = new Date();
    const today = at.toDateString() === now.toDateString();
    const day = today ? {} : { day: "numeric", month: "long", year: "numeric" };
    put(JSON.parse(text.typed));
    mark.value = text.mark;
    stored = text.stored;
    back.querySelector("[data-typed-at]").textContent = (today ? "at " : "on ") + at.toLocaleString("en-GB", { ...day, hour: "2-digit", minute: "2-digit" });
    back.hidden = false;
    spoken.textContent = back.querySelector("span").textContent;
    document.addEventListener("DOMContentLoaded", save);      // htmx is ready then
  }
  if (shown === "idle") show(stored === null ? "unsaved" : "idle");
})();

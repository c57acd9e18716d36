// Keeps a page of the sandbox true while it is open: asks each second whether
// anything it shows has changed, and puts the new main part in the place of the
// old one. What somebody has typed, chosen or opened stays, and so does the focus.
// The pages work without it.
"use strict";
(() => {
  const said = document.getElementById("said");
  const lost = document.getElementById("lost");
  const page = () => document.getElementById("main");
  let shownAt = performance.now();
  let failures = 0;
  let warned = false;
  let sent = false;

  const get = (path) => fetch(path, {cache: "no-store", redirect: "error", signal: AbortSignal.timeout(5000)});

  const say = (text) => {
    if (text && said.textContent !== text) said.textContent = text;
  };

  // Times go on by themselves: ages up, what is left down.
  const inWords = (seconds) => {
    const minutes = Math.floor(seconds / 60);
    const hours = Math.floor(minutes / 60);
    if (hours >= 48) return `${Math.floor(hours / 24)} days`;
    if (hours > 0) return `${hours} h ${minutes % 60} min`;
    return `${minutes}:${String(seconds % 60).padStart(2, "0")}`;
  };
  const tick = () => {
    const passed = Math.floor((performance.now() - shownAt) / 1000);
    for (const e of page().querySelectorAll("[data-left], [data-age]")) {
      if (e.dataset.age) {
        e.textContent = inWords(Number(e.dataset.age) + passed);
        continue;
      }
      const left = Math.max(0, Number(e.dataset.left) - passed);
      if (e.localName === "progress") e.value = left;
      else e.textContent = `${inWords(left)} left`;
      if (e.getAttribute("role") === "timer" && left <= 30 && left > 0 && !warned) {
        warned = true;
        say(`${left} seconds left to pay`);
      }
    }
  };

  // The button says what it will pay.
  const label = () => {
    const button = page().querySelector("[data-part]");
    if (!button) return;
    button.dataset.plain ??= button.textContent;
    const typed = document.getElementById("amount").value.trim().replace(/^\$/, "").replace(",", ".");
    const cents = /^\d{1,9}(\.\d{0,2})?$/.test(typed) ? Math.round(Number(typed) * 100) : 0;
    button.textContent = cents > 0 ? button.dataset.part.replace("{}", `$${(cents / 100).toFixed(2)}`) : button.dataset.plain;
  };

  // What somebody has filled in, chosen or opened, by the id of the field, also
  // while a page in between does not have it.
  const filled = new Map();
  const keep = (from, to) => {
    for (const old of from.querySelectorAll("input[id], select[id], details[id]")) {
      if (old.localName === "details") filled.set(old.id, old.open);
      else if (old.type !== "radio") filled.set(old.id, old.value === old.defaultValue ? undefined : old.value);
      else if (old.checked) filled.set(old.name, old.id);
    }
    for (const now of to.querySelectorAll("input[id], select[id], details[id]")) {
      const before = filled.get(now.type === "radio" ? now.name : now.id);
      if (before === undefined) continue;
      if (now.localName === "details") now.open = before;
      else if (now.type !== "radio") now.value = before;
      else if (now.id === before) now.checked = true;
    }
  };

  const show = (text) => {
    // The style is here already, and that of another answer has another nonce.
    const next = new DOMParser().parseFromString(text.replace(/<style[^]*?<\/style>/, ""), "text/html");
    const old = page();
    const fresh = next.getElementById("main");
    if (!fresh) return;
    const focused = old.contains(document.activeElement) ? document.activeElement : null;
    keep(old, fresh);
    old.replaceWith(document.adoptNode(fresh));
    document.title = next.title;
    if (focused) (document.getElementById(focused.id) ?? document.getElementById("top"))?.focus({preventScroll: true});
    shownAt = performance.now();
    tick();
    label();
    say(fresh.dataset.said);
  };

  const look = async () => {
    try {
      const answer = await get(location.pathname.replace(/\/$/, "") + "/version" + location.search);
      if (answer.status >= 500) throw new Error(String(answer.status));
      if (!answer.ok || await answer.text() !== page().dataset.version) {
        const whole = await get(location.pathname + location.search);
        if (whole.status >= 500) throw new Error(String(whole.status));
        show(await whole.text());
      }
      failures = 0;
    } catch {
      failures++; // the sandbox may be starting again
    }
    const wasLost = !lost.hidden;
    lost.hidden = failures < 2;
    if (!lost.hidden && !wasLost) say(lost.textContent);
    if (lost.hidden && wasLost) say(page().dataset.said);
  };

  const follow = async () => {
    while (Number(page().dataset.watch) > 0) {
      await new Promise((resolve) => setTimeout(resolve, Number(page().dataset.watch)));
      if (!sent) await look();
    }
  };

  // One press is one payment, however often the finger comes down.
  document.addEventListener("submit", (event) => {
    if (sent) {
      event.preventDefault();
      return;
    }
    sent = true;
    event.submitter?.setAttribute("aria-disabled", "true");
  });
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) location.reload();
  });
  document.addEventListener("input", label);

  document.getElementById("problem")?.focus();
  setInterval(tick, 1000);
  tick();
  label();
  follow();
})();

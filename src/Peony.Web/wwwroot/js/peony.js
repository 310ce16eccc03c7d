// What every page has beyond its forms and links. Nothing here is needed: with script off, the pages do the same with one touch more.

// A form is sent once: a second press while the first is under way does nothing. The idempotency key in the form guards what this cannot.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented) return;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  if (form.method === "post") {
    form.dataset.sent = "1";
    form.querySelectorAll("button:not([type=button])").forEach((button) => button.setAttribute("aria-busy", "true"));
    setTimeout(() => { delete form.dataset.sent; form.querySelectorAll("[aria-busy]").forEach((button) => button.removeAttribute("aria-busy")); }, 8000);
  }
});
addEventListener("pageshow", () => document.querySelectorAll("form").forEach((form) => { delete form.dataset.sent; form.querySelectorAll("[aria-busy]").forEach((b) => b.removeAttribute("aria-busy")); }));

// Amounts at one touch, and the keypad.
document.querySelectorAll("[data-fill], [data-keypad]").forEach((pad) => {
  const field = document.getElementById(pad.dataset.fill ?? pad.dataset.keypad);
  pad.hidden = false;
  pad.addEventListener("click", (event) => {
    const key = event.target.closest("button")?.value;
    if (key === undefined) return;
    if (pad.dataset.fill) field.value = key;
    else if (key === "⌫") field.value = field.value.slice(0, -1);
    else field.value += key;
    field.dispatchEvent(new Event("input", { bubbles: true }));
  });
});

// Parts marked data-live-part are fetched again when the server says that something changed. A part somebody is typing in is left alone; what was unfolded stays so.
let refreshing;
export async function refresh() {
  if (refreshing) return refreshing;
  refreshing = (async () => {
    const response = await fetch(location.href, { headers: { Accept: "text/html" }, credentials: "same-origin" });
    if (!response.ok || response.redirected) return;
    const fresh = new DOMParser().parseFromString(await response.text(), "text/html");
    document.querySelectorAll("[data-live-part]").forEach((old) => {
      const next = fresh.getElementById(old.id);
      const typed = [...old.querySelectorAll("input:not([type=hidden]), textarea")].some((input) => input.value && input.value !== input.defaultValue);
      if (!next) location.reload();
      else if (!typed && !old.contains(document.activeElement?.matches("input, select, textarea, summary") ? document.activeElement : null) && next.innerHTML !== old.innerHTML) {
        const opened = [...old.querySelectorAll("details")].map((one) => one.open);
        next.querySelectorAll("details").forEach((one, at) => { one.open = opened[at]; });
        old.replaceWith(document.adoptNode(next));
        startCountdowns();
      } else if (next.dataset.state !== old.dataset.state) location.reload();
    });
  })().catch(() => {}).finally(() => { refreshing = null; });
  return refreshing;
}

// What is only good for a while is fetched again before it ends.
const shortest = Math.min(...[...document.querySelectorAll("[data-refresh-seconds]")].map((part) => Number(part.dataset.refreshSeconds)));
if (Number.isFinite(shortest)) setInterval(refresh, shortest * 1000);

const live = document.body.dataset.live;
if (live && "EventSource" in window) {
  const source = new EventSource(live);
  let soon;
  source.addEventListener("changed", () => { clearTimeout(soon); soon = setTimeout(refresh, 60); });
  addEventListener("pagehide", () => source.close());
}

// Countdowns run on what the server said was left: the Book's clock counts, not the browser's.
function startCountdowns() {
  document.querySelectorAll("[data-countdown]:not([data-runs])").forEach((ring) => {
    ring.dataset.runs = "1";
    const end = performance.now() + ring.dataset.countdown * 1000;
    const total = ring.dataset.total * 1000;
    const run = ring.querySelector(".run");
    const text = ring.querySelector("[data-left]");
    const tick = () => {
      if (!ring.isConnected) return;
      const left = Math.max(0, end - performance.now());
      const seconds = Math.ceil(left / 1000);
      text.textContent = Math.floor(seconds / 60) + ":" + String(seconds % 60).padStart(2, "0");
      run.setAttribute("stroke-dashoffset", ((1 - Math.min(1, left / total)) * 339.3).toFixed(1));
      ring.classList.toggle("low", seconds < 60);
      if (left > 0) setTimeout(tick, 1000 - ((performance.now() - end) % 1000 + 1000) % 1000 || 1000);
      else setTimeout(refresh, 1200);
    };
    tick();
  });
}
startCountdowns();

// What is to be copied is copied at one touch.
document.querySelectorAll("[data-copy]").forEach((button) => {
  if (!navigator.clipboard) return;
  button.hidden = false;
  const label = button.textContent;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).textContent);
    button.textContent = button.dataset.copied;
    setTimeout(() => { button.textContent = label; }, 2000);
  });
});

// The first thing wrong is where the reader should be.
document.querySelector("#problem, [aria-invalid=true]")?.focus({ preventScroll: false });

// Codes are typed with or without spaces, and sent when they are whole.
document.querySelectorAll("input[autocomplete=one-time-code]").forEach((input) => input.addEventListener("input", () => { input.value = input.value.replace(/[^0-9]/g, ""); }));

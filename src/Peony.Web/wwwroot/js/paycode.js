// Pay codes that this device makes by itself, without a network. The key comes once, when codes are switched on, and is kept where no page can read it out again; how a code is made stands in PayCodes.cs.
const STEP = 10_000, ROTATES = 30_000;
const PATTERNS = ("212222 222122 222221 121223 121322 131222 122213 122312 132212 221213 221312 231212 112232 122132 122231 113222 123122 123221 223211 221132 221231 213212 223112 312131 311222 321122 321221 "
  + "312212 322112 322211 212123 212321 232121 111323 131123 131321 112313 132113 132311 211313 231113 231311 112133 112331 132131 113123 113321 133121 313121 211331 231131 213113 213311 213131 311123 311321 "
  + "331121 312113 312311 332111 314111 221411 431111 111224 111422 121124 121421 141122 141221 112214 112412 122114 122411 142112 142211 241211 221114 413111 241112 134111 111242 121142 121241 114212 124112 "
  + "124211 411212 421112 421211 212141 214121 412121 111143 111341 131141 114113 114311 411113 411311 113141 114131 311141 411131 211412 211214 211232").split(" ");
const [TO_B, START_C, STOP] = [100, 105, "2331112"];

const keys = await new Promise((resolve, reject) => {
  const open = indexedDB.open("peony", 1);
  open.onupgradeneeded = () => open.result.createObjectStore("keys");
  open.onsuccess = () => resolve(open.result);
  open.onerror = () => reject(open.error);
});
const ask = (mode, act) => new Promise((resolve, reject) => {
  const request = act(keys.transaction("keys", mode).objectStore("keys"));
  request.onsuccess = () => resolve(request.result);
  request.onerror = () => reject(request.error);
});

// A key that was just handed over is taken in and not left in the page; going back or again to it asks for the page and sends no form.
const handed = document.getElementById("pay-key");
if (handed) {
  const bytes = Uint8Array.from(atob(handed.dataset.key), (character) => character.charCodeAt(0));
  const key = await crypto.subtle.importKey("raw", bytes, { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
  await ask("readwrite", (store) => store.put({ number: handed.dataset.number, key }, "pay-code"));
  handed.remove();
  history.replaceState(null, "", "/app/pay-code");
}

const part = document.getElementById("pay-code");
if (part) {
  const ahead = Number(part.dataset.now) - Date.now();
  const own = await ask("readonly", (store) => store.get("pay-code"));
  const isOwn = own?.number === part.dataset.number;
  document.getElementById("pay-offline")?.toggleAttribute("hidden", isOwn);

  const make = async () => {
    const sequence = crypto.getRandomValues(new Uint16Array(1))[0] % 1000;
    const text = new DataView(new ArrayBuffer(12));
    text.setBigInt64(0, BigInt(Math.floor((Date.now() + ahead) / STEP)));
    text.setInt32(8, sequence);
    const proof = new DataView(await crypto.subtle.sign("HMAC", own.key, text)).getBigUint64(0) % 10_000_000_000n;
    return `28${own.number}${String(sequence).padStart(3, "0")}${String(proof).padStart(10, "0")}`;
  };

  // Code 128 (ISO/IEC 15417): pairs of digits in set C, the odd one at the end in set B.
  const bars = (digits) => {
    const values = [START_C];
    for (let at = 0; at + 1 < digits.length; at += 2) values.push(Number(digits.slice(at, at + 2)));
    if (digits.length % 2) values.push(TO_B, digits.charCodeAt(digits.length - 1) - 32);
    values.push(values.reduce((sum, value, at) => sum + value * Math.max(1, at), 0) % 103);
    return values.map((value) => PATTERNS[value]).join("") + STOP;
  };

  const draw = (digits) => {
    const widths = [...bars(digits)].map(Number);
    const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    let at = 10, path = "";
    widths.forEach((width, index) => { if (index % 2 === 0) path += `M${at} 0h${width}v60h-${width}z`; at += width; });
    svg.setAttribute("viewBox", `0 -4 ${at + 10} 68`);
    svg.setAttribute("class", "barcode");
    svg.setAttribute("role", "img");
    svg.setAttribute("shape-rendering", "crispEdges");
    svg.setAttribute("aria-label", part.getAttribute("aria-label"));
    svg.innerHTML = `<rect x="0" y="-4" width="${at + 10}" height="68" fill="#fff"/><path d="${path}" fill="#000"/>`;
    return svg;
  };

  let timer;
  const show = async () => {
    const now = document.getElementById("pay-code");
    const code = await make();
    now.querySelector(".qr, .barcode").replaceWith(draw(code));
    now.querySelector(".code-digits").textContent = code.match(/.{1,4}/g).join(" ");
    now.querySelector("[data-offline]").hidden = false;
    now.dataset.offline = "1";
  };
  const start = () => { if (isOwn && !timer) { show(); timer = setInterval(show, ROTATES); } };
  addEventListener("offline", start);
  addEventListener("online", () => location.reload());
  if (!navigator.onLine) start();
}

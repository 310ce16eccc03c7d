// Passkeys: a form with data-passkey asks the authenticator before it is sent, and carries the answer in its own hidden fields. Without script the form stays hidden,
// or works with what else it offers, such as the password.
const ready = "PublicKeyCredential" in window && PublicKeyCredential.parseRequestOptionsFromJSON;
let waiting;

function show(form, problem) {
  const line = form.querySelector("[data-passkey-problem]");
  if (line) line.hidden = !problem;
  form.querySelectorAll("button").forEach((button) => button.removeAttribute("aria-busy"));
}

async function get(options, extra = {}) {
  const credential = await navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(JSON.parse(options)), ...extra });
  return JSON.stringify(credential.toJSON());
}

async function answer(form) {
  waiting?.abort();
  const data = form.dataset;
  if (data.proof && !form.elements.password?.value) form.elements.proof_credential.value = await get(data.proof);
  if (data.passkey === "create") {
    const credential = await navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(JSON.parse(data.options)) });
    form.elements.credential.value = JSON.stringify(credential.toJSON());
  } else {
    form.elements.credential.value = await get(data.options);
  }
}

document.querySelectorAll("form[data-passkey]").forEach((form) => {
  if (!ready) return;
  form.hidden = false;
  form.querySelectorAll("[data-with-passkey]").forEach((part) => { part.hidden = false; });
  // Where the passkey stands in for the password, the password need not be typed.
  if (form.dataset.instead && form.elements.password) form.elements.password.required = false;
  form.addEventListener("submit", (event) => {
    if (form.elements.credential.value || (form.dataset.instead && form.elements.password?.value)) return;
    event.preventDefault();
    form.querySelectorAll("button:not([type=button])").forEach((button) => button.setAttribute("aria-busy", "true"));
    answer(form).then(() => { show(form, false); form.requestSubmit(); }, () => show(form, true));
  });
});

// A sign-in page offers the passkey in the keyboard's own suggestions.
const conditional = document.querySelector("form[data-conditional]");
if (ready && conditional && await PublicKeyCredential.isConditionalMediationAvailable?.()) {
  waiting = new AbortController();
  get(conditional.dataset.options, { mediation: "conditional", signal: waiting.signal })
    .then((credential) => { conditional.elements.credential.value = credential; conditional.requestSubmit(); }, () => {});
}

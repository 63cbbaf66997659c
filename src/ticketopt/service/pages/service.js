// What the page asks the service, and how it says what came back.

export const TENANT = new URLSearchParams(location.search).get("tenant") || "";

export const at = (id) => document.getElementById(id);

export function put(tag, text, options = {}) {
  const element = document.createElement(tag);
  if (text !== null) element.textContent = text; // never as HTML: ids and names are whatever somebody sent
  for (const [name, value] of Object.entries(options)) element.setAttribute(name, value);
  return element;
}

/** Have an element hold these rows; what is as it was stays, so that nothing moves away under a finger. */
export function renew(parent, rows) {
  rows.forEach((row, k) => {
    const old = parent.children[k];
    if (old === undefined) parent.append(row);
    else if (!old.isEqualNode(row)) old.replaceWith(row);
  });
  while (parent.children.length > rows.length) parent.lastElementChild.remove();
}

async function request(path, query, options) {
  const words = new URLSearchParams(query);
  if (TENANT) words.set("tenant", TENANT);
  const address = location.origin + path + (words.size ? `?${words}` : ""); // a relative one fails where the page's has a password
  const answer = await fetch(address, options);
  const content = await answer.json();
  if (answer.ok) return content;
  const errors = (content.errors || []).map((e) => `${e.path} ${e.problem}`).join("; ");
  throw new Error(errors || content.detail || content.title);
}

export const ask = (path, query = {}) => request(path, query, { headers: { Accept: "application/json" } });

/** A change, under a key of its own: a browser that sends it twice changes once. */
export function change(path, body) {
  const key = [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  const headers = { Accept: "application/json", "Content-Type": "application/json", "Idempotency-Key": key };
  return request(path, {}, { method: "POST", headers, body: JSON.stringify(body) });
}

/** Do something, and say in the status line what came of it. */
export async function attempt(work, done) {
  at("outcome").className = "";
  at("outcome").textContent = "...";
  try {
    at("outcome").textContent = done(await work());
    return true;
  } catch (error) {
    at("outcome").className = "failed";
    at("outcome").textContent = `Not done: ${error.message}`;
    return false;
  }
}

// Tickets of one state, a page at a time: the urgent and the old first among those that are loaded.

import { ask, at, put, renew } from "./service.js";
import { nameOf, skillsOf } from "./team.js";

const PAGE = 200;
const TIMES = [[86400, "d"], [3600, "h"], [60, "min"]];

export const board = { state: "waiting", agent: null, rows: [], next: null, settings: { urgencies: {}, ticket_link: "" } };

export function urgencyWord(urgency) {
  const words = Object.entries(board.settings.urgencies).sort((a, b) => a[1] - b[1]);
  const found = words.filter(([, least]) => urgency >= least - 0.05).pop() || words[0];
  return urgency === null ? "-" : found ? found[0] : urgency.toFixed(2);
}

function ageOf(created) {
  if (created === null) return "-";
  const seconds = Math.max(0, Date.now() / 1000 - created);
  const [length, unit] = TIMES.find(([size]) => seconds >= size) || [1, "s"];
  return `${Math.floor(seconds / length)} ${unit}`;
}

/** The ticket at the helpdesk; null where the settings do not say where that is. */
export function linkOf(id) {
  if (!board.settings.ticket_link) return null;
  const [repository, number] = id.split("#");
  const parts = { ticket_id: encodeURIComponent(id), repository: encodeURI(repository), number: encodeURIComponent(number || id) };
  return board.settings.ticket_link.replace(/\{(ticket_id|repository|number)\}/g, (_, name) => parts[name]);
}

export function whose(ticket) {
  const notes = [...(ticket.is_pinned ? ["by hand"] : []), ...(ticket.state === "held" ? ["on hold"] : [])];
  if (ticket.agent_id !== null) return nameOf(ticket.agent_id) + (notes.length ? ` (${notes.join(", ")})` : "");
  if (ticket.state === "held") return "on hold";
  if (ticket.state === "closed") return ticket.ended || "closed";
  return `waits: ${(ticket.reason || "not decided yet").replaceAll("_", " ")}`;
}

/** Load as many pages as are shown now, at least one, and one more where asked to. */
export async function loadTickets({ more = false } = {}) {
  const wanted = Math.max(1, Math.ceil(board.rows.length / PAGE)) + (more ? 1 : 0);
  const filter = { state: board.state, limit: PAGE, ...(board.agent === null ? {} : { agent_id: board.agent }) };
  const rows = [];
  let after = null;
  for (let page = 0; page < wanted; page += 1) {
    const found = await ask("/v1/tickets", after === null ? filter : { ...filter, after });
    rows.push(...found.tickets);
    after = found.next;
    if (after === null) break;
  }
  rows.sort((a, b) => (b.urgency || 0) - (a.urgency || 0) || (a.created_at || 0) - (b.created_at || 0));
  Object.assign(board, { rows, next: after });
  showTickets();
}

export async function loadCounts() {
  const counts = await ask("/v1/counts");
  for (const state of ["waiting", "assigned", "held", "closed"]) at(`n-${state}`).textContent = counts[state];
}

function row(ticket) {
  const line = put("tr", null, { class: ticket.state, "data-ticket": ticket.ticket_id });
  const head = put("th", null, { scope: "row", title: ticket.ticket_id });
  const link = linkOf(ticket.ticket_id);
  head.append(link === null ? put("span", ticket.ticket_id)
    : put("a", ticket.ticket_id, { href: link, rel: "noopener noreferrer", target: "_blank" }));
  const exact = ticket.urgency === null ? "" : `urgency ${ticket.urgency.toFixed(2)}`;
  const word = urgencyWord(ticket.urgency);
  line.append(head, put("td", word, { title: exact, class: `urgency ${word}` }), put("td", ageOf(ticket.created_at), { class: "number" }));
  line.append(put("td", whose(ticket), { class: "whose" }), put("td", skillsOf(ticket), { class: "extra" }));
  line.append(put("td", ticket.units || "", { class: "number extra" }));
  const cell = put("td", null);
  cell.append(put("button", "Open", { type: "button", "data-open": ticket.ticket_id, "aria-label": `Open ticket ${ticket.ticket_id}` }));
  line.append(cell);
  return line;
}

export function showTickets() {
  const needle = at("find-ticket").value.trim().toLowerCase();
  const found = board.rows.filter((t) =>
    [t.ticket_id, whose(t), t.agent_id, urgencyWord(t.urgency), skillsOf(t)].join(" ").toLowerCase().includes(needle));
  const focused = document.activeElement?.dataset?.open;
  renew(at("tickets"), found.map(row));
  at("no-tickets").hidden = found.length > 0;
  at("more").hidden = board.next === null;
  at("of-agent").hidden = board.agent === null;
  if (board.agent !== null) at("of-agent").textContent = `Only those of ${nameOf(board.agent)}: show all`;
  const parts = [...(found.length < board.rows.length ? [`${found.length} match`] : []), `${board.rows.length} loaded`];
  at("shown-tickets").textContent = board.next !== null || needle ? parts.join(" of ") : "";
  if (focused) at("tickets").querySelector(`[data-open="${CSS.escape(focused)}"]`)?.focus();
}

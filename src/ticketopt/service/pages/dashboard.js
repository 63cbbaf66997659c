// The page of a queue: loads what is shown, again soon after something has happened, and hears keys.

import { TENANT, ask, at, put } from "./service.js";
import { loadTeam, nameOf, showTeam, team } from "./team.js";
import { board, loadCounts, loadTickets, showTickets } from "./tickets.js";
import { loadUndelivered, wireUndelivered } from "./deliveries.js";
import { openAgent, openTicket, wire } from "./dialogs.js";

const MOST_EVENTS = 100;
const LOOK = 20000; // milliseconds between two looks for what the helpdesk would not take: no event tells of it
const CALM = 700; // milliseconds in which events are gathered before the page asks again

async function refresh() {
  try {
    await loadTeam();
    await Promise.all([loadTickets(), loadCounts(), loadUndelivered()]);
    at("connection").textContent = at("connection").textContent.replace(/^Not up to date.*/, "Live");
  } catch (error) {
    at("connection").textContent = `Not up to date: ${error.message}`;
  }
}

let timer = null;
function refreshSoon() {
  if (timer === null) timer = setTimeout(() => { timer = null; refresh(); }, CALM);
}

function choose(state, agent) {
  Object.assign(board, { state, agent, rows: [] });
  for (const button of document.querySelectorAll("[data-state]")) {
    button.setAttribute("aria-pressed", String(button.dataset.state === state));
  }
  return loadTickets().catch((error) => { at("connection").textContent = `Not up to date: ${error.message}`; });
}

function said(event) {
  const units = event.change ? ` (${event.change > 0 ? "+" : ""}${event.change})` : "";
  const whom = event.agent_id && `${event.ticket_id ? "with " : ""}${nameOf(event.agent_id)}`;
  return [event.kind, event.ticket_id, whom].filter(Boolean).join(" ") + units;
}

function listen() {
  const source = new EventSource(`${location.origin}/v1/events?${new URLSearchParams({ after: -MOST_EVENTS, tenant: TENANT })}`);
  source.onopen = () => { at("connection").textContent = "Live"; refreshSoon(); };
  source.onerror = () => { at("connection").textContent = "Connection lost; trying again ..."; };
  source.addEventListener("change", (message) => {
    const event = JSON.parse(message.data);
    const line = put("li", null);
    const when = new Date(1000 * event.at);
    line.append(put("time", when.toLocaleTimeString(), { datetime: when.toISOString() }), said(event));
    at("events").prepend(line);
    while (at("events").children.length > MOST_EVENTS) at("events").lastChild.remove();
    at("no-events").hidden = true;
    refreshSoon();
  });
}

/** Move the focus among tickets or agents, whichever has it; the first ticket where neither has. */
function move(step) {
  const focused = document.activeElement;
  const all = [...document.querySelectorAll(focused.dataset.agent ? "[data-agent]" : "[data-open]")];
  const place = all.indexOf(focused);
  all[Math.max(0, Math.min(all.length - 1, place < 0 ? 0 : place + step))]?.focus();
}

const KEYS = {
  "/": () => at("find-ticket").focus(),
  t: () => at("find-agent").focus(),
  j: () => move(1),
  k: () => move(-1),
  r: () => { if (!at("open-rebalance").hidden) at("open-rebalance").click(); },
  "?": () => at("help").showModal(),
};

document.addEventListener("keydown", (event) => {
  const isTyping = event.target.matches("input, select, textarea") || document.querySelector("dialog[open]");
  if (isTyping || event.ctrlKey || event.metaKey || event.altKey || !(event.key in KEYS)) return;
  event.preventDefault();
  KEYS[event.key]();
});

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-open], [data-agent], [data-state]");
  if (button?.dataset.open) openTicket(button.dataset.open);
  if (button?.dataset.agent) openAgent(button.dataset.agent);
  if (button?.dataset.state) choose(button.dataset.state, board.agent);
});

at("find-agent").addEventListener("input", showTeam);
at("find-ticket").addEventListener("input", showTickets);
at("find-ticket").addEventListener("change", () => {
  const typed = at("find-ticket").value.trim();
  if (!typed || (at("tickets").children.length && !board.rows.some((row) => row.ticket_id === typed))) return;
  at("find-ticket").value = "";
  showTickets();
  openTicket(typed); // loaded or not
});
at("more").addEventListener("click", () => loadTickets({ more: true }));
at("of-agent").addEventListener("click", () => choose(board.state, null));
at("open-help").addEventListener("click", () => at("help").showModal());
wireUndelivered();
wire(refreshSoon, (agent) => choose("assigned", agent));

board.settings = await ask("/dashboard/settings.json");
document.body.classList.toggle("reads-only", board.settings.role === "read");
at("open-rebalance").hidden = board.settings.role === "read";
at("who").textContent = [TENANT && `queue ${TENANT}`, board.settings.role === "read" && "you may look, not change"].filter(Boolean).join("; ");
await refresh();
listen();
setInterval(() => { if (!document.hidden) refreshSoon(); }, LOOK);

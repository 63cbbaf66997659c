"use strict";

const TENANT = new URLSearchParams(location.search).get("tenant") || "";
const MOST_ROWS = 1000; // a page of more is of use to nobody; searching finds the rest
const MOST_EVENTS = 100;
const CALM = 400; // milliseconds in which events are gathered before the page asks again

const state = { agents: [], tickets: [] };
const at = (id) => document.getElementById(id);

function put(tag, text, options = {}) {
  const element = document.createElement(tag);
  if (text !== null) element.textContent = text; // never as HTML: ids and names are whatever somebody sent
  for (const [name, value] of Object.entries(options)) element.setAttribute(name, value);
  return element;
}

async function ask(path, query = {}) {
  const words = new URLSearchParams(TENANT ? { ...query, tenant: TENANT } : query).toString();
  const address = location.origin + path + (words && `?${words}`); // relative ones fail where the page's has a password
  const answer = await fetch(address, { headers: { Accept: "application/json" } });
  const content = await answer.json();
  if (!answer.ok) throw new Error((content.errors || []).map((e) => `${e.path} ${e.problem}`).join("; ") || content.title);
  return content;
}

function listed(skills) {
  return Object.keys(skills || {}).join(", ");
}

function bar(load, capacity) {
  const space = "http://www.w3.org/2000/svg";
  const picture = document.createElementNS(space, "svg");
  const share = capacity > 0 ? Math.min(1, load / capacity) : load > 0 ? 1 : 0;
  picture.setAttribute("class", share >= 1 ? "bar full" : "bar");
  picture.setAttribute("aria-hidden", "true");
  const inner = document.createElementNS(space, "rect");
  inner.setAttribute("width", `${100 * share}%`);
  inner.setAttribute("height", "100%");
  picture.append(inner);
  return picture;
}

function fill(body, rows, found, total, status, empty) {
  body.replaceChildren(...rows);
  empty.hidden = total > 0;
  const hidden = found - rows.length;
  status.textContent = found < total || hidden ? `${rows.length} of ${total} shown` : "";
}

function matches(needle, ...texts) {
  return texts.join(" ").toLowerCase().includes(needle);
}

function showAgents() {
  const needle = at("find-agent").value.trim().toLowerCase();
  const found = state.agents.filter((a) => matches(needle, a.agent_id, a.name, listed(a.skills)));
  const rows = found.slice(0, MOST_ROWS).map((agent) => {
    const row = put("tr", null, agent.is_available && agent.is_on_shift ? {} : { class: "away" });
    row.append(put("th", agent.name || agent.agent_id, { scope: "row", title: agent.agent_id }));
    row.append(put("td", (agent.availability_status || "available") + (agent.is_on_shift ? "" : ", off shift")));
    const load = put("td", null, { class: "number" });
    const limit = agent.capacity === undefined ? "no limit of its own" : agent.capacity;
    load.append(put("span", `${agent.current_load} of ${limit}`));
    if (agent.capacity !== undefined) load.append(bar(agent.current_load, agent.capacity));
    row.append(load, put("td", listed(agent.skills)));
    return row;
  });
  fill(at("agents"), rows, found.length, state.agents.length, at("shown-agents"), at("no-agents"));
}

function showTickets() {
  const needle = at("find-ticket").value.trim().toLowerCase();
  const names = new Map(state.agents.map((a) => [a.agent_id, a.name || a.agent_id]));
  const holder = (t) => (t.agent_id === null ? "" : names.get(t.agent_id) || t.agent_id);
  const found = state.tickets.filter((t) => matches(needle, t.ticket_id, holder(t), t.agent_id || "", listed(t.skills)));
  const rows = found.slice(0, MOST_ROWS).map((ticket) => {
    const row = put("tr", null, { class: ticket.state });
    row.append(put("th", ticket.ticket_id, { scope: "row" }));
    row.append(put("td", ticket.urgency.toFixed(2), { class: "number" }), put("td", listed(ticket.skills)));
    const reason = (ticket.reason || "not decided yet").replaceAll("_", " ");
    const held = ticket.state === "held" ? "on hold" : `waits: ${reason}`;
    const notes = [...(ticket.is_pinned ? ["by hand"] : []), ...(ticket.state === "held" ? ["on hold"] : [])];
    const whose = holder(ticket) + (notes.length ? ` (${notes.join(", ")})` : "");
    row.append(put("td", ticket.agent_id === null ? held : whose));
    row.append(put("td", ticket.agent_id === null ? "" : ticket.units, { class: "number" }));
    const cell = put("td", null);
    const button = put("button", "Why?", { type: "button", "aria-label": `Why: ticket ${ticket.ticket_id}` });
    button.addEventListener("click", () => explain(ticket.ticket_id));
    cell.append(button);
    row.append(cell);
    return row;
  });
  fill(at("tickets"), rows, found.length, state.tickets.length, at("shown-tickets"), at("no-tickets"));
}

async function explain(ticket) {
  at("why-title").textContent = `Ticket ${ticket}`;
  at("why-words").textContent = "...";
  at("options").replaceChildren();
  if (!at("why").open) at("why").showModal();
  at("why-title").focus();
  try {
    const told = await ask("/v1/explain", { ticket_id: ticket });
    at("why-words").textContent = told.rationale;
    at("options").replaceChildren(...told.options.map((option) => {
      const row = put("tr", null, option.agent_id === told.agent_id ? { class: "chosen" } : {});
      const mark = option.agent_id === told.agent_id ? " (has it)" : "";
      row.append(put("th", (option.name || option.agent_id) + mark, { scope: "row" }));
      row.append(put("td", option.cost === null ? "-" : option.cost.toFixed(3), { class: "number" }));
      const parts = Object.entries({ ...option.terms, load: option.load_cost }).filter(([, value]) => value !== 0);
      row.append(put("td", parts.map(([name, value]) => `${name.replaceAll("_", " ")} ${value.toFixed(3)}`).join(", ")));
      row.append(put("td", option.obstacles.join("; ")));
      return row;
    }));
  } catch (error) {
    at("why-words").textContent = error.message;
  }
}

async function refresh() {
  try {
    const [team, board] = await Promise.all([ask("/v1/agents"), ask("/v1/assignments")]);
    const share = (a) => (a.capacity === undefined ? 0 : a.current_load / Math.max(1, a.capacity));
    state.agents = team.agents.sort((a, b) => share(b) - share(a));
    const urgent = (rows) => rows.sort((a, b) => b.urgency - a.urgency);
    state.tickets = [...urgent(board.waiting), ...urgent(board.assignments), ...urgent(board.held)];
    at("n-waiting").textContent = board.waiting.length;
    at("n-assigned").textContent = board.assignments.length;
    at("n-held").textContent = board.held.length;
    at("n-agents").textContent = `${team.agents.filter((a) => a.is_available).length} of ${team.agents.length}`;
    at("n-units").textContent = team.agents.reduce((sum, a) => sum + a.current_load, 0);
    showAgents();
    showTickets();
  } catch (error) {
    at("connection").textContent = `Not up to date: ${error.message}`;
  }
}

let timer = null;
function refreshSoon() {
  if (timer === null) timer = setTimeout(() => { timer = null; refresh(); }, CALM);
}

function said(event) {
  const change = event.change ? ` (${event.change > 0 ? "+" : ""}${event.change})` : "";
  return [event.kind, event.ticket_id, event.agent_id && `${event.ticket_id ? "with " : ""}${event.agent_id}`]
    .filter(Boolean).join(" ") + change;
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

at("find-agent").addEventListener("input", showAgents);
at("find-ticket").addEventListener("input", showTickets);
refresh();
listen();

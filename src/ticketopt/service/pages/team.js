// The team: one tile per agent, the fullest first; many agents make smaller tiles, so that all are seen at once.

import { ask, at, put, renew } from "./service.js";

const PAGE = 1000;
const MANY = 40;

export const team = { agents: [], names: new Map() };

export const nameOf = (id) => team.names.get(id) || id;

const share = (a) => (a.capacity === undefined ? 0 : a.current_load / Math.max(1, a.capacity));
const isThere = (a) => a.is_available && a.is_on_shift;

export async function loadTeam() {
  const agents = [];
  let after = null;
  do {
    const page = await ask("/v1/agents", { limit: PAGE, ...(after === null ? {} : { after }) });
    agents.push(...page.agents);
    after = page.next;
  } while (after !== null);
  agents.sort((a, b) => isThere(b) - isThere(a) || share(b) - share(a));
  team.agents = agents;
  team.names = new Map(agents.map((a) => [a.agent_id, a.name || a.agent_id]));
  at("n-agents").textContent = `${agents.filter((a) => a.is_available).length} of ${agents.length}`;
  at("n-units").textContent = agents.reduce((sum, a) => sum + a.current_load, 0);
  at("names").replaceChildren(...agents.map((a) => put("option", a.name || "", { value: a.agent_id })));
  showTeam();
}

export function statusOf(agent) {
  return (agent.availability_status || "available") + (agent.is_on_shift ? "" : ", off shift");
}

export const loadOf = (agent) =>
  agent.capacity === undefined ? `${agent.current_load}, no limit` : `${agent.current_load} of ${agent.capacity}`;

export const skillsOf = (record) => Object.keys(record.skills || {}).join(", ");

function bar(agent) {
  const space = "http://www.w3.org/2000/svg";
  const picture = document.createElementNS(space, "svg");
  const filled = agent.capacity > 0 ? Math.min(1, share(agent)) : agent.capacity === 0 ? 1 : 0;
  picture.setAttribute("class", filled >= 1 ? "bar full" : "bar");
  picture.setAttribute("aria-hidden", "true");
  const inner = document.createElementNS(space, "rect");
  inner.setAttribute("width", `${100 * filled}%`);
  inner.setAttribute("height", "100%");
  picture.append(inner);
  return picture;
}

function tile(agent) {
  const item = put("li", null);
  const words = `${nameOf(agent.agent_id)}: ${loadOf(agent)}, ${statusOf(agent)}`;
  const button = put("button", null, {
    type: "button", "data-agent": agent.agent_id, title: words, "aria-label": words, class: isThere(agent) ? "" : "away",
  });
  button.append(put("span", nameOf(agent.agent_id), { class: "name" }), put("span", loadOf(agent), { class: "load" }), bar(agent));
  item.append(button);
  return item;
}

export function showTeam() {
  const needle = at("find-agent").value.trim().toLowerCase();
  const found = team.agents.filter((a) =>
    [a.agent_id, a.name, statusOf(a), skillsOf(a)].join(" ").toLowerCase().includes(needle));
  const focused = document.activeElement?.dataset?.agent;
  at("agents").classList.toggle("many", found.length > MANY);
  renew(at("agents"), found.map(tile));
  at("no-agents").hidden = team.agents.length > 0;
  at("shown-agents").textContent = found.length < team.agents.length ? `${found.length} of ${team.agents.length} shown` : "";
  if (focused) at("agents").querySelector(`[data-agent="${CSS.escape(focused)}"]`)?.focus();
}

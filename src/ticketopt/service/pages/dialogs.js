// What one can do: with a ticket, with an agent, and with the whole queue.

import { ask, at, attempt, change, put } from "./service.js";
import { loadOf, nameOf, skillsOf, statusOf, team } from "./team.js";
import { board, linkOf, urgencyWord, whose } from "./tickets.js";

let ticket = null;
let agent = null;

function show(dialog, title, words) {
  dialog.querySelector("h2").textContent = title;
  dialog.querySelector(".words").textContent = words;
  if (!dialog.open) dialog.showModal();
  dialog.querySelector("h2").focus();
}

async function act(dialog, work, done) {
  dialog.close();
  await attempt(work, done);
}

const became = (id, words) => (answer) => {
  const row = answer.decided.find((one) => one.ticket_id === id);
  return `Ticket ${id} ${row && row.agent_id !== null ? `is with ${nameOf(row.agent_id)}` : words}.`;
};

export async function openTicket(id) {
  const dialog = at("ticket");
  show(dialog, `Ticket ${id}`, "...");
  at("options").replaceChildren();
  at("at-helpdesk").hidden = linkOf(id) === null;
  at("at-helpdesk").href = linkOf(id) || "";
  try {
    ticket = await ask(`/v1/tickets/${encodeURIComponent(id)}`);
    offer(ticket.state);
    dialog.querySelector(".words").textContent = `${urgencyWord(ticket.urgency)} urgency, ${ticket.units} units, ${whose(ticket)}.`;
    if (ticket.state === "closed") return;
    const told = await ask("/v1/explain", { ticket_id: id });
    if (ticket === null || ticket.ticket_id !== id) return;
    dialog.querySelector(".words").textContent = told.rationale;
    at("options").replaceChildren(...told.options.map((option) => optionRow(told, option)));
  } catch (error) {
    dialog.querySelector(".words").textContent = error.message;
  }
}

function offer(state) {
  const fitting = { waiting: ["hold", "close"], assigned: ["unassign", "hold", "close"], held: ["reopen", "close"], closed: ["reopen"] };
  for (const button of at("ticket").querySelectorAll("[data-do]")) button.hidden = !fitting[state].includes(button.dataset.do);
  at("give").hidden = state === "closed";
}

function optionRow(told, option) {
  const holds = option.agent_id === told.agent_id;
  const row = put("tr", null, holds ? { class: "chosen" } : {});
  row.append(put("th", nameOf(option.agent_id) + (holds ? " (has it)" : ""), { scope: "row", title: option.agent_id }));
  const cell = put("td", null, { class: "may-change" });
  if (!holds) {
    const button = put("button", "Give", { type: "button", "aria-label": `Give it to ${nameOf(option.agent_id)}` });
    button.addEventListener("click", () => give(told.ticket_id, option.agent_id));
    cell.append(button);
  }
  const parts = Object.entries({ ...option.terms, load: option.load_cost }).filter(([, value]) => value !== 0);
  const words = parts.map(([name, value]) => `${name.replaceAll("_", " ")} ${value.toFixed(3)}`).join(", ");
  row.append(cell, put("td", option.cost === null ? "-" : option.cost.toFixed(3), { class: "number" }));
  row.append(put("td", words, { class: "extra" }), put("td", option.obstacles.join("; ")));
  return row;
}

function give(id, to) {
  act(at("ticket"), () => change("/v1/tickets/reassign", { ticket_id: id, agent_id: to }), () => `Ticket ${id} is with ${nameOf(to)}.`);
}

const TICKET = { hold: "is on hold", close: "is closed", reopen: "is open again, and waits", unassign: "waits" };

export function openAgent(id) {
  agent = team.agents.find((one) => one.agent_id === id);
  if (agent === undefined) return;
  const parts = [statusOf(agent), `load ${loadOf(agent)}`, skillsOf(agent) && `skills: ${skillsOf(agent)}`];
  show(at("agent"), nameOf(id), `${parts.filter(Boolean).join("; ")}.`);
}

/** Wire the dialogs; `changed` is called where the page is to be loaded again, `choose` to show an agent's tickets. */
export function wire(changed, choose) {
  for (const button of at("ticket").querySelectorAll("[data-do]")) {
    const verb = button.dataset.do;
    button.addEventListener("click", () => {
      const id = ticket.ticket_id;
      act(at("ticket"), () => change(`/v1/tickets/${verb}`, { ticket_id: id }), verb === "close" || verb === "hold"
        ? () => `Ticket ${id} ${TICKET[verb]}.` : became(id, TICKET[verb])).then(changed);
    });
  }
  at("give").addEventListener("submit", (event) => {
    event.preventDefault();
    const typed = at("give-to").value.trim();
    const named = team.agents.filter((one) => one.agent_id === typed || one.name === typed);
    if (ticket !== null && typed) give(ticket.ticket_id, named.length === 1 ? named[0].agent_id : typed);
    at("give-to").value = "";
  });
  for (const button of at("agent").querySelectorAll("[data-status]")) {
    button.addEventListener("click", () => {
      const body = { agent_id: agent.agent_id, availability_status: button.dataset.status };
      act(at("agent"), () => change("/v1/agents/status", body), () => `${nameOf(body.agent_id)}: ${body.availability_status}.`).then(changed);
    });
  }
  at("tickets-of").addEventListener("click", () => { at("agent").close(); choose(agent.agent_id); });
  at("open-rebalance").addEventListener("click", () => at("rebalance").showModal());
  at("rebalance-form").addEventListener("submit", (event) => {
    event.preventDefault();
    const most = at("max-changes").value;
    const body = { change_cost: Number(at("change-cost").value || 0), ...(most === "" ? {} : { max_changes: Number(most) }) };
    const words = (answer) => (answer.decided.length ? `${answer.decided.length} tickets were placed anew.` : "No change makes the plan better.");
    act(at("rebalance"), () => change("/v1/rebalance", body), words).then(changed);
  });
  for (const button of document.querySelectorAll("dialog .close")) button.addEventListener("click", () => button.closest("dialog").close());
}

// What the helpdesk was to be told and would not take: said once there is some, with a way to send it again.

import { ask, at, attempt, change, put, renew } from "./service.js";
import { nameOf } from "./team.js";
import { board, linkOf } from "./tickets.js";

const MOST = 200;

function row(delivery) {
  const line = put("tr", null, { "data-undelivered": delivery.ticket_id });
  const head = put("th", null, { scope: "row", title: delivery.ticket_id });
  const link = linkOf(delivery.ticket_id);
  head.append(link === null ? put("span", delivery.ticket_id)
    : put("a", delivery.ticket_id, { href: link, rel: "noopener noreferrer", target: "_blank" }));
  const holder = delivery.agent_id === null ? "nobody" : nameOf(delivery.agent_id);
  const wished = new Date(1000 * delivery.at);
  const when = put("td", null, { class: "number" });
  when.append(put("time", wished.toLocaleString(), { datetime: wished.toISOString() }));
  line.append(head, put("td", holder, { class: "whose" }), put("td", delivery.error || "-", { class: "error" }), when);
  const cell = put("td", null, { class: "may-change" });
  const name = `Send ticket ${delivery.ticket_id} again`;
  cell.append(put("button", "Send again", { type: "button", "data-resend": delivery.ticket_id, "aria-label": name }));
  line.append(cell);
  return line;
}

export async function loadUndelivered() {
  const { deliveries } = await ask("/v1/deliveries", { state: "dead", limit: MOST });
  const desk = board.settings.helpdesk || "the helpdesk";
  at("undelivered").hidden = deliveries.length === 0;
  at("undelivered-title").textContent = `Not told to ${desk}: ${deliveries.length}${deliveries.length === MOST ? " or more" : ""}`;
  const focused = document.activeElement?.dataset?.resend;
  renew(at("deliveries"), deliveries.map(row));
  if (focused) at("deliveries").querySelector(`[data-resend="${CSS.escape(focused)}"]`)?.focus();
}

async function resend(body) {
  await attempt(() => change("/v1/deliveries/resend", body), (answer) => `${answer.resent} to be sent again.`);
  await loadUndelivered();
}

/** Wire the buttons; what is sent again and fails comes back by itself. */
export function wireUndelivered() {
  at("resend-all").addEventListener("click", () => resend({}));
  at("deliveries").addEventListener("click", (event) => {
    const button = event.target.closest("[data-resend]");
    if (button) resend({ ticket_ids: [button.dataset.resend] });
  });
}

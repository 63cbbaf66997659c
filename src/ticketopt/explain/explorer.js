(() => {
  "use strict";
  const PAGE = 25;
  const COLUMNS = [
    ["ticket", "id"], ["title", "title"], ["urgency", "urgency"], ["agent", "agent"], ["cost", "cost"],
  ];
  // Whatever data says is set as text, never as HTML.
  const make = (tag, attributes = {}, ...children) => {
    const node = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) {
      if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
      else if (value !== null && value !== false) node.setAttribute(name, value === true ? "" : value);
    }
    node.append(...children);
    return node;
  };
  const number = (value, digits) => value.toLocaleString("en", { minimumFractionDigits: digits, maximumFractionDigits: digits });

  const start = (root) => {
    root.dataset.ready = "yes";
    const data = JSON.parse(root.querySelector('script[type="application/json"]').textContent);
    const state = { sort: null, falls: false, page: 0, open: null };
    const name = (j) => (j < 0 ? "waits" : data.agents[j]);
    const body = root.querySelector(".tx-body");

    const find = make("input", { type: "search", placeholder: "id, title, agent, reason", oninput: () => again() });
    const choose = (label, choices) => make("select", { onchange: () => again() },
      make("option", { value: "" }, label), ...choices.map(([value, words]) => make("option", { value }, words)));
    const whose = choose("everybody", [["-1", "nobody: it waits"], ...data.agents.map((words, j) => [String(j), words])]);
    const levels = choose("every urgency", ["critical", "high", "medium", "low"].map((level) => [level, level]));
    const told = make("span", { role: "status", "aria-live": "polite" });
    const back = make("button", { type: "button", onclick: () => turn(-1) }, "← earlier");
    const on = make("button", { type: "button", onclick: () => turn(1) }, "more →");
    const heads = COLUMNS.map(([words, key]) => make("th", { scope: "col", "data-key": key, class: key === "cost" ? "tx-number" : null },
      make("button", { type: "button", onclick: () => sortBy(key) }, words)));
    const rows = make("tbody");
    const tools = make("div", { class: "tx-tools" }, make("label", {}, "Find", find), make("label", {}, "With", whose),
      make("label", {}, "Urgency", levels), told, back, on);
    const head = make("thead", {}, make("tr", {}, ...heads));
    body.replaceChildren(tools, make("div", { class: "tx-wide" }, make("table", {}, head, rows)));

    const sortBy = (key) => {
      state.falls = state.sort === key ? !state.falls : key === "urgency" || key === "cost";
      state.sort = key;
      again();
    };
    const turn = (step) => { state.page += step; show(); };
    const again = () => { state.page = 0; state.open = null; show(); };

    const chosen = () => {
      const wanted = find.value.trim().toLowerCase();
      const found = data.tickets.filter((t) => (!wanted || [t.id, t.title, name(t.agent), t.why].some((text) => text.toLowerCase().includes(wanted)))
        && (whose.value === "" || t.agent === Number(whose.value)) && (!levels.value || t.level === levels.value));
      if (state.sort === null) return found;
      const value = (t) => (state.sort === "agent" ? name(t.agent) : t[state.sort]);
      const order = (a, b) => {
        const [x, y] = [value(a), value(b)];
        if (x === null || y === null) return (x === null) - (y === null); // nobody's cost stands last
        const less = typeof x === "number" ? x - y : x.localeCompare(y, "en", { numeric: true, sensitivity: "base" });
        return state.falls ? -less : less;
      };
      return [...found].sort(order);
    };

    const whyNot = (t, j) => {
      const who = data.agents[j];
      if (t.agent === j) return `${who} has it.`;
      const letter = t.may[j];
      if (letter === "-") return `${who} cannot have it: no room can be made.`;
      if (letter !== ".") return `${who} may not have it. The rule: ${data.rules[letter] || "one of your own"}.`;
      if (data.basis === "none") return `${who} may have it; Result.why_not says what it would change.`;
      const near = t.near.find(([agent]) => agent === j);
      const least = data.basis === "exact" ? "" : "at least ";
      if (near) return `${who} could have it: the plan's cost would change by ${least}${near[1] >= 0 ? "+" : ""}${number(near[1], 3)}.`;
      return `${who} could have it: the plan's cost would change by at least +${number(t.near[t.near.length - 1][1], 3)}.`;
    };

    const details = (t) => {
      const cell = make("td", { colspan: COLUMNS.length }, make("p", {}, t.why));
      if (t.near.length) {
        const lines = t.near.map(([j, change]) => make("tr", {}, make("td", {}, data.agents[j]),
          make("td", { class: "tx-number" }, (change >= 0 ? "+" : "") + number(change, 3))));
        const what = data.basis === "exact" ? "change of the plan's cost" : "change of the plan's cost, at least";
        const titles = make("tr", {}, make("th", { scope: "col" }, "next best"), make("th", { scope: "col" }, what));
        cell.append(make("table", {}, make("thead", {}, titles), make("tbody", {}, ...lines)));
      }
      const answer = make("span", { role: "status", "aria-live": "polite" });
      const ask = make("select", { onchange: () => { answer.textContent = ask.value === "" ? "" : whyNot(t, Number(ask.value)); } },
        make("option", { value: "" }, "somebody …"), ...data.agents.map((words, j) => make("option", { value: String(j) }, words)));
      if (data.agents.length) cell.append(make("div", { class: "tx-tools" }, make("label", {}, "Why not", ask), answer));
      return make("tr", { class: "tx-more" }, cell);
    };

    const show = () => {
      const found = chosen();
      const first = state.page * PAGE;
      const here = found.slice(first, first + PAGE);
      told.textContent = here.length ? `${first + 1}–${first + here.length} of ${number(found.length, 0)}` : "no such ticket";
      back.disabled = state.page === 0;
      on.disabled = first + PAGE >= found.length;
      for (const th of heads) {
        th.setAttribute("aria-sort", th.dataset.key !== state.sort ? "none" : state.falls ? "descending" : "ascending");
        const words = COLUMNS.find(([, key]) => key === th.dataset.key)[0];
        th.firstChild.textContent = th.dataset.key !== state.sort ? words : `${words} ${state.falls ? "↓" : "↑"}`;
      }
      rows.replaceChildren(...here.flatMap((t) => {
        const isOpen = state.open === t.id;
        const button = make("button", { type: "button", "aria-expanded": String(isOpen), onclick: () => toggle(t.id) }, t.id);
        const id = make("td", {}, button);
        if (t.link) id.append(" ", make("a", { href: t.link, target: "_blank", rel: "noopener noreferrer", "aria-label": `open ${t.id}` }, "↗"));
        const line = make("tr", {}, id, make("td", {}, t.title), make("td", {}, `${number(t.urgency, 2)} ${t.level}`),
          make("td", { class: t.agent < 0 ? "tx-waits" : null }, name(t.agent)),
          make("td", { class: "tx-number" }, t.cost === null ? "–" : number(t.cost, 3)));
        return isOpen ? [line, details(t)] : [line];
      }));
    };
    const toggle = (id) => {
      state.open = state.open === id ? null : id;
      show();
      const again = [...rows.querySelectorAll("td > button")].find((button) => button.textContent === id);
      if (again) again.focus();
    };
    show();
  };
  document.querySelectorAll(".ticketopt-explorer:not([data-ready])").forEach(start);
})();

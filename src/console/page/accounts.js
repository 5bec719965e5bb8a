// The connected accounts. The list says at once what the server knows; what AWS says of the keys comes after it.

import * as api from "/api.js";
import { element, note, table } from "/element.js";

const pause = 1500; // while something is going on

export async function accounts_view() {
  let { databases } = await api.get("databases");
  let keys = {};
  const content = element("div");
  const node = element("div", {},
    element("h1", {}, "Connected accounts"),
    content,
    element("p", {}, element("a", { class: "button", href: "#/connect" }, "Connect account")));
  fill();
  look();
  return node;

  function fill() {
    // What had the focus has it again.
    const focused = content.contains(document.activeElement) ? document.activeElement.getAttribute("href") : null;
    content.replaceChildren(databases.length === 0
      ? element("p", {}, "None yet. ", element("a", { href: "#/connect" }, "Connect an AWS account"), " and it becomes a PostgreSQL database.")
      : table("Connected accounts", ["Name", "AWS account", "Region", "State", "User", "Size", "Connected (UTC)"], databases.map((database) => account_row(database, keys[database.name]))));
    if (focused) [...content.querySelectorAll("a")].find((link) => link.getAttribute("href") === focused)?.focus();
  }

  async function look() {
    try {
      if (databases.some((database) => database.stage !== "ready")) ({ databases } = await api.get("databases"));
      if (databases.length) ({ keys } = await api.get("keys"));
    } catch {
      return; // the list says what it said
    }
    fill();
    const is_settled = databases.every((database) => database.stage === "ready" && keys[database.name] && !keys[database.name].is_being_asked);
    if (!is_settled) setTimeout(() => node.isConnected && look(), pause);
  }
}

const stages = {
  making: "being connected",
  changing_key: "gets another key",
  changing_password: "gets another password",
  removing: "being disconnected",
};

function state_node(database, key) {
  const tag = (kind, text) => element("span", { class: `tag ${kind}` }, text);
  if (database.stage !== "ready") return tag("running", stages[database.stage]);
  const words = key?.words && element("span", { class: "words" }, first_line(key.words));
  switch (key?.state) {
    case "accepted": return tag("done", "connected");
    case "refused": return [tag("failed", "refused by AWS"), words];
    case "unanswered": return [tag("update", "no answer from AWS"), words];
    default: return tag("", "asking AWS…");
  }
}

const first_line = (text) => text.split("\n")[0];

function account_row(database, key) {
  const name = database.alias ?? database.name;
  return element("tr", {},
    element("td", {}, database.stage === "ready" ? element("a", { href: `#/database/${encodeURIComponent(database.name)}/modules` }, name) : name),
    element("td", {}, database.account_id),
    element("td", { class: "short" }, database.region),
    element("td", { class: "state" }, state_node(database, key)),
    element("td", {}, database.owner ?? "–"),
    element("td", { class: "short" }, readable_size(database.bytes)),
    element("td", { class: "short" }, database.created));
}

// What stands above a database of which AWS does not take the key; nothing where it does.
export function key_note(key) {
  if (key?.state === "refused") return note("danger", `AWS refuses the connected key: ${key.words}`);
  if (key?.state === "unanswered") return note("warn", `AWS was asked whether the key is good, and did not answer: ${key.words}`);
  return null;
}

export function readable_size(bytes) {
  const units = ["kB", "MB", "GB", "TB"];
  let amount = bytes / 1024;
  let unit = 0;
  while (amount >= 1024 && unit + 1 < units.length) {
    amount /= 1024;
    unit += 1;
  }
  return `${amount < 10 ? amount.toFixed(1) : Math.round(amount)} ${units[unit]}`;
}

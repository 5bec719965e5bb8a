// One database: a tab each for its modules, plan, picture, history, queries and settings, each a function that asks the
// server and gives a node. What is running in the database stands above all of them (runs.js).

import * as api from "/api.js";
import { key_note } from "/accounts.js";
import { login_node } from "/connect.js";
import { ask, element, error_note, field, note, table } from "/element.js";
import { graph_picture } from "/graph.js";
import { changes_table, run_node, until_over } from "/runs.js";

const tabs = { modules: "Modules", plan: "Plan", graph: "Picture", history: "History", query: "Query", settings: "Settings" };

export async function database_view(name, tab) {
  const { databases } = await api.get("databases");
  const database = databases.find((candidate) => candidate.name === name);
  if (!database) throw new api.RequestError(404, { message: "there is no such database", hint: "It may have been disconnected." });
  const views = { modules: modules_view, plan: plan_view, graph: graph_view, history: history_view, query: query_view, settings: settings_view };
  const content = element("div");
  const run = run_node(database, () => fill());
  const fill = async () => {
    try {
      content.replaceChildren(await (views[tab] ?? modules_view)(database, run));
    } catch (error) {
      content.replaceChildren(error_note(error));
    }
  };
  const [{ keys }] = await Promise.all([api.get("keys"), fill(), run.look()]);
  return element("div", {},
    element("h1", {}, database.alias ?? database.name),
    element("p", { class: "quiet" }, `AWS account ${database.account_id}, region ${database.region}, database ${database.name}, user ${database.role}`),
    element("nav", { class: "tabs", "aria-label": "Database" }, Object.entries(tabs).map(([key, title]) =>
      element("a", { href: `#/database/${encodeURIComponent(name)}/${key}`, "aria-current": key === tab ? "page" : null }, title))),
    key_note(keys[name]),
    run.node,
    content);
}

async function modules_view(database, run) {
  const { installed, available = [] } = await api.get(api.database_path(database.name, "/modules"));
  const missing = available.filter((module) => !installed.some((other) => other.module === module));
  const rows = installed.flatMap((module) => (module.tables.length ? module.tables : [{ name: "", records: "" }]).map((entry, index) => element("tr", {},
    element("td", {}, index === 0 ? `${module.module} ${module.version}` : ""),
    element("td", { class: "value" }, entry.name),
    element("td", { class: "number" }, String(entry.records)))));
  return element("div", {},
    element("h2", {}, "Installed modules"),
    installed.length ? table("Installed modules", ["Module", "Table", "Records"], rows) : element("p", {}, "None yet."),
    element("p", {}, element("button", { type: "button", class: "second", onclick: sync }, "Sync…")),
    missing.length > 0 && element("h2", {}, "Install more"),
    missing.length > 0 && install_form(missing, run));

  async function sync() {
    const answer = await ask("Sync from AWS?",
      element("div", {},
        element("p", {}, "Sync reads AWS and makes the tables match it. Changes that were not applied are discarded. Nothing in AWS changes."),
        element("p", {}, "A preview shows first what it would do.")),
      "Show the preview");
    if (answer) await preview_and_sync(database, run);
  }
}

async function preview_and_sync(database, run) {
  await run.begin({ kind: "plan_sync" });
  const preview = await until_over(database);
  if (!preview || preview.state !== "done" || preview.result.length === 0) return;
  const answer = await ask("Make these changes to the tables?",
    element("div", {}, element("p", {}, "Changes that were not applied are discarded. Nothing in AWS changes."), changes_table(preview.result)), "Sync");
  if (answer) await run.begin({ kind: "sync" });
}

function install_form(missing, run) {
  const form = element("form", { onsubmit: install },
    element("fieldset", {}, element("legend", {}, "Modules"), missing.map((module) => element("div", {},
      element("input", { type: "checkbox", name: "module", value: module, id: `module-${module}` }), " ", element("label", { for: `module-${module}` }, module)))),
    element("button", {}, "Install…"));
  async function install(event) {
    event.preventDefault();
    const modules = new FormData(form).getAll("module");
    if (!modules.length) return;
    const sure = await ask("Install modules?", element("p", {}, `${modules.join(", ")}: their tables are made, and what the account has is read into them. Nothing in AWS changes.`), "Install");
    if (sure) await run.begin({ kind: "install", modules });
  }
  return form;
}

function as_text(value) {
  if (value === null || value === undefined) return "NULL";
  return typeof value === "string" ? value : JSON.stringify(value, null, 1);
}

function change_node(step) {
  const columns = Object.entries(step.changes ?? {});
  return element("article", { class: step.loses_data ? "change loses" : "change" },
    element("h3", {}, element("span", { class: `tag ${step.action}` }, step.action), ` ${step.table_name} ${step.description}`),
    step.loses_data && element("p", { class: "danger-text" }, "This loses data in AWS that cannot be brought back."),
    step.reason && element("p", {}, step.reason),
    columns.length > 0 && table(`Changes of ${step.table_name} ${step.description}`, ["Column", "From", "To"], columns.map(([column, { from, to }]) => element("tr", {},
      element("td", {}, column),
      element("td", { class: "value from" }, as_text(from)),
      element("td", { class: "value to" }, as_text(to))))),
    element("p", { class: "quiet" }, `Step ${step.step}`,
      step.waits_for?.length ? `, after ${step.waits_for.join(", ")}` : "",
      step.aws_operations?.length ? `; ${step.aws_operations.join(", ")}` : ""));
}

async function plan_view(database, run) {
  const { plan, digest } = await api.get(api.database_path(database.name, "/plan"));
  const loses = plan.filter((step) => step.loses_data);
  const count = `${plan.length} ${plan.length === 1 ? "change" : "changes"}`;
  return element("div", {},
    element("h2", {}, "Pending plan"),
    plan.length === 0
      ? element("p", {}, "Nothing is pending: the tables say what AWS had when it was last read.")
      : element("p", {}, `${count} would be made in AWS.`),
    loses.length > 0 && note("danger", `${loses.length} of them ${loses.length === 1 ? "loses" : "lose"} data.`),
    plan.map(change_node),
    element("div", { class: "row" },
      plan.length > 0 && element("button", { type: "button", onclick: apply }, "Apply…"),
      element("button", { type: "button", class: "second", onclick: () => window.dispatchEvent(new Event("refresh")) }, "Look again")));

  async function apply() {
    const content = element("div", {},
      element("p", {}, `This changes AWS account ${database.account_id}:`),
      element("ul", {}, plan.map((step) => element("li", { class: step.loses_data ? "danger-text" : "" }, `${step.action} ${step.table_name} ${step.description}${step.loses_data ? " (loses data)" : ""}`))),
      loses.length > 0 && element("p", {}, element("input", { type: "checkbox", name: "may_lose_data", id: "may-lose-data", required: true }), " ", element("label", { for: "may-lose-data" }, "I know that data is lost")));
    const answer = await ask(`Apply ${count}?`, content, "Apply", loses.length ? "danger" : "");
    if (answer) await run.begin({ kind: "apply", digest, may_lose_data: answer.has("may_lose_data") });
  }
}

async function graph_view(database) {
  const [{ tables, references }, { installed }] = await Promise.all([
    api.get(api.database_path(database.name, "/graph")), api.get(api.database_path(database.name, "/modules"))]);
  const records = new Map(installed.flatMap((module) => module.tables).map((entry) => [entry.name, entry.records]));
  if (!tables.length) return element("div", {}, element("h2", {}, "Tables and references"), element("p", {}, "No module is installed yet."));
  return element("div", {},
    element("h2", {}, "Tables and references"),
    element("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": "Picture" }, graph_picture(tables, references, records)),
    element("details", {}, element("summary", {}, "The same as a list"),
      element("ul", {}, references.map(({ from, to }) => element("li", {}, `${from} refers to ${to}`)))));
}

async function history_view(database) {
  const { history } = await api.get(api.database_path(database.name, "/history"));
  return element("div", {},
    element("h2", {}, "History"),
    history.length === 0
      ? element("p", {}, "Nothing was changed in AWS from here yet.")
      : table("History", ["When", "Who", "Action", "Table", "Object", "AWS request id", "Error"], history.map((change) => element("tr", {},
          element("td", {}, new Date(change.when).toLocaleString()),
          element("td", {}, change.who),
          element("td", {}, element("span", { class: `tag ${change.action}` }, change.action)),
          element("td", {}, change.table_name),
          element("td", { class: "value" }, change.description),
          element("td", { class: "value" }, change.aws_request_id ?? ""),
          element("td", { class: "danger-text" }, change.error ?? "")))));
}

function query_view(database) {
  const result = element("div", { "aria-live": "polite" });
  const statement = element("textarea", { id: "statement", name: "statement", spellcheck: "false", required: true, "aria-describedby": "statement-hint" });
  const button = element("button", {}, "Run");
  const form = element("form", { onsubmit: run }, element("div", { class: "field" },
    element("label", { for: "statement" }, "SQL"), statement,
    element("span", { class: "hint", id: "statement-hint" }, "One statement, read-only, as the database's owner; ten seconds and 500 rows at most. Ctrl+Enter runs it.")), button);
  statement.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) form.requestSubmit();
  });
  async function run(event) {
    event.preventDefault();
    button.disabled = true;
    try {
      const { columns, rows, is_cut } = await api.post(api.database_path(database.name, "/query"), { statement: statement.value });
      result.replaceChildren(
        element("p", {}, `${rows.length} ${rows.length === 1 ? "row" : "rows"}${is_cut ? "; there are more" : ""}`),
        table("Result", columns, rows.map((row) => element("tr", {}, row.map((value) =>
          element("td", { class: value === null ? "value quiet" : "value" }, value === null ? "NULL" : value))))));
    } catch (error) {
      result.replaceChildren(error_note(error));
    } finally {
      button.disabled = false;
    }
  }
  return element("div", {}, element("h2", {}, "Query"), form, element("h2", {}, "Result"), result);
}

function settings_view(database) {
  const shown = element("div");
  return element("div", {},
    element("h2", {}, "Password"),
    element("p", {}, "A new password ends the old one at once: whatever connects with it must be given the new one."),
    element("p", {}, element("button", { type: "button", class: "second", onclick: rotate }, "New password…")),
    shown,
    element("h2", {}, "Disconnect"),
    element("p", {}, "Removes the database and its user, with every table that was made in it. Nothing in AWS is touched."),
    element("p", {}, element("button", { type: "button", class: "danger", onclick: disconnect }, "Disconnect…")));

  async function rotate() {
    if (!await ask("Give it a new password?", element("p", {}, `Whoever uses the password of ${database.role} now is thrown out.`), "New password", "danger")) return;
    try {
      shown.replaceChildren(login_node(await api.post(api.database_path(database.name, "/rotate")), ""));
    } catch (error) {
      shown.replaceChildren(error_note(error));
    }
  }

  async function disconnect() {
    const answer = await ask("Disconnect?",
      element("div", {},
        element("p", {}, `Database ${database.name} and its user ${database.role} are removed for good. What is in AWS account ${database.account_id} stays as it is.`),
        field("To be sure, type the database's name", { name: "confirmation", type: "text", pattern: database.name, required: true }, database.name)),
      "Disconnect", "danger");
    if (answer?.get("confirmation") !== database.name) return;
    try {
      await api.remove(api.database_path(database.name));
      location.hash = "#/";
    } catch (error) {
      shown.replaceChildren(error_note(error));
    }
  }
}

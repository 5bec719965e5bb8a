// What runs in a database: an apply, a sync, an install, or somebody else's apply, looked at once a second.

import * as api from "/api.js";
import { announce, element, error_note, note, table } from "/element.js";

const poll_pause = 1000;

// What runs, or ran last: asks once a second while something does.
export function run_node(database, finished) {
  const node = element("div");
  let dismissed = 0;
  let seen_running = false;

  async function look() {
    if (seen_running && !node.isConnected) return;
    const { run, calls } = await api.get(api.database_path(database.name, "/progress"));
    const shown = run && run.number > dismissed;
    const others = calls.filter((call) => call.is_under_way && call.pid !== run?.pid);
    // What had the focus has it again: a look a second must not take it from who uses the keyboard.
    const focused = node.contains(document.activeElement) ? document.activeElement.textContent : null;
    node.replaceChildren(...[
      shown && run_report(database, run, calls.filter((call) => call.pid === run.pid), () => { dismissed = run.number; node.replaceChildren(); }),
      others.length > 0 && element("section", { class: "change", "aria-label": "Another session" }, element("h2", {}, "An apply in another session"), calls_table(others)),
    ].filter(Boolean));
    if (focused) [...node.querySelectorAll("button")].find((button) => button.textContent === focused)?.focus();
    if ((shown && run.state === "running") || others.length > 0) {
      seen_running = true;
      setTimeout(() => look().catch((error) => node.replaceChildren(error_note(error))), poll_pause);
    } else if (seen_running) {
      seen_running = false;
      if (shown) announce(`${names_of_runs[run.kind]} ${run.state}`);
      finished();
    }
  }

  async function begin(request) {
    try {
      await api.post(api.database_path(database.name, "/runs"), request);
      seen_running = true;
      announce(`${names_of_runs[request.kind]} started`);
      await look();
    } catch (error) {
      node.replaceChildren(error_note(error));
    }
  }

  return { node, look, begin };
}

const names_of_runs = { apply: "Apply", sync: "Sync", plan_sync: "Preview of sync", install: "Install" };

function run_report(database, run, calls, dismiss) {
  const section = element("section", { class: "change", "aria-label": names_of_runs[run.kind] },
    element("h2", {}, names_of_runs[run.kind], " ", element("span", { class: `tag ${run.state}` }, run.state)));
  if (calls.length) section.append(calls_table(calls));
  if (run.state === "failed") section.append(note("danger", run.error.message));
  if (run.state === "done" && run.kind !== "install")
    section.append(run.result.length ? changes_table(run.result) : element("p", {}, "Nothing was to be done."));
  if (run.state === "done" && run.kind === "install")
    section.append(element("p", {}, `${run.result.length} tables, ${run.result.reduce((sum, made) => sum + made.record_count, 0)} records.`));
  section.append(element("div", { class: "row" },
    run.state === "running"
      ? element("button", { type: "button", class: "second", onclick: () => api.post(api.database_path(database.name, "/runs/cancel")) }, "Stop")
      : element("button", { type: "button", class: "second", onclick: dismiss }, "Close")));
  return section;
}

function calls_table(calls) {
  return table("Calls to AWS", ["State", "Table", "Object", "AWS operation", "Seconds", "Error"], calls.map((call) => element("tr", {},
    element("td", {}, element("span", { class: `tag ${call.state}` }, call.state)),
    element("td", {}, call.table_name),
    element("td", { class: "value" }, call.description),
    element("td", { class: "value" }, call.aws_operation),
    element("td", {}, call.seconds.toFixed(1)),
    element("td", { class: "danger-text" }, call.error ?? ""))));
}

export function changes_table(rows) {
  return table("Changes", ["Action", "Table", "Object"], rows.map((row) => element("tr", {},
    element("td", {}, element("span", { class: `tag ${row.action}` }, row.action)),
    element("td", {}, row.table_name),
    element("td", { class: "value" }, row.description))));
}

export async function until_over(database) {
  for (;;) {
    const { run } = await api.get(api.database_path(database.name, "/progress"));
    if (!run || run.state !== "running") return run;
    await new Promise((resolve) => setTimeout(resolve, poll_pause));
  }
}

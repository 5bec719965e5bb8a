// The connected accounts, and the form that connects one more.

import * as api from "/api.js";
import { sending_form } from "/access.js";
import { announce, copy_button, element, field, note, table } from "/element.js";

export async function accounts_view() {
  const { databases } = await api.get("databases");
  return element("div", {},
    element("h1", {}, "Connected accounts"),
    databases.length === 0
      ? element("p", {}, "None yet. ", element("a", { href: "#/connect" }, "Connect an AWS account"), " and it becomes a PostgreSQL database.")
      : table("Connected accounts", ["Name", "AWS account", "Region", "State", "User", "Size", "Connected (UTC)"], databases.map(account_row)),
    element("p", {}, element("a", { class: "button", href: "#/connect" }, "Connect account")));
}

function account_row(database) {
  return element("tr", {},
    element("td", {}, element("a", { href: `#/database/${encodeURIComponent(database.name)}/modules` }, database.alias ?? database.name)),
    element("td", {}, database.account_id),
    element("td", {}, database.region),
    element("td", {}, "connected"),
    element("td", {}, database.owner ?? "–"),
    element("td", {}, readable_size(database.bytes)),
    element("td", {}, database.created));
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

export function connect_view() {
  const { emulator_url, aws_endpoint_url } = api.session;
  const view = element("div", {}, element("h1", {}, "Connect account"));
  const place = (value, label, checked) => element("div", {},
    element("input", { type: "radio", name: "place", id: `place-${value}`, value, checked }), " ",
    element("label", { for: `place-${value}` }, label));
  view.append(
    element("p", {}, "The key is checked with AWS, then a database is made for the account. Only the PostgreSQL server can read the key again; nothing in AWS is changed."),
    sending_form(
      [
        emulator_url && element("fieldset", {}, element("legend", {}, "Where the account is"),
          place("aws", aws_endpoint_url ? `AWS, at ${aws_endpoint_url}` : "AWS", false),
          place("emulator", `The local emulator, at ${emulator_url}`, true)),
        !emulator_url && aws_endpoint_url && note("", `Calls go to ${aws_endpoint_url}.`),
        field("Access key id", { name: "access_key_id", type: "text", required: true, autocapitalize: "none" }, emulator_url ? "The emulator takes any, such as AKIAEMULATOR00000000." : "Such as AKIAIOSFODNN7EXAMPLE."),
        field("Secret access key", { name: "secret_access_key", type: "password", required: true, autocomplete: "off" }),
        field("Session token", { name: "session_token", type: "password", autocomplete: "off" }, "Only for temporary keys."),
        field("Region", { name: "region", type: "text", required: true, list: "regions", value: emulator_url ? "eu-west-2" : "", pattern: "[a-z]{2,}(-[a-z]+)+-[0-9]+", autocapitalize: "none" }, "The database's default region; others can be enabled in its table aws_regions."),
        element("datalist", { id: "regions" }, regions.map((region) => element("option", { value: region }))),
        field("Name", { name: "alias", type: "text", maxlength: "63" }, "What to call it here. May be left out."),
      ].filter(Boolean),
      "Connect account",
      async (form) => {
        const login = await api.post("databases", {
          emulator: form.get("place") === "emulator",
          access_key_id: form.get("access_key_id").trim(),
          secret_access_key: form.get("secret_access_key").trim(),
          session_token: form.get("session_token").trim(),
          region: form.get("region").trim(),
          alias: form.get("alias").trim(),
        });
        view.replaceChildren(element("h1", {}, "Connected"), login_node(login, form.get("region").trim()));
        document.getElementById("main").focus();
        announce("Connected. The connection string is not shown again.");
      }));
  return view;
}

// The only time that anybody sees this password.
export function login_node(login, region) {
  const string = `postgres://${login.role}:${login.password}@${login.host}:${login.port}/${login.database}`;
  const environment = [
    region && `AWS_REGION=${region}`, `DB_HOST=${login.host}`, `DB_PORT=${login.port}`, `DB_NAME=${login.database}`,
    `DB_USER=${login.role}`, `DB_PASSWORD=${login.password}`,
  ].filter(Boolean).join("\n");
  const block = (id, title, text) => element("section", {},
    element("h2", {}, title), element("pre", { id, tabindex: "0" }, text), element("div", { class: "row" }, copy_button(title, text)));
  return element("div", {},
    note("warn", "Copy what you need now: the password is not shown again. If it is lost, give the database a new one."),
    block("connection-string", "Connection string", string),
    block("psql", "psql", `psql '${string}'`),
    block("environment", ".env", environment),
    element("p", {}, element("a", { class: "button", href: `#/database/${encodeURIComponent(login.database)}/modules` }, "Go to the database")));
}

const regions = [
  "us-east-1", "us-east-2", "us-west-1", "us-west-2", "ca-central-1", "sa-east-1", "eu-west-1", "eu-west-2", "eu-west-3",
  "eu-central-1", "eu-north-1", "eu-south-1", "ap-south-1", "ap-southeast-1", "ap-southeast-2", "ap-northeast-1",
  "ap-northeast-2", "ap-northeast-3", "ap-east-1", "me-south-1", "af-south-1",
];

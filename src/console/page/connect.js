// The form that connects an account, by its key or by a role of it, and what it answers with.

import * as api from "/api.js";
import { sending_form } from "/access.js";
import { announce, copy_button, element, error_note, field, note, select_field } from "/element.js";

export async function connect_view() {
  const { emulator_url, aws_endpoint_url } = api.session;
  const { partitions } = await api.get("regions");
  const view = element("div", {}, element("h1", {}, "Connect account"));

  const key_part = element("fieldset", { id: "with-key" }, element("legend", { class: "unseen" }, "Access key"),
    field("Access key id", { name: "access_key_id", type: "text", required: true, autocapitalize: "none" }, emulator_url ? "The emulator takes any, such as AKIAEMULATOR00000000." : "Such as AKIAIOSFODNN7EXAMPLE."),
    field("Secret access key", { name: "secret_access_key", type: "password", required: true }),
    field("Session token", { name: "session_token", type: "password" }, "Only for temporary keys."));
  const offer = element("div", { "aria-live": "polite" });
  const role_part = element("fieldset", { id: "with-role", hidden: true, disabled: true }, element("legend", { class: "unseen" }, "Role"),
    field("Role ARN", { name: "role_arn", type: "text", required: true, autocapitalize: "none", pattern: "arn:[a-z\\-]+:iam::[0-9]{12}:role/.+", oninput: () => offer.replaceChildren() },
      "Such as arn:aws:iam::123456789012:role/iasql."),
    element("p", {}, "The role has to trust this server, on one condition: an external id that is made for you and for this connection. Nobody else can connect the role with it."),
    element("div", { class: "row" }, element("button", { type: "button", class: "second", onclick: show_trust }, "Show the trust policy")),
    offer);
  const home = select_field("Region", { name: "region", required: true, onchange: () => fill_further() },
    partitions.map(({ id, regions }) => element("optgroup", { label: id }, regions.map((region) => element("option", { value: region }, region)))),
    "The home region: rows that name none belong to it.");
  const further = element("div", { class: "choices" });
  if (!emulator_url) home.querySelector("select").prepend(element("option", { value: "", selected: true }, "Choose…"));
  else home.querySelector("option[value='eu-west-2']").selected = true;

  const form = sending_form(
    [
      emulator_url && element("fieldset", {}, element("legend", {}, "Where the account is"),
        choice("place", "aws", aws_endpoint_url ? `AWS, at ${aws_endpoint_url}` : "AWS", false),
        choice("place", "emulator", `The local emulator, at ${emulator_url}`, true)),
      !emulator_url && aws_endpoint_url && note("", `Calls go to ${aws_endpoint_url}.`),
      element("fieldset", {}, element("legend", {}, "How the server gets in"),
        choice("way", "key", "With an access key, which is stored encrypted", true, choose_way),
        choice("way", "role", "With a role that it assumes: no key of the account is stored", false, choose_way)),
      key_part, role_part, home,
      element("details", { class: "field" }, element("summary", {}, "Further regions"),
        element("p", { class: "quiet" }, "The database works in these from the beginning, too. Others can be enabled at any time in its table aws_regions."),
        further),
      field("Name", { name: "alias", type: "text", maxlength: "63" }, "What to call it here. May be left out."),
    ].filter(Boolean),
    "Connect account", connect);
  view.append(
    element("p", {}, "Key or role is checked with AWS, then a database is made for the account. Nothing in AWS is changed."),
    form);
  fill_further();
  return view;

  function choose_way() {
    const by_role = new FormData(form).get("way") === "role";
    for (const [part, is_chosen] of [[key_part, !by_role], [role_part, by_role]]) {
      part.hidden = !is_chosen;
      part.disabled = !is_chosen; // what is not shown is neither asked for nor sent
    }
  }

  function fill_further() {
    const chosen = home.querySelector("select").value;
    const partition = partitions.find(({ regions }) => regions.includes(chosen));
    const others = partition ? partition.regions.filter((region) => region !== chosen) : [];
    further.replaceChildren(...(others.length
      ? others.map((region) => choice("further_regions", region, region, false, null, "checkbox"))
      : [element("p", { class: "quiet" }, "Choose the home region first.")]));
  }

  async function show_trust() {
    const arn = role_part.querySelector("input");
    if (!arn.reportValidity() || !home.querySelector("select").reportValidity()) return;
    try {
      const asked = { role_arn: arn.value.trim(), region: home.querySelector("select").value, emulator: new FormData(form).get("place") === "emulator" };
      const { external_id, trust_policy } = await api.post("external-ids", asked);
      const policy = JSON.stringify(JSON.parse(trust_policy), null, 2);
      offer.replaceChildren(
        element("p", {}, "Give the role this trust policy, then connect:"),
        element("pre", { id: "trust-policy", tabindex: "0" }, policy),
        element("div", { class: "row" }, copy_button("trust policy", policy)),
        element("p", {}, "The external id in it:"),
        element("div", { class: "row" }, element("code", { id: "external-id" }, external_id), copy_button("external id", external_id)));
    } catch (error) {
      offer.replaceChildren(error_note(error));
    }
  }

  async function connect(data) {
    const text = (name) => (data.get(name) ?? "").trim();
    const login = await api.post("databases", {
      emulator: data.get("place") === "emulator",
      access_key_id: text("access_key_id"),
      secret_access_key: text("secret_access_key"),
      session_token: text("session_token"),
      role_arn: text("role_arn"),
      region: text("region"),
      further_regions: data.getAll("further_regions"),
      alias: text("alias"),
    });
    view.replaceChildren(element("h1", {}, "Connected"), login_node(login, text("region")));
    document.getElementById("main").focus();
    announce("Connected. The connection string is not shown again.");
  }
}

function choice(name, value, label, checked, changed = null, type = "radio") {
  const attributes = { type, name, id: `${name}-${value}`, value, checked };
  if (changed) attributes.onchange = changed;
  return element("div", { class: "choice" }, element("input", attributes), element("label", { for: `${name}-${value}` }, label));
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

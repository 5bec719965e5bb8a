// Which view the address names: "#/", "#/connect", "#/users", "#/database/NAME/TAB". Each view gives its node.

import * as api from "/api.js";
import { accounts_view } from "/accounts.js";
import { connect_view } from "/connect.js";
import { database_view } from "/database.js";
import { announce, element, error_note } from "/element.js";
import { login_view, password_view, users_view } from "/access.js";

const main = document.getElementById("main");
const navigation = document.getElementById("navigation");

function find_view(address) {
  const [name = "", ...rest] = address.replace(/^#\/?/, "").split("/").map(decodeURIComponent);
  if (name === "connect") return connect_view;
  if (name === "users") return users_view;
  if (name === "password") return password_view;
  if (name === "database") return () => database_view(rest[0], rest[1] ?? "modules");
  return accounts_view;
}

function show_navigation() {
  navigation.replaceChildren();
  if (!api.session) return;
  const here = location.hash || "#/";
  // One to the address that is open already begins the view anew.
  const anew = () => window.dispatchEvent(new Event("refresh"));
  const link = (address, text) => element("a", { href: address, "aria-current": here === address ? "page" : null, onclick: here === address ? anew : () => {} }, text);
  navigation.append(
    link("#/", "Accounts"),
    link("#/connect", "Connect account"),
    api.session.is_administrator ? link("#/users", "Users") : "",
    element("span", { class: "right" }, api.session.user, " "),
    link("#/password", "Password"),
    element("button", { type: "button", class: "second", onclick: log_out }, "Log out"));
}

async function log_out() {
  await api.post("logout").catch(() => {});
  await api.load_session();
  location.hash = "#/";
  show();
}

let latest = 0; // a view that arrives after another was asked for is not shown

async function show() {
  const mine = ++latest;
  show_navigation();
  let view;
  try {
    view = api.session ? await find_view(location.hash)() : login_view(start);
  } catch (error) {
    if (error.status === 401) return;
    view = element("div", {}, element("h1", {}, "That did not work"), error_note(error));
  }
  if (mine !== latest) return;
  main.replaceChildren(view);
  const title = main.querySelector("h1")?.textContent ?? "";
  document.title = title ? `${title} – iasql` : "iasql";
  announce(title);
  if (!main.contains(document.activeElement)) main.focus();
}

async function start() {
  try {
    await api.load_session();
  } catch (error) {
    main.replaceChildren(element("h1", {}, "iasql"), error_note(error));
    return;
  }
  show();
}

window.addEventListener("hashchange", show);
window.addEventListener("logged-out", show);
window.addEventListener("refresh", show);
start();

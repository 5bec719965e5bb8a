// Logging in, one's own password, and the administrator's users.

import * as api from "/api.js";
import { ask, copy_button, element, error_note, field, note, table } from "/element.js";

// A form that sends what was typed and shows an error above its button.
export function sending_form(fields, verb, send) {
  const problems = element("div");
  const button = element("button", {}, verb);
  const form = element("form", { class: "fields", onsubmit: submit }, fields, problems, element("div", { class: "row" }, button));
  async function submit(event) {
    event.preventDefault();
    button.disabled = true;
    problems.replaceChildren();
    try {
      await send(new FormData(form));
    } catch (error) {
      problems.replaceChildren(error_note(error));
    } finally {
      button.disabled = false;
    }
  }
  return form;
}

export function login_view(logged_in) {
  return element("div", {},
    element("h1", {}, "Log in"),
    sending_form(
      [
        field("User", { name: "user", type: "text", required: true, autocomplete: "username", autocapitalize: "none" }),
        field("Password", { name: "password", type: "password", required: true, autocomplete: "current-password" }),
      ],
      "Log in",
      async (form) => {
        await api.post("login", { user: form.get("user"), password: form.get("password") });
        logged_in();
      }),
    element("p", { class: "quiet" }, "The first user is admin; iasql up or iasql console showed the password when it made the console. ",
      element("code", {}, "iasql console --new-password"), " makes another."));
}

export function password_view() {
  const view = element("div", {}, element("h1", {}, "Your password"));
  view.append(sending_form(
    [
      field("Present password", { name: "former", type: "password", required: true, autocomplete: "current-password" }),
      field("New password", { name: "password", type: "password", required: true, minlength: "12", autocomplete: "new-password" }, "At least 12 characters."),
    ],
    "Change it",
    async (form) => {
      await api.post("password", { former: form.get("former"), password: form.get("password") });
      await api.load_session();
      view.replaceChildren(element("h1", {}, "Your password"), note("good", "It is changed. Your other sessions have ended."));
    }));
  return view;
}

export async function users_view() {
  const { users } = await api.get("users");
  const shown = element("div");
  return element("div", {},
    element("h1", {}, "Users"),
    element("p", {}, "Each user sees the databases that he connected; an administrator sees all of them."),
    table("Users", ["Name", "Role", "Action"], users.map((user) => element("tr", {},
      element("td", {}, user.name),
      element("td", {}, user.is_administrator ? "administrator" : ""),
      element("td", {}, user.is_administrator ? "" : element("button", { type: "button", class: "danger", onclick: () => remove(user.name) }, `Remove ${user.name}`))))),
    element("h2", {}, "Add a user"),
    sending_form([field("Name", { name: "name", type: "text", required: true, pattern: "[a-z][a-z0-9._\\-]{0,39}", autocapitalize: "none" }, "Lower case letters, digits, dots, dashes.")],
      "Add",
      async (form) => {
        const made = await api.post("users", { name: form.get("name") });
        shown.replaceChildren(
          note("good", `${made.name} can log in with this password, which is not shown again.`),
          element("div", { class: "row" }, element("code", { class: "password" }, made.password), copy_button("password", made.password)));
      }),
    shown);

  async function remove(name) {
    const sure = await ask(`Remove ${name}?`, element("p", {}, "The databases that this user connected stay, for the administrators."), "Remove", "danger");
    if (!sure) return;
    await api.remove(`users/${encodeURIComponent(name)}`);
    window.dispatchEvent(new Event("refresh"));
  }
}

// Requests to the console's server.

export class RequestError extends Error {
  constructor(status, { message = "the console does not answer", hint = "" } = {}) {
    super(message);
    this.status = status;
    this.hint = hint;
  }
}

let csrf_token = "";
export let session = null;

async function request(method, path, body) {
  let answer;
  try {
    answer = await fetch(`/api/${path}`, {
      method,
      headers: method === "GET" ? {} : { "Content-Type": "application/json", "X-CSRF-Token": csrf_token },
      body: method === "GET" ? undefined : JSON.stringify(body ?? {}),
    });
  } catch {
    throw new RequestError(0, { hint: "Is iasql still running?" });
  }
  const content = await answer.json().catch(() => ({}));
  if (answer.ok) return content;
  if (answer.status === 401 && path !== "login") {
    session = null;
    window.dispatchEvent(new Event("logged-out"));
  }
  throw new RequestError(answer.status, content.error);
}

export const get = (path) => request("GET", path);
export const post = (path, body) => request("POST", path, body);
export const remove = (path) => request("DELETE", path);

// Who is logged in; null where nobody is.
export async function load_session() {
  try {
    session = await get("session");
    csrf_token = session.csrf_token;
  } catch (error) {
    if (error.status !== 401) throw error;
    session = null;
  }
  return session;
}

export const database_path = (name, rest = "") => `databases/${encodeURIComponent(name)}${rest}`;

// Nodes of the page. Text only ever becomes text: nothing here, or anywhere in the console, parses HTML.

// element("td", {class: "value", onclick: …}, "text", another) makes a node. null, false and undefined are left out.
export function element(name, attributes = {}, ...children) {
  const node = document.createElement(name);
  for (const [attribute, value] of Object.entries(attributes)) {
    if (attribute.startsWith("on")) node.addEventListener(attribute.slice(2), value);
    else if (value === true) node.setAttribute(attribute, "");
    else if (value !== false && value !== null && value !== undefined) node.setAttribute(attribute, value);
  }
  node.append(...children.flat().filter((child) => child !== null && child !== false && child !== undefined));
  return node;
}

const svg_namespace = "http://www.w3.org/2000/svg";

export function svg(name, attributes = {}, ...children) {
  const node = document.createElementNS(svg_namespace, name);
  for (const [attribute, value] of Object.entries(attributes)) node.setAttribute(attribute, value);
  node.append(...children);
  return node;
}

export function table(caption, columns, rows) {
  return element("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": caption },
    element("table", {},
      element("thead", {}, element("tr", {}, columns.map((column) => element("th", { scope: "col" }, column)))),
      element("tbody", {}, rows)));
}

// One labelled input; `hint` is read with it.
export function field(label, attributes, hint) {
  const id = `field-${attributes.name}`;
  return element("div", { class: "field" },
    element("label", { for: id }, label),
    element("input", { id, "aria-describedby": hint ? `${id}-hint` : null, autocomplete: "off", spellcheck: "false", ...attributes }),
    hint && element("span", { class: "hint", id: `${id}-hint` }, hint));
}

export function select_field(label, attributes, options, hint) {
  const id = `field-${attributes.name}`;
  return element("div", { class: "field" },
    element("label", { for: id }, label),
    element("select", { id, "aria-describedby": `${id}-hint`, ...attributes }, options),
    element("span", { class: "hint", id: `${id}-hint` }, hint));
}

export function note(kind, ...children) {
  return element("div", { class: `note ${kind}`, role: kind === "danger" ? "alert" : null }, ...children);
}

export function error_note(error) {
  return note("danger", error.hint ? `${error.message}\n${error.hint}` : error.message);
}

// Says something to who cannot see what has changed.
export function announce(text) {
  document.getElementById("status").textContent = text;
}

export function copy_button(what, text) {
  const button = element("button", { type: "button", class: "second", "aria-label": `Copy ${what}`, onclick: copy }, "Copy");
  async function copy() {
    try {
      await navigator.clipboard.writeText(text);
      button.textContent = "Copied";
      announce(`${what} copied`);
    } catch {
      button.textContent = "Select and copy it by hand";
    }
  }
  return button;
}

// Asks before anything happens; gives the form's data, or null. `content` is shown above the buttons.
export function ask(title, content, verb, kind = "") {
  return new Promise((resolve) => {
    const form = element("form", { method: "dialog" },
      element("h1", { id: "dialog-title" }, title),
      content,
      element("div", { class: "row" },
        element("button", { value: "yes", class: kind }, verb),
        element("button", { value: "no", class: "second", formnovalidate: true, autofocus: true }, "Cancel")));
    const dialog = element("dialog", { "aria-labelledby": "dialog-title", onclose: closed }, form);
    function closed() {
      const answer = dialog.returnValue === "yes" ? new FormData(form) : null;
      dialog.remove();
      resolve(answer);
    }
    document.body.append(dialog);
    dialog.showModal();
  });
}

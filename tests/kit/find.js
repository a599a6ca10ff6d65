// Finds the first visible element as a person would name it: by selector, by text, or by role and name.
// Runs in the page as the body of a function; arguments: how, what, name.
const [how, what, name] = arguments;
const flat = (text) => (text ?? "").replace(/\s+/g, " ").trim();
const visible = (element) =>
  element.checkVisibility ? element.checkVisibility({ visibilityProperty: true }) : element.getClientRects().length > 0;

const IMPLIED = {
  button: "button, summary, input[type=button], input[type=submit]",
  link: "a[href]",
  textbox: "textarea, input:not([type]), input[type=text], input[type=email], input[type=search]",
  searchbox: "input[type=search]",
  checkbox: "input[type=checkbox]",
  radio: "input[type=radio]",
  heading: "h1, h2, h3, h4, h5, h6",
  dialog: "dialog",
  main: "main",
  navigation: "nav",
  list: "ul, ol",
  listitem: "li",
  table: "table",
  row: "tr",
  combobox: "select",
};

// The part of the accessible name computation that our own pages use.
function nameOf(element) {
  const by = element.getAttribute("aria-labelledby");
  if (by) return flat(by.split(/\s+/).map((id) => document.getElementById(id)?.textContent).join(" "));
  const label = element.getAttribute("aria-label") ?? element.labels?.[0]?.textContent;
  return flat(label ?? (element.textContent || element.value || element.title || element.placeholder));
}

function candidates() {
  if (how === "css") return [...document.querySelectorAll(what)];
  if (how === "role") {
    const implied = IMPLIED[what] ? `, ${IMPLIED[what].split(", ").map((tag) => `${tag}:not([role])`).join(", ")}` : "";
    const all = [...document.querySelectorAll(`[role="${what}"]${implied}`)];
    return name === null ? all : all.filter((element) => nameOf(element).includes(name));
  }
  const having = [...document.body.querySelectorAll("*")].filter(
    (element) => !["SCRIPT", "STYLE", "TEMPLATE"].includes(element.tagName) && flat(element.textContent).includes(what),
  );
  return having.filter((element) => !having.some((other) => other !== element && element.contains(other)));
}

return candidates().find(visible) ?? null;

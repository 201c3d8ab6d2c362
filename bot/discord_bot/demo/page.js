"use strict";
// What the page shows is made of text nodes only: nothing that is told becomes markup.
const PLACES = { general: "# general", moderators: "# moderators", direct: "@ Receipts" };
const PEOPLE = { asker: "Ann, who asks", moderator: "Mo, a moderator" };
const $ = (id) => document.getElementById(id);
const state = { who: "asker", place: "general", commands: [], menus: [], names: {}, labels: {}, reply: null, busy: 0, isDown: true, key: "" };
const drawn = new Map(); // messages that are shown: what each was drawn from, and its element
const dismissed = new Set();

function make(kind, what = {}, ...inner) {
  const made = document.createElement(kind);
  for (const [name, value] of Object.entries(what)) {
    if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else if (name === "class") made.className = value;
    else if (value !== false && value != null) made.setAttribute(name, value === true ? "" : value);
  }
  made.append(...inner);
  return made;
}

async function tell(path, body) {
  try {
    const answer = await fetch(path, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ who: state.who, place: state.place, ...body }),
    });
    return answer.ok ? answer.json() : { problem: `That went wrong (${answer.status}).` };
  } catch {
    return { problem: "The bot does not run any more. Start it again, then reload this page." };
  }
}

function report(text, isProblem) {
  $("typing").textContent = text;
  $("typing").classList.toggle("problem", Boolean(isProblem));
}

async function act(body) {
  state.busy += 1;
  report("Receipts is at work…");
  const done = await tell("/do", body);
  await look();
  state.busy -= 1;
  report(done.problem || "", done.problem);
  if (done.form) openForm(done.form);
}

async function look() {
  const key = `${state.who} ${state.place}`;
  const seen = await tell("/see", {});
  if (key !== `${state.who} ${state.place}`) return;
  if (seen.problem) return report(seen.problem, true);
  Object.assign(state, { commands: seen.commands, menus: seen.menus });
  for (const one of seen.messages)
    for (const other of [one.author, ...one.mentions]) state.names[other.id] = nameOf(other);
  const list = $("messages"), isNew = state.key !== key;
  if (isNew) {
    drawn.clear();
    list.replaceChildren(welcome(seen));
    state.key = key;
  }
  const isDown = isNew || state.busy || state.isDown;
  if (update(list, seen.messages.filter((one) => !dismissed.has(one.id))) && isDown) goDown();
}

function goDown() { $("messages").scrollTop = $("messages").scrollHeight; }

// Only what changed is drawn anew, so that a menu that is open stays open.
function update(list, messages) {
  let isMore = false;
  const ids = new Set(messages.map((one) => one.id));
  for (const [id, old] of drawn) if (!ids.has(id)) { old.element.remove(); drawn.delete(id); }
  for (const one of messages) {
    const text = JSON.stringify(one), old = drawn.get(one.id);
    if (old && old.text === text) continue;
    const element = message(one);
    if (old) old.element.replaceWith(element); else { list.append(element); isMore = true; }
    drawn.set(one.id, { text, element });
  }
  return isMore;
}

function welcome(seen) {
  const [first, second] = seen.examples;
  const begin = (text) => make("button", { type: "button", class: "try", onclick: () => { take(text); $("text").focus(); } }, text);
  const tries = first ? [state.place === "direct" ? first : `@Receipts ${first}`, `/ask ${second || first}`] : [];
  const lines = state.who === "moderator"
    ? [make("p", {}, "As a moderator you change the story. Change a fact, then be Ann again and ask:"), begin(seen.fact ? `/facts edit ${seen.fact} field:as_of` : "/facts add"), begin("/queue"), begin("/stats")]
    : [make("p", {}, "Ask as you talk. To begin with:"), ...tries.map(begin), begin("/topics")];
  return make("li", { class: "welcome" }, make("h3", {}, state.place === "direct" ? "Receipts" : `Welcome to ${PLACES[state.place]}`), ...lines);
}

const nameOf = (user) => (user.bot ? "Receipts" : user.global_name || user.username);

function message(one) {
  const name = nameOf(one.author);
  const when = new Date(one.came * 1000).toLocaleTimeString([], { hour: "numeric", minute: "2-digit" });
  const body = make("div", { class: "body" });
  const to = one.referenced_message, used = one.interaction_metadata;
  if (to) body.append(make("div", { class: "reply" }, `↱ ${nameOf(to.author)}: `, ...inline(to.content.slice(0, 80))));
  else if (used && used.name) body.append(make("div", { class: "reply" }, `↱ ${nameOf(used.user)} used `, make("span", { class: "mention" }, `${used.command_type === 1 ? "/" : ""}${used.name}`)));
  body.append(make("span", { class: "who" }, name));
  if (one.author.bot) body.append(make("span", { class: "tag" }, "APP"));
  body.append(make("span", { class: "when" }, `Today at ${when}`));
  const isV2 = one.flags & (1 << 15);
  if (one.content) body.append(...blocks(one.content));
  for (const part of one.components) body.append(component(part, one));
  if (!isV2) for (const file of one.attachments) body.append(attached(file));
  if (one.edited_timestamp && !one.private) body.append(make("span", { class: "note" }, "(edited)"));
  if (one.private) body.append(make("div", { class: "note" }, "Only you can see this · ",
    make("button", { type: "button", class: "link", onclick: () => { dismissed.add(one.id); look(); } }, "Dismiss message")));
  const menu = one.private ? [] : [menuOf(one)];
  const open = (event) => { // as a right click does in Discord; links keep their own
    if (!menu.length || event.target.closest("a")) return;
    event.preventDefault();
    for (const other of document.querySelectorAll("details.menu[open]")) other.open = false;
    menu[0].open = true;
  };
  return make("li", { class: `message${one.private ? " private" : ""}`, "data-id": one.id, oncontextmenu: open },
    make("div", { class: `face${one.author.bot ? " bot" : ""}`, "aria-hidden": "true" }, name[0]), body, ...menu);
}

function menuOf(one) {
  const item = (label, does) => make("button", { type: "button", onclick: () => { found.open = false; does(); } }, label);
  const found = make("details", { class: "menu" }, make("summary", { "aria-label": "More of this message" }, "⋯"), make("div", {},
    item("Reply", () => replyTo(one)), ...state.menus.map((name) => item(name, () => act({ what: "menu", message: one.id, text: name })))));
  return found;
}

function replyTo(one) {
  state.reply = one && one.id;
  $("replying").hidden = !one;
  $("replying").textContent = one ? `Replying to ${nameOf(one.author)} (Escape ends it)` : "";
  if (one) $("text").focus();
}

function component(part, one) {
  switch (part.type) {
    case 17: {
      const box = make("div", { class: "card" }, ...part.components.map((each) => component(each, one)));
      if (part.accent_color != null) box.style.borderLeftColor = `#${part.accent_color.toString(16).padStart(6, "0")}`;
      return box;
    }
    case 10: return make("div", {}, ...blocks(part.content));
    case 14: return make("hr");
    case 1: return make("div", { class: "row" }, ...part.components.map((each) => component(each, one)));
    case 2: return part.url
      ? make("a", { class: "button", href: part.url, target: "_blank", rel: "noopener noreferrer" }, `${part.label} ↗`)
      : make("button", { class: `s${part.style}`, disabled: part.disabled, type: "button",
        onclick: () => act({ what: "press", message: one.id, id: part.custom_id }) }, part.label || "");
    case 3: return make("select", { "aria-label": part.placeholder || "Choose", onchange: (event) => {
      const text = event.target.value;
      event.target.value = "";
      act({ what: "press", message: one.id, id: part.custom_id, text });
    } },
    make("option", { value: "", disabled: true, selected: true, hidden: true }, part.placeholder || "Choose"),
    ...part.options.map((each) => make("option", { value: each.value }, each.description ? `${each.label} · ${each.description}` : each.label)));
    case 12: return make("div", {}, ...part.items.map((each) => picture(each, one)));
    case 13: return make("div", {}, ...one.attachments.filter((file) => part.file.url.endsWith(`/${file.filename}`)).map(attached));
    default: return make("div", {}, ...(part.components || []).map((each) => component(each, one)));
  }
}

const at = (file) => `/file?at=${encodeURIComponent(file.url)}`;
const attached = (file) => make("div", {}, "📎 ", make("a", { href: at(file), download: file.filename }, file.filename));

function picture(item, one) {
  const file = one.attachments.find((each) => item.media.url.endsWith(`/${each.filename}`));
  return file ? make("img", { src: at(file), alt: item.description || "" }) : make("div", { class: "note" }, item.description || "");
}

// Discord's markdown, as far as the bot uses it.
function blocks(text) {
  const found = [];
  for (const [at, part] of text.split(/```(?:(\w*)\n)?([\s\S]*?)```/).entries()) {
    if (at % 3 === 2) {
      const isDiff = text.includes("```diff");
      found.push(make("pre", {}, ...part.replace(/\n$/, "").split("\n").map((line) =>
        make("span", { class: isDiff && line[0] === "+" ? "add" : isDiff && line[0] === "-" ? "del" : "" }, `${line}\n`))));
    } else if (at % 3 === 0 && part.trim()) found.push(...lines(part.trim()));
  }
  return found;
}

function lines(text) {
  const found = [];
  let list = null, paragraph = null;
  for (const line of text.split("\n")) {
    const item = line.match(/^- (.*)/), title = line.match(/^#{1,3} (.*)/), small = line.match(/^-# (.*)/);
    if (!item) list = null;
    if (item || title || small || !line.trim()) paragraph = null;
    if (item) {
      if (!list) found.push((list = make("ul", { class: "list" })));
      list.append(make("li", {}, ...inline(item[1])));
    } else if (title) found.push(make("h3", {}, ...inline(title[1])));
    else if (small) found.push(make("p", { class: "small" }, ...inline(small[1])));
    else if (line.trim()) {
      if (paragraph) paragraph.append(make("br"), ...inline(line));
      else found.push((paragraph = make("p", {}, ...inline(line))));
    }
  }
  return found;
}

const TOKEN = /\\([^\w\s])|\*\*((?:\\.|[^\\])+?)\*\*|~~((?:\\.|[^\\])+?)~~|`([^`]+)`|\[((?:\\.|[^\]\\])+)\]\((https:\/\/[^\s)]+)\)|<@!?(\d+)>|<\/([^:>]+):\d+>|<t:(\d+)(?::(\w))?>|<(https:\/\/[^\s>]+)>|(?<![*\w])\*((?:\\.|[^*\\])+?)\*(?!\w)/;

function inline(text) {
  const found = [];
  for (let rest = text; rest;) {
    const at = rest.match(TOKEN);
    if (!at) { found.push(rest); break; }
    if (at.index) found.push(rest.slice(0, at.index));
    const [all, escaped, bold, struck, code, label, url, person, command, time, , bare, thin] = at;
    if (escaped) found.push(escaped);
    else if (bold) found.push(make("strong", {}, ...inline(bold)));
    else if (struck) found.push(make("s", {}, ...inline(struck)));
    else if (code) found.push(make("code", {}, code));
    else if (url || bare) found.push(make("a", { href: url || bare, target: "_blank", rel: "noopener noreferrer" }, ...inline(label || bare)));
    else if (person) found.push(make("span", { class: "mention" }, `@${state.names[person] || "somebody"}`));
    else if (command) found.push(make("span", { class: "mention" }, `/${command}`));
    else if (time) found.push(ago(Number(time)));
    else if (thin) found.push(make("em", {}, ...inline(thin)));
    rest = rest.slice(at.index + all.length);
  }
  return found;
}

function ago(time) {
  const seconds = Math.round(time - Date.now() / 1000), words = new Intl.RelativeTimeFormat("en", { numeric: "auto" });
  for (const [unit, size] of [["day", 86400], ["hour", 3600], ["minute", 60]])
    if (Math.abs(seconds) >= size) return words.format(Math.trunc(seconds / size), unit);
  return words.format(seconds, "second");
}

function openForm(form) {
  const inner = $("form").firstElementChild, fields = {};
  const parts = form.components.map((part) => {
    const one = part.component || (part.components || [])[0];
    if (!one) return make("div", {}, ...blocks(part.content || ""));
    const most = { required: one.required !== false, minlength: one.min_length, maxlength: one.max_length, placeholder: one.placeholder };
    if (one.type !== 4) fields[one.custom_id] = make("select", {}, ...(one.options || []).map((each) => make("option", { value: each.value, selected: each.default }, each.label)));
    else if (one.style === 2) fields[one.custom_id] = make("textarea", { rows: Math.min(10, 3 + Math.round((one.value || "").length / 45)), ...most }, one.value || "");
    else fields[one.custom_id] = make("input", { value: one.value || "", ...most });
    return make("label", {}, part.label || one.label || "", make("div", { class: "small" }, part.description || ""), fields[one.custom_id]);
  });
  const cancel = make("button", { type: "button", onclick: () => $("form").close() }, "Cancel");
  inner.replaceChildren(make("h3", {}, form.title), ...parts, make("div", { class: "row" }, cancel, make("button", { class: "s1" }, "Submit")));
  inner.onsubmit = () => act({ what: "form", values: Object.fromEntries(Object.entries(fields).map(([id, field]) => [id, field.value])) });
  $("form").showModal();
}

// A command as it is typed: its name, then its options. The first needs no name.
function typed(text) {
  const rows = [];
  for (const command of state.commands) {
    const groups = (command.options || []).filter((one) => one.type === 1);
    if (groups.length) rows.push(...groups.map((one) => ({ name: `${command.name} ${one.name}`, about: one.description, options: one.options || [] })));
    else rows.push({ name: command.name, about: command.description, options: command.options || [] });
  }
  const line = text.slice(1), low = line.toLowerCase();
  const command = rows.filter((one) => low === one.name || low.startsWith(`${one.name} `)).sort((a, b) => b.name.length - a.name.length)[0];
  if (!command) return { rows: rows.filter((one) => one.name.startsWith(low.trim())) };
  const names = command.options.map((one) => one.name), options = {};
  let now = names[0];
  for (const [at, part] of line.slice(command.name.length).split(new RegExp(`(?:^|\\s)(${names.join("|") || "\\0"}):`)).entries()) {
    if (at % 2) now = part;
    else if (now && (at || part.trim())) options[now] = part.trim();
  }
  return { command, options, now };
}

// What is sent of an option: the choice that its words stand for, or the words.
function valueOf(option, text) {
  const key = `${option.name} ${text}`;
  if (key in state.labels) return state.labels[key];
  if (option.type === 4) return Number(text);
  if (option.type === 5) return text.toLowerCase() === "true";
  return text;
}

let asked = 0;
async function offer() {
  const text = $("text").value, turn = ++asked;
  let rows = [];
  if (text.startsWith("/")) rows = await offers(typed(text));
  else if (/@\w*$/.test(text) && "@receipts".startsWith(text.match(/@\w*$/)[0].toLowerCase()))
    rows = [{ label: "@Receipts", take: () => take(text.replace(/@\w*$/, "@Receipts ")) }];
  if (turn !== asked) return;
  $("offers").replaceChildren(...rows.map((one) => make("li", { role: "option", onmousedown: (event) => { event.preventDefault(); one.take(); } },
    one.label, " ", make("span", { class: "small" }, one.about || ""))));
  $("offers").hidden = !rows.length;
  $("offers").scrollTop = 0;
}

async function offers({ rows, command, options, now }) {
  if (!command) return rows.map((one) => ({ label: `/${one.name}`, about: one.about, take: () => take(`/${one.name} `) }));
  const option = command.options.find((one) => one.name === now);
  let choices = (option && option.choices) || [];
  if (option && option.type === 5) choices = [{ name: "True" }, { name: "False" }];
  if (option && option.autocomplete) {
    const typed = String(valueOf(option, options[now] || ""));
    choices = (await tell("/do", { what: "complete", text: command.name, option: now, typed })).choices || [];
  }
  const others = command.options.filter((one) => !(one.name in options) && one.name !== now);
  return [
    ...choices.map((one) => ({ label: one.name, take: () => choose(command, options, now, one) })),
    ...others.map((one) => ({ label: `${one.name}:`, about: one.description, take: () => take(`${$("text").value.trimEnd()} ${one.name}:`) })),
  ];
}

function take(text) { $("text").value = text; offer(); }

function choose(command, options, now, one) {
  if (one.value !== undefined) state.labels[`${now} ${one.name}`] = one.value;
  const said = Object.entries({ ...options, [now]: one.name }).map(([name, text]) => `${name === command.options[0].name ? "" : `${name}:`}${text}`);
  $("text").value = `/${command.name} ${said.join(" ")}`;
  stopOffering();
}

function stopOffering() {
  asked += 1; // what is still on its way is not shown
  $("offers").hidden = true;
}

async function send(event) {
  event.preventDefault();
  const text = $("text").value.trim();
  await state.looked; // somebody else, elsewhere, has other commands
  if (!text || state.busy || $("text").value.trim() !== text) return;
  const body = { what: "say", text, message: state.reply };
  if (text.startsWith("/")) {
    const { command, options } = typed(text);
    if (!command) return report("There is no such command.", true);
    const missing = command.options.find((one) => one.required && !options[one.name]);
    if (missing) return report(`/${command.name} needs ${missing.name}: ${missing.description}.`, true);
    const given = command.options.filter((one) => options[one.name]).map((one) => [one.name, valueOf(one, options[one.name])]);
    Object.assign(body, { what: "slash", text: command.name, options: Object.fromEntries(given) });
  }
  $("text").value = "";
  stopOffering();
  replyTo(null);
  act(body);
}

// The arrows go through what is offered; Tab or Enter takes it.
function key(event) {
  const rows = $("offers").hidden ? [] : [...$("offers").children];
  const at = rows.findIndex((one) => one.ariaSelected === "true");
  const taken = rows[event.key === "Tab" ? Math.max(at, 0) : at];
  if (event.key === "Escape") { replyTo(null); stopOffering(); }
  else if (rows.length && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
    const next = (at + (event.key === "ArrowDown" ? 1 : rows.length - (at < 0 ? 0 : 1))) % rows.length;
    rows.forEach((one, number) => { one.ariaSelected = String(number === next); });
    rows[next].scrollIntoView({ block: "nearest" });
  } else if (taken && (event.key === "Tab" || event.key === "Enter")) taken.dispatchEvent(new MouseEvent("mousedown"));
  else return;
  event.preventDefault();
}

function draw() {
  const press = (of, name, labels) => Object.entries(labels).filter(([id]) => id !== "moderators" || state.who === "moderator").map(([id, label]) =>
    make("button", { type: "button", "aria-pressed": String(state[name] === id), "data-id": id, onclick: () => {
      state[name] = id;
      if (state.who !== "moderator" && state.place === "moderators") state.place = "general";
      draw();
    } }, label));
  $("places").replaceChildren(...press("place", "place", PLACES));
  $("people").replaceChildren(...press("who", "who", PEOPLE));
  $("place").textContent = PLACES[state.place];
  $("text").placeholder = state.place === "direct" ? "Message Receipts, or type /" : "Write @Receipts and a question, or type /ask";
  replyTo(null);
  state.looked = look();
}

$("messages").addEventListener("scroll", ({ target }) => { state.isDown = target.scrollTop + target.clientHeight > target.scrollHeight - 80; });
window.addEventListener("resize", () => { if (state.isDown) goDown(); });
$("composer").addEventListener("submit", send);
$("text").addEventListener("input", offer);
$("text").addEventListener("blur", stopOffering);
$("text").addEventListener("keydown", key);
draw();
setInterval(look, 1500);
$("text").focus();

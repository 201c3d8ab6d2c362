"use strict";
// What the page shows is made of text nodes only: nothing that is told becomes markup.
const PLACES = { general: "# general", moderators: "# moderators", direct: "@ Receipts" };
const PEOPLE = { asker: "Ann, who asks", moderator: "Mo, a moderator" };
const $ = (id) => document.getElementById(id);
const state = { who: "asker", place: "general", commands: [], names: {}, reply: null, busy: 0, shown: "" };

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
  const answer = await fetch(path, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ who: state.who, place: state.place, ...body }),
  });
  return answer.ok ? answer.json() : { problem: `The page was refused (${answer.status}).` };
}

async function act(body) {
  state.busy += 1;
  $("typing").textContent = "Receipts is at work…";
  const done = await tell("/do", body);
  state.busy -= 1;
  $("typing").textContent = done.problem || "";
  await look();
  if (done.form) openForm(done.form);
}

async function look() {
  const key = `${state.who} ${state.place}`;
  const seen = await tell("/see", {});
  if (seen.problem || key !== `${state.who} ${state.place}`) return;
  state.commands = seen.commands;
  const now = JSON.stringify([key, seen.messages]);
  if (now === state.shown) return;
  state.shown = now;
  for (const one of seen.messages) {
    state.names[one.author.id] = nameOf(one.author);
    for (const other of one.mentions) state.names[other.id] = nameOf(other);
  }
  const list = $("messages");
  const isDown = list.scrollTop + list.clientHeight > list.scrollHeight - 80;
  list.replaceChildren(...seen.messages.map(message));
  if (isDown || list.dataset.key !== key) list.scrollTop = list.scrollHeight;
  list.dataset.key = key;
}

const nameOf = (user) => (user.bot ? "Receipts" : user.global_name || user.username);

function message(one) {
  const name = nameOf(one.author);
  const when = new Date(one.came * 1000).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
  const body = make("div", { class: "body" });
  const to = one.referenced_message;
  if (to) body.append(make("div", { class: "reply" }, `↱ ${nameOf(to.author)}: `, ...inline(to.content.slice(0, 80))));
  body.append(make("span", { class: "who" }, name));
  if (one.author.bot) body.append(make("span", { class: "tag" }, "APP"));
  body.append(make("span", { class: "when" }, `today at ${when}`));
  const isV2 = one.flags & (1 << 15);
  if (one.content) body.append(...blocks(one.content));
  for (const part of one.components) body.append(component(part, one));
  if (!isV2) for (const file of one.attachments) body.append(attached(file));
  if (one.edited_timestamp && !one.private) body.append(make("span", { class: "note" }, "(edited)"));
  if (one.private) body.append(make("div", { class: "note" }, "Only you can see this"));
  const item = make("li", { class: `message${one.private ? " private" : ""}`, "data-id": one.id },
    make("div", { class: `face${one.author.bot ? " bot" : ""}`, "aria-hidden": "true" }, name[0]), body);
  if (!one.private) item.addEventListener("dblclick", () => replyTo(one));
  return item;
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
    case 2: return make("button", { class: `s${part.style}`, disabled: part.disabled, type: "button",
      onclick: () => act({ what: "press", message: one.id, id: part.custom_id }) }, part.label || "");
    case 3: return make("select", { "aria-label": part.placeholder || "", onchange: (event) => event.target.value &&
      act({ what: "press", message: one.id, id: part.custom_id, text: event.target.value }) },
    make("option", { value: "" }, part.placeholder || "Choose"),
    ...part.options.map((each) => make("option", { value: each.value }, each.label)));
    case 12: return make("div", { class: "note" }, ...part.items.map((each) => `🖼 ${each.description || "picture"}`));
    case 13: return make("div", { class: "note" }, `📎 ${(part.name || part.file.url).replace("attachment://", "")}`);
    default: return make("div", {}, ...(part.components || []).map((each) => component(each, one)));
  }
}

const attached = (file) => make("div", { class: "note" }, `📎 ${file.filename}`);

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
    fields[one.custom_id] = one.type === 4
      ? make("textarea", { rows: one.style === 2 ? 5 : 1, required: one.required !== false, maxlength: one.max_length, placeholder: one.placeholder }, one.value || "")
      : make("select", {}, ...(one.options || []).map((each) => make("option", { value: each.value, selected: each.default }, each.label)));
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
  for (const part of line.slice(command.name.length).split(new RegExp(`(?:^|\\s)(${names.join("|") || "\\0"}):`))) {
    if (names.includes(part) && part !== options[now]) now = part;
    else if (now) options[now] = part.trim();
  }
  return { command, options, now };
}

let asked = 0;
async function offer() {
  const text = $("text").value, list = $("offers"), turn = ++asked;
  let rows = [];
  if (text.startsWith("/")) {
    const found = typed(text);
    if (!found.command) rows = found.rows.map((one) => ({ label: `/${one.name}`, about: one.about, take: () => take(`/${one.name} `) }));
    else {
      const option = found.command.options.find((one) => one.name === found.now);
      let choices = (option && option.choices) || [];
      if (option && option.autocomplete) choices = (await tell("/do", { what: "complete", text: found.command.name, option: option.name, typed: found.options[option.name] || "" })).choices || [];
      rows = choices.map((one) => ({ label: one.name, take: () => choose(found, one) }));
      const others = found.command.options.filter((one) => !(one.name in found.options) && one.name !== found.now);
      rows.push(...others.map((one) => ({ label: `${one.name}:`, about: one.description, take: () => take(`${$("text").value.trimEnd()} ${one.name}:`) })));
    }
  } else if (/@\w*$/.test(text) && "@receipts".startsWith(text.match(/@\w*$/)[0].toLowerCase()))
    rows = [{ label: "@Receipts", take: () => take(text.replace(/@\w*$/, "@Receipts ")) }];
  if (turn !== asked) return;
  list.replaceChildren(...rows.map((one) => make("li", { role: "option", onmousedown: (event) => { event.preventDefault(); one.take(); } },
    one.label, " ", make("span", { class: "small" }, one.about || ""))));
  list.hidden = !rows.length;
}

function take(text) { $("text").value = text; offer(); }

function choose(found, one) {
  found.options[found.now] = one.value;
  state.chosen = { name: found.command.name, options: found.options, text: null };
  const [first] = found.command.options.map((each) => each.name);
  const said = Object.entries(found.options).map(([name, value]) => `${name === first ? "" : `${name}:`}${name === found.now ? one.name : value}`);
  $("text").value = state.chosen.text = `/${found.command.name} ${said.join(" ")}`;
  $("offers").hidden = true;
}

function send(event) {
  event.preventDefault();
  const text = $("text").value.trim();
  if (!text || state.busy) return;
  const body = { what: "say", text, message: state.reply };
  if (text.startsWith("/")) {
    const found = typed(text);
    if (!found.command) return;
    const known = state.chosen && state.chosen.text && state.chosen.text.trim() === text ? state.chosen.options : found.options;
    Object.assign(body, { what: "slash", text: found.command.name, options: known });
  }
  $("text").value = "";
  $("offers").hidden = true;
  replyTo(null);
  act(body);
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
  look();
}

$("composer").addEventListener("submit", send);
$("text").addEventListener("input", offer);
$("text").addEventListener("blur", () => { $("offers").hidden = true; });
$("text").addEventListener("keydown", (event) => { if (event.key === "Escape") { replyTo(null); $("offers").hidden = true; } });
draw();
setInterval(look, 1500);
$("text").focus();

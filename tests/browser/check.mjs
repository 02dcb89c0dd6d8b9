// Opens pages in a browser and looks at them as a reader would. node check.mjs BROWSER FOLDER PAGE…
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";

const [browserPath, folder, ...pages] = process.argv.slice(2);
const profile = mkdtempSync(join(tmpdir(), "mcpsentry-browser-"));
const browser = spawn(browserPath, [
  "--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run", "--hide-scrollbars",
  "--disable-dev-shm-usage", "--remote-debugging-pipe", `--user-data-dir=${profile}`, "about:blank",
], { stdio: ["ignore", "ignore", "ignore", "pipe", "pipe"] });
const [, , , toBrowser, fromBrowser] = browser.stdio;
const deadline = setTimeout(() => { console.error("the browser takes too long"); browser.kill(); process.exit(1); }, 240_000);

// The protocol of the browser's own tools: JSON with a zero byte behind it.
let last = 0, session, rest = "";
const waiting = new Map(), events = [];
fromBrowser.setEncoding("utf8").on("data", (data) => {
  const messages = (rest + data).split("\0");
  rest = messages.pop();
  for (const message of messages.map((text) => JSON.parse(text))) {
    if (message.id) {
      const { done, failed } = waiting.get(message.id);
      message.error ? failed(new Error(message.error.message)) : done(message.result);
    } else {
      events.push(message);
    }
  }
});
function call(method, params = {}) {
  const id = ++last;
  toBrowser.write(JSON.stringify({ id, method, params, sessionId: session }) + "\0");
  return new Promise((done, failed) => waiting.set(id, { done, failed }));
}
async function evaluate(code) {
  const answer = await call("Runtime.evaluate", { expression: code, returnByValue: true, awaitPromise: true });
  if (answer.exceptionDetails) throw new Error(answer.exceptionDetails.exception?.description ?? "a script failed");
  return answer.result.value;
}

let faults = 0;
function expect(page, what, holds, shown = "") {
  if (holds) return;
  faults += 1;
  console.error(`${page}: ${what} ${typeof shown === "string" ? shown : JSON.stringify(shown, null, 1)}`);
}

async function open(page) {
  const url = pathToFileURL(resolve(folder, `${page}.html`)).href;
  events.length = 0;
  await call("Page.navigate", { url });
  while (!events.some((event) => event.method === "Page.loadEventFired")) await new Promise((next) => setTimeout(next, 20));
  const asked = events.filter((event) => event.method === "Network.requestWillBeSent").map((event) => event.params.request.url);
  expect(page, "asks for more than itself:", asked.every((asking) => asking === url), asked);
}

// What holds for a page at any size.
const STRUCTURE = `(() => {
  const all = (query) => [...document.querySelectorAll(query)];
  const faults = [];
  const levels = all("h1,h2,h3,h4").map((heading) => Number(heading.tagName[1]));
  if (levels.filter((level) => level === 1).length !== 1) faults.push("not one h1");
  levels.reduce((before, level) => { if (level > before + 1) faults.push("a heading level is left out"); return level; }, 0);
  if (all("table:not(:has(> caption))").length) faults.push("a table without caption");
  if (all("th:not([scope])").length) faults.push("a header of nothing");
  if (all("input").some((input) => !input.closest("label"))) faults.push("an input without label");
  if (all("script,iframe,object,embed,img,svg,link,form,base").length) faults.push("an element that has no place here");
  if (all("*").some((element) => [...element.attributes].some(({ name }) => name.startsWith("on") || name === "style"))) faults.push("an attribute that runs");
  if (all("a").some((link) => !link.getAttribute("href").startsWith("#"))) faults.push("a link out of the page");
  if (window.pwned) faults.push("a script of the document ran");
  if (document.compatMode !== "CSS1Compat" || document.documentElement.lang !== "en") faults.push("no language or mode");
  return faults;
})()`;

const OPEN_ALL = `document.querySelectorAll("details").forEach((details) => details.open = true)`;

// Text that is too wide, too faint, or too small to hit.
const LOOKS = `(() => {
  const numbers = (color) => color.match(/[\\d.]+/g).map(Number);
  const light = ([r, g, b]) => [r, g, b].map((c) => c / 255).map((c) => c <= .04045 ? c / 12.92 : ((c + .055) / 1.055) ** 2.4)
    .reduce((sum, c, at) => sum + c * [.2126, .7152, .0722][at], 0);
  const behind = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const color = numbers(getComputedStyle(at).backgroundColor);
      if (color.length < 4 || color[3] > 0) return color;
    }
    return [255, 255, 255];
  };
  const faults = new Set();
  const page = document.documentElement;
  if (page.scrollWidth > page.clientWidth) faults.add("wider than the window: " + page.scrollWidth + " of " + page.clientWidth);
  for (const element of document.querySelectorAll("body *")) {
    const box = element.getBoundingClientRect();
    if (!box.width || box.right < 0) continue;
    if (box.right > page.clientWidth + 1) faults.add("goes over the edge: " + element.tagName + "." + element.className);
    if (![...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim())) continue;
    const style = getComputedStyle(element);
    const [a, b] = [light(numbers(style.color)), light(behind(element))].sort((x, y) => y - x);
    const ratio = (a + .05) / (b + .05);
    if (ratio < 4.5) faults.add("too faint (" + ratio.toFixed(2) + "): " + element.tagName + "." + element.className);
    if (parseFloat(style.fontSize) < 12) faults.add("too small: " + element.tagName + "." + element.className);
  }
  for (const target of document.querySelectorAll("summary, label")) {
    const { width, height } = target.getBoundingClientRect();
    if (width && height < 40) faults.add("hard to hit: " + target.tagName + "." + target.className + " " + height);
  }
  return [...faults];
})()`;

async function picture(name) {
  const { cssContentSize } = await call("Page.getLayoutMetrics");
  const { data } = await call("Page.captureScreenshot", {
    captureBeyondViewport: true,
    clip: { x: 0, y: 0, width: cssContentSize.width, height: Math.min(cssContentSize.height, 6000), scale: 1 },
  });
  writeFileSync(join(folder, `${name}.png`), Buffer.from(data, "base64"));
}

async function main() {
  const { targetInfos } = await call("Target.getTargets");
  const { targetId } = targetInfos.find((target) => target.type === "page");
  ({ sessionId: session } = await call("Target.attachToTarget", { targetId, flatten: true }));
  for (const domain of ["Page", "Network", "Log", "Runtime"]) await call(`${domain}.enable`);
  const axe = process.env.AXE && existsSync(process.env.AXE) ? readFileSync(process.env.AXE, "utf8") : "";
  for (const page of pages) {
    for (const scheme of ["light", "dark"]) {
      for (const [size, width] of [["small", 320], ["phone", 390], ["desktop", 1280]]) {
        await call("Emulation.setDeviceMetricsOverride", { width, height: 900, deviceScaleFactor: 1, mobile: width < 500 });
        await call("Emulation.setEmulatedMedia", { features: [{ name: "prefers-color-scheme", value: scheme }] });
        await open(page);
        const where = `${page} (${size}, ${scheme})`;
        if (size !== "small") await picture(`${page}-${size}-${scheme}`);
        await evaluate(OPEN_ALL);
        const looks = await evaluate(LOOKS);
        expect(where, "looks:", looks.length === 0, looks);
        if (size !== "small") await picture(`${page}-${size}-${scheme}-open`);
        if (axe) {
          await evaluate(axe);
          const found = await evaluate(`axe.run(document, { resultTypes: ["violations"] }).then(({ violations }) =>
            violations.map(({ id, help, nodes }) => id + ": " + help + ": " + nodes.slice(0, 3).map((node) => node.html).join(" ")))`);
          expect(where, "axe:", found.length === 0, found);
        }
        const said = events.filter((event) => event.method === "Log.entryAdded").map((event) => event.params.entry.text);
        // axe looks for styles that it may read, which the policy of the page refuses.
        expect(where, "the browser says:", axe || said.length === 0, said);
      }
    }
    await open(page);
    const structure = await evaluate(STRUCTURE);
    expect(page, "is built wrongly:", structure.length === 0, structure);
    const said = events.filter((event) => event.method === "Log.entryAdded").map((event) => event.params.entry.text);
    expect(page, "the browser says:", said.length === 0, said);
    const policy = await evaluate(`(() => { const style = document.createElement("script"); style.textContent = "window.pwned = 1";
      document.body.append(style); return window.pwned === undefined; })()`);
    expect(page, "a script that is put into the page runs", policy);
    // Each box hides its severity, and shows it again, without a script.
    const hidden = await evaluate(`[...document.querySelectorAll(".filter input")].filter((box) => {
      const severity = box.id.replace("show-", "");
      const visible = () => [...document.querySelectorAll(".group." + severity)].map((group) => group.checkVisibility());
      const before = visible();
      box.click();
      const off = visible();
      box.click();
      const on = visible();
      return !(before.length && before.every(Boolean) && !off.some(Boolean) && on.every(Boolean));
    }).map((box) => box.id)`);
    expect(page, "a filter that does not work:", hidden.length === 0, hidden);
  }
}

try {
  await main();
} catch (error) {
  faults += 1;
  console.error(error);
}
clearTimeout(deadline);
browser.once("exit", () => {
  rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
  console.log(faults ? `${faults} faults in the pages` : `${pages.length} pages looked at, pictures in ${folder}`);
  process.exit(faults ? 1 : 0);
});
browser.kill();

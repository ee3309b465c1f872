/** What programs show: pictures, tables and drawings in a panel of their own, and nothing that they bring gets out of it. */
import assert from "node:assert/strict";
import { once } from "node:events";
import { readFile, writeFile } from "node:fs/promises";
import { type AddressInfo, createServer } from "node:net";
import path from "node:path";
import type { FrameLocator } from "playwright-core";
import type { Journey, Workbench } from "../host/index.js";
import { startShowingEngine } from "../support/showingServer.js";

/** Gives `display` what libraries would: a picture, a table, a drawing. */
const shown = `import struct, zlib

class Shown:
    def __init__(self, kind, value):
        setattr(self, f"_repr_{kind}_", lambda: value)

def png(width, height, pixel):
    rows = b"".join(b"\\0" + bytes(v for x in range(width) for v in pixel(x, y)) for y in range(height))
    chunk = lambda kind, data: struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\\x89PNG\\r\\n\\x1a\\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")
`;

const report = `${shown}
print("loading \\x1b[32m6 months\\x1b[0m of \\x1b[1msales\\x1b[0m")
rows = "".join(f"<tr><th>{month}</th><td>{n * 137 % 901}</td><td>{n * 0.37:.2f}</td><td>{'north' if n % 2 else 'south'}</td></tr>"
    for n, month in enumerate(["January", "February", "March", "April", "May", "June"], 3))
display(Shown("html", "<style scoped>.dataframe tbody tr th { vertical-align: top; }</style><table border='1' class='dataframe'>"
    f"<thead><tr><th></th><th>units</th><th>share</th><th>region</th></tr></thead><tbody>{rows}</tbody></table><p>6 rows × 3 columns</p>"))
display(Shown("png", png(420, 200, lambda x, y: (x * 255 // 420, y * 255 // 200, 160))))
display(Shown("svg", "<svg width='320' height='90'><polyline points='5,80 60,40 120,60 190,15 250,45 315,10' fill='none' stroke='black' stroke-width='2'/><text x='8' y='20' font-size='13'>per month</text></svg>"))
print("\\x1b[33mwarning:\\x1b[0m June is not complete")
`;

/** HTML and a drawing that try to run scripts, to load things from `host`, and to get out. */
const hostile = (host: string): string => `${shown}
display(Shown("html", "<p id=mark>safe</p><script>document.getElementById('mark').textContent='owned'; top.document.title='owned'</script>"
    "<img src=x onerror=\\"document.getElementById('mark').textContent='owned'\\"><svg onload=\\"document.getElementById('mark').textContent='owned'\\"></svg>"
    "<a id=js href=\\"javascript:document.getElementById('mark').textContent='owned'\\">a script</a> "
    "<a id=away href='http://away.invalid/' target=_top>away</a><meta http-equiv=refresh content='0;url=http://${host}/refresh'>"
    "<link rel=preconnect href='http://${host}/link'><img src='http://${host}/image'><iframe src='http://${host}/frame'></iframe>"
    "<style>@import 'http://${host}/style'; p { background: url(http://${host}/background) }</style></iframe></div><h1>out</h1>"))
display(Shown("svg", "<svg xmlns='http://www.w3.org/2000/svg' width='60' height='20' onload='top.document.title=1'><script>top.document.title=1</script><image href='http://${host}/svg'/><rect width='60' height='20' fill='teal'/></svg>"))
display(Shown("png", b"\\x89PNG\\r\\n\\x1a\\nbroken"))
`;

/** Hears of everybody who connects; nobody must. */
const visitors = { server: createServer(), count: 0 };

export const journey: Journey = {
  async prepare() {
    const engine = await startShowingEngine();
    visitors.server.on("connection", (socket) => {
      visitors.count++;
      socket.destroy();
    });
    visitors.server.listen(0, "127.0.0.1");
    await once(visitors.server, "listening");
    const env = {
      BACKEND_ENDPOINT: engine.endpoint,
      BACKEND_ACCESS_KEY: engine.accessKey,
      BACKEND_SECRET_KEY: engine.secretKey,
    };
    const stop = async (): Promise<void> => {
      visitors.server.close();
      await engine.close();
    };
    return { env, stop };
  },

  async run(workbench) {
    await showsReport(workbench);
    await savesAndCopies(workbench);
    await followsTheme(workbench);
    await keepsHostileHtmlIn(workbench);
    await comesBackAfterHiding(workbench);
    await leavesNothingBehind(workbench);
  },
};

/** The page of the panel. */
function pageOf({ page }: Workbench): FrameLocator {
  return page.frameLocator("iframe.webview").frameLocator("#active-frame");
}

async function runFile(workbench: Workbench, name: string, code: string): Promise<void> {
  await writeFile(path.join(workbench.workspace, name), code); // an editor would indent what it is given
  await workbench.openFile(name);
  await workbench.editors.clickTitleAction("Run Current File");
}

async function showsReport(workbench: Workbench): Promise<void> {
  await runFile(workbench, "plot.py", report);
  const results = pageOf(workbench);
  const run = results.locator(".run").first();
  await run.locator("summary", { hasText: "exit code 0" }).waitFor();
  assert.match(await run.locator("summary").innerText(), /plot\.py[^]*python-\w+ on /);
  await run.frameLocator("iframe").getByText("February").waitFor();
  await run.locator("img[alt='PNG picture']").waitFor();
  await run.locator("img[alt='SVG drawing']").waitFor();
  const items = await run.locator(".items > *").all();
  assert.deepEqual(await Promise.all(items.map((item) => item.getAttribute("class"))), [
    "text stdout",
    "html",
    "image",
    "image",
    "text stdout",
  ]);
  const pictures = await run.locator("img").all();
  const widths = await Promise.all(
    pictures.map((picture) => picture.evaluate((image: { naturalWidth: number }) => image.naturalWidth)),
  );
  assert.deepEqual(widths, [420, 320], "both are drawn");
  await workbench.until("the table to have its height", async () => {
    const box = await run.locator("iframe").boundingBox();
    return box !== null && box.height > 150;
  });
  assert.match(
    String(await workbench.page.evaluate("document.activeElement.className")),
    /native-edit|inputarea/,
  );
  await workbench.screenshot("results-1-report-light");
}

async function savesAndCopies(workbench: Workbench): Promise<void> {
  const { quickInput, editors } = workbench;
  const results = pageOf(workbench);
  const picture = results.locator("figure", { has: results.locator("img[alt='PNG picture']") });
  await picture.hover();
  await workbench.screenshot("results-2-buttons");
  await picture.getByRole("button", { name: "Copy" }).click();
  await picture.getByRole("button", { name: "Copied" }).waitFor();
  const types = await workbench.page.evaluate(
    "navigator.clipboard.read().then((items) => items.flatMap((item) => item.types))",
  );
  assert.deepEqual(types, ["image/png"]);

  await picture.hover();
  await picture.getByRole("button", { name: "Save" }).click();
  const saved = await acceptName(workbench, "plot-3.png");
  assert.equal(saved.subarray(1, 4).toString(), "PNG");

  await results.locator("summary").getByRole("button", { name: "Save…" }).click();
  await quickInput.choose("One Page…");
  const page = (await acceptName(workbench, "plot-results.html")).toString();
  assert.match(page, /<title>plot\.py<\/title>[^]*srcdoc=[^]*data:image\/png;base64/);
  await editors.waitForTab("Backend.AI Results");
  await drawsExportedPage(workbench, page);
}

/** Takes the name that the dialog offers in the folder of the workspace; the content of the file then. */
async function acceptName({ page, workspace, until }: Workbench, name: string): Promise<Buffer> {
  const input = page.locator(".quick-input-widget:visible .quick-input-box input");
  await until(`${name} to be offered`, async () => (await input.inputValue()).endsWith(`/${name}`));
  await input.press("Enter");
  return until(name, () => readFile(path.join(workspace, name)).catch(() => undefined));
}

/** The saved page stands on its own, in a browser with no extension around. */
async function drawsExportedPage({ page: window }: Workbench, html: string): Promise<void> {
  const page = await window.context().newPage();
  try {
    await page.setContent(html);
    await page.frameLocator("iframe").getByText("February").waitFor();
    await page.waitForFunction(`document.querySelector("iframe").getBoundingClientRect().height > 150`);
    await page.screenshot({
      path: path.join(path.dirname(await journeyPicture()), "results-3-exported.png"),
    });
  } finally {
    await page.close();
  }
}

async function journeyPicture(): Promise<string> {
  const { resultsRoot } = await import("../host/paths.js");
  return path.join(resultsRoot, "journeys", "x.png");
}

async function followsTheme(workbench: Workbench): Promise<void> {
  const results = pageOf(workbench);
  const colourOf = async (): Promise<unknown> => {
    const text = results.locator("iframe").first().contentFrame().locator("td").first();
    return text.evaluate(colourOfElement);
  };
  const before = await colourOf();
  for (const [theme, name] of [
    ["Dark Modern", "dark"],
    ["Dark High Contrast", "contrast"],
  ] as const) {
    await workbench.runCommand("Preferences: Color Theme");
    await workbench.quickInput.answer(theme);
    await workbench.until("the table in the colours of the theme", async () => (await colourOf()) !== before);
    await workbench.screenshot(`results-4-report-${name}`);
  }
  await workbench.runCommand("Preferences: Color Theme");
  await workbench.quickInput.answer("Light Modern");
}

function colourOfElement(element: {
  ownerDocument: { defaultView: { getComputedStyle: (of: unknown) => { color: string } } };
}): string {
  return element.ownerDocument.defaultView.getComputedStyle(element).color;
}

async function keepsHostileHtmlIn(workbench: Workbench): Promise<void> {
  const host = `127.0.0.1:${String((visitors.server.address() as AddressInfo).port)}`;
  await runFile(workbench, "hello.py", hostile(host));
  const results = pageOf(workbench);
  const run = results.locator(".run").first();
  await run.locator("summary", { hasText: "hello.py" }).locator("text=exit code 0").waitFor();
  const frame = run.locator("iframe").first().contentFrame();
  await frame.getByText("safe").waitFor();
  await run.getByText("Scripts in this output were left out").waitFor();
  await run.getByText("This PNG picture can't be drawn: its data are damaged.").waitFor();
  await run.locator("img[alt='SVG drawing']").waitFor();
  await frame.locator("#js").click();
  await frame.locator("#away").click();
  // VS Code's own question comes for a link that leads away, and nothing was opened.
  assert.match(await workbench.dialogText(), /open the external website/i);
  await workbench.answerDialog("Cancel");
  assert.equal(await frame.locator("#mark").innerText(), "safe");
  assert.equal(await results.locator("h1").count(), 0, "nothing got out of the frame");
  assert.doesNotMatch(await workbench.page.title(), /owned|^1$/);
  assert.equal(visitors.count, 0, "nothing was loaded");
  const stranger = await workbench.page.context().newPage();
  await stranger.goto(`http://${host}/`).catch(() => undefined);
  await stranger.close();
  assert.notEqual(visitors.count, 0, "it could have been");
  await workbench.screenshot("results-5-hostile");
}

async function comesBackAfterHiding(workbench: Workbench): Promise<void> {
  await workbench.openFile("hello.py"); // in the group of the results, in front of them
  await workbench.page.locator("iframe.webview").waitFor({ state: "detached" });
  await workbench.runCommand("Backend.AI: Show Results");
  await workbench.editors.waitForTab("Backend.AI Results");
  await pageOf(workbench).locator(".run", { hasText: "plot.py" }).waitFor();
  assert.equal(await pageOf(workbench).locator(".run").count(), 2);
}

async function leavesNothingBehind(workbench: Workbench): Promise<void> {
  const { editors, page } = workbench;
  await editors.clickTitleAction("Clear Results");
  await pageOf(workbench).getByText("No results yet.").waitFor();
  await workbench.screenshot("results-6-empty");
  await page.reload();
  await workbench.ready();
  await editors.waitForTab("hello.py");
  assert.ok(
    !(await editors.tabs()).includes("Backend.AI Results"),
    "no dead panel comes back with the window",
  );
  await workbench.runCommand("Backend.AI: Show Results");
  await pageOf(workbench).getByText("No results yet.").waitFor();
}

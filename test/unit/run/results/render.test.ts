import assert from "node:assert/strict";
import fc from "fast-check";
import type { RunEvent } from "../../../../src/api/index.js";
import { mediaItem } from "../../../../src/run/results/mediaItem.js";
import { ansiHtml, plainText } from "../../../../src/run/results/render/ansiHtml.js";
import { exportPage } from "../../../../src/run/results/render/exportPage.js";
import { frameDocument, hasScripts } from "../../../../src/run/results/render/frameDocument.js";
import { panelPage } from "../../../../src/run/results/render/panelPage.js";
import { renderItem } from "../../../../src/run/results/render/renderItem.js";
import { renderHead } from "../../../../src/run/results/render/renderRun.js";
import { ResultStore } from "../../../../src/run/results/resultStore.js";
import type { RunResults } from "../../../../src/run/results/runResults.js";
import { redPng } from "./pictures.js";

const withActions = { hasActions: true };

/** HTML that tries to get out of its frame's attribute, or to run. */
const hostile = [
  `<script>parent.document.title = "owned"</script>`,
  `"></iframe><script>alert(1)</script>`,
  `' onload='alert(1)`,
  `</srcdoc></iframe></div></body></html><img src=x onerror=alert(1)>`,
  `&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;`,
  `<a href="javascript:alert(1)">x</a>`,
  `<!-- --!><plaintext>`,
];

function results(...events: readonly RunEvent[]): RunResults {
  const run = new ResultStore().begin({ title: `<b>"a".py</b>`, where: "<i>s-1</i> on test" });
  for (const event of events) {
    run.add(event);
  }
  return run;
}

/** The values of all `srcdoc` attributes, as a browser reads them. */
function framesOf(page: string): string[] {
  const entities: Record<string, string> = { lt: "<", gt: ">", quot: '"', "#39": "'", amp: "&" };
  return [...page.matchAll(/srcdoc="([^"]*)"/g)].map((match) =>
    (match[1] ?? "").replaceAll(/&(#?\w+);/g, (_, name: string) => entities[name] ?? "?"),
  );
}

describe("rendering of results", () => {
  it("keeps HTML inside the attribute of its frame, whatever it is", () => {
    const check = (html: string): void => {
      const rendered = renderItem("r1.1", { kind: "html", id: 1, html }, withActions);
      assert.deepEqual(framesOf(rendered), [frameDocument(html)]);
      const around = rendered.replace(/srcdoc="[^"]*"/, "");
      assert.match(
        around,
        /^<div class="html" data-key="r1\.1"><iframe sandbox="allow-same-origin" title="HTML output" ><\/iframe>/,
      );
      assert.doesNotMatch(around, /<script|onload|onerror|javascript:|plaintext/);
    };
    hostile.forEach(check);
    fc.assert(fc.property(fc.string(), check));
  });

  it("puts the policy of a frame before all that the program gave", () => {
    for (const html of hostile) {
      const document = frameDocument(html);
      const policy = document.indexOf("default-src 'none'");
      assert.ok(policy > 0 && policy < document.indexOf(html.slice(0, 5)));
      assert.doesNotMatch(document.slice(0, document.indexOf("<style>")), /script-src|unsafe-eval|https?:/);
    }
  });

  it("takes the meaning from elements that reach out without a script", () => {
    for (const tag of ["link", "META", "base", "object", "embed", "iframe", "frame"]) {
      const document = frameDocument(`<${tag} href="https://example.com" http-equiv="refresh">|<${tag}/>`);
      assert.doesNotMatch(document.slice(document.indexOf("</style>")), new RegExp(`<${tag}[\\s/>]`, "i"));
    }
    assert.match(frameDocument("<metadata><linker>"), /<metadata><linker>$/);
  });

  it("says when scripts were left out", () => {
    assert.ok(hasScripts("<div></div><SCRIPT src=x>"));
    assert.ok(!hasScripts("&lt;script&gt; <scripture>"));
    const render = (html: string): string => renderItem("r1.1", { kind: "html", id: 1, html }, withActions);
    assert.match(render("<script>1</script>"), /Scripts in this output were left out/);
    assert.doesNotMatch(render("<table></table>"), /Scripts/);
  });

  it("shows a drawing as a picture alone, so that nothing in it runs or loads", () => {
    const data = `<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"><script>alert(1)</script><foreignObject><img src="https://example.com/x"/></foreignObject><image href="https://example.com/y"/></svg>`;
    const rendered = renderItem("r1.1", mediaItem(1, { mimeType: "image/svg+xml", data }), withActions);
    assert.match(rendered, /<img src="data:image\/svg\+xml;base64,[A-Za-z0-9+/=]+" alt="SVG drawing"/);
    assert.doesNotMatch(rendered, /<svg|<script|onload|example/);
  });

  it("escapes titles, places, words and notes", () => {
    const run = results({ type: "html", html: "x" });
    run.end(`\x1b[31m<script>"&'\x1b[0m`);
    const head = renderHead(run, withActions);
    assert.match(head, /&lt;b&gt;&quot;a&quot;\.py&lt;\/b&gt;/);
    assert.match(head, /&lt;i&gt;s-1&lt;\/i&gt; on test/);
    assert.match(head, /<span class="ansi-red-fg">&lt;script&gt;&quot;&amp;/);
    assert.match(
      renderItem("r1.1", { kind: "note", id: 1, text: "<script>" }, withActions),
      />&lt;script&gt;</,
    );
  });

  it("shows titles and places in one line and in their order", () => {
    const run = new ResultStore().begin({ title: "safe\u202egpj.py\n", where: "s-1\u2066 on\ttest" });
    assert.match(renderHead(run, withActions), /"title">safegpj\.py<.*>s-1 on test</);
  });

  it("has no buttons in a page that is saved", () => {
    const png = { kind: "image", id: 1, mimeType: "image/png", base64: redPng } as const;
    assert.match(renderItem("r1.1", png, withActions), /data-action="copy".*data-action="save"/);
    assert.doesNotMatch(renderItem("r1.1", png, { hasActions: false }), /<button/);
  });

  it("allows the panel no network, and no script but its own", () => {
    const page = panelPage({ cspSource: "https://*.test", nonce: "n1", styles: "s.css", scripts: ["a.js"] });
    const policy = /content="(default-src[^"]*)"/.exec(page)?.[1] ?? "";
    assert.equal(
      policy.replaceAll("&#39;", "'"),
      "default-src 'none'; img-src data:; font-src data:; style-src https://*.test 'unsafe-inline'; script-src 'nonce-n1'; base-uri 'none'; form-action 'none'",
    );
    assert.deepEqual(page.match(/<script[^>]*>/g), [`<script nonce="n1" src="a.js">`]);
  });

  it("saves a run as one page that names no other file and runs but its own script", () => {
    const run = results(
      { type: "output", stream: "stdout", text: "<script>\n" },
      ...hostile.map((html): RunEvent => ({ type: "html", html })),
    );
    const page = exportPage([run], { styles: "p{}", script: "fit()" });
    const outside = page.replaceAll(/srcdoc="[^"]*"/g, "");
    assert.deepEqual(outside.match(/<script[^>]*>[^<]*/g), ["<script>fit()"]);
    assert.match(outside, /script-src &#39;sha256-[\w+/]{43}=&#39;/);
    assert.doesNotMatch(outside, /(src|href)="(?!data:)|<link|<button/);
    assert.deepEqual(framesOf(page), hostile.map(frameDocument));
  });
});

describe("terminal text as HTML", () => {
  it("turns colours into classes, and escapes the rest", () => {
    assert.equal(
      ansiHtml("\x1b[1;31mred\x1b[0m <b>"),
      `<span style="font-weight:bold" class="ansi-red-fg">red</span> &lt;b&gt;`,
    );
    assert.equal(ansiHtml("more", "\x1b[32m"), `<span class="ansi-green-fg">more</span>`);
    assert.match(ansiHtml("\x1b[38;2;1;2;3mx"), /style="color:rgb\(1,2,3\)"/);
  });

  it("leaves out every other escape, links among them, and no text", () => {
    const text =
      "a\x1b[2Kb\x1b[?25lc\x1b]0;title\x07d\x1b]8;;javascript:alert(1)\x1b\\link\x1b]8;;\x1b\\e\x1b(Bf\x1b7g\x07\x00h\x1b[";
    assert.equal(ansiHtml(text), "abcdlinkefgh");
    assert.equal(plainText(text), "abcdlinkefgh");
    assert.equal(ansiHtml("a\x1b[안b\n"), "a안b\n");
    assert.equal(plainText("\x1b[31mred\x1b[0m"), "red");
  });

  it("never lets a tag through", () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.constantFrom("\x1b", "[", "]", "8;", ";", "<script>", "m", "31", "\x07", "\x1b\\", '"', "x"),
        ),
        (parts) => {
          assert.doesNotMatch(
            ansiHtml(parts.join("")),
            /<(?!\/?span)|<span(?! (style="[\w:;,.()% -]*"|class="[\w -]*"))/,
          );
        },
      ),
    );
  });
});

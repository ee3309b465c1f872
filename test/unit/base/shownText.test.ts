import assert from "node:assert/strict";
import fc from "fast-check";
import {
  codeSpan,
  detailText,
  escapeMarkdown,
  labelText,
  markedText,
  messageText,
} from "../../../src/base/shownText.js";
import { shownItems } from "../../../src/platform/shown/pickItems.js";
import { describeError, wordsFor } from "../../../src/platform/describeError.js";
import { ConfigurationError } from "../../../src/base/errors.js";
import { usageTooltip } from "../../../src/sessions/usage/usageText.js";
import { fuzzed } from "../../support/fuzz.js";

const commandLink = "[Click here](command:workbench.action.quit)";

/** As VS Code finds links in notifications (`parseLinkedText`). */
const notificationLink = /\[[^\]]+\]\((?:https?:\/\/|command:|file:)[^)\s]+(?: (?:["']).+?(?:["']))?\)/i;

/** As VS Code finds icons in labels, and in Markdown once that has become html. */
const icon = /(?<!\\)\$\([A-Za-z0-9-]+(?:~[A-Za-z]+)?\)/;

const hostile = fc
  .array(
    fc.constantFrom(
      ...[
        commandLink,
        "$(zap)",
        "$(loading~spin)",
        "\u202egpj.exe",
        "\n\n# big",
        "\r\n",
        "\u2028",
        "<img src=x>",
        "&#36;(zap)",
        "&lt;b&gt;",
      ],
      ...[
        "`",
        "[",
        "](",
        ")",
        "$(",
        "$",
        "\\",
        "command:x",
        "http://evil.example",
        "a@b.com",
        "|",
        "한글",
        "😀",
        "\x1b[31m",
        "x".repeat(300),
      ],
    ),
    { maxLength: 12 },
  )
  .map((parts) => parts.join(""));

/** What turns the order of text, breaks a line, or is seen by nobody. */
const disorder = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/;

describe("Texts of servers that are shown", () => {
  it("are labels of one bounded line, without icons and without what turns their order", async () => {
    assert.equal(labelText("train-1"), "train-1");
    assert.equal(labelText(" a\n\nb\u2028c\td "), "a b c d");
    assert.equal(labelText("safe\u202egpj.exe"), "safegpj.exe");
    assert.equal(labelText("x".repeat(1_000_000)).length, 200);
    await fuzzed(
      fc.property(hostile, (text) => {
        const label = labelText(text);
        assert.doesNotMatch(label, disorder);
        assert.doesNotMatch(label, icon);
        assert.ok(label.length <= 300);
      }),
    );
  });

  it("are messages without links: a notification would run the command of one", async () => {
    assert.match(commandLink, notificationLink);
    await fuzzed(fc.property(hostile, (text) => assert.doesNotMatch(messageText(text), notificationLink)));
    assert.equal(messageText("line\nline"), "line\nline");
    assert.ok(messageText("x".repeat(1_000_000)).length <= 2000);
  });

  it("are details without links and icons: the status of a language makes both", async () => {
    await fuzzed(
      fc.property(hostile, (text) => {
        const detail = detailText(text);
        assert.doesNotMatch(detail, notificationLink);
        assert.doesNotMatch(detail, icon);
        assert.doesNotMatch(detail, disorder);
      }),
    );
    assert.equal(detailText("x".repeat(500)).length, 500);
  });

  it("are labels of the same length where parts of them are marked", async () => {
    assert.equal(markedText("a\tb\u202ec\nd"), "a b\ufffdc d");
    await fuzzed(
      fc.property(hostile, (text) => {
        assert.equal(markedText(text).length, text.length);
        assert.doesNotMatch(markedText(text), disorder);
      }),
    );
  });

  it("are code spans of Markdown that nothing in them ends", async () => {
    await fuzzed(
      fc.property(hostile, (text) => assert.match(codeSpan(labelText(text)), /^`[^`\n\u202e]*`$/)),
    );
  });

  it("are entries of quick picks whose icons are our own", async () => {
    const path = "$(trash)\u202egpj.exe";
    const [file] = shownItems([{ label: path, description: path, detail: commandLink, icon: "file", path }]);
    assert.equal(file?.path, path, "what is behind it stays");
    assert.match(file.label, /^\$\(file\) \$\u200b\(trash\)gpj\.exe$/);
    await fuzzed(
      fc.property(hostile, (text) => {
        const [item] = shownItems([{ label: text, description: text, detail: text }]);
        for (const shown of [item?.label, item?.description, item?.detail]) {
          assert.doesNotMatch(shown ?? "", icon);
          assert.doesNotMatch(shown ?? "", disorder);
        }
        assert.doesNotMatch(item?.detail ?? "", notificationLink);
      }),
    );
  });

  it("are no links in the words of errors either", () => {
    for (const error of [new Error(commandLink), new ConfigurationError("x", commandLink)]) {
      assert.doesNotMatch(wordsFor(error), notificationLink);
      assert.doesNotMatch(describeError(error).summary, notificationLink);
      assert.match(wordsFor(error), /Click here/);
    }
  });

  it("are Markdown without links, pictures, html, entities and icons", async () => {
    assert.equal(escapeMarkdown("a [b](c) `d`"), "a \\[b\\]\\(c\\) \\`d\\`");
    await fuzzed(
      fc.property(hostile, (text) => {
        const escaped = escapeMarkdown(text);
        assert.doesNotMatch(escaped, icon, "not even once escapes are gone");
        assert.doesNotMatch(unescaped(escaped), icon);
        const bare = escaped.replaceAll(/\\[\\`*_{}[\]()#+\-.!<>|~:]/g, "").replaceAll(/&amp;|&#36;/g, "");
        assert.doesNotMatch(bare, /[\\`*_{}[\]()#+\-!<>|~:&$]/);
      }),
    );
  });

  it("leave the table of a tooltip whole, whatever sessions and accelerators are called", () => {
    const name = `a\n| x |\n${commandLink} $(zap)`;
    const device = { kind: name, devices: undefined, memory: { used: 1, of: 2 } };
    const none = { cpu: undefined, memory: undefined, diskRead: undefined, diskWritten: undefined };
    const usage = { ...none, received: undefined, sent: undefined, containers: 1, accelerators: [device] };
    const [head = "", blank, ...rows] = usageTooltip({ name }, usage).split("\n");
    assert.equal(blank, "");
    assert.doesNotMatch(head, /(?<!\\)[[|]/);
    assert.equal(rows.length, 3);
    assert.match(rows[2] ?? "", /^\| (?:[^|[]|\\[|[])+&emsp; \| [^|]+ \|$/);
  });
});

/** As html has it that Markdown has become. */
function unescaped(markdown: string): string {
  return markdown.replaceAll(/\\([\\`*_{}[\]()#+\-.!<>|~:])/g, "$1");
}

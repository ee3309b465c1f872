import assert from "node:assert/strict";
import {
  koreanBundle,
  placeholders,
  readBundle,
  textsOfSource,
} from "../../../scripts/support/translations.js";
import { findUntranslated, inFile } from "../../../scripts/support/untranslated.js";

describe("texts for people", () => {
  it("are translated, all of them", () => {
    const bare = findUntranslated().map(({ file, line, text }) => `${file}:${line}: ${text}`);
    assert.deepEqual(bare, [], "Wrap them in l10n.t(…), see npm run l10n");
  });

  it("have a Korean translation with the same placeholders, and none is left of a text that is gone", () => {
    const korean = readBundle(koreanBundle);
    const texts = textsOfSource();
    assert.deepEqual(
      Object.keys(korean).sort(),
      texts.map(({ key }) => key),
    );
    for (const { key, message } of texts) {
      assert.deepEqual(placeholders(korean[key] ?? ""), placeholders(message), key);
    }
  });
});

describe("the search for texts that are not translated", () => {
  const found = (source: string): string[] => inFile("a.ts", source).map(({ text }) => text);

  it("finds labels, sentences and templates", () => {
    assert.deepEqual(found('const a = { label: "Open" };'), ["Open"]);
    assert.deepEqual(found("show(`The file ${name} is gone.`);"), ["The file {} is gone."]);
    assert.deepEqual(found('show(l10n.t("Wait for {0}.", isRun ? "the run" : "it"));'), ["the run"]);
  });

  it("finds what can't be extracted", () => {
    assert.deepEqual(found("show(l10n.t(`The file ${name} is gone.`));"), ["The file {} is gone."]);
  });

  it("leaves alone what is translated, logged or for programs", () => {
    assert.deepEqual(found('show(l10n.t("The file {0} is gone.", name));'), []);
    assert.deepEqual(found('logger.info("The file is gone.");'), []);
    assert.deepEqual(found('send("Accept"); // for programs'), []);
    assert.deepEqual(found('// for programs\nsend("SELECT it FROM there");'), []);
    assert.deepEqual(found('import { x } from "not to be translated";'), []);
  });
});

import assert from "node:assert/strict";
import { mediaData } from "../../../../../src/run/notebook/outputs/mediaData.js";

describe("mediaData", () => {
  const text = (data: string): string | undefined => {
    const bytes = mediaData(data);
    return bytes && new TextDecoder().decode(bytes);
  };

  it("reads data URLs, encoded either way, and takes other text as it is", () => {
    assert.equal(text("data:image/png;base64,aGk="), "hi");
    assert.equal(text("data:text/plain;charset=utf-8,a%20b"), "a b");
    assert.equal(text("<svg>안녕</svg>"), "<svg>안녕</svg>");
  });

  it("refuses what only looks like a data URL", () => {
    assert.equal(text("data:image/png;base64"), undefined);
    assert.equal(text("data:text/plain,%E0%A4%A"), undefined);
  });
});

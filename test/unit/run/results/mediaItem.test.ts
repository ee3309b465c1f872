import assert from "node:assert/strict";
import fc from "fast-check";
import { type Media, mediaItem } from "../../../../src/run/results/mediaItem.js";
import { redPng } from "./pictures.js";

function base64(...bytes: readonly number[]): string {
  return Buffer.from([...bytes, ...new Array<number>(20).fill(0)]).toString("base64");
}

function dataUrl(type: string, payload: string): Media {
  return { mimeType: type, data: `data:${type};base64,${payload}` };
}

function noteOf(media: Media): string {
  const item = mediaItem(1, media);
  assert.equal(item.kind, "note");
  return item.kind === "note" ? item.text : "";
}

describe("mediaItem", () => {
  it("takes pictures of the types that browsers draw, and believes their bytes, not their name", () => {
    const webp = base64(...Buffer.from("RIFF\0\0\0\0WEBP", "latin1"));
    for (const [type, payload] of [
      ["image/png", redPng],
      ["image/jpeg", base64(0xff, 0xd8, 0xff, 0xe0)],
      ["image/gif", base64(...Buffer.from("GIF89a"))],
      ["image/webp", webp],
    ] as const) {
      for (const named of [type, "image/png", "application/octet-stream"]) {
        assert.deepEqual(mediaItem(1, dataUrl(named, payload)), {
          kind: "image",
          id: 1,
          mimeType: type,
          base64: payload,
        });
      }
    }
  });

  it("takes base64 with line breaks", () => {
    const item = mediaItem(1, dataUrl("image/png", redPng.replace(/(.{20})/g, "$1\n")));
    assert.ok(item.kind === "image" && item.base64 === redPng);
  });

  it("says what is damaged or none", () => {
    for (const data of [
      "",
      "hello",
      "data:image/png;base64,",
      "data:image/png,plain",
      "data:image/png;base64,%%%%",
      "data:image/png;base64,AAAA",
    ]) {
      assert.match(noteOf({ mimeType: "image/png", data }), /image\/png, \d+ B\) came damaged/);
    }
    assert.match(
      noteOf(dataUrl("application/pdf", base64(0x25, 0x50))),
      /type application\/pdf \(\d+ B\) can't be shown/,
    );
    assert.match(noteOf({ mimeType: "image/svg+xml", data: "no drawing" }), /damaged/);
  });

  it("does not let a type or data break out of the page", () => {
    const payload = redPng + `" onerror="alert(1)`;
    assert.equal(mediaItem(1, dataUrl("image/png", payload)).kind, "note");
    const named = mediaItem(1, { mimeType: `"><script>`, data: `data:"><script>;base64,${redPng}` });
    assert.ok(named.kind === "image" && named.mimeType === "image/png");
  });

  it("names the language of a drawing where it is missing, and only there", () => {
    const xmlOf = (data: string): string => {
      const item = mediaItem(1, { mimeType: "image/svg+xml", data });
      return item.kind === "image" ? Buffer.from(item.base64, "base64").toString() : "";
    };
    assert.equal(xmlOf("<svg><g/></svg>"), `<svg xmlns="http://www.w3.org/2000/svg"><g/></svg>`);
    const whole = `<?xml version="1.0"?><svg width="1" xmlns="http://www.w3.org/2000/svg"/>`;
    assert.equal(xmlOf(whole), whole);
    assert.equal(xmlOf(`data:image/svg+xml;base64,${Buffer.from(whole).toString("base64")}`), whole);
  });

  it("never throws, and is quick with megabytes", () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (mimeType, data) => {
        assert.match(mediaItem(1, { mimeType, data }).kind, /image|note/);
        mediaItem(1, { mimeType, data: `data:${mimeType};base64,${data}` });
      }),
    );
    const big = redPng.replace(/=+$/, "") + "A".repeat(15_000_000);
    assert.equal(mediaItem(1, dataUrl("image/png", big)).kind, "image");
    assert.equal(mediaItem(1, dataUrl("image/png", `${big}<`)).kind, "note");
  });
});

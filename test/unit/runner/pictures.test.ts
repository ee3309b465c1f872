import assert from "node:assert/strict";
import { readdirSync, readFileSync, statSync } from "node:fs";
import path from "node:path";
import { crc32, deflateSync, inflateSync } from "node:zlib";
import { toPalettePng } from "../../host/window/palettePng.js";

describe("pictures that are kept", () => {
  const pages = ["README.md", "docs/journeys/newcomer/README.md"];

  it("are there, all that pages show, and small", () => {
    for (const page of pages) {
      for (const [, file = ""] of readFileSync(page, "utf8").matchAll(/!\[[^\]]*\]\(([^)]+\.png)\)/g)) {
        const { size } = statSync(path.join(path.dirname(page), file));
        assert.ok(size < 120_000, `${page}: ${file} has ${size} bytes`);
      }
    }
  });

  it("of the newcomer are the same steps in both languages, each shown", () => {
    const folder = "docs/journeys/newcomer";
    const [english, korean] = ["en", "ko"].map((language) => readdirSync(path.join(folder, language)).sort());
    assert.deepEqual(korean, english);
    const page = readFileSync(path.join(folder, "README.md"), "utf8");
    assert.deepEqual(
      english?.filter((file) => !page.includes(`en/${file}`) || !page.includes(`ko/${file}`)),
      [],
    );
  });
});

describe("a picture with a palette", () => {
  const width = 16;
  const colours = Array.from({ length: width * 5 }, (_, index) => [
    index * 3,
    255 - index,
    (index * 7) % 256,
  ]);

  it("has the colours of the picture it was made from, whatever filters that has", () => {
    const palette = toPalettePng(truecolour(colours, width, [0, 1, 2, 3, 4]));
    assert.deepEqual(coloursOf(palette, width), colours);
  });

  it("moves colours a little where there are more than 256", () => {
    const many = Array.from({ length: width * 40 }, (_, index) => [
      index % 256,
      (index * 5) % 256,
      index >> 2,
    ]);
    const found = coloursOf(toPalettePng(truecolour(many, width, Array<number>(40).fill(1))), width);
    const distances = found.map((colour, index) =>
      Math.hypot(...colour.map((value, channel) => value - (many[index]?.[channel] ?? 0))),
    );
    assert.ok(Math.max(...distances) <= 24, `moved by ${Math.max(...distances)}`);
    assert.ok(new Set(found.map(String)).size <= 256);
  });

  it("refuses what no browser makes", () => {
    assert.throws(
      () => toPalettePng(toPalettePng(truecolour(colours, width, [0, 0, 0, 0, 0]))),
      /no PNG as browsers/,
    );
  });
});

/** A PNG of eight bits a channel, whose rows have these filters. */
function truecolour(
  colours: readonly (readonly number[])[],
  width: number,
  filters: readonly number[],
): Buffer {
  const bytes = colours.flat();
  const stride = width * 3;
  const at = (x: number, y: number): number => (x < 0 || y < 0 ? 0 : (bytes[y * stride + x] ?? 0));
  const rows = filters.flatMap((filter, y) => [
    filter,
    ...Array.from({ length: stride }, (_, x) => {
      const [a, b, c] = [at(x - 3, y), at(x, y - 1), at(x - 3, y - 1)];
      const nearest = [a, b, c].reduce((best, next) =>
        Math.abs(a + b - c - next) < Math.abs(a + b - c - best) ? next : best,
      );
      return (at(x, y) - ([0, a, b, (a + b) >> 1, nearest][filter] ?? 0)) & 255;
    }),
  ]);
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(filters.length, 4);
  header.set([8, 2], 8);
  return Buffer.concat([
    Buffer.from("89504e470d0a1a0a", "hex"),
    chunk("IHDR", header),
    chunk("IDAT", deflateSync(Buffer.from(rows))),
    chunk("IEND", Buffer.alloc(0)),
  ]);
}

function chunk(type: string, data: Buffer): Buffer {
  const frame = Buffer.alloc(12 + data.length);
  frame.writeUInt32BE(data.length, 0);
  frame.write(type, 4, "latin1");
  data.copy(frame, 8);
  frame.writeUInt32BE(crc32(frame.subarray(4, 8 + data.length)), 8 + data.length);
  return frame;
}

function coloursOf(png: Buffer, width: number): number[][] {
  const chunks = new Map<string, Buffer>();
  for (let at = 8; at < png.length; at += 12 + png.readUInt32BE(at)) {
    chunks.set(png.toString("latin1", at + 4, at + 8), png.subarray(at + 8, at + 8 + png.readUInt32BE(at)));
  }
  const palette = chunks.get("PLTE") ?? Buffer.alloc(0);
  const rows = inflateSync(chunks.get("IDAT") ?? Buffer.alloc(0));
  return [...rows]
    .filter((_, index) => index % (width + 1) > 0)
    .map((index) => [...palette.subarray(index * 3, index * 3 + 3)]);
}

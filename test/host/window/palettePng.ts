/** Makes pictures of windows small: few colours cover most of them, so that one byte a pixel is enough. */
import { crc32, deflateSync, inflateSync } from "node:zlib";

const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
const maxColours = 256;

interface Picture {
  readonly width: number;
  readonly height: number;
  /** Red, green and blue of each pixel in one number. */
  readonly pixels: Uint32Array;
}

/**
 * The same picture with a palette. Colours beyond 256 become the nearest of those that more pixels have, which nobody sees in text.
 *
 * @param png What a browser makes of its page: eight bits a channel, without interlacing.
 */
export function toPalettePng(png: Buffer): Buffer {
  const { width, height, pixels } = decode(png);
  const { palette, indexOf } = reduce(pixels);
  const rows = Buffer.alloc((width + 1) * height);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      rows[y * (width + 1) + 1 + x] = indexOf.get(pixels[y * width + x] ?? 0) ?? 0;
    }
  }
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 3], 8); // eight bits a pixel, by palette
  const colours = Buffer.from(palette.flatMap((colour) => [...channelsOf(colour)]));
  return Buffer.concat([
    signature,
    chunk("IHDR", header),
    chunk("PLTE", colours),
    chunk("IDAT", deflateSync(rows, { level: 9, memLevel: 9 })),
    chunk("IEND", Buffer.alloc(0)),
  ]);
}

/** Chooses the colours to keep, the frequent ones first, each so far from the others that 256 are enough. */
function reduce(pixels: Uint32Array): { palette: number[]; indexOf: Map<number, number> } {
  const counts = new Map<number, number>();
  for (const colour of pixels) {
    counts.set(colour, (counts.get(colour) ?? 0) + 1);
  }
  const colours = [...counts].sort(([a, m], [b, n]) => n - m || a - b).map(([colour]) => colour);
  for (let reach = 0; ; reach += 4) {
    const found = cover(colours, reach * reach);
    if (found !== undefined) {
      return found;
    }
  }
}

/** The palette with which no colour is moved by more than this distance; undefined where 256 colours do not do. */
function cover(
  colours: readonly number[],
  reachSquared: number,
): { palette: number[]; indexOf: Map<number, number> } | undefined {
  const palette: number[] = [];
  const indexOf = new Map<number, number>();
  for (const colour of colours) {
    let best = -1;
    let bestDistance = reachSquared + 1;
    for (let index = 0; index < palette.length && reachSquared > 0; index += 1) {
      const distance = distanceSquared(colour, palette[index] ?? 0);
      if (distance < bestDistance) {
        best = index;
        bestDistance = distance;
      }
    }
    if (best < 0) {
      if (palette.length === maxColours) {
        return undefined;
      }
      best = palette.push(colour) - 1;
    }
    indexOf.set(colour, best);
  }
  return { palette, indexOf };
}

function distanceSquared(one: number, other: number): number {
  const [r, g, b] = channelsOf(one);
  const [s, h, c] = channelsOf(other);
  return (r - s) ** 2 + (g - h) ** 2 + (b - c) ** 2;
}

function channelsOf(colour: number): [red: number, green: number, blue: number] {
  return [colour >> 16, (colour >> 8) & 255, colour & 255];
}

function chunk(type: string, data: Buffer): Buffer {
  const typed = Buffer.concat([Buffer.from(type, "latin1"), data]);
  const frame = Buffer.alloc(8);
  frame.writeUInt32BE(data.length, 0);
  frame.writeUInt32BE(crc32(typed), 4);
  return Buffer.concat([frame.subarray(0, 4), typed, frame.subarray(4)]);
}

function decode(png: Buffer): Picture {
  let header: Buffer = Buffer.alloc(0);
  const data: Buffer[] = [];
  for (let at = signature.length; at < png.length;) {
    const end = at + 8 + png.readUInt32BE(at);
    const type = png.toString("latin1", at + 4, at + 8);
    if (type === "IHDR") {
      header = png.subarray(at + 8, end);
    } else if (type === "IDAT") {
      data.push(png.subarray(at + 8, end));
    }
    at = end + 4;
  }
  const [width, height] = [header.readUInt32BE(0), header.readUInt32BE(4)];
  const [bits, type, , , interlaced] = header.subarray(8);
  if (bits !== 8 || (type !== 2 && type !== 6) || interlaced !== 0) {
    throw new Error("The picture is no PNG as browsers make them.");
  }
  return {
    width,
    height,
    pixels: pixelsOf(inflateSync(Buffer.concat(data)), { width, height, step: type === 2 ? 3 : 4 }),
  };
}

/** Takes the filters off the rows; each byte is told as a difference to those beside and above it. */
function pixelsOf(
  rows: Buffer,
  { width, height, step }: { readonly width: number; readonly height: number; readonly step: number },
): Uint32Array {
  const stride = width * step;
  const bytes = new Uint8Array(stride * height);
  const pixels = new Uint32Array(width * height);
  const byteAt = (x: number, y: number): number => (x < 0 || y < 0 ? 0 : (bytes[y * stride + x] ?? 0));
  for (let y = 0; y < height; y += 1) {
    const filter = rows[y * (stride + 1)] ?? 0;
    for (let x = 0; x < stride; x += 1) {
      const [left, above, corner] = [byteAt(x - step, y), byteAt(x, y - 1), byteAt(x - step, y - 1)];
      const expected = [0, left, above, (left + above) >> 1, paeth(left, above, corner)][filter] ?? 0;
      bytes[y * stride + x] = (rows[y * (stride + 1) + 1 + x] ?? 0) + expected;
    }
    for (let x = 0; x < width; x += 1) {
      const at = x * step;
      pixels[y * width + x] = (byteAt(at, y) << 16) | (byteAt(at + 1, y) << 8) | byteAt(at + 2, y);
    }
  }
  return pixels;
}

/** Of the three, the one that is nearest to what a straight line through them would give (PNG, 9.4). */
function paeth(left: number, above: number, corner: number): number {
  const line = left + above - corner;
  const [a, b, c] = [Math.abs(line - left), Math.abs(line - above), Math.abs(line - corner)];
  return a <= b && a <= c ? left : b <= c ? above : corner;
}

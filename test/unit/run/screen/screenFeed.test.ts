import assert from "node:assert/strict";
import { ScreenFeed } from "../../../../src/run/screen/screenFeed.js";
import { until } from "../../../support/until.js";
import { HeadlessScreen } from "../../terminal/support/headlessScreen.js";

/** The question behind output, and its answer when all before it is drawn. */
const receipts = /\x1b\[\?7411\$p/g;
const receipt = "\x1b[?7411;0$y";
const note = (count: number): string => `[${count} left out]\r\n`;

/** A screen that draws when it is told to. */
function slowScreen(): { feed: ScreenFeed; written: string[]; shown: () => string; draw: () => void } {
  const written: string[] = [];
  const feed = new ScreenFeed((text) => written.push(text), note);
  let asked = 0;
  return {
    feed,
    written,
    shown: () => written.join("").replaceAll(receipts, ""),
    draw: () => {
      const all = written.join("").match(receipts)?.length ?? 0;
      for (; asked < all; asked += 1) {
        feed.input(receipt);
      }
    },
  };
}

describe("ScreenFeed", () => {
  it("keeps what comes before the screen, and then draws all of it in order", async () => {
    const { feed, written, shown } = slowScreen();
    feed.push("one\r\n");
    feed.push("two\r\n");
    assert.deepEqual(written, []);
    feed.open();
    feed.push("three\r\n");
    await feed.drawn();
    assert.equal(shown(), "one\r\ntwo\r\nthree\r\n");
  });

  it("draws at once what comes to a screen that is not behind, whenever it comes", async () => {
    const { feed, shown } = slowScreen();
    feed.open();
    let expected = "";
    for (let ticks = 0; ticks < 20; ticks += 1) {
      feed.push(`${ticks},`);
      for (let tick = 0; tick < ticks; tick += 1) {
        await Promise.resolve();
      }
      expected += `${ticks},`;
      feed.push("|");
      expected += "|";
      await feed.drawn();
      assert.equal(shown(), expected, `after ${ticks} ticks`);
    }
  });

  it("leaves nothing out of what a screen can keep up with, whole and in order", async () => {
    const screen = new HeadlessScreen({ rows: 24, cols: 80 });
    const feed = new ScreenFeed((text) => screen.write(text), note);
    screen.input = (data) => assert.equal(feed.input(data), "", "receipts are no input");
    feed.open();
    let expected = "";
    for (let n = 0; n < 10; n += 1) {
      const text = Array.from(
        { length: 2000 },
        (_, line) => `${n}.${line} 안녕 \x1b[32mgreen\x1b[0m\r\n`,
      ).join("");
      expected += text;
      feed.push(text);
      await feed.drawn();
    }
    assert.equal(screen.raw.replaceAll(receipts, ""), expected);
    await screen.shows(/9\.1999 안녕 green/);
  });

  it("shows the newest of what is too much, and says in place of the rest how much it was", async () => {
    const { feed, shown, draw } = slowScreen();
    feed.push("first\r\n");
    const lines = Array.from({ length: 300_000 }, (_, n) => `line ${n}\r\n`).join("");
    feed.push(lines);
    feed.push("last\r\n");
    feed.open();
    const drawn = feed.drawn();
    await until("the end", () => {
      draw();
      return shown().endsWith("last\r\n");
    });
    await drawn;
    const match = /^\x1b\[0m\r\n\[(\d+) left out\]\r\n([^]*)$/.exec(shown());
    assert.ok(match, shown().slice(0, 100));
    const [, count, rest = ""] = match;
    const whole = `first\r\n${lines}last\r\n`;
    assert.equal(Number(count) + rest.length, whole.length, "every character is shown or counted");
    assert.ok(whole.endsWith(rest));
    assert.ok(rest.startsWith("line "), "whole lines");
    assert.ok(rest.length <= 1_000_000 && rest.length > 800_000, String(rest.length));
  });

  it("holds no more than its bound for a screen that is stuck, however much comes in whatever pieces", () => {
    for (const size of [1, 100, 10_000, 3_000_000]) {
      const { feed, written } = slowScreen();
      feed.open();
      const piece = "x".repeat(size - 1) + "\n";
      const startedAt = performance.now();
      for (let pushed = 0; pushed < 3_000_000; pushed += size) {
        feed.push(piece);
      }
      assert.ok(performance.now() - startedAt < 10_000, `pieces of ${size} take a second or so, not minutes`);
      const length = written.reduce((total, text) => total + text.length, 0);
      assert.ok(length < 600_000, `${length} characters went to the screen with no receipt`);
      feed.release();
    }
  });

  it("says once for each gap that something was left out", async () => {
    const { feed, shown, draw } = slowScreen();
    const flood = "0123456789\r\n".repeat(200_000);
    feed.push(flood);
    feed.open();
    await until("the first flood", () => {
      draw();
      return shown().length > 900_000;
    });
    await feed.drawn();
    feed.push(flood);
    await until("the second flood", () => {
      draw();
      return shown().length > 1_900_000;
    });
    await feed.drawn();
    assert.equal(shown().match(/left out/g)?.length, 2);
  });

  it("leaves no half character where a piece begins", async () => {
    const { feed, shown, draw } = slowScreen();
    feed.push(`a${"😀".repeat(1_000_000)}`);
    feed.open();
    await until("the end", () => {
      draw();
      return shown().endsWith("😀") && shown().length > 900_000;
    });
    await feed.drawn();
    assert.doesNotMatch(shown(), /\p{Surrogate}/u);
  });

  it("begins with a whole sequence where lines are too long to begin with one", async () => {
    const { feed, shown, draw } = slowScreen();
    feed.push("\x1b[38;5;100mx".repeat(200_000));
    feed.open();
    await until("the end", () => {
      draw();
      return shown().length > 900_000;
    });
    await feed.drawn();
    const [, after = ""] = shown().split("left out]\r\n");
    assert.match(after, /^(x|\x1b\[38;5;100m)/);
  });

  it("lets go of what waits when nobody looks any more", async () => {
    const { feed } = slowScreen();
    feed.open();
    feed.push("x\n".repeat(1_000_000));
    feed.release();
    await feed.drawn();
  });

  it("passes on what is typed between receipts", () => {
    const { feed } = slowScreen();
    assert.equal(feed.input(`a${receipt}b\r`), "ab\r");
  });
});

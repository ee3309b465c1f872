import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { openServerTarget, type ServerTarget } from "../../support/serverTarget.js";
import { disconnect, type DisconnectOptions, type DisconnectReport } from "./support/disconnects.js";
import { hasTmux } from "./support/hasTmux.js";

/** Forced disconnects of each terminal. */
const cuts = Number(process.env["TUNNEL_CUTS"] ?? 100);
const seed = Number(process.env["TUNNEL_SEED"] ?? 20_409);

/** Longest for a hundred disconnects, with the session's coming and going. */
const limitMs = 180_000;

const rungs = ["ssh", "ttyd"] as const;
const moments = ["settled", "anywhere"] as const;

describe("terminals in tmux through forced disconnects", function () {
  this.timeout(limitMs);
  let target: ServerTarget;
  /** All at once, each in a session of its own, for they mostly wait. */
  const trials = new Map<string, Promise<DisconnectReport>>();

  before(async function () {
    if (process.env["TUNNEL_TARGET"] !== "environment" && !hasTmux()) {
      console.log("      skipped: the engine's sessions use the tmux of this computer, which has none");
      this.skip();
    }
    target = await openServerTarget(process.env);
    for (const when of moments) {
      for (const rung of rungs) {
        const trial = tried({ rung, cuts, seed, when });
        trial.catch(() => undefined); // its test tells
        trials.set(`${rung} ${when}`, trial);
      }
    }
  });

  after(async () => {
    await Promise.allSettled(trials.values());
    await target?.end();
  });

  for (const rung of rungs) {
    it(`loses and doubles nothing that was confirmed, over ${cuts} disconnects by ${rung}`, async () => {
      const report = await reportOf(rung, "settled");
      assert.equal(report.reconnections, cuts);
      assert.deepEqual(report.arrived, numbers(report.typed));
      expectWholeScreen(report);
    });

    it(`doubles nothing and tells of each loss, over ${cuts} disconnects by ${rung} in the middle of typing`, async () => {
      const report = await reportOf(rung, "anywhere");
      const { typed, arrived, announced } = report;
      const lost = numbers(typed).filter((word) => !arrived.includes(word));
      const doubled = arrived.length - new Set(arrived).size;
      console.log(
        `      ${cuts} cuts, ${report.reconnections} reconnections, ${typed} words: ${lost.length} lost, ${doubled} doubled; ${announced.size} announced`,
      );
      assert.equal(doubled, 0);
      assert.deepEqual(
        arrived,
        [...arrived].sort((a, b) => a - b),
      );
      assert.deepEqual(
        lost.filter((word) => !announced.has(word)),
        [],
        "lost without a word",
      );
      expectWholeScreen(report);
    });
  }

  async function reportOf(rung: string, when: string): Promise<DisconnectReport> {
    const report = await trials.get(`${rung} ${when}`);
    assert.ok(report);
    return report;
  }

  async function tried(options: DisconnectOptions): Promise<DisconnectReport> {
    const name = `cut-${options.rung}-${options.when}-${randomBytes(3).toString("hex")}`;
    const { id } = await target.client.sessions.create({ image: target.pythonImage, name });
    try {
      return await disconnect(target, id, options);
    } finally {
      await target.client.sessions.destroy(id);
    }
  }
});

/** Each line once and in its place in tmux, and all that tmux shows on the screen. */
function expectWholeScreen({ lines, printed, screen, pane }: DisconnectReport): void {
  assert.deepEqual(lines, numbers(printed));
  assert.deepEqual(screen, pane);
}

function numbers(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index + 1);
}

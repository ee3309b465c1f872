import assert from "node:assert/strict";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { messageOf } from "../../../src/base/errors.js";
import { extensionRoot, resultsRoot } from "../../host/paths.js";
import { until } from "../../support/until.js";
import { type Column, columns } from "./columns.js";
import type { Operation } from "./operation.js";
import { fileOperations } from "./operations/files.js";
import { runOperations } from "./operations/runs.js";
import { sessionOperations } from "./operations/sessions.js";
import { streamOperations } from "./operations/streams.js";
import type { Outcome } from "./outcome.js";
import { reliabilityPage } from "./page.js";
import { Place } from "./place.js";
import { runCell } from "./runCell.js";

/** Cells at once: most of a cell is waiting. */
const atOnce = 12;

const operations = [...sessionOperations, ...runOperations, ...fileOperations, ...streamOperations];
const page = path.join(extensionRoot, "docs/reliability.md");

describe("an operation under a fault", function () {
  this.timeout(400_000);
  let place: Place;
  let turns: Turns;
  const cells = new Map<string, Promise<Outcome>>();
  const key = (operation: Operation, column: Column): string => `${operation.name} | ${column.name}`;

  before(async () => {
    place = await Place.open();
    turns = new Turns(atOnce);
    for (const column of [...columns].sort(
      (one, other) => Number(takesLong(other)) - Number(takesLong(one)),
    )) {
      for (const operation of operations) {
        if (column.appliesTo?.(operation) ?? true) {
          const cell = turns.take(async () => twice(place, operation, column));
          cell.catch(() => undefined); // its test tells
          cells.set(key(operation, column), cell);
        }
      }
    }
  });
  after(async () => {
    await place.close();
    const isTimer = (name: string): boolean => name === "Timeout";
    await until("the end of all timers", () => process.getActiveResourcesInfo().filter(isTimer).length <= 3);
  });

  for (const column of columns) {
    describe(column.name, () => {
      for (const operation of operations) {
        if (column.appliesTo?.(operation) ?? true) {
          it(operation.name, async () => {
            await cells.get(key(operation, column));
          });
        }
      }
    });
  }

  it("has a place for each operation and fault in docs/reliability.md", async () => {
    const matrix = new Map<Operation, ReadonlyMap<Column, Outcome>>();
    for (const operation of operations) {
      const row = new Map<Column, Outcome>();
      for (const column of columns) {
        const outcome = await cells.get(key(operation, column));
        if (outcome !== undefined) {
          row.set(column, outcome);
        }
      }
      matrix.set(operation, row);
    }
    const text = reliabilityPage(matrix);
    if (process.env["UPDATE_GOLDENS"] === "1") {
      await writeFile(page, text);
    }
    await mkdir(resultsRoot, { recursive: true });
    await writeFile(path.join(resultsRoot, "reliability.md"), text);
    // Not cell by cell: where a fault hits in the middle, the moment decides which of two good ends comes.
    const written = await readFile(page, "utf8");
    const missing = [
      ...operations.map(({ name }) => `| ${name} |`),
      ...columns.map(({ name }) => `### ${name}`),
    ].filter((place) => !written.includes(place));
    assert.deepEqual(missing, [], "stale: run with UPDATE_GOLDENS=1");
  });
});

/** On a busy computer some are late, in the middle of what they prepare: such a cell is tried once more, with another session. */
async function twice(place: Place, operation: Operation, column: Column): Promise<Outcome> {
  try {
    return await runCell(place, operation, column);
  } catch (error) {
    console.log(`      … tried again: ${column.name}, ${operation.name}: ${messageOf(error)}`);
    return runCell(place, operation, column);
  }
}

/** Those come first, so that nothing waits for them in the end. */
function takesLong({ name }: Column): boolean {
  return ["half-open", "slow", "stalled", "one way"].includes(name);
}

/** Lets so many at once work, the others in order after them. */
class Turns {
  readonly #most: number;
  readonly #waiting: (() => void)[] = [];
  #active = 0;

  constructor(most: number) {
    this.#most = most;
  }

  async take<T>(work: () => Promise<T>): Promise<T> {
    if (this.#active >= this.#most) {
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
    this.#active += 1;
    try {
      return await work();
    } finally {
      this.#active -= 1;
      this.#waiting.shift()?.();
    }
  }
}

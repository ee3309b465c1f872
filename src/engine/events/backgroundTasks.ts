import { randomUUID } from "node:crypto";
import { Emitter, type Event } from "../../base/event.js";
import { messageOf } from "../../base/errors.js";

/** How many ended tasks are remembered. */
const endedLimit = 200;

/** What a background task says while it works and at its end. */
export interface TaskReport {
  readonly state: "updated" | "done" | "failed" | "cancelled";
  readonly message: string;
  readonly current: number;
  readonly total: number;
}

/** Work that goes on after its request was answered, such as a commit. */
export class BackgroundTask {
  readonly id = randomUUID();
  readonly #reports = new Emitter<TaskReport>();
  #last: TaskReport | undefined;

  readonly onReport: Event<TaskReport> = this.#reports.event;

  /** The end, once there is one. */
  get end(): TaskReport | undefined {
    return this.#last?.state === "updated" ? undefined : this.#last;
  }

  report(report: TaskReport): void {
    this.#last = report;
    this.#reports.fire(report);
  }
}

/** The background tasks of this start. */
export class BackgroundTasks {
  readonly #tasks = new Map<string, BackgroundTask>();

  find(id: string): BackgroundTask | undefined {
    return this.#tasks.get(id);
  }

  /** Starts a task; its result is the message of the end. */
  start(work: (task: BackgroundTask) => Promise<string>): BackgroundTask {
    const task = new BackgroundTask();
    this.#tasks.set(task.id, task);
    const oldest = this.#tasks.keys().next().value;
    if (this.#tasks.size > endedLimit && oldest !== undefined) {
      this.#tasks.delete(oldest);
    }
    work(task).then(
      (message) => task.report({ state: "done", message, current: 1, total: 1 }),
      (error: unknown) => task.report({ state: "failed", message: messageOf(error), current: 0, total: 1 }),
    );
    return task;
  }
}

/** Looks whether a window left a secret anywhere: in its files, in the browser, in the arguments of processes. */
import { searchPlaces } from "../../support/leaks/leftBehind.js";
import { ProcessSampler } from "../../support/leaks/processSampler.js";
import { SecretSearch } from "../../support/leaks/secretSearch.js";
import { isOfRunningEngine, RunSecrets, temporaryFiles } from "./runSecrets.js";

/** A session's key is seen while the session is there. */
const keysEveryMs = 500;

/** A window left secrets behind. It is no matter of luck: what was left once is a failure. */
export class LeakError extends Error {
  constructor(leaks: readonly string[], cause?: unknown) {
    const also = cause instanceof Error ? `\nBesides, the journey failed: ${cause.message}` : "";
    super(`Secrets were left behind:\n${leaks.map((leak) => `  ${leak}`).join("\n")}${also}`, { cause });
  }
}

/** Follows a window from its start. Whoever starts it stops it. */
export class LeakWatch {
  readonly #startedAt = Date.now();
  readonly #search = new SecretSearch();
  readonly #secrets: RunSecrets;
  readonly #sampler: ProcessSampler;
  readonly #texts: (readonly [place: string, text: string])[] = [];
  readonly #keys: NodeJS.Timeout;

  private constructor(profile: string, env: Readonly<Record<string, string>>) {
    this.#secrets = new RunSecrets(this.#search, profile);
    this.#secrets.add(Object.entries(env).map(([name, value]) => `${name}=${value}`));
    this.#sampler = new ProcessSampler((seen) => this.#secrets.learn(seen));
    this.#keys = setInterval(() => this.#secrets.learnSessionKeys(), keysEveryMs);
  }

  /**
   * @param profile The folder of the window's user data, which its processes have in `VSCODE_TEST_PROFILE`.
   * @param env The variables that the window was given.
   */
  static start(profile: string, env: Readonly<Record<string, string>> = {}): LeakWatch {
    const watch = new LeakWatch(profile, env);
    watch.#sampler.start();
    return watch;
  }

  /** How many secrets it knows. */
  get size(): number {
    return this.#search.size;
  }

  /** Whether it has seen the window's processes: without, it knows none of their keys and finds nothing. */
  get hasSeenWindow(): boolean {
    return this.#secrets.hasSeenWindow;
  }

  /** Has a text searched that is in no file. */
  keep(place: string, text: string): void {
    this.#texts.push([place, text]);
  }

  stop(): void {
    this.#secrets.learnSessionKeys();
    this.#sampler.stop();
    clearInterval(this.#keys);
  }

  /**
   * All that was left: where, and which secret in what form.
   * @param places Files and folders of the window; what the extension put among the temporary files is searched besides.
   * @param secrets What only the journey knows, by name.
   */
  async find(
    places: readonly string[],
    secrets: Readonly<Record<string, string>> = {},
  ): Promise<readonly string[]> {
    for (const [name, secret] of Object.entries(secrets)) {
      this.#search.add(name, secret);
    }
    const everywhere = [...places, ...temporaryFiles(this.#startedAt)];
    return [
      ...(await searchPlaces(everywhere, this.#search, { without: isOfRunningEngine })),
      ...this.#texts.flatMap(([place, text]) => this.#search.find(text).map((what) => `${place}: ${what}`)),
      ...this.#sampler.find(this.#search),
    ];
  }
}

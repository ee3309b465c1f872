import { Emitter } from "../base/event.js";
import { type Defect, type DefectName, defectNames, defects, hasDefect } from "../wire/defects.js";

/**
 * What is known of a defect on one server: `expected` by its release, `seen` in its answers, or `absent`: its answers, or
 * its own word, prove that it works.
 */
export type Finding = "expected" | "seen" | "absent";

/** What answers have taught about a server, for the next connection to it. */
export interface Evidence {
  /** Of that release alone: an update may have mended it. */
  readonly manager: string;
  readonly findings: Readonly<Partial<Record<DefectName, "seen" | "absent">>>;
}

/** What is known of one defect, in full. */
export interface KnownDefect extends Defect {
  readonly name: DefectName;
  readonly finding: Finding;
}

/**
 * What works on one server. An API version does not tell (`real-servers.md`, rule 0): the release says what to expect, and
 * answers correct it.
 */
export class Findings {
  readonly #manager: string;
  readonly #states = new Map<DefectName, Finding>();
  readonly #learned = new Map<DefectName, "seen" | "absent">();
  readonly #counts = new Map<DefectName, number>();
  readonly #didChange = new Emitter<void>();

  /** Whether the server itself says which of the known defects it has. */
  readonly isDeclared: boolean;

  /** Fired when an answer has taught something. */
  readonly onDidChange = this.#didChange.event;

  /**
   * @param declared The defects that the server itself says it has; it then has no others.
   * @param evidence What an earlier connection learned.
   */
  constructor(manager: string, declared?: readonly string[], evidence?: Evidence) {
    this.#manager = manager;
    this.isDeclared = declared !== undefined;
    const remembered = evidence?.manager === manager ? evidence.findings : {};
    for (const name of defectNames) {
      if (declared !== undefined) {
        this.#states.set(name, declared.includes(name) ? "seen" : "absent");
      } else if (remembered[name] !== undefined) {
        this.#states.set(name, remembered[name]);
        this.#learned.set(name, remembered[name]);
      } else if (hasDefect(manager, name)) {
        this.#states.set(name, "expected");
      }
    }
  }

  /** What is known of a defect; `undefined` where it is not even expected. */
  of(name: DefectName): Finding | undefined {
    return this.#states.get(name);
  }

  /** Whether a defect is to be reckoned with: expected, or seen. */
  has(name: DefectName): boolean {
    const finding = this.of(name);
    return finding === "expected" || finding === "seen";
  }

  /** An answer shows the defect. What the server says of itself stands. */
  saw(name: DefectName): void {
    if (!this.isDeclared) {
      this.#learn(name, "seen");
    }
  }

  /** An answer looks like an expected defect, which it may do by chance: that many in a row are taken for it. */
  suspect(name: DefectName, times: number): void {
    const count = (this.#counts.get(name) ?? 0) + 1;
    this.#counts.set(name, count);
    if (count >= times && this.of(name) === "expected") {
      this.saw(name);
    }
  }

  /** An answer does not look like the defect, but proves nothing: counting begins anew. */
  unsuspect(name: DefectName): void {
    this.#counts.delete(name);
  }

  /** An answer shows that the server does not have the defect. */
  disproved(name: DefectName): void {
    this.#counts.delete(name);
    if (this.of(name) !== undefined) {
      this.#learn(name, "absent");
    }
  }

  /** What is known of every defect that was expected, seen or disproved, in a fixed order. */
  all(): readonly KnownDefect[] {
    return defectNames.flatMap((name) => {
      const finding = this.of(name);
      return finding === undefined ? [] : [{ ...defects[name], name, finding }];
    });
  }

  /** What was learned, to be kept for the next connection. */
  get evidence(): Evidence {
    return { manager: this.#manager, findings: Object.fromEntries(this.#learned) };
  }

  #learn(name: DefectName, finding: "seen" | "absent"): void {
    if (this.of(name) !== finding) {
      this.#states.set(name, finding);
      this.#learned.set(name, finding);
      this.#didChange.fire();
    }
  }
}

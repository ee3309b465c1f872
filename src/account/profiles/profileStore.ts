import { Emitter } from "../../base/event.js";
import type { Event } from "../../base/event.js";
import type { Disposable } from "../../base/lifecycle.js";
import { type Profile, readProfiles, settingOf } from "./profile.js";

/** The setting that holds the profiles. */
export interface ServersSetting {
  read(): unknown;
  write(value: unknown): Promise<void>;
  readonly onDidChange: Event<void>;
}

/** The servers that a person has added, as the setting `backendai.servers` has them. Who makes it disposes it. */
export class ProfileStore implements Disposable {
  readonly #setting: ServersSetting;
  readonly #didChange = new Emitter<void>();
  readonly #hook: Disposable;

  readonly onDidChange = this.#didChange.event;

  constructor(setting: ServersSetting) {
    this.#setting = setting;
    this.#hook = setting.onDidChange(() => this.#didChange.fire());
  }

  get profiles(): readonly Profile[] {
    return readProfiles(this.#setting.read()).profiles;
  }

  /** What is wrong in the setting, a sentence each. */
  get problems(): readonly string[] {
    return readProfiles(this.#setting.read()).problems;
  }

  find(id: string): Profile | undefined {
    return this.profiles.find((profile) => profile.id === id);
  }

  /** Adds a profile, or replaces the one with its id. What else the setting holds stays as it is, mistakes included. */
  async save(profile: Profile): Promise<void> {
    const entries = this.#entries();
    const index = entries.findIndex((entry) => idOf(entry) === profile.id);
    await this.#setting.write(
      index === -1 ? [...entries, settingOf(profile)] : entries.with(index, settingOf(profile)),
    );
  }

  async remove(id: string): Promise<void> {
    await this.#setting.write(this.#entries().filter((entry) => idOf(entry) !== id));
  }

  dispose(): void {
    this.#hook.dispose();
    this.#didChange.dispose();
  }

  #entries(): unknown[] {
    const value = this.#setting.read();
    return Array.isArray(value) ? [...(value as unknown[])] : [];
  }
}

function idOf(entry: unknown): string | undefined {
  return readProfiles([entry]).profiles[0]?.id;
}

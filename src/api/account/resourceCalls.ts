import * as z from "zod/mini";
import {
  CheckedPresets,
  ResourceGroups,
  ResourcePresets,
  type ResourcePreset,
} from "../../wire/records/server.js";
import type { Context } from "../context.js";
import { ServerError } from "../errors.js";
import type { CallOptions } from "../options.js";

const SlotTypes = z.record(z.string(), z.string());

/** What sessions may use (`protocol.md` §3.7). */
export class ResourceCalls {
  readonly #context: Context;

  constructor(context: Context) {
    this.#context = context;
  }

  /**
   * Named sets of resources; memory in bytes, as decimal strings. `GET /resource/presets`, any manager. 26.8 fails here on a
   * connection that did not check presets before (`real-servers.md`), so there they come from the check.
   */
  async presets({ signal }: CallOptions = {}): Promise<readonly ResourcePreset[]> {
    const path = "/resource/presets";
    try {
      const spec = { method: "GET", path, route: path, signal } as const;
      return (await this.#context.transport.json(ResourcePresets, spec)).presets;
    } catch (error) {
      if (!(error instanceof ServerError)) {
        throw error;
      }
      return (await this.checkPresets({}, { signal })).presets;
    }
  }

  /**
   * Presets and whether they fit, with limits and usage; amounts are decimal strings, also `Infinity` and `NaN`.
   * `POST /resource/check-presets`, any manager.
   */
  async checkPresets(
    options: { readonly group?: string | undefined; readonly resourceGroup?: string | undefined } = {},
    { signal }: CallOptions = {},
  ): Promise<CheckedPresets> {
    const path = "/resource/check-presets";
    const json = {
      group: options.group ?? this.#context.defaults.group,
      scaling_group: options.resourceGroup,
    };
    return this.#context.transport.json(CheckedPresets, { method: "POST", path, route: path, json, signal });
  }

  /** Names of the resource groups (scaling groups) that a group may use. `GET /scaling-groups`, any manager. */
  async resourceGroups(group?: string, { signal }: CallOptions = {}): Promise<readonly string[]> {
    const path = "/scaling-groups";
    const query = { group: group ?? this.#context.defaults.group };
    const spec = { method: "GET", path, route: path, query, signal } as const;
    return (await this.#context.transport.json(ResourceGroups, spec)).scaling_groups.map(({ name }) => name);
  }

  /** Slot names and their units: `count`, `bytes`, `unique-count`. `GET /config/resource-slots`, any manager. */
  async slotTypes({ signal }: CallOptions = {}): Promise<Readonly<Record<string, string>>> {
    const path = "/config/resource-slots";
    return this.#context.transport.json(SlotTypes, { method: "GET", path, route: path, signal });
  }
}

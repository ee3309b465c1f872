import * as z from "zod/mini";

/**
 * The answer of `GET /` (`protocol.md` §1.1). `defects` is said by our own engine alone: which of the known defects of its
 * release it has.
 */
export const Hello = z.looseObject({
  version: z.string(),
  manager: z.optional(z.string()),
  defects: z.optional(z.array(z.string())),
});
export type Hello = z.infer<typeof Hello>;

/** The answer of `/auth`, `/auth/test`. */
export const AuthTest = z.looseObject({ authorized: z.string(), echo: z.optional(z.string()) });

/** The answer of `POST /auth/authorize`: without keys where a one-time code is wanted first. */
export const Authorized = z.looseObject({
  data: z.union([
    z.object({
      access_key: z.string(),
      secret_key: z.string(),
      role: z.optional(z.string()),
      status: z.optional(z.string()),
    }),
    z.object({
      response_type: z.enum(["REQUIRE_TWO_FACTOR_AUTH", "REQUIRE_TWO_FACTOR_REGISTRATION"]),
    }),
  ]),
});

/** The answer of the web server's `POST /server/login` and `/server/login-check` (`protocol.md` §2.4). */
export const Login = z.looseObject({
  authenticated: z.boolean(),
  data: z.optional(
    z.nullable(
      z.looseObject({
        access_key: z.optional(z.string()),
        role: z.optional(z.string()),
        status: z.optional(z.string()),
        type: z.optional(z.nullable(z.string())),
        title: z.optional(z.nullable(z.string())),
        details: z.optional(z.nullable(z.string())), // null where the manager gave no message
      }),
    ),
  ),
});
export type Login = z.infer<typeof Login>;

const Slots = z.record(z.string(), z.union([z.string(), z.number(), z.null()]));

/** An entry of `GET /resource/presets` or `POST /resource/check-presets` (`protocol.md` §3.7). */
export const ResourcePreset = z.looseObject({
  name: z.string(),
  resource_slots: Slots,
  shared_memory: z.optional(z.nullable(z.union([z.string(), z.number()]))),
  allocatable: z.optional(z.boolean()),
});
export type ResourcePreset = z.infer<typeof ResourcePreset>;

export const ResourcePresets = z.looseObject({ presets: z.array(ResourcePreset) });

/** The answer of `POST /resource/check-presets`; amounts are decimal strings, also `Infinity` and `NaN`. */
export const CheckedPresets = z.looseObject({
  presets: z.array(ResourcePreset),
  keypair_limits: z.optional(Slots),
  keypair_using: z.optional(Slots),
  keypair_remaining: z.optional(Slots),
  group_limits: z.optional(Slots),
  group_using: z.optional(Slots),
  group_remaining: z.optional(Slots),
  scaling_group_remaining: z.optional(Slots),
  scaling_groups: z.optional(
    z.record(z.string(), z.looseObject({ using: z.optional(Slots), remaining: z.optional(Slots) })),
  ),
});
export type CheckedPresets = z.infer<typeof CheckedPresets>;

/** The answer of `GET /scaling-groups`. */
export const ResourceGroups = z.looseObject({ scaling_groups: z.array(z.looseObject({ name: z.string() })) });

/** The answer of `GET /manager/status`. */
export const ManagerStatus = z.looseObject({
  status: z.optional(z.string()),
  active_sessions: z.optional(z.number()),
  nodes: z.optional(z.array(z.looseObject({}))),
});
export type ManagerStatus = z.infer<typeof ManagerStatus>;

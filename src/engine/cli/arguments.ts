import { parseArgs } from "node:util";
import { ConfigurationError, messageOf } from "../../base/errors.js";
import { given } from "../auth/account.js";
import { parseDefects } from "../defects/playedDefects.js";
import { eraFor } from "../era.js";
import { type EngineOptions, newestApiVersion } from "../options.js";

/** What the command line says. */
export interface CommandLine {
  readonly options: EngineOptions;
  /** Whether the engine is to end with its standard input. */
  readonly isStdinOwner: boolean;
  readonly wantsHelp: boolean;
}

export const usage = `Usage: engine [options]

A Backend.AI server on this computer: its sessions are processes that run as you.

  --port N              port on 127.0.0.1 (default 0: a free one)
  --data DIR            keep files of sessions and folders there (default: temporary)
  --api VERSION         API version to play (default v9.20250722)
  --manager RELEASE     manager release to play, such as 24.09.6
  --access-key KEY --secret-key KEY
                        the key pair (default: made for this start; or in the environment as
                        BACKENDAI_ENGINE_ACCESS_KEY and BACKENDAI_ENGINE_SECRET_KEY)
  --email E --password P
                        for logins by cookie (password also as BACKENDAI_ENGINE_PASSWORD)
  --max-sessions N      refuse more sessions than that (default 30; 0: no limit)
  --concurrency N       let more sessions than that wait (default 0: no limit)
  --idle-timeout S      end sessions in which nothing happens for S seconds
  --lifetime S          end sessions after S seconds
  --exec-timeout S      end a session whose run takes longer than S seconds
  --rate-limit N        requests per 15 minutes (default 30000)
  --defects LIST        have known defects of real servers as well, such as terminalMute,slowEnd;
                        "recorded": all that the played release was recorded to have
  --stdin-owner         end when standard input closes
  --help
`;

const text = { type: "string" } as const;
const flag = { type: "boolean", default: false } as const;
const definitions = {
  port: text,
  data: text,
  api: text,
  manager: text,
  "access-key": text,
  "secret-key": text,
  email: text,
  password: text,
  "max-sessions": text,
  concurrency: text,
  "idle-timeout": text,
  lifetime: text,
  "exec-timeout": text,
  "rate-limit": text,
  defects: text,
  "stdin-owner": flag,
  help: flag,
} as const;

/**
 * Reads the command line.
 * @throws {ConfigurationError} one sentence that names the argument.
 */
export function readArguments(argv: readonly string[], environment: NodeJS.ProcessEnv): CommandLine {
  const { values } = parse(argv);
  const number = (name: NumberName, limit = Number.MAX_SAFE_INTEGER): number | undefined =>
    numberOf(name, values[name], limit);
  const seconds = (name: NumberName): number | undefined => {
    const value = number(name, 1e9);
    return value === undefined ? undefined : value * 1000;
  };
  // An empty variable of the environment means the same as none.
  const secret = (flag: string | undefined, variable: string): string | undefined =>
    given(flag) ?? given(environment[variable]);
  const options: EngineOptions = {
    port: number("port", 65_535) ?? 0,
    dataDir: values.data,
    apiVersion: values.api,
    manager: values.manager,
    accessKey: secret(values["access-key"], "BACKENDAI_ENGINE_ACCESS_KEY"),
    secretKey: secret(values["secret-key"], "BACKENDAI_ENGINE_SECRET_KEY"),
    email: given(values.email),
    password: secret(values.password, "BACKENDAI_ENGINE_PASSWORD"),
    limits: {
      maxSessions: number("max-sessions"),
      concurrency: number("concurrency"),
      idleTimeoutMs: seconds("idle-timeout"),
      lifetimeMs: seconds("lifetime"),
    },
    execTimeoutMs: seconds("exec-timeout"),
    rateLimit: number("rate-limit"),
    defects: values.defects === undefined ? undefined : parseDefects(values.defects, playedManager(values)),
  };
  return { options, isStdinOwner: values["stdin-owner"], wantsHelp: values.help };
}

/** The release that the engine will play. */
function playedManager({ api, manager }: { readonly api?: string; readonly manager?: string }): string {
  return eraFor(api ?? newestApiVersion, manager).dialect.manager;
}

type NumberName =
  "port" | "max-sessions" | "concurrency" | "idle-timeout" | "lifetime" | "exec-timeout" | "rate-limit";

function parse(argv: readonly string[]): ReturnType<typeof parseDefined> {
  try {
    return parseDefined(argv);
  } catch (error) {
    const [sentence = ""] = messageOf(error).split(". ");
    throw new ConfigurationError("arguments", `${sentence.replace(/\.$/, "")}.`, { cause: error });
  }
}

function parseDefined(argv: readonly string[]) {
  return parseArgs({ args: [...argv], options: definitions, strict: true, allowPositionals: false });
}

function numberOf(name: string, value: string | undefined, limit: number): number | undefined {
  if (value === undefined) {
    return undefined;
  }
  const number = Number(value);
  if (value.trim() === "" || !Number.isFinite(number) || number < 0 || number > limit) {
    throw new ConfigurationError(name, `--${name} must be a number from 0 on, not “${value}”.`);
  }
  return number;
}

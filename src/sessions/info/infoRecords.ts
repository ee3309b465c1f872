import * as l10n from "@vscode/l10n";
import type {
  BackendAIClient,
  DependencyNode,
  FieldRecord,
  SessionApp,
  SessionRecord,
} from "../../api/index.js";
import { isAbort } from "../../base/abort.js";
import { masked } from "../../base/secrets/masked.js";
import { maskSecrets } from "../../base/secrets/maskText.js";
import { describeError } from "../../platform/describeError.js";
import { phaseOf } from "../../wire/status.js";
import { parsePython } from "./pythonLiteral.js";

/** Everything that a server told of a session, without secrets. What it did not tell is `undefined`. */
export interface InfoRecords {
  readonly detail: SessionRecord | undefined;
  /** The answer of `GET /session/{id}`, with Python's mappings read. */
  readonly info: FieldRecord | undefined;
  readonly apps: readonly SessionApp[] | undefined;
  readonly dependencies: DependencyNode | undefined;
  /** Status → ISO time. */
  readonly history: FieldRecord | undefined;
  /** What was asked for and not told, in words. */
  readonly missing: readonly string[];
}

/** Asks for all of it at once. Rejects only when it is aborted, or when nothing at all was told. */
export async function readInfo(
  client: BackendAIClient,
  id: string,
  signal: AbortSignal,
): Promise<InfoRecords> {
  const { can } = client.dialect;
  const missing: string[] = [];
  const failures: unknown[] = [];
  const part = async <T>(what: string, has: boolean, ask: () => Promise<T>): Promise<T | undefined> => {
    try {
      return has ? await ask() : undefined;
    } catch (error) {
      if (isAbort(error)) {
        throw error;
      }
      failures.push(error);
      missing.push(`${what}: ${describeError(error).summary}`);
      return undefined;
    }
  };
  const call = { signal };
  const detail = await part(l10n.t("details"), true, () => client.sessions.record(id, call));
  const status = detail?.session["status"];
  const phase = phaseOf(typeof status === "string" ? status : "");
  const isLive = phase === "running" || phase === "unknown";
  const [info, apps, dependencies, history] = await Promise.all([
    part(l10n.t("information"), phase !== "ended", () => client.sessions.info(id, call)),
    part(l10n.t("apps"), can.apps && isLive, () => client.apps.list(id, call)),
    part(l10n.t("dependencies"), can.dependencyGraph && phase !== "ended", () =>
      client.sessions.dependencyGraph(id, call),
    ),
    part(l10n.t("status history"), can.statusHistory, () => client.sessions.statusHistory(id, call)),
  ]);
  if (detail === undefined && info === undefined) {
    throw failures[0];
  }
  return {
    detail: detail && maskedDetail(detail),
    info: info && maskedInfo(info),
    apps,
    dependencies,
    history,
    missing,
  };
}

function maskedDetail({ session, containers, dependencies }: SessionRecord): SessionRecord {
  return {
    session: maskedRecord(session),
    containers: containers.map(maskedRecord),
    dependencies: dependencies.map(maskedRecord),
  };
}

function maskedRecord(record: FieldRecord): FieldRecord {
  return Object.fromEntries(Object.entries(maskSecrets(record) as FieldRecord)); // a record gives a record
}

/** Variables that can't be told apart may hold anything, so that none is shown. */
function maskedInfo(info: FieldRecord): FieldRecord {
  const read = Object.entries(info).map(([name, value]): [string, unknown] => {
    const parsed = typeof value === "string" && /^[[{]/.test(value) ? parsePython(value) : undefined;
    return [name, parsed ?? (name === "environ" && typeof value === "string" ? masked : value)];
  });
  return maskedRecord(Object.fromEntries(read));
}

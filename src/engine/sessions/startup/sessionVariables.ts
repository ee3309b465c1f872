import type { Session } from "../session.js";
import { programPath } from "./programPath.js";

/** The variables that a session's processes get beside those of this computer. */
export function sessionVariables(session: Session, accessKey: string): Record<string, string> {
  const { image } = session.spec;
  const searched = programPath(image.labels["ai.backend.runtime-path"] ?? "", process.env["PATH"] ?? "");
  return {
    ...(searched === undefined ? {} : { PATH: searched }),
    BACKENDAI_SESSION_ID: session.id,
    BACKENDAI_SESSION_NAME: session.name,
    BACKENDAI_KERNEL_ID: session.kernelId,
    BACKENDAI_KERNEL_IMAGE: `${image.name}:${image.tag}`,
    BACKENDAI_ACCESS_KEY: accessKey,
    BACKENDAI_CLUSTER_SIZE: "1",
    BACKENDAI_CLUSTER_ROLE: "main",
    BACKENDAI_CLUSTER_IDX: "1",
    ...session.spec.environ,
  };
}

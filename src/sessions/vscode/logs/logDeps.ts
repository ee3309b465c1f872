import type { Logger } from "../../../base/logger.js";
import type { Commands } from "../../../platform/commands.js";
import type { Contributions } from "../../../platform/contributions/contributions.js";
import type { PickSessionDeps } from "../pickSession.js";

/** What logs work with. */
export interface LogDeps extends PickSessionDeps {
  readonly commands: Commands;
  readonly contributions: Contributions;
  /** A folder of the extension on this computer; logs that are too large for an editor are put below it. */
  readonly globalStorage: string;
  readonly logger: Logger;
}

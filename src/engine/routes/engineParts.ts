import type { Account } from "../auth/account.js";
import type { LoginGuard } from "../auth/logins/loginGuard.js";
import type { WebSessions } from "../auth/logins/webSessions.js";
import type { Logger } from "../../base/logger.js";
import type { PlayedDefects } from "../defects/playedDefects.js";
import type { Era } from "../era.js";
import type { BackgroundTasks } from "../events/backgroundTasks.js";
import type { EventBus } from "../events/eventBus.js";
import type { FolderStore } from "../folders/folderStore.js";
import type { Tickets } from "../folders/tickets.js";
import type { Uploads } from "../folders/uploads.js";
import type { ImageCatalog } from "../images/imageCatalog.js";
import type { Sessions } from "../sessions/sessions.js";
import type { SessionLifecycle } from "../sessions/lifecycle.js";

/** What the handlers work with. */
export interface EngineParts {
  readonly era: Era;
  readonly account: Account;
  readonly logger: Logger;
  /** What the engine does wrong on purpose. */
  readonly defects: PlayedDefects;
  readonly sessions: Sessions;
  readonly lifecycle: SessionLifecycle;
  readonly folders: FolderStore;
  /** Files on their way into folders. */
  readonly uploads: Uploads;
  readonly tickets: Tickets;
  readonly events: EventBus;
  readonly tasks: BackgroundTasks;
  readonly webSessions: WebSessions;
  /** One for all ways to log in. */
  readonly loginGuard: LoginGuard;
  /** The runtimes of this computer; looked for once, when the engine starts. */
  readonly images: () => Promise<ImageCatalog>;
  /** Requests per 15 minutes. */
  readonly rateLimit: number;
  /** Where committed sessions are put. */
  readonly commitsDir: string;
  /** The port on which the engine listens. */
  readonly port: () => number;
}

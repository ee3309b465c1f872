/** Limits of every server (`protocol.md` §3.1, §6, `docs/protocol.md`). */
export const limits = {
  /** Session names and client tokens. */
  sessionName: /^(?=.{4,64}$)\w[\w.-]*\w$/,
  /** Files in one upload request. */
  uploadFiles: 20,
  /** A file of an upload must be smaller than this, in bytes. */
  uploadFileBytes: 1024 * 1024,
  /** Files in one download request. */
  downloadFiles: 5,
  /** The tar of a downloaded file must not be larger than this, in bytes. */
  downloadTarBytes: 1024 * 1024,
  /** Names of virtual folders: servers of 24.03 and later take anything of 64 characters, and can't mount or list all of it. */
  folderName: /^(?!\.{1,2}$)(?! )[^/\\\p{Cc}]{1,64}(?<! )$/u,
  /** A request's date may differ from the server's clock by less than this, in milliseconds. */
  clockSkewMs: 15 * 60 * 1000,
  /** A JSON request body, in bytes. */
  jsonBodyBytes: 1024 * 1024,
  /** A websocket message, in bytes. */
  websocketMessageBytes: 16 * 1024 * 1024,
} as const;

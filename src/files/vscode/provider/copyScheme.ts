/** Documents that are to be read only: what a session has, or had, of a file. */
export const copyScheme = "backendai-copy";

/** `npm run package`: makes `dist/backendai-sessions.vsix` of what was built, and tells what is in it and how large it is. */
import { messageOf } from "../src/base/errors.js";
import { makePackage, sizeLimitBytes } from "./packaging/makePackage.js";

try {
  const { file, bytes, contents } = await makePackage("dist/backendai-sessions.vsix");
  console.log(contents);
  console.log(`${file}: ${megabytes(bytes)} of at most ${megabytes(sizeLimitBytes)}`);
} catch (error) {
  console.error(messageOf(error));
  process.exitCode = 1;
}

function megabytes(bytes: number): string {
  return `${(bytes / 1_000_000).toFixed(2)} MB`;
}

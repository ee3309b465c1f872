/** `npm run readme`: writes the tables of settings and commands into README.md, from the manifest. */
import { readFileSync, writeFileSync } from "node:fs";
import { withTables } from "./support/readmeTables.js";

writeFileSync("README.md", withTables(readFileSync("README.md", "utf8")));

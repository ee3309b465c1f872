"use strict";
/** A string, a template, a comment: left as they are. */
const QUOTED = /"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|`(?:\\[^]|[^`\\])*`|\/\/.*|\/\*[^]*?\*\//.source;
const DYNAMIC = new RegExp(`(${QUOTED})|(?<![\\w$.])import(?=\\s*\\()`, "g");
const STATIC = /^[ \t]*import\s+(?:type\s+)?([\w$\s{},*]*?)\s*(?:\bfrom\s*)?(["'][^"'\n]+["'])[ \t]*;?/gm;

/**
 * Makes `import` work where the evaluator knows none: `import()` becomes a call of the session's importer, and import
 * declarations become `const … = await import(…)`.
 */
function translateImports(code) {
  return code
    .replace(STATIC, (_all, names, from) => declaration(names.trim(), from))
    .replace(DYNAMIC, (all, quoted) => (quoted === undefined ? "__import__" : all));
}

function declaration(names, from) {
  if (names === "") {
    return `await import(${from});`;
  }
  const parts = [];
  const named = /\{([^}]*)\}/.exec(names)?.[1];
  const whole = /\*\s*as\s+([\w$]+)/.exec(names)?.[1];
  const standard = /^([\w$]+)\s*(?:,|$)/.exec(names)?.[1];
  if (standard !== undefined) {
    parts.push(`const { default: ${standard} } = await import(${from});`);
  }
  if (whole !== undefined) {
    parts.push(`const ${whole} = await import(${from});`);
  }
  if (named !== undefined) {
    parts.push(`const {${named.replace(/\bas\b/g, ":")}} = await import(${from});`);
  }
  return parts.join(" ");
}

module.exports = { translateImports };

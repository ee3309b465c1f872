import { createTypeScriptImportResolver } from "eslint-import-resolver-typescript";
import { flatConfigs, importX } from "eslint-plugin-import-x";
import jsdoc from "eslint-plugin-jsdoc";
import tseslint from "typescript-eslint";
import { adapters, rooms } from "./scripts/rooms.mjs";

/** What shows words through a door that keeps words of servers text; nothing else may. */
const shown = [
  {
    selector:
      "MemberExpression[property.name=/^(show(Information|Warning|Error)Message|showQuickPick|showInputBox|show(Open|Save)Dialog|create(QuickPick|InputBox|Terminal)|setStatusBarMessage|withProgress)$/]",
    message:
      "Names and words of servers would become links and icons: use platform/shown, or platform/progress.",
  },
  {
    selector: "NewExpression[callee.property.name=/^(TreeItem|TerminalProfile)$/]",
    message: "Names of servers would turn their order: use platform/shown.",
  },
  {
    selector:
      "CallExpression[callee.property.name='fire'][callee.object.property.name='didChangeName']:not([arguments.0.callee.name='labelText'])",
    message: "Names of terminals have icons: make them a labelText.",
  },
];

/** Import directions: `target` may import nothing of `src` but `except`. */
const zones = Object.entries(rooms).map(([room, allowed]) => ({
  target: `./src/${room}`,
  from: "./src",
  except: [room, ...allowed].map((name) => `./${name}`),
}));

export default tseslint.config(
  {
    ignores: [
      "dist/",
      "coverage/",
      "test-results/",
      ".vscode-test/",
      ".cluster-cache/",
      ".reference-cache/",
      "media/",
      "samples/",
      "**/*.mjs",
      "test/host/opener/",
    ],
  },
  tseslint.configs.strictTypeChecked,
  flatConfigs.recommended,
  flatConfigs.typescript,
  jsdoc.configs["flat/recommended-typescript-error"],
  {
    languageOptions: { parserOptions: { projectService: true } },
    settings: {
      "import-x/resolver-next": [createTypeScriptImportResolver({ project: "tsconfig.json" })],
      "import-x/core-modules": ["vscode"],
    },
    rules: {
      "@typescript-eslint/consistent-type-imports": "error",
      "@typescript-eslint/explicit-module-boundary-types": "error",
      "@typescript-eslint/no-floating-promises": ["error", { checkThenables: true }],
      "@typescript-eslint/no-confusing-void-expression": ["error", { ignoreArrowShorthand: true }],
      "@typescript-eslint/no-invalid-void-type": ["error", { allowInGenericTypeArguments: true }],
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
      "@typescript-eslint/switch-exhaustiveness-check": [
        "error",
        { considerDefaultExhaustiveForUnions: true },
      ],
      "import-x/no-cycle": "error",
      "import-x/no-default-export": "error",
      "import-x/no-restricted-paths": ["error", { zones }],
      "import-x/no-named-as-default-member": "off",
      "import-x/no-named-as-default": "off",
      // TypeScript says these better.
      "import-x/default": "off",
      "import-x/named": "off",
      "import-x/namespace": "off",
      "import-x/no-unresolved": "off",
      eqeqeq: "error",
      "jsdoc/require-param": "off",
      "jsdoc/check-param-names": ["error", { disableMissingParamChecks: true }],
      "jsdoc/require-param-description": "off",
      "jsdoc/require-returns": "off",
      "jsdoc/require-yields": "off",
      // Costly, and about tags that are not used here.
      "jsdoc/check-access": "off",
      "jsdoc/require-next-type": "off",
      "jsdoc/require-throws-type": "off",
      "jsdoc/require-yields-type": "off",
      "jsdoc/require-jsdoc": "off",
      "jsdoc/tag-lines": ["error", "any", { startLines: null }],
      "jsdoc/check-tag-names": ["error", { definedTags: ["internal"] }],
    },
  },
  {
    files: ["src/**/*.ts"],
    ignores: adapters,
    rules: {
      "no-restricted-imports": [
        "error",
        {
          paths: [
            { name: "vscode", message: "Only platform, */vscode and the composition root know VS Code." },
          ],
        },
      ],
    },
  },
  {
    files: ["src/**/*.ts"],
    ignores: ["src/platform/shown/*.ts", "src/platform/progress.ts"],
    rules: { "no-restricted-syntax": ["error", ...shown] },
  },
  {
    files: ["src/api/**/*.ts", "src/base/**/*.ts", "src/wire/**/*.ts"],
    rules: {
      "jsdoc/require-jsdoc": [
        "error",
        { publicOnly: true, contexts: ["ClassDeclaration", "FunctionDeclaration"] },
      ],
    },
  },
  {
    files: ["test/**/*.ts", "scripts/**/*.ts"],
    rules: {
      "@typescript-eslint/no-unnecessary-condition": "off",
      "@typescript-eslint/no-non-null-assertion": "off", // a missing value fails the test, as it should
      "import-x/no-cycle": "off",
    },
  },
);

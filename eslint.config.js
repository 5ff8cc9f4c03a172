import js from "@eslint/js";
import { defineConfig, globalIgnores } from "eslint/config";
import tseslint from "typescript-eslint";

const typescript = ["**/*.ts"];
/** Stages whose answer follows from the frames alone. */
const pure = [
  "src/{wire,sieve,checksum,lease,findings}/**/*.ts",
  "src/{inspector,input-host,input-sieve,input-sink,capture-points,heard,holdback,seen-servers,side-events,watches}.ts",
  // Of the live watch, all that says what is told of a client and when.
  "src/live/{watch,examination,forecast,standing,deadlines,live-event,live-records,live-sink,event-lines}.ts",
];
const outside = ["process", "Buffer", "console", "performance", "fetch", "setTimeout", "setInterval", "setImmediate"];

const syntax = [
  { selector: "TSEnumDeclaration", message: "Use a union of literals, or a const object." },
  { selector: "TSModuleDeclaration[kind='namespace']", message: "A file is the namespace." },
  { selector: "ExportDefaultDeclaration", message: "Named exports: a thing has one name everywhere." },
  { selector: "ExportAllDeclaration", message: "Say what is exported." },
  { selector: "ForInStatement", message: "Use Object.keys or Object.entries." },
];
const clock = "The capture's clock is the only clock here.";

export default defineConfig(
  globalIgnores(["dist/", "coverage/", "pcaps/"]),
  js.configs.recommended,
  {
    files: typescript,
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      "@typescript-eslint/consistent-type-assertions": ["error", { assertionStyle: "never" }],
      "@typescript-eslint/consistent-type-imports": "error",
      "@typescript-eslint/ban-ts-comment": ["error", { "ts-expect-error": true, "ts-ignore": true }],
      "@typescript-eslint/no-non-null-assertion": "error",
      "@typescript-eslint/no-explicit-any": "error",
      "@typescript-eslint/switch-exhaustiveness-check": ["error", { considerDefaultExhaustiveForUnions: true }],
      // Numbers are what this program prints; everything else goes through a formatter.
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
      "@typescript-eslint/no-confusing-void-expression": ["error", { ignoreArrowShorthand: true }],
      // A loop over bytes is clearer with its index.
      "@typescript-eslint/prefer-for-of": "off",
      curly: ["error", "multi-line"],
      eqeqeq: "error",
      "max-lines": ["error", { max: 350, skipBlankLines: false, skipComments: false }],
      "no-restricted-syntax": ["error", ...syntax],
    },
  },
  {
    files: ["src/**/*.ts"],
    rules: { "no-console": "error" },
  },
  {
    files: pure,
    rules: {
      "no-restricted-globals": ["error", ...outside],
      "no-restricted-syntax": [
        "error",
        ...syntax,
        { selector: "NewExpression[callee.name='Date'][arguments.length=0]", message: clock },
      ],
      "no-restricted-properties": [
        "error",
        { object: "Date", property: "now", message: clock },
        { object: "Math", property: "random", message: "The same frames give the same findings." },
      ],
    },
  },
  {
    // Open unions, such as a finding's code, name their known values for the reader.
    files: ["src/report/events.ts"],
    rules: { "@typescript-eslint/no-redundant-type-constituents": "off" },
  },
  {
    // Configuration files must export a default; a package's declarations follow the package.
    files: ["*.config.ts", "**/*.d.ts"],
    rules: { "no-restricted-syntax": "off" },
  },
  {
    files: ["**/*.js", "**/*.mjs", "**/*.cjs"],
    languageOptions: {
      globals: { process: "readonly", console: "readonly", module: "writable", require: "readonly", URL: "readonly" },
    },
  },
  { files: ["**/*.cjs"], languageOptions: { globals: { __dirname: "readonly" } } },
);

// Imports run one way: a stage may use what stands before it in this list, and itself.
const stages = [
  "capture",
  "wire",
  "sieve",
  "clocks",
  "checksum",
  "lease",
  "lease-files",
  "findings",
  "host",
  "logs",
  "evidence",
  "report",
  "explain",
  "live",
  "verify",
  "cli",
];

/** Stages that do no I/O and read no clock. */
const pure = "^src/(wire|sieve|clocks|checksum|lease|findings|evidence)/";

/** Frames in, findings out, on one page: above the stages that it joins. */
const pipeline = "^src/(inspector|input-sink|input-sieve|capture-points|holdback)\\.ts$";

const oneWay = stages.slice(0, -1).map((stage, index) => ({
  name: `${stage}-looks-back-only`,
  comment: `src/${stage} imports only: ${stages.slice(0, index + 1).join(", ")}`,
  severity: "error",
  from: { path: `^src/${stage}/` },
  to: {
    path: "^src/",
    pathNot: [
      `^src/(${stages.slice(0, index + 1).join("|")})/`,
      "^src/version\\.ts$",
      // A live watch runs the pipeline; the stages in it know nothing of it.
      ...(stage === "live" ? [pipeline] : []),
    ],
  },
}));

/** A package that only some files may import. */
function keptTo(name, files, comment) {
  return {
    name: `only-there-${name}`,
    comment,
    severity: "error",
    from: { path: "^src/", pathNot: files },
    to: { path: [`^${name}$`, `node_modules/(@types/)?${name}/`] },
  };
}

module.exports = {
  forbidden: [
    ...oneWay,
    {
      name: "findings-without-host",
      comment: "the inspector's page is frames in, findings out: it knows no host, no report and no command line",
      severity: "error",
      from: { path: pipeline },
      to: { path: "^src/(host|report|live|cli)/|^src/index\\.ts$" },
    },
    {
      name: "version-is-told-last",
      comment: "what is found does not depend on the program's version",
      severity: "error",
      from: { path: "^src/(capture|wire|checksum|lease|findings|host)/" },
      to: { path: "^src/version\\.ts$" },
    },
    {
      name: "library-without-cli",
      comment: "the library does not reach into the command line",
      severity: "error",
      from: { path: "^src/(index\\.ts|analyze\\.ts|progress\\.ts|library/)" },
      to: { path: "^src/cli/" },
    },
    {
      name: "pure-stages",
      comment: "wire, checksum, lease and findings do no I/O: no node: builtins",
      severity: "error",
      from: { path: pure },
      to: { dependencyTypes: ["core"] },
    },
    keptTo("dhcp", "^src/wire/option-values\\.ts$", "its parser is not safe on raw packets: one adapter calls it"),
    keptTo(
      "cap",
      "^src/capture/live/(child\\.ts|cap\\.d\\.ts)$",
      "it aborts its process when an interface goes down: only a child imports it",
    ),
    keptTo("zstddec", "^src/capture/zstd-module\\.ts$", "its own way to stream loops on damage: one adapter calls it"),
    keptTo("saxes", "^src/host/libvirt\\.ts$", "XML is read in one place, and only where there is some"),
    keptTo("commander", "^src/cli/", "the command line is parsed in one place"),
    keptTo("pino", "^src/cli/", "only commands log"),
    {
      name: "no-cycles",
      severity: "error",
      from: {},
      to: { circular: true },
    },
    {
      name: "no-orphans",
      comment: "a file that nothing uses and that uses nothing",
      severity: "error",
      from: { orphan: true, pathNot: "\\.d\\.ts$|^src/(index|cli/main)\\.ts$" },
      to: {},
    },
    {
      name: "no-undeclared-packages",
      comment: "src uses only what package.json gives to users",
      severity: "error",
      from: { path: "^src/" },
      to: { dependencyTypes: ["npm-dev", "npm-no-pkg", "npm-unknown"] },
    },
    {
      name: "resolvable",
      severity: "error",
      from: {},
      // cap is absent on a machine without libpcap headers
      to: { couldNotResolve: true, pathNot: "^cap$" },
    },
    {
      name: "src-stands-alone",
      severity: "error",
      from: { path: "^src/" },
      to: { path: "^(test|bench|scripts|pcaps)/" },
    },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    enhancedResolveOptions: { exportsFields: ["exports"], conditionNames: ["import", "node", "default", "types"] },
  },
};

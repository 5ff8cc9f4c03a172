// Joins the command line and what it uses into one file: Node takes longer to find and link 150 modules than to read
// a small capture. esbuild-wasm is esbuild without a native part, so that a build needs nothing but Node.
import { copyFileSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, relative, resolve, sep } from "node:path";
import { build, stop } from "esbuild-wasm";

const root = resolve(import.meta.dirname, "../..");

/** The programs that starter.cjs chooses from: all of it, and what `leasetap analyze` needs of it, which starts sooner. */
export const PROGRAMS = ["program", "analyze"];

/**
 * Writes main.js and what it runs into a folder, dist/cli or another two levels below a folder with package.json.
 *
 * @throws Error that says where src cannot be bundled
 */
export async function bundle(folder) {
  try {
    const inputs = new Set();
    for (const name of PROGRAMS) {
      for (const input of await joined(folder, name)) inputs.add(input);
    }
    copyFileSync(join(import.meta.dirname, "starter.cjs"), join(folder, "main.js"));
    writeFileSync(join(folder, "package.json"), '{ "type": "commonjs" }\n');
    writeFileSync(join(folder, "LICENSES"), licenses([...inputs]));
  } finally {
    stop();
  }
}

/** Writes NAME.js, and NAME.js.map for the place of a mistake; returns the modules that are in it. */
async function joined(folder, name) {
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: ["src/cli/main.ts"],
    outfile: join(folder, `${name}.js`),
    bundle: true,
    platform: "node",
    target: "node20.19",
    // CommonJS starts sooner than ES modules, and takes V8's byte code. The file may import() nothing, but require all.
    format: "cjs",
    supported: { "dynamic-import": false },
    // Loaded where they are installed, and only when something is logged, captured, compressed or managed by libvirt.
    external: ["pino", "cap", "saxes", "zstddec"],
    charset: "ascii",
    // A fresh page of memory may cost more than what is done with it, so the text is as short as can be.
    minify: true,
    sourcemap: "external",
    sourcesContent: false,
    banner: { js: `(function (require, __dirname) {${OWN_URL}` },
    footer: { js: "})" },
    plugins: [ownVersion, ownUrls, noChildProcess, ...(name === "analyze" ? [onlyAnalyze] : [])],
    metafile: true,
    // Its printing of errors ends in a crash under Node 20; `build` throws them all the same.
    logLevel: "silent",
  });
  return Object.keys(metafile.inputs);
}

const OWN_URL = `const ownUrl = (path) => require("node:url").pathToFileURL(require("node:path").join(__dirname, "..", path)).href;`;

/** import.meta.url stays what it is where tsc puts the module: files are found beside it. */
const ownUrls = {
  name: "own-urls",
  setup({ onLoad }) {
    onLoad({ filter: /[/\\]src[/\\].*\.ts$/ }, ({ path }) => {
      const source = readFileSync(path, "utf8");
      if (!source.includes("import.meta.url")) return undefined;
      const compiled = relative(join(root, "src"), path).split(sep).join("/").replace(/\.ts$/, ".js");
      return { contents: source.replaceAll("import.meta.url", `ownUrl("${compiled}")`), loader: "ts" };
    });
  },
};

/** Read from package.json at the build, not at each start. */
const ownVersion = {
  name: "own-version",
  setup({ onLoad }) {
    onLoad({ filter: /[/\\]src[/\\]version\.ts$/ }, () => {
      const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
      return { contents: `export const VERSION = ${JSON.stringify(version)};`, loader: "js" };
    });
  },
};

/** What the other commands load when they are called is left out. */
const onlyAnalyze = {
  name: "only-analyze",
  setup({ onResolve, onLoad }) {
    const namespace = "only-analyze";
    onResolve({ filter: /^\.\// }, ({ path, importer, kind }) => {
      const command = /[/\\]src[/\\]cli[/\\](program|[a-z]+-command)\.ts$/.test(importer);
      return command && kind === "dynamic-import" && path !== "./analyze.js" ? { path, namespace } : undefined;
    });
    onLoad({ filter: /.*/, namespace }, () => ({ contents: "", loader: "js" }));
  },
};

/** commander loads it for subcommands that are programs of their own; there are none here. */
const noChildProcess = {
  name: "no-child-process",
  setup({ onResolve, onLoad }) {
    const namespace = "no-child-process";
    onResolve({ filter: /^node:child_process$/ }, ({ path, importer }) =>
      importer.includes("commander") ? { path, namespace } : undefined,
    );
    onLoad({ filter: /.*/, namespace }, () => ({ contents: "module.exports = {};", loader: "js" }));
  },
};

/** The packages that are in the file go with their licences. */
function licenses(inputs) {
  const packages = new Set(inputs.map(packageFolder).filter((folder) => folder !== null));
  return [...packages].sort().map(licenseOf).join("\n\n");
}

function packageFolder(path) {
  const match = /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(path);
  return match === null ? null : resolve(root, match[1]);
}

function licenseOf(folder) {
  const { name, version } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  const file = ["LICENSE", "LICENSE.md", "LICENCE"].map((each) => join(folder, each)).find(existsSync);
  if (file === undefined) throw new Error(`${dirname(folder)} has no licence text for ${name}`);
  return `${name} ${version}\n\n${readFileSync(file, "utf8").trim()}\n`;
}

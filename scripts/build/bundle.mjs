// Joins the command line and what it uses into one file: Node takes longer to find and link 150 modules than to read
// a small capture. esbuild-wasm is esbuild without a native part, so that a build needs nothing but Node.
import { copyFileSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, relative, resolve, sep } from "node:path";
import { build, stop } from "esbuild-wasm";

const root = resolve(import.meta.dirname, "../..");

/**
 * Writes main.js and what it runs into a folder, dist/cli or another two levels below a folder with package.json.
 *
 * @throws Error that says where src cannot be bundled
 */
export async function bundle(folder) {
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: ["src/cli/main.ts"],
    outfile: join(folder, "program.js"),
    bundle: true,
    platform: "node",
    target: "node20.19",
    // CommonJS starts sooner than ES modules, and takes V8's byte code. The file may import() nothing, but require all.
    format: "cjs",
    supported: { "dynamic-import": false },
    // Loaded where they are installed, and only when something is logged, captured, compressed or managed by libvirt.
    external: ["pino", "cap", "saxes", "zstddec"],
    charset: "ascii",
    banner: { js: OWN_URL },
    plugins: [ownUrls, noChildProcess],
    metafile: true,
    // Its printing of errors ends in a crash under Node 20; `build` throws them all the same.
    logLevel: "silent",
  }).finally(stop);
  copyFileSync(join(import.meta.dirname, "starter.cjs"), join(folder, "main.js"));
  writeFileSync(join(folder, "package.json"), '{ "type": "commonjs" }\n');
  writeFileSync(join(folder, "LICENSES"), licenses(Object.keys(metafile.inputs)));
}

const OWN_URL = `
const ownUrl = (path) => require("node:url").pathToFileURL(require("node:path").join(__dirname, "..", path)).href;`;

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

import { join, relative } from "node:path";
import ts from "typescript";

/**
 * What src/index.ts exports, as a user's compiler sees it.
 *
 * @returns {{ checker: ts.TypeChecker, exported: { name: string, file: string, node: ts.Declaration }[] }} `file` is the
 *   source below src/ that declares it
 */
export function declarations(root) {
  const folder = join(root, "declared");
  const emitted = emit(root, folder);
  const options = { ...settings(root), noEmit: true };
  const host = ts.createCompilerHost(options);
  const { fileExists, readFile, getSourceFile, directoryExists } = host;
  host.fileExists = (path) => emitted.has(path) || fileExists(path);
  host.directoryExists = (path) => path.startsWith(folder) || directoryExists(path);
  host.readFile = (path) => emitted.get(path) ?? readFile(path);
  host.getSourceFile = (path, ...rest) => {
    const text = emitted.get(path);
    return text === undefined ? getSourceFile(path, ...rest) : ts.createSourceFile(path, text, ...rest);
  };
  const index = join(folder, "index.d.ts");
  const program = ts.createProgram([index], options, host);
  const checker = program.getTypeChecker();
  const module = checker.getSymbolAtLocation(program.getSourceFile(index));
  const exported = checker.getExportsOfModule(module).map((symbol) => {
    const original = symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
    const [node] = original.declarations ?? [];
    if (node === undefined) throw new Error(`${symbol.name} is declared nowhere`);
    const file = relative(folder, node.getSourceFile().fileName).replace(/\.d\.ts$/, ".ts");
    return { name: symbol.name, file, node };
  });
  return { checker, exported };
}

/** The declaration files, by the paths that they would have: nothing is written. */
function emit(root, outDir) {
  const rootDir = join(root, "src");
  const options = { ...settings(root), noEmit: false, declaration: true, emitDeclarationOnly: true, rootDir, outDir };
  const program = ts.createProgram([join(root, "src/index.ts")], options);
  const emitted = new Map();
  program.emit(undefined, (path, text) => emitted.set(path, text));
  return emitted;
}

function settings(root) {
  const { config } = ts.readConfigFile(join(root, "tsconfig.json"), ts.sys.readFile);
  return ts.parseJsonConfigFileContent({ ...config, include: [], files: ["src/index.ts"] }, ts.sys, root).options;
}

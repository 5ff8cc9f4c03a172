import ts from "typescript";
import { isRecord } from "./markdown.mjs";

/**
 * Sentences about what is exported and not told: a thing, a member or a parameter without a comment, a function that
 * does not say what it throws, and types that users meet but cannot name. The records have a page of their own.
 */
export function faults({ checker, exported }) {
  const known = new Set(exported.map(({ node }) => node));
  return exported.flatMap(({ name, file, node }) => [
    ...unnamed(checker, known, name, node),
    ...(isRecord(file)
      ? []
      : [
          ...undocumented(name, node),
          ...members(node).flatMap((member) => undocumented(`${name}.${memberName(member)}`, member)),
        ]),
  ]);
}

function undocumented(name, node) {
  const comments = ts.getJSDocCommentsAndTags(
    node.kind === ts.SyntaxKind.VariableDeclaration ? node.parent.parent : node,
  );
  if (comments.length === 0) return [`${name} has no comment`];
  if (!isCallable(node)) return [];
  const parameters = node.parameters
    .filter((parameter) => ts.getJSDocParameterTags(parameter).length === 0)
    .map((parameter) => `${name} does not say what ${parameter.name.getText()} is`);
  // What a user writes throws what the user likes.
  if (name.startsWith("FrameSink.")) return parameters;
  const thrown = ts.getJSDocTags(node).some((tag) => tag.tagName.text === "throws");
  return [...parameters, ...(thrown ? [] : [`${name} does not say what it throws`])];
}

function isCallable(node) {
  return (
    ts.isFunctionDeclaration(node) ||
    ts.isMethodDeclaration(node) ||
    ts.isMethodSignature(node) ||
    ts.isConstructorDeclaration(node)
  );
}

function members(node) {
  if (!ts.isClassDeclaration(node) && !ts.isInterfaceDeclaration(node)) return [];
  return node.members.filter((member) => !isPrivate(member));
}

export function isPrivate(member) {
  return member.name !== undefined && ts.isPrivateIdentifier(member.name);
}

function memberName(member) {
  return member.name?.getText() ?? "constructor";
}

function unnamed(checker, known, name, node) {
  const found = [];
  const visit = (child) => {
    if (ts.isTypeReferenceNode(child) || ts.isExpressionWithTypeArguments(child)) {
      const symbol = checker.getSymbolAtLocation(child.typeName ?? child.expression);
      const original =
        symbol !== undefined && symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
      const [declared] = original?.declarations ?? [];
      const ours =
        declared !== undefined &&
        !ts.isTypeParameterDeclaration(declared) &&
        !/node_modules/.test(declared.getSourceFile().fileName);
      if (ours && !known.has(declared)) found.push(`${name} speaks of ${original.name}, which is not exported`);
    }
    ts.forEachChild(child, visit);
  };
  if (!isPrivate(node)) visit(node);
  return found;
}

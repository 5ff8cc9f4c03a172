import ts from "typescript";

/** Whether a file declares what the records are made of. */
export function isRecord(file) {
  return /^(report\/event|findings\/cause|lease\/|checksum\/)/.test(file);
}

const SECTIONS = [
  ["Functions", ({ node }) => ts.isFunctionDeclaration(node)],
  ["Classes", ({ node }) => ts.isClassDeclaration(node)],
  ["Values", ({ node }) => ts.isVariableDeclaration(node)],
  ["Types", ({ file }) => !isRecord(file)],
  ["Records", () => true],
];

const HEAD = `# What the package exports

Made from the comments and types of \`src/\` by \`npm run api\`; [library.md](library.md) shows how to use it. Of what is
\`readonly\` here nothing changes unless its comment says so; times, units and byte order are those of the comments.
`;

const ABOUT_RECORDS = `
The types of the records; [json.md](json.md) says what holds for all of them and explains each on a real one. Times are
text in UTC, durations are seconds, checksums are text as on the wire.
`;

export function markdown({ exported }) {
  const left = new Set(exported);
  const parts = [HEAD];
  for (const [title, belongs] of SECTIONS) {
    const these = exported.filter((item) => left.has(item) && belongs(item));
    these.forEach((item) => left.delete(item));
    if (these.length === 0) continue;
    parts.push(`\n## ${title}\n`);
    if (title === "Records") parts.push(ABOUT_RECORDS);
    parts.push(...these.map(entry));
  }
  return parts.join("");
}

function entry({ name, node }) {
  const holder = ts.isVariableDeclaration(node) ? node.parent.parent : node;
  const { prose, tags } = comment(holder);
  return [`\n### ${name}\n`, prose === "" ? "" : `\n${prose}\n`, `\n\`\`\`ts\n${source(holder)}\n\`\`\`\n`, tags].join(
    "",
  );
}

/** The declaration without its own comment, and without what is private. Comments of members stay. */
function source(node) {
  const text = node.getSourceFile().text.slice(node.getStart(undefined, false), node.end);
  return text
    .replace(/^export /, "")
    .replace(/^declare /, "")
    .replaceAll(/^ +#private;\n/gm, "")
    .replaceAll(/^( {4})+/gm, (indent) => " ".repeat(indent.length / 2))
    .replaceAll("\r", "");
}

function comment(node) {
  const docs = ts.getJSDocCommentsAndTags(node).filter((doc) => ts.isJSDoc(doc));
  const prose = docs.map((doc) => oneParagraphALine(ts.getTextOfJSDocComment(doc.comment) ?? "")).join("\n\n");
  const lines = docs
    .flatMap((doc) => doc.tags ?? [])
    .map(tagLine)
    .filter((line) => line !== "");
  return { prose, tags: lines.length === 0 ? "" : `\n${lines.join("\n")}\n` };
}

function tagLine(tag) {
  const text = oneParagraphALine(ts.getTextOfJSDocComment(tag.comment) ?? "");
  switch (tag.tagName.text) {
    case "param":
      return `- \`${tag.name.getText()}\`: ${text}`;
    case "returns":
      return `- returns ${text}`;
    case "throws":
      return `- throws ${text}`;
    default:
      return "";
  }
}

/** A comment is wrapped for the source; indented blocks and lists stay as they are. */
function oneParagraphALine(text) {
  return text
    .replaceAll(/([^\n])\n(?!\n|- | {4})/g, "$1 ")
    .replaceAll(/\n +/g, " ")
    .trim();
}

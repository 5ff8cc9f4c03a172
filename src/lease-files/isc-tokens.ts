/** One statement of ISC's configuration language: its words, and the statements in its braces. */
export interface Statement {
  readonly words: readonly string[];
  /** Line of its first word, from 1. */
  readonly line: number;
  /** null where it ends in a semicolon. */
  readonly block: readonly Statement[] | null;
}

/** Blocks within blocks beyond this are no lease file. */
const DEEPEST = 8;
/**
 * A word, a quoted string with its escapes, or one of ";{},=". Comments reach to the end of the line, and so does a string
 * that does not end: both programs write line breaks in strings as "\\012".
 */
const TOKEN = /#[^\n]*|"(?:[^"\\\n]|\\[^\n])*"?|[;{},=]|[^\s;{},="#]+/g;
/** A lease begins in the first column; nothing that stands within one does. */
const LEASE = "\nlease";

/**
 * The statements of a file in the language of dhclient.leases(5) and dhcpd.leases(5). Both programs append to these files:
 * what is cut, at the end or where a program that had crashed went on, spoils no other lease.
 */
export function* statementsOf(text: string): Generator<Statement> {
  let line = 1;
  let start = 0;
  while (start < text.length) {
    const next = text.indexOf(LEASE, start);
    const end = next === -1 ? text.length : next + 1;
    const tokens = tokensOf(text.slice(start, end), line);
    for (let at = readStatement(tokens, 0); at !== null; at = readStatement(tokens, 0)) yield at;
    for (let at = text.indexOf("\n", start); at !== -1 && at < end; at = text.indexOf("\n", at + 1)) line += 1;
    start = end;
  }
}

interface Token {
  readonly text: string;
  readonly line: number;
}

/** @param first the number of its first line */
function* tokensOf(text: string, first: number): Generator<Token, undefined> {
  let [line, counted] = [first, 0];
  for (const match of text.matchAll(TOKEN)) {
    const [token] = match;
    for (let at = text.indexOf("\n", counted); at !== -1 && at < match.index; at = text.indexOf("\n", counted)) {
      line += 1;
      counted = at + 1;
    }
    if (!token.startsWith("#")) yield { text: token, line };
  }
}

function readStatement(tokens: Iterator<Token, undefined>, depth: number): Statement | null {
  const words: string[] = [];
  let line = 0;
  for (let next = tokens.next(); next.done !== true; next = tokens.next()) {
    const token = next.value.text;
    if (line === 0) line = next.value.line;
    if (token === ";") return { words, line, block: null };
    if (token === "{") return { words, line, block: depth < DEEPEST ? readBlock(tokens, depth + 1) : [] };
    // A brace that closes nothing, within a block the end of it.
    if (token === "}") {
      if (depth > 0) return null;
      continue;
    }
    words.push(token);
  }
  return null;
}

function readBlock(tokens: Iterator<Token, undefined>, depth: number): Statement[] {
  const block: Statement[] = [];
  for (;;) {
    const statement = readStatement(tokens, depth);
    if (statement === null) return block;
    block.push(statement);
  }
}

/** One statement of ISC's configuration language: its words, and the statements in its braces. */
export interface Statement {
  readonly words: readonly string[];
  /** null where it ends in a semicolon. */
  readonly block: readonly Statement[] | null;
}

/** Blocks within blocks beyond this are no lease file. */
const DEEPEST = 8;
/** A word, a quoted string with its escapes, or one of ";{},=". Comments reach to the end of the line. */
const TOKEN = /#[^\n]*|"(?:[^"\\]|\\[\s\S])*"|[;{},=]|[^\s;{},="#]+/g;

/**
 * The statements of a file in the language of dhclient.leases(5) and dhcpd.leases(5). What is cut at the end is left out:
 * both programs append to these files.
 */
export function* statementsOf(text: string): Generator<Statement> {
  const tokens = tokensOf(text);
  for (;;) {
    const statement = readStatement(tokens, 0);
    if (statement === null) return;
    yield statement;
  }
}

function* tokensOf(text: string): Generator<string, undefined> {
  for (const [token] of text.matchAll(TOKEN)) {
    if (!token.startsWith("#")) yield token;
  }
}

function readStatement(tokens: Iterator<string, undefined>, depth: number): Statement | null {
  const words: string[] = [];
  for (let next = tokens.next(); next.done !== true; next = tokens.next()) {
    const token = next.value;
    if (token === ";") return { words, block: null };
    if (token === "{") return { words, block: depth < DEEPEST ? readBlock(tokens, depth + 1) : [] };
    // A brace that closes nothing, within a block the end of it.
    if (token === "}") {
      if (depth > 0) return null;
      continue;
    }
    words.push(token);
  }
  return null;
}

function readBlock(tokens: Iterator<string, undefined>, depth: number): Statement[] {
  const block: Statement[] = [];
  for (;;) {
    const statement = readStatement(tokens, depth);
    if (statement === null) return block;
    block.push(statement);
  }
}

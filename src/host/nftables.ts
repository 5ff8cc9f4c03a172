import type { ZeroingRule } from "./facts.js";

/**
 * Rules that write 0 into UDP checksums, and where they stand.
 *
 * @param text of `nft list ruleset`
 */
export function zeroingRules(text: string): ZeroingRule[] {
  const found: ZeroingRule[] = [];
  let place = { family: "", table: "", chain: "" };
  for (const raw of text.split("\n")) {
    const line = raw.trim();
    const [, family, table] = /^table (\S+) (\S+) \{/.exec(line) ?? [];
    if (family !== undefined && table !== undefined) place = { family, table, chain: "" };
    const [, chain] = /^chain (\S+) \{/.exec(line) ?? [];
    if (chain !== undefined) place = { ...place, chain };
    // @th,48,16: the 16 bits behind the 48th of the transport header, which are UDP's checksum.
    if (/(?:\budp checksum|@th,48,16) set (?:0x0+|0)\b/.test(line)) found.push({ text: line, ...place });
  }
  return found;
}

/** "ct state invalid drop", with counters or logging between, or "ct state vmap { invalid : drop, … }". */
export function dropsInvalid(text: string): boolean {
  return text
    .split("\n")
    .some(
      (line) =>
        /\bct state (?:\{ )?(?:\w+, ?)*invalid\b[^:]*\b(?:drop|reject)\b/.test(line) ||
        /\bct state vmap \{.*\binvalid : drop\b/.test(line),
    );
}

/** An option's value as QEMU reads it: "type,key=value,…" with ",," for a comma, or a JSON object. */
export type Options = ReadonlyMap<string, string>;

/**
 * @param implied the key of a first part without "=", such as "type" for -netdev and "driver" for -device
 */
export function parseOptions(text: string, implied: string): Options {
  return text.startsWith("{") ? fromJson(text) : fromPairs(text, implied);
}

function fromPairs(text: string, implied: string): Options {
  const options = new Map<string, string>();
  // A doubled comma is one that belongs to the value.
  for (const [index, part] of text.split(/(?<!,),(?!,)/).entries()) {
    const plain = part.replaceAll(",,", ",");
    const at = plain.indexOf("=");
    if (at !== -1) options.set(plain.slice(0, at), plain.slice(at + 1));
    else if (index === 0) options.set(implied, plain);
    // "vhost" alone means "vhost=on", and "novhost" its contrary.
    else if (plain.startsWith("no")) options.set(plain.slice(2), "off");
    else options.set(plain, "on");
  }
  return options;
}

function fromJson(text: string): Options {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return new Map();
  }
  if (typeof value !== "object" || value === null) return new Map();
  return new Map(
    Object.entries(value).flatMap(([key, part]: [string, unknown]): [string, string][] => {
      if (typeof part === "boolean") return [[key, part ? "on" : "off"]];
      return typeof part === "string" || typeof part === "number" ? [[key, String(part)]] : [];
    }),
  );
}

/** on, yes, true, y; off, no, false, n. */
export function switchOf(value: string | undefined): boolean | null {
  if (value === undefined) return null;
  if (/^(?:on|yes|true|y)$/.test(value)) return true;
  return /^(?:off|no|false|n)$/.test(value) ? false : null;
}

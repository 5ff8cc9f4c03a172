/** A step into JSON: a key or an index. */
export type Step = string | number;

export type JsonObject = Readonly<Record<string, unknown>>;

export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function isArray(value: unknown): value is readonly unknown[] {
  return Array.isArray(value);
}

/** As JavaScript would write it: runs[0].expect[3].count; the whole file is "the file". */
export function pathText(path: readonly Step[]): string {
  const text = path.map((step) => (typeof step === "number" ? `[${step}]` : keyText(step))).join("");
  return text === "" ? "the file" : text.replace(/^\./, "");
}

function keyText(key: string): string {
  return /^[\w$-]+$/.test(key) ? `.${key}` : `[${JSON.stringify(key)}]`;
}

/** The same JSON with the value at a path replaced, or added if its object lacks it. */
export function withValue(json: unknown, path: readonly Step[], value: unknown): unknown {
  const [step, ...rest] = path;
  if (step === undefined) return value;
  if (typeof step === "number" && isArray(json)) {
    return json.map((item, index) => (index === step ? withValue(item, rest, value) : item));
  }
  if (typeof step === "string" && isObject(json)) {
    return { ...json, [step]: withValue(json[step], rest, value) };
  }
  throw new Error(`no ${pathText(path)} to replace`);
}

const WIDTH = 110;

/** JSON for people: what fits into a line stands on one, so that a list of expectations reads like a table. */
export function layOut(value: unknown, indent = "", used = 0): string {
  const line = oneLine(value);
  const deeper = `${indent}  `;
  if (isArray(value) && value.length > 0 && (indent.length + used + line.length > WIDTH || value.some(isLarge))) {
    return `[\n${value.map((item) => `${deeper}${layOut(item, deeper)}`).join(",\n")}\n${indent}]`;
  }
  if (isObject(value) && (indent === "" || indent.length + used + line.length > WIDTH || isLarge(value))) {
    const members = Object.entries(value).map(([key, item]) => {
      const name = `${JSON.stringify(key)}: `;
      return `${deeper}${name}${layOut(item, deeper, name.length)}`;
    });
    return members.length === 0 ? "{}" : `{\n${members.join(",\n")}\n${indent}}`;
  }
  return line;
}

/** What never stands on one line: lists of objects. */
function isLarge(value: unknown): boolean {
  return (
    isObject(value) && Object.values(value).some((item) => isArray(item) && item.length > 0 && item.every(isObject))
  );
}

/** JSON on one line, with spaces as people set them. */
export function oneLine(value: unknown): string {
  if (isArray(value)) return `[${value.map(oneLine).join(", ")}]`;
  if (!isObject(value)) return JSON.stringify(value);
  const members = Object.entries(value).map(([key, item]) => `${JSON.stringify(key)}: ${oneLine(item)}`);
  return members.length === 0 ? "{}" : `{ ${members.join(", ")} }`;
}

import { fstatSync, statSync } from "node:fs";

/** What of a terminal decides how a report looks. */
export interface Style {
  readonly columns: number;
  readonly color: boolean;
  readonly unicode: boolean;
}

export interface Screen {
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
}

/** Standard output, which Node is asked about only where it may be a terminal: that takes a while. */
export function standardOutput(): Screen {
  const output = fstatSync(1);
  return output.isCharacterDevice() && output.rdev !== statSync("/dev/null", { throwIfNoEntry: false })?.rdev
    ? process.stdout
    : {};
}

type Environment = Readonly<Record<string, string | undefined>>;

const COLUMNS = 80;

export function styleOf(screen: Screen, environment: Environment): Style {
  return {
    columns: positive(screen.columns) ?? positive(Number(environment["COLUMNS"])) ?? COLUMNS,
    color: wantsColor(screen, environment),
    unicode: readsUnicode(environment),
  };
}

/** no-color.org and force-color.org; the order is that of Node itself. */
function wantsColor(screen: Screen, environment: Environment): boolean {
  const force = environment["FORCE_COLOR"];
  if (force !== undefined) return force !== "0" && force !== "false";
  if ((environment["NO_COLOR"] ?? "") !== "") return false;
  return screen.isTTY === true && environment["TERM"] !== "dumb";
}

/** locale(7): the first of these that is set decides; without any it is "C". */
function readsUnicode(environment: Environment): boolean {
  const names = ["LC_ALL", "LC_CTYPE", "LANG"];
  const locale = names.map((name) => environment[name] ?? "").find((value) => value !== "") ?? "C";
  return /utf-?8/i.test(locale);
}

function positive(value: number | undefined): number | null {
  return value !== undefined && Number.isInteger(value) && value > 0 ? value : null;
}

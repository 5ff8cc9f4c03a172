import type { LeasetapRecord } from "../../src/report/events.js";

/** Times with as many digits as both captures have. */
const TIME = /(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6})\d*Z/g;

/** What records say, whatever the form of the capture: without the names of inputs and interfaces, and the format. */
export function essence(all: readonly LeasetapRecord[]): unknown {
  const text = JSON.stringify(all, (key, value: unknown) => {
    switch (key) {
      case "input":
      case "inputs":
      case "interface":
      case "interfaces":
      case "format":
      case "compression":
        return undefined;
      default:
        return value;
    }
  });
  const records: unknown = JSON.parse(text.replace(TIME, "$1Z"));
  return records;
}

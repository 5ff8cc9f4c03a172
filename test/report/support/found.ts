import type { Inspection } from "../../../src/findings/inspection.js";
import type { Findings } from "../../../src/report/json.js";

/** What a reading found, as if from files that are whole. */
export function foundIn(inspection: Inspection): Findings {
  const inputs = inspection.inputs.map((facts) => ({ facts, format: "pcap", compression: null, damage: null }));
  return { inspection, inputs, complete: true, passedOver: 0 };
}

/** The same with another name for its only input. */
export function named(found: Findings, name: string): Findings {
  const rename = <T extends { readonly name: string }>(facts: T): T => ({ ...facts, name });
  return {
    ...found,
    inputs: found.inputs.map((input) => ({ ...input, facts: rename(input.facts) })),
    inspection: { ...found.inspection, inputs: found.inspection.inputs.map(rename) },
  };
}

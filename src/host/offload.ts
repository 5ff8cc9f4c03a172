import type { Offload } from "./facts.js";
import type { System } from "./system.js";

const FEATURE = "tx-checksum-ip-generic";

/** Checksum offload of a device's sending side; null: ethtool is not installed, or knows nothing of the device. */
export async function readOffload(system: System, device: string): Promise<Offload | null> {
  const json = await system.run("ethtool", ["--json", "-k", device]);
  const modern = json === null ? null : fromJson(json);
  if (modern !== null) return modern;
  // ethtool before 5.19 has no JSON for features.
  const text = await system.run("ethtool", ["-k", device]);
  return text === null ? null : fromText(text);
}

function fromJson(text: string): Offload | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  const device: unknown = Array.isArray(value) ? value[0] : null;
  const feature = property(device, FEATURE);
  const active = property(feature, "active");
  if (typeof active !== "boolean") return null;
  const requested = property(feature, "requested");
  return {
    active,
    fixed: property(feature, "fixed") === true,
    requested: typeof requested === "boolean" ? requested : null,
  };
}

/** "	tx-checksum-ip-generic: on [fixed]", "off [requested on]". */
export function fromText(text: string): Offload | null {
  const [, active, note = ""] = /^\s*tx-checksum-ip-generic: (on|off)(?: \[([^\]]*)\])?/m.exec(text) ?? [];
  if (active === undefined) return null;
  const [, wanted] = /^requested (on|off)$/.exec(note) ?? [];
  return {
    active: active === "on",
    fixed: note === "fixed",
    requested: wanted === undefined ? (note === "" ? active === "on" : null) : wanted === "on",
  };
}

function property(value: unknown, key: string): unknown {
  return isRecord(value) ? value[key] : undefined;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}

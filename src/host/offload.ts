import type { Feature, Offload } from "./facts.js";
import { isArray, isObject, parseJson } from "./json.js";
import type { System } from "./system.js";

/** tun, veth and bridges have the first; Xen's netback and many cards have the second instead. */
const CHECKSUM = ["tx-checksum-ip-generic", "tx-checksum-ipv4"];
const SEGMENTATION = "tx-tcp-segmentation";

/** What ethtool -k says of one device, by the names of its features. */
type Features = (name: string) => Feature | null;

/** Reads checksum offload of devices' sending sides. */
export class OffloadReader {
  /** ethtool before 5.19 has no JSON for features. */
  #knowsJson = true;

  constructor(private readonly system: System) {}

  /** @returns null where ethtool is not installed, or knows nothing of the device */
  async read(device: string): Promise<Offload | null> {
    if (this.#knowsJson) {
      const json = await this.system.run("ethtool", ["--json", "-k", device]);
      const told = json === null ? null : fromJson(json);
      if (told !== null) return told;
    }
    const text = await this.system.run("ethtool", ["-k", device]);
    // The text came where JSON did not: asking the next device for it is in vain as well.
    if (text !== null) this.#knowsJson = false;
    return text === null ? null : fromText(text);
  }
}

export function fromJson(text: string): Offload | null {
  const value = parseJson(text);
  const device = isArray(value) ? value[0] : null;
  if (!isObject(device)) return null;
  return offloadOf((name) => {
    const feature = device[name];
    if (!isObject(feature) || typeof feature["active"] !== "boolean") return null;
    const requested = feature["requested"];
    return {
      active: feature["active"],
      fixed: feature["fixed"] === true,
      requested: typeof requested === "boolean" ? requested : null,
    };
  });
}

/** "	tx-checksum-ip-generic: on [fixed]", "off [requested on]", "on [not requested]". */
export function fromText(text: string): Offload | null {
  return offloadOf((name) => {
    const line = text.split("\n").find((each) => each.trim().startsWith(`${name}: `));
    const [, state, note = ""] = /: (on|off)(?: \[([^\]]*)\])?/.exec(line ?? "") ?? [];
    if (state === undefined) return null;
    const active = state === "on";
    // "requested on" and "not requested" both say that it is the other way than asked for.
    const differs = note.includes("requested");
    return { active, fixed: note === "fixed", requested: note === "fixed" ? null : active !== differs };
  });
}

/** Of both features the one that counts: which is on, or else which can be. */
function offloadOf(features: Features): Offload | null {
  const known = CHECKSUM.flatMap((name) => {
    const feature = features(name);
    return feature === null ? [] : [{ name, ...feature }];
  });
  const chosen = known.find(({ active }) => active) ?? known.find(({ fixed }) => !fixed) ?? known[0];
  return chosen === undefined ? null : { ...chosen, segmentation: features(SEGMENTATION) };
}

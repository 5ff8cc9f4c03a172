import type { Finding } from "../findings/finding.js";
import type { Background } from "../findings/prose/facts.js";
import { remediesFor, type Remedy } from "../findings/remedies.js";
import { fitted } from "./fitting.js";
import type { HostView } from "./view.js";

/** The remedies for a finding as they are done on this host, for this client; without a host in general words. */
export function remediesHere(finding: Finding, background: Background, view: HostView | null): Remedy[] {
  const remedies = remediesFor(finding, background);
  const found = view?.portOf(finding) ?? null;
  if (view === null || found === null) return remedies;
  const { port, bridge } = found;
  const place = { port, bridge, machine: port.tap?.machine ?? null, facts: view.facts };
  const fitting = remedies.flatMap((remedy) => fitted(remedy, place) ?? []);
  // Something always remains to be said.
  return fitting.length > 0 ? fitting : remedies;
}

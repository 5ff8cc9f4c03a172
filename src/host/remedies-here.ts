import type { Finding } from "../findings/finding.js";
import type { Background } from "../findings/prose/facts.js";
import { fittingRemedies, type FittingRemedy, type Remedy } from "../findings/remedies.js";
import { fitted } from "./fitting.js";
import type { HostView } from "./view.js";

/** The remedies for a finding as they are done on this host, for this client; without a host in general words. */
export function remediesHere(finding: Finding, background: Background, view: HostView | null): Remedy[] {
  return fittingHere(finding, background, view).map(({ remedy }) => remedy);
}

/** The same, with what the capture shows of whether they apply. */
export function fittingHere(finding: Finding, background: Background, view: HostView | null): FittingRemedy[] {
  const remedies = fittingRemedies(finding, background);
  const found = view?.portOf(finding) ?? null;
  if (view === null || found === null) return remedies;
  const { port, bridge } = found;
  const place = { port, bridge, machine: port.tap?.machine ?? null, facts: view.facts };
  const fitting = remedies.flatMap(({ remedy, isShown }) => {
    const here = fitted(remedy, place);
    return here === null ? [] : [{ remedy: here, isShown }];
  });
  // Something always remains to be said.
  return fitting.length > 0 ? fitting : remedies;
}

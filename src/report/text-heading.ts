import type { Severity } from "../findings/cause.js";
import type { Finding } from "../findings/finding.js";
import { duration } from "../findings/prose/words.js";
import type { Binding, Lease } from "../lease/cycle.js";
import { formatIpv4 } from "../wire/addresses.js";
import { safeText } from "./safe-text.js";
import { GLUE, paint, paragraph, type TextStyle } from "./text-style.js";
import type { Telling } from "./text-finding.js";

const NAME_LIMIT = 64;

/** Whom the following is about: hardware address, name, address, lease and server. */
export function headingLines(
  binding: Binding | null,
  severity: Severity,
  { style }: Telling,
  findings: readonly Finding[] = [],
): string[] {
  const parts = binding === null ? ["The network"] : identity(binding, leaseOf(binding, findings));
  const text = `${mark(severity, style)} ${parts.join(`${GLUE} `)}`;
  const tone = severity === "error" ? "error" : "warning";
  return paragraph(text, style, { hang: 2 }).map((line) => paint(line, tone, style));
}

/** The words say it, too: "error" and "warning" are not left to signs and colours. */
function mark(severity: Severity, style: TextStyle): string {
  const sign = severity === "error" ? (style.unicode ? "\u2717" : "x") : "!";
  return `${sign} ${severity.toUpperCase()}`;
}

function identity({ client, name, vlan }: Binding, lease: Lease | null): string[] {
  return [
    client.address,
    ...(name === null ? [] : [safeText(name, NAME_LIMIT)]),
    ...(lease === null ? [] : [formatIpv4(lease.address), ...leaseWords(lease)]),
    ...(vlan === "" ? [] : [`VLAN ${vlan}`]),
  ];
}

function leaseWords({ terms, server }: Lease): string[] {
  const from = server === null || server === 0 ? "" : ` from ${formatIpv4(server)}`;
  if (terms === null) return from === "" ? [] : [`lease${from}`];
  const length = terms.leaseTime === Infinity ? "without end" : duration(terms.leaseTime);
  return [`lease ${length}${from}`];
}

/** The lease that the findings are about. */
function leaseOf(binding: Binding, findings: readonly Finding[]): Lease | null {
  const cycles = findings.flatMap((finding) =>
    finding.kind === "loss" ? finding.diagnoses.map(({ cycle }) => cycle) : [],
  );
  return cycles.find((cycle) => cycle.kind === "renewal")?.lease ?? binding.lease;
}

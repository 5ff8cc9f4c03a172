import { trustConntrack } from "../findings/remedies/conntrack.js";
import type { Remedy } from "../findings/remedies.js";
import { callsIptables, isForReplies } from "./completion.js";
import type { FillRule, HostFacts, ZeroingRule } from "./facts.js";
import { whereServerIs } from "./fitting.js";
import { HOST_REMEDIES } from "./host-remedies.js";
import type { HostJudgement } from "./judgement.js";

/** What rules and switches of the whole host mean. */
export function judgeRules(facts: HostFacts): HostJudgement[] {
  const { rules } = facts;
  return [
    ...(rules.zeroing ?? []).map(zeroing),
    ...(rules.fill ?? []).filter(isForReplies).flatMap((rule) => unmet(rule, facts) ?? []),
    ...conntrack(facts),
  ];
}

const OF_HOST = { bridge: null, port: null };

function zeroing({ text, family, table, chain }: ZeroingRule): HostJudgement {
  return {
    ...OF_HOST,
    code: "zeroing-rule",
    severity: "warning",
    summary: `an nftables rule clears UDP checksums: ${text}`,
    detail: `It stands in table ${family} ${table}, chain ${chain}. The field becomes 0, but the kernel still owes the sum. Where it pays (a tap without offload, a physical card), the guest gets a wrong sum and drops the packet; only behind virtio the 0 stays.`,
    remedies: HOST_REMEDIES["zeroing-rule"].map((remedy) => inChain(remedy, [family, table, chain])),
  };
}

/** Names that a shell takes as they are. */
const PLAIN = /^[\w.-]+$/;

function inChain(remedy: Remedy, place: readonly string[]): Remedy {
  if (!place.every((word) => PLAIN.test(word))) return remedy;
  return { ...remedy, command: `nft -a list chain ${place.join(" ")}; nft delete rule ${place.join(" ")} handle N` };
}

/** A rule that completes checksums and has met no packet. */
function unmet(rule: FillRule, facts: HostFacts): HostJudgement | null {
  if (rule.packets !== 0) return null;
  const why = whyNever(rule, facts);
  if (why !== null) {
    return {
      ...OF_HOST,
      code: "dead-fill-rule",
      severity: "warning",
      summary: `a CHECKSUM rule can never meet a DHCP reply: ${rule.text}`,
      detail: why,
      remedies: HOST_REMEDIES["dead-fill-rule"].flatMap((remedy) =>
        remedy.id === "fill-checksums" ? (whereServerIs(remedy, facts) ?? []) : remedy,
      ),
    };
  }
  const { bridgeCallsIptables } = facts.rules;
  if (facts.bridges.some((bridge) => callsIptables(bridge, facts)) || bridgeCallsIptables === true) return null;
  return {
    ...OF_HOST,
    code: "idle-fill-rule",
    severity: "note",
    summary: `a CHECKSUM rule has met no packet: ${rule.text}`,
    detail: `It meets what this host itself sends. ${passedBy(facts)}`,
    remedies: HOST_REMEDIES["idle-fill-rule"],
  };
}

/** Why no reply can meet the rule, in sentences; null: one may. */
function whyNever({ chain, out, physical }: FillRule, facts: HostFacts): string | null {
  const bridge = facts.bridges.find(({ ports }) => ports.some(({ name }) => name === out));
  if (bridge !== undefined && !physical) {
    return `${out ?? ""} is a port of ${bridge.name}: a packet that leaves through a bridge has the bridge as its device (-o ${bridge.name}), and never one of its ports.`;
  }
  if (/^(?:INPUT|PREROUTING)$/.test(chain)) return null;
  if (facts.rules.bridgeCallsIptables === true || facts.bridges.some((each) => callsIptables(each, facts))) return null;
  if (physical) return `It is for ports of a bridge (physdev). ${passedBy(facts)}`;
  const { servers } = facts;
  if (servers === null || servers.some(({ here }) => here)) return null;
  return `No DHCP server listens in this network namespace, so that it sends no replies of its own. ${passedBy(facts)}`;
}

function passedBy({ rules }: HostFacts): string {
  return `Frames that merely cross a bridge meet it only with net.bridge.bridge-nf-call-iptables=1, which ${
    rules.bridgeCallsIptables === null ? "is not there (br_netfilter is not loaded)" : "is 0"
  }.`;
}

/** Only where frames of guests pass connection tracking, and something drops what it calls INVALID. */
function conntrack(facts: HostFacts): HostJudgement[] {
  const { conntrackVerifies, dropsInvalid } = facts.rules;
  const crossed = facts.bridges.find((bridge) => callsIptables(bridge, facts));
  if (conntrackVerifies !== true || dropsInvalid !== true || crossed === undefined) return [];
  return [
    {
      ...OF_HOST,
      bridge: crossed.name,
      code: "conntrack-drops",
      severity: "note",
      summary: `frames that cross ${crossed.name} are dropped by this host's firewall if their UDP checksum is wrong`,
      detail:
        "They meet its rules (bridge-nf-call-iptables), conntrack calls a packet with a wrong sum INVALID (nf_conntrack_checksum=1), and a rule drops what is INVALID. Unfinished sums pass as long as they are marked as such; replies whose mark is lost on the way, and cleared ones that were completed wrongly, end here.",
      remedies: [trustConntrack],
    },
  ];
}

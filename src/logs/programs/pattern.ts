import { parseIpv4 } from "../../wire/addresses.js";
import type { LogFact, Recogniser } from "../fact.js";

/** The named groups of a match, and addresses in them as numbers. */
export interface Groups {
  text(name: string): string | null;
  address(name: string): number | null;
  number(name: string): number | null;
}

/** A line that has this form says this; the group "device" names the interface. */
export type Rule = readonly [form: RegExp, fact: (groups: Groups) => LogFact | null];

/** The first rule that fits a line says what it means. */
export function byRules(rules: readonly Rule[]): Recogniser {
  return (text) => {
    for (const [form, factOf] of rules) {
      const match = form.exec(text);
      if (match === null) continue;
      const groups = groupsOf(match);
      const fact = factOf(groups);
      if (fact !== null) return { fact, device: groups.text("device") };
    }
    return null;
  };
}

function groupsOf(match: RegExpExecArray): Groups {
  const text = (name: string): string | null => match.groups?.[name] ?? null;
  return {
    text,
    address: (name) => parseIpv4(text(name) ?? ""),
    number: (name) => {
      const digits = text(name);
      return digits === null ? null : Number(digits);
    },
  };
}

/** Facts that many programs have in common. */
export const lost = (): LogFact => ({ kind: "lost" });

export const rejected = (groups: Groups): LogFact => ({ kind: "rejected", server: groups.address("server") });

export const bound = (groups: Groups): LogFact => ({
  kind: "bound",
  address: groups.address("address"),
  seconds: groups.number("seconds"),
});

export const started = (groups: Groups): LogFact => ({ kind: "started", version: groups.text("version") });

export function received(message: "OFFER" | "ACK" | "NAK"): (groups: Groups) => LogFact {
  return (groups) => ({
    kind: "received",
    message,
    address: groups.address("address"),
    server: groups.address("server"),
  });
}

export function sent(
  message: "DISCOVER" | "REQUEST" | "RELEASE" | "DECLINE",
  way: "unicast" | "broadcast" | null,
): (groups: Groups) => LogFact {
  return (groups) => ({
    kind: "sent",
    message,
    address: groups.address("address"),
    way,
    server: way === "unicast" ? groups.address("server") : null,
  });
}

import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { KnownLease } from "../../src/lease-files/known-lease.js";
import { leasesOf } from "../../src/lease-files/recognise.js";
import type { LogFact } from "../../src/logs/fact.js";
import { SaidReader } from "../../src/logs/said.js";
import { StampReader } from "../../src/logs/stamp.js";
import { UTC } from "../../src/report/zone.js";
import { formatIpv4 } from "../../src/wire/addresses.js";
import { leasetap, recordsOf } from "../support/program.js";
import { pathOf, recordedNetworks, truthOf, type Ack, type FileOf } from "./recordings.js";

/** Seconds: files have whole ones, and programs write a little after the packet. */
const NEAR = 1.6;
/** Leases without end are granted as such, or until a moment that the program's clock can just hold. */
const YEARS = 3 * 365 * 86_400;

/** dnsmasq pings each address for three seconds before it offers it, one after the other: guests that came together wait. */
const PINGS: ReadonlySet<string> = new Set(["dnsmasq-udhcpc"]);

describe.each(recordedNetworks)("%s", (network) => {
  const truth = truthOf(network);
  const acksOf = (client: string): Ack[] => truth.acks.filter((ack) => client === "server" || ack.client === client);

  describe.each(truth.leaseFiles)("the lease file $path", (file) => {
    const acks = acksOf(file.of);
    const leases = read(network, file);

    it("has nothing that was not granted", () => {
      for (const lease of leases) expect(acks.some((ack) => isGrant(lease, ack))).toBe(true);
      expect(leases.length).toBeGreaterThan(0);
    });

    it("has each grant that such a file has", () => {
      const known = acks.filter((ack) => isKept(ack, file));
      expect(known.length).toBeGreaterThan(0);
      for (const ack of known) expect([ack, leases.some((lease) => isGrant(lease, ack))]).toEqual([ack, true]);
    });

    it("tells when its client renews, where it tells T1", () => {
      for (const { address, start, t1 } of leases) {
        if (start === null || t1 === null) continue;
        const next = acks.find((ack) => ack.renewal && ack.address === formatIpv4(address) && ack.time > start + NEAR);
        if (next !== undefined) expect(Math.abs(next.time - start - t1)).toBeLessThan(2 * NEAR);
      }
    });
  });

  /** Some have the history, others the last grant of whoever has a lease still; networkd writes its file only once. */
  function isKept(ack: Ack, { form, written }: FileOf): boolean {
    // The file may be written before the ACK is sent.
    const isBefore = ({ time }: Ack): boolean => time < written + NEAR;
    if (!isBefore(ack)) return false;
    if (form === "kea" || form === "dhcpd" || form === "dhclient") return true;
    if (form === "networkd") return !ack.renewal;
    const fate = truth.guests.find(({ mac }) => mac === ack.client)?.fate;
    const before = truth.acks.filter((other) => other.client === ack.client && isBefore(other));
    return (fate === "stays" || fate === "forever") && before.at(-1) === ack;
  }

  it.each(truth.logs)("the log $path has each ACK that was taken, and no other", ({ path, of }) => {
    const acks = acksOf(of);
    const told = grantsIn(readFileSync(pathOf(network, path), "utf8"));
    // A client takes each answer to a renewal; of several to its first requests, one.
    const taken = acks.filter(({ renewal }) => renewal || of === "server");
    for (const ack of taken) expect([ack, told.some((grant) => isAbout(grant, ack))]).toEqual([ack, true]);
    for (const grant of told) expect([grant, acks.some((ack) => isAbout(grant, ack))]).toEqual([grant, true]);
    expect(told.length).toBeGreaterThan(0);
  });

  it("the whole program ties each log to its packets, and says what happened", async () => {
    const capture = pathOf(network, "bridge.pcap");
    const options = [
      ...truth.logs.flatMap(({ path }) => ["--log", pathOf(network, path)]),
      ...truth.leaseFiles.flatMap(({ path }) => ["--leases", pathOf(network, path)]),
    ];
    const { code, stdout, stderr } = await leasetap(["analyze", capture, ...options]);
    expect([code, stderr]).toEqual([PINGS.has(network) ? 1 : 0, ""]);
    const text = stdout.replace(/\s+/g, " ");
    expect(text.match(/of it (?:is|are) among the packets/g)).toHaveLength(truth.logs.length);
    expect(text).not.toContain("ahead of");
    const records = recordsOf((await leasetap(["analyze", capture, ...options, "--json"])).stdout);
    const codes = records.flatMap(({ type, severity, code: of }) =>
      type === "finding" && severity !== "note" ? [of] : [],
    );
    expect(new Set(codes)).toEqual(new Set(PINGS.has(network) ? ["late-reply"] : []));
  });
});

function read(network: string, { path, form, written }: FileOf): readonly KnownLease[] {
  const found = leasesOf(readFileSync(pathOf(network, path)), written);
  expect(found?.form).toBe(form);
  return found?.leases ?? [];
}

/** A lease of a file is what an ACK granted. Some files do not tell when a lease began, or how long it is. */
function isGrant({ hardware, address, server, start, leaseTime, expires }: KnownLease, ack: Ack): boolean {
  if (formatIpv4(address) !== ack.address || (hardware !== null && hardware !== ack.client)) return false;
  if (server !== null && formatIpv4(server) !== ack.server) return false;
  if (ack.leaseTime > YEARS) return leaseTime === Infinity;
  const begins = start ?? expires - ack.leaseTime;
  return Math.abs(begins - ack.time) < NEAR && (leaseTime ?? ack.leaseTime) === ack.leaseTime;
}

interface Granted {
  readonly time: number;
  readonly client: string | null;
  readonly address: string | null;
}

/** What a log says of ACKs, sent or taken. dhcpcd and dhclient say of one that they took it, and later that they are bound. */
function grantsIn(text: string): Granted[] {
  const stamps = new StampReader({ year: null, zone: UTC, written: Date.UTC(2026, 11, 1) / 1000 });
  const reader = new SaidReader("log", stamps);
  const lines = text.split("\n").map((line) => reader.read(line));
  const takes = lines.some(({ said }) => said?.fact.kind === "received" && said.fact.message === "ACK");
  return lines.flatMap(({ place, said }) => {
    if (said === null || !isAck(said.fact) || place.stamp === null) return [];
    const { fact } = said;
    if (takes && fact.kind === "bound") return [];
    const address = fact.address === null ? null : formatIpv4(fact.address);
    return [{ time: place.stamp.time, client: fact.kind === "served" ? fact.client : null, address }];
  });
}

function isAck(fact: LogFact): fact is Extract<LogFact, { kind: "bound" | "received" | "served" }> {
  return fact.kind === "bound" || ((fact.kind === "received" || fact.kind === "served") && fact.message === "ACK");
}

function isAbout({ time, client, address }: Granted, ack: Ack): boolean {
  return (
    Math.abs(time - ack.time) < NEAR &&
    (client === null || client === ack.client) &&
    (address === null || address === ack.address)
  );
}

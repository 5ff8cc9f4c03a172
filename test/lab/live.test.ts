import { describe, expect, it } from "vitest";
import { recordsOf, type Json } from "../support/program.js";
import { describeUnless } from "../support/skip.js";
import { Lab, labReason } from "./lab.js";
import type { Running } from "./processes.js";

/** Milliseconds; the longest story takes three leases. */
const LONG = 240_000;
/** Seconds that a lease of 20 s may take on a busy machine. */
const PATIENT = 100;

describeUnless(labReason(), "leasetap live beside real programs", () => {
  describe.concurrent("side by side", () => {
    it.each([
      ["a stream", 1],
      ["an interface", 6],
    ] as const)(
      "tells, from %s, of leases lost to unfinished checksums as dhclient's log has them",
      { timeout: LONG },
      async (from, number) => {
        await inLab(number, async (lab) => {
          await lab.dhcpd();
          const watch = from === "a stream" ? await lab.live() : await lab.liveOnInterface();
          const dhclient = lab.dhclient(true);
          await dhclient.said(/script: EXPIRE/, 2, PATIENT);
          await dhclient.said(/script: BOUND/, 3, PATIENT);
          const { records, code } = await end(watch);
          const { lost, requests } = lossesIn(dhclient);
          const expired = renewalsOf(records).filter(({ outcome }) => outcome === "expired");
          expect(code).toBe(from === "a stream" ? 1 : 130);
          expect(expired).toHaveLength(lost);
          expect(expired.map(({ attempts }) => (Array.isArray(attempts) ? attempts.length : 0))).toEqual(requests);
          expect(new Set(expired.map(({ cause }) => cause))).toEqual(new Set(["offload-partial"]));
          const first = cameFirst(watch.live, /"code":"offload-partial"/);
          expect(first).toBeLessThan(cameFirst(dhclient, /script: EXPIRE/));
          // Each lease that was lost was followed by another, and its outage is over.
          expect(leasesOf(records).filter(({ state, outage }) => state === "EXPIRED" && outage === null)).toEqual([]);
          expect(records.filter(({ code: found }) => found === "remedy-works")).toEqual([]);
        });
      },
    );

    it("says that a remedy works once the client takes a renewal", { timeout: LONG }, async () => {
      await inLab(2, async (lab) => {
        await lab.dhcpd();
        const watch = await lab.live();
        const dhclient = lab.dhclient(true);
        await dhclient.said(/script: EXPIRE/, 1, PATIENT);
        await dhclient.said(/script: BOUND/, 2, PATIENT);
        lab.onServer("ethtool", "-K", "s0", "tx", "off");
        await dhclient.said(/script: RENEW/, 2, PATIENT);
        await watch.live.said(/"code":"remedy-works"/, 1, 20);
        const { records } = await end(watch);
        expect(renewalsOf(records).map(({ outcome }) => outcome)).toContain("expired");
        expect(records.at(-1)).toMatchObject({ type: "summary", renewals: { expired: 1 } });
        expect(records.filter(({ code }) => code === "remedy-works")).toHaveLength(1);
        const worked = cameFirst(watch.live, /"code":"remedy-works"/);
        expect(worked).toBeGreaterThan(cameFirst(dhclient, /script: RENEW/));
      });
    });

    it("tells of a server that stands still before it costs the client its address", { timeout: LONG }, async () => {
      await inLab(3, async (lab) => {
        const dhcpd = await lab.dhcpd();
        const watch = await lab.live();
        const dhclient = lab.dhclient(false);
        await dhclient.said(/script: BOUND/, 1, PATIENT);
        dhcpd.signal("SIGSTOP");
        await dhclient.said(/script: EXPIRE/, 1, PATIENT);
        // It goes on only when the client has begun anew, and takes no answer to what it asked before.
        await dhclient.said(/^DHCPDISCOVER/, 2, PATIENT);
        dhcpd.signal("SIGCONT");
        await dhclient.said(/script: BOUND/, 2, PATIENT);
        await dhclient.said(/script: RENEW/, 1, PATIENT);
        const { records, code } = await end(watch);
        const told = cameFirst(watch.live, /"code":"no-reply"/);
        expect(told).toBeLessThan(cameFirst(dhclient, /script: EXPIRE/));
        expect(code).toBe(1);
        const [expired, ...others] = renewalsOf(records).filter(({ outcome }) => outcome === "expired");
        // The answers burst out when it goes on: late for a client that has begun anew.
        expect(["no-reply", "late-reply"]).toContain(expired?.["cause"]);
        expect(others).toEqual([]);
      });
    });

    it("says nothing of a client that is content with partial checksums", { timeout: LONG }, async () => {
      await inLab(4, async (lab) => {
        await lab.dnsmasq();
        const watch = await lab.live();
        const dhclient = lab.dhclient(false);
        await dhclient.said(/script: RENEW/, 3, PATIENT);
        const { records, code } = await end(watch);
        expect(code).toBe(0);
        expect(records.filter(({ type }) => type === "forecast")).toEqual([]);
        expect(records.filter(({ severity }) => severity === "error" || severity === "warning")).toEqual([]);
        expect(records.at(-1)).toMatchObject({ checksums: { udp: { bad: 0 } }, renewals: { renewed: 3 } });
        expect(records.filter(({ code: found }) => found === "partial-seen")).toHaveLength(1);
      });
    });

    it("says of a guest that is gone for good that it has left, and alarms nobody", { timeout: LONG }, async () => {
      await inLab(5, async (lab) => {
        await lab.dhcpd();
        const watch = await lab.live();
        const dhclient = lab.dhclient(false);
        await dhclient.said(/script: RENEW/, 1, PATIENT);
        await dhclient.end("SIGKILL");
        await watch.live.said(/"state":"LEFT"/, 1, PATIENT);
        const { records, code } = await end(watch);
        expect(code).toBe(0);
        expect(records.filter(({ type }) => type === "forecast")).toEqual([]);
        expect(leasesOf(records).map(({ state }) => state)).toEqual(["LEFT"]);
      });
    });
  });
});

async function inLab(number: number, story: (lab: Lab) => Promise<void>): Promise<void> {
  const lab = new Lab(number);
  try {
    await story(lab);
  } finally {
    await lab.dismantle();
  }
}

interface Watch {
  readonly live: Running;
  /** Null: it captures by itself. */
  readonly tcpdump: Running | null;
}

async function end({ live, tcpdump }: Watch): Promise<{ readonly records: Json[]; readonly code: number | null }> {
  // What lies in the capture's ring when tcpdump is told to end is lost; libpcap empties it once a second.
  await new Promise((settle) => setTimeout(settle, 2500));
  if (tcpdump === null) live.signal("SIGTERM");
  else await tcpdump.end("SIGINT");
  const code = await live.exit;
  return { records: recordsOf(live.lines.map(({ text }) => `${text}\n`).join("")), code };
}

/** Last words on each renewal. */
function renewalsOf(records: readonly Json[]): Json[] {
  return records.filter(({ type, final }) => type === "renewal" && final === true);
}

function leasesOf(records: readonly Json[]): Json[] {
  return records.filter(({ type, final }) => type === "lease" && final === true);
}

function cameFirst(running: Running, pattern: RegExp): number {
  return running.saying(pattern)[0]?.came ?? Infinity;
}

/** What dhclient's log says: how often it lost its address, and after how many REQUESTs each time. */
function lossesIn(dhclient: Running): { readonly lost: number; readonly requests: number[] } {
  const requests: number[] = [];
  let asked = 0;
  for (const { text } of dhclient.lines) {
    if (/^DHCPDISCOVER|^bound to/.test(text)) asked = 0;
    else if (text.startsWith("DHCPREQUEST")) asked += 1;
    else if (text.startsWith("script: EXPIRE")) requests.push(asked);
  }
  return { lost: requests.length, requests };
}

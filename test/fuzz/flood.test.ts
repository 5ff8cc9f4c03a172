import { describe, expect, it } from "vitest";
import { pcapHeader, pcapRecord } from "../../src/capture/pcap-writer.js";
import { createReader } from "../../src/capture/reader.js";
import { Inspector } from "../../src/inspector.js";
import { concat } from "./bytes.js";
import { bootpBytes, datagramFrame, type Bootp } from "./dhcp.js";
import { u32 } from "./options.js";
import { Random } from "./random.js";
import { inUse } from "../support/heap.js";
import { feed } from "../support/script-feed.js";
import { rebind, renew, script } from "../support/script.js";

const MESSAGES = 200_000;
const BLOCK = 200;
const STYLE = { littleEndian: true, nanoseconds: false };
const SERVER = 0x0a000001;
const NOTHING = new Uint8Array(0);
/** What may be kept of a message at most, in bytes: the frame, and what is known of it. */
const KEPT = 4096;

/** No two alike: strangers, identifiers of one client, servers, addresses to renew. */
function message(random: Random, number: number): Uint8Array {
  switch (number % 4) {
    case 0:
      return frame(random, number, 0x0200_0000_0000 + number, { op: 1 }, [53, 1, 1]);
    case 1:
      return frame(random, number, 0x5254_0000_0001, { op: 1 }, [53, 1, 1, 61, 4, ...u32(number)]);
    case 2: {
      const options = [53, 1, 5, 54, 4, ...u32(SERVER + number), 51, 4, 0, 0, 0, 120];
      return frame(random, 7, 0x5254_0000_0002, { op: 2, yiaddr: 0x0a000102 }, options);
    }
    default:
      return frame(random, 7, 0x5254_0000_0002, { op: 1, ciaddr: 0x0b00_0000 + number }, [53, 1, 3]);
  }
}

function frame(
  random: Random,
  xid: number,
  mac: number,
  fields: Partial<Bootp>,
  options: readonly number[],
): Uint8Array {
  const chaddr = Uint8Array.from({ length: 6 }, (_, index) => Math.floor(mac / 256 ** (5 - index)) & 0xff);
  const plain = { op: 1, hlen: 6, hops: 0, xid, secs: 0, flags: 0, ciaddr: 0, yiaddr: 0, giaddr: 0, chaddr };
  const payload = bootpBytes({
    ...{ ...plain, sname: NOTHING, file: NOTHING, cookie: 0x63825363, options: Uint8Array.from([...options, 255]) },
    ...fields,
  });
  const reply = fields.op === 2;
  const ports = reply ? { srcPort: 67, dstPort: 68 } : { srcPort: 68, dstPort: 67 };
  const link = reply ? { srcMac: 0x02005e000001, dstMac: mac } : { srcMac: mac, dstMac: 0xffffffffffff };
  const addresses = { src: reply ? SERVER : (fields.ciaddr ?? 0), dst: 0xffffffff };
  return datagramFrame(
    random,
    { ...link, ...ports, ...addresses, vlan: [], id: 0, ipOptions: 0, sum: "good" },
    payload,
  );
}

it(`${MESSAGES} messages of which no two are alike meet every limit`, { timeout: 180_000 }, () => {
  const random = new Random(1, 1);
  const before = inUse();
  const inspector = new Inspector({ keepFrames: false, keepHealthy: false });
  const sink = inspector.input("flood.pcap");
  const reader = createReader(sink);
  reader.feed(pcapHeader(STYLE, 1));
  for (let number = 0; number < MESSAGES; number += BLOCK) {
    const records = Array.from({ length: BLOCK }, (_, index) => {
      const micros = (number + index) * 500;
      const seconds = 1_700_000_000 + Math.floor(micros / 1e6);
      return pcapRecord(STYLE, seconds, (micros % 1e6) * 1000, message(random, number + index));
    });
    reader.feed(concat(records));
    sink.blockEnd();
    inspector.drain();
  }
  reader.end();
  sink.end();
  expect(reader.damage).toBeNull();
  expect(sink.facts.dhcp).toBe(MESSAGES);
  expect(inUse() - before).toBeLessThan(KEPT * MESSAGES);

  const { clients, diagnoses, servers, leases } = inspector.finish();
  const cycles = diagnoses.map(({ cycle }) => cycle);
  const most = (numbers: readonly number[]): number => numbers.reduce((a, b) => Math.max(a, b), 0);
  expect(clients).toBeLessThanOrEqual(1 << 20);
  expect(most(cycles.map(({ binding }) => binding.client.bindings.length))).toBeLessThanOrEqual(32);
  expect(most(cycles.map(({ attempts }) => attempts.length))).toBeLessThanOrEqual(512);
  expect(most(cycles.flatMap(({ attempts }) => attempts.map(({ replies }) => replies.length)))).toBeLessThanOrEqual(
    256,
  );
  expect(servers.length).toBeLessThanOrEqual(4096);
  expect(most(servers.map(({ server }) => server.replyTimes.length))).toBeLessThanOrEqual(1 << 17);
  expect(cycles.length + leases.length).toBeLessThanOrEqual(2 * MESSAGES);
});

it("strangers seen at two capture points fill no memory", { timeout: 180_000 }, () => {
  const strangers = 100_000;
  const followed = 1 << 14;
  const random = new Random(1, 3);
  const before = inUse();
  const inspector = new Inspector({ keepFrames: false, keepHealthy: false });
  const points = ["bridge.pcap", "tap.pcap"].map((name) => {
    const sink = inspector.input(name);
    const reader = createReader(sink);
    reader.feed(pcapHeader(STYLE, 1));
    return { sink, reader };
  });
  for (let number = 0; number < strangers; number += BLOCK) {
    const records = Array.from({ length: BLOCK }, (_, index) => {
      const micros = (number + index) * 500;
      const bytes = frame(random, number + index, 0x0600_0000_0000 + number + index, { op: 1 }, [53, 1, 1]);
      return pcapRecord(STYLE, 1_700_000_000 + Math.floor(micros / 1e6), (micros % 1e6) * 1000, bytes);
    });
    for (const { sink, reader } of points) {
      reader.feed(concat(records));
      sink.blockEnd();
    }
    inspector.drain();
  }
  const used = inUse() - before;
  for (const { sink } of points) sink.end();
  expect(inspector.finish().clients).toBe(strangers);
  expect(used).toBeLessThan(2 * KEPT * followed);
});

/** Thrice as many as are followed without an answer. */
const INVENTED = 50_000;

describe("a flood of invented clients", () => {
  const asks = [
    { how: "with DISCOVERs", fields: (): Partial<Bootp> => ({ op: 1 }), options: [53, 1, 1] },
    {
      how: "with renewals",
      fields: (at: number): Partial<Bootp> => ({ op: 1, ciaddr: 0x0b00_0000 + at }),
      options: [53, 1, 3],
    },
  ];

  it.each(asks)(
    "$how hides no client that lost its address in its midst",
    { timeout: 180_000 },
    ({ fields, options }) => {
      const random = new Random(1, 2);
      const story = script({ client: 1, lease: 120 })
        .bound(1)
        .at(61, renew())
        .at(86, renew({ secs: 25 }));
      story
        .at(106, rebind({ secs: 45 }))
        .at(113, rebind({ secs: 52 }))
        .bound(121.1, { xid: 9 });
      for (let number = 0; number < INVENTED; number += 1) {
        const bytes = frame(random, number, 0x0600_0000_0000 + number, fields(number), options);
        story.frames.push({ time: (number / INVENTED) * 150, point: 0, bytes, original: bytes.length });
      }
      story.frames.sort((a, b) => a.time - b.time);
      const run = feed(story.frames, { block: BLOCK, keepHealthy: false });
      expect(run.clients).toBe(INVENTED + 1);
      expect(run.diagnoses.length).toBeLessThan(INVENTED / 2);
      expect(run.leases.length).toBeLessThan(INVENTED / 2);
      const lost = run.findings.filter(({ binding }) => binding?.client.address === "52:54:00:00:00:01");
      expect(lost.map(({ severity, code }) => `${severity} ${code}`)).toEqual(["error no-reply"]);
      expect(run.findings.filter(({ kind }) => kind === "note").map(({ code }) => code)).toEqual(["flood"]);
    },
  );
});

import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { childrenOf, memoryOf } from "../../bench/process-tree.js";
import { filterCases, TAGGINGS } from "../capture/live/filter-frames.js";
import { readBytes, type Collector } from "../capture/support/collector.js";
import { leasetap, recordsOf, type Json } from "../support/program.js";
import { datagram, EVERY_MAC, EVERYBODY, framed } from "../support/script-frames.js";
import { describeUnless } from "../support/skip.js";
import { requireTool } from "../support/tools.js";
import { bootp, CLIENT_MAC } from "../wire/packets.js";
import { Cables } from "./cables.js";
import { labReason } from "./lab.js";
import type { Running } from "./processes.js";

/** Milliseconds. */
const LONG = 180_000;

/** Frames. */
const FLOOD = 60_000;

/** A request to everybody, with right checksums: bridges drop others where br_netfilter is loaded. */
const request = framed(
  { src: CLIENT_MAC, dst: EVERY_MAC, vlan: [] },
  datagram({ src: 0, dst: EVERYBODY, srcPort: 68, dstPort: 67, id: 1, sum: "good", data: bootp({ op: 1 }) }),
);

describeUnless(labReason(), "capturing interfaces", () => {
  describe.concurrent("side by side", () => {
    it("takes what a watch needs, whatever tags it bears and the kernel took off", { timeout: LONG }, async () => {
      await inCables(1, async (cables) => {
        cables.lay("a");
        const recording = await cables.record(["a0", "a1"]);
        const cases = TAGGINGS.flatMap(([, tags]) => filterCases(tags));
        const sent = now();
        await cables.send("a1", cases.map(({ bytes }) => bytes), cases.length, 1000); // prettier-ignore
        await seconds(2);
        const { sink } = readBytes(await recording.end());
        const wanted = cases.filter((one) => one.wanted).map(({ bytes }) => Buffer.from(bytes).toString("hex"));
        // What goes out has its tags still in it; of what comes in the kernel has taken off the outer one.
        expect(framesOf(sink, "a1").map(({ bytes }) => bytes)).toEqual(wanted);
        expect(framesOf(sink, "a0").map(({ bytes }) => bytes)).toEqual(wanted);
        // The stamps are the kernel's, in order.
        expect(sink.interfaces.map(({ stampedOnArrival }) => stampedOnArrival)).toEqual([undefined, undefined]);
        const times = framesOf(sink, "a0").map(timeOf);
        expect(times).toEqual(times.toSorted((a, b) => a - b));
        expect(times[0]).toBeGreaterThan(sent);
        expect(times.at(-1)).toBeLessThan(now() - 2);
      });
    });

    it("goes on where one of its interfaces goes away, and takes that up again", { timeout: LONG }, async () => {
      await inCables(2, async (cables) => {
        cables.lay("a", "b");
        const recording = await cables.record(["a0", "b*"]);
        for (const pid of captureProcesses(recording.running)) {
          expect(readFileSync(`/proc/${pid}/limits`, "utf8")).toMatch(/^Max core file size +0 +0 /m);
        }
        await cables.send("a1", [request], 5, 1000);
        const cut = now();
        cables.cut("b");
        await seconds(2);
        await cables.send("a1", [request], 5, 1000);
        cables.lay("b");
        await seconds(2);
        await cables.send("b1", [request], 3, 1000);
        await seconds(1);
        const stream = await recording.end();
        const { sink, reader } = readBytes(stream);
        expect(reader.damage).toBeNull();
        expect(complaintsOfTshark(stream)).toBe("");
        expect(framesOf(sink, "a0")).toHaveLength(10);
        expect(framesOf(sink, "b0")).toHaveLength(3);
        expect(gapsOf(sink, "b0")[0]).toBe("interface gone");
        expect(gapsOf(sink, "a0")).toEqual(["capture process ended", "the capture was ended"]);
        for (const name of ["a0", "b0"]) {
          const [first = Infinity, again = 0] = startsOf(sink, name);
          expect([first < cut, again > cut]).toEqual([true, true]);
        }
      });
    });

    it("follows the ports of a bridge as they come and go", { timeout: LONG }, async () => {
      await inCables(3, async (cables) => {
        cables.lay("a", "b", "c");
        cables.ip("link", "add", "br0", "type", "bridge");
        cables.ip("link", "set", "br0", "up");
        cables.ip("link", "set", "a0", "master", "br0");
        const live = await cables.live("-i", "br0", "--follow-ports");
        cables.ip("link", "set", "b0", "master", "br0");
        cables.ip("link", "set", "a0", "nomaster");
        await seconds(2);
        // A broadcast that enters at one port comes by the bridge; the port that has left sees nothing of it.
        await cables.send("b1", [request], 4, 1000);
        await cables.send("a1", [request], 4, 1000);
        await seconds(2);
        const { records, code } = await ended(live, "SIGTERM");
        expect(code).toBe(130);
        const [input] = records.filter(({ type }) => type === "input");
        expect(input).toMatchObject({ input: "br0", interfaces: ["br0", "a0", "b0"], frames: 8, damage: null });
      });
    });

    it("says that frames were lost where too many came, and reads the others", { timeout: LONG }, async () => {
      await inCables(4, async (cables) => {
        cables.lay("a", "b");
        const recording = await cables.record(["a0", "b0"]);
        await inFlood(cables, () => cables.send("b1", [request], 5, 1000));
        await seconds(2);
        const { sink, reader } = readBytes(await recording.end());
        expect(reader.damage).toBeNull();
        expect(framesOf(sink, "b0")).toHaveLength(5);
        expect(sink.interfaces.map(({ name }) => name)).toEqual(["a0", "b0"]);
        const seen = framesOf(sink, "a0").length;
        expect(seen).toBeGreaterThan(0);
        if (seen < FLOOD) expect(gapsOf(sink, "a0")).toContain("more frames than could be read");
      });
    });

    it("ends on SIGTERM in the middle of a flood, with all that was captured", { timeout: LONG }, async () => {
      const folder = mkdtempSync(join(tmpdir(), "leasetap-lab-"));
      await inCables(5, async (cables) => {
        cables.lay("a", "b");
        const live = await cables.live("-i", "a0", "-i", "b0", "--write", folder);
        const { records, code } = await inFlood(cables, () => ended(live, "SIGTERM"));
        expect(code).toBe(130);
        const [input] = records.filter(({ type }) => type === "input");
        expect(input?.["dhcp"]).toBeGreaterThan(0);
        expect(records.at(-1)).toMatchObject({ type: "summary", complete: true });
        const files = readdirSync(folder).sort().map((name) => readFileSync(join(folder, name))); // prettier-ignore
        const { sink, reader } = readBytes(Buffer.concat(files));
        expect(reader.damage).toBeNull();
        // What the capture process said of each of its watches when that was over, it has also handed on.
        expect(countedIn(sink)).toBe(sink.frames.length);
        expect(input?.["frames"]).toBe(sink.frames.length);
        expect(gapsOf(sink, "b0")).toEqual(["the capture was ended"]);
        expect(["the capture was ended", "more frames than could be read"]).toContain(gapsOf(sink, "a0").at(-1));
      });
      rmSync(folder, { recursive: true });
    });

    it("says where it stood still, if the kernel's stamps are not to be had", { timeout: LONG }, async () => {
      await inCables(6, async (cables) => {
        cables.lay("a");
        // Where /proc is hidden, nobody can read the ring.
        const hiding = ["unshare", "-m", "sh", "-c", 'mount -t tmpfs none /proc && exec "$0" "$@"'];
        const recording = await cables.record(["a0"], hiding);
        const stopped = now();
        const processes = captureProcesses(recording.running);
        for (const pid of processes) process.kill(pid, "SIGSTOP");
        await cables.send("a1", [request], 3, 1000);
        await seconds(1);
        for (const pid of processes) process.kill(pid, "SIGCONT");
        const went = now();
        await seconds(2);
        const { sink } = readBytes(await recording.end());
        expect(sink.interfaces).toMatchObject([{ name: "a0", stampedOnArrival: true }]);
        const stalls = sink.remarks.flatMap(({ remark }) => (remark.kind === "stalled" ? [remark] : []));
        expect(stalls.filter(({ from, to }) => from < stopped + 0.3 && to > went - 0.1)).toHaveLength(1);
        for (const frame of sink.frames) expect(timeOf(frame)).toBeGreaterThan(went - 0.1);
        expect(sink.frames).toHaveLength(3);
      });
    });

    it(
      "takes over from a capture process that hangs, but not where all have stood still",
      { timeout: LONG },
      async () => {
        await inCables(10, async (cables) => {
          // More than one process watches.
          cables.lay(...Array.from({ length: 17 }, (_one, index) => `h${index}n`));
          const recording = await cables.record(["h*"]);
          const [first = 0, second = 0] = captureProcesses(recording.running);
          const all = [recording.running.child.pid ?? 0, first, second];
          for (const pid of all) process.kill(pid, "SIGSTOP");
          await seconds(11);
          for (const pid of all) process.kill(pid, "SIGCONT");
          await seconds(2);
          const stopped = now();
          process.kill(first, "SIGSTOP");
          await recording.running.said(
            /^a capture process has not answered for \d+ s: .* watches its 32 interfaces\.$/,
            1,
            30,
          );
          await seconds(3);
          await cables.send("h0n1", [request], 3, 1000);
          await seconds(1);
          const { sink, reader } = readBytes(await recording.end());
          expect(reader.damage).toBeNull();
          const names = sink.interfaces.map(({ name }) => name ?? "");
          const gaps = names.map((name) => gapsOf(sink, name));
          expect(gaps.filter((reasons) => reasons.length === 1)).toHaveLength(2);
          const hung = gaps.filter((reasons) => reasons[0] === "capture process did not answer");
          expect(hung).toHaveLength(32);
          expect(framesOf(sink, "h0n0")).toHaveLength(3);
          // Up to that no time had passed by what the other process said.
          const told = sink.remarks.findIndex(({ remark }) => remark.kind === "gap");
          const times = sink.remarks.slice(0, told).map(({ seconds: whole }) => whole);
          expect(Math.max(...times)).toBeLessThan(stopped + 5);
        });
      },
    );

    it("takes a hundred interfaces for a few hundred megabytes", { timeout: LONG }, async () => {
      await inCables(7, async (cables) => {
        cables.lay(...Array.from({ length: 50 }, (_one, index) => `c${index}n`));
        const live = await cables.live("-i", "c*");
        const { pid = 0 } = live.child;
        await seconds(3);
        // docs/live.md says what it takes on a quiet machine; this is to notice when it takes twice as much.
        expect(memoryOf(pid)).toBeLessThan(500e6);
        const { records } = await ended(live, "SIGTERM");
        const [input] = records.filter(({ type }) => type === "input");
        expect(input?.["interfaces"]).toHaveLength(100);
      });
    });

    it("records what it captures, so that analyze finds the same in it", { timeout: LONG }, async () => {
      const folder = mkdtempSync(join(tmpdir(), "leasetap-lab-"));
      await inCables(9, async (cables) => {
        cables.lay("a", "b");
        const live = await cables.live("-i", "a0", "-i", "b0", "--write", folder, "--write-file-age", "2s");
        await cables.send("a1", [request], 3, 1000);
        cables.cut("b");
        await seconds(3);
        cables.lay("b");
        await seconds(3);
        await cables.send("b1", [request], 3, 1000);
        await seconds(1);
        const { records } = await ended(live, "SIGTERM");
        const analyzed = recordsOf((await leasetap(["analyze", folder, "--json"])).stdout);
        const told = (all: readonly Json[], type: string): unknown[] =>
          all.filter((record) => record["type"] === type).map((record) => ({ ...record, input: null }));
        expect(readdirSync(folder).length).toBeGreaterThan(2);
        expect(told(analyzed, "input")).toEqual(told(records, "input"));
        expect(told(analyzed, "summary")).toEqual(told(records, "summary"));
      });
      rmSync(folder, { recursive: true });
    });

    it("says who may capture", { timeout: LONG }, async () => {
      await inCables(8, async (cables) => {
        cables.lay("a");
        const { said, code } = await cables.refused("-i", "a0");
        expect(code).toBe(3);
        expect(said).toBe(
          "leasetap: This user may not capture on a0: run leasetap as root, or with the capability CAP_NET_RAW.",
        );
      });
    });
  });
});

async function inCables(number: number, story: (cables: Cables) => Promise<void>): Promise<void> {
  const cables = new Cables(number);
  try {
    await story(cables);
  } finally {
    await cables.dismantle();
  }
}

/** Frames on cable "a" for three seconds, more than are easily read; `act` comes in the middle. */
async function inFlood<T>(cables: Cables, act: () => Promise<T>): Promise<T> {
  let begun = (): void => undefined;
  const middle = new Promise<void>((settle) => {
    begun = () => setTimeout(settle, 1000);
  });
  const flood = cables.send("a1", [request], FLOOD, 20_000, begun);
  await middle;
  const result = await act();
  await flood;
  return result;
}

async function ended(live: Running, signal: NodeJS.Signals): Promise<{ records: Json[]; code: number | null }> {
  const code = await live.end(signal);
  return { records: recordsOf(live.lines.map(({ text }) => `${text}\n`).join("")), code };
}

function captureProcesses({ child }: Running): number[] {
  const isOne = (pid: number): boolean => readFileSync(`/proc/${pid}/cmdline`, "latin1").includes("child.js");
  return childrenOf(child.pid ?? 0).filter(isOne);
}

/** What tshark says on standard error of a stream that is not as it should be. */
function complaintsOfTshark(stream: Uint8Array): string {
  const folder = mkdtempSync(join(tmpdir(), "leasetap-lab-"));
  const file = join(folder, "stream.pcapng");
  try {
    writeFileSync(file, stream);
    const { stderr } = spawnSync(requireTool("tshark"), ["-r", file], { encoding: "utf8" });
    return stderr.replace(/^Running as user "root".*\n/m, "");
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function indexesOf({ interfaces }: Collector, name: string): number[] {
  return interfaces.filter((one) => one.name === name).map(({ index }) => index);
}

function framesOf(sink: Collector, name: string): Collector["frames"] {
  const indexes = indexesOf(sink, name);
  return sink.frames.filter(({ interfaceIndex }) => indexes.includes(interfaceIndex));
}

function gapsOf(sink: Collector, name: string): string[] {
  const indexes = indexesOf(sink, name);
  return sink.remarks.flatMap(({ remark, interfaceIndex }) =>
    remark.kind === "gap" && indexes.includes(interfaceIndex) ? [remark.reason] : [],
  );
}

/** Frames of all watches, by what was said as each of them ended. */
function countedIn({ remarks }: Collector): number {
  return remarks.reduce((sum, { remark }, index) => {
    const before = remarks[index - 1]?.remark;
    return remark.kind === "gap" && before?.kind === "counts" ? sum + (before.received ?? 0) : sum;
  }, 0);
}

/** When the watches of an interface began, in seconds since 1970. */
function startsOf(sink: Collector, name: string): number[] {
  const indexes = indexesOf(sink, name);
  const starts = sink.watched.filter(({ interfaceIndex }) => indexes.includes(interfaceIndex)).map(timeOf);
  return [...new Set(starts)];
}

function timeOf({ seconds: whole, nanos }: { readonly seconds: number; readonly nanos: number }): number {
  return whole + nanos / 1e9;
}

function now(): number {
  return Date.now() / 1000;
}

function seconds(count: number): Promise<void> {
  return new Promise((settle) => setTimeout(settle, count * 1000));
}

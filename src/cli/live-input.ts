import { chunkSource, openLiveSource, type Source } from "../capture/file.js";
import { InterfaceCapture } from "../capture/live/interface-capture.js";
import { interfaceNames, isBridge, isPattern, wantedOf, type Wanted } from "../capture/live/interfaces.js";
import type { FrameSink } from "../capture/sink.js";
import { beatSteadily } from "../capture/steady-beat.js";
import { switchNames, switchPortsOf } from "../host/openvswitch.js";
import { readPressure } from "../host/pressure.js";
import { LocalSystem } from "../host/system.js";
import { BEAT, Witness } from "../live/witness.js";
import { VERSION } from "../version.js";
import type { LiveOptions } from "./live-command.js";
import { similar } from "./similar.js";
import { UsageError } from "./usage-error.js";

const STANDARD_INPUT = "-";
/** Interfaces that a sentence names. */
const NAMED = 8;

/** What a watch reads. */
export interface LiveInput {
  /** How records call it. */
  readonly name: string;
  /** What is watched, and what is waited for, for a sentence. */
  readonly sentence: string;
  open(sink: FrameSink): Source;
  /** Has it end, with what is still to be read; false: only its other end can do that. */
  end(): boolean;
}

/**
 * Standard input, or interfaces of this host.
 *
 * @param tell takes sentences about interfaces, for the operator
 * @throws UsageError; EnvironmentError if interfaces cannot be captured
 */
export async function openLiveInput(
  source: string | undefined,
  { interface: words = [], followPorts }: LiveOptions,
  tell: (sentence: string) => void,
): Promise<LiveInput> {
  if (words.length === 0) {
    if (followPorts === true) {
      throw new UsageError("--follow-ports needs a bridge: leasetap live -i br0 --follow-ports.");
    }
    if (source !== STANDARD_INPUT) throw new UsageError(nothingToWatch(source));
    return {
      name: source,
      sentence: "Watching standard input",
      open: (sink) => openLiveSource(source, sink),
      end: () => false,
    };
  }
  if (source !== undefined) throw new UsageError(`${source} and --interface exclude each other: give one of them.`);
  const wanted = { words, followPorts: followPorts === true };
  const system = new LocalSystem();
  const switches = wanted.followPorts ? wantedOf({ words, followPorts: false }, await switchNames(system)) : [];
  checkNames(wanted, switches);
  const switchPorts = (): Promise<string[]> => switchPortsOf(system, switches);
  const capture = new InterfaceCapture({ wanted, switchPorts, program: `leasetap ${VERSION}`, tell });
  await capture.start();
  const witness = new Witness(() => capture.watching);
  if (readPressure() === null) tell(NO_PRESSURE);
  const beat = beatSteadily(BEAT, () => {
    capture.remark(witness.beat());
  });
  const name = words.join(",");
  return {
    name,
    sentence: watchSentence(words, capture.watching),
    open: (sink) => chunkSource(name, capture.chunks, sink),
    end: () => {
      beat.stop();
      capture.end();
      return true;
    },
  };
}

const NO_PRESSURE =
  "this kernel does not tell how busy the host is (/proc/pressure, Linux 4.20 with psi=1): lost renewals are told without it.";

function nothingToWatch(source: string | undefined): string {
  if (source !== undefined && interfaceNames().includes(source)) {
    return `to watch the interface ${source}: leasetap live -i ${source}`;
  }
  return "what shall be watched? An interface of this host: leasetap live -i br0; or a capture on standard input: tcpdump -i br0 -U -w - 'port 67 or port 68 or icmp or arp' | leasetap live -";
}

/**
 * A pattern may match nothing yet; a name that does not exist is a slip.
 *
 * @param switches bridges of Open vSwitch among them
 */
function checkNames({ words, followPorts }: Wanted, switches: readonly string[]): void {
  const names = interfaceNames();
  for (const word of words) {
    if (isPattern(word) || names.includes(word)) continue;
    const meant = similar(word, names);
    const guess = meant.length === 0 ? `This host has ${listed(names)}.` : `Did you mean ${listed(meant)}?`;
    throw new UsageError(`there is no interface ${JSON.stringify(word)}. ${guess}`);
  }
  if (!followPorts) return;
  const named = wantedOf({ words, followPorts: false }, names);
  if (named.some(isBridge) || switches.length > 0 || words.some(isPattern)) return;
  const bridges = names.filter(isBridge);
  throw new UsageError(
    `${listed(named)} is no bridge, so that there are no ports to follow. ${
      bridges.length === 0
        ? "This host has no bridge of Linux, and ovs-vsctl knows none of that name; name the ports of another switch: -i 'vnet*'."
        : `Bridges of this host: ${listed(bridges)}.`
    }`,
  );
}

function watchSentence(words: readonly string[], watching: readonly string[]): string {
  const waiting = words.filter((word) => wantedOf({ words: [word], followPorts: false }, watching).length === 0);
  const watched = watching.length === 0 ? [] : [`Watching ${listed(watching)}`];
  const awaited = waiting.length === 0 ? [] : [`${watched.length === 0 ? "W" : "w"}aiting for ${listed(waiting)}`];
  return [...watched, ...awaited].join(", ");
}

function listed(names: readonly string[]): string {
  const more = names.length - NAMED;
  return names.slice(0, NAMED).join(", ") + (more > 0 ? ` and ${more} more` : "");
}

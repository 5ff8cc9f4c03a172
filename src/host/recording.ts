import { MANAGERS, PORT_KINDS, type HostFacts } from "./facts.js";
import type * as Facts from "./facts.js";
import { isObject, parseJson } from "./json.js";
import { isBoolean, isNumber, isString, listOf, oneOf, orNull, shape } from "./shape.js";

/** What `leasetap doctor --record` writes. */
export interface HostRecording {
  readonly format: "leasetap host";
  /** Changes where facts that were there before change or go away. */
  readonly schema: 1;
  /** The version of leasetap that wrote it. */
  readonly version: string;
  /** ISO 8601, UTC. */
  readonly recorded: string;
  readonly host: HostFacts;
}

const FORMAT = "leasetap host";
const SCHEMA = 1;

/** The text of a file that keeps what is known of a host. */
export function writeRecording(host: HostFacts, version: string, recorded: Date): string {
  const recording: HostRecording = {
    format: FORMAT,
    schema: SCHEMA,
    version,
    recorded: recorded.toISOString(),
    host,
  };
  return `${JSON.stringify(recording, null, 1)}\n`;
}

/** Why a text is no recording that this version reads. */
export type Unreadable = "no-recording" | "other-schema" | "damaged";

export function readRecording(text: string): HostRecording | Unreadable {
  const value = parseJson(text);
  if (!isObject(value) || value["format"] !== FORMAT) return "no-recording";
  if (value["schema"] !== SCHEMA) return "other-schema";
  const { version, recorded, host } = value;
  if (!isString(version) || !isString(recorded) || !isHost(host)) return "damaged";
  return { format: FORMAT, schema: SCHEMA, version, recorded, host };
}

const isFeature = shape<Facts.Feature>({ active: isBoolean, fixed: isBoolean, requested: orNull(isBoolean) });

const isOffload = shape<Facts.Offload>({
  name: isString,
  active: isBoolean,
  fixed: isBoolean,
  requested: orNull(isBoolean),
  segmentation: orNull(isFeature),
});

const isCounters = shape<Facts.Counters>({
  received: isNumber,
  sent: isNumber,
  receiveErrors: isNumber,
  sendErrors: isNumber,
  receiveDropped: isNumber,
  sendDropped: isNumber,
  collisions: isNumber,
});

const isNic = shape<Facts.Nic>({
  model: orNull(isString),
  mac: orNull(isString),
  vhost: orNull(isBoolean),
  csum: orNull(isBoolean),
  guestCsum: orNull(isBoolean),
});

const isMachine = shape<Facts.Machine>({
  pid: isNumber,
  name: orNull(isString),
  program: isString,
  manager: orNull(oneOf(MANAGERS)),
  id: orNull(isString),
  nic: orNull(isNic),
});

const isLabel = shape<Facts.Label>({
  by: oneOf(MANAGERS),
  machine: orNull(isString),
  card: orNull(isString),
  mac: orNull(isString),
});

const isPort = shape<Facts.Port>({
  name: isString,
  kind: oneOf(PORT_KINDS),
  mac: orNull(isString),
  state: orNull(isString),
  counters: orNull(isCounters),
  offload: orNull(isOffload),
  peer: orNull(isString),
  label: orNull(isLabel),
  learned: listOf(isString),
  tap: orNull(shape<Facts.Tap>({ vnetHeader: orNull(isBoolean), machine: orNull(isMachine) })),
});

const isBridge = shape<Facts.Bridge>({
  name: isString,
  kind: oneOf(["linux", "openvswitch"]),
  offload: orNull(isOffload),
  callsIptables: orNull(isBoolean),
  ports: listOf(isPort),
});

const isFill = shape<Facts.FillRule>({
  text: isString,
  chain: isString,
  out: orNull(isString),
  physical: isBoolean,
  packets: orNull(isNumber),
});

const isRules = shape<Facts.Rules>({
  fill: orNull(listOf(isFill)),
  zeroing: orNull(
    listOf(shape<Facts.ZeroingRule>({ text: isString, family: isString, table: isString, chain: isString })),
  ),
  recompute: orNull(
    listOf(
      shape<Facts.RecomputeFilter>({
        device: isString,
        at: oneOf(["root", "egress", "ingress"]),
        text: isString,
        packets: orNull(isNumber),
      }),
    ),
  ),
  bridgeCallsIptables: orNull(isBoolean),
  conntrackVerifies: orNull(isBoolean),
  dropsInvalid: orNull(isBoolean),
});

const isHost = shape<HostFacts>({
  namespace: orNull(isString),
  bridges: listOf(isBridge),
  loose: listOf(isPort),
  elsewhere: listOf(shape<Facts.ForeignTap>({ name: isString, namespace: orNull(isString), machine: isMachine })),
  servers: orNull(
    listOf(shape<Facts.DhcpServer>({ pid: orNull(isNumber), program: orNull(isString), here: isBoolean })),
  ),
  rules: isRules,
  udpChecksumErrors: orNull(isNumber),
  unreadable: listOf(isString),
});

import type { ClockStepEvent } from "./clock-step.js";
import type { Gap } from "./coverage.js";
import type { Binding, Client, Cycle, Lease } from "./cycle.js";
import type { Message } from "./message.js";

/** What the tracker tells as things happen. A cycle or lease is told again when something of it has changed. */
export interface TrackerSink {
  lease(lease: Lease): void;
  cycle(cycle: Cycle): void;
  /** There were too many clients: nothing more is known of this one. `latest` is the message that was one too many. */
  forgotten(client: Client, latest: Message): void;
  /** Stamps jump far ahead of the client's own clock: it still asks to keep what by them has long expired. */
  jumped(binding: Binding, message: Message): void;
  /** The client refused its new address because somebody uses it (RFC 2131 §4.4.1). */
  declined(binding: Binding, message: Message): void;
}

/** Looks on while messages are tracked; what it is told of may change again with the next message. */
export interface TrackerObserver extends TrackerSink {
  /** A message of this client, or to it, was tracked. */
  touched(client: Client): void;
  /** The clock of an input was set. */
  clockStep(event: ClockStepEvent): void;
  /** A gap in the watch of that interface has begun (its `to` is Infinity), or has ended. */
  gap(gap: Gap, interfaceName: string): void;
}

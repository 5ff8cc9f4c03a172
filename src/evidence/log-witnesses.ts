import type { InputClock } from "../clocks/input-clock.js";
import type { Loss, Testimony, Witnesses } from "../findings/testimony.js";
import type { Cycle } from "../lease/cycle.js";
import type { Message } from "../lease/message.js";
import { align, type Alignment } from "./align.js";
import { clientOf, clientTestimony, watchedOf, type ClientWitness } from "./client-log.js";
import { Diary } from "./diary.js";
import { logClock, type PlacedLog } from "./placed-log.js";
import { isConvincing, serverTestimony, serverWitness, type ServerWitness } from "./server-log.js";
import type { MessageLine, Transcript } from "./transcript.js";

/** Logs of clients and servers beside the packets. */
export class LogWitnesses implements Witnesses {
  readonly #diary = new Diary();
  #placed: readonly PlacedLog[] = [];

  constructor(private readonly transcripts: readonly Transcript[]) {}

  message(message: Message): void {
    this.#diary.message(message);
  }

  /** How each log lies beside the packets; known once they testified. */
  get placed(): readonly PlacedLog[] {
    return this.#placed;
  }

  clocks(reference: string): { readonly input: string; readonly clock: InputClock }[] {
    return this.#placed.flatMap((placed) => {
      const clock = logClock(placed, reference);
      return clock === null ? [] : [{ input: placed.input, clock }];
    });
  }

  testify(losses: readonly Loss[]): ReadonlyMap<Cycle, readonly Testimony[]> {
    const testimonies = new Map<Cycle, Testimony[]>();
    this.#placed = this.transcripts.map((transcript) => {
      const clients = this.#clients(transcript);
      const servers = this.#servers(transcript);
      let testifies = false;
      for (const loss of losses) {
        const { address } = loss.cycle.binding.client;
        const said = [
          ...clients
            .filter(({ client }) => client === address)
            .flatMap(({ witness }) => clientTestimony(witness, loss)),
          ...servers.flatMap((witness) => serverTestimony(witness, loss)),
        ];
        testifies ||= said.length > 0;
        if (said.length > 0) testimonies.set(loss.cycle, [...(testimonies.get(loss.cycle) ?? []), ...said]);
      }
      return { ...placedLog(transcript, clients, servers), testifies };
    });
    return testimonies;
  }

  #clients({ input, clients }: Transcript): Named[] {
    return clients.flatMap((transcript) => {
      const found = clientOf(transcript, this.#diary.clients, (client) =>
        align(transcript.messages, this.#diary.of(client)),
      );
      if (found === null) return [];
      const { client, alignment } = found;
      const packets = this.#diary.of(client);
      const showsUnicasts = packets.some(({ unicast }) => unicast);
      return [
        { client, witness: { input, transcript, alignment, watched: watchedOf(this.#diary.points), showsUnicasts } },
      ];
    });
  }

  #servers({ input, servers, first, last }: Transcript): ServerWitness[] {
    const { points } = this.#diary;
    return servers.flatMap((transcript) => {
      const found = align(transcript.messages, points);
      const sure = found !== null && isConvincing(found) ? found : null;
      // It was written at the time of the packets, by its stamps: what waited in the server's queue has lines later on.
      const meets = first <= (points.at(-1)?.time ?? -Infinity) && last >= (points[0]?.time ?? Infinity);
      const alignment = sure ?? (meets ? NO_LINES : null);
      return alignment === null ? [] : [serverWitness(input, transcript, alignment, first, last)];
    });
  }
}

const NO_LINES: Alignment<MessageLine> = { ahead: 0, seen: new Map() };

interface Named {
  readonly client: string;
  readonly witness: ClientWitness;
}

function placedLog(
  { input, first, last, dated }: Transcript,
  clients: readonly Named[],
  servers: readonly ServerWitness[],
): Omit<PlacedLog, "testifies"> {
  const alignments: Alignment<MessageLine>[] = [
    ...clients.map(({ witness }) => witness.alignment),
    ...servers.map(({ alignment }) => alignment),
  ];
  const best = alignments.reduce<Alignment<MessageLine> | null>(
    (most, alignment) => (alignment.seen.size > (most?.seen.size ?? 0) ? alignment : most),
    null,
  );
  const ahead = best?.ahead ?? null;
  // Of which day lines are that have none, the packets tell.
  const days = dated ? 0 : DAY * Math.round((ahead ?? NaN) / DAY);
  return {
    input,
    first: first - days,
    last: last - days,
    messages: alignments.reduce((sum, { seen }) => sum + seen.size, 0),
    ahead: ahead === null ? null : ahead - days,
    clients: clients.map(({ client }) => client),
    servers: servers.filter(({ alignment }) => alignment.seen.size > 0).map(({ transcript }) => transcript.program),
  };
}

const DAY = 86_400;

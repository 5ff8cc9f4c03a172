import { ack, rebind, renew, script, type Script } from "../../support/script.js";

/** Seconds between the first frames of two clients. */
const APART = 0.01;

/**
 * A thousand clients, and what became of each is written here: every seventh ignores the unfinished replies to its
 * renewals, loses its address at 120 s and is bound again 6 s later; every twenty-fifth of the others renews with its
 * third request only, because nobody answered the first two; the rest is well.
 */
export function crowd(clients: number): Script {
  const frames = script({ lease: 120 });
  const stories: (readonly [time: number, tell: () => void])[] = [];
  for (let client = 1; client <= clients; client++) {
    const at = client * APART;
    const own = { client, xid: client, address: `10.0.${Math.floor(client / 250) + 1}.${(client % 250) + 1}` };
    const later = (time: number, tell: () => void): void => void stories.push([at + time, tell]);
    later(0, () => frames.bound(at, own));
    if (client % 7 === 0) {
      const ignored = { ...own, sum: "partial" } as const;
      for (const [time, step] of [
        [60, renew],
        [75, renew],
        [106, rebind],
      ] as const) {
        later(time, () => frames.at(at + time, step({ ...own, secs: time - 60 })).at(at + time + 0.001, ack(ignored)));
      }
      later(126, () => frames.bound(at + 126, own));
    } else if (client % 25 === 0) {
      later(60, () => frames.at(at + 60, renew(own)));
      later(75, () => frames.at(at + 75, renew({ ...own, secs: 15 })));
      later(106, () => frames.at(at + 106, rebind({ ...own, secs: 46 })).at(at + 106.001, ack(own)));
    } else {
      later(60, () => frames.renewed(at + 60, own));
      later(120, () => frames.renewed(at + 120, own));
    }
  }
  for (const [, tell] of stories.sort((a, b) => a[0] - b[0])) tell();
  return frames.until(180);
}

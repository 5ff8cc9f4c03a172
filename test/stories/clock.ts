/** Discrete-event time: seconds since the story's beginning, and what happens when. */
export interface Clock {
  now(): number;
  /** Calls `action` at `time` (never before now). Returns the way to cancel it. */
  at(time: number, action: () => void): () => void;
  after(delay: number, action: () => void): () => void;
  /** Runs everything up to and including `until`. */
  run(until: number): void;
}

interface Event {
  time: number;
  order: number;
  action: () => void;
  cancelled: boolean;
}

export function createClock(): Clock {
  let now = 0;
  let order = 0;
  /** binary heap, earliest first; equal times in the order they were asked for */
  const heap: Event[] = [];
  const before = (one: Event, other: Event): boolean =>
    one.time < other.time || (one.time === other.time && one.order < other.order);

  const push = (event: Event): void => {
    let index = heap.push(event) - 1;
    while (index > 0) {
      const above = (index - 1) >> 1;
      const parent = heap[above];
      if (parent === undefined || !before(event, parent)) break;
      heap[index] = parent;
      heap[above] = event;
      index = above;
    }
  };

  const pop = (): Event | undefined => {
    const first = heap[0];
    const last = heap.pop();
    if (first === undefined || last === undefined || first === last) return first;
    let index = 0;
    for (;;) {
      const left = heap[2 * index + 1];
      const right = heap[2 * index + 2];
      const smaller = left !== undefined && (right === undefined || before(left, right)) ? left : right;
      if (smaller === undefined || !before(smaller, last)) break;
      heap[index] = smaller;
      index = smaller === left ? 2 * index + 1 : 2 * index + 2;
    }
    heap[index] = last;
    return first;
  };

  const at = (time: number, action: () => void): (() => void) => {
    const event: Event = { time: Math.max(time, now), order: order++, action, cancelled: false };
    push(event);
    return () => {
      event.cancelled = true;
    };
  };

  return {
    now: () => now,
    at,
    after: (delay, action) => at(now + delay, action),
    run(until) {
      for (let next = heap[0]; next !== undefined && next.time <= until; next = heap[0]) {
        const event = pop();
        if (event === undefined) break;
        now = event.time;
        if (!event.cancelled) event.action();
      }
      now = Math.max(now, until);
    },
  };
}

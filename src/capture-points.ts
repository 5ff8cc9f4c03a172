import type { CaptureInterface } from "./capture/sink.js";
import type { Point } from "./lease/message.js";
import type { Vigil } from "./lease/paths.js";
import { Watching } from "./lease/watched-points.js";
import type { LinkLayer } from "./wire/link-layer.js";

/** Points of one input that are told apart; frames of further ones count as seen at the first of their interface. */
const MOST = 1024;

/** The name of a capture on all interfaces, which says nothing of where a frame was seen. */
const ALL = "any";

/**
 * Where the frames of one input were captured: at its interfaces, or, where an interface stands for several (`any`), at
 * each of these, going in and going out.
 */
export class CapturePoints {
  readonly #points = new Map<number, Point>();
  readonly #interfaces: CaptureInterface[] = [];
  readonly #watching: Watching[] = [];

  constructor(
    private readonly input: string,
    /** What the user calls it; null: as the capture does. */
    private readonly name: string | null,
    private readonly nextId: (watching: Watching) => number,
  ) {}

  /** @returns the same, with the name that the user gave it */
  add(found: CaptureInterface, layer: LinkLayer | null, watching: Watching): CaptureInterface {
    const single = (layer?.vantage ?? null) === null;
    const description = single ? this.#named(found) : found;
    this.#interfaces[description.index] = description;
    this.#watching[description.index] = watching;
    if (single) this.#create(description.index, description.name);
    return description;
  }

  /**
   * A number for the point at which a frame was captured: `at` knows it.
   *
   * @param interfaceIndex position of the interface in the input
   */
  scope(layer: LinkLayer, view: DataView, offset: number, interfaceIndex: number): number {
    return layer.vantage === null ? interfaceIndex : layer.vantage(view, offset) * INTERFACES + interfaceIndex;
  }

  /** The point of a `scope`; null if it is of no interface. */
  at(scope: number): Point | null {
    const point = this.#points.get(scope);
    if (point !== undefined) return point;
    const description = this.#interfaces[scope % INTERFACES];
    if (description === undefined) return null;
    if (this.#points.size >= MOST) return this.at(description.index);
    // See LinkLayer.vantage: twice the number of the interface, plus the direction.
    const number = Math.floor(scope / INTERFACES / 2);
    const known = description.name === ALL ? null : description.name;
    return this.#create(scope, known ?? (number === 0 ? description.name : `if${number}`));
  }

  /**
   * Each point, and when it was watched.
   *
   * @param first of the input's frames, in seconds since 1970
   * @param last of them
   */
  *watched(first: number, last: number): Generator<readonly [Point, Vigil]> {
    for (const [scope, point] of this.#points) {
      const coverage = this.#watchingOf(scope).coverage;
      yield [point, { first: coverage.from ?? first, last: coverage.until ?? last, coverage }];
    }
  }

  /** Further interfaces of the input keep their own name, if they have one. */
  #named(found: CaptureInterface): CaptureInterface {
    if (this.name === null) return found;
    return { ...found, name: found.index === 0 ? this.name : (found.name ?? `${this.name}:${found.index}`) };
  }

  #create(scope: number, name: string | null): Point {
    const point: Point = { id: this.nextId(this.#watchingOf(scope)), input: this.input, interface: name };
    this.#points.set(scope, point);
    return point;
  }

  #watchingOf(scope: number): Watching {
    return this.#watching[scope % INTERFACES] ?? new Watching();
  }
}

/** More than an input can describe. */
const INTERFACES = 0x10_0000;

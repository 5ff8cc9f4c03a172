/** Clients that are followed at once; far more than one server has addresses for. */
const MOST = 1 << 16;
/** Of these, clients that nobody has answered yet: invented ones fill the memory no further. */
const MOST_UNANSWERED = 1 << 14;

/**
 * Which clients are let go when there are too many: those first that were heard a single time and never answered, as
 * invented ones are; then others that were never answered; the one that was silent longest first.
 */
export class Roll<T> {
  readonly #once = new Set<T>();
  readonly #unanswered = new Set<T>();
  readonly #answered = new Set<T>();

  /** @returns whom to forget for it; null: nobody */
  enter(client: T): T | null {
    this.#once.add(client);
    if (this.#once.size + this.#unanswered.size > MOST_UNANSWERED) {
      return leave(this.#once.size > 1 ? this.#once : this.#unanswered);
    }
    return this.#answered.size + this.#once.size + this.#unanswered.size > MOST ? leave(this.#answered) : null;
  }

  /** It was heard again. */
  heard(client: T): void {
    if (this.#once.delete(client) || this.#unanswered.delete(client)) this.#unanswered.add(client);
    else if (this.#answered.delete(client)) this.#answered.add(client);
  }

  answered(client: T): void {
    if (this.#once.delete(client) || this.#unanswered.delete(client)) this.#answered.add(client);
  }
}

function leave<T>(clients: Set<T>): T | null {
  for (const oldest of clients) {
    clients.delete(oldest);
    return oldest;
  }
  return null;
}

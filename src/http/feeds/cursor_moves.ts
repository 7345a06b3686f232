/** Tells those who wait for a consumer's events that somebody else has moved or removed it. */
export class Moves {
  #watching = new Map<string, Set<AbortController>>();

  /** A signal that aborts at the next move of this consumer, until it is disposed. */
  watch(name: string): Disposable & { readonly signal: AbortSignal } {
    const watcher = new AbortController();
    const watchers = this.#watching.get(name) ?? new Set();
    watchers.add(watcher);
    this.#watching.set(name, watchers);
    return {
      signal: watcher.signal,
      [Symbol.dispose]: () => {
        watchers.delete(watcher);
        if (watchers.size === 0 && this.#watching.get(name) === watchers) {
          this.#watching.delete(name);
        }
      },
    };
  }

  /** Tells of a move. */
  tell(name: string): void {
    for (const watcher of this.#watching.get(name) ?? []) watcher.abort();
  }
}

import { logger } from "../../base/log.ts";

/** Stands for the answer of a store that does not answer in time. */
export const SILENT = Symbol("the store did not answer");

/** Success or failure of the store's last operation, with its reason. */
export class StoreHealth {
  #log: ReturnType<typeof logger>;
  #failure: string | undefined;

  /** The health as one part sees it, under whose name it is logged. */
  constructor(part: "store" | "writer") {
    this.#log = logger(part);
  }

  /** Why the last attempt failed; undefined when it did not. */
  get failure(): string | undefined {
    return this.#failure;
  }

  /** Notes a failure, and logs it unless the one before was the same. */
  fail(message: string, error: unknown): void {
    const reason = reasonOf(error);
    if (this.#failure !== reason) this.#log.error(message, { reason });
    this.#failure = reason;
  }

  /** Notes that the store works. */
  recover(): void {
    if (this.#failure === undefined) return;
    this.#failure = undefined;
    this.#log.info("Store works again");
  }
}

function reasonOf(error: unknown): string {
  if (error === SILENT) return "no answer";
  return error instanceof Error ? error.message : String(error);
}

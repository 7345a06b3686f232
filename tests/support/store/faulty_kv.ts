import type { WritableKv } from "../../../src/store/kv/kv.ts";

/** Fate of one commit. */
export type CommitFault = keyof typeof COURSES;

/** Fate of one read. */
export type ReadFault = "works" | "fails" | "stays silent";

/** Calls that go wrong, in order; those after them work. */
export interface Faults {
  readonly commits?: readonly CommitFault[];
  readonly reads?: readonly ReadFault[];
  /** Another writer's act in between. */
  readonly rival?: () => Promise<unknown>;
}

interface Course {
  /** When the other writer is at work. */
  readonly rival?: "before" | "behind";
  /** `late`: when the next commit is sent, or in `settle()`. */
  readonly lands?: "now" | "late";
  readonly answer: ReadFault;
}

const COURSES = {
  "works": { lands: "now", answer: "works" },
  "fails": { answer: "fails" },
  "fails after landing": { lands: "now", answer: "fails" },
  "stays silent": { answer: "stays silent" },
  "lands silently": { lands: "now", answer: "stays silent" },
  "lands late": { lands: "late", answer: "stays silent" },
  "loses": { rival: "before", lands: "now", answer: "works" },
  "loses silently": { rival: "before", answer: "stays silent" },
  "loses and fails": { rival: "before", answer: "fails" },
  "is overtaken": { lands: "now", rival: "behind", answer: "stays silent" },
} as const satisfies Record<string, Course>;

/** A real KV handle whose commits and reads go wrong as told. */
export class FaultyKv implements WritableKv {
  #kv: Deno.Kv;
  #commits: CommitFault[];
  #reads: ReadFault[];
  #rival: () => Promise<unknown>;
  #late: (() => Promise<unknown>)[] = [];
  #rivals: Promise<unknown>[] = [];

  constructor(kv: Deno.Kv, { commits, reads, rival }: Faults) {
    this.#kv = kv;
    this.#commits = [...commits ?? []];
    this.#reads = [...reads ?? []];
    this.#rival = rival ?? (() => Promise.resolve());
  }

  /** Lets the commits land that were to land late, and the other writer finish. */
  async settle(): Promise<void> {
    await this.#landLate();
    await Promise.all(this.#rivals);
  }

  atomic(): Deno.AtomicOperation {
    const operation = this.#kv.atomic();
    const commit = operation.commit.bind(operation);
    operation.commit = () => this.#commit(commit);
    return operation;
  }

  get<T>(
    ...[key, options]: Parameters<Deno.Kv["get"]>
  ): Promise<Deno.KvEntryMaybe<T>> {
    return this.#read(() => this.#kv.get<T>(key, options));
  }

  getMany<T extends readonly unknown[]>(
    keys: readonly [...{ [K in keyof T]: Deno.KvKey }],
  ): Promise<{ [K in keyof T]: Deno.KvEntryMaybe<T[K]> }> {
    return this.#read(() => this.#kv.getMany<T>(keys));
  }

  list<T>(
    ...[selector, options]: Parameters<Deno.Kv["list"]>
  ): Deno.KvListIterator<T> {
    const entries = this.#kv.list<T>(selector, options);
    const next = entries.next.bind(entries);
    entries.next = () => {
      entries.next = next;
      return this.#read(next);
    };
    return entries;
  }

  async #commit<T>(commit: () => Promise<T>): Promise<T> {
    const course: Course = COURSES[this.#commits.shift() ?? "works"];
    await this.#landLate();
    if (course.rival === "before") await this.#letRival();
    if (course.lands === "late") this.#late.push(commit);
    const result = course.lands === "now" ? commit() : silence();
    if (course.rival === "behind") {
      await result;
      await this.#letRival();
    }
    if (course.answer === "works") return await result;
    if (course.lands === "now") await result;
    return await (course.answer === "fails" ? failure() : silence());
  }

  async #landLate(): Promise<void> {
    for (const land of this.#late.splice(0)) await land();
  }

  async #letRival(): Promise<void> {
    const rival = this.#rival();
    this.#rivals.push(rival);
    await rival;
  }

  #read<T>(read: () => Promise<T>): Promise<T> {
    const fault = this.#reads.shift() ?? "works";
    if (fault === "fails") return failure();
    return fault === "works" ? read() : silence();
  }
}

function failure(): Promise<never> {
  return Promise.reject(new Error("Injected failure"));
}

function silence(): Promise<never> {
  return Promise.withResolvers<never>().promise;
}

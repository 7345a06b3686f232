import type { KvKey } from "../../store/kv/kv.ts";
import type { ReadableKv } from "../../store/kv/kv.ts";
import {
  type KeptText,
  keptText,
  textOfKept,
  valueBytes,
} from "../../store/kv/size.ts";
import { decodeTopic, encodeTopic } from "../fold/codec.ts";
import type { TopicChange } from "../fold/fold.ts";
import type { Stamp } from "../fold/stamp.ts";
import { applyToTopic, type TopicState } from "../fold/topic.ts";
import type { DirectoryKeys, GroupRef } from "../rows/keys.ts";
import type { Mutation } from "../rows/writer.ts";
import { guarded } from "./commit_bundle.ts";

/** The options of Topics. */
export interface TopicsOptions {
  readonly kv: ReadableKv;
  readonly keys: DirectoryKeys;
  readonly ref: GroupRef;
}

/** The topics of one community while it is being folded: those that its events touch. */
export class Topics {
  #options: TopicsOptions;
  #topics = new Map<string, TopicState>();
  /** Topics that the next slice writes, as they are kept. */
  #changed = new Map<string, KeptText>();

  constructor(options: TopicsOptions) {
    this.#options = options;
  }

  /** The number of topics that the next slice writes. */
  get touched(): number {
    return this.#changed.size;
  }

  /** Their size, roughly, bytes. */
  get bytes(): number {
    return this.#changed.values().reduce((sum, it) => sum + valueBytes(it), 0);
  }

  /** Changes a topic. */
  async apply(change: TopicChange, stamp: Stamp): Promise<void> {
    const { topicId } = change;
    const before = this.#topics.get(topicId) ?? await this.#read(topicId);
    const after = guarded(() => applyToTopic(before, change, stamp));
    if (after === before) return;
    this.#topics.set(topicId, after);
    this.#changed.set(topicId, keptText(encodeTopic(after)));
  }

  /** Returns what the next slice writes of the topics. */
  cut(): Mutation[] {
    const mutations = Array.from(
      this.#changed,
      ([topicId, value]) => ({ key: this.#key(topicId), value }),
    );
    this.#changed.clear();
    return mutations;
  }

  async #read(topicId: string): Promise<TopicState | undefined> {
    const { value } = await this.#options.kv.get<KeptText>(this.#key(topicId));
    return value === null ? undefined : decodeTopic(textOfKept(value));
  }

  #key(topicId: string): KvKey {
    const { keys, ref } = this.#options;
    return [...keys.parts("topics", ref), topicId];
  }
}

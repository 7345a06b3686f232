import type { Store } from "../../store/open.ts";
import type { Deliver, DeliveryObserver, RetryDelay } from "../delivery.ts";
import type { Gate } from "./send_pace.ts";
import type { Sleep } from "./wait.ts";
import type { Pages } from "./pages.ts";
import type { StoreTurns } from "../store_turns.ts";

/** What a worker shares with those of the other endpoints. */
export interface WorkerOptions {
  readonly store: Pick<Store, "reader" | "fenced" | "tail">;
  readonly turns: Pick<StoreTurns, "take">;
  readonly gate: Pick<Gate, "pass">;
  readonly pages: Pick<Pages, "read">;
  readonly deliver: Deliver;
  readonly retryDelay: RetryDelay;
  readonly observe: DeliveryObserver;
  readonly now?: () => number;
  readonly sleep?: Sleep;
}

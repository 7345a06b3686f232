/** A record that the directory cannot take; it is set aside with the reason. */
export class Unfoldable extends Error {
  override name = "Unfoldable";
}

/** Does what is pure; a fault in it must not stop the journal: its record is set aside. */
export function guarded<T>(apply: () => T): T {
  try {
    return apply();
  } catch (cause) {
    throw new Unfoldable(
      cause instanceof Error ? cause.message : String(cause),
    );
  }
}

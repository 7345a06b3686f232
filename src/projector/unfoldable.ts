/** A record that the directory cannot take; it is set aside with the reason. */
export class Unfoldable extends Error {
  override name = "Unfoldable";
}

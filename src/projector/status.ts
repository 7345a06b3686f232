/** How far the directory is. */
export interface DirectoryStatus {
  readonly generation: number;
  /** The last record that is in it. */
  readonly through: number;
  /** The last record of the journal. */
  readonly last: number;
  /** How far a rebuild is. */
  readonly building?: { readonly through: number } | undefined;
  /** Why it does not go on; it tries again. */
  readonly failure?: string | undefined;
}

/** One line of a definition's books. */
export interface Entry {
  /** Such as `invoice#2026-10`; entries sort by it. */
  readonly name: string;
  readonly text: string;
}

/**
 * What billing remembers: per definition its published versions, which run is the invoice of a month, and every other run.
 * Entries are made once and never changed; tables and definitions lie beside them, named by the hash of what they are made of.
 */
export interface Books {
  /** Where people find it: `s3://…` or a folder. */
  readonly place: string;
  read(definition: string, name: string): Promise<string | undefined>;
  /** The entries whose names begin so, in their order. */
  list(definition: string, prefix: string): Promise<Entry[]>;
  /** False where there is one of that name: it stays as it is. */
  create(definition: string, entry: Entry): Promise<boolean>;
  readFile(key: string): Promise<string | undefined>;
  /** Throws where there is another content under that key. */
  writeFile(key: string, text: string): Promise<void>;
  close(): void;
}

import type { SubjectTemplate } from './subject-template';

/** How the changes of one table are read, beside what its description says. */
export interface TableSettings {
  readonly subject: SubjectTemplate;
  /** Who reports the table's usage: this function from the stream, or reporters in the user's API. Never both. */
  readonly source: 'stream' | 'reporter';
  readonly transactions: Transactions;
  /**
   * Of a global table: the attribute in which every writer names its region. What another region wrote is counted
   * there and not here.
   */
  readonly writingRegion: string | undefined;
  readonly hashed: { readonly keys: boolean; readonly subjects: boolean };
}

/**
 * Which changes were written by transactions, which cost the table twice: all, none, or those that changed the given
 * attribute, in which a transaction leaves a token of its own.
 */
export type Transactions = 'always' | 'never' | { readonly attribute: string };

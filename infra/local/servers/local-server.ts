/** A running server of a local system. */
export interface LocalServer {
  /** `http://127.0.0.1:<port>` */
  readonly endpoint: string;
  stop(): Promise<void>;
}

export interface PortOptions {
  /** @default a free one; a taken one is an error that says so */
  readonly port?: number;
}

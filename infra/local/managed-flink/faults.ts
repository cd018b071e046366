/** Names of the errors that the service's API reference lists, and the two of every AWS JSON service. */
export type FaultName =
  | 'CodeValidationException'
  | 'ConcurrentModificationException'
  | 'InvalidApplicationConfigurationException'
  | 'InvalidArgumentException'
  | 'InvalidRequestException'
  | 'LimitExceededException'
  | 'ResourceInUseException'
  | 'ResourceNotFoundException'
  | 'SerializationException'
  | 'ServiceUnavailableException'
  | 'UnknownOperationException'
  | 'UnsupportedOperationException'
  | 'ValidationException';

/** An answer that refuses the request; the server writes it as the SDK expects errors of AWS JSON 1.1. */
export class Fault extends Error {
  constructor(
    override readonly name: FaultName,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }

  get httpStatus(): number {
    return this.name === 'ServiceUnavailableException' ? 503 : 400;
  }
}

/** One line about anything that was thrown. */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}

/** Names of the errors that the service's API reference lists, those common to all actions included. */
export const FAULT_NAMES = [
  'CodeValidationException',
  'ConcurrentModificationException',
  'InvalidApplicationConfigurationException',
  'InvalidArgumentException',
  'InvalidRequestException',
  'LimitExceededException',
  'ResourceInUseException',
  'ResourceNotFoundException',
  'SerializationException',
  'ServiceUnavailableException',
  'ThrottlingException',
  'TooManyTagsException',
  'UnknownOperationException',
  'UnsupportedOperationException',
  'ValidationException',
] as const;

export type FaultName = (typeof FAULT_NAMES)[number];

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

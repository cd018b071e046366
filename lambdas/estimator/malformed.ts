/** Part of a stream record is not what DynamoDB sends. The message says what, in a form that ends a sentence. */
export class Malformed extends Error {
  override readonly name = 'Malformed';
}

import { isForGood } from '../../../lambdas/alerter/request-queue';

test.each([
  ['a message that is wrong itself', { SenderFault: true, Code: 'InvalidMessageContents' }, true],
  [
    'throttling, though SQS calls it the sender’s fault',
    { SenderFault: true, Code: 'RequestThrottled' },
    false,
  ],
  ['throttling of the encryption key', { SenderFault: true, Code: 'KMS.ThrottlingException' }, false],
  ['a key that may not be used', { SenderFault: true, Code: 'KMS.AccessDeniedException' }, false],
  ['a fault of SQS', { SenderFault: false, Code: 'InternalError' }, false],
])('a request refused for %s is set aside only if it would be refused again', (_why, failed, forGood) => {
  expect(isForGood(failed)).toBe(forGood);
});

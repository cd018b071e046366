import { delayBeforeTryMs, sendUntilAccepted } from '../../../lambdas/delivery/backoff';

const backoff = { tries: 4, firstDelayMs: 1, longestDelayMs: 2 };

describe('delayBeforeTryMs', () => {
  const slow = { tries: 7, firstDelayMs: 50, longestDelayMs: 2_000 };

  it.each([
    [2, 50],
    [3, 100],
    [4, 200],
    [8, 2_000],
    [2_000, 2_000],
  ])('before try %i is at most %i ms, and at least half of it', (tryNumber, mostMs) => {
    expect(delayBeforeTryMs(slow, tryNumber, 1)).toBe(mostMs);
    expect(delayBeforeTryMs(slow, tryNumber, 0)).toBe(mostMs / 2);
  });
});

describe('sendUntilAccepted', () => {
  it('sends again only what was not accepted', async () => {
    const sent: (readonly number[])[] = [];
    const left = await sendUntilAccepted(
      [1, 2, 3],
      (items) => {
        sent.push(items);
        return Promise.resolve(items.slice(1));
      },
      backoff,
    );
    expect(left).toEqual([]);
    expect(sent).toEqual([[1, 2, 3], [2, 3], [3]]);
  });

  it('answers with what is left when the tries are used up', async () => {
    let calls = 0;
    const left = await sendUntilAccepted(
      ['a'],
      (items) => {
        calls++;
        return Promise.resolve(items);
      },
      backoff,
    );
    expect(left).toEqual(['a']);
    expect(calls).toBe(4);
  });

  it('sends nothing of nothing', async () => {
    await expect(sendUntilAccepted([], () => Promise.reject(new Error('sent')), backoff)).resolves.toEqual(
      [],
    );
  });
});

import { type Answer, type StandIn, startStandIn } from './http-server';

/** What the stand-in says of the credentials: whose they are, or an error's code. */
export type Identity = { account: string; arn: string } | { error: 'ExpiredToken' | 'InvalidClientTokenId' };

const namespace = 'https://sts.amazonaws.com/doc/2011-06-15/';

/** A stand-in for AWS Security Token Service; README.md says what it keeps of it. */
export function startSts(identity: () => Identity): Promise<StandIn> {
  return startStandIn((_request, body) => {
    const action = new URLSearchParams(body).get('Action');
    if (action !== 'GetCallerIdentity') return errorOf(400, 'InvalidAction', `no action ${action ?? ''}`);
    const found = identity();
    if ('error' in found) {
      const expired = 'The security token included in the request is expired';
      const invalid = 'The security token included in the request is invalid.';
      return errorOf(403, found.error, found.error === 'ExpiredToken' ? expired : invalid);
    }
    return xml(
      200,
      `<GetCallerIdentityResponse xmlns="${namespace}"><GetCallerIdentityResult><Arn>${found.arn}</Arn>` +
        `<UserId>AIDAEXAMPLE</UserId><Account>${found.account}</Account></GetCallerIdentityResult>` +
        '<ResponseMetadata><RequestId>00000000-0000-0000-0000-000000000000</RequestId></ResponseMetadata>' +
        '</GetCallerIdentityResponse>',
    );
  });
}

function errorOf(status: number, code: string, message: string): Answer {
  return xml(
    status,
    `<ErrorResponse xmlns="${namespace}"><Error><Type>Sender</Type><Code>${code}</Code>` +
      `<Message>${message}</Message></Error><RequestId>0</RequestId></ErrorResponse>`,
  );
}

function xml(status: number, body: string): Answer {
  return { status, contentType: 'text/xml', body };
}

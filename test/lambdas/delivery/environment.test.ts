import { clientSettings, SettingError } from '../../../lambdas/delivery/environment';

const environment = {
  AWS_REGION: 'us-east-1',
  AWS_ENDPOINT_URL_KINESIS: 'http://127.0.0.1:1',
  AWS_ACCESS_KEY_ID: 'local',
  AWS_SECRET_ACCESS_KEY: 'secret',
};

describe('clientSettings', () => {
  it('takes region, endpoint and credentials from the environment', () => {
    expect(clientSettings({ ...environment, AWS_SESSION_TOKEN: 'token' }, 'KINESIS')).toEqual({
      region: 'us-east-1',
      endpoint: 'http://127.0.0.1:1',
      credentials: { accessKeyId: 'local', secretAccessKey: 'secret', sessionToken: 'token' },
    });
  });

  it("leaves to the SDK what is not set, and another service's endpoint alone", () => {
    const { AWS_REGION, AWS_ENDPOINT_URL_KINESIS } = environment;
    expect(clientSettings({ AWS_REGION, AWS_ENDPOINT_URL_KINESIS }, 'SQS')).toEqual({ region: 'us-east-1' });
  });

  it('says that the region is missing', () => {
    expect(() => clientSettings({}, 'SQS')).toThrow(SettingError);
    expect(() => clientSettings({}, 'SQS')).toThrow(
      /^AWS_REGION is not set\. Set it to the function's region/,
    );
  });
});

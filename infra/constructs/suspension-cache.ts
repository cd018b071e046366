import { Names, SecretValue, Validations } from 'aws-cdk-lib';
import { Connections, type ISubnet, type IVpc, Port, SecurityGroup } from 'aws-cdk-lib/aws-ec2';
import { CfnServerlessCache, CfnUser, CfnUserGroup } from 'aws-cdk-lib/aws-elasticache';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { type ISecret, Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import { functionsAccess, guardAccess } from './cache-access';

/** A secret that is read whole, as text: any ISecret is one. */
export type SecretText = Pick<ISecret, 'secretValue' | 'grantRead'>;

/** A user of the cache. */
export interface CacheLogin {
  readonly username: string;
  /** Holds the password as its whole text. */
  readonly password: SecretText;
}

/** The Redis or Valkey that suspensions lie in, and how it is reached: one of your own, or the one that is made here. */
export interface SuspensionCache {
  /** `rediss://host:6379`, or `redis://` without TLS. */
  readonly url: string;

  /** Whether it is in cluster mode, as ElastiCache Serverless always is. */
  readonly isCluster: boolean;

  /** Its security groups and port. */
  readonly connections: Connections;

  /**
   * The user of the suspender and the operator function.
   *
   * @default - the cache asks for no password
   */
  readonly functionsLogin?: CacheLogin;

  /**
   * The user of guards, which may read suspensions and count refusals.
   *
   * @default - the cache asks for no password
   */
  readonly guardLogin?: CacheLogin;

  /**
   * The certificate authority as PEM, where Node does not know it.
   *
   * @default - Node's own
   */
  readonly ca?: string;
}

export interface ServerlessCacheProps {
  readonly vpc: IVpc;
  readonly subnets: readonly ISubnet[];
  /** Stands in every key. */
  readonly store: string;
  readonly encryptionKey: IKey | undefined;
}

/** ElastiCache Serverless takes 6379, and 6380 for reads of its replicas (ElastiCache User Guide, serverless caches). */
export const cachePort = Port.tcpRange(6379, 6380);

/** ElastiCache Serverless with Valkey: TLS and cluster mode always, one user for the functions and one for guards. */
export class ServerlessCache extends Construct implements SuspensionCache {
  readonly url: string;
  readonly isCluster = true;
  readonly connections: Connections;
  readonly functionsLogin: CacheLogin;
  readonly guardLogin: CacheLogin;
  readonly resource: CfnServerlessCache;

  constructor(scope: Construct, id: string, { vpc, subnets, store, encryptionKey }: ServerlessCacheProps) {
    super(scope, id);
    const securityGroup = new SecurityGroup(this, 'SecurityGroup', {
      vpc,
      description: 'The cache that holds suspensions',
      allowAllOutbound: false,
    });
    this.connections = new Connections({ securityGroups: [securityGroup], defaultPort: cachePort });
    const functions = this.login('Functions', functionsAccess(store), encryptionKey);
    const guards = this.login('Guards', guardAccess(store), encryptionKey);
    const userGroup = new CfnUserGroup(this, 'Users', {
      engine: 'valkey',
      userGroupId: this.shortName('users'),
      userIds: [functions.user.userId, guards.user.userId],
    });
    // By its id alone nothing would wait for them.
    userGroup.node.addDependency(functions.user, guards.user);
    this.resource = new CfnServerlessCache(this, 'Resource', {
      engine: 'valkey',
      serverlessCacheName: this.shortName('cache'),
      description: 'Suspensions of Spillway',
      securityGroupIds: [securityGroup.securityGroupId],
      subnetIds: subnets.map(({ subnetId }) => subnetId),
      userGroupId: userGroup.ref,
      ...(encryptionKey === undefined ? {} : { kmsKeyId: encryptionKey.keyArn }),
    });
    this.functionsLogin = functions.login;
    this.guardLogin = guards.login;
    this.url = `rediss://${this.resource.attrEndpointAddress}:${this.resource.attrEndpointPort}`;
  }

  private login(
    id: string,
    accessString: string,
    encryptionKey: IKey | undefined,
  ): { user: CfnUser; login: CacheLogin } {
    const password = new Secret(this, `${id}Password`, {
      description: `Password of the ${id.toLowerCase()} of Spillway for its cache`,
      generateSecretString: { passwordLength: 64, excludePunctuation: true },
      ...(encryptionKey === undefined ? {} : { encryptionKey }),
    });
    Validations.of(password).acknowledge({
      id: 'AwsSolutions-SMG4',
      reason:
        'The cache takes the password at deployment, and so do the functions. A rotation between two deployments would lock them ' +
        'out; to change it, replace the secret by a deployment.',
    });
    const username = this.shortName(id.toLowerCase());
    const user = new CfnUser(this, `${id}User`, {
      engine: 'valkey',
      userId: username,
      userName: username,
      accessString,
      authenticationMode: {
        Type: 'password',
        Passwords: [SecretValue.secretsManager(password.secretArn).unsafeUnwrap()],
      },
    });
    return { user, login: { username, password } };
  }

  /** Names of ElastiCache are in lower case and have at most 40 characters, the first one a letter. */
  private shortName(what: string): string {
    const unique = Names.uniqueResourceName(this, { maxLength: 37 - what.length, separator: '-' });
    return `s-${unique}-${what}`.toLowerCase().replaceAll(/-{2,}/g, '-');
  }
}

package spillway.kinesis.client;

import java.io.Serializable;
import java.net.URI;
import java.nio.file.Path;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.auth.credentials.EnvironmentVariableCredentialsProvider;
import software.amazon.awssdk.auth.credentials.ProfileCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.auth.credentials.SystemPropertyCredentialsProvider;
import software.amazon.awssdk.auth.credentials.WebIdentityTokenFileCredentialsProvider;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.profiles.ProfileFile;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.sts.StsClient;
import software.amazon.awssdk.services.sts.StsClientBuilder;
import software.amazon.awssdk.services.sts.auth.StsAssumeRoleCredentialsProvider;

/** Where a table's AWS credentials come from. Travels to the task managers; values that are null are left out. */
public sealed interface Credentials extends Serializable {

    /** @param region for what itself asks AWS, such as assuming a role */
    AwsCredentialsProvider provider(Region region);

    /** The SDK's own order: environment, system properties, web identity, profile, container, instance. */
    record Auto() implements Credentials {
        @Override
        public AwsCredentialsProvider provider(Region region) {
            return DefaultCredentialsProvider.builder().build();
        }
    }

    /** AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY of the process. */
    record Environment() implements Credentials {
        @Override
        public AwsCredentialsProvider provider(Region region) {
            return EnvironmentVariableCredentialsProvider.create();
        }
    }

    /** `aws.accessKeyId` and `aws.secretAccessKey` of the JVM. */
    record SystemProperties() implements Credentials {
        @Override
        public AwsCredentialsProvider provider(Region region) {
            return SystemPropertyCredentialsProvider.create();
        }
    }

    /** A profile of a file in the AWS CLI's form; both have the CLI's defaults. */
    record Profile(String path, String name) implements Credentials {
        @Override
        public AwsCredentialsProvider provider(Region region) {
            ProfileCredentialsProvider.Builder builder = ProfileCredentialsProvider.builder().profileName(name);
            if (path != null) {
                builder.profileFile(
                        ProfileFile.builder().content(Path.of(path)).type(ProfileFile.Type.CREDENTIALS).build());
            }
            return builder.build();
        }
    }

    /** Keys that stand in the table's options. */
    record Keys(String accessKeyId, String secretKey) implements Credentials {
        @Override
        public AwsCredentialsProvider provider(Region region) {
            return StaticCredentialsProvider.create(AwsBasicCredentials.create(accessKeyId, secretKey));
        }

        /** Without the secret: this may come into a log. */
        @Override
        public String toString() {
            return "Keys[" + accessKeyId + "]";
        }
    }

    /**
     * A role that is assumed with other credentials.
     *
     * @param stsEndpoint null for AWS's own of the region
     */
    record Role(String arn, String sessionName, String externalId, String stsEndpoint, Credentials assumedWith)
            implements Credentials {
        @Override
        public AwsCredentialsProvider provider(Region region) {
            StsClientBuilder sts =
                    StsClient.builder()
                            .region(region)
                            .credentialsProvider(assumedWith.provider(region))
                            .httpClientBuilder(UrlConnectionHttpClient.builder());
            if (stsEndpoint != null) {
                sts.endpointOverride(URI.create(stsEndpoint));
            }
            return StsAssumeRoleCredentialsProvider.builder()
                    .stsClient(sts.build())
                    .refreshRequest(
                            request -> request.roleArn(arn).roleSessionName(sessionName).externalId(externalId))
                    .build();
        }
    }

    /** A role that is assumed with the token in a file, as pods on Kubernetes have one. */
    record WebIdentity(String roleArn, String sessionName, String tokenFile) implements Credentials {
        @Override
        public AwsCredentialsProvider provider(Region region) {
            WebIdentityTokenFileCredentialsProvider.Builder builder = WebIdentityTokenFileCredentialsProvider.builder();
            if (roleArn != null) {
                builder.roleArn(roleArn);
            }
            if (sessionName != null) {
                builder.roleSessionName(sessionName);
            }
            if (tokenFile != null) {
                builder.webIdentityTokenFile(Path.of(tokenFile));
            }
            return builder.build();
        }
    }
}

package spillway.kinesis.table;

import java.util.List;
import java.util.Set;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ConfigOptions;
import org.apache.flink.configuration.ReadableConfig;
import org.apache.flink.table.api.ValidationException;
import spillway.kinesis.client.Credentials;

/** The options `aws.credentials.*`, under the official connector's names. */
final class CredentialOptions {

    /** The values of `aws.credentials.provider`. */
    enum Provider {
        AUTO,
        ENV_VAR,
        SYS_PROP,
        PROFILE,
        BASIC,
        ASSUME_ROLE,
        WEB_IDENTITY_TOKEN
    }

    private static final ConfigOption<Provider> PROVIDER =
            ConfigOptions.key("aws.credentials.provider")
                    .enumType(Provider.class)
                    .noDefaultValue()
                    .withDescription("Where credentials come from; without it BASIC if there are keys, else AUTO.");

    private static final ConfigOption<String> ACCESS_KEY_ID = text("basic.accesskeyid", "For BASIC.");
    private static final ConfigOption<String> SECRET_KEY = text("basic.secretkey", "For BASIC.");
    private static final ConfigOption<String> PROFILE_PATH = text("profile.path", "For PROFILE; the CLI's file if left out.");
    private static final ConfigOption<String> PROFILE_NAME = text("profile.name", "For PROFILE; the CLI's choice if left out.");
    private static final ConfigOption<String> ROLE_ARN = text("role.arn", "For ASSUME_ROLE and WEB_IDENTITY_TOKEN.");
    private static final ConfigOption<String> ROLE_SESSION = text("role.sessionName", "For ASSUME_ROLE and WEB_IDENTITY_TOKEN.");
    private static final ConfigOption<String> ROLE_EXTERNAL_ID = text("role.externalId", "For ASSUME_ROLE.");
    private static final ConfigOption<String> ROLE_STS = text("role.stsEndpoint", "For ASSUME_ROLE.");

    private static final ConfigOption<Provider> ROLE_PROVIDER =
            ConfigOptions.key("aws.credentials.role.provider")
                    .enumType(Provider.class)
                    .defaultValue(Provider.AUTO)
                    .withDescription("For ASSUME_ROLE: with which credentials the role is assumed; not with another role.");

    private static final ConfigOption<String> TOKEN_FILE = text("webIdentityToken.file", "For WEB_IDENTITY_TOKEN.");

    static final Set<ConfigOption<?>> ALL =
            Set.of(
                    PROVIDER,
                    ACCESS_KEY_ID,
                    SECRET_KEY,
                    PROFILE_PATH,
                    PROFILE_NAME,
                    ROLE_ARN,
                    ROLE_SESSION,
                    ROLE_EXTERNAL_ID,
                    ROLE_STS,
                    ROLE_PROVIDER,
                    TOKEN_FILE);

    private static final String DEFAULT_SESSION = "spillway";

    private CredentialOptions() {}

    /** @throws ValidationException if the chosen provider misses one of its options */
    static Credentials of(ReadableConfig options) {
        boolean keys = options.getOptional(ACCESS_KEY_ID).isPresent() || options.getOptional(SECRET_KEY).isPresent();
        return of(options.getOptional(PROVIDER).orElse(keys ? Provider.BASIC : Provider.AUTO), PROVIDER, options);
    }

    private static Credentials of(Provider provider, ConfigOption<Provider> chosenBy, ReadableConfig options) {
        String chosen = chosenBy.key() + " is " + provider;
        return switch (provider) {
            case AUTO -> new Credentials.Auto();
            case ENV_VAR -> new Credentials.Environment();
            case SYS_PROP -> new Credentials.SystemProperties();
            case PROFILE ->
                    new Credentials.Profile(optional(options, PROFILE_PATH), optional(options, PROFILE_NAME));
            case BASIC ->
                    new Credentials.Keys(
                            required(options, ACCESS_KEY_ID, chosen), required(options, SECRET_KEY, chosen));
            case WEB_IDENTITY_TOKEN ->
                    new Credentials.WebIdentity(
                            optional(options, ROLE_ARN),
                            optional(options, ROLE_SESSION),
                            optional(options, TOKEN_FILE));
            case ASSUME_ROLE ->
                    new Credentials.Role(
                            required(options, ROLE_ARN, chosen),
                            options.getOptional(ROLE_SESSION).orElse(DEFAULT_SESSION),
                            optional(options, ROLE_EXTERNAL_ID),
                            optional(options, ROLE_STS),
                            baseOf(options));
        };
    }

    private static Credentials baseOf(ReadableConfig options) {
        Provider base = options.get(ROLE_PROVIDER);
        if (base == Provider.ASSUME_ROLE) {
            throw new ValidationException(
                    ROLE_PROVIDER.key() + " is ASSUME_ROLE, but a role cannot be assumed with another one here; use one of "
                            + List.of(Provider.AUTO, Provider.ENV_VAR, Provider.SYS_PROP, Provider.PROFILE, Provider.BASIC));
        }
        return of(base, ROLE_PROVIDER, options);
    }

    private static String optional(ReadableConfig options, ConfigOption<String> option) {
        return options.getOptional(option).orElse(null);
    }

    private static String required(ReadableConfig options, ConfigOption<String> option, String because) {
        return options.getOptional(option)
                .orElseThrow(() -> new ValidationException(because + ", so " + option.key() + " must be there"));
    }

    private static ConfigOption<String> text(String name, String description) {
        return ConfigOptions.key("aws.credentials." + name).stringType().noDefaultValue().withDescription(description);
    }
}

/* For `node -r`: lets node run the project's TypeScript files as they are. */
const { join } = require('node:path');

// What is compiled is cached in the ignored folder instead of the system's folder for temporary files.
process.env.V8_COMPILE_CACHE_CACHE_DIR ??= join(__dirname, '../../.spillway/compile-cache');
// The AWS SDK's notice about coming Node versions would stand between a person and what happens.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';
require('ts-node/register/transpile-only');

import { type BundlingOptions, OutputFormat, SourceMapMode } from 'aws-cdk-lib/aws-lambda-nodejs';

/** How functions are bundled: for CDK, and for what measures the bundles. */
export const bundling = {
  format: OutputFormat.CJS,
  target: 'node24',
  minify: true,
  sourceMap: true,
  sourceMapMode: SourceMapMode.DEFAULT,
  sourcesContent: false,
  // The SDK that was tested, not the one that the runtime has that day.
  bundleAwsSDK: true,
} satisfies BundlingOptions;
